"""An expected count in parts that add up: level, season, trend, residents, homes, events."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.panels import make_panel, pipeline_frame
from wardcast_models.forecasting.expectation import COMPONENTS, divided, season_and_level
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.panel import Panel

POOLED = ("pooled_prophet", "pooled_ets", "pooled_theta")
every_pooled_model = pytest.mark.parametrize("name", POOLED)
SEASON = np.array([0.7, 0.75, 0.85, 0.95, 1.05, 1.2, 1.3, 1.25, 1.15, 1.05, 0.95, 0.8])
FACTORS = len(COMPONENTS) - 1


def forecast_of(name: str, panel: Panel, *, scenario: str = "as_planned", n_paths: int = 2) -> Forecast:
    trained = forecaster(name).fit(panel, until=panel.last_month)
    return trained.forecast(horizon_months=12, n_paths=n_paths, scenario=scenario)


def part(forecast: Forecast, name: str) -> np.ndarray:
    return forecast.components[COMPONENTS.index(name)]


@given(
    level=arrays(np.float64, (3, 2, 1), elements=st.floats(0.0, 1e4)),
    logarithms=arrays(np.float64, (FACTORS, 3, 2, 4), elements=st.floats(-2.0, 2.0)),
)
def test_the_parts_add_up_to_level_times_factors(level: np.ndarray, logarithms: np.ndarray) -> None:
    parts = divided(level, logarithms)
    whole = level * np.exp(logarithms.sum(axis=0))
    assert parts.shape == (len(COMPONENTS), 3, 2, 4)
    size = np.abs(parts).sum(axis=0)
    assert (np.abs(parts.sum(axis=0) - whole) <= 1e-12 * (1.0 + size + whole)).all()
    assert ((np.sign(parts[1:]) == np.sign(logarithms)) | (np.abs(parts[1:]) < 1e-300)).all()


def test_no_factor_is_favoured_by_its_place_and_none_that_does_nothing_counts() -> None:
    doubled, halved = np.log(2.0), np.log(0.5)
    parts = divided(np.array([10.0]), np.array([[doubled], [0.0], [halved]]))
    assert parts[:, 0] == pytest.approx([10.0, 10.0 * doubled, 0.0, 10.0 * halved])
    alone = divided(np.array([10.0]), np.array([[0.0], [doubled]]))
    assert alone[:, 0] == pytest.approx([10.0, 0.0, 10.0])


def test_the_level_is_the_mean_of_a_year() -> None:
    season, shift = season_and_level(np.tile(np.log(3.0 * SEASON), 3))
    assert np.exp(season[:12]).mean() == pytest.approx(1.0)
    assert np.exp(shift) == pytest.approx(3.0 * SEASON.mean())


@every_pooled_model
def test_a_known_season_is_told_apart_from_the_level(name: str) -> None:
    panel = make_panel(n_months=84, monthly_mean=400.0, level=lambda months: SEASON[months.month - 1])
    forecast = forecast_of(name, panel)
    assert part(forecast, "level")[:, 0] == pytest.approx(400.0, rel=0.06)
    assert part(forecast, "season")[:, 0].mean(axis=0) == pytest.approx(400.0 * (SEASON - 1.0), abs=25.0)
    assert np.abs(part(forecast, "season")[:, 0].sum(axis=1)).max() < 20.0
    for other in ("residents", "homes", "events"):
        assert not part(forecast, other).any()
    assert np.abs(part(forecast, "trend")).max() < 25.0


@every_pooled_model
def test_a_known_trend_is_told_apart_from_the_level(name: str) -> None:
    yearly = 1.15
    panel = make_panel(n_months=84, monthly_mean=200.0, level=lambda months: yearly ** (np.arange(len(months)) / 12.0))
    forecast = forecast_of(name, panel)
    now = 200.0 * yearly ** (83 / 12.0)
    assert part(forecast, "level")[:, 0] == pytest.approx(now, rel=0.08)
    trend = part(forecast, "trend")[:, 0].mean(axis=0)
    assert (np.diff(trend) > 0).all()
    # A trend is damped (Prophet, ETS) or halved (Theta): less than all of it, but some.
    assert 0.2 < trend[11] / (now * (yearly - 1.0)) < 1.1
    assert np.abs(part(forecast, "season")).max() < 0.06 * now


@every_pooled_model
def test_a_change_of_recording_is_an_event_and_neither_level_nor_trend(name: str) -> None:
    panel = make_panel(
        first_month="2019-04",
        n_months=72,
        monthly_mean=200.0,
        level=lambda months: np.where(months >= "2024-03-01", 0.6, 1.0),
    )
    forecast = forecast_of(name, panel)
    assert forecast.mean[:, 0].mean() == pytest.approx(120.0, rel=0.06)
    assert part(forecast, "level")[:, 0].mean() == pytest.approx(200.0, rel=0.08)
    assert part(forecast, "events")[:, 0].mean() == pytest.approx(-80.0, rel=0.2)
    assert np.abs(part(forecast, "trend")[:, 0].mean(axis=0)).max() < 12.0


def test_homes_and_residents_are_told_apart_and_homes_stop_when_none_are_built() -> None:
    pipeline = pipeline_frame(
        {
            "ward_code": "E05000001",
            "homes": 1000,
            "first_completion": "2022-08",
            "last_completion": "2023-07",
            "persons_per_home": 1.0,
        }
    )
    projection = {f"E0500000{number}": {2016: 1000.0, 2022: 1000.0, 2023: 1200.0} for number in range(1, 5)}
    panel = make_panel(
        first_month="2017-08", n_months=60, census_persons=[1000.0] * 4, projection=projection, pipeline=pipeline
    )
    planned, none = (forecast_of("pooled_theta", panel, scenario=scenario) for scenario in ("as_planned", "none"))
    last = (slice(None), slice(None), 11)
    of_level = {
        name: (part(planned, name) / part(planned, "level"))[last].mean(axis=1) for name in ("residents", "homes")
    }
    assert (of_level["homes"] > 0.5).tolist() == [True, False, False, False]
    assert not part(planned, "homes")[1:].any()
    assert np.abs(part(planned, "residents")[0]).max() < 1e-9
    assert of_level["residents"][1:] == pytest.approx(0.2, abs=0.05)
    assert not part(none, "homes").any()
    assert part(none, "residents")[1:] == pytest.approx(part(planned, "residents")[1:])
    assert np.array_equal(part(none, "level"), part(planned, "level"))


def test_the_table_of_parts_has_a_row_for_every_series_and_month_and_adds_up() -> None:
    forecast = forecast_of("pooled_theta", make_panel(n_months=60))
    frame = forecast.decomposition_frame()
    assert list(frame.columns) == ["ward_code", "category", "month", *COMPONENTS, "expected"]
    assert frame[list(COMPONENTS)].sum(axis=1).to_numpy() == pytest.approx(frame["expected"].to_numpy())
    one = frame[(frame["ward_code"] == "E05000003") & (frame["category"] == "burglary_residential")]
    assert one["month"].tolist() == list(forecast.months)
    assert one["expected"].to_numpy() == pytest.approx(forecast.mean[2, 1])
    assert one["month"].dtype == pd.DatetimeIndex(forecast.months).dtype
