"""Overlapping ward releases made into one set of counts: the newest release in which a month is complete wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.counts.overlap import NO_RELEASE, overlay
from wardcast_models.panel.counts.revision_history import newest_month_findings
from wardcast_models.panel.counts.revisions import (
    PUBLICATION_DAY,
    ROLLING_MONTHS,
    historical_from,
    oldest_first,
    place_releases,
    published_on,
    usual_publication,
)
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.panel import Release
from wardcast_models.panel.parts import WardRelease
from wardcast_models.panel.release_days import COLUMNS as DAY_COLUMNS
from wardcast_models.reference.taxonomy import taxonomy

_RELABELLED_SHARE = 0.05
_RELABELLED_LEAST = 100

_LIST_OF_DAYS = f"a CSV file with the columns {', '.join(DAY_COLUMNS)}"


@dataclass(frozen=True, kw_only=True)
class WardCounts:
    """Counts put together from all releases of one vintage. W wards, C categories, T months.

    Attributes:
        ward_codes: Sorted; length W.
        ward_names: Length W.
        categories: In taxonomy order; length C.
        months: Month starts without gaps; length T.
        counts: Shape (W, C, T); NaN where unobserved.
        findings: What was combined and how the releases disagree.
        releases: Every release as it was published, oldest first, copies once, on these wards and categories.
    """

    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.float64]
    findings: tuple[Finding, ...]
    releases: tuple[Release, ...] = ()


def combine(releases: Sequence[WardRelease]) -> WardCounts:
    """Combine releases of one ward vintage, whatever the order they come in.

    The rule: each ward and month is taken whole from the newest release in which it is complete. Newest is the release
    published last: on the day its file tells, else on the usual day (`revisions.published_on`). A
    ward's month is complete where it is not left over or unfinished (`release_cells`). A category that the newest
    release left out there comes from the next one that lists it, if it was not filed under another label (`overlay`).

    Args:
        releases: At least one.

    Returns:
        The counts.
    """
    ward_codes = tuple(sorted({code for release in releases for code in release.ward_codes}))
    categories = tuple(c for c in taxonomy() if any(c in release.categories for release in releases))
    span = pd.date_range(
        min(release.months[0] for release in releases), max(release.months[-1] for release in releases), freq="MS"
    )
    newest_first = place_releases(releases, ward_codes, categories, span)[::-1]
    told = [each.told for each in newest_first if each.told is not None]
    months = _told_months(told, span)
    laid = overlay(told, shape=(len(ward_codes), len(categories), len(months)), months=months)
    used = [told[place] for place in np.unique(laid.source) if place != NO_RELEASE]
    findings = _copies(releases)
    for each in newest_first:
        is_used = any(each.told is one for one in used)
        findings.extend(each.findings if is_used else [_superseded(each.release)])
    for newer, older in pairwise(each.release for each in newest_first if any(each.told is one for one in used)):
        findings.extend(_differences(newer, older))
    findings.extend(_ties([each.release for each in newest_first]))
    findings.extend(newest_month_findings(told[::-1]))
    findings.extend(_assumed_days(told[::-1]))
    findings.extend(_joined_by_hand([each.release for each in newest_first if each.told is not None]))
    return WardCounts(
        ward_codes=ward_codes,
        ward_names=_names(ward_codes, [each.release for each in newest_first]),
        categories=categories,
        months=months,
        counts=laid.counts,
        findings=tuple(findings),
        releases=tuple(told[::-1]),
    )


def _told_months(told: Sequence[Release], span: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return the months from the first to the last that a release tells: a left-over first column begins no panel."""
    if not told:
        return span
    first, last = min(each.first_month for each in told), max(each.last_month for each in told)
    return span[(span >= first) & (span <= last)]


def _copies(releases: Sequence[WardRelease]) -> list[Finding]:
    """Say which files hold the same as another one."""
    kept = oldest_first(releases)
    original = {release.content_digest: release.file for release in kept}
    return [
        Finding(
            kind=FindingKind.LEFT_ASIDE,
            file=release.file,
            message=f"It holds the same as {original[release.content_digest]} and was used once.",
        )
        for release in sorted(releases, key=lambda each: each.file)
        if not any(release is one for one in kept)
    ]


def _superseded(release: WardRelease) -> Finding:
    return Finding(
        kind=FindingKind.LEFT_ASIDE,
        file=release.file,
        message=(
            "Every ward and month of it also stands in another release that goes before it, which was used. It is kept "
            "to tell what was known before."
        ),
        first_month=f"{release.months[0]:%Y-%m}",
        last_month=f"{release.months[-1]:%Y-%m}",
    )


