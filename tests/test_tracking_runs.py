"""What a data scientist finds in MLflow after a backtest or a training, and that it can be done again."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from tests.workspaces import keep_example, open_workspace
from wardcast.app import backtests, reruns
from wardcast.app.backtests import BY_HORIZON, LoggedBacktest, compare
from wardcast.app.datasets import Dataset
from wardcast.app.models import models_of, train
from wardcast.app.reruns import rerun
from wardcast.app.workspace import Workspace
from wardcast.tracking.kept_run import KeptRun, kept_run
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.evaluation.comparison import AvailabilityFields, Comparison
from wardcast_models.forecasting.registry import forecaster

NAMES = ("mean_12_months", "seasonal_naive")
ASKED = Comparison(
    area="E09000002",
    origins=(pd.Timestamp("2020-06-01"), pd.Timestamp("2021-06-01"), pd.Timestamp("2022-06-01")),
    forecasters=NAMES,
    horizon_months=6,
    n_paths=60,
    seed=7,
    availability=AvailabilityFields(projection_known_from="2017-07"),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = open_workspace(tmp_path_factory.mktemp("home"))
    yield workspace
    workspace.store.close()


@pytest.fixture(scope="module")
def dataset(workspace: Workspace) -> Dataset:
    return keep_example(workspace)


@pytest.fixture(scope="module")
def logged(workspace: Workspace, dataset: Dataset) -> LoggedBacktest:
    return compare(workspace, dataset, ASKED)


@pytest.fixture(scope="module")
def parent(workspace: Workspace, logged: LoggedBacktest) -> KeptRun:
    return kept_run(workspace.tracker, logged.run_id)


@pytest.fixture(scope="module")
def training(workspace: Workspace, dataset: Dataset) -> KeptRun:
    record = train(workspace, dataset, model="mean_12_months").record
    return kept_run(workspace.tracker, record.run_id)


def artefacts(run: KeptRun) -> set[str]:
    return {file.path for file in run.tracker.client.list_artifacts(run.run_id)}


def test_a_comparison_is_a_run_with_one_run_a_forecaster_nested_below_it(parent: KeptRun) -> None:
    children = parent.children()
    assert [child.parameters["forecasters"] for child in children] == list(NAMES)
    assert {child.tags["mlflow.parentRunId"] for child in children} == {parent.run_id}
    assert {run.kind for run in (parent, *children)} == {"backtest"}
    assert all(run.finished for run in (parent, *children))


def test_parent_and_children_name_their_data_by_digest(parent: KeptRun, dataset: Dataset) -> None:
    for run in (parent, *parent.children()):
        (entry,) = run.tracker.client.get_run(run.run_id).inputs.dataset_inputs
        assert entry.dataset.digest == dataset.panel.digest[:36]
        assert run.parameters["panel_digest"] == dataset.panel.digest
        assert run.parameters["dataset_id"] == dataset.record.dataset_id


def test_parameters_hold_all_that_decides_the_numbers(parent: KeptRun) -> None:
    assert Comparison.from_parameters(parent.parameters, where="run") == ASKED
    for child in parent.children():
        asked = Comparison.from_parameters(child.parameters, where="run")
        assert asked == ASKED.model_copy(update={"forecasters": (child.parameters["forecasters"],)})
        own = forecaster(child.parameters["forecasters"]).parameters()
        assert own
        assert {f"forecaster.{name}": str(value) for name, value in own.items()}.items() <= child.parameters.items()


def test_metrics_are_the_scores_with_a_step_for_each_month_ahead(parent: KeptRun, logged: LoggedBacktest) -> None:
    summary = logged.result.summary.set_index("model")
    by_month = logged.result.per_horizon.set_index(["model", "horizon"])
    for child in parent.children():
        name = child.parameters["forecasters"]
        assert child.metrics["mase"] == pytest.approx(summary.loc[name, "mase"])
        numbers = child.numbers()
        for horizon in range(1, 7):
            assert numbers[f"{BY_HORIZON}mase {horizon}"] == pytest.approx(by_month.loc[(name, horizon), "mase"])


def test_a_comparison_keeps_its_tables_and_figures(parent: KeptRun) -> None:
    assert {"comparison.png", "by_horizon.png", "reliability.png", "differences.csv", "notes.txt"} <= artefacts(parent)
    summary = parent.read_text("summary.csv") or ""
    assert summary.startswith("model,mase")
    for child in parent.children():
        assert {"pit.png", "reliability.png", "fans.png"} <= artefacts(child)


def test_a_comparison_that_fails_leaves_a_failed_run_with_what_was_asked(
    workspace: Workspace, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object, **__: object) -> None:
        raise WardcastError(ErrorKind.INTERNAL, "The workers died.")

    monkeypatch.setattr(backtests, "backtest", ended)
    with pytest.raises(WardcastError, match="workers died"):
        compare(workspace, dataset, ASKED)
    client = workspace.tracker.client
    (newest,) = client.search_runs([workspace.tracker.experiment_id], max_results=1)
    assert newest.info.status == "FAILED"
    assert newest.data.tags["wardcast.error"] == "The workers died."
    assert Comparison.from_parameters(newest.data.params, where="run") == ASKED


def test_a_run_without_one_of_its_parameters_is_not_read_as_if_it_had_the_default() -> None:
    parameters = ASKED.parameters()
    without = {name: text for name, text in parameters.items() if name not in {"seed", "availability.count_lag_months"}}
    with pytest.raises(WardcastError) as raised:
        Comparison.from_parameters(without, where="run 1")
    assert raised.value.kind is ErrorKind.INVALID_INPUT
    assert [problem.where for problem in raised.value.problems] == [
        "run 1: seed",
        "run 1: availability.count_lag_months",
    ]
    assert Comparison.from_parameters(parameters, where="run 1") == ASKED


def test_a_training_keeps_its_fans_its_assumptions_and_what_the_year_held_back_showed(training: KeptRun) -> None:
    assert {"forecast.png", "forecast_by_category.png", "holdout.csv", "assumptions.txt"} <= artefacts(training)
    assert 0 < training.metrics["holdout_mase"] < 2
    assert training.parameters["holdout.origins"] == "2022-12"
    assert training.numbers()["forecast/total_mean 12"] > 0


def test_a_comparison_done_again_gives_the_same_numbers(workspace: Workspace, parent: KeptRun) -> None:
    done = rerun(workspace, parent.run_id)
    assert done.same, done.different
    assert done.warnings == ()
    assert {"mean_12_months: mase", "seasonal_naive: by_horizon/mase 6"} <= {number.name for number in done.numbers}
    assert kept_run(workspace.tracker, done.new_run_id).tags["wardcast.rerun_of"] == parent.run_id


def test_one_forecaster_of_a_comparison_can_be_done_again_alone(workspace: Workspace, parent: KeptRun) -> None:
    done = rerun(workspace, parent.children()[1].run_id)
    assert done.same, done.different
    assert {"mase", "by_horizon/mase 6"} <= {number.name for number in done.numbers}


def test_a_training_done_again_gives_the_same_numbers_and_registers_nothing(
    workspace: Workspace, training: KeptRun
) -> None:
    registered = len(models_of(workspace, "E09000002"))
    done = rerun(workspace, training.run_id)
    assert done.same, done.different
    assert done.warnings == ()
    assert {"holdout_mase", "forecast/total_mean 12"} <= {number.name for number in done.numbers}
    assert len(models_of(workspace, "E09000002")) == registered


def test_numbers_that_differ_are_named_with_what_may_be_why(
    workspace: Workspace, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = compare(workspace, dataset, ASKED.model_copy(update={"forecasters": ("mean_12_months",)})).run_id
    child = kept_run(workspace.tracker, run_id).children()[0]
    workspace.tracker.client.log_metric(child.run_id, "mase", 0.5)
    monkeypatch.setattr(reruns, "this_release", lambda: "9.9.9+reworked")
    done = rerun(workspace, run_id)
    (different,) = done.different
    assert (different.name, different.then) == ("mean_12_months: mase", 0.5)
    assert different.now == pytest.approx(logged_mase(workspace, done.new_run_id))
    assert "this is 9.9.9+reworked" in done.warnings[0]


def logged_mase(workspace: Workspace, run_id: str) -> float:
    return kept_run(workspace.tracker, run_id).children()[0].metrics["mase"]


def test_a_run_that_is_not_there_or_of_another_kind_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WardcastError, match="no run 0000") as missing:
        rerun(workspace, "0000")
    assert missing.value.kind is ErrorKind.NOT_FOUND
    with workspace.tracker.run("a plan", kind="plan", tags={}) as plan:
        pass
    with pytest.raises(WardcastError, match="cannot be done again") as other:
        rerun(workspace, plan.run_id)
    assert other.value.problems[0].found == "a run of kind plan"


def test_a_run_whose_data_are_gone_is_refused(workspace: Workspace) -> None:
    dataset = keep_example(workspace, random_seed=9, n_months=30)
    run_id = train(workspace, dataset, model="mean_12_months").record.run_id
    workspace.store.artefact_path("datasets", dataset.record.dataset_id, ".panel").unlink()
    with pytest.raises(WardcastError, match="no longer kept") as raised:
        rerun(workspace, run_id)
    assert dataset.record.dataset_id in raised.value.problems[0].expected
    assert "wardcast ingest" in raised.value.problems[0].mend
