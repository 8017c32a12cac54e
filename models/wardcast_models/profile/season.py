"""The seasonal pattern: each calendar month against the mean month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.breaks import pandemic_months
from wardcast_models.profile.count_model import days_in, fit_counts
from wardcast_models.profile.false_discovery import q_values, significant
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.year import MONTHS_A_YEAR

SEASON_MONTHS = 60
"""Months that the pattern is learned from, where there are as many."""

_FEWEST_MONTHS = 24
_FEWEST_COUNTS = 60
_FEWEST_A_MONTH = 3


def seasons(counts: MonthlyCounts, last_month: pd.Timestamp) -> pd.DataFrame:
    """Compare calendar months, a day for a day, years allowed to differ; each measure is a family of tests.

    Months of the pandemic are left out where two years remain without them.

    Args:
        counts: Monthly counts.
        last_month: Last month.

    Returns:
        Columns `TABLE_COLUMNS["seasons"]`; `index` is the month's level a day over the mean of the year's (geometric).
    """
    window = counts.window(last_month, SEASON_MONTHS)
    months = counts.months[window]
    ordinary = ~pandemic_months(months)
    if ordinary.sum() < _FEWEST_MONTHS:
        ordinary[:] = True
    months = months[ordinary]
    series = counts.area[:, window][:, ordinary]
    by_month = np.column_stack([np.nansum(series[:, months.month == month], axis=1) for month in range(1, 13)])
    enough = (by_month.sum(axis=1) >= _FEWEST_COUNTS) & (by_month.min(axis=1) >= _FEWEST_A_MONTH)
    fits = ((~np.isnan(series)).sum(axis=1) >= _FEWEST_MONTHS) & enough
    if not fits.any():
        return pd.DataFrame(columns=list(TABLE_COLUMNS["seasons"]))
    back = np.flatnonzero(ordinary[::-1])[::-1] // MONTHS_A_YEAR
    years = np.column_stack([back == number for number in np.unique(back)[1:]])
    calendar = months.month.to_numpy()[:, None] == np.arange(1, MONTHS_A_YEAR + 1)
    # Months are deviations that add up to 0 beside the years' own levels: twelve of them less the last.
    deviations = calendar[:, :-1].astype(np.float64) - calendar[:, -1:]
    design = np.column_stack([np.ones(len(months)), years, deviations]).astype(np.float64)
    groups = np.zeros(int(fits.sum()), dtype=np.intp)
    fit = fit_counts(series[fits], design, days_in(months), groups, pool_dispersion=False)
    names = [measure.measure for measure, kept in zip(counts.measures, fits, strict=True) if kept]
    frames = []
    first = design.shape[1] - (MONTHS_A_YEAR - 1)
    for month in range(1, MONTHS_A_YEAR + 1):
        weights = np.zeros(design.shape[1])
        weights[first:] = -1.0 if month == MONTHS_A_YEAR else np.arange(1, MONTHS_A_YEAR) == month
        effect = fit.contrast(weights)
        frames.append(
            pd.DataFrame(
                {
                    "measure": names,
                    "calendar_month": month,
                    "index": np.exp(effect.value),
                    "low": np.exp(effect.value - effect.margin),
                    "high": np.exp(effect.value + effect.margin),
                    "p_value": effect.p_values,
                }
            )
        )
    table = pd.concat(frames, ignore_index=True)
    table["order"] = table["measure"].map({name: row for row, name in enumerate(names)})
    table = table.sort_values(["order", "calendar_month"], ignore_index=True)
    q = np.concatenate([q_values(rows.to_numpy(dtype=np.float64)) for _, rows in table.groupby("order")["p_value"]])
    return table.assign(q_value=q, significant=significant(q))[list(TABLE_COLUMNS["seasons"])]
