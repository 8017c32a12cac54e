"""Making plans in a workspace: their months, the last plan by name, the other delivery scenarios, the same again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.panels import make_panel
from tests.record_examples import dataset_example, forecast_record_example, plan_record_example
from tests.workspaces import open_workspace
from wardcast.api.plan_json import plan_json
from wardcast.app.datasets import Dataset, keep_panel
from wardcast.app.forecasts import make_forecast, other_scenarios
from wardcast.app.last_plan import with_last_plan
from wardcast.app.models import models_of
from wardcast.app.plans import make_plan
from wardcast.app.workspace import Workspace
from wardcast.pack.assignments_file import assignments_csv
from wardcast.store.records import PlanRecord
from wardcast_models.allocation.request.last_plan_file import with_last_plan as last_plan_of_file
from wardcast_models.allocation.request.limits import Limits
from wardcast_models.allocation.request.plan_request import LastPlan, PlanRequest
from wardcast_models.allocation.request.resource import Resource
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.digest import panel_digest

IDS_AND_TIMES = ("name", "forecast", "createTime", "provenance")
PIPELINE = pd.DataFrame(
    {
        "scheme": ["Quay"],
        "ward_code": ["E05000002"],
        "homes": [4000.0],
        "first_completion": [pd.Timestamp("2021-06-01")],
        "last_completion": [pd.Timestamp("2026-06-01")],
        "probability": [0.9],
        "persons_per_home": [2.4],
        "source": ["test"],
        "jobs": [0.0],
        "homes_in_projection": [float("nan")],
        "known_from": [pd.NaT],
    }
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = open_workspace(tmp_path_factory.mktemp("home"))
    yield workspace
    workspace.store.close()


@pytest.fixture(scope="module")
def dataset(workspace: Workspace) -> Dataset:
    """Four wards until 2021-12, one of them growing."""
    panel = make_panel(n_wards=4, census_persons=[10_000.0] * 4, pipeline=PIPELINE)
    return keep_panel(workspace, replace(panel, digest=panel_digest(panel)))


def request(**fields: object) -> PlanRequest:
    patrol = Resource(name="Patrol", hours_per_month=300)
    return PlanRequest.model_validate({"resources": (patrol,), "horizon_months": 2, "n_paths": 50, **fields})


def test_a_plan_starts_in_the_month_asked_for(workspace: Workspace, dataset: Dataset) -> None:
    record = make_plan(workspace, dataset, request=request(first_month="2022-03"), model="mean_12_months").record
    assert record.plan.months == ("2022-03", "2022-04")
    assert {each.month for each in record.plan.assignments} == {"2022-03", "2022-04"}
    assert workspace.store.forecasts.get(record.forecast_id).horizon_months == 4


def test_a_month_that_is_past_is_refused_before_anything_is_made(workspace: Workspace, dataset: Dataset) -> None:
    before = workspace.store.forecasts.list().items
    with pytest.raises(WardcastError) as raised:
        make_plan(workspace, dataset, request=request(first_month="2021-12"), model="mean_12_months")
    assert [problem.where for problem in raised.value.problems] == ["first_month"]
    assert workspace.store.forecasts.list().items == before


def test_the_same_request_gives_the_same_plan_but_for_ids_and_times(workspace: Workspace, dataset: Dataset) -> None:
    def made() -> tuple[PlanRecord, dict[str, object]]:
        asked = request(limits={"ward_min_hours_per_month": 10, "ward_max_share": 0.4})
        record = make_plan(workspace, dataset, request=asked, model="mean_12_months").record
        values = json.loads(plan_json(record))
        return record, {name: value for name, value in values.items() if name not in IDS_AND_TIMES}

    (first, first_values), (second, second_values) = made(), made()
    assert first.plan_id != second.plan_id
    assert first.plan == second.plan
    assert first.provenance.request_digest == second.provenance.request_digest
    assert json.dumps(first_values) == json.dumps(second_values)


def test_the_last_plan_may_be_one_that_is_kept(workspace: Workspace, dataset: Dataset) -> None:
    first = make_plan(workspace, dataset, request=request(), model="mean_12_months").record
    asked = request(last_plan=LastPlan(name=first.name), limits=Limits(most_change_hours_per_month=0))
    second = make_plan(workspace, dataset, request=asked, model="mean_12_months").record
    hours = {ward.ward_code: ward.hours for ward in first.plan.wards}
    assert {ward.ward_code: ward.hours for ward in second.plan.wards} == pytest.approx(hours, abs=0.05)
    assert second.request.last_plan is not None
    assert sum(second.request.last_plan.ward_hours_per_month.values()) == pytest.approx(300, abs=0.1)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace that keeps the example plan."""
    workspace = open_workspace(tmp_path)
    workspace.store.datasets.put(dataset_example())
    workspace.store.forecasts.put(forecast_record_example())
    workspace.store.plans.put(plan_record_example())
    yield workspace
    workspace.store.close()


