"""Ward shares that drift: a Kalman filter whose speed is learned from all wards of a category together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom

from wardcast_models.forecasting.pool import Pool
from wardcast_models.forecasting.shares import KnownShares

BLOCK_MONTHS = 6
"""Shares are followed by the half-year: a single month's excursion says little about the next year's share."""

_DRIFTS = np.array([0.0, 2e-4, 6e-4, 2e-3, 6e-3, 2e-2, 6e-2])
"""Relative variances of a share's change from one half-year to the next to choose from."""
_DISPERSIONS = np.array([0.0, 0.02, 0.06, 0.15, 0.3])
"""Relative variances of a half-year around its share, beyond counting, to choose from."""
_WARM_BLOCKS = 4
"""Half-years at the start that do not speak for or against a pair of variances."""
_SMALLEST_RATIO = 0.02
_LEAST_PRIOR, _MOST_PRIOR = 1e-3, 20.0
_ENOUGH_PLACES = 250
"""The variances are learned from at most about so many places, evenly spaced."""


@dataclass(frozen=True, kw_only=True)
class _Filtered:
    """Ratios of N places to what their prior share would give, for each of G pairs of variances.

    Attributes:
        ratio: After each block, shape (B, G, N).
        log_likelihood: Shape (G,).
    """

    ratio: NDArray[np.float64]
    log_likelihood: NDArray[np.float64]


def drifting_shares(pool: Pool, prior: NDArray[np.float64]) -> KnownShares:
    """Return each pooled ward's share of the category after every half-year, when shares are random walks.

    Each borough's ratio to its prior share of the total, and each ward's to its prior share of its borough, is a random
    walk seen through counts. The speed of the walk and the dispersion are those under which the counts of all places
    were most probable one half-year ahead (negative binomial), so that a place with many crimes follows its latest
    years and one with few stays near its prior: shrinkage and memory in one (Harvey 1989, chapter 3).

    Args:
        pool: The pooled category.
        prior: Share of all crime, shape (P,), adding up to 1; positive.

    Returns:
        Shares known at the end of every half-year (the speeds are learned from all of them).
    """
    counts, ends = _blocks(pool)
    member = np.eye(int(pool.boroughs.max()) + 1)[pool.boroughs]
    by_borough = member.T @ counts
    borough_prior = prior @ member
    of_total = borough_prior * _ratios(by_borough, borough_prior[:, None] * counts.sum(axis=0))
    within_prior = prior / borough_prior[pool.boroughs]
    within = within_prior * _ratios(counts, within_prior[:, None] * by_borough[pool.boroughs])
    within = within / (within @ member)[:, pool.boroughs]
    shares = within * of_total[:, pool.boroughs]
    return KnownShares(n_months=ends, shares=shares / shares.sum(axis=1, keepdims=True))


def _blocks(pool: Pool) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return counts by half-year of observed months, the last one whole, (P, B), and months until its end, (B,)."""
    observed = np.flatnonzero(~np.isnan(pool.total))
    n_blocks = len(observed) // BLOCK_MONTHS
    latest = observed[len(observed) - n_blocks * BLOCK_MONTHS :]
    counts = pool.counts[:, latest].reshape(len(pool.rows), n_blocks, BLOCK_MONTHS).sum(axis=2)
    return counts, latest[BLOCK_MONTHS - 1 :: BLOCK_MONTHS] + 1


def _ratios(counts: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each place's filtered ratio of counts to expected counts, both (N, B), after every block; (B, N)."""
    if len(counts) == 1:
        return np.ones((counts.shape[1], 1))
    expected = np.maximum(expected, 1e-6)
    found, thought = counts.sum(axis=1), expected.sum(axis=1)
    between = (np.square(found - thought) - found).sum() / np.square(thought).sum()
    start = float(np.clip(between, _LEAST_PRIOR, _MOST_PRIOR))
    drift, dispersion = (grid.reshape(-1) for grid in np.meshgrid(_DRIFTS, _DISPERSIONS, indexing="ij"))
    some = slice(None, None, max(len(counts) // _ENOUGH_PLACES, 1))
    tried = _filtered(counts[some], expected[some], drift, dispersion, start=start)
    best = [int(tried.log_likelihood.argmax())]
    return np.asarray(_filtered(counts, expected, drift[best], dispersion[best], start=start).ratio[:, 0])


def _filtered(
    counts: NDArray[np.float64],
    expected: NDArray[np.float64],
    drift: NDArray[np.float64],
    dispersion: NDArray[np.float64],
    *,
    start: float,
) -> _Filtered:
    """Filter N places under G pairs of variances at once.

    Args:
        counts: Counts by half-year, shape (N, B).
        expected: What the prior share gives of the known total, shape (N, B); positive.
        drift: Relative variance of a half-year's change, shape (G,).
        dispersion: Relative variance of a half-year around its share, shape (G,).
        start: Variance of the ratios before the first block.

    Returns:
        The ratios, and how probable the counts were one half-year ahead.
    """
    n_places, n_blocks = counts.shape
    ratio = np.ones((len(drift), n_places))
    variance = np.full_like(ratio, start)
    likelihood = np.zeros(len(drift))
    path = np.empty((n_blocks, len(drift), n_places))
    for block in range(n_blocks):
        mean = expected[:, block]
        variance = variance + drift[:, None] * np.square(ratio)
        scatter = dispersion[:, None] * np.square(ratio)
        if block >= _WARM_BLOCKS:
            likelihood += _log_probability(counts[:, block], mean * ratio, np.square(mean) * (variance + scatter))
        gain = variance / (variance + ratio / mean + scatter)
        ratio = np.maximum(ratio + gain * (counts[:, block] / mean - ratio), _SMALLEST_RATIO)
        variance = (1.0 - gain) * variance
        path[block] = ratio
    return _Filtered(ratio=path, log_likelihood=likelihood)


def _log_probability(
    counts: NDArray[np.float64], mean: NDArray[np.float64], excess: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the log-probability of all counts (N,) under means and variances beyond Poisson's (G, N), shape (G,).

    Counts at today's exposure need not be whole; they are rounded for this purpose only.
    """
    size = np.square(mean) / np.maximum(excess, 1e-9 * mean)
    of_each = np.asarray(nbinom.logpmf(np.rint(counts), size, size / (size + mean)))
    return np.asarray(of_each.sum(axis=1))
