"""The noise of monthly counts, carried to sums of months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.profile.breaks import pandemic_months
from wardcast_models.profile.count_model import days_in, fit_counts, harmonics
from wardcast_models.profile.persistence import persistence
from wardcast_models.profile.year import MONTHS_A_YEAR

NOISE_MONTHS = 60
"""Months up to the end of a period from which the noise of a measure is learned."""

_FEWEST_MONTHS = 12
_PART_LEFT = 0.5
"""Part of the slow wandering of seven years that matters to two years side by side: their own levels hold the rest.
experiments/study_alarms.py shows how often noise is then called a change, and a change is found."""


@dataclass(frozen=True, kw_only=True)
class SeriesSet:
    """Series whose noise is learned together. S series, T months.

    Attributes:
        values: Monthly counts, shape (S, T); NaN where not observed.
        months: Length T, without gaps.
        groups: Series of one group lend each other part of their autocorrelation, shape (S,).
        pool_dispersion: Whether they lend each other part of their dispersion too (series of like size).
    """

    values: NDArray[np.float64]
    months: pd.DatetimeIndex
    groups: NDArray[np.intp]
    pool_dispersion: bool


@dataclass(frozen=True, kw_only=True)
class SumNoise:
    """Noise of sums of months. S series.

    Attributes:
        factor: Variance of the sum over its mean, at least 1, shape (S,); NaN where it cannot be told.
        degrees: Degrees of freedom that it was learned with, shape (S,).
    """

    factor: NDArray[np.float64]
    degrees: NDArray[np.float64]


def noise_of_sums(
    series: SeriesSet,
    months: pd.DatetimeIndex,
    *,
    length: int,
    asked: NDArray[np.bool_],
) -> SumNoise:
    """Learn how much sums of months vary: dispersion times what autocorrelation adds to a sum.

    Learned from up to 60 months around their own year and season (quasi-Poisson). Unless the pandemic is asked about,
    its months teach nothing of ordinary noise.

    Args:
        series: The series.
        months: The months that are asked about.
        length: How many months a sum has.
        asked: For which series, shape (S,); the others are unknown and lend nothing.

    Returns:
        The noise.
    """
    end = int(series.months.searchsorted(months.max())) + 1
    window = slice(max(0, end - NOISE_MONTHS), end)
    span = series.months[window]
    unusual = pandemic_months(span)
    if unusual[span.isin(months)].any():
        unusual[:] = False
    block = (end - 1 - np.arange(window.start, end)) // MONTHS_A_YEAR
    block = np.where(unusual, -1, block)
    values = np.where(unusual, np.nan, series.values[:, window])
    seen = ~np.isnan(values)
    fits = (seen.sum(axis=1) >= _FEWEST_MONTHS + len(np.unique(block)) + 4) & asked
    factor = np.full(len(values), np.nan)
    degrees = np.full(len(values), np.nan)
    if fits.any():
        design = np.column_stack([block == number for number in np.unique(block[~unusual])]).astype(np.float64)
        design = np.column_stack([design, harmonics(span)])
        _, group = np.unique(series.groups[fits], return_inverse=True)
        wandering = None
        if not series.pool_dispersion:  # wards are mostly noise of small counts, which lend each other theirs
            wandering = _PART_LEFT * persistence(series.values[:, :end], series.months[:end])[fits]
        fit = fit_counts(
            values[fits],
            design,
            days_in(span),
            group,
            pool_dispersion=series.pool_dispersion,
            least_autocorrelation=wandering,
        )
        factor[fits] = fit.dispersion * _sum_factor(fit.autocorrelation, length)
        degrees[fits] = fit.degrees
    return SumNoise(factor=factor, degrees=degrees)


def _sum_factor(autocorrelation: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return how much autocorrelation widens a sum of `length` months: 1 + 2 sum (1 - j/length) rho^j."""
    lag = np.arange(1, length)
    return np.asarray(1.0 + 2.0 * ((1.0 - lag / length) * autocorrelation[:, None] ** lag).sum(axis=1))
