"""How far counts scatter around their expectation: shared shocks, ward shocks and count noise.

All estimates are by moments, pooled over a category's wards, months and past origins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_YEAR = 12
_SMALLEST = 1e-4
_USUAL_DRIFT = 0.0004
"""Variance of a monthly step of a total's logarithm (2 % a month) before the data speak."""
_USUAL_LEVEL = 0.0025
"""Variance of a total's level at the origin (5 %) before the data speak."""
_ENOUGH_COUNT = 50.0
"""A total of this size a month gets half its weight from its own history, half from all categories."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Relative variances of the parts of the error; C categories.

    Attributes:
        drift: Of each monthly step of the pool's level, shape (C,).
        level: Of the pool's level at the origin, shape (C,).
        wobble: Of each single month of the pool, shape (C,).
        borough: Of a borough's share of the pool over the months ahead, shape (C,).
        ward: Of a ward's share of its borough over the months ahead, shape (C,).
        month: Dispersion of a single ward and month (negative binomial: variance = mean + month x mean^2), shape (C,).
        common: Correlation of the shared shocks between categories.
    """

    drift: NDArray[np.float64]
    level: NDArray[np.float64]
    wobble: NDArray[np.float64]
    borough: NDArray[np.float64]
    ward: NDArray[np.float64]
    month: NDArray[np.float64]
    common: float


@dataclass(frozen=True, kw_only=True)
class WardSpread:
    """Relative variances of one category below the pool (see `Spread`)."""

    borough: float
    ward: float
    month: float


@dataclass(frozen=True, kw_only=True)
class PoolSpread:
    """Relative variances of the pools of all categories (see `Spread`); each of shape (C,) but `common`."""

    drift: NDArray[np.float64]
    level: NDArray[np.float64]
    wobble: NDArray[np.float64]
    common: float


def ward_spread(actual: NDArray[np.float64], expected: NDArray[np.float64], boroughs: NDArray[np.intp]) -> WardSpread:
    """Estimate the scatter of ward counts around what past origins expected.

    With r = actual - expected of one origin and ward over K months, E and E2 the sums of the expectation and its
    square, the model says: mean of the summed r^2 is E + (lasting + month) E2, mean of (sum of r)^2 is
    E + lasting E^2 + month E2. Both are solved with weights 1 / E, and the borough's part of the lasting variance from
    the borough sums likewise.

    Args:
        actual: Counts, shape (O, W, K) for O origins; NaN where unknown.
        expected: Expected counts, same shape.
        boroughs: Borough number of each ward, shape (W,).

    Returns:
        The relative variances.
    """
    known = ~np.isnan(actual) & ~np.isnan(expected) & (expected > 0)
    mean = np.where(known, expected, 0.0)
    error = np.where(known, actual - mean, 0.0)
    total, squares, error_sum = mean.sum(axis=2), np.square(mean).sum(axis=2), error.sum(axis=2)
    weight = 1.0 / np.maximum(total, 1.0)
    each = (weight * (np.square(error).sum(axis=2) - total)).sum()
    summed = (weight * (np.square(error_sum) - total)).sum()
    within, between = (weight * squares).sum(), (weight * np.square(total)).sum()
    if within <= 0 or between <= within:
        return WardSpread(borough=0.0, ward=_SMALLEST, month=_SMALLEST)
    lasting = max((summed - each) / (between - within), 0.0)
    month = max(each / within - lasting, _SMALLEST)
    borough = _borough_part(error_sum, total, squares, boroughs, lasting=lasting, month=month)
    return WardSpread(borough=borough, ward=max(lasting - borough, _SMALLEST), month=month)


def _borough_part(
    error_sum: NDArray[np.float64],
    total: NDArray[np.float64],
    squares: NDArray[np.float64],
    boroughs: NDArray[np.intp],
    *,
    lasting: float,
    month: float,
) -> float:
    """Return the part of the lasting variance that all wards of a borough share; arrays are (O, W)."""
    member = np.eye(int(boroughs.max()) + 1)[boroughs]
    error_b, total_b = error_sum @ member, total @ member
    wards_b, squares_b = np.square(total) @ member, squares @ member
    weight = 1.0 / np.maximum(total_b, 1.0)
    excess = (weight * (np.square(error_b) - total_b - lasting * wards_b - month * squares_b)).sum()
    leverage = (weight * (np.square(total_b) - wards_b)).sum()
    return float(np.clip(excess / leverage, 0.0, lasting)) if leverage > 0 else 0.0


