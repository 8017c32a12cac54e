"""Harm: crimes weighted by the Cambridge Crime Harm Index, by category and ward."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.reference.taxonomy import harm_weights


def harm(counts: MonthlyCounts, sums: NDArray[np.float64]) -> pd.DataFrame:
    """Weigh the year's crimes.

    Shares are of the area's harm and of its crimes that have a weight; incidents that are no crimes have none.

    Args:
        counts: Monthly counts, for the measures.
        sums: Counts of the year, shape (M, W).

    Returns:
        Columns `TABLE_COLUMNS["harm"]`, area ("") and wards.
    """
    weights = harm_weights("cambridge")
    # A sum of one category only (burglary, say, where one kind is held) is that category once more: taken once.
    of_category = {
        measure.categories[0]: row
        for row, measure in enumerate(counts.measures)
        if len(measure.categories) == 1 and not measure.series and measure.categories[0] in weights
    }
    rows = [(row, category) for category, row in of_category.items() if not np.isnan(sums[row]).any()]
    columns = list(TABLE_COLUMNS["harm"])
    if not rows:
        return pd.DataFrame(columns=columns)
    by_category = np.vstack([sums[row] for row, _ in rows])
    every = np.column_stack([by_category.sum(axis=1), by_category])
    days = every * np.array([weights[category] for _, category in rows])[:, None]
    places = ["", *counts.ward_codes]
    whole_harm, whole_count = days[:, 0].sum(), every[:, 0].sum()
    frame = pd.DataFrame(
        {
            "category": np.repeat([category for _, category in rows], len(places)),
            "ward_code": places * len(rows),
            "count": every.reshape(-1),
            "harm": days.reshape(-1),
            "share_of_area_harm": (days / whole_harm if whole_harm > 0 else np.full(days.shape, np.nan)).reshape(-1),
            "share_of_area_count": (every / whole_count if whole_count > 0 else np.full(days.shape, np.nan)).reshape(
                -1
            ),
        }
    )
    return frame[columns]
