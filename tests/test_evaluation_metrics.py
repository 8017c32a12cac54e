"""Measures agree with their definitions and with the libraries that others use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wardcast_models.evaluation import metrics

RNG = np.random.default_rng(11)
HISTORY = RNG.poisson(6.0, size=(7, 60)).astype(float)
ACTUAL = RNG.poisson(6.0, size=(7, 12)).astype(float)
FORECAST = RNG.gamma(6.0, 1.0, size=(7, 12))
PATHS = RNG.poisson(6.0, size=(50, 7, 12))


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return forecasts and history in the layout of utilsforecast."""
    ids = np.repeat([f"series {number}" for number in range(7)], 12)
    months = pd.date_range("2020-01-01", periods=12, freq="MS")
    cells = pd.DataFrame(
        {"unique_id": ids, "ds": np.tile(months, 7), "y": ACTUAL.reshape(-1), "model": FORECAST.reshape(-1)}
    )
    past = pd.date_range("2015-01-01", periods=60, freq="MS")
    train = pd.DataFrame(
        {
            "unique_id": np.repeat([f"series {number}" for number in range(7)], 60),
            "ds": np.tile(past, 7),
            "y": HISTORY.reshape(-1),
        }
    )
    return cells, train


def test_scaled_errors_agree_with_utilsforecast() -> None:
    losses = pytest.importorskip("utilsforecast.losses", reason="utilsforecast is a development tool")
    cells, train = frames()
    theirs = losses.mase(cells, models=["model"], seasonality=12, train_df=train)["model"].mean()
    assert metrics.mase(ACTUAL, FORECAST, metrics.seasonal_scale(HISTORY)) == pytest.approx(theirs, abs=1e-9)
    theirs = losses.rmsse(cells, models=["model"], seasonality=12, train_df=train)["model"].mean()
    squared = metrics.seasonal_scale(HISTORY, power=2)
    assert metrics.rmsse(ACTUAL, FORECAST, squared) == pytest.approx(theirs, abs=1e-9)


def test_pinball_agrees_with_utilsforecast() -> None:
    losses = pytest.importorskip("utilsforecast.losses", reason="utilsforecast is a development tool")
    cells, _ = frames()
    theirs = losses.quantile_loss(cells, models={"model": "model"}, q=0.3)["model"].mean()
    assert metrics.pinball(ACTUAL, FORECAST[None], (0.3,)).mean() == pytest.approx(theirs, abs=1e-9)


def test_crps_agrees_with_scoringrules_and_with_all_pairs() -> None:
    ours = metrics.crps(ACTUAL, PATHS)
    sample = PATHS.astype(float)
    pairs = np.abs(sample[:, None] - sample[None]).mean(axis=(0, 1))
    assert np.allclose(ours, np.abs(sample - ACTUAL).mean(axis=0) - pairs / 2, atol=1e-12)
    rules = pytest.importorskip("scoringrules", reason="scoringrules is a development tool")
    assert np.allclose(ours, rules.crps_ensemble(ACTUAL, sample, m_axis=0, estimator="nrg"), atol=1e-9)


def test_wape_and_bias_of_a_small_example() -> None:
    actual, forecast = np.array([[2.0, 0.0, np.nan]]), np.array([[3.0, 1.0, 100.0]])
    assert metrics.wape(actual, forecast) == pytest.approx(1.0)
    assert metrics.bias(actual, forecast) == pytest.approx(1.0)
    assert np.isnan(metrics.wape(np.zeros((1, 2)), np.ones((1, 2))))


def test_series_without_a_season_to_scale_by_are_left_out() -> None:
    history = np.vstack([np.zeros(36), np.tile([1.0, 3.0], 18) + np.repeat([0, 2, 4], 12)])
    actual, forecast = np.ones((2, 3)), np.zeros((2, 3))
    scale = metrics.seasonal_scale(history)
    assert scale.tolist() == [0.0, 2.0]
    assert metrics.mase(actual, forecast, scale) == pytest.approx(0.5)
    assert np.isnan(metrics.mase(actual, forecast, np.zeros(2)))


def test_unknown_months_do_not_count_as_zeros_in_the_scale() -> None:
    history = np.arange(36.0)
    history[20] = np.nan
    assert metrics.seasonal_scale(history) == pytest.approx(12.0)


def test_coverage_counts_the_ends_in() -> None:
    actual = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    assert metrics.coverage(actual, np.full(5, 2.0), np.full(5, 3.0)) == pytest.approx(0.5)


def test_randomised_pit_of_a_calibrated_count_forecast_is_uniform() -> None:
    rng = np.random.default_rng(5)
    rate = rng.gamma(1.0, 2.0, size=4000)
    paths, actual = rng.poisson(rate, size=(300, 4000)), rng.poisson(rate).astype(float)
    pit = metrics.randomised_pit(actual, paths)
    assert ((pit > 0) & (pit < 1)).all()
    assert ((pit > 0.1) & (pit < 0.9)).mean() == pytest.approx(0.8, abs=0.02)
    assert np.histogram(pit, bins=10, range=(0, 1))[0] == pytest.approx(np.full(10, 400), abs=80)


def test_the_median_wins_absolute_errors_and_the_mean_squared_ones() -> None:
    counts = np.random.default_rng(6).negative_binomial(0.8, 0.2, size=(1, 5000)).astype(float)
    mean, median = np.full_like(counts, counts.mean()), np.full_like(counts, np.median(counts))
    one = np.ones(1)
    assert metrics.mase(counts, median, one) < metrics.mase(counts, mean, one)
    assert metrics.rmsse(counts, mean, one) < metrics.rmsse(counts, median, one)
