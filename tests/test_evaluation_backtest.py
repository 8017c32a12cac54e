"""Backtests: rolling origins without a look ahead, and a fair comparison."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from wardcast_models.errors import WardcastError
from wardcast_models.evaluation.availability import Availability
from wardcast_models.evaluation.backtest import BacktestResult, backtest
from wardcast_models.evaluation.metrics import mase, seasonal_scale
from wardcast_models.evaluation.origins import default_origins
from wardcast_models.fan_out import FanOut
from wardcast_models.panel.panel import Panel

NAMES = ("pooled_prophet", "mean_12_months", "seasonal_naive")
BENCHMARKS = ("mean_12_months", "seasonal_naive")
HERE = FanOut(backend="sequential")


def months(*labels: str) -> list[pd.Timestamp]:
    return [pd.Timestamp(label) for label in labels]


def compared(
    panel: Panel, *labels: str, forecasters: tuple[str, ...] = BENCHMARKS, **options: object
) -> BacktestResult:
    """Backtest over half a year with few paths, in this process, where not asked otherwise."""
    asked = {"horizon_months": 6, "n_paths": 40, "fan_out": HERE} | options
    return backtest(panel, forecasters=forecasters, origins=months(*labels), **asked)  # type: ignore[arg-type]


def test_default_origins_are_half_yearly_and_end_where_the_horizon_fits() -> None:
    panel = make_panel(first_month="2017-01", n_months=60)
    assert list(default_origins(panel, 3, 12)) == months("2019-12", "2020-06", "2020-12")


def test_too_many_origins_are_refused_with_the_number_that_fits() -> None:
    panel = make_panel(n_months=48)
    assert len(default_origins(panel, 3, 12)) == 3
    with pytest.raises(WardcastError, match="1 to 3"):
        default_origins(panel, 4, 12)
    with pytest.raises(WardcastError, match="at least 36 months"):
        default_origins(make_panel(n_months=30), 1, 12)


def test_every_model_is_scored_on_the_same_cells() -> None:
    panel = make_panel(n_months=48)
    result = compared(panel, "2019-06", "2019-12", forecasters=NAMES)
    keys = ["origin", "ward_code", "category", "month", "horizon", "actual"]
    first, *others = (part[keys].reset_index(drop=True) for _, part in result.cells.groupby("model", sort=False))
    assert len(first) == 2 * 4 * 2 * 6
    for other in others:
        pd.testing.assert_frame_equal(first, other)
    assert result.summary["model"].tolist() == list(NAMES)
    assert len(result.per_horizon) == 3 * 6
    assert result.summary.drop(columns="model").notna().all().all()
    assert any("Pseudo-real-time" in note for note in result.notes)


def test_months_after_the_origin_are_never_seen() -> None:
    panel = make_panel(n_months=48, n_other_wards=2)
    counts = panel.counts.copy()
    counts[:, :, panel.months > "2019-12"] = 12_345.0
    honest = compared(panel, "2019-12", forecasters=NAMES).cells
    blind = compared(replace(panel, counts=counts), "2019-12", forecasters=NAMES).cells
    said = ["model", "month", "mean", "median", "q05", "q95", "scale", "squared_scale"]
    pd.testing.assert_frame_equal(honest[said], blind[said])
    assert (blind["actual"] == 12_345.0).all()


def test_the_summary_follows_from_the_cells() -> None:
    panel = make_panel(n_months=48)
    result = compared(panel, "2019-12", forecasters=("mean_12_months",), horizon_months=12)
    counts = panel.counts.reshape(8, 48)
    median = result.cells.sort_values(["ward_code", "category", "month"])["median"].to_numpy().reshape(4, 2, 12)
    order = [sorted(panel.categories).index(category) for category in panel.categories]
    expected = mase(counts[:, 36:], median[:, order].reshape(8, 12), seasonal_scale(counts[:, :36]))
    assert result.summary["mase"].item() == pytest.approx(expected)


def test_unobserved_months_are_not_scored() -> None:
    panel = make_panel(n_months=48)
    counts = panel.counts.copy()
    counts[:, :, 40] = np.nan
    result = compared(replace(panel, counts=counts), "2019-12", forecasters=("seasonal_naive",), horizon_months=12)
    assert len(result.cells) == 4 * 2 * 11
    assert panel.months[40] not in set(result.cells["month"])


def test_progress_is_told_and_ends_at_one() -> None:
    told: list[float] = []
    compared(make_panel(n_months=40), "2019-06", horizon_months=3, progress=lambda fraction, _: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_origins_beyond_the_data_and_unknown_models_are_refused() -> None:
    panel = make_panel(n_months=48)
    with pytest.raises(WardcastError, match="too early for 1 of the origins"):
        backtest(panel, forecasters=["seasonal_naive"], origins=months("2020-06"), horizon_months=12)
    with pytest.raises(WardcastError, match="too late for 1 of the origins") as early:
        backtest(panel, forecasters=["seasonal_naive"], origins=months("2015-06", "2019-12"), horizon_months=3)
    assert [(problem.where, problem.found) for problem in early.value.problems] == [("origins", "2015-06")]
    with pytest.raises(WardcastError, match="Did you mean"):
        backtest(panel, forecasters=["prophet"], origins=months("2019-12"), horizon_months=3)
    with pytest.raises(WardcastError, match="at least one"):
        backtest(panel, forecasters=[], origins=months("2019-12"), horizon_months=3)


def test_workers_give_the_same_scores_as_this_process() -> None:
    panel = make_panel(n_months=48)
    here = compared(panel, "2019-06", "2019-12")
    there = compared(panel, "2019-06", "2019-12", fan_out=FanOut(workers=2))
    pd.testing.assert_frame_equal(here.cells, there.cells)
    pd.testing.assert_frame_equal(here.summary.drop(columns="seconds"), there.summary.drop(columns="seconds"))


def test_the_first_forecaster_is_compared_with_the_others_and_ranked_with_them() -> None:
    result = compared(make_panel(n_months=72), "2019-06", "2020-06", "2021-06")
    assert set(result.differences["model"]) == {"mean_12_months"}
    assert set(result.differences["against"]) == {"seasonal_naive"}
    scores = result.summary.set_index("model")
    row = result.differences.set_index("measure").loc["mase"]
    assert row["value"] == pytest.approx(scores.loc["mean_12_months", "mase"])
    assert row["value_against"] == pytest.approx(scores.loc["seasonal_naive", "mase"])
    assert len(result.per_origin) == len(BENCHMARKS) * 3
    assert set(result.calibration["model"]) == set(result.ranking["model"]) == set(BENCHMARKS)
    assert compared(make_panel(n_months=48), "2019-12", forecasters=BENCHMARKS[:1]).differences.empty


def test_levels_agree_and_nothing_is_below_zero() -> None:
    summary = compared(make_panel(n_months=48), "2019-12", forecasters=NAMES).summary
    assert (summary["incoherence"] < 1e-9).all()
    assert (summary["negatives"] == 0).all()


def test_groups_of_wards_are_scored_where_the_panel_has_them() -> None:
    panel = make_panel(n_months=48)
    assert compared(panel, "2019-12").per_group.empty
    groups = pd.DataFrame({"ward_code": panel.area.ward_codes, "group": ["growing", "growing", "settled", "settled"]})
    scores = compared(replace(panel, ward_groups=groups), "2019-12").per_group
    assert scores.groupby("group")["cells"].first().to_dict() == {"growing": 24, "settled": 24}


def test_populations_that_were_not_published_yet_are_not_used() -> None:
    residents = {f"E0500000{ward}": {2017: 10_000.0, 2019: 10_000.0, 2021: 30_000.0} for ward in range(1, 5)}
    panel = make_panel(n_months=48, census_persons=[10_000.0] * 4, projection=residents)
    known, unknown, before = (
        compared(panel, "2019-12", forecasters=("pooled_prophet",), availability=availability)
        for availability in (
            Availability(),
            Availability(projection_known_from=pd.Timestamp("2021-01")),
            Availability(projection_known_from=pd.Timestamp("2019-01")),
        )
    )
    assert before.cells["mean"].sum() == known.cells["mean"].sum()
    assert known.cells["mean"].sum() > 1.05 * unknown.cells["mean"].sum()
    assert any("whenever it was made" in note for note in known.notes)
    assert any("from 2021-01 on" in note for note in unknown.notes)


def test_on_the_real_borough_the_pooled_forecaster_beats_both_benchmarks(real_data: Path) -> None:
    ingest = pytest.importorskip("wardcast_models.panel.ingest")
    panel = ingest.read_folder(real_data, area="E09000002")
    result = compared(panel, "2019-02", "2023-02", forecasters=NAMES, horizon_months=12, n_paths=200)
    scores = result.summary.set_index("model")
    ours = scores.loc["pooled_prophet"]
    for other in ("mean_12_months", "seasonal_naive"):
        for measure in ("mase", "wape", "rmsse", "scaled_crps"):
            assert ours[measure] < scores.loc[other, measure]
    assert 0.75 < ours["pit_80"] < 0.86
