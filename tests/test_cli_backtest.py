"""`wardcast backtest` on the embedded sample: options, configuration files, and what it leaves behind."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.command_line import CommandLine
from wardcast_models.evaluation.comparison import Comparison, read_comparison


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all these tests: what one keeps, the next need not make again."""
    return tmp_path_factory.mktemp("home")


def test_backtest_writes_scores_of_every_forecaster_asked_for(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    models = ("--model", "mean_12_months", "--model", "seasonal_naive")
    asked = ("--origins", "2", "--horizon", "6", "--out", tmp_path / "bt", *models, "--quiet")
    done = wardcast("backtest", "--data", sample_dir, "--area", "E09000002", *asked)
    assert done.exit_code == 0, done.err
    with (tmp_path / "bt" / "summary.csv").open(encoding="utf-8") as file:
        scores = {row["model"]: row for row in csv.DictReader(file)}
    assert set(scores) == {"mean_12_months", "seasonal_naive"}
    assert float(scores["mean_12_months"]["mase"]) < float(scores["seasonal_naive"]["mase"])


COMPARISON = """\
area: E09000002
origins: [2022-03, 2023-03]
horizon_months: 6
forecasters: [mean_12_months, seasonal_naive]
n_paths: 60
"""


def test_backtest_takes_a_configuration_file_and_its_run_can_be_done_again(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    config = tmp_path / "comparison.yaml"
    config.write_text(COMPARISON, encoding="utf-8")
    asked = ("--config", config, "--data", sample_dir, "--out", tmp_path / "bt", "--no-cells", "--json", "-q")
    done = wardcast("backtest", *asked)
    assert done.exit_code == 0, done.err
    assert not (tmp_path / "bt" / "cells.csv").exists()
    with (tmp_path / "bt" / "per_origin.csv").open(encoding="utf-8") as file:
        assert {row["origin"][:7] for row in csv.DictReader(file)} == {"2022-03", "2023-03"}
    assert {row["origin"] for row in done.document["per_origin"]} == {"2022-03", "2023-03"}
    assert "00:00:00" not in done.out
    again = wardcast("rerun", done.document["run_id"], "--json", "-q")
    assert again.exit_code == 0, again.err
    assert again.document["same"] is True


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("origins: [2022-03]\nforecasters: [oracle]\narea: London", "c.yaml: forecasters[0]"),
        (COMPARISON.replace("2022-03", "March"), "c.yaml: origins[0]"),
        (COMPARISON.replace("2022-03", "2022-03-31"), "found     the date 2022-03-31"),
        (COMPARISON.replace("2022-03", "202203"), "expected  a month such as 2018-03\n    found     202203"),
        (COMPARISON.replace("2022-03", '""'), "expected  a month such as 2018-03\n    found     nothing"),
        (COMPARISON.replace("2022-03", "2022-13"), "expected  a month such as 2018-03"),
        (
            COMPARISON + "availability: {projection_known_from: 2017-07-01}",
            "c.yaml: availability.projection_known_from\n    expected  a month such as 2018-03",
        ),
        (COMPARISON.replace("2022-03", "2024-03"), "from the earliest to the latest"),
        (COMPARISON + "n_path: 10", "Did you mean `n_paths`?"),
        (COMPARISON + "availability: {census: 2022-11}", "c.yaml: availability.census"),
    ],
)
def test_a_wrong_configuration_is_told_with_file_and_field(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path, wrong: str, named: str
) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(wrong, encoding="utf-8")
    done = wardcast("backtest", "--config", config, "--data", sample_dir, "--out", tmp_path / "bt", "-q")
    assert done.exit_code == 2
    assert named in done.err
    assert not (tmp_path / "bt").exists()


def test_options_beside_a_configuration_file_are_refused(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(COMPARISON, encoding="utf-8")
    asked = ("--data", sample_dir, "--out", tmp_path / "bt", "-q")
    done = wardcast("backtest", "--config", config, "--area", "London", *asked)
    assert done.exit_code == 2
    assert "--area" in done.err
    assert wardcast("backtest", *asked).exit_code == 2


def test_a_comparison_may_leave_open_when_the_projection_was_known(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(COMPARISON + "availability: {projection_known_from: null}", encoding="utf-8")
    assert read_comparison(config).availability.projection_known_from is None


def test_an_origin_before_the_data_is_told_by_the_name_it_was_given_under(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(COMPARISON.replace("2022-03", "1999-03"), encoding="utf-8")
    done = wardcast("backtest", "--config", config, "--data", sample_dir, "--out", tmp_path / "bt", "--json", "-q")
    assert done.exit_code == 2
    assert [(one["where"], one["found"]) for one in done.document["error"]["problems"]] == [("origins", "1999-03")]


def test_a_backtest_whose_tables_cannot_be_written_is_told_and_stays_in_mlflow(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "bt" / "summary.csv").mkdir(parents=True)
    asked = ("--origins", "2", "--horizon", "3", "--model", "seasonal_naive", "--out", tmp_path / "bt", "-q")
    done = wardcast("backtest", "--data", sample_dir, "--area", "E09000002", *asked)
    assert done.exit_code == 2
    assert "summary.csv (Is a directory)" in done.err
    run_id = re.search("Run ([0-9a-f]{32})", done.out)
    assert run_id
    assert wardcast("rerun", run_id[1], "-q").exit_code == 0


def test_the_comparisons_that_come_with_wardcast_can_be_read() -> None:
    folder = Path(__file__).parents[1] / "experiments" / "comparisons"
    for name, area, n_origins in (("lbbd", "E09000002", 12), ("london", "London", 3)):
        comparison = read_comparison(folder / f"{name}.yaml")
        assert (comparison.area, len(comparison.origins), comparison.horizon_months) == (area, n_origins, 12)
        assert comparison.availability.availability().projection_known_from == pd.Timestamp("2017-07-01")
        assert Comparison.from_parameters(comparison.parameters(), where=name) == comparison
    assert {origin.month for origin in read_comparison(folder / "lbbd.yaml").origins} == {3, 9}
