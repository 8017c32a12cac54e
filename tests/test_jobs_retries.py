"""Work that is done twice, because a worker ended between storing its result and saying so, gives one result."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wardcast.app.datasets import ingest
from wardcast.app.handlers import make_handlers
from wardcast.app.models import models_of
from wardcast.app.workspace import Workspace
from wardcast.jobs.queue import JobQueue
from wardcast.jobs.worker import Worker
from wardcast.settings import Settings
from wardcast.store.records import OperationRecord, OperationState
from wardcast_models.allocation.request.plan_request import PlanRequest, Resource

AREA = "E09000002"
CALM_MODEL = "mean_12_months"


class ForgetfulQueue(JobQueue):
    """A queue whose first worker ends before it can say that its work is done."""

    forgets = True

    def succeed(self, record: OperationRecord, result_name: str) -> OperationRecord | None:
        if self.forgets:
            self.forgets = False
            raise ConnectionError("the worker ended here")
        return super().succeed(record, result_name)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def workspace(settings: Settings) -> Iterator[Workspace]:
    workspace = Workspace.open(settings)
    yield workspace
    workspace.store.close()


@pytest.fixture(scope="module")
def dataset_id(workspace: Workspace, sample_dir: Path) -> str:
    return ingest(workspace, data_dir=sample_dir, area=AREA).record.dataset_id


def done_at_the_second_attempt(
    workspace: Workspace, settings: Settings, kind: str, payload: dict[str, object]
) -> OperationRecord:
    queue = ForgetfulQueue(workspace.store)
    record = queue.submit(kind, AREA, payload)
    worker = Worker(queue, make_handlers(settings), owner="worker", abandon=lambda: None)
    with pytest.raises(ConnectionError):
        worker.run_one()
    queue.release_owner("worker")
    assert worker.run_one()
    done = queue.get(record.operation_id)
    assert (done.state, done.attempts) == (OperationState.SUCCEEDED, 2)
    return done


def test_a_plan_made_twice_is_one_plan_on_one_forecast(
    workspace: Workspace, settings: Settings, dataset_id: str
) -> None:
    request = PlanRequest(resources=(Resource(name="Patrol", agency="police", hours_per_month=900),), n_paths=50)
    payload = {
        "dataset_id": dataset_id,
        "until": None,
        "model": CALM_MODEL,
        "request": request.model_dump(mode="json"),
    }
    before = {record.name for record in workspace.store.forecasts.list().items}
    done = done_at_the_second_attempt(workspace, settings, "create_plan", payload)
    (plan,) = workspace.store.plans.list().items
    assert plan.name == done.result_name
    assert plan.plan_id == done.operation_id.replace("op-", "pl-")
    new = [record for record in workspace.store.forecasts.list().items if record.name not in before]
    assert [record.forecast_id for record in new] == [plan.forecast_id]
    assert (
        len(workspace.tracker.client.search_runs([workspace.tracker.experiment_id], "tags.wardcast.kind='plan'")) == 1
    )


def test_a_forecast_made_twice_is_one_forecast(workspace: Workspace, settings: Settings, dataset_id: str) -> None:
    payload = {
        "dataset_id": dataset_id,
        "until": None,
        "horizon_months": 2,
        "n_paths": 50,
        "seed": 4,
        "scenario": "as_planned",
        "model": CALM_MODEL,
    }
    before = {record.name for record in workspace.store.forecasts.list().items}
    done = done_at_the_second_attempt(workspace, settings, "create_forecast", payload)
    assert {record.name for record in workspace.store.forecasts.list().items} - before == {done.result_name}


def test_a_model_trained_twice_is_one_version(workspace: Workspace, settings: Settings, dataset_id: str) -> None:
    payload = {"dataset_id": dataset_id, "until": None, "model": CALM_MODEL}
    before = {record.version for record in models_of(workspace, AREA)}
    done = done_at_the_second_attempt(workspace, settings, "train_model", payload)
    (version,) = {record.version for record in models_of(workspace, AREA)} - before
    assert done.result_name == f"areas/{AREA}/models/{version}"
