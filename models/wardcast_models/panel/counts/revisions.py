"""Releases as they were published, and the panel as it was known on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.counts.doubled import mend_doubled
from wardcast_models.panel.counts.overlap import NO_RELEASE, overlay
from wardcast_models.panel.counts.release_cells import told_cells
from wardcast_models.panel.findings import Finding
from wardcast_models.panel.panel import Panel, Release
from wardcast_models.panel.parts import BoroughRelease, WardRelease

PUBLICATION_DAY = 15
"""Day of the month after a release's last month on which it is taken to have come out, where its file tells no day: the
Metropolitan Police says of its tables by ward that "the rolling data figures will be updated every month (round the
15th)" (maps.met.police.uk/tables.htm)."""

ROLLING_MONTHS = 25
"""Most months of a rolling release: 24, and a left-over one. A longer file holds the months that have left the rolling
one: "when a complete year's data is no longer included in the rolling data, it will be fixed" (same page). Such a file
is therefore taken to have come out when its last month had left: 24 months after a rolling release of that month. On
the files of 2025 this shows: the newest month of the historical file moves by 0.0 % in the next release at hand, that
of a rolling one by 1.3 %. A long file whose last month cannot have left yet by the day of the reading is none of these
(it may have been joined by hand), and is taken to have come out on the usual day."""

_IN_ROLLING_RELEASE = 24


@dataclass(frozen=True, kw_only=True)
class PlacedRelease:
    """A ward release and what it tells on a panel's axes.

    Attributes:
        release: The release as read, but for what it counted twice.
        told: The same on the panel's axes; None where it tells nothing there.
        findings: What was found about its cells.
    """

    release: WardRelease
    told: Release | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class KnownShare:
    """How much of a panel of the past was really known then. All numbers are observed cells (ward, category, month).

    Attributes:
        day: The day.
        known_cells: Cells from releases published by then.
        of_assumed_day: How many of these are from releases whose day of publication is assumed.
        later_cells: Cells that no release published by then holds, with the figures of a release published later.
        undated_cells: Cells that no release holds (anti-social behaviour, counts carried from other wards), with the
            figures that the panel has: when they became known is not told.
    """

    day: pd.Timestamp
    known_cells: int
    of_assumed_day: int
    later_cells: int
    undated_cells: int

    @property
    def share_known(self) -> float:
        """Share of the cells that are from releases of the time, from 0 to 1; NaN where there is no cell."""
        cells = self.known_cells + self.later_cells + self.undated_cells
        return self.known_cells / cells if cells else float("nan")

    def sentence(self) -> str:
        """Return what a reader of a forecast from that day has to know."""
        day = f"{self.day.day} {self.day:%B %Y}"
        if not self.known_cells:
            return f"{day}: no release of that time is at hand; all counts are later figures."
        assumed = " (their day of publication is assumed)" if self.of_assumed_day else ""
        known = f"{day}: {self.share_known:.0%} of the counts are from releases published by then{assumed}."
        if not self.later_cells + self.undated_cells:
            return known
        return f"{known} No release of that time is at hand for the other {1 - self.share_known:.0%}: later figures."


def published_on(release: WardRelease | BoroughRelease) -> pd.Timestamp:
    """Return the day a release came out: its own where that is told, else the usual one of its kind.

    Args:
        release: The release.

    Returns:
        The day.
    """
    if release.published is not None:
        return release.published.normalize()
    historical = historical_from(release)
    is_to_come = historical is not None and release.read_on is not None and historical > release.read_on
    return usual_publication(release.months[-1]) if historical is None or is_to_come else historical


def historical_from(release: WardRelease | BoroughRelease) -> pd.Timestamp | None:
    """Return the day on which a historical release that ends as this one does comes out.

    Args:
        release: The release.

    Returns:
        The day; None where its file tells its own, or where it is no longer than a rolling one.
    """
    is_rolling = len(pd.date_range(release.months[0], release.months[-1], freq="MS")) <= ROLLING_MONTHS
    if release.published is not None or is_rolling:
        return None
    return usual_publication(release.months[-1]) + pd.DateOffset(months=_IN_ROLLING_RELEASE)


def usual_publication(last_month: pd.Timestamp) -> pd.Timestamp:
    """Return the day on which a rolling release that ends with a month usually comes out.

    Args:
        last_month: The month's start.

    Returns:
        The day `PUBLICATION_DAY` of the month after it.
    """
    return last_month + pd.DateOffset(months=1, days=PUBLICATION_DAY - 1)


def oldest_first(releases: Sequence[WardRelease]) -> list[WardRelease]:
    """Order releases by publication; of copies the one published first is kept.

    Args:
        releases: Releases in any order.

    Returns:
        Each content once, ordered by day of publication, then last month, first month and content.
    """

    def rank(release: WardRelease) -> tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp, str]:
        return published_on(release), release.months[-1], release.months[0], release.content_digest

    distinct: dict[str, WardRelease] = {}
    for release in sorted(releases, key=lambda each: (rank(each), each.published is None, each.file)):
        distinct.setdefault(release.content_digest, release)
    return sorted(distinct.values(), key=rank)


