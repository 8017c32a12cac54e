"""Months that follow one another, told as spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def month_spans(months: Sequence[str]) -> list[str]:
    """Join months that follow one another.

    Args:
        months: Months, `YYYY-MM`, in order.

    Returns:
        For example `2016-04` and `2018-02 to 2018-05`; none for no months.
    """
    numbers = np.array([month.ordinal for month in pd.PeriodIndex(list(months), freq="M")], dtype=np.int64)
    after_a_gap = np.nonzero(np.diff(numbers) > 1)[0] + 1
    parts = np.split(np.array(months), after_a_gap) if months else []
    return [str(part[0]) if len(part) == 1 else f"{part[0]} to {part[-1]}" for part in parts]
