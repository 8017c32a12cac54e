"""Scatter: what is estimated from a known truth, and what the paths make of it."""

from __future__ import annotations

import numpy as np
import pytest

from wardcast_models.forecasting.paths import draw_paths
from wardcast_models.forecasting.spread import Spread, pool_spread, ward_spread


def spread(**parts: float) -> Spread:
    names = ("drift", "level", "wobble", "borough", "ward", "month")
    return Spread(
        **{name: np.array([parts.get(name, 0.0)]) for name in names},
        common=parts.get("common", 0.0),
    )


def draw(mean: np.ndarray, around: Spread, boroughs: np.ndarray, *, n_paths: int, seed: int) -> np.ndarray:
    """Draw paths without any growth."""
    still = np.zeros((mean.shape[0], mean.shape[2]))
    return draw_paths(mean, around, boroughs, growth_loading=still, n_paths=n_paths, seed=seed)


def test_ward_shocks_borough_shocks_and_count_noise_are_told_apart() -> None:
    truth = spread(borough=0.02, ward=0.04, month=0.10)
    boroughs = np.repeat(np.arange(30), 20)
    mean = np.broadcast_to(np.random.default_rng(1).gamma(2.0, 8.0, size=(600, 1, 1)), (600, 1, 12)).copy()
    actual = draw(mean, truth, boroughs, n_paths=8, seed=5)[:, :, 0].astype(float)
    expected = np.broadcast_to(mean[:, 0], actual.shape)
    found = ward_spread(actual, expected, boroughs)
    assert found.month == pytest.approx(0.10, rel=0.15)
    assert found.ward == pytest.approx(0.04, rel=0.25)
    assert found.borough == pytest.approx(0.02, rel=0.5)


def test_pure_poisson_counts_have_next_to_no_spread() -> None:
    mean = np.full((50, 1, 12), 10.0)
    actual = np.random.default_rng(2).poisson(np.broadcast_to(mean[:, 0], (8, 50, 12))).astype(float)
    found = ward_spread(actual, np.broadcast_to(mean[:, 0], actual.shape), np.zeros(50, dtype=int))
    assert max(found.month, found.ward, found.borough) < 0.005


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
    paths = draw(mean, spread(**parts), np.repeat([0, 1], 20), n_paths=4000, seed=1)
    assert paths.mean() == pytest.approx(12.0, rel=0.02)


def test_the_variance_of_a_ward_and_month_is_that_of_a_negative_binomial() -> None:
    paths = draw(np.full((20, 1, 5), 10.0), spread(month=0.3), np.zeros(20, dtype=int), n_paths=3000, seed=2)
    assert paths.var(axis=0).mean() == pytest.approx(10 + 0.3 * 100, rel=0.05)


def test_uncertainty_of_the_total_grows_with_the_months_ahead() -> None:
    mean = np.full((10, 1, 12), 500.0)
    paths = draw(mean, spread(drift=0.001), np.zeros(10, dtype=int), n_paths=2000, seed=3)
    spreads = paths.sum(axis=1)[:, 0].std(axis=0)
    assert spreads[11] > 2.5 * spreads[0]


def test_how_far_growth_moves_crime_is_drawn_once_a_path_for_all_wards_and_categories() -> None:
    mean = np.full((3, 2, 4), 2000.0)
    still = Spread(
        **{name: np.zeros(2) for name in ("drift", "level", "wobble", "borough", "ward", "month")}, common=0.0
    )
    loading = np.array([0.2, 0.1, 0.0])[:, None] * np.linspace(0.25, 1.0, 4)
    paths = draw_paths(mean, still, np.zeros(3, dtype=int), growth_loading=loading, n_paths=4000, seed=6)
    log = np.log(paths)
    assert log[:, 0, 0, 3].std() == pytest.approx(0.2, rel=0.1)
    assert log[:, 1, 0, 3].std() == pytest.approx(0.1, rel=0.1)
    assert log[:, 2, 0, 3].std() < 0.03
    assert np.corrcoef(log[:, 0, 0, 3], log[:, 1, 1, 1])[0, 1] > 0.6
    assert np.allclose(paths.mean(axis=0), 2000.0, rtol=0.02)
