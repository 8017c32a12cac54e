"""Emerging change: the newest months against what a ward's own past leads one to expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.breaks import pandemic_months
from wardcast_models.profile.false_discovery import q_values, significant
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.year import MONTHS_A_YEAR

RECENT_MONTHS = 3
"""Newest months that are judged together."""

BASE_MONTHS = 24
"""Months before them that the expectation is made from."""

_FEWEST_EXPECTED = 3.0
_FEWEST_ORIGINS = 6
_LONGEST_PAST = 120


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What the newest months were expected to be, S series.

    Attributes:
        count: What they were, shape (S,).
        expected: Mean, shape (S,); NaN where the past is too short.
        extra_variance: Variance beyond the mean, over the mean squared, shape (S,).
    """

    count: NDArray[np.float64]
    expected: NDArray[np.float64]
    extra_variance: NDArray[np.float64]


def emerging(counts: MonthlyCounts, last_month: pd.Timestamp) -> pd.DataFrame:
    """Judge the newest three months of every measure, for the area and by ward; two families of tests, as for trends.

    The expectation is the mean of the 24 months before, moved by the season of the area. How far counts may lie from
    it is learned from how far they lay at past dates, by the same rule (negative binomial), the pandemic left out.

    Args:
        counts: Monthly counts.
        last_month: The newest month.

    Returns:
        Columns `TABLE_COLUMNS["emerging"]`, one row a series with at least 3 expected.
    """
    window = counts.window(last_month, _LONGEST_PAST)
    months = counts.months[window]
    number = len(counts.ward_codes)
    rows = np.arange(len(counts.measures))
    area, wards = counts.area[:, window], counts.wards[:, :, window].reshape(-1, len(months))
    recent = f"{months[-RECENT_MONTHS:][0]:%Y-%m} to {months[-1]:%Y-%m}"
    frames = [
        _judged(counts, expectation(area, area, months, rows), rows, [""] * len(rows), recent),
        _judged(
            counts,
            expectation(wards, np.repeat(area, number, axis=0), months, np.repeat(rows, number)),
            np.repeat(rows, number),
            list(counts.ward_codes) * len(rows),
            recent,
        ),
    ]
    held = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(held, ignore_index=True)


def expectation(
    series: NDArray[np.float64], whole: NDArray[np.float64], months: pd.DatetimeIndex, groups: NDArray[np.intp]
) -> Expectation:
    """Expect the newest three months of each series.

    Args:
        series: Counts, shape (S, T).
        whole: Counts of the area as a whole, from which the season is taken, shape (S, T).
        months: Length T.
        groups: Series that share the variance beyond the mean, shape (S,).

    Returns:
        The expectation.
    """
    length = len(months)
    nothing = np.full(len(series), np.nan)
    if length < BASE_MONTHS + RECENT_MONTHS:
        return Expectation(count=nothing, expected=nothing, extra_variance=np.zeros(len(series)))
    # A season a series, its newest origin's; past origins use it too, which flatters them little: it is the area's.
    ends = np.arange(length, BASE_MONTHS + RECENT_MONTHS - 1, -RECENT_MONTHS)
    season = _season(whole, months)
    counts, means = (np.empty((len(series), len(ends))) for _ in range(2))
    for column, end in enumerate(ends):
        recent, base = slice(end - RECENT_MONTHS, end), slice(end - RECENT_MONTHS - BASE_MONTHS, end - RECENT_MONTHS)
        counts[:, column] = series[:, recent].sum(axis=1)
        observed = ~np.isnan(series[:, base])
        level = np.nansum(series[:, base], axis=1) / np.maximum((season[:, base] * observed).sum(axis=1), 1e-9)
        enough = observed.sum(axis=1) >= MONTHS_A_YEAR
        means[:, column] = np.where(enough, level * season[:, recent].sum(axis=1), np.nan)
    pandemic = pandemic_months(months)
    usable = np.array([not pandemic[end - RECENT_MONTHS - BASE_MONTHS : end].any() for end in ends])
    usable[0] = False
    if usable.sum() < _FEWEST_ORIGINS:
        usable[1:] = True
    extra = _extra_variance(counts[:, usable], means[:, usable], groups)
    return Expectation(count=counts[:, 0], expected=means[:, 0], extra_variance=extra)


def _season(whole: NDArray[np.float64], months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return the area's calendar months over their mean, shape (S, T), drawn towards 1 where counts are few."""
    recent = whole[:, -5 * MONTHS_A_YEAR :]
    calendar = months.month.to_numpy()
    mean = np.nanmean(np.where(np.isnan(recent).all(axis=1, keepdims=True), 0.0, recent), axis=1)
    index = np.ones((len(whole), MONTHS_A_YEAR + 1))
    for month in range(1, MONTHS_A_YEAR + 1):
        of_month = recent[:, calendar[-recent.shape[1] :] == month]
        observed = (~np.isnan(of_month)).sum(axis=1)
        # Twenty counts of the mean month are added, so that a rare offence has no season to speak of.
        index[:, month] = (np.nansum(of_month, axis=1) + 20.0) / np.maximum(observed * mean + 20.0, 1e-9)
    return np.asarray(index[:, calendar])


def _extra_variance(
    counts: NDArray[np.float64], means: NDArray[np.float64], groups: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return alpha of variance = mean + alpha mean squared, by moments over a group's past, raised for few dates."""
    known = ~np.isnan(counts) & ~np.isnan(means)
    over = np.where(known, (counts - means) ** 2 - means, 0.0).sum(axis=1)
    square = np.where(known, means**2, 0.0).sum(axis=1)
    size = int(groups.max(initial=0)) + 1
    total, scale = np.bincount(groups, over, size), np.bincount(groups, square, size)
    alpha = np.maximum(0.0, total / np.maximum(scale, 1e-9))
    # Few past dates tell a variance badly: it is raised to what 80 (95 of very few) in 100 such samples show at least.
    dates = np.maximum(known.any(axis=0).sum(), 2)
    return np.asarray(alpha[groups] * dates / stats.chi2.ppf(0.05 if dates < _FEWEST_ORIGINS else 0.2, dates))


def _judged(
    counts: MonthlyCounts, made: Expectation, rows: NDArray[np.intp], ward_codes: list[str], recent: str
) -> pd.DataFrame:
    fits = ~np.isnan(made.count) & (np.nan_to_num(made.expected) >= _FEWEST_EXPECTED)
    if not fits.any():
        return pd.DataFrame(columns=list(TABLE_COLUMNS["emerging"]))
    count, mean = made.count[fits], made.expected[fits]
    # The mean itself is known only from 24 months: that adds a share of both variances.
    share = RECENT_MONTHS / BASE_MONTHS
    spread = np.maximum(made.extra_variance[fits] + share / mean, 1e-6)
    size = 1.0 / spread
    law = stats.nbinom(size, size / (size + mean))
    p_values = np.minimum(1.0, 2.0 * np.minimum(law.cdf(count), law.sf(count - 1)))
    q = q_values(p_values)
    return pd.DataFrame(
        {
            "measure": [counts.measures[row].measure for row in rows[fits]],
            "ward_code": [code for code, kept in zip(ward_codes, fits, strict=True) if kept],
            "recent_months": recent,
            "count": count,
            "expected": mean,
            "low": law.ppf(0.025),
            "high": law.ppf(0.975),
            "ratio": count / mean,
            "p_value": p_values,
            "q_value": q,
            "significant": significant(q),
        }
    )[list(TABLE_COLUMNS["emerging"])]
