"""Promotion through the gate: real runs in MLflow, a small area, forecasters that are known to be better or worse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import mlflow
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException

from tests.panels import make_panel
from tests.workspaces import keep_example, open_workspace
from wardcast.app import gate as gate_module
from wardcast.app.datasets import Dataset, keep_panel
from wardcast.app.gate import judge_version
from wardcast.app.models import models_of, obtain, train
from wardcast.app.plans import make_plan
from wardcast.app.promotion import promote
from wardcast.app.workspace import Workspace
from wardcast.tracking import registry
from wardcast.tracking.kept_run import kept_run
from wardcast.tracking.model_record import CHALLENGER, CHAMPION, ModelRecord
from wardcast_models.allocation.request.file import parse_request
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.forecasting.levels import level_frame
from wardcast_models.panel.digest import panel_digest

AREA = "E09000002"


WHY = "There has to be a first one."


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Version 1 is seasonal_naive and the champion; version 2 is mean_12_months, judged beside it."""
    workspace = open_workspace(tmp_path_factory.mktemp("home"))
    dataset = keep_example(workspace)
    train(workspace, dataset, model="seasonal_naive")
    promote(workspace, AREA, 1, without_gate_reason=WHY)
    train(workspace, dataset, model="mean_12_months")
    judge_version(workspace, AREA, 2)
    yield workspace
    workspace.store.close()


@pytest.fixture
def workspace(shared: Workspace) -> Workspace:
    """The shared workspace, with the champion as it was at first."""
    promote(shared, AREA, 1, without_gate_reason=WHY)
    return shared


@pytest.fixture(scope="module")
def dataset(shared: Workspace) -> Dataset:
    return keep_example(shared)


def nobody_is(alias: str, workspace: Workspace) -> None:
    workspace.tracker.client.delete_registered_model_alias(f"wardcast-{AREA}", alias)


def version(workspace: Workspace, number: int) -> ModelRecord:
    return next(record for record in models_of(workspace, AREA) if record.version == number)


def test_a_better_version_passes_the_gate_and_becomes_the_champion(workspace: Workspace) -> None:
    judged = version(workspace, 2)
    assert judged.gate is not None
    assert judged.gate.passed
    assert judged.gate.champion_version == 1
    assert promote(workspace, AREA, 2).aliases == (CHAMPION,)
    assert version(workspace, 1).aliases == ()


def test_every_judgement_is_a_run_with_its_figures_verdict_and_data(workspace: Workspace) -> None:
    judged = version(workspace, 2)
    run = kept_run(workspace.tracker, judged.gate.run_id)
    verdict = json.loads(run.read_text("verdict.json") or "")
    assert run.kind == "gate"
    assert verdict["passed"] is True
    assert verdict["figures"]["ratio"] == pytest.approx(run.metrics["ratio"])
    assert run.metrics["ratio"] < 1.0
    assert run.parameters["origins"] == "2021-06, 2021-12, 2022-06, 2022-12"
    assert run.parameters["champion_forecaster"] == "seasonal_naive"
    stored = workspace.tracker.client.get_run(run.run_id)
    assert stored.inputs.dataset_inputs[0].dataset.digest == judged.panel_digest[:36]
    artefacts = {file.path for file in workspace.tracker.client.list_artifacts(run.run_id)}
    assert {"verdict.json", "ward_months.csv", "pit.png", "reliability.png", "groups.png"} <= artefacts


def test_a_worse_version_is_refused_with_each_reason_and_what_to_do(workspace: Workspace, dataset: Dataset) -> None:
    promote(workspace, AREA, 2)
    worse = train(workspace, dataset, model="seasonal_naive").record
    assert not judge_version(workspace, AREA, worse.version).gate.passed
    with pytest.raises(WardcastError, match=r"refuses version \d+ \(seasonal_naive\)") as refused:
        promote(workspace, AREA, worse.version)
    error = refused.value
    assert error.kind is ErrorKind.CONFLICT
    assert "--without-gate REASON" in error.message
    better = next(problem for problem in error.problems if problem.where == "promotion gate: better")
    assert "times that of the champion mean_12_months (version 2)" in better.found
    assert better.expected.startswith("a ratio below 1")
    assert "Keep the champion" in better.mend
    assert CHAMPION in version(workspace, 2).aliases


