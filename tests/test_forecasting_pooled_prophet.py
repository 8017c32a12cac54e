"""The pooled forecaster: pooling, growth, events, known truth."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel, pipeline_frame
from wardcast_models.forecasting.pool import pool_category, ward_shares
from wardcast_models.forecasting.pooled import POOLED_PROPHET
from wardcast_models.forecasting.regimes import event_regressors
from wardcast_models.panel.panel import Panel

CODES = [f"E0500000{number}" for number in range(1, 5)]


def mean_forecast(
    panel: Panel, *, horizon_months: int = 12, scenario: str = "as_planned", n_paths: int = 200
) -> np.ndarray:
    trained = POOLED_PROPHET.fit(panel, until=panel.last_month)
    return trained.forecast(horizon_months=horizon_months, n_paths=n_paths, scenario=scenario).mean


def growing(last_years: dict[int, float], **options: object) -> Panel:
    projection = {code: {2016: 1000.0, 2022: 1000.0, **last_years} for code in CODES}
    return make_panel(first_month="2017-08", n_months=60, projection=projection, **options)  # type: ignore[arg-type]


def test_twice_the_residents_are_twice_the_crime() -> None:
    doubled = mean_forecast(growing({2023: 2000.0}), n_paths=600)
    flat = mean_forecast(growing({2023: 1000.0}), n_paths=600)
    assert (doubled[:, :, 11] / flat[:, :, 11]).mean() == pytest.approx(2.0, rel=0.05)
    assert (doubled[:, :, 5] / flat[:, :, 5]).mean() == pytest.approx(1.5, rel=0.05)


def test_past_growth_is_not_counted_twice() -> None:
    projection = {code: {2016: 500.0, 2022: 2000.0, 2024: 2000.0} for code in CODES}
    panel = make_panel(
        first_month="2016-08",
        n_months=72,
        projection=projection,
        level=lambda months: np.linspace(0.5, 2.0, len(months)),
    )
    forecast = POOLED_PROPHET.fit(panel, until=panel.last_month).forecast(horizon_months=12, n_paths=300)
    assert forecast.mean.mean(axis=(0, 2)) == pytest.approx([40.0, 20.0], rel=0.1)
    assert (forecast.exposure_growth > 1.1).all()


def test_growth_carried_from_older_wards_is_learned_from_and_that_of_one_borough_is_not() -> None:
    codes = [f"E0500000{number}" for number in range(1, 21)]
    growth = dict(zip(codes, np.linspace(1.0, 2.0, 20), strict=True))
    of_ward = {code: {2016: 1000.0, 2024: 1000.0 * factor} for code, factor in growth.items()}
    of_old = {f"OLD{code}": yearly for code, yearly in of_ward.items()}
    lookup = pd.DataFrame({"old_code": list(of_old), "new_code": codes, "share_of_old": 1.0})
    options = {"n_wards": 20, "first_month": "2016-08", "n_months": 72, "categories": ("violence_with_injury",)}
    carried = make_panel(projection=of_old, ward_lookup=lookup, **options)  # type: ignore[arg-type]  # one dict for both
    borough = make_panel(projection=of_old, **options)  # type: ignore[arg-type]
    own = make_panel(projection=of_ward, **options)  # type: ignore[arg-type]
    of_carried, of_borough, of_own = (
        " ".join(POOLED_PROPHET.fit(panel, until=panel.last_month).forecast(horizon_months=1, n_paths=5).assumptions)
        for panel in (carried, borough, own)
    )
    assert "mean 1.00 per cent more crime (sd 0.30;" in of_borough
    assert "prior only" in of_borough
    assert "moved it" in of_carried
    assert "moved it" in of_own


def test_not_knowing_what_growth_does_widens_the_forecast_of_a_growing_ward() -> None:
    pipeline = pipeline_frame(
        {
            "ward_code": CODES[0],
            "homes": 1000,
            "first_completion": "2022-08",
            "last_completion": "2023-07",
            "persons_per_home": 1.0,
        }
    )
    options = {"first_month": "2017-08", "n_months": 60, "census_persons": [1000] * 4, "monthly_mean": 400.0}
    panel = make_panel(pipeline=pipeline, **options)  # type: ignore[arg-type]  # passed through
    trained = POOLED_PROPHET.fit(panel, until=panel.last_month)
    log = {
        scenario: np.log(trained.forecast(horizon_months=12, n_paths=1500, scenario=scenario).paths[:, 0, 0, 11])
        for scenario in ("as_planned", "none")
    }
    extra = log["as_planned"].var() - log["none"].var()
    assert extra == pytest.approx((0.3 * np.log(2.0)) ** 2, rel=0.3)


def test_a_borough_that_parted_from_its_neighbours_lately_is_followed() -> None:
    panel = make_panel(n_other_wards=8, n_months=72, monthly_mean=60.0)
    counts = panel.counts.copy()
    counts[:4, :, -12:] = np.rint(counts[:4, :, -12:] / 2)
    followed = mean_forecast(replace(panel, counts=counts))[:, 0].mean()
    assert 30.0 < followed < 37.0


def test_delivery_scenarios_are_chosen_without_fitting_again() -> None:
    homes = {
        "ward_code": CODES[0],
        "homes": 1000,
        "first_completion": "2022-08",
        "last_completion": "2023-07",
        "persons_per_home": 1.0,
    }
    panel = make_panel(first_month="2017-08", n_months=60, census_persons=[1000] * 4, pipeline=pipeline_frame(homes))
    trained = POOLED_PROPHET.fit(panel, until=panel.last_month)
    planned, slower, none = (
        trained.forecast(horizon_months=12, n_paths=400, scenario=scenario)
        for scenario in ("as_planned", "slower", "none")
    )
    last = [forecast.mean[0, 0, 11] for forecast in (planned, slower, none)]
    assert last[0] / last[2] == pytest.approx(2.0, rel=0.1)
    assert last[1] / last[2] == pytest.approx(1.5, rel=0.1)
    assert planned.exposure_growth[0, 11] == pytest.approx(2.0)
    assert np.allclose(planned.exposure_growth[1:], 1.0)
    assert any("twice as long" in note for note in slower.assumptions)


def test_season_and_shares_of_the_truth_are_found() -> None:
    season = [0.7, 0.75, 0.85, 0.95, 1.05, 1.2, 1.3, 1.25, 1.15, 1.05, 0.95, 0.8]
    panel = make_panel(
        n_months=84,
        monthly_mean=60.0,
        ward_weights=[1, 2, 3, 4],
        level=lambda months: np.array(season)[months.month - 1],
    )
    found = mean_forecast(panel, n_paths=600)
    truth = 60.0 * np.array([1, 2, 3, 4])[:, None] * np.array(season)[None, :]
    assert np.allclose(found[:, 0], truth, rtol=0.12)


def test_the_neighbours_season_is_learned_from_when_they_are_there() -> None:
    panel = make_panel(n_wards=2, n_other_wards=8)
    forecast = POOLED_PROPHET.fit(panel, until=panel.last_month).forecast(horizon_months=1, n_paths=10)
    assert any("all 10 wards" in note for note in forecast.assumptions)
    alone = make_panel(n_wards=2)
    forecast = POOLED_PROPHET.fit(alone, until=alone.last_month).forecast(horizon_months=1, n_paths=10)
    assert any("area's wards alone" in note for note in forecast.assumptions)


def test_a_category_known_in_the_area_only_is_pooled_there() -> None:
    panel = make_panel(n_other_wards=6, categories=("violence_with_injury", "asb"))
    counts = panel.counts.copy()
    counts[4:, 1] = np.nan
    forecast = POOLED_PROPHET.fit(replace(panel, counts=counts), until=panel.last_month).forecast(
        horizon_months=3, n_paths=300
    )
    assert forecast.mean.mean(axis=(0, 2)) == pytest.approx([20.0, 10.0], rel=0.15)
    assert any("1 of 2 categories" in note for note in forecast.assumptions)


def test_the_pandemic_is_not_mistaken_for_a_trend() -> None:
    def level(months: pd.DatetimeIndex) -> np.ndarray:
        shut = (months >= "2020-04-01") & (months <= "2021-06-01")
        return np.where(shut, 0.5, 1.0)

    panel = make_panel(n_months=66, monthly_mean=80.0, level=level)
    assert panel.last_month == pd.Timestamp("2022-06-01")
    assert mean_forecast(panel).mean(axis=(0, 2)) == pytest.approx([80.0, 40.0], rel=0.08)


def test_a_step_of_the_recording_system_is_kept_and_not_extrapolated() -> None:
    panel = make_panel(
        first_month="2019-04",
        n_months=72,
        monthly_mean=80.0,
        level=lambda months: np.where(months >= "2024-03-01", 0.6, 1.0),
    )
    assert mean_forecast(panel).mean(axis=(0, 2)) == pytest.approx([48.0, 24.0], rel=0.08)


def test_events_are_only_known_once_they_have_begun() -> None:
    months = pd.date_range("2018-01-01", "2025-12-01", freq="MS")
    assert list(event_regressors(months, until=pd.Timestamp("2020-02-01")).columns) == []
    inside = event_regressors(months, until=pd.Timestamp("2020-05-01"))
    assert list(inside.columns) == ["pandemic", "lockdown"]
    assert inside.loc["2020-06-01", "lockdown"] == pytest.approx(5 / 6)
    assert (inside.loc["2020-11-01":, "lockdown"] == 0).all()
    after = event_regressors(months, until=pd.Timestamp("2024-06-01"))
    assert (after.loc["2024-07-01":, "recording_change"] == 1).all()


def test_the_wards_of_a_path_share_its_fate() -> None:
    rng = np.random.default_rng(3)
    swings = np.exp(rng.normal(0, 0.25, 96).cumsum() * 0.3)
    panel = make_panel(n_months=96, monthly_mean=300.0, level=lambda _: swings)
    paths = POOLED_PROPHET.fit(panel, until=panel.last_month).forecast(horizon_months=12, n_paths=800).paths
    last = paths[:, :, 0, 11].astype(float)
    assert np.corrcoef(last.T)[0, 1] > 0.3
    total = last.sum(axis=1)
    assert total.var() > 1.5 * last.var(axis=0).sum()


def test_shares_of_a_rare_category_lean_on_where_crime_happens() -> None:
    counts = np.zeros((4, 60))
    counts[0, 30] = 1.0
    pool = pool_category(counts, np.ones_like(counts), np.arange(4), np.zeros(4, dtype=int))
    shares = ward_shares(pool, np.array([0.1, 0.2, 0.3, 0.4]), 60)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares > 0).all()
    assert shares[3] > 0.1
    busy = np.tile(np.array([[40.0], [10.0], [10.0], [10.0]]), 60)
    pool = pool_category(busy, np.ones_like(busy), np.arange(4), np.zeros(4, dtype=int))
    found = ward_shares(pool, np.full(4, 0.25), 60)
    assert found[0] == pytest.approx(4 / 7, rel=0.02)


def test_fitting_is_quiet_and_leaves_no_files(
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mean_forecast(make_panel(n_months=30), n_paths=10)  # the first import of the engine makes a folder of its own
    capfd.readouterr()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with caplog.at_level(logging.DEBUG):
        mean_forecast(make_panel(n_months=30), n_paths=10)
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "")
    assert not [record for record in caplog.records if record.name.startswith(("prophet", "cmdstanpy"))]
    assert list(tmp_path.iterdir()) == []


def test_importing_the_registry_loads_neither_prophet_nor_statsmodels() -> None:
    slow = "{'prophet', 'statsmodels'}"
    check = f"import sys, wardcast_models.forecasting.registry; sys.exit(bool({slow} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False, env=dict(os.environ)).returncode == 0
