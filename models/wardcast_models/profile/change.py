"""Year on year: this year against the same months of the year before, with an interval that noise explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from wardcast_models.profile.false_discovery import significant
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.noise import SeriesSet, noise_of_sums

FEWEST_COUNTS = 10
"""Counts in both periods together below which no interval is given."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Changes of S series between two periods of the same calendar months, in percent.

    Attributes:
        previous: Counts of the earlier period, shape (S,).
        now: Counts of the later period, shape (S,).
        percent: Shape (S,); NaN where either is unknown or the earlier is 0.
        low: Lower end of the 95 % interval; NaN where counts are too few.
        high: Upper end.
        p_values: Two-sided.
    """

    previous: NDArray[np.float64]
    now: NDArray[np.float64]
    percent: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p_values: NDArray[np.float64]

    def columns(self, q: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """Return the columns that every table of changes has, in their order.

        Args:
            q: `p_values` adjusted for the comparisons made, shape (S,).
        """
        return {
            "change_percent": self.percent,
            "change_low": self.low,
            "change_high": self.high,
            "p_value": self.p_values,
            "q_value": q,
            "significant": significant(q),
        }


def shared_months(counts: MonthlyCounts, months: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Return which months each measure has in the year and in the year before, shape (M, months)."""
    return held_months(counts, months) & held_months(counts, months - pd.DateOffset(years=1))


def held_months(counts: MonthlyCounts, months: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Return which months each measure has, shape (M, months)."""
    positions = counts.months.get_indexer(months)
    return np.asarray(~np.isnan(counts.area[:, positions]) & (positions >= 0))


def period_sums(
    values: NDArray[np.float64], all_months: pd.DatetimeIndex, months: pd.DatetimeIndex, chosen: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Add up chosen months.

    Args:
        values: Shape (M, ..., T).
        all_months: Length T.
        months: Months of the period, length K.
        chosen: Which of them count, shape (M, K).

    Returns:
        Sums, shape (M, ...); NaN where a chosen month is unknown, or none is chosen.
    """
    positions = all_months.get_indexer(months)
    taken = np.where(positions >= 0, values[..., positions], np.nan)
    use = chosen.reshape(chosen.shape[0], *[1] * (values.ndim - 2), chosen.shape[1])
    sums = np.where(use, taken, 0.0).sum(axis=-1)
    return np.where(use.any(axis=-1), sums, np.nan)


def change_between(
    series: SeriesSet, months: pd.DatetimeIndex, earlier: pd.DatetimeIndex, chosen: NDArray[np.bool_]
) -> Change:
    """Compare a period with the same calendar months before it.

    The interval is that of the ratio of two sums of overdispersed, autocorrelated counts: the dispersion and the
    autocorrelation of the months around their own year and season (quasi-Poisson, up to 60 months), carried to the
    sums.

    Args:
        series: The series.
        months: Months of the later period, length K.
        earlier: The months that each is compared with, length K.
        chosen: Which months count, shape (S, K).

    Returns:
        The changes.
    """
    now = period_sums(series.values, series.months, months, chosen)
    previous = period_sums(series.values, series.months, earlier, chosen)
    ratio = now / np.where(previous > 0, previous, np.nan)
    deviation, degrees = _ratio_noise(series, pd.DatetimeIndex([*earlier, *months]), now, previous)
    low, high, p_values = _interval(np.where(now > 0, ratio, np.nan), deviation, degrees)
    return Change(
        previous=previous,
        now=now,
        percent=100.0 * (ratio - 1.0),
        low=100.0 * (low - 1.0),
        high=100.0 * (high - 1.0),
        p_values=p_values,
    )


def _ratio_noise(
    series: SeriesSet, months: pd.DatetimeIndex, now: NDArray[np.float64], previous: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the standard error of the log ratio and its degrees of freedom, NaN where they cannot be told.

    `months` are those of both periods.
    """
    noise = noise_of_sums(series, months, length=len(months) // 2, asked=now + previous >= FEWEST_COUNTS)
    with np.errstate(divide="ignore"):
        return np.sqrt(noise.factor * (1.0 / now + 1.0 / previous)), noise.degrees


def _interval(
    ratio: NDArray[np.float64], deviation: NDArray[np.float64], degrees: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    log_ratio = np.log(ratio)
    margin = stats.t.ppf(0.975, degrees) * deviation
    p_values = 2.0 * stats.t.sf(np.abs(log_ratio) / deviation, degrees)
    known = np.isfinite(log_ratio) & np.isfinite(deviation)
    blank = np.full(len(ratio), np.nan)
    return (
        np.where(known, np.exp(log_ratio - margin), blank),
        np.where(known, np.exp(log_ratio + margin), blank),
        np.where(known, p_values, blank),
    )
