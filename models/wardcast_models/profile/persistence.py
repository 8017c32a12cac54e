"""How much the months of a series resemble the months before them, learned from more years than are tested."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.profile.breaks import pandemic_months
from wardcast_models.profile.count_model import days_in, fit_counts, harmonics

PERSISTENCE_MONTHS = 84
"""Months that it is learned from, where there are as many; those of the pandemic are left out."""

_FEWEST_MONTHS = 36


def persistence(series: NDArray[np.float64], months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Find the autocorrelation of related series around a smooth curve and the season, over up to seven years.

    Three years cannot tell noise that wanders slowly from a trend: a slow swing looks like one, and leaves residuals
    that look independent. Over seven years the swings show. The curve has a bend (quadratic in time), so that a trend
    which began within them is not itself taken for a swing.

    Args:
        series: Counts, shape (S, T); NaN where not observed. Related series: they lend each other half of it.
        months: Length T, without gaps.

    Returns:
        Autocorrelation from month to month, shape (S,); 0 where fewer than 36 ordinary months are held.
    """
    latest = slice(max(0, len(months) - PERSISTENCE_MONTHS), None)
    span = months[latest]
    values = np.where(pandemic_months(span), np.nan, series[:, latest])
    found = np.zeros(len(series))
    fits = ((~np.isnan(values)).sum(axis=1) >= _FEWEST_MONTHS) & (np.nansum(values, axis=1) > 0)
    if fits.any():
        time = np.linspace(-1.0, 1.0, len(span))
        design = np.column_stack([np.ones(len(span)), time, time**2, harmonics(span)])
        together = np.zeros(int(fits.sum()), dtype=np.intp)
        fit = fit_counts(values[fits], design, days_in(span), together, pool_dispersion=False)
        found[fits] = fit.autocorrelation
    return found
