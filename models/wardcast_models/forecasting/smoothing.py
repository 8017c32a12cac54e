"""Simple exponential smoothing of many series at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIRST_MONTHS = 12
"""The mean of the first so many observed months starts a level, and no error is counted in them."""


@dataclass(frozen=True, kw_only=True)
class Smoothed:
    """N series smoothed, each by its own weight.

    Attributes:
        alpha: Weight of the newest month, shape (N,).
        levels: Level after each month, shape (N, T); months not observed leave it where it was.
    """

    alpha: NDArray[np.float64]
    levels: NDArray[np.float64]


def smooth(series: NDArray[np.float64], alphas: NDArray[np.float64]) -> Smoothed:
    """Smooth every series by the weight that would have foreseen it best one month ahead (least squares).

    Args:
        series: N series, shape (N, T); NaN in months not observed, the same in all series.
        alphas: Weights to choose from, shape (A,).

    Returns:
        The smoothed series.
    """
    n_series = len(series)
    every = np.tile(series, (len(alphas), 1))
    levels = levels_of(every, np.repeat(alphas, n_series))
    errors = np.square(innovations(every, levels)).sum(axis=1).reshape(len(alphas), n_series)
    best = errors.argmin(axis=0)
    return Smoothed(alpha=alphas[best], levels=levels.reshape(len(alphas), *series.shape)[best, np.arange(n_series)])


def levels_of(series: NDArray[np.float64], alpha: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the exponentially smoothed level after each month: linear in the series.

    Args:
        series: N series, shape (N, T); NaN in months not observed, the same in all series.
        alpha: Weight of the newest month, shape (N,).

    Returns:
        Shape (N, T).
    """
    observed = ~np.isnan(series[0])
    level = series[:, np.flatnonzero(observed)[:FIRST_MONTHS]].mean(axis=1)
    levels = np.empty_like(series)
    for month, seen in enumerate(observed):
        if seen:
            level = level + alpha * (series[:, month] - level)
        levels[:, month] = level
    return levels


def innovations(series: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each observed month less the level before it, after the first 12 observed months.

    Args:
        series: N series, shape (N, T); NaN in months not observed, the same in all series.
        levels: Their levels, same shape.

    Returns:
        Shape (N, number of observed months less 12).
    """
    later = np.flatnonzero(~np.isnan(series[0]))[FIRST_MONTHS:]
    return np.asarray(series[:, later] - levels[:, later - 1])
