"""MLflow runs and the registry, on a real SQLite store."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import TEMPORARILY_UNAVAILABLE

from tests.panels import make_panel
from tests.plans import all_level
from wardcast.api.convert_forecast import COLUMNS
from wardcast.tracking.figures_comparison import group_chart
from wardcast.tracking.kept_run import kept_run
from wardcast.tracking.metric_names import metric_parts
from wardcast.tracking.model_record import CHAMPION
from wardcast.tracking.registry import list_models, load_forecaster, register_forecaster, set_alias
from wardcast.tracking.tracker import Tracker
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.evaluation.ward_months import Interval
from wardcast_models.forecasting.forecast import Forecast


@dataclass
class ConstantForecaster:
    """Two crimes everywhere: enough to see what a registered model gives back."""

    name: str = "constant"

    def forecast(
        self, *, horizon_months: int, n_paths: int = 500, seed: int = 0, scenario: str = "as_planned"
    ) -> Forecast:
        return Forecast(
            area_code="E09000002",
            area_name="Barking and Dagenham",
            ward_codes=("E05014053",),
            ward_names=("Abbey",),
            categories=("robbery_personal",),
            months=pd.date_range("2025-04-01", periods=horizon_months, freq="MS"),
            paths=np.full((n_paths, 1, 1, horizon_months), 2, dtype=np.int32),
            components=all_level(np.full((1, 1, horizon_months), 2.0)),
            member_weights=((self.name, 1.0),),
            demand_history=np.array([[2.0]]),
            exposure_growth=np.ones((1, horizon_months)),
            until=pd.Timestamp("2025-03-01"),
            model=self.name,
            seed=seed,
            scenario=scenario,
            panel_digest="d" * 64,
            synthetic=False,
            assumptions=(),
        )


class EchoForecaster(ConstantForecaster):
    """Names its forecast after what it was asked."""

    def forecast(
        self, *, horizon_months: int, n_paths: int = 500, seed: int = 0, scenario: str = "as_planned"
    ) -> Forecast:
        forecast = super().forecast(horizon_months=horizon_months, n_paths=n_paths, seed=seed, scenario=scenario)
        return replace(forecast, model=f"{scenario}/{n_paths}/{seed}")


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Tracker:
    home = tmp_path_factory.mktemp("tracking")
    return Tracker.open(f"sqlite:///{home / 'mlflow.db'}", experiment="test", artefact_dir=home / "artefacts")


def test_a_run_keeps_parameters_metrics_and_the_digest_of_its_data(tracker: Tracker) -> None:
    panel = make_panel()
    with tracker.run("train", kind="train", tags={"wardcast.area": "E09000002"}) as run:
        run.log_parameters({"until": "2025-03"})
        run.log_metrics({"mase": 0.9, "unknown": float("nan")})
        run.log_panel(panel, context="training")
        run.log_text("hello", "note.txt")
    stored = tracker.client.get_run(run.run_id)
    assert stored.info.status == "FINISHED"
    assert stored.data.params["until"] == "2025-03"
    assert stored.data.metrics == {"mase": 0.9}
    assert stored.inputs.dataset_inputs[0].dataset.digest == panel.digest[:36]
    assert [file.path for file in tracker.client.list_artifacts(run.run_id)] == ["note.txt"]


def test_runs_on_one_panel_to_different_months_name_different_data(tracker: Tracker) -> None:
    panel = make_panel(n_months=36)
    inputs = {}
    for cut in (panel, panel.up_to(panel.months[-13])):
        with tracker.run("train", kind="train", tags={}) as run:
            run.log_panel(cut, context="training")
        (entry,) = tracker.client.get_run(run.run_id).inputs.dataset_inputs
        inputs[f"{cut.last_month:%Y-%m}"] = entry.dataset
    assert len(inputs) == 2
    for last_month, dataset in inputs.items():
        assert dataset.name.endswith(last_month)
        assert json.loads(dataset.profile)["last_month"] == last_month
        assert dataset.digest == panel.digest[:36]


NAMES = ["North/", "A/../B", "..", "A,B", "A;B", "A_B 2", "a,b", "é" * 400, "é" * 399, "50 % $\\no$", "a:b"]


def test_any_name_of_a_group_can_stand_in_a_metric_and_none_is_lost(tracker: Tracker) -> None:
    parts = metric_parts(NAMES)
    values = {f"{parts[name]}/ratio": float(number) for number, name in enumerate(NAMES)}
    with tracker.run("gate", kind="gate", tags={}) as run:
        run.log_metrics(values)
    assert tracker.client.get_run(run.run_id).data.metrics == values
    assert len({part.casefold() for part in parts.values()}) == len(NAMES)
    assert (parts["A,B"], parts["A;B"]) == ("A_B", "A_B 2")


def test_any_name_of_a_group_can_stand_in_a_figure(tracker: Tracker) -> None:
    figure = group_chart({name: Interval(value=1.0, low=0.9, high=1.1) for name in NAMES}, synthetic=False)
    with tracker.run("gate", kind="gate", tags={}) as run:
        run.log_figure(figure, "groups.png")
    assert [file.path for file in tracker.client.list_artifacts(run.run_id)] == ["groups.png"]


def test_only_a_run_that_is_not_there_is_said_not_to_be_there(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WardcastError, match="There is no run 0000") as missing:
        kept_run(tracker, "0000")
    assert missing.value.kind is ErrorKind.NOT_FOUND

    def locked(*_: object) -> None:
        raise MlflowException("database is locked", error_code=TEMPORARILY_UNAVAILABLE)

    monkeypatch.setattr(tracker.client, "get_run", locked)
    monkeypatch.setattr(tracker.client, "get_registered_model", locked)
    for ask in (kept_run, list_models):
        with pytest.raises(WardcastError) as failed:
            ask(tracker, "0000")
        assert failed.value.kind is ErrorKind.CONFLICT
        assert "database is locked" in failed.value.problems[0].found


def test_a_run_whose_work_fails_is_marked_failed_with_the_reason(tracker: Tracker) -> None:
    with pytest.raises(RuntimeError), tracker.run("plan", kind="plan", tags={}) as run:
        raise RuntimeError("the solver stopped")
    stored = tracker.client.get_run(run.run_id)
    assert stored.info.status == "FAILED"
    assert stored.data.tags["wardcast.error"] == "the solver stopped"


def test_a_registered_forecaster_is_listed_promoted_and_gives_the_same_forecast_back(tracker: Tracker) -> None:
    with tracker.run("train", kind="train", tags={}) as run:
        record = register_forecaster(
            tracker,
            run,
            ConstantForecaster(),
            area_code="E09000002",
            until="2025-03",
            panel_digest="d" * 64,
            synthetic=False,
        )
    assert (record.version, record.forecaster, record.run_id) == (1, "constant", run.run_id)
    promoted = set_alias(tracker, "E09000002", 1, CHAMPION)
    assert promoted.aliases == (CHAMPION,)
    assert [known.version for known in list_models(tracker, "E09000002")] == [1]
    loaded = load_forecaster(tracker, promoted)
    np.testing.assert_array_equal(
        loaded.forecast(horizon_months=3, n_paths=50).paths,
        ConstantForecaster().forecast(horizon_months=3, n_paths=50).paths,
    )


def test_the_registered_model_predicts_the_forecast_file_for_any_mlflow_user(tracker: Tracker) -> None:
    with tracker.run("train", kind="train", tags={}) as run:
        record = register_forecaster(
            tracker,
            run,
            ConstantForecaster(),
            area_code="E09000016",
            until="2025-03",
            panel_digest="e" * 64,
            synthetic=False,
        )
    model = mlflow.pyfunc.load_model(f"models:/{record.label}")
    frame = model.predict(pd.DataFrame({"horizon_months": [2]}))
    assert list(frame.columns) == list(COLUMNS) == model.metadata.signature.outputs.input_names()
    assert set(frame["read_at"]) == {"none"}
    assert list(frame["month"]) == ["2025-04", "2025-05"]
    assert set(frame["mean"]) == {2.0}


def test_a_scenario_may_be_asked_for_in_the_row_or_beside_it(tracker: Tracker) -> None:
    with tracker.run("train", kind="train", tags={}) as run:
        record = register_forecaster(
            tracker,
            run,
            EchoForecaster(),
            area_code="E09000019",
            until="2025-03",
            panel_digest="a" * 64,
            synthetic=False,
        )
    set_alias(tracker, "E09000019", record.version, CHAMPION)
    model = mlflow.pyfunc.load_model(f"models:/wardcast-E09000019@{CHAMPION}")
    row = pd.DataFrame({"horizon_months": [1]})
    asked = {
        "as_planned/500/0": model.predict(row),
        "none/500/0": model.predict(row, params={"scenario": "none"}),
        "slower/60/0": model.predict(row.assign(scenario="slower", n_paths=60), params={"scenario": "none"}),
        "as_planned/500/4": model.predict(row.assign(seed=4)),
    }
    assert {name: frame["model"].iloc[0] for name, frame in asked.items()} == {name: name for name in asked}
    with pytest.raises(WardcastError, match="one forecast at a time"):
        model.predict(pd.DataFrame({"horizon_months": [1, 2]}))


def test_an_unknown_version_or_alias_is_refused_in_words(tracker: Tracker) -> None:
    with pytest.raises(WardcastError) as missing:
        set_alias(tracker, "E09000099", 7, CHAMPION)
    assert missing.value.kind is ErrorKind.NOT_FOUND
    with pytest.raises(WardcastError) as wrong:
        set_alias(tracker, "E09000002", 1, "winner")
    assert "champion" in wrong.value.problems[0].expected


def test_a_registered_model_carries_an_example_of_what_it_is_asked(tracker: Tracker) -> None:
    with tracker.run("train", kind="train", tags={}) as run:
        record = register_forecaster(
            tracker,
            run,
            ConstantForecaster(),
            area_code="E09000017",
            until="2025-03",
            panel_digest="f" * 64,
            synthetic=False,
        )
    model = mlflow.pyfunc.load_model(f"models:/{record.label}")
    assert list(model.predict(model.input_example).columns) == model.metadata.signature.outputs.input_names()


@pytest.mark.parametrize(
    "uri",
    [
        "http://user:secret@127.0.0.1:1/base",
        "http://user:secret%2Fsecret@127.0.0.1:1",
        "http://user:secret/secret@127.0.0.1:1",
        "ftp://user:secret@mlflow.example",
    ],
)
def test_an_error_about_an_address_does_not_tell_its_password(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(WardcastError) as raised:
        Tracker.open(uri, experiment="test", artefact_dir=tmp_path)
    assert "secret" not in str(raised.value)
    assert "user" not in raised.value.problems[0].found
    assert raised.value.problems[0].found


def test_an_address_with_a_password_is_never_shown(tmp_path: Path) -> None:
    tracker = Tracker(
        client=None, uri="https://user:secret@mlflow.example/base", experiment_name="x", experiment_id="1"
    )
    assert "secret" not in tracker.public_uri
    assert "secret" not in tracker.view_address("abc")
    assert tracker.view_address("abc") == "https://mlflow.example/base/#/experiments/1/runs/abc"


def test_a_version_that_learned_from_the_sample_cannot_lead_where_real_data_were_learned_from(tracker: Tracker) -> None:
    trainings = [("g", True), ("h", False)]
    for digest, synthetic in trainings:
        with tracker.run("train", kind="train", tags={}) as run:
            record = register_forecaster(
                tracker,
                run,
                ConstantForecaster(),
                area_code="E09000018",
                until="2025-03",
                panel_digest=digest * 64,
                synthetic=synthetic,
            )
        if synthetic:
            assert set_alias(tracker, "E09000018", record.version, CHAMPION).synthetic
    with pytest.raises(WardcastError) as refused:
        set_alias(tracker, "E09000018", 1, CHAMPION)
    assert refused.value.kind is ErrorKind.CONFLICT
    assert set_alias(tracker, "E09000018", 2, CHAMPION).aliases == (CHAMPION,)
