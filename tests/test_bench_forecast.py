"""The forecast benchmark: own forecasters and peers on the same origins, held against what has to be shown."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bench_forecast
from forecast_bench import figure, peer, verdict
from forecast_bench.race import PEERS, Race, read_race
from forecast_bench.stages import Stages
from forecast_bench.writing import markdown, write_report
from peers.series import complete_tail, conformal_windows, quantiles_of
from tests.panels import make_panel
from tests.releases import CATEGORIES, WARDS, released_panel, ward_release, without
from wardcast_models.errors import WardcastError
from wardcast_models.evaluation.availability import Availability
from wardcast_models.forecasting.registry import DEFAULT_FORECASTER
from wardcast_models.panel.panel import Panel

ROOT = Path(__file__).parents[1]
PANEL = make_panel(n_months=72)
RACE = Race(
    name="lbbd",
    area="E09000002",
    origins=(pd.Timestamp("2019-12-01"), pd.Timestamp("2020-12-01")),
    horizon_months=12,
    champion="mean_12_months",
    forecasters=("mean_12_months", "seasonal_naive"),
    peers=("SeasonalNaive", "AutoETS"),
    n_paths=50,
    seed=0,
    availability=Availability(),
)


@dataclass
class Bench:
    """The benchmark of a small panel, with a stand-in for the peers, and what it said while it ran."""

    out: Path
    race: Race = RACE
    panel: Panel = PANEL
    said: list[str] = field(default_factory=list)

    def stages(self, *, resume: bool = False) -> Stages:
        return Stages(panel=self.panel, race=self.race, out=self.out, resume=resume, workers=1, say=self.said.append)

    def run(self, *, resume: bool = False) -> Stages:
        stages = self.stages(resume=resume)
        stages.run_own()
        stages.run_peers(Path(sys.executable))
        return stages


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(peer, "RUNNER", Path(__file__).with_name("stand_in_peer.py"))
    return Bench(tmp_path)


def test_own_forecasters_and_peers_stand_side_by_side(bench: Bench) -> None:
    accuracy = bench.run().report().tables["accuracy"].frame.set_index("model")
    assert set(accuracy.index) == {*RACE.forecasters, *RACE.peers}
    assert set(accuracy["cells"]) == {2 * 4 * 2 * 12}
    assert accuracy.loc["AutoETS", ["kind", "seconds", "cpu_seconds"]].tolist() == ["peer", 2.0, 1.5]
    assert accuracy.loc["mean_12_months", "scaled_crps_19"] < accuracy.loc["AutoETS", "scaled_crps_19"]


def test_the_champion_is_held_against_the_best_peer_by_each_measure(bench: Bench) -> None:
    tables = bench.run().report().tables
    targets, each = tables["targets"].frame, tables["differences"].frame
    assert list(targets["verdict"]) == ["met, as hoped"] * 3  # the mean of a year beats the last month by far
    assert (targets["ratio"] == targets["champion"] / targets["peer"]).all()
    assert len(each) == 3 * len(RACE.peers)
    assert set(each["better"]) == {"yes"}


def test_two_blocks_of_months_are_needed_to_say_who_is_better(bench: Bench) -> None:
    bench.race = replace(RACE, origins=RACE.origins[:1])
    assert set(bench.run().report().tables["differences"].frame["better"]) == {"too few months"}


def test_the_report_and_the_plot_are_written(bench: Bench) -> None:
    report = bench.run().report()
    text = write_report(bench.out, [report])
    figure.save(figure.draw([report]), bench.out)
    assert (bench.out / "report.md").read_text(encoding="utf-8") == text
    for heading in ("best peer", "Calibration", "Bias", "by origin", "Hotspots", "Pseudo-real-time"):
        assert heading in text
    assert pd.read_csv(bench.out / "lbbd" / "differences.csv")["against"].nunique() == len(RACE.peers)
    assert all((bench.out / name).stat().st_size > 10_000 for name in ("accuracy.png", "accuracy.svg"))


def test_a_resumed_run_makes_only_what_is_missing_and_reports_the_same(bench: Bench) -> None:
    first = bench.run().report().tables["accuracy"].frame
    next((bench.out / "raw").rglob("AutoETS-2020-12-*.npz")).unlink()
    bench.said.clear()
    again = bench.run(resume=True).report().tables["accuracy"].frame
    assert [line for line in bench.said if "running" in line] == ["lbbd: AutoETS from 2020-12: running"]
    pd.testing.assert_frame_equal(first, again)


def test_results_of_other_data_are_not_used(bench: Bench) -> None:
    bench.run()
    bench.panel = replace(PANEL, counts=PANEL.counts + 1.0, digest="other")
    with pytest.raises(WardcastError, match="not yet everything") as refused:
        bench.stages(resume=True).report()
    assert [problem.where for problem in refused.value.problems] == ["own", "peers"]


def test_a_category_that_the_release_of_the_time_lacked_is_compared_where_it_was_known(bench: Bench) -> None:
    robbery, theft = CATEGORIES.index("robbery_personal"), CATEGORIES.index("other_theft")
    filed = np.full((len(WARDS), len(CATEGORIES), 36), 50)
    filed[:, theft] += 50  # the release of the time files robbery there
    first = without(ward_release("2018-01", 36, counts=filed, published="2021-01-01"), CATEGORIES[robbery])
    bench.panel = released_panel(first, ward_release("2018-01", 60, published="2024-01-01"))
    accuracy = bench.run().report().tables["accuracy"].frame
    cells_a_category = len(WARDS) * RACE.horizon_months
    # 2019-12 is before either release, so later figures stand in; at 2020-12 the first was out.
    assert set(accuracy["cells"]) == {cells_a_category * (len(CATEGORIES) + len(CATEGORIES) - 1)}


def test_a_peer_that_fails_is_named(bench: Bench) -> None:
    bench.race = replace(RACE, peers=("AutoARIMA",))
    with pytest.raises(WardcastError, match="AutoARIMA failed") as refused:
        bench.stages().run_peers(Path(sys.executable))
    assert "No module named 'statsforecast'" in str(refused.value)


def test_without_peers_there_is_no_comparison_but_everything_else(bench: Bench) -> None:
    bench.race = replace(RACE, peers=())
    tables = bench.run().report().tables
    assert "targets" not in tables
    assert {"requirements", "accuracy", "calibration", "bias", "origins", "ranking"} <= set(tables)


def test_a_target_is_met_missed_or_met_as_hoped() -> None:
    compared = pd.DataFrame(
        {
            "measure": ["mase", "mase", "rmsse", "scaled_crps_19"],
            "against": ["A", "B", "A", "B"],
            "value": [0.90, 0.90, 0.97, 0.96],
            "value_against": [1.0, 2.0, 1.0, 1.0],
            "ratio": [0.90, 0.45, 0.97, 0.96],
            "ratio_low": np.nan,
            "ratio_high": np.nan,
        }
    )
    targets = verdict.against_best(compared)
    assert list(targets["best_peer"]) == ["A", "A", "B"]
    assert list(targets["verdict"]) == ["met, as hoped", "met", "missed"]


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    accuracy = pd.DataFrame(
        [{"model": "ours", "negatives": 0, "incoherence": 0.0, "seconds": 3.0}, {"model": "AutoETS", "seconds": 5.0}]
    )
    biases = pd.DataFrame([{"model": "ours", "bias": -0.03, "bias_growing": np.nan}])
    rows = verdict.requirements(
        name="lbbd", champion="ours", accuracy=accuracy, biases=biases, cost={}, wall_seconds={"ours": 20.0}
    )
    words = dict(zip(rows["requirement"], rows["verdict"], strict=True))
    assert words == {
        "bias of the mean, pooled": "missed",
        "bias of the mean, growing wards pooled": "not measured",
        "cells with anything below 0": "met",
        "incoherence": "met",
        "backtest of all own forecasters, s": "met",
        "champion's seconds an origin over AutoETS's": "missed",
    }


def test_a_table_is_written_for_people() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [0.123456, np.nan], "c": pd.to_datetime(["2020-03-01", "2020-09-01"])})
    assert markdown(frame) == [
        "| a | b | c |",
        "| --- | --- | --- |",
        "| 1 | 0.1235 | 2020-03 |",
        "| 2 | - | 2020-09 |",
    ]


def test_the_comparisons_are_those_of_the_issue() -> None:
    lbbd, london = read_race("lbbd"), read_race("london")
    assert [f"{origin:%Y-%m}" for origin in lbbd.origins] == [
        f"{year}-{month}" for year in range(2018, 2024) for month in ("03", "09")
    ]
    assert set(london.origins) < set(lbbd.origins)
    assert lbbd.champion == DEFAULT_FORECASTER
    assert set(PEERS) - set(london.peers) == {"AutoETS", "AutoARIMA"}
    assert read_race("london", slow_peers=True).peers == lbbd.peers == PEERS
    assert read_race("lbbd", peers=False).peers == ()


def test_a_peer_learns_from_the_last_unbroken_run_of_months() -> None:
    assert complete_tail(np.array([np.nan, 1.0, np.nan, 2.0, 3.0, np.nan])) == (3, 5)
    assert complete_tail(np.array([1.0, 2.0])) == (0, 2)


def test_conformal_intervals_keep_three_years_for_the_first_window() -> None:
    assert conformal_windows(96, 12) == 5
    assert conformal_windows(400, 12) == 10
    assert conformal_windows(40, 12) == 2


def test_a_peers_intervals_become_19_quantiles_without_negative_values() -> None:
    width = np.arange(1.0, 10.0)[:, None, None]
    quantiles = quantiles_of(np.full((1, 1), 4.0), 4.0 - width, 4.0 + width)[:, 0, 0]
    assert quantiles.tolist() == [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]


@pytest.mark.parametrize("name", ["SeasonalNaive", "WindowAverage", "SimpleExponentialSmoothingOptimized", "AutoETS"])
def test_the_real_peers_forecast_counts(name: str, tmp_path: Path) -> None:
    if not bench_forecast.PEERS_PYTHON.is_file():
        pytest.skip("the peers' environment is not here; `make bench-forecast` builds it")
    history = np.random.default_rng(0).poisson([[0.0], [0.3], [20.0]], size=(3, 72)).astype(float)
    history[2, -2:] = np.nan
    out = tmp_path / "said.npz"
    peer.forecast_to(out, python=bench_forecast.PEERS_PYTHON, peer=name, history=history, horizon_months=12)
    with np.load(out) as said:
        assert said["mean"].shape == (3, 12)
        assert said["quantiles"].shape == (19, 3, 12)
        assert (np.diff(said["quantiles"], axis=0) >= -1e-6).all()
        assert said["mean"][:, :].min() >= 0.0
        assert said["mean"][2].mean() == pytest.approx(20.0, abs=4.0)
        np.testing.assert_allclose(said["quantiles"][9], said["mean"])


def test_it_does_not_start_without_data_or_peers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = ["--data", str(tmp_path / "none"), "--peers-python", str(tmp_path / "python")]
    assert bench_forecast.main(absent) == 2
    told = capsys.readouterr().err
    assert "--data" in told
    assert "--no-peers" in told


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (("--area", "london", "--stage", "peers", "--models", "AutoARIMA"), "AutoARIMA"),
        (("--area", "lbbd", "--stage", "peers", "--models", "AutoARIMA", DEFAULT_FORECASTER), DEFAULT_FORECASTER),
        (("--area", "lbbd", "--no-peers", "--models", "AutoTheta"), "AutoTheta"),
        (("--area", "lbbd", "--stage", "report", "--models", "AutoTheta"), "AutoTheta"),
    ],
)
def test_a_model_that_no_stage_asked_for_would_run_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], named: str
) -> None:
    chosen = ("--data", str(tmp_path), "--peers-python", sys.executable, "--out", str(tmp_path), *asked)
    assert bench_forecast.main(chosen) == 2
    told = capsys.readouterr().err
    assert "would not run" in told
    assert f"found {named}" in told


def test_slow_peers_run_for_london_where_asked_for() -> None:
    chosen = bench_forecast.arguments(("--stage", "peers", "--models", "AutoARIMA", "--slow-peers"))
    bench_forecast.check_models([read_race("london", slow_peers=True)], chosen)


def test_a_failed_peer_ends_with_the_exit_code_of_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_forecast, "read_folder", lambda *_, **__: PANEL)
    monkeypatch.setattr(bench_forecast, "read_race", lambda *_, **__: replace(RACE, peers=("AutoARIMA",)))
    asked = ("--area", "lbbd", "--stage", "peers", "--data", str(tmp_path), "--out", str(tmp_path))
    assert bench_forecast.main((*asked, "--peers-python", sys.executable)) == 1
    assert "AutoARIMA failed" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_runs_our_own_half_on_the_sample(sample_dir: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "experiments" / "bench_forecast.py"), "--quick", "--no-peers"]
    command += ["--area", "lbbd", "--data", str(sample_dir), "--out", str(tmp_path), "--workers", "1"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == (tmp_path / "report.md").read_text(encoding="utf-8").strip()
    requirements = pd.read_csv(tmp_path / "lbbd" / "requirements.csv").set_index("requirement")
    assert requirements.loc["cells with anything below 0", "verdict"] == "met"
    assert requirements.loc["peak memory of training, MiB", "measured"] > 0
    again = subprocess.run([*command, "--stage", "report"], check=True, capture_output=True, text=True)
    assert again.stdout == done.stdout
