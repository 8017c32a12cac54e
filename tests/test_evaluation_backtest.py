"""Backtests: rolling origins without a look ahead, and a fair comparison."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from wardcast_models.errors import WardcastError
from wardcast_models.evaluation.backtest import backtest
from wardcast_models.evaluation.metrics import mase, seasonal_scale
from wardcast_models.evaluation.origins import default_origins

NAMES = ("pooled_prophet", "mean_12_months", "seasonal_naive")


def months(*labels: str) -> list[pd.Timestamp]:
    return [pd.Timestamp(label) for label in labels]


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
    result = backtest(panel, forecasters=NAMES, origins=months("2019-06", "2019-12"), horizon_months=6, n_paths=60)
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
    origin = pd.Timestamp("2019-12")
    counts = panel.counts.copy()
    counts[:, :, panel.months > origin] = 12_345.0
    options = {"forecasters": NAMES, "origins": [origin], "horizon_months": 6, "n_paths": 40}
    honest = backtest(panel, **options).cells  # type: ignore[arg-type]  # one dict for both calls
    blind = backtest(replace(panel, counts=counts), **options).cells  # type: ignore[arg-type]
    said = ["model", "month", "mean", "median", "q05", "q95", "scale", "squared_scale"]
    pd.testing.assert_frame_equal(honest[said], blind[said])
    assert (blind["actual"] == 12_345.0).all()


def test_the_summary_follows_from_the_cells() -> None:
    panel = make_panel(n_months=48)
    result = backtest(panel, forecasters=["mean_12_months"], origins=months("2019-12"), horizon_months=12, n_paths=80)
    counts = panel.counts.reshape(8, 48)
    median = result.cells.sort_values(["ward_code", "category", "month"])["median"].to_numpy().reshape(4, 2, 12)
    order = [sorted(panel.categories).index(category) for category in panel.categories]
    expected = mase(counts[:, 36:], median[:, order].reshape(8, 12), seasonal_scale(counts[:, :36]))
    assert result.summary["mase"].item() == pytest.approx(expected)


def test_unobserved_months_are_not_scored() -> None:
    panel = make_panel(n_months=48)
    counts = panel.counts.copy()
    counts[:, :, 40] = np.nan
    result = backtest(
        replace(panel, counts=counts),
        forecasters=["seasonal_naive"],
        origins=months("2019-12"),
        horizon_months=12,
        n_paths=20,
    )
    assert len(result.cells) == 4 * 2 * 11
    assert panel.months[40] not in set(result.cells["month"])


def test_progress_is_told_and_ends_at_one() -> None:
    told: list[float] = []
    backtest(
        make_panel(n_months=40),
        forecasters=["mean_12_months", "seasonal_naive"],
        origins=months("2019-06"),
        horizon_months=3,
        n_paths=20,
        progress=lambda fraction, _: told.append(fraction),
    )
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_origins_beyond_the_data_and_unknown_models_are_refused() -> None:
    panel = make_panel(n_months=48)
    with pytest.raises(WardcastError, match="too early for 1 of the origins"):
        backtest(panel, forecasters=["seasonal_naive"], origins=months("2020-06"), horizon_months=12)
    with pytest.raises(WardcastError, match="Did you mean"):
        backtest(panel, forecasters=["prophet"], origins=months("2019-12"), horizon_months=3)
    with pytest.raises(WardcastError, match="at least one"):
        backtest(panel, forecasters=[], origins=months("2019-12"), horizon_months=3)


def test_on_the_real_borough_the_pooled_forecaster_beats_both_benchmarks(real_data: Path) -> None:
    ingest = pytest.importorskip("wardcast_models.panel.ingest")
    panel = ingest.read_folder(real_data, area="E09000002")
    result = backtest(panel, forecasters=NAMES, origins=months("2019-02", "2023-02"), horizon_months=12, n_paths=200)
    scores = result.summary.set_index("model")
    ours = scores.loc["pooled_prophet"]
    for other in ("mean_12_months", "seasonal_naive"):
        for measure in ("mase", "wape", "rmsse", "scaled_crps"):
            assert ours[measure] < scores.loc[other, measure]
    assert 0.75 < ours["pit_80"] < 0.86
