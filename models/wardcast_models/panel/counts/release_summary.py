"""Which release gave which months of a panel, and how far each moved what was said before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.panel.counts.overlap import overlay
from wardcast_models.panel.panel import Panel, Release

SUMMARY_COLUMNS = (
    "file",
    "published",
    "published_known",
    "first_month",
    "last_month",
    "crimes",
    "months_used",
    "first_used",
    "last_used",
    "months_compared",
    "change",
    "change_percent",
)
"""Columns of `release_summary`."""


def release_summary(panel: Panel) -> pd.DataFrame:
    """Return the releases behind the counts of a panel's area.

    Args:
        panel: The panel.

    Returns:
        One row a release, oldest first: `file, published, published_known, first_month, last_month, crimes` (of the
        area), `months_used` (in how many months some of the panel's counts are from it), `first_used, last_used`,
        and, against the release before it in the cells both tell, `months_compared, change, change_percent` (NaN where
        there is none). Counts carried from other wards are from no release of this list.
    """
    newest_first = panel.releases[::-1]
    source = overlay(newest_first, shape=panel.counts.shape, months=panel.months).source[panel.area_rows]
    rows = []
    for place, (before, release) in enumerate(zip([None, *panel.releases], panel.releases, strict=False)):
        used = panel.months[(source == len(newest_first) - 1 - place).any(axis=(0, 1))]
        of_area = release.counts[panel.area_rows]
        row: dict[str, object] = {
            "file": release.file,
            "published": release.published,
            "published_known": release.published_known,
            "first_month": release.first_month,
            "last_month": release.last_month,
            "crimes": int(np.nansum(of_area, dtype=np.float64)),
            "months_used": len(used),
            "first_used": used.min(),
            "last_used": used.max(),
        }
        rows.append(row | _moved(panel, before, release))
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def _moved(panel: Panel, before: Release | None, release: Release) -> dict[str, object]:
    """Return how far a release moved the area's counts in the cells that the one before it tells too."""
    nothing: dict[str, object] = {"months_compared": 0, "change": np.nan, "change_percent": np.nan}
    shared = release.months[:0] if before is None else before.months.intersection(release.months)
    if before is None or shared.empty:
        return nothing
    old, new = (
        each.counts[panel.area_rows][:, :, each.months.get_indexer(shared)].astype(np.float64)
        for each in (before, release)
    )
    both = ~np.isnan(old) & ~np.isnan(new)
    if not both.any():
        return nothing
    then, now = float(old[both].sum()), float(new[both].sum())
    return {
        "months_compared": int(both.any(axis=(0, 1)).sum()),
        "change": now - then,
        "change_percent": 100 * (now - then) / then if then else np.nan,
    }
