"""How counts moved from one release to the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.panel import Panel, Release

HISTORY_COLUMNS = (
    "month",
    "file",
    "published",
    "published_known",
    "age_months",
    "total",
    "compared_total",
    "change",
    "change_percent",
)
"""Columns of `revision_history`."""

_LEAST_TOLD = 100
"""A newest month with fewer crimes moves by chance more than by revision; nothing is said about it."""


def revision_history(
    panel: Panel, *, ward_codes: Sequence[str] | None = None, categories: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return what each release said of each month, and by how much the next one moved it.

    Args:
        panel: The panel.
        ward_codes: Wards added up; None takes the area's.
        categories: Categories added up; None takes all that releases list.

    Returns:
        One row per month and release that has it, by month and publication: `month, file, published, published_known,
        age_months` (months from the month to the one of publication), `total` of the cells that the release tells,
        `compared_total` of those of them that the release before tells too, `change` of these against the release
        before, `change_percent`; the last three NaN for the first release of a month.
    """
    wards = [panel.ward_codes.index(code) for code in (panel.area.ward_codes if ward_codes is None else ward_codes)]
    kinds = [panel.categories.index(name) for name in (panel.categories if categories is None else categories)]
    return _history(panel.releases, wards, kinds)


def typical_revision(history: pd.DataFrame) -> pd.DataFrame:
    """Return by how much a month usually moves in the next release, by its age.

    Args:
        history: From `revision_history`; steps to a release that came out no later are left out.

    Returns:
        One row per age of the month when first told (months), `age_months, months, median_percent,
        median_absolute_percent, largest_absolute_percent`, youngest first.
    """
    before = history.groupby("month")[["age_months", "published"]].shift()
    is_later = history["published"] > before["published"]
    revised = history.assign(age_months=before["age_months"])[is_later].dropna(subset=["change_percent"])
    groups = revised.astype({"age_months": "int64"}).groupby("age_months")["change_percent"]
    return groups.agg(
        months="size",
        median_percent="median",
        median_absolute_percent=lambda percent: percent.abs().median(),
        largest_absolute_percent=lambda percent: percent.abs().max(),
    ).reset_index()


def newest_month_findings(oldest_first: Sequence[Release]) -> list[Finding]:
    """Say by how much each release's newest month moved in the next release that has it.

    Args:
        oldest_first: Releases on the same axes.

    Returns:
        A finding for every release whose newest month stands in a later one.
    """
    findings = []
    for place, release in enumerate(oldest_first):
        told = _cells(release, release.last_month)
        newer = (each for each in oldest_first[place + 1 :] if each.published > release.published)
        retold = ((each, _cells(each, release.last_month)) for each in newer)
        later, cells = next(((each, cells) for each, cells in retold if cells is not None), (None, None))
        if told is None or later is None or cells is None:
            continue
        before, after = _compared(told, cells)
        if before < _LEAST_TOLD:
            continue
        message = (
            f"Its newest month, {release.last_month:%Y-%m}, moved from {before:,.0f} to {after:,.0f} crimes "
            f"({(after - before) / before:+.1%}) in the next release at hand, {later.file}, where both tell a ward's "
            "category."
        )
        month = f"{release.last_month:%Y-%m}"
        findings.append(
            Finding(kind=FindingKind.CAVEAT, file=release.file, message=message, first_month=month, last_month=month)
        )
    return findings


def _history(releases: Sequence[Release], wards: list[int], kinds: list[int]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for month in sorted({month for release in releases for month in release.months}):
        told = ((release, _cells(release, month)) for release in releases)
        telling = [(release, cells[np.ix_(wards, kinds)]) for release, cells in told if cells is not None]
        earlier: list[NDArray[np.float32] | None] = [None, *(cells for _, cells in telling)]
        for (release, cells), before in zip(telling, earlier, strict=False):
            rows.append(_row(release, month, cells, before))
    frame = pd.DataFrame(rows, columns=list(HISTORY_COLUMNS))
    return frame.astype({"month": "datetime64[us]", "published": "datetime64[us]", "published_known": "bool"})


def _row(
    release: Release, month: pd.Timestamp, cells: NDArray[np.float32], before: NDArray[np.float32] | None
) -> dict[str, object]:
    row: dict[str, object] = {
        "month": month,
        "file": release.file,
        "published": release.published,
        "published_known": release.published_known,
        "age_months": (release.published.year - month.year) * 12 + release.published.month - month.month,
        "total": float(np.nansum(cells, dtype=np.float64)),
        "compared_total": np.nan,
        "change": np.nan,
        "change_percent": np.nan,
    }
    if before is not None:
        then, now = _compared(before, cells)
        percent = 100 * (now - then) / then if then else np.nan
        row |= {"compared_total": now, "change": now - then, "change_percent": percent}
    return row


def _cells(release: Release, month: pd.Timestamp) -> NDArray[np.float32] | None:
    """Return a release's cells of a month, shape (W, C); None where it tells none of them."""
    if not release.first_month <= month <= release.last_month:
        return None
    cells: NDArray[np.float32] = release.counts[:, :, release.months.get_loc(month)]
    return None if np.isnan(cells).all() else cells


def _compared(earlier: NDArray[np.float32], later: NDArray[np.float32]) -> tuple[float, float]:
    """Return the sums of two releases' cells over those that both tell."""
    both = ~np.isnan(earlier) & ~np.isnan(later)
    return float(earlier[both].sum(dtype=np.float64)), float(later[both].sum(dtype=np.float64))
