"""Trends and changes: no alarm from noise, a real one found, the arithmetic recomputed with statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.panels import make_panel
from tests.series_examples import simulated
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assess import assess
from wardcast_models.profile.change import Change, change_between
from wardcast_models.profile.count_model import days_in, fit_counts, harmonics
from wardcast_models.profile.false_discovery import LEVEL, q_values
from wardcast_models.profile.noise import SeriesSet
from wardcast_models.profile.persistence import PERSISTENCE_MONTHS, persistence
from wardcast_models.profile.trend import trend_estimates

MONTHS = pd.date_range("2016-04-01", periods=36, freq="MS")
LONG = pd.date_range("2012-04-01", periods=84, freq="MS")
RUNS = 60
TOLERANCE = 0.05
"""Three standard errors of a share of 1 in 20 over 60 runs are 0.08; alarms must stay well within them."""


def share_with_alarm(p_values: list[np.ndarray]) -> float:
    """Share of runs in which anything was called significant: without trends every such run is a false discovery."""
    return float(np.mean([(q_values(p) <= LEVEL).any() for p in p_values]))


def of_one_group(number: int) -> np.ndarray:
    return np.zeros(number, dtype=np.intp)


@pytest.mark.parametrize("autocorrelation", [0.0, 0.3, 0.5, 0.7])
def test_no_trend_is_seen_in_an_areas_noise(autocorrelation: float) -> None:
    random = np.random.default_rng(7)
    found = []
    for _ in range(RUNS):
        series = simulated(random, MONTHS, 25, mean=200, autocorrelation=autocorrelation)
        found.append(trend_estimates(series, MONTHS, of_one_group(25), pool_dispersion=False)[3])
    assert share_with_alarm(found) <= LEVEL + TOLERANCE
    assert np.mean(np.concatenate(found) < 0.05) < 0.08


def seven_years(random: np.random.Generator, autocorrelation: float, rise: np.ndarray | None = None) -> np.ndarray:
    """P values of the trends of an area's last three years, where seven are held."""
    months = pd.date_range(end=MONTHS[-1], periods=PERSISTENCE_MONTHS, freq="MS")
    level = None if rise is None else np.r_[np.ones(PERSISTENCE_MONTHS - 36), rise]
    series = simulated(random, months, 25, mean=200, autocorrelation=autocorrelation, level=level)
    least = persistence(series, months)
    return trend_estimates(
        series[:, -36:], MONTHS, of_one_group(25), pool_dispersion=False, least_autocorrelation=least
    )[3]


@pytest.mark.parametrize("autocorrelation", [0.5, 0.85, 0.9])
def test_slow_swings_are_not_taken_for_trends_where_seven_years_show_them(autocorrelation: float) -> None:
    random = np.random.default_rng(7)
    found = [seven_years(random, autocorrelation) for _ in range(RUNS)]
    assert share_with_alarm(found) <= LEVEL + TOLERANCE


@pytest.mark.parametrize("autocorrelation", [0.3, 0.85])
def test_a_trend_that_began_within_the_seven_years_is_still_found(autocorrelation: float) -> None:
    random = np.random.default_rng(9)
    rise = 1.2 ** (np.arange(36) / 12)
    found = np.concatenate([seven_years(random, autocorrelation, rise) for _ in range(12)])
    assert np.mean(found < 0.05) > 0.85


@pytest.mark.parametrize("mean", [2.0, 20.0])
def test_no_trend_is_seen_in_the_noise_of_wards(mean: float) -> None:
    random = np.random.default_rng(8)
    groups = np.repeat(np.arange(10), 19)
    found = []
    for _ in range(RUNS):
        series = simulated(random, MONTHS, 190, mean=mean, relative_sd=0.12, overdispersion=0.05)
        found.append(trend_estimates(series, MONTHS, groups, pool_dispersion=True)[3])
    assert share_with_alarm(found) <= LEVEL


def test_a_real_trend_is_found_and_its_size_told() -> None:
    rise = 1.2 ** (np.arange(36) / 12)
    series = simulated(np.random.default_rng(9), MONTHS, 300, mean=200, autocorrelation=0.3, level=rise)
    percent, low, high, p_values = trend_estimates(series, MONTHS, of_one_group(300), pool_dispersion=False)
    assert np.mean(p_values < 0.05) > 0.8
    assert percent.mean() == pytest.approx(20, abs=1.5)
    assert np.mean((low < 20) & (high > 20)) > 0.93