def test_a_version_that_was_not_judged_beside_the_present_champion_is_not_promoted(
    workspace: Workspace, dataset: Dataset
) -> None:
    unjudged = train(workspace, dataset, model="simple_smoothing").record
    with pytest.raises(WardcastError, match="has to judge version") as refused:
        promote(workspace, AREA, unjudged.version)
    assert refused.value.problems[0].found == "it was never asked about this version"
    judge_version(workspace, AREA, unjudged.version)
    promote(workspace, AREA, 2)
    with pytest.raises(WardcastError) as outdated:
        promote(workspace, AREA, unjudged.version)
    assert outdated.value.problems[0].expected == "a verdict on it beside the champion of version 2"
    assert outdated.value.problems[0].found == "a verdict beside the champion of version 1"


def test_who_does_without_the_gate_says_why_and_it_is_kept(workspace: Workspace) -> None:
    champion = version(workspace, 1)
    assert champion.without_gate_reason == WHY
    assert kept_run(workspace.tracker, champion.run_id).tags["wardcast.without_gate_reason"] == WHY


def test_a_reason_may_have_200_characters(workspace: Workspace) -> None:
    with pytest.raises(WardcastError, match="too long") as refused:
        promote(workspace, AREA, 2, without_gate_reason="x" * 201)
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    assert refused.value.problems[0].found == "201 characters"
    assert CHAMPION in version(workspace, 1).aliases
    assert promote(workspace, AREA, 2, without_gate_reason="x" * 200).without_gate_reason == "x" * 200


def test_the_reason_is_kept_with_the_version_where_the_training_run_was_deleted(
    workspace: Workspace, dataset: Dataset
) -> None:
    record = train(workspace, dataset, model="mean_12_months", until=pd.Timestamp("2023-01-01")).record
    workspace.tracker.client.delete_run(record.run_id)
    promoted = promote(workspace, AREA, record.version, without_gate_reason="It is the best there is.")
    assert promoted.aliases == (CHAMPION,)
    assert promoted.without_gate_reason == "It is the best there is."


