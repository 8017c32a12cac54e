"""How far counts scatter around their expectation: shared shocks, ward shocks and count noise.

All estimates are by moments, pooled over a category's wards, months and past origins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.smoothing import smooth
from wardcast_models.forecasting.ward_spread import WardSpread

_YEAR = 12
_ALPHAS = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.7])
_USUAL_DRIFT = 0.0004
"""Variance of a monthly step of a total's logarithm (2 % a month) before the data speak."""
_USUAL_LEVEL = 0.0025
"""Variance of a total's level at the origin (5 %) before the data speak."""
_HALF_LIFE_MONTHS = 36.0
"""How restless a total was counts half as much three years on."""
_ENOUGH_COUNT = 50.0
"""A total of this size a month gets half its weight from its own history, half from all categories."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Relative variances of the parts of the error; C categories, W wards.

    Attributes:
        drift: Of each monthly step of the pool's level, shape (C,).
        level: Of the pool's level at the origin, shape (C,).
        wobble: Of each single month of the pool, shape (C,).
        borough: Of a borough's share of the pool over the months ahead, shape (C,).
        ward: Of a ward's share of its borough over the months ahead, shape (W, C).
        month: Dispersion of a single ward and month (negative binomial: variance = mean + month x mean^2), shape
            (W, C).
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
class PoolSpread:
    """Relative variances of the pools of all categories (see `Spread`); each of shape (C,) but `common`."""

    drift: NDArray[np.float64]
    level: NDArray[np.float64]
    wobble: NDArray[np.float64]
    common: float


def spread_of(parts: Sequence[WardSpread], pool: PoolSpread | None = None) -> Spread:
    """Put the spreads of all categories together.

    Args:
        parts: Spread below the pool; one a category, all of the same wards.
        pool: Spread of the pools; None where each ward series is forecast by itself.

    Returns:
        The spread of everything.
    """
    nothing = np.zeros(len(parts))
    return Spread(
        drift=nothing if pool is None else pool.drift,
        level=nothing if pool is None else pool.level,
        wobble=nothing if pool is None else pool.wobble,
        borough=np.array([part.borough for part in parts]),
        ward=np.stack([part.ward for part in parts], axis=1),
        month=np.stack([part.month for part in parts], axis=1),
        common=0.0 if pool is None else pool.common,
    )


def pool_spread(levels: NDArray[np.float64], totals: NDArray[np.float64]) -> PoolSpread:
    """Estimate how far pooled totals drift from a smoothed level, from their own history.

    The variance of (level h months on - exponentially smoothed level at the origin), less the counting noise of the
    total, is fitted by a line in h = 1..12: its slope is the drift, its intercept the level and the wobble. The mean
    of the moves is a trend, which the models follow. Small totals lean on all categories together.

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
    moves = moves - _mean(moves)[:, :, None]
    variance = _mean(np.square(moves)) - noise[:, None] * (1.0 + 1.0 / _YEAR)
    ahead = np.arange(1, _YEAR + 1, dtype=np.float64)
    offset = ahead - ahead.mean()
    slope = np.maximum((variance * offset).sum(axis=1) / np.square(offset).sum(), 0.0)
    start = np.maximum(variance.mean(axis=1) - slope * ahead.mean(), 0.0)
    bend = levels[:, 1:-1] - (levels[:, :-2] + levels[:, 2:]) / 2.0
    wobble = np.maximum(_mean(np.square(bend)) / 1.5 - noise - slope / 3.0, 0.0)
    trust = size / (size + _ENOUGH_COUNT) * counted[:, 0] / (counted[:, 0] + _YEAR)
    drift = _shrink(slope, trust, _USUAL_DRIFT)
    wobble = _shrink(wobble, trust, _USUAL_LEVEL)
    level = np.maximum(_shrink(start, trust, _USUAL_LEVEL) - wobble, 0.0)
    return PoolSpread(drift=drift, level=level, wobble=wobble, common=_common(moves[:, _YEAR // 2], trust))


_OFFSET_COUNT = 0.5


def _moves(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return level h months on less the smoothed level before, shape (C, 12, origins), NaN where unknown."""
    n_months = levels.shape[1]
    origins = range(_YEAR, n_months)
    moves = np.full((levels.shape[0], _YEAR, max(len(origins), 1)), np.nan)
    smoothed = np.concatenate([smooth(series[None], _ALPHAS).levels for series in levels])
    for number, origin in enumerate(origins):
        ahead = levels[:, origin : origin + _YEAR]
        moves[:, : ahead.shape[1], number] = ahead - smoothed[:, origin - 1, None]
    return moves


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the last axis (time), half the weight every `_HALF_LIFE_MONTHS`; 0 where none is known."""
    weights = 0.5 ** (np.arange(values.shape[-1])[::-1] / _HALF_LIFE_MONTHS) * ~np.isnan(values)
    return np.asarray((weights * np.nan_to_num(values)).sum(axis=-1) / np.maximum(weights.sum(axis=-1), 1e-9))


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