def test_a_kept_plans_hours_are_the_mean_of_its_months(kept: Workspace) -> None:
    record = plan_record_example()
    asked = request(last_plan=LastPlan(name=record.name))
    last = with_last_plan(kept.store, asked, record.area_code).last_plan
    assert last is not None
    assert last.ward_hours_per_month == pytest.approx(
        {ward.ward_code: ward.hours / len(record.plan.months) for ward in record.plan.wards if ward.hours > 0}
    )


def test_a_plan_by_name_by_its_json_and_by_its_assignments_gives_the_same_hours(
    kept: Workspace, tmp_path: Path
) -> None:
    """A month without any hours counts in all three."""
    record = plan_record_example()
    idle = record.plan.months[-1]
    busy = tuple(each for each in record.plan.assignments if each.month != idle)
    record = replace(record, plan_id="pl-0009", plan=record.plan.model_copy(update={"assignments": busy}))
    kept.store.plans.put(record)
    by_name = with_last_plan(kept.store, request(last_plan=LastPlan(name=record.name)), record.area_code).last_plan
    (tmp_path / "plan.json").write_text(plan_json(record), encoding="utf-8")
    (tmp_path / "assignments.csv").write_text(assignments_csv(record.plan), encoding="utf-8")
    by_file = [
        last_plan_of_file(LastPlan(name=name), tmp_path, where="last_plan.name")
        for name in ("plan.json", "assignments.csv")
    ]
    assert by_name is not None
    assert by_name.ward_hours_per_month
    assert [last.ward_hours_per_month for last in by_file] == [by_name.ward_hours_per_month] * 2


def test_hours_that_are_given_stay_as_they_are(kept: Workspace) -> None:
    asked = request(last_plan=LastPlan(name="the summer's", ward_hours_per_month={"E05014053": 70}))
    assert with_last_plan(kept.store, asked, "E09000002") == asked


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("areas/E09000002/plans/pl-9999", ErrorKind.NOT_FOUND),
        ("areas/E09000016/plans/pl-0001", ErrorKind.INVALID_INPUT),
        ("areas/E09000002/forecasts/fc-0001", ErrorKind.INVALID_INPUT),
        ("spring/assignments.csv", ErrorKind.INVALID_INPUT),
    ],
)
def test_a_last_plan_that_cannot_be_found_is_named(kept: Workspace, name: str, kind: ErrorKind) -> None:
    with pytest.raises(WardcastError) as raised:
        with_last_plan(kept.store, request(last_plan=LastPlan(name=name)), "E09000002")
    assert raised.value.kind is kind
    assert [(problem.where, problem.found) for problem in raised.value.problems] == [("last_plan.name", name)]


def test_the_other_delivery_scenarios_are_forecast_without_training_again(
    workspace: Workspace, dataset: Dataset
) -> None:
    made = make_forecast(workspace, dataset, horizon_months=12, n_paths=50, seed=4, model="mean_12_months")
    trained = models_of(workspace, dataset.record.area_code)
    others = other_scenarios(workspace, dataset, replace(made, trained=None))
    assert [other.scenario for other in others] == ["slower", "none"]
    assert models_of(workspace, dataset.record.area_code) == trained
    for other in others:
        assert other.months.equals(made.forecast.months)
        assert other.paths.shape == made.forecast.paths.shape


def test_scenarios_that_change_nothing_are_not_forecast(workspace: Workspace) -> None:
    panel = make_panel(n_wards=4)
    dataset = keep_panel(workspace, replace(panel, digest=panel_digest(panel)))
    made = make_forecast(workspace, dataset, horizon_months=2, n_paths=50, model="mean_12_months")
    assert other_scenarios(workspace, dataset, made) == ()
