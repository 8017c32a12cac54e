"""The panel without what was worked out from wards of another vintage: published counts only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from wardcast_models.panel.panel import Panel


def published_counts(panel: Panel) -> Panel:
    """Blank every count that was carried from wards of another vintage: the year is told by what was published.

    Args:
        panel: The panel.

    Returns:
        The panel with the carried cells not observed; `carried` still tells which those are.
    """
    if panel.carried.empty:
        return panel
    counts = panel.counts.copy()
    wards = {code: row for row, code in enumerate(panel.ward_codes)}
    categories = {category: row for row, category in enumerate(panel.categories)}
    for (category, first, last), rows in panel.carried.groupby(["category", "first_month", "last_month"]):
        span = pd.Timestamp(str(first)), pd.Timestamp(str(last))
        months = np.flatnonzero((panel.months >= span[0]) & (panel.months <= span[1]))
        places = np.array([wards[code] for code in rows["ward_code"] if code in wards], dtype=np.intp)
        if str(category) in categories and len(months) and len(places):
            counts[np.ix_(places, np.array([categories[str(category)]]), months)] = np.nan
    return replace(panel, counts=counts)
