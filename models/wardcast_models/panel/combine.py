"""Overlapping ward releases made into one set of counts: the newest release in which a month is complete wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import WardRelease
from wardcast_models.reference.taxonomy import taxonomy

LEAST_EXPECTED = 12.0
"""A category that a release does not list, where other releases lead one to expect at least this many crimes in it,
was filed elsewhere and is unobserved; fewer can be a true zero (Poisson chance below 0.00001)."""

_RATE_MONTHS = 24
_RELABELLED_SHARE = 0.05
_RELABELLED_LEAST = 100


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
    """

    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.float64]
    findings: tuple[Finding, ...]


def combine(releases: Sequence[WardRelease]) -> WardCounts:
    """Combine releases of one ward vintage, whatever the order they come in.

    Args:
        releases: At least one.

    Returns:
        The counts, each ward and month taken whole from the newest release that has it.
    """
    ordered, findings = _newest_first(releases)
    ward_codes = tuple(sorted({code for release in ordered for code in release.ward_codes}))
    categories = tuple(c for c in taxonomy() if any(c in release.categories for release in ordered))
    months = pd.date_range(
        min(release.months[0] for release in ordered), max(release.months[-1] for release in ordered), freq="MS"
    )
    counts = np.full((len(ward_codes), len(categories), len(months)), np.nan)
    taken = np.zeros((len(ward_codes), len(months)), dtype=np.bool_)
    used: list[WardRelease] = []
    for release in ordered:
        wards = np.searchsorted(np.array(ward_codes), np.array(release.ward_codes))
        positions = months.get_indexer(release.months)
        free = ~taken[np.ix_(wards, positions)]
        if not free.any():
            findings.append(_superseded(release))
            continue
        block, unlisted = _block(release, categories, ordered)
        cells = np.ix_(wards, np.arange(len(categories)), positions)
        counts[cells] = np.where(free[:, None, :], block, counts[cells])
        taken[np.ix_(wards, positions)] = True
        used.append(release)
        findings.extend(unlisted)
    findings.extend(_gaps(months, taken))
    for newer, older in pairwise(used):
        findings.extend(_differences(newer, older))
    return WardCounts(
        ward_codes=ward_codes,
        ward_names=_names(ward_codes, ordered),
        categories=categories,
        months=months,
        counts=counts,
        findings=tuple(findings),
    )


def _newest_first(releases: Sequence[WardRelease]) -> tuple[list[WardRelease], list[Finding]]:
    distinct: dict[str, WardRelease] = {}
    findings: list[Finding] = []
    for release in sorted(releases, key=lambda release: release.file):
        if release.content_digest in distinct:
            message = f"It holds the same as {distinct[release.content_digest].file} and was used once."
            findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=release.file, message=message))
        distinct.setdefault(release.content_digest, release)
    ordered = sorted(distinct.values(), key=lambda r: (r.months[-1], r.months[0], r.content_digest), reverse=True)
    return ordered, findings


def _block(
    release: WardRelease, categories: tuple[str, ...], releases: Sequence[WardRelease]
) -> tuple[NDArray[np.float64], list[Finding]]:
    """Return a release's counts over all categories: a category it does not list is 0, or NaN where implausible."""
    block = np.zeros((len(release.ward_codes), len(categories), len(release.months)))
    findings: list[Finding] = []
    for position, category in enumerate(categories):
        if category in release.categories:
            block[:, position] = release.counts[:, release.categories.index(category)]
            continue
        expected = _expected(release, category, releases)
        if expected >= LEAST_EXPECTED:
            block[:, position] = np.nan
            findings.append(
                Finding(
                    kind=FindingKind.CAVEAT,
                    file=release.file,
                    message=(
                        f"{taxonomy()[category].label} is not listed in this release, where about {expected:,.0f} "
                        "crimes would be expected: it is unobserved in its months, not zero."
                    ),
                    first_month=f"{release.months[0]:%Y-%m}",
                    last_month=f"{release.months[-1]:%Y-%m}",
                )
            )
    return block, findings


def _expected(release: WardRelease, category: str, releases: Sequence[WardRelease]) -> float:
    """Return the crimes other releases lead one to expect of a category in a release's wards and months."""
    middle = release.months[len(release.months) // 2]
    rates = [0.0]
    for other in releases:
        if category not in other.categories:
            continue
        nearest = np.argsort(np.abs((other.months - middle).days), kind="stable")[:_RATE_MONTHS]
        wards = np.isin(np.array(other.ward_codes), np.array(release.ward_codes))
        counts = other.counts[wards, other.categories.index(category)][:, nearest]
        rates.append(float(counts.sum()) / len(nearest))
    return max(rates) * len(release.months)


def _superseded(release: WardRelease) -> Finding:
    return Finding(
        kind=FindingKind.LEFT_ASIDE,
        file=release.file,
        message="Every ward and month of it also stands in a newer release, which was used.",
        first_month=f"{release.months[0]:%Y-%m}",
        last_month=f"{release.months[-1]:%Y-%m}",
    )


def _gaps(months: pd.DatetimeIndex, taken: NDArray[np.bool_]) -> list[Finding]:
    empty = [f"{month:%Y-%m}" for month in months[np.asarray(~taken.any(axis=0))]]
    if not empty:
        return []
    message = f"No release covers {', '.join(empty)}: these months are unobserved, not zero."
    return [Finding(kind=FindingKind.CAVEAT, file="", message=message, first_month=empty[0], last_month=empty[-1])]


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