def test_no_version_leads_whose_reason_could_not_be_kept(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MlflowException("the disk is full")

    monkeypatch.setattr(workspace.tracker.client, "set_model_version_tag", full)
    with pytest.raises(MlflowException, match="disk is full"):
        promote(workspace, AREA, 2, without_gate_reason="In a hurry.")
    assert CHAMPION in version(workspace, 1).aliases


def test_a_version_that_passes_later_no_longer_counts_as_promoted_without_the_gate(workspace: Workspace) -> None:
    promote(workspace, AREA, 2, without_gate_reason="In a hurry.")
    promote(workspace, AREA, 1, without_gate_reason=WHY)
    assert promote(workspace, AREA, 2).without_gate_reason == ""


def test_a_challenger_needs_no_gate_and_takes_no_reason(workspace: Workspace) -> None:
    assert CHALLENGER in promote(workspace, AREA, 2, alias=CHALLENGER).aliases
    with pytest.raises(WardcastError, match="needs no consent"):
        promote(workspace, AREA, 2, alias=CHALLENGER, without_gate_reason="why not")


def test_newer_data_for_the_champions_own_forecaster_pass_because_it_is_not_worse(
    workspace: Workspace, dataset: Dataset
) -> None:
    again = train(workspace, dataset, model="seasonal_naive", until=pd.Timestamp("2023-06-01")).record
    judged = judge_version(workspace, AREA, again.version)
    better = next(check for check in judged.gate.checks if check.name == "better")
    assert better.passed
    assert "1.000 times that of the champion seasonal_naive" in better.found
    assert "as it is the champion's own forecaster" in better.expected
    assert CHAMPION in promote(workspace, AREA, again.version).aliases


def test_a_champion_of_an_earlier_release_is_compared_by_what_it_scored_then_else_by_the_baselines(
    workspace: Workspace, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_version(workspace, AREA, 1)
    for module in (gate_module, registry):
        monkeypatch.setattr(module, "this_release", lambda: "9.9.9+reworked")
    reworked = train(workspace, dataset, model="seasonal_naive").record
    judged = judge_version(workspace, AREA, reworked.version)
    assert "the champion seasonal_naive (version 1) as it was judged itself" in judged.gate.checks[0].found
    assert judged.gate.checks[0].passed
    other_origins = judge_version(workspace, AREA, reworked.version, n_origins=3)
    found = other_origins.gate.checks[0].found
    assert "the best baseline" in found
    assert "version 1, can no longer be run as it was" in found
    assert not other_origins.gate.checks[0].passed


def test_a_champion_whose_own_gate_run_was_purged_is_compared_by_the_baselines(
    workspace: Workspace, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = judge_version(workspace, AREA, 1)
    registry.set_gate(workspace.tracker, judged, replace(judged.gate, run_id="0" * 32))
    for module in (gate_module, registry):
        monkeypatch.setattr(module, "this_release", lambda: "9.9.9+reworked")
    reworked = train(workspace, dataset, model="seasonal_naive").record
    assert "the best baseline" in judge_version(workspace, AREA, reworked.version).gate.checks[0].found


def test_another_forecaster_of_an_earlier_release_is_refitted_and_the_verdict_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_module, "this_release", lambda: "9.9.9+reworked")
    found = judge_version(workspace, AREA, 2).gate.checks[0].found
    assert "that of the champion seasonal_naive (version 1), refitted with this release (" in found


def test_a_version_is_judged_whatever_the_user_called_groups_of_wards(workspace: Workspace) -> None:
    panel = make_panel(n_wards=4, n_months=84, random_seed=6)
    groups = pd.DataFrame({"ward_code": panel.area.ward_codes, "group": ["North/", "A/../B", "$x$ $y", "x" * 300]})
    panel = replace(panel, ward_groups=groups)
    dataset = keep_panel(workspace, replace(panel, digest=panel_digest(panel)))
    record = train(workspace, dataset, model="mean_12_months").record
    gate = judge_version(workspace, AREA, record.version).gate
    run = kept_run(workspace.tracker, gate.run_id)
    figures = json.loads(run.read_text("verdict.json") or "")["figures"]
    assert run.finished
    assert run.metrics["group North_/ratio"] == pytest.approx(figures["group North//ratio"])
    assert len([name for name in run.metrics if name.startswith("group ") and name.endswith("/ratio")]) == len(groups)


def test_a_first_champion_has_to_beat_the_best_baseline(workspace: Workspace) -> None:
    nobody_is(CHAMPION, workspace)
    judged = judge_version(workspace, AREA, 1)
    assert not judged.gate.passed
    assert judged.gate.champion_version == 0
    assert "times that of the best baseline" in judged.gate.checks[0].found
    with pytest.raises(WardcastError, match="refuses version 1"):
        promote(workspace, AREA, 1)
    assert version(workspace, 1).aliases == ()


def test_a_version_whose_data_are_gone_cannot_be_judged(workspace: Workspace) -> None:
    dataset = keep_example(workspace, random_seed=9, n_months=30)
    number = train(workspace, dataset, model="mean_12_months").record.version
    workspace.store.artefact_path("datasets", dataset.record.dataset_id, ".panel").unlink()
    with pytest.raises(WardcastError, match="no longer kept") as raised:
        judge_version(workspace, AREA, number)
    assert "wardcast ingest" in raised.value.problems[0].mend


def test_more_origins_than_the_data_hold_are_refused_before_any_work(workspace: Workspace) -> None:
    with pytest.raises(WardcastError, match="30 origins of 12 months ahead do not fit"):
        judge_version(workspace, AREA, 2, n_origins=30)


def test_the_champion_is_loaded_by_its_alias_in_mlflow_and_by_everything_that_names_no_forecaster(
    workspace: Workspace, dataset: Dataset
) -> None:
    registered = len(models_of(workspace, AREA))
    mlflow.set_tracking_uri(workspace.tracker.uri)
    by_mlflow = mlflow.pyfunc.load_model(f"models:/wardcast-{AREA}@{CHAMPION}")
    frame = by_mlflow.predict(pd.DataFrame({"horizon_months": [3], "scenario": ["slower"]}), params={"n_paths": 60})
    here = obtain(workspace, dataset)
    assert here.record.version == 1
    assert CHAMPION in here.record.aliases
    drawn = level_frame(here.forecaster.forecast(horizon_months=3, n_paths=60, scenario="slower"))
    pd.testing.assert_frame_equal(frame, drawn, check_dtype=False)
    assert len(models_of(workspace, AREA)) == registered


def test_a_plan_can_be_made_with_the_challenger_without_training_anything(
    workspace: Workspace, dataset: Dataset
) -> None:
    promote(workspace, AREA, 2, alias=CHALLENGER)
    registered = len(models_of(workspace, AREA))
    assert obtain(workspace, dataset, model=CHALLENGER).record.version == 2
    request = parse_request(
        {"resources": [{"name": "Patrol", "agency": "police", "hours_per_month": 400}], "n_paths": 60},
        where="request",
    )
    plan = make_plan(workspace, dataset, request=request, model=CHALLENGER)
    assert plan.record.provenance.model_version == version(workspace, 2).label
    assert len(models_of(workspace, AREA)) == registered


def test_an_alias_that_nobody_carries_is_said_so(workspace: Workspace, dataset: Dataset) -> None:
    nobody_is(CHALLENGER, workspace)
    with pytest.raises(WardcastError, match="No version is the challenger of E09000002") as raised:
        obtain(workspace, dataset, model=CHALLENGER)
    assert raised.value.kind is ErrorKind.NOT_FOUND