def test_the_estimates_are_those_of_a_poisson_regression() -> None:
    series = simulated(np.random.default_rng(10), MONTHS, 3, mean=30)
    series[1, [4, 17]] = np.nan
    years = np.arange(36) / 12
    design = np.column_stack([np.ones(36), years, harmonics(MONTHS)])
    fit = fit_counts(series, design, days_in(MONTHS), of_one_group(3), pool_dispersion=False)
    for row, counts in enumerate(series):
        seen = ~np.isnan(counts)
        family = sm.families.Poisson()
        peer = sm.GLM(counts[seen], design[seen], family=family, exposure=days_in(MONTHS)[seen]).fit()
        assert fit.coefficients[row] == pytest.approx(peer.params, abs=1e-6)
        assert fit.expected[row][seen] == pytest.approx(peer.fittedvalues, rel=1e-6)


def test_without_autocorrelation_the_errors_are_those_of_quasi_poisson() -> None:
    counts = simulated(np.random.default_rng(12), MONTHS, 400, mean=50, autocorrelation=0.0, relative_sd=0.0)
    design = np.column_stack([np.ones(36), np.arange(36) / 12, harmonics(MONTHS)])
    fit = fit_counts(counts, design, days_in(MONTHS), of_one_group(400), pool_dispersion=False)
    row = int(np.flatnonzero((fit.autocorrelation == 0) & (fit.dispersion > 1))[0])
    family = sm.families.Poisson()
    peer = sm.GLM(counts[row], design, family=family, exposure=days_in(MONTHS)).fit(scale="X2")
    assert fit.dispersion[row] == pytest.approx(peer.scale, rel=1e-6)
    assert np.sqrt(np.diag(fit.covariance[row])) == pytest.approx(peer.bse, rel=1e-6)


def last_year(series: np.ndarray) -> Change:
    months = LONG[-12:]
    whole = SeriesSet(values=series, months=LONG, groups=of_one_group(len(series)), pool_dispersion=False)
    return change_between(whole, months, months - pd.DateOffset(years=1), np.ones((len(series), 12), dtype=bool))


@pytest.mark.parametrize("autocorrelation", [0.0, 0.5, 0.7, 0.85])
def test_a_year_like_the_last_is_not_called_changed(autocorrelation: float) -> None:
    random = np.random.default_rng(13)
    made = [last_year(simulated(random, LONG, 25, mean=100, autocorrelation=autocorrelation)) for _ in range(RUNS)]
    assert share_with_alarm([change.p_values for change in made]) <= LEVEL + TOLERANCE
    assert np.mean([((change.low < 0) & (change.high > 0)).mean() for change in made]) > 0.92


def test_a_year_a_third_higher_is_called_changed() -> None:
    level = np.r_[np.ones(72), np.full(12, 1.33)]
    made = last_year(simulated(np.random.default_rng(14), LONG, 200, mean=100, autocorrelation=0.4, level=level))
    assert np.mean(made.p_values < 0.05) > 0.9
    assert np.mean((made.low < 33) & (made.high > 33)) > 0.93


def test_the_interval_is_wider_than_chance_alone_would_make_it() -> None:
    series = simulated(np.random.default_rng(15), LONG, 200, mean=100, relative_sd=0.15)
    made = last_year(series)
    chance = np.sqrt(1 / made.now + 1 / made.previous)
    width = np.log((100 + made.high) / (100 + made.low)) / (2 * 1.96)
    assert np.median(width / chance) > 1.5


def test_an_assessment_of_steady_wards_raises_no_alarm() -> None:
    """Everything tested together on a panel of Poisson counts without any change."""
    alarms = []
    for seed in range(12):
        panel = make_panel(n_wards=6, categories=("violence_with_injury", "robbery_personal"), random_seed=seed)
        made = assess(Monitoring(panel=panel), year="2020/21")
        alarms.append(bool(made.trends["significant"].any() or made.emerging["significant"].any()))
    assert np.mean(alarms) <= 0.1


def test_a_trend_across_the_new_recording_system_is_marked() -> None:
    panel = make_panel(first_month="2020-04", n_months=60)
    made = assess(Monitoring(panel=panel), year="2024/25")
    assert made.trends["breaks"].str.contains("the new recording system").all()
    assert any("possibly a change of recording" in note for note in made.notes)
    earlier = assess(Monitoring(panel=make_panel(first_month="2014-04")), year="2017/18")
    assert set(earlier.trends["breaks"]) == {""}
