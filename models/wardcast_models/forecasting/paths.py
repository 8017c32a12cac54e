"""Joint, count-valued sample paths around an expectation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.spread import Spread

_FASTEST = np.log(4.0)
"""A shared shock multiplies counts by at most 4, or divides them by as much."""
_NO_VARIANCE = 1e-9


def draw_paths(
    mean: NDArray[np.float64],
    spread: Spread,
    boroughs: NDArray[np.intp],
    *,
    growth_loading: NDArray[np.float64],
    n_paths: int,
    seed: int,
) -> NDArray[np.int32]:
    """Draw joint paths: shocks of growth, of the pool, of each borough and of each ward, and counts around them.

    A path's shocks are shared: the pool's by all wards of a category (and partly by all categories), a borough's by its
    wards, a ward's by its months. One draw a path, for all wards, categories and months, says how far growth moves
    crime. Every shock has mean 1, so the mean of the paths is the expectation.

    Args:
        mean: Expected counts, shape (W, C, H).
        spread: Relative variances of the shocks.
        boroughs: Borough number of each ward, shape (W,).
        growth_loading: What one standard deviation of that draw adds to the logarithm of a ward's count, shape (W, H).
        n_paths: Number of paths, S.
        seed: Seed.

    Returns:
        Counts, shape (S, W, C, H).
    """
    n_wards, n_categories, n_months = mean.shape
    n_boroughs = int(boroughs.max()) + 1
    # One stream for what categories share and one for each category: a category's paths do not hang on the others.
    shared, *own = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(n_categories + 1)]
    everyone = shared.standard_normal((n_paths, 2 + n_boroughs, n_months))
    # Drawn after the shocks above, so that paths without growth do not hang on it.
    growth = _growth_shock(shared.standard_normal(n_paths), growth_loading)
    paths = np.empty((n_paths, n_wards, n_categories, n_months), dtype=np.int32)
    for category, generator in enumerate(own):
        shape = (n_paths, 2 + n_boroughs, n_months)
        normal = np.sqrt(spread.common) * everyone + np.sqrt(1.0 - spread.common) * generator.standard_normal(shape)
        pool = _pool_shock(normal[:, :2], spread, category)
        borough = _log_normal(normal[:, 2:, 0], float(spread.borough[category]))
        rate = mean[None, :, category] * pool[:, None, :] * borough[:, boroughs, None] * growth
        rate *= _gamma(generator, spread.ward[:, category], (n_paths, n_wards, 1))
        rate *= _gamma(generator, spread.month[:, category], rate.shape)
        paths[:, :, category] = generator.poisson(rate)
    return paths


def _pool_shock(normal: NDArray[np.float64], spread: Spread, category: int) -> NDArray[np.float64]:
    """Return the pool's multiplier, shape (S, H), from standard normals of shape (S, 2, H)."""
    n_months = normal.shape[2]
    steps = np.sqrt(spread.drift[category]) * normal[:, 0]
    # The first step also carries what is not known of the level at the origin.
    steps[:, 0] = np.sqrt(spread.drift[category] + spread.level[category]) * normal[:, 0, 0]
    log = np.cumsum(steps, axis=1) + np.sqrt(spread.wobble[category]) * normal[:, 1]
    ahead = np.arange(1, n_months + 1)
    variance = spread.drift[category] * ahead + spread.level[category] + spread.wobble[category]
    return np.asarray(np.exp(np.clip(log, -_FASTEST, _FASTEST) - variance / 2.0))


def _growth_shock(normal: NDArray[np.float64], loading: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return multipliers of mean 1, shape (S, W, H), from one standard normal a path (S,) and loadings (W, H)."""
    log = np.clip(normal[:, None, None] * loading, -_FASTEST, _FASTEST)
    return np.asarray(np.exp(log - np.square(loading) / 2.0))


def _log_normal(normal: NDArray[np.float64], variance: float) -> NDArray[np.float64]:
    """Return multipliers of mean 1 from standard normals."""
    return np.asarray(np.exp(np.clip(np.sqrt(variance) * normal, -_FASTEST, _FASTEST) - variance / 2.0))


def _gamma(
    generator: np.random.Generator, variance: NDArray[np.float64], shape: tuple[int, int, int]
) -> NDArray[np.float64]:
    """Return gamma multipliers of mean 1 and the wards' variances (W,), shape (S, W, H); 1 where there is none."""
    around = np.maximum(variance, _NO_VARIANCE)[None, :, None]
    drawn = generator.standard_gamma(1.0 / around, size=shape) * around
    return np.where(variance[None, :, None] > 0.0, drawn, 1.0)
