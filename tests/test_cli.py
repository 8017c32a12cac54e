"""The command line on the embedded sample: what a user types, sees and gets."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from tests.command_line import CommandLine

REQUEST = """\
title: Test quarter
resources:
  - {name: Neighbourhood patrol, agency: police, hours_per_month: 1200}
n_paths: 100
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all these tests: what one keeps, the next need not make again."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    path = tmp_path / "request.yaml"
    path.write_text(REQUEST, encoding="utf-8")
    return path


def test_ingest_prints_the_findings_and_says_that_the_sample_is_synthetic(
    wardcast: CommandLine, sample_dir: Path
) -> None:
    done = wardcast("ingest", sample_dir, "--area", "E09000002")
    assert done.exit_code == 0, done.err
    assert "SYNTHETIC" in done.out
    assert "Kept as areas/E09000002/datasets/ds-" in done.out


def test_ingesting_the_same_files_twice_gives_the_same_dataset(wardcast: CommandLine, sample_dir: Path) -> None:
    first = wardcast("ingest", sample_dir, "--area", "Barking and Dagenham", "--json", "--quiet").document
    second = wardcast("ingest", sample_dir, "--area", "E09000002", "--json", "--quiet").document
    assert first["dataset"] == second["dataset"]


def test_forecast_writes_the_promised_columns_with_quantiles_in_order(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "forecast.csv"
    asked = ("--until", "2025-03", "--horizon", "3", "--out", out, "--quiet")
    done = wardcast("forecast", "--data", sample_dir, "--area", "E09000002", *asked)
    assert done.exit_code == 0, done.err
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    quantiles = ["q05", "q10", "q25", "q50", "q75", "q90", "q95"]
    assert list(rows[0]) == [
        *("ward_code", "ward_name", "category", "month", "mean"),
        *quantiles,
        *("status", "model", "read_at"),
    ]
    assert {row["month"] for row in rows} == {"2025-04", "2025-05", "2025-06"}
    assert len({row["ward_code"] for row in rows}) == 19
    assert {row["status"] for row in rows} == {"ok", "too_few"}
    assert all(row["model"].endswith(" (SYNTHETIC)") for row in rows)
    for row in rows:
        values = [float(row[name]) for name in quantiles]
        assert values == sorted(values)
        assert values[0] >= 0
        assert (row["read_at"] == "ward/category") is (row["status"] == "ok")


def test_forecast_adds_up_places_and_crimes_where_asked(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    def total(*levels: str) -> float:
        out = tmp_path / "forecast.csv"
        asked = ("--until", "2025-03", "--horizon", "2", "--model", "mean_12_months", "--out", out, "--quiet")
        done = wardcast("forecast", "--data", sample_dir, "--area", "E09000002", *asked, *levels)
        assert done.exit_code == 0, done.err
        with out.open(encoding="utf-8") as file:
            return sum(float(row["mean"]) for row in csv.DictReader(file) if row["category"] != "asb")

    assert total("--level", "area", "--by", "all") == pytest.approx(total(), rel=1e-5)
    refused = wardcast(
        *("forecast", "--data", sample_dir, "--area", "E09000002", "--horizon", "2", "--out", tmp_path / "f.csv"),
        *("--level", "street"),
    )
    assert refused.exit_code == 2
    assert "one of ward, cluster, area" in refused.err


def test_forecast_says_what_it_does_not_forecast_and_why(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    asked = ("--until", "2023-03", "--horizon", "2", "--model", "mean_12_months", "--out", tmp_path / "forecast.csv")
    done = wardcast("forecast", "--data", sample_dir, "--area", "E09000002", *asked)
    assert done.exit_code == 0, done.err
    assert "Anti-social behaviour incidents: observed in 12 months only, 24 are needed, so not forecast." in done.out
    assert not set(pd.read_csv(tmp_path / "forecast.csv")["category"]) & {"asb", "council_asb", "fly_tipping"}


def test_regimes_shows_marked_events_with_their_steps(wardcast: CommandLine, sample_dir: Path) -> None:
    shown = wardcast("regimes", "--data", sample_dir, "--area", "E09000002", "--until", "2023-03")
    assert shown.exit_code == 0, shown.err
    assert "SYNTHETIC" in shown.out
    _, not_looked_at = shown.out.split("What cannot be forecast was not looked at:")
    assert "Fly-tipping: observed in 12 months only, 24 are needed, so not forecast." in not_looked_at
    document = wardcast("regimes", "--data", sample_dir, "--area", "E09000002", "--json").document
    assert {event["event"] for event in document["events"]} >= {"pandemic", "lockdown", "recording_change"}
    counted_by_others = {"council_asb", "fly_tipping", "deliberate_fires"}
    assert not [s for s in document["steps"] if s["event"] == "recording_change" and s["category"] in counted_by_others]
    truth = json.loads((sample_dir / "truth" / "truth.json").read_text(encoding="utf-8"))
    for event, key in (("pandemic", "covid"), ("recording_change", "recording_break")):
        steps = [step for step in document["steps"] if step["event"] == event and step["category"] in truth[key]]
        inside = [step["low"] <= 100 * (truth[key][step["category"]] - 1) <= step["high"] for step in steps]
        assert len(inside) >= 15
        assert sum(inside) / len(inside) >= 0.75, event


def test_plan_writes_four_files_that_agree_and_prints_where_they_are(
    wardcast: CommandLine, sample_dir: Path, request_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    asked = ("--until", "2025-03", "--request", request_file, "--out", out)
    done = wardcast("plan", "--data", sample_dir, "--area", "E09000002", *asked)
    assert done.exit_code == 0, done.err
    assert {path.name for path in out.iterdir()} == {"report.html", "assignments.csv", "plan.xlsx", "plan.json"}
    for name in ("report.html", "SYNTHETIC", "/#/experiments/"):
        assert name in done.out
    with (out / "assignments.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["data"] for row in rows} == {"SYNTHETIC"}
    hours = sum(float(row["hours"]) for row in rows)
    stated = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert hours == pytest.approx(3 * 1200, abs=0.01)
    assert hours == pytest.approx(sum(item["hours"] for item in stated["assignments"]), abs=0.001)
    assert stated["synthetic"] is True


def test_the_same_plan_asked_twice_assigns_the_same_hours(
    wardcast: CommandLine, sample_dir: Path, request_file: Path, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        asked = ("--request", request_file, "--out", tmp_path / name, "--quiet")
        assert wardcast("plan", "--data", sample_dir, "--area", "E09000002", *asked).exit_code == 0
    first, second = ((tmp_path / name / "assignments.csv").read_bytes() for name in ("first", "second"))
    assert first == second


def test_train_models_and_promote_follow_one_another(wardcast: CommandLine, sample_dir: Path) -> None:
    area = ("--area", "E09000002")
    trained = wardcast("train", "--data", sample_dir, *area, "--model", "seasonal_naive", "--json", "-q")
    assert trained.exit_code == 0, trained.err
    version = str(trained.document[0]["version"])
    refused = wardcast("promote", version, *area, "--gate-origins", "3", "-q")
    assert refused.exit_code == 4
    assert "promotion gate: better" in refused.err
    assert "times that of the best baseline" in refused.err
    assert "expected  a ratio below 1" in refused.err
    assert wardcast("promote", version, *area, "--without-gate", " ", "-q").exit_code == 2
    forced = wardcast("promote", version, *area, "--without-gate", "a first one is needed", "--json", "-q")
    assert forced.exit_code == 0, forced.err
    assert forced.document[0]["aliases"] == ["champion"]
    assert forced.document[0]["without_gate_reason"] == "a first one is needed"
    listed = wardcast("models", *area)
    assert "without" in listed.out
    listed = wardcast("models", *area, "--json", "--quiet").document
    assert [model["forecaster"] for model in listed if "champion" in model["aliases"]] == ["seasonal_naive"]
    better = wardcast("train", "--data", sample_dir, *area, "--model", "simple_smoothing", "--json", "-q").document[0]
    promoted = wardcast("promote", str(better["version"]), *area)
    assert promoted.exit_code == 0, promoted.err
    assert "passed  better: its scaled CRPS is" in promoted.out
    assert "champion" in promoted.out


def test_a_run_can_be_done_again_and_says_whether_its_numbers_are_the_same(
    wardcast: CommandLine, sample_dir: Path
) -> None:
    area = ("--area", "E09000002")
    trained = wardcast("train", "--data", sample_dir, *area, "--model", "mean_12_months", "--json", "-q")
    done = wardcast("rerun", trained.document[0]["run_id"], "-q")
    assert done.exit_code == 0, done.err
    assert "same: all" in done.out
    assert "holdout_mase" in done.out
    missing = wardcast("rerun", "0123456789", "-q")
    assert missing.exit_code == 2
    assert "There is no run 0123456789" in missing.err


PARTS = ["level", "season", "trend", "residents", "homes", "events"]


@pytest.mark.parametrize("levels", [(), ("--level", "area", "--by", "all")])
def test_the_parts_of_a_forecast_add_up_to_its_mean(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path, levels: tuple[str, ...]
) -> None:
    out, parts = tmp_path / "forecast.csv", tmp_path / "parts.csv"
    asked = ("--horizon", "2", "--model", "pooled_theta", "--out", out, "--parts", parts, *levels, "--json", "-q")
    done = wardcast("forecast", "--data", sample_dir, "--area", "E09000002", *asked)
    assert done.exit_code == 0, done.err
    assert done.document["parts"] == str(parts)
    rows, told = pd.read_csv(out), pd.read_csv(parts)
    assert list(told.columns) == ["ward_code", "category", "month", *PARTS, "expected"]
    keys = ["ward_code", "category", "month"]
    pd.testing.assert_frame_equal(told[keys], rows[keys])
    assert told[PARTS].sum(axis=1).to_numpy() == pytest.approx(told["expected"].to_numpy(), abs=1e-5)
    assert told["expected"].to_numpy() == pytest.approx(rows["mean"].to_numpy(), abs=1e-4)
    assert told["season"].abs().max() > 0


def test_minimums_that_no_capacity_can_meet_name_the_clash_and_the_missing_hours(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    request = tmp_path / "request.yaml"
    request.write_text(REQUEST + "limits: {ward_min_hours_per_month: 100}\n", encoding="utf-8")
    out = tmp_path / "out"
    done = wardcast("plan", "--data", sample_dir, "--area", "E09000002", "--request", request, "--out", out, "-q")
    assert done.exit_code == 3
    assert "ward_min_hours_per_month" in done.err
    assert "700" in done.err  # 19 wards x 100 h, and 1,200 h to give
    assert not out.exists()
