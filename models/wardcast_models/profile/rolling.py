"""Sums of twelve months up to each month: the trend without the season."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.year import MONTHS_A_YEAR

_SUMS = 36


def rolling(counts: MonthlyCounts, last_month: pd.Timestamp) -> pd.DataFrame:
    """Add up twelve months to each of the last 36 months, for the area and by ward.

    Args:
        counts: Monthly counts.
        last_month: Last month.

    Returns:
        Columns `TABLE_COLUMNS["rolling"]`; sums with an unobserved month are absent.
    """
    window = counts.window(last_month, _SUMS + MONTHS_A_YEAR - 1)
    months = counts.months[window][MONTHS_A_YEAR - 1 :]
    columns = list(TABLE_COLUMNS["rolling"])
    if not len(months):
        return pd.DataFrame(columns=columns)
    every = np.concatenate([counts.area[:, None, window], counts.wards[:, :, window]], axis=1)
    sums = np.lib.stride_tricks.sliding_window_view(every, MONTHS_A_YEAR, axis=2).sum(axis=3)
    places = ["", *counts.ward_codes]
    each = len(places) * len(months)
    table = {
        "measure": np.repeat(np.array([measure.measure for measure in counts.measures], dtype=object), each),
        "ward_code": np.tile(np.repeat(np.array(places, dtype=object), len(months)), len(counts.measures)),
        "month": np.tile(months.to_numpy(), len(places) * len(counts.measures)),
        "count_12_months": sums.reshape(-1),
    }
    return pd.DataFrame(table)[columns].dropna().reset_index(drop=True)
