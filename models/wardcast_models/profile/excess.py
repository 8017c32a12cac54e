"""Excess: what a place has by itself against what its residents would give it, whatever its neighbours have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv
from scipy.stats import chi2_contingency

from wardcast_models.profile.false_discovery import q_values, significant
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.noise import SeriesSet, noise_of_sums
from wardcast_models.profile.year import CoveredYear

TIMES_EXPECTED = 2.0
"""How many times the area's own rate a place has to be beyond doubt to stand out by itself. Places differ: with years
of counts even a tenth more is no chance. At least twice is what nobody would call an ordinary difference."""

_FEWEST_MONTHS = 6
"""Months of the year below which they say nothing of noise."""

_OUTER = 0.025


@dataclass(frozen=True, kw_only=True)
class Excess:
    """Ratios of counts to what is expected. M measures, N places.

    Attributes:
        ratio: Count over expected, shape (M, N).
        low: Lower end of its 95 % interval; NaN where the noise is unknown.
        high: Upper end.
        p_values: One-sided, of the true ratio being at most `TIMES_EXPECTED`.
        q_values: Adjusted: all measures and places are one family.
        stands_out: Whether it is more, at the level of the false discovery.
    """

    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p_values: NDArray[np.float64]
    q_values: NDArray[np.float64]
    stands_out: NDArray[np.bool_]


def excess(counts: NDArray[np.float64], expected: NDArray[np.float64], noise: NDArray[np.float64]) -> Excess:
    """Compare each place with what is expected of it.

    What is expected is taken as given: the place's share of residents times the total, in which its own count stays,
    so that a ratio errs to the low side. Counts are quasi-Poisson: a count over its noise is read as a Poisson count,
    exactly (Garwood 1936) where the noise is 1.

    Args:
        counts: Shape (M, N).
        expected: Above 0, shape (M, N).
        noise: Variance of a count over its mean, at least 1, shape (M, N); NaN where not known: nothing is tested.

    Returns:
        The ratios.
    """
    scaled, unit = counts / noise, noise / expected
    low = np.where(counts > 0, gammaincinv(np.maximum(scaled, 1e-12), _OUTER), 0.0) * unit
    high = gammaincinv(scaled + 1.0, 1.0 - _OUTER) * unit
    p_values = np.where(counts > 0, gammainc(np.maximum(scaled, 1e-12), TIMES_EXPECTED / unit), 1.0)
    p_values = np.where(np.isnan(noise), np.nan, p_values)
    q = q_values(p_values)
    return Excess(
        ratio=counts / expected,
        low=np.where(np.isnan(noise), np.nan, low),
        high=high,
        p_values=p_values,
        q_values=q,
        stands_out=significant(q),
    )


def ward_noise(counts: MonthlyCounts, year: CoveredYear, sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Learn how much the year's counts of wards vary beyond chance, from their months.

    The count model of some years tells it, whose wards lend each other half of their dispersion. Where too few months
    are held for that, the year's own months tell their dispersion: around each ward's share of each month's total, all
    wards of a measure together. A ward whose months tell nothing takes the middle one of its measure, or of all.

    Args:
        counts: Monthly counts.
        year: The year.
        sums: Counts of the year, shape (M, W).

    Returns:
        Variance over mean, at least 1, shape (M, W); NaN throughout where no ward's months tell it.
    """
    series = SeriesSet(
        values=counts.wards.reshape(sums.size, -1),
        months=counts.months,
        groups=np.repeat(np.arange(len(sums)), sums.shape[1]),
        pool_dispersion=True,
    )
    asked = np.nan_to_num(sums).reshape(-1) > 0
    learned = noise_of_sums(series, year.months, length=len(year.months), asked=asked).factor.reshape(sums.shape)
    by_measure = pd.DataFrame(learned).median(axis=1).to_numpy(dtype=np.float64)
    by_measure = np.where(np.isnan(by_measure), _within_year(counts, year), by_measure)
    middle = by_measure if np.isnan(by_measure).all() else np.nan_to_num(by_measure, nan=np.nanmedian(by_measure))
    return np.where(np.isnan(learned), middle[:, None], learned)


def _within_year(counts: MonthlyCounts, year: CoveredYear) -> NDArray[np.float64]:
    """Return each measure's dispersion (Pearson) around what ward and month lead one to expect, at least 1, shape (M,).

    NaN where too few months are held, or all crimes are of one ward or month.
    """
    months = counts.wards[:, :, counts.months.get_indexer(year.months)]
    found = np.full(len(months), np.nan)
    for row, of_measure in enumerate(months):
        held = of_measure[:, ~np.isnan(of_measure).any(axis=0)]
        if held.shape[1] < _FEWEST_MONTHS:
            continue
        told = held[held.sum(axis=1) > 0][:, held.sum(axis=0) > 0]
        if min(told.shape) > 1:  # crimes of one ward or one month say nothing of how they vary
            statistic = chi2_contingency(told, correction=False)
            found[row] = max(1.0, statistic.statistic / statistic.dof)
    return found
