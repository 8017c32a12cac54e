"""How much wider or narrower than their variance says counts of one size must be drawn: calibration on past origins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

_BANDS = np.array([5.0, 15.0])
"""Below 5 a month the width of a count is that of counting; nothing is adjusted there."""
_FACTORS = np.array([0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0])
_LOW, _HIGH = 0.1, 0.9
_ENOUGH_CELLS = 300
"""A band with so many cells gets half of its own adjustment."""
_MOST_CELLS = 500
"""Looked at in a band, evenly spaced."""


def band_factors(
    actual: NDArray[np.float64],
    expected: NDArray[np.float64],
    variance: NDArray[np.float64],
    *,
    prior: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return by what relative variances must be multiplied for the central 80 % to hold 80 %, by count band.

    Moments are ruled by the few months in which a count jumps; with the variance they give, ordinary months would fall
    into the middle of the distribution too often. By band of the expected count (under 5, 5 to 15, 15 and over), the
    factor is that under which the randomised PIT of past months (negative binomial) lies between 0.1 and 0.9 in 80 % of
    them, leaning on the prior where they are few.

    Args:
        actual: Counts, shape (O, W, K); NaN where unknown.
        expected: Expected counts, same shape.
        variance: Relative variance of every ward, shape (W,); positive.
        prior: Factors to lean on, shape (3,); None for 1.

    Returns:
        A factor for each band, shape (3,).
    """
    factors = np.ones(len(_BANDS) + 1) if prior is None else prior.copy()
    band = np.where(np.isnan(actual) | np.isnan(expected), 0, np.digitize(expected, _BANDS))
    spread = np.broadcast_to(variance[None, :, None], actual.shape)
    for number in range(1, len(factors)):
        cells = np.flatnonzero(band == number)
        if len(cells) == 0:
            continue
        some = cells[:: max(len(cells) // _MOST_CELLS, 1)]
        inside = _inside(np.rint(actual.flat[some]), expected.flat[some], _FACTORS[:, None] * spread.flat[some])
        own = np.interp(_HIGH - _LOW, inside, _FACTORS)
        trust = len(some) / (len(some) + _ENOUGH_CELLS)
        factors[number] = own**trust * factors[number] ** (1.0 - trust)
    return factors


def ward_factors(
    factors: NDArray[np.float64], actual: NDArray[np.float64], expected: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the factor of each ward by its mean expected count, shape (W,); arguments as of `band_factors`."""
    known = ~np.isnan(actual) & ~np.isnan(expected)
    size = np.where(known, expected, 0.0).sum(axis=(0, 2)) / np.maximum(known.sum(axis=(0, 2)), 1)
    return np.asarray(factors[np.digitize(size, _BANDS)])


def _inside(
    counts: NDArray[np.float64], mean: NDArray[np.float64], variance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the share of the randomised PIT of counts (N,) in the central part, for G relative variances (G, N)."""
    size = 1.0 / np.maximum(variance, 1e-6)
    chance = size / (size + mean)
    upper = betainc(size, counts + 1.0, chance)
    lower = np.where(counts > 0, betainc(size, np.maximum(counts, 1.0), chance), 0.0)
    overlap = np.minimum(upper, _HIGH) - np.maximum(lower, _LOW)
    return np.asarray((np.maximum(overlap, 0.0) / np.maximum(upper - lower, 1e-12)).mean(axis=1))