def _ties(newest_first: Sequence[WardRelease]) -> list[Finding]:
    """Say it where two releases overlap and nothing tells which of them is the newer."""
    findings = []
    for newer, older in combinations(newest_first, 2):
        shared = newer.months.intersection(older.months)
        apart = set(newer.ward_codes).isdisjoint(older.ward_codes) or set(newer.categories).isdisjoint(older.categories)
        if published_on(newer) != published_on(older) or shared.empty or apart:
            continue
        message = (
            f"Nothing tells whether it is newer than {older.file}: as far as the files tell, both came out on "
            f"{published_on(newer):%Y-%m-%d}. In the months both cover its figures were used. If the other is newer, "
            f"take this one away, or tell their days in {_LIST_OF_DAYS}."
        )
        first, last = f"{shared[0]:%Y-%m}", f"{shared[-1]:%Y-%m}"
        findings.append(
            Finding(kind=FindingKind.CAVEAT, file=newer.file, message=message, first_month=first, last_month=last)
        )
    return findings


def _assumed_days(told: Sequence[Release]) -> list[Finding]:
    """Say when releases whose files tell no day are taken to have come out, where that can matter."""
    assumed = [each for each in told if not each.published_known]
    if not assumed or len(told) == 1:
        return []
    days = "; ".join(f"{each.file} {each.published:%Y-%m-%d}" for each in assumed)
    message = (
        "These releases do not tell their day of publication. Which is the newest, and what a past forecast could "
        f"know, is judged as if they had come out on: {days}. That is the {PUBLICATION_DAY}th of the month after the "
        "last one"
    )
    if any(each.published > usual_publication(each.last_month) for each in assumed):
        message += (
            f"; a file of more than {ROLLING_MONTHS} months is the historical one of its pair and came out 24 months "
            "later, when its last month had left the other. If such a file was joined by hand instead, tell its day in "
            f"{_LIST_OF_DAYS}"
        )
    return [Finding(kind=FindingKind.CAVEAT, file="", message=f"{message}.")]


def _joined_by_hand(told: Sequence[WardRelease]) -> list[Finding]:
    """Name the long releases that come before newer ones only until a historical release could end as they do."""
    findings = []
    for release in told if len(told) > 1 else ():
        historical = historical_from(release)
        if historical is None or published_on(release) == historical:
            continue
        message = (
            f"It holds more than {ROLLING_MONTHS} months, and no historical release can end with "
            f"{release.months[-1]:%Y-%m} yet. It is taken as joined by hand and as come out on "
            f"{published_on(release):%Y-%m-%d}. Read again from {historical:%Y-%m-%d} on, it would be taken as the "
            f"historical release and as newer than the releases before that day. To settle it, tell its day in "
            f"{_LIST_OF_DAYS}."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file=release.file, message=message))
    return findings


def _differences(newer: WardRelease, older: WardRelease) -> list[Finding]:
    """Say how two releases disagree where they overlap: revisions in all, and categories that were redrawn."""
    shared = newer.months.intersection(older.months)
    wards = sorted(set(newer.ward_codes) & set(older.ward_codes))
    if shared.empty or not wards:
        return []
    new, old = _overlap(newer, wards, shared), _overlap(older, wards, shared)
    new_total, old_total = new.sum(axis=(0, 1)), old.sum(axis=(0, 1))
    change = (new_total - old_total) / np.maximum(old_total, 1)
    messages = []
    if change.any():
        largest = int(np.argmax(np.abs(change)))
        revised = (new_total.sum() - old_total.sum()) / max(old_total.sum(), 1)
        messages.append(
            f"Revisions: where it overlaps {older.file} its totals differ by {revised:+.2%}, most in "
            f"{shared[largest]:%Y-%m} ({change[largest]:+.2%}). The newer figures were used."
        )
    redrawn = [
        f"{category.label} {int(old_sum):,} to {int(new_sum):,}"
        for position, category in enumerate(taxonomy().values())
        if category.category in newer.categories and category.category in older.categories
        for old_sum, new_sum in [(old[:, position].sum(), new[:, position].sum())]
        if abs(new_sum - old_sum) > max(_RELABELLED_SHARE * old_sum, _RELABELLED_LEAST)
    ]
    if redrawn:
        messages.append(
            f"These categories are drawn differently from {older.file} in the months both cover: "
            f"{'; '.join(redrawn)}. A step where one release takes over from the other may be a change of labels."
        )
    return [
        Finding(
            kind=FindingKind.CAVEAT,
            file=newer.file,
            message=message,
            first_month=f"{shared[0]:%Y-%m}",
            last_month=f"{shared[-1]:%Y-%m}",
        )
        for message in messages
    ]


def _overlap(release: WardRelease, wards: list[str], months: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Return a release's counts for some wards and months over all taxonomy categories, 0 where not listed."""
    ward_rows = np.searchsorted(np.array(release.ward_codes), np.array(wards))
    columns = release.months.get_indexer(months)
    result = np.zeros((len(wards), len(taxonomy()), len(months)), dtype=np.int64)
    for position, category in enumerate(taxonomy()):
        if category in release.categories:
            counts = release.counts[:, release.categories.index(category)]
            result[:, position] = counts[np.ix_(ward_rows, columns)]
    return result


def _names(ward_codes: tuple[str, ...], newest_first: Sequence[WardRelease]) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for release in newest_first:
        for code, name in zip(release.ward_codes, release.ward_names, strict=True):
            names.setdefault(code, name)
    return tuple(names[code] for code in ward_codes)
