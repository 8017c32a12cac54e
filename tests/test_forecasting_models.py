"""What every shipped forecaster promises: honest, coherent, seeded count paths without a look ahead."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.panels import make_panel
from wardcast_models.errors import WardcastError
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.forecaster import Forecaster, TrainedForecaster
from wardcast_models.forecasting.registry import DEFAULT_FORECASTER, forecaster, forecaster_names
from wardcast_models.panel.panel import Panel

every_forecaster = pytest.mark.parametrize("name", forecaster_names())


def fitted(name: str, panel: Panel, until: pd.Timestamp | None = None) -> TrainedForecaster:
    return forecaster(name).fit(panel, until=until or panel.last_month)


def test_every_shipped_model_is_registered() -> None:
    assert set(forecaster_names()) >= {
        "pooled_prophet",
        "pooled_ets",
        "pooled_theta",
        "simple_smoothing",
        "ward_prophet",
        "mean_12_months",
        "seasonal_naive",
    }
    assert DEFAULT_FORECASTER in forecaster_names()
    assert all(isinstance(forecaster(name), Forecaster) for name in forecaster_names())


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(WardcastError, match="Did you mean `seasonal_naive`"):
        forecaster("seasonal-naiv")


@every_forecaster
def test_paths_are_counts_of_the_area_for_the_months_asked(name: str) -> None:
    panel = make_panel(n_other_wards=3)
    forecast = fitted(name, panel).forecast(horizon_months=7, n_paths=50)
    assert forecast.paths.shape == (50, 4, 2, 7)
    assert forecast.paths.dtype == np.int32
    assert forecast.paths.min() >= 0
    assert forecast.ward_codes == panel.area.ward_codes
    assert forecast.months[0] == panel.last_month + pd.DateOffset(months=1)
    assert (forecast.model, forecast.until, forecast.panel_digest) == (name, panel.last_month, "test")
    assert np.allclose(forecast.demand_history, panel.counts[:4, :, -12:].mean(axis=2))
    assert forecast.to_frame()["mean"].notna().all()


@every_forecaster
def test_what_is_expected_is_split_in_counts_that_add_up_and_the_paths_scatter_around_it(name: str) -> None:
    forecast = fitted(name, make_panel(n_other_wards=3)).forecast(horizon_months=7, n_paths=600)
    assert forecast.components.shape == (len(COMPONENTS), 4, 2, 7)
    assert np.isfinite(forecast.components).all()
    assert (forecast.components[0] > 0).all()
    assert (forecast.mean > 0).all()
    assert np.allclose(forecast.mean, forecast.components.sum(axis=0), rtol=0, atol=1e-9)
    drawn = forecast.paths.mean(axis=0)
    assert drawn.sum(axis=(0, 2)) == pytest.approx(forecast.mean.sum(axis=(0, 2)), rel=0.05)
    assert sum(weight for _, weight in forecast.member_weights) == pytest.approx(1.0)


@every_forecaster
def test_a_steady_rate_is_found(name: str) -> None:
    panel = make_panel(ward_weights=[1, 2, 3, 4], n_months=72)
    forecast = fitted(name, panel).forecast(horizon_months=12, n_paths=400)
    truth = 20.0 * np.array([1, 2, 3, 4])[:, None] / np.array([1, 2])[None, :]
    assert np.allclose(forecast.mean.mean(axis=2), truth, rtol=0.15)


@every_forecaster
def test_the_same_seed_gives_the_same_paths_and_another_seed_does_not(name: str) -> None:
    panel = make_panel()
    trained = fitted(name, panel)
    first = trained.forecast(horizon_months=3, n_paths=40, seed=7)
    again = fitted(name, panel).forecast(horizon_months=3, n_paths=40, seed=7)
    other = trained.forecast(horizon_months=3, n_paths=40, seed=8)
    assert np.array_equal(first.paths, again.paths)
    assert not np.array_equal(first.paths, other.paths)


@every_forecaster
def test_months_after_the_last_one_learned_from_change_nothing(name: str) -> None:
    panel = make_panel(n_months=60, n_other_wards=2, census_persons=[1000.0] * 6)
    until = panel.months[47]
    counts = panel.counts.copy()
    counts[:, :, 48:] = 100_000.0
    honest = fitted(name, panel, until).forecast(horizon_months=12, n_paths=40)
    blind = fitted(name, replace(panel, counts=counts), until).forecast(horizon_months=12, n_paths=40)
    assert np.array_equal(honest.paths, blind.paths)
    assert np.array_equal(honest.demand_history, blind.demand_history)
    assert honest.assumptions == blind.assumptions


@every_forecaster
def test_a_trained_forecaster_is_small_pickles_and_forecasts_again(name: str) -> None:
    panel = make_panel(n_other_wards=8, n_months=120)
    trained = fitted(name, panel)
    packed = pickle.dumps(trained)
    assert len(packed) < 50_000
    restored = pickle.loads(packed)  # noqa: S301 - packed two lines above
    assert isinstance(restored, TrainedForecaster)
    assert np.array_equal(
        restored.forecast(horizon_months=4, n_paths=30).paths, trained.forecast(horizon_months=4, n_paths=30).paths
    )


@every_forecaster
def test_a_missing_month_is_not_a_zero(name: str) -> None:
    full = make_panel(random_seed=None, monthly_mean=40.0)
    counts = full.counts.copy()
    counts[:, :, [20, 40, 55]] = np.nan
    forecast = fitted(name, replace(full, counts=counts)).forecast(horizon_months=6, n_paths=400)
    assert np.allclose(forecast.mean.mean(axis=(0, 2)), [40.0, 20.0], rtol=0.05)


@every_forecaster
def test_a_dead_category_is_forecast_at_its_low_rate(name: str) -> None:
    panel = make_panel(categories=("violence_with_injury", "homicide"))
    counts = panel.counts.copy()
    counts[:, 1] = 0.0
    forecast = fitted(name, replace(panel, counts=counts)).forecast(horizon_months=12, n_paths=100)
    assert "homicide" in forecast.categories
    assert forecast.mean[:, 1].max() < 0.2
    assert forecast.too_few[:, 1].all()


@every_forecaster
def test_a_category_not_observed_for_a_year_is_left_out_and_that_is_said(name: str) -> None:
    panel = make_panel(categories=("violence_with_injury", "asb"))
    counts = panel.counts.copy()
    counts[:, 1, -13:] = np.nan
    forecast = fitted(name, replace(panel, counts=counts)).forecast(horizon_months=2, n_paths=20)
    assert forecast.categories == ("violence_with_injury",)
    assert any("Anti-social behaviour" in note and "not forecast" in note for note in forecast.assumptions)


@every_forecaster
def test_two_years_are_enough_and_less_is_refused(name: str) -> None:
    forecast = fitted(name, make_panel(n_months=24)).forecast(horizon_months=3, n_paths=100)
    assert np.allclose(forecast.mean.mean(axis=(0, 2)), [20.0, 10.0], rtol=0.2)
    with pytest.raises(WardcastError, match="23 months of data are too few"):
        fitted(name, make_panel(n_months=23))


@every_forecaster
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"horizon_months": 0}, "horizon_months"),
        ({"horizon_months": 37}, "horizon_months"),
        ({"horizon_months": 3, "n_paths": 0}, "n_paths"),
        ({"horizon_months": 3, "scenario": "faster"}, "scenario"),
    ],
)
def test_impossible_wishes_are_refused_by_name(name: str, asked: dict[str, object], field: str) -> None:
    trained = fitted(name, make_panel(n_months=24, categories=("violence_with_injury",)))
    with pytest.raises(WardcastError, match=field):
        trained.forecast(**asked)  # type: ignore[arg-type]  # wrong on purpose


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    monthly_mean=st.floats(0.02, 60),
    n_months=st.integers(24, 60),
    seed=st.integers(0, 1000),
    horizon=st.integers(1, 36),
)
def test_simple_forecasters_stay_non_negative_and_finite(
    monthly_mean: float, n_months: int, seed: int, horizon: int
) -> None:
    panel = make_panel(monthly_mean=monthly_mean, n_months=n_months, random_seed=seed)
    for name in ("mean_12_months", "seasonal_naive", "simple_smoothing", "pooled_theta"):
        forecast = fitted(name, panel).forecast(horizon_months=horizon, n_paths=20)
        assert forecast.paths.min() >= 0
        assert np.isfinite(forecast.mean).all()
        assert forecast.mean.max() < 50 * monthly_mean + 50


def test_seasonal_naive_repeats_the_last_known_same_month() -> None:
    panel = make_panel(random_seed=None, level=lambda months: 1.0 + months.month.to_numpy() / 12.0, n_months=48)
    counts = panel.counts.copy()
    counts[:, :, -3] = np.nan
    forecast = fitted("seasonal_naive", replace(panel, counts=counts)).forecast(horizon_months=12, n_paths=4000)
    assert np.allclose(forecast.mean[0, 0], panel.counts[0, 0, -12:], rtol=0.05)
