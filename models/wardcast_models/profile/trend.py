"""Trends: the change a year over the last three years of months, and whether it is more than noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.breaks import breaks_within
from wardcast_models.profile.count_model import days_in, fit_counts, harmonics
from wardcast_models.profile.false_discovery import q_values, significant
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.persistence import PERSISTENCE_MONTHS, persistence
from wardcast_models.profile.year import MONTHS_A_YEAR

TREND_MONTHS = 36
"""Months that a trend is drawn through, where there are as many."""

FEWEST_MONTHS = 24
"""Months below which no trend is drawn: season and trend could not be told apart."""

FEWEST_COUNTS = 30
"""Counts below which a series is not tested."""


def trends(panel: Panel, counts: MonthlyCounts, last_month: pd.Timestamp) -> pd.DataFrame:
    """Draw a log-linear trend with season through every measure, for the area and by ward.

    Two families of tests are adjusted apart: all measures of the area, and all measures and wards. How slowly the
    area's own months wander is learned from seven years, for three cannot tell it from a trend; that of the wards,
    whose noise is mostly that of small counts, from the trend's months.

    Args:
        panel: The panel, for its marked events.
        counts: Monthly counts.
        last_month: Last month of the trend.

    Returns:
        Columns `TABLE_COLUMNS["trends"]`, one row a series that could be tested.
    """
    window = counts.window(last_month, TREND_MONTHS)
    months = counts.months[window]
    told = "; ".join(breaks_within(panel, months[0], months[-1]).values())
    number = len(counts.ward_codes)
    rows = np.arange(len(counts.measures))
    longer = counts.window(last_month, PERSISTENCE_MONTHS)
    wandering = persistence(counts.area[:, longer], counts.months[longer])
    frames = [
        _tested(counts, counts.area[:, window], months, rows, [""] * len(rows), wandering=wandering),
        _tested(
            counts,
            counts.wards[:, :, window].reshape(-1, len(months)),
            months,
            np.repeat(rows, number),
            list(counts.ward_codes) * len(rows),
            wandering=None,
        ),
    ]
    held = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(held, ignore_index=True).assign(breaks=told)[list(TABLE_COLUMNS["trends"])]


def trend_estimates(
    series: NDArray[np.float64],
    months: pd.DatetimeIndex,
    groups: NDArray[np.intp],
    *,
    pool_dispersion: bool,
    least_autocorrelation: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Estimate the change a year of each series.

    Args:
        series: Counts, shape (S, T).
        months: Length T.
        groups: See `fit_counts`.
        pool_dispersion: See `fit_counts`.
        least_autocorrelation: See `fit_counts`.

    Returns:
        Percent a year, its 95 % interval (low, high) and the p value, each of shape (S,).
    """
    years = np.arange(len(months)) / MONTHS_A_YEAR
    design = np.column_stack([np.ones(len(months)), years - years.mean(), harmonics(months)])
    fit = fit_counts(
        series,
        design,
        days_in(months),
        groups,
        pool_dispersion=pool_dispersion,
        least_autocorrelation=least_autocorrelation,
    )
    slope = fit.contrast(np.eye(design.shape[1])[1])
    low, high = slope.value - slope.margin, slope.value + slope.margin
    return _percent(slope.value), _percent(low), _percent(high), slope.p_values


def _tested(
    counts: MonthlyCounts,
    series: NDArray[np.float64],
    months: pd.DatetimeIndex,
    rows: NDArray[np.intp],
    ward_codes: list[str],
    *,
    wandering: NDArray[np.float64] | None,
) -> pd.DataFrame:
    """Test series that are the area's (with how they wander) or the wards' (None), whose like lend each other noise."""
    seen = (~np.isnan(series)).sum(axis=1)
    fits = (seen >= FEWEST_MONTHS) & (np.nansum(series, axis=1) >= FEWEST_COUNTS)
    if not fits.any():
        return pd.DataFrame(columns=list(TABLE_COLUMNS["trends"]))
    pooled = wandering is None
    groups = np.unique(rows[fits], return_inverse=True)[1] if pooled else np.zeros(int(fits.sum()), dtype=np.intp)
    percent, low, high, p_values = trend_estimates(
        series[fits],
        months,
        groups,
        pool_dispersion=pooled,
        least_autocorrelation=None if wandering is None else wandering[fits],
    )
    q = q_values(p_values)
    return pd.DataFrame(
        {
            "measure": [counts.measures[row].measure for row in rows[fits]],
            "ward_code": [code for code, kept in zip(ward_codes, fits, strict=True) if kept],
            "months": seen[fits],
            "percent_a_year": percent,
            "low": low,
            "high": high,
            "p_value": p_values,
            "q_value": q,
            "significant": significant(q),
        }
    )


def _percent(log_change: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(100.0 * np.expm1(log_change))
