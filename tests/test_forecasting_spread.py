"""Scatter: what is estimated from a known truth, and what the paths make of it."""

from __future__ import annotations

import numpy as np
import pytest

from wardcast_models.forecasting.paths import draw_paths
from wardcast_models.forecasting.spread import Spread, pool_spread
from wardcast_models.forecasting.ward_spread import ward_spread


def spread(n_wards: int, n_categories: int = 1, **parts: float) -> Spread:
    """Return a spread that is the same for all wards and categories."""
    shared = {name: np.full(n_categories, parts.get(name, 0.0)) for name in ("drift", "level", "wobble", "borough")}
    by_ward = {name: np.full((n_wards, n_categories), parts.get(name, 0.0)) for name in ("ward", "month")}
    return Spread(**shared, **by_ward, common=parts.get("common", 0.0))


def draw(mean: np.ndarray, boroughs: np.ndarray, *, n_paths: int, seed: int, **parts: float) -> np.ndarray:
    """Draw paths of one category without any growth."""
    still = np.zeros((mean.shape[0], mean.shape[2]))
    around = spread(len(mean), **parts)
    return draw_paths(mean, around, boroughs, growth_loading=still, n_paths=n_paths, seed=seed)


def test_ward_shocks_borough_shocks_and_count_noise_are_told_apart() -> None:
    boroughs = np.repeat(np.arange(30), 20)
    mean = np.broadcast_to(np.random.default_rng(1).gamma(2.0, 8.0, size=(600, 1, 1)), (600, 1, 12)).copy()
    drawn = draw(mean, boroughs, n_paths=8, seed=5, borough=0.02, ward=0.04, month=0.10)
    actual = drawn[:, :, 0].astype(float)
    expected = np.broadcast_to(mean[:, 0], actual.shape)
    found = ward_spread(actual, expected, boroughs)
    assert np.median(found.month) == pytest.approx(0.10, rel=0.15)
    assert np.median(found.ward) == pytest.approx(0.04, rel=0.25)
    assert found.borough == pytest.approx(0.02, rel=0.5)


def test_pure_poisson_counts_have_next_to_no_spread() -> None:
    mean = np.full((50, 1, 12), 10.0)
    actual = np.random.default_rng(2).poisson(np.broadcast_to(mean[:, 0], (8, 50, 12))).astype(float)
    found = ward_spread(actual, np.broadcast_to(mean[:, 0], actual.shape), np.zeros(50, dtype=int))
    assert max(found.month.max(), found.ward.max(), found.borough) < 0.005


def test_a_borough_where_crime_comes_in_bouts_is_given_a_larger_spread_than_its_steady_neighbours() -> None:
    mean = np.full((60, 1, 12), 20.0)
    boroughs = np.repeat(np.arange(3), 20)
    steady = draw(mean, boroughs, n_paths=10, seed=7, ward=0.01, month=0.02)[:, :, 0].astype(float)
    bouts = draw(mean, boroughs, n_paths=10, seed=8, ward=0.01, month=0.5)[:, :, 0].astype(float)
    actual = np.where((boroughs == 2)[None, :, None], bouts, steady)
    found = ward_spread(actual, np.broadcast_to(mean[:, 0], actual.shape), boroughs)
    assert found.month[:40].max() < 0.15
    assert found.month[40:].min() > 0.25


def test_the_spread_of_some_wards_is_theirs_among_that_of_all() -> None:
    mean = np.random.default_rng(3).gamma(2.0, 8.0, size=(30, 1, 12))
    actual = draw(mean, np.zeros(30, dtype=int), n_paths=6, seed=9, month=0.1)[:, :, 0].astype(float)
    found = ward_spread(actual, np.broadcast_to(mean[:, 0], actual.shape), np.zeros(30, dtype=int))
    assert found.of_wards(np.array([4, 9])).month == pytest.approx(found.month[[4, 9]])


def test_a_steady_trend_is_no_drift() -> None:
    steady = np.log(5000.0) + np.random.default_rng(5).normal(0, 0.01, size=(2, 180))
    steady[1] += 0.01 * np.arange(180)
    found = pool_spread(steady, np.exp(steady))
    assert found.drift[1] < 0.0003


def test_widening_keeps_what_the_wards_of_a_borough_share() -> None:
    mean = np.full((40, 1, 12), 15.0)
    drawn = draw(mean, np.repeat([0, 1], 20), n_paths=8, seed=11, borough=0.02, ward=0.02, month=0.05)
    found = ward_spread(drawn[:, :, 0].astype(float), np.broadcast_to(mean[:, 0], (8, 40, 12)), np.repeat([0, 1], 20))
    wider = found.widened(np.full(40, 1.5))
    assert wider.borough == found.borough
    assert wider.total == pytest.approx(1.5 * found.total)


def test_a_drifting_total_is_given_more_drift_than_a_steady_one() -> None:
    rng = np.random.default_rng(4)
    steps = np.array([0.0, 0.05])
    levels = np.log(5000.0) + (rng.normal(size=(2, 180)) * steps[:, None]).cumsum(axis=1)
    levels += rng.normal(0, 0.01, size=levels.shape)
    found = pool_spread(levels, np.exp(levels))
    assert found.drift[1] > 3 * found.drift[0]
    assert found.drift[1] == pytest.approx(0.05**2, rel=0.6)


@pytest.mark.parametrize(
    "parts",
    [
        {"drift": 0.001, "level": 0.002, "wobble": 0.002},
        {"borough": 0.05},
        {"ward": 0.2},
        {"month": 0.5},
        {"drift": 0.001, "borough": 0.02, "ward": 0.05, "month": 0.2, "common": 0.5},
    ],
)
def test_shocks_do_not_move_the_mean(parts: dict[str, float]) -> None:
    mean = np.full((40, 1, 6), 12.0)
    paths = draw(mean, np.repeat([0, 1], 20), n_paths=4000, seed=1, **parts)
    assert paths.mean() == pytest.approx(12.0, rel=0.02)


def test_the_variance_of_a_ward_and_month_is_that_of_a_negative_binomial() -> None:
    paths = draw(np.full((20, 1, 5), 10.0), np.zeros(20, dtype=int), n_paths=3000, seed=2, month=0.3)
    assert paths.var(axis=0).mean() == pytest.approx(10 + 0.3 * 100, rel=0.05)


def test_uncertainty_of_the_total_grows_with_the_months_ahead() -> None:
    mean = np.full((10, 1, 12), 500.0)
    paths = draw(mean, np.zeros(10, dtype=int), n_paths=2000, seed=3, drift=0.001)
    spreads = paths.sum(axis=1)[:, 0].std(axis=0)
    assert spreads[11] > 2.5 * spreads[0]


def test_how_far_growth_moves_crime_is_drawn_once_a_path_for_all_wards_and_categories() -> None:
    mean = np.full((3, 2, 4), 2000.0)
    still = spread(3, n_categories=2)
    loading = np.array([0.2, 0.1, 0.0])[:, None] * np.linspace(0.25, 1.0, 4)
    paths = draw_paths(mean, still, np.zeros(3, dtype=int), growth_loading=loading, n_paths=4000, seed=6)
    log = np.log(paths)
    assert log[:, 0, 0, 3].std() == pytest.approx(0.2, rel=0.1)
    assert log[:, 1, 0, 3].std() == pytest.approx(0.1, rel=0.1)
    assert log[:, 2, 0, 3].std() < 0.03
    assert np.corrcoef(log[:, 0, 0, 3], log[:, 1, 1, 1])[0, 1] > 0.6
    assert np.allclose(paths.mean(axis=0), 2000.0, rtol=0.02)
