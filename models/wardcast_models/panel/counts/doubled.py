"""Releases that count an offence twice: in its own row and in the row it was split out of.

Stalking and harassment stands in a row of its own in some releases, and within `VIOLENCE WITHOUT INJURY` in others. A
release with both rows, whose `VIOLENCE WITHOUT INJURY` was not made smaller, would count it twice. One file alone does
not tell; two do. No release leaves stalking out, so where the row without it is already as large as the whole category
of another release in the months both cover, it holds stalking, and the row of its own is a part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import WardRelease

CATEGORY = "violence_without_injury"
"""Category that stalking and harassment belongs to."""

_SAME_SHARE = 0.05
"""Two releases tell the same of a category where they differ by less: revisions stay below it even in the newest month,
and stalking is a third or more of the category."""

_LEAST_CRIMES = 100


def mend_doubled(releases: Sequence[WardRelease]) -> list[tuple[WardRelease, tuple[Finding, ...]]]:
    """Take out stalking where a release counts it twice.

    Args:
        releases: Releases of one ward vintage.

    Returns:
        Each release, mended where needed, and what was found; in the same order.
    """
    return [_mended(release, next((o for o in releases if _counts_twice(release, o)), None)) for release in releases]


def _counts_twice(release: WardRelease, other: WardRelease) -> bool:
    """Tell whether another release shows that a release's rows without stalking hold it already."""
    if release is other or release.stalking is None or CATEGORY not in other.categories:
        return False
    months = release.months.intersection(other.months)
    wards = np.array(sorted(set(release.ward_codes) & set(other.ward_codes)), dtype=str)
    ours = np.ix_(np.searchsorted(np.array(release.ward_codes), wards), release.months.get_indexer(months))
    theirs = np.ix_(np.searchsorted(np.array(other.ward_codes), wards), other.months.get_indexer(months))
    stalking = int(release.stalking[ours].sum())
    rest = int(release.counts[:, release.categories.index(CATEGORY)][ours].sum()) - stalking
    whole = int(other.counts[:, other.categories.index(CATEGORY)][theirs].sum())
    is_told = whole >= _LEAST_CRIMES and stalking > 2 * _SAME_SHARE * whole
    return is_told and abs(rest - whole) < _SAME_SHARE * whole


def _mended(release: WardRelease, shown_by: WardRelease | None) -> tuple[WardRelease, tuple[Finding, ...]]:
    if shown_by is None or release.stalking is None:
        return release, ()
    counts = release.counts.copy()
    counts[:, release.categories.index(CATEGORY)] -= release.stalking
    message = (
        f"Stalking and harassment ({int(release.stalking.sum()):,} crimes) stands in a row of its own and in violence "
        f"without injury too, which without it is already as large as in {shown_by.file}. It was counted once."
    )
    finding = Finding(
        kind=FindingKind.MENDED,
        file=release.file,
        message=message,
        first_month=f"{release.months[0]:%Y-%m}",
        last_month=f"{release.months[-1]:%Y-%m}",
    )
    return replace(release, counts=counts), (finding,)