def on_categories(releases: Sequence[Release], listed: Sequence[str], categories: Sequence[str]) -> tuple[Release, ...]:
    """Put releases on a longer list of categories.

    Args:
        releases: Releases; their counts have the shape (W, C, T').
        listed: Their categories; length C.
        categories: The wanted ones, these among them; length D.

    Returns:
        The releases with counts of shape (W, D, T'), NaN in the categories that they do not list.
    """
    if tuple(listed) == tuple(categories):
        return tuple(releases)
    rows = [list(categories).index(category) for category in listed]
    placed = []
    for release in releases:
        wards, _, months = release.counts.shape
        counts = np.full((wards, len(categories), months), np.nan, dtype=np.float32)
        counts[:, rows] = release.counts
        placed.append(replace(release, counts=counts))
    return tuple(placed)


def place_releases(
    releases: Sequence[WardRelease],
    ward_codes: Sequence[str],
    categories: Sequence[str],
    months: pd.DatetimeIndex,
) -> tuple[PlacedRelease, ...]:
    """Put releases on common axes, each as it was published.

    Args:
        releases: Releases of one ward vintage, in any order.
        ward_codes: The wards, sorted; length W.
        categories: The categories; length C.
        months: The months without gaps; length T.

    Returns:
        The releases with what was found about each, oldest first, copies once. Cells that a release does not cover,
        does not list, or holds left over or unfinished are NaN.
    """
    mended = mend_doubled(oldest_first(releases))
    ordered = [release for release, _ in mended]
    placed: list[PlacedRelease] = []
    for place, (release, doubled) in enumerate(mended):
        cells, findings = told_cells(release, tuple(categories), others=ordered, older=ordered[:place])
        told = _on_axes(release, cells, ward_codes, months)
        placed.append(PlacedRelease(release=release, told=told, findings=(*doubled, *findings)))
    return tuple(placed)


def _on_axes(
    release: WardRelease, cells: NDArray[np.float32], ward_codes: Sequence[str], months: pd.DatetimeIndex
) -> Release | None:
    """Put a release's cells on a panel's axes; None where it tells nothing of the panel's months."""
    told = np.flatnonzero((~np.isnan(cells)).any(axis=(0, 1)) & release.months.isin(months))
    if not len(told):
        return None
    span = pd.date_range(release.months[told[0]], release.months[told[-1]], freq="MS")
    counts = np.full((len(ward_codes), cells.shape[1], len(span)), np.nan, dtype=np.float32)
    wards = np.searchsorted(np.array(ward_codes), np.array(release.ward_codes))
    columns = span.get_indexer(release.months[told])
    counts[np.ix_(wards, np.arange(cells.shape[1]), columns)] = cells[:, :, told]
    return Release(
        file=release.file,
        published=published_on(release),
        published_known=release.published is not None,
        first_month=span[0],
        last_month=span[-1],
        counts=counts,
    )


def as_known_on(panel: Panel, day: pd.Timestamp, *, until: pd.Timestamp | None = None) -> tuple[Panel, KnownShare]:
    """Return a panel as it was known on a day.

    Every ward and month is from the newest release published by then (the rule of `combine`). Cells that no such
    release holds, but one published later, are taken from the oldest such release and counted apart: they stand for
    figures of that time that are not at hand. Cells of other sources stay as they are.

    Args:
        panel: The panel.
        day: The day; what was published on it was known.
        until: Last month kept; None keeps what was published by then: the months of the releases of the time, and
            those that a release of the usual day would have had.

    Returns:
        The panel, with the releases published by then only, and how much of it was known; the digest stays that of the
        whole.

    Raises:
        WardcastError: Nothing of the panel was published by then, or `until` lies outside the panel.
    """
    known = [release for release in panel.releases if release.published <= day]
    later = sorted((each for each in panel.releases if each.published > day), key=lambda each: each.published)
    laid = overlay([*reversed(known), *later], shape=panel.counts.shape, months=panel.months)
    held = laid.source != NO_RELEASE
    of_assumed_day = np.array([not release.published_known for release in reversed(known)], dtype=np.bool_)
    # A cell that some release holds is the releases' to tell, even where they leave it unobserved.
    in_releases = _in_any_release(panel)
    counts = np.where(in_releases, laid.counts, panel.counts)
    past = replace(panel, counts=counts, releases=tuple(known)).up_to(_last_known(panel, known, day, until))
    kept = slice(0, len(past.months))
    source, observed = laid.source[:, :, kept], ~np.isnan(past.counts)
    from_known = held[:, :, kept] & (source < len(known))
    share = KnownShare(
        day=day,
        known_cells=int(from_known.sum()),
        of_assumed_day=int(of_assumed_day[source[from_known]].sum()),
        later_cells=int((held[:, :, kept] & ~from_known).sum()),
        undated_cells=int((observed & ~in_releases[:, :, kept]).sum()),
    )
    return past, share


def _in_any_release(panel: Panel) -> NDArray[np.bool_]:
    """Return which cells some release holds; shape (W, C, T)."""
    held = np.zeros(panel.counts.shape, dtype=np.bool_)
    for release in panel.releases:
        held[:, :, panel.months.get_indexer(release.months)] |= ~np.isnan(release.counts)
    return held


def _last_known(panel: Panel, known: Sequence[Release], day: pd.Timestamp, until: pd.Timestamp | None) -> pd.Timestamp:
    """Return the last month of the panel that was published by a day, or the one asked for."""
    if until is not None:
        return until
    usual = [month for month in panel.months if usual_publication(month) <= day]
    return max([*(release.last_month for release in known), *usual[-1:]], default=day.to_period("M").to_timestamp())
