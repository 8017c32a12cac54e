"""The area's own published changes beside those found here."""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.year import CoveredYear
from wardcast_models.reference.area_profile import area_profile

_CHANGE = "change_"

TOLERANCE_POINTS = 3.0
"""Difference in percentage points within which a published figure counts as matched."""


def published(area_code: str, area: pd.DataFrame, year: CoveredYear) -> pd.DataFrame:
    """Compare the year's changes with the packaged ones of the same year.

    Args:
        area_code: GSS code of the area.
        area: Table of the area's year.
        year: The year.

    Returns:
        Columns `TABLE_COLUMNS["published"]`; empty where none is packaged for the year.
    """
    found = dict(zip(area["measure"], area["change_percent"], strict=True))
    rows = []
    for figure in area_profile(area_code).values():
        measure = figure.key.removeprefix(_CHANGE)
        if not figure.key.startswith(_CHANGE) or measure not in found:
            continue
        if re.match(rf"{re.escape(year.label)}\b", figure.period):
            stated = 100.0 * figure.value
            rows.append((measure, figure.label, stated, found[measure], found[measure] - stated, figure.source))
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS["published"]))