def pool_spread(levels: NDArray[np.float64], totals: NDArray[np.float64]) -> PoolSpread:
    """Estimate how far pooled totals drift from their last year's level, from their own history.

    The variance of (level h months on - mean of the last 12 months), around its mean drift and less the counting noise
    of the total, is fitted by a line in h = 1..12: its slope is the drift, its intercept the level and the wobble.
    Small totals lean on all categories together.

    Args:
        levels: Logarithm of the totals net of season and events, shape (C, T); NaN where unobserved.
        totals: The totals, same shape.

    Returns:
        The relative variances of every category's pool.
    """
    size = np.nanmean(totals, axis=1)
    noise = 1.0 / np.maximum(size, _OFFSET_COUNT)
    moves = _moves(levels)
    counted = (~np.isnan(moves)).sum(axis=2)
    centred = np.square(moves - _mean(moves, axis=2)[:, :, None])
    variance = _mean(centred, axis=2) - noise[:, None] * (1.0 + 1.0 / _YEAR)
    ahead = np.arange(1, _YEAR + 1, dtype=np.float64)
    offset = ahead - ahead.mean()
    slope = np.maximum((variance * offset).sum(axis=1) / np.square(offset).sum(), 0.0)
    start = np.maximum(variance.mean(axis=1) - slope * ahead.mean(), 0.0)
    bend = levels[:, 1:-1] - (levels[:, :-2] + levels[:, 2:]) / 2.0
    wobble = np.maximum(_mean(np.square(bend), axis=1) / 1.5 - noise - slope / 3.0, 0.0)
    trust = size / (size + _ENOUGH_COUNT) * counted[:, 0] / (counted[:, 0] + 3.0 * _YEAR)
    drift = _shrink(slope, trust, _USUAL_DRIFT)
    wobble = _shrink(wobble, trust, _USUAL_LEVEL)
    level = np.maximum(_shrink(start, trust, _USUAL_LEVEL) - wobble, 0.0)
    return PoolSpread(drift=drift, level=level, wobble=wobble, common=_common(moves[:, _YEAR // 2], trust))


_OFFSET_COUNT = 0.5


def _moves(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return level h months on less the mean of the last 12, shape (C, 12, origins), NaN where unknown."""
    n_months = levels.shape[1]
    origins = range(_YEAR, n_months)
    moves = np.full((levels.shape[0], _YEAR, max(len(origins), 1)), np.nan)
    for number, origin in enumerate(origins):
        ahead = levels[:, origin : origin + _YEAR]
        moves[:, : ahead.shape[1], number] = ahead - levels[:, origin - _YEAR : origin].mean(axis=1)[:, None]
    return moves


def _mean(values: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
    """Return the mean over known values, 0 where none is known."""
    known = ~np.isnan(values)
    return np.asarray(np.where(known, values, 0.0).sum(axis=axis) / np.maximum(known.sum(axis=axis), 1))


def _shrink(own: NDArray[np.float64], trust: NDArray[np.float64], usual: float) -> NDArray[np.float64]:
    """Lean on the trusted mean of all categories, and that on a usual value, both by how much is known; (C,)."""
    together = (trust @ own + usual) / (trust.sum() + 1.0)
    return np.asarray(trust * own + (1.0 - trust) * together)


def _common(moves: NDArray[np.float64], trust: NDArray[np.float64]) -> float:
    """Return the mean correlation of the categories' half-year moves (C, origins), between 0 and 0.9."""
    trusted = moves[trust > 0.3]
    trusted = trusted[:, ~np.isnan(trusted).any(axis=0)] if len(trusted) else trusted
    if len(trusted) < 2 or trusted.shape[1] < _YEAR or (trusted.std(axis=1) == 0).any():
        return 0.3
    correlation = np.corrcoef(trusted)
    n_categories = len(trusted)
    return float(np.clip((correlation.sum() - n_categories) / (n_categories * (n_categories - 1)), 0.0, 0.9))
