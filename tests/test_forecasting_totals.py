"""The models of a pooled total, and what they are built of, against known truth and the libraries they follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.api import SimpleExpSmoothing
from statsmodels.tsa.forecasting.theta import ThetaModel

from tests.panels import make_panel
from wardcast_models.forecasting.ets_total import EtsTotal
from wardcast_models.forecasting.fitting import fitting_of
from wardcast_models.forecasting.local_level import season_and_events
from wardcast_models.forecasting.prophet_engine import prophet_class
from wardcast_models.forecasting.prophet_total import ProphetTotal
from wardcast_models.forecasting.simple_smoothing import SimpleSmoothing
from wardcast_models.forecasting.smoothing import levels_of, smooth
from wardcast_models.forecasting.theta_total import ThetaTotal
from wardcast_models.forecasting.total import TotalForecast, TotalModel
from wardcast_models.forecasting.ward_prophet import WARD_PROPHET

N_MONTHS, N_AHEAD = 96, 36
MONTHS = pd.date_range("2015-01-01", periods=N_MONTHS + N_AHEAD, freq="MS")
SEASON = 0.3 * np.sin(2.0 * np.pi * (MONTHS.month.to_numpy() - 1) / 12.0)
STEP = pd.DataFrame({"step": (np.arange(len(MONTHS)) >= 80).astype(float)}, index=MONTHS)
NOTHING = pd.DataFrame(index=MONTHS)

every_model = pytest.mark.parametrize(
    "model", [ProphetTotal(), EtsTotal(), ThetaTotal()], ids=lambda one: type(one).__name__
)


def poisson_total(log: np.ndarray, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(np.exp(log[:N_MONTHS])).astype(float)


def ahead(forecast: TotalForecast) -> np.ndarray:
    return forecast.level * np.exp(forecast.season + forecast.trend + forecast.events)


@every_model
def test_level_season_and_step_are_found(model: TotalModel) -> None:
    log = np.log(2000.0) + SEASON - 0.4 * STEP["step"].to_numpy()
    forecast = model.forecast(poisson_total(log), MONTHS, STEP)
    assert ahead(forecast) == pytest.approx(np.exp(log[N_MONTHS:]), rel=0.08)
    assert forecast.level == pytest.approx(2000.0, rel=0.08)
    assert forecast.season == pytest.approx(SEASON[N_MONTHS:], abs=0.05)
    assert forecast.events == pytest.approx(np.full(N_AHEAD, -0.4), abs=0.06)
    assert forecast.past_level == pytest.approx(np.full(N_MONTHS, np.log(2000.0)), abs=0.15)


@every_model
def test_months_not_observed_are_passed_over(model: TotalModel) -> None:
    total = poisson_total(np.log(1000.0) + SEASON)
    total[[5, 30, 31, 32, 60, 94, 95]] = np.nan
    forecast = model.forecast(total, MONTHS, NOTHING)
    assert ahead(forecast)[:12] == pytest.approx(1000.0 * np.exp(SEASON[:12]), rel=0.12)
    assert np.array_equal(np.isnan(forecast.past_level), np.isnan(total))


@every_model
def test_a_total_of_nothing_stays_next_to_nothing(model: TotalModel) -> None:
    forecast = model.forecast(np.zeros(N_MONTHS), MONTHS, STEP)
    assert np.isfinite(ahead(forecast)).all()
    assert (ahead(forecast) > 0).all()
    assert ahead(forecast).max() < 0.1


@every_model
def test_the_mean_and_not_the_median_of_a_skewed_total_is_kept(model: TotalModel) -> None:
    noise = np.random.default_rng(4).normal(0.0, 0.6, N_MONTHS)
    total = np.rint(500.0 * np.exp(noise))
    forecast = model.forecast(total, MONTHS, NOTHING)
    assert ahead(forecast)[:12].mean() == pytest.approx(total[-36:].mean(), rel=0.15)
    assert ahead(forecast)[:12].mean() > 1.05 * np.median(total)


def test_a_slow_change_of_level_is_not_taken_for_an_event() -> None:
    slow = np.linspace(0.0, -1.0, len(MONTHS))
    log = np.log(2000.0) + slow + 0.2 * STEP["step"].to_numpy()
    found = season_and_events(np.log(poisson_total(log)), MONTHS, STEP)
    assert found.events[-1] == pytest.approx(0.2, abs=0.06)
    assert np.abs(found.season).max() < 0.03


def test_smoothing_agrees_with_statsmodels() -> None:
    series = np.random.default_rng(1).poisson(30.0, (3, 60)).astype(float)
    alphas = np.array([0.1, 0.2, 0.5])
    levels = levels_of(series, alphas)
    for number, alpha in enumerate(alphas):
        model = SimpleExpSmoothing(
            series[number], initialization_method="known", initial_level=series[number, :12].mean()
        )
        assert levels[number] == pytest.approx(model.fit(smoothing_level=alpha, optimized=False).level)


def test_every_series_gets_the_weight_that_suits_it() -> None:
    rng = np.random.default_rng(2)
    steady = rng.normal(100.0, 10.0, 180)
    wandering = 100.0 + rng.normal(0.0, 10.0, 180).cumsum()
    smoothed = smooth(np.stack([steady, wandering]), np.array([0.02, 0.2, 0.5, 0.9]))
    assert smoothed.alpha.tolist() == [0.02, 0.9]
    assert smoothed.levels[0, -1] == pytest.approx(100.0, abs=4.0)


def test_a_month_not_observed_leaves_the_level_where_it_was() -> None:
    series = np.random.default_rng(3).poisson(30.0, (2, 48)).astype(float)
    with_gap = np.insert(series, 20, np.nan, axis=1)
    alphas = np.array([0.1, 0.3])
    assert np.delete(levels_of(with_gap, alphas), 20, axis=1) == pytest.approx(levels_of(series, alphas))


def test_theta_agrees_with_statsmodels_on_what_is_left_without_season() -> None:
    rng = np.random.default_rng(6)
    log = np.log(20_000.0) + 0.004 * np.arange(len(MONTHS)) + rng.normal(0.0, 0.05, len(MONTHS)).cumsum()
    forecast = ThetaTotal().forecast(np.exp(log[:N_MONTHS]), MONTHS, NOTHING)
    theirs = ThetaModel(forecast.past_level, period=12, deseasonalize=False).fit().forecast(12)
    assert np.log(forecast.level) + forecast.trend[:12] == pytest.approx(np.asarray(theirs), abs=0.01)


def test_a_ward_series_is_given_to_prophet_as_prophet_would_take_it() -> None:
    panel = make_panel(n_wards=2, n_months=60, categories=("violence_with_injury",))
    learned = WARD_PROPHET.expect(fitting_of(panel, panel.last_month))
    model = prophet_class()(uncertainty_samples=0)
    model.fit(pd.DataFrame({"ds": panel.months, "y": panel.counts[1, 0]}), seed=1)
    months = pd.date_range(panel.last_month, periods=37, freq="MS")[1:]
    still = np.zeros((2, len(months)))
    expected = learned.expectation.expected(residents=still, homes=still)
    assert expected[1, 0] == pytest.approx(model.predict(pd.DataFrame({"ds": months}))["yhat"])


def test_smoothing_per_exposure_follows_a_growing_ward() -> None:
    projection = {f"E0500000{number}": {2016: 500.0, 2022: 2000.0, 2024: 2000.0} for number in range(1, 5)}
    panel = make_panel(
        first_month="2016-08",
        n_months=72,
        projection=projection,
        level=lambda months: np.linspace(0.5, 2.0, len(months)),
    )
    fitting = fitting_of(panel, panel.last_month)
    per_exposure, plain = (SimpleSmoothing(per_exposure=wanted).expect(fitting).expectation for wanted in (True, False))
    assert per_exposure.level[:, 0].mean() == pytest.approx(40.0, rel=0.1)
    assert (plain.level < per_exposure.level).all()
    assert (per_exposure.follows_growth, plain.follows_growth) == (True, False)
