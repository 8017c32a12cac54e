"""What a release says of each ward, category and month: a count, a true zero, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import WardRelease
from wardcast_models.reference.taxonomy import taxonomy

LEAST_EXPECTED = 12.0
"""A category that a release does not list, where other releases lead one to expect at least this many crimes in it,
was filed elsewhere and is unobserved; fewer can be a true zero (Poisson chance below 0.00001)."""

LEAST_SHARE = 0.2
"""A ward's month below this share of what an older release has of it is left over or unfinished. Revisions of a ward's
month are within a few crimes (the newest month of all London moves by about 1 %)."""

LEAST_AT_EDGE = 20.0
"""A first or last month is left over or unfinished below `LEAST_SHARE` of its neighbours where they have at least this
many crimes (Poisson chance of 4 or fewer where 20 are usual: below 0.00002)."""

_NEIGHBOURS = 6
_RATE_MONTHS = 24


def told_cells(
    release: WardRelease, categories: tuple[str, ...], *, others: Sequence[WardRelease], older: Sequence[WardRelease]
) -> tuple[NDArray[np.float32], tuple[Finding, ...]]:
    """Return a release's counts, NaN where it says nothing, and what was found.

    Args:
        release: The release; W wards and T months of its own.
        categories: Categories wanted; length C.
        others: Releases of the same ward vintage, itself among them or not: whether it lists a category is judged
            against all of them.
        older: Releases published before it: whether its months are complete is judged against these alone, so that
            nothing published later changes what was known.

    Returns:
        Counts, float32, shape (W, C, T), and findings.
    """
    incomplete, findings = _incomplete(release, older)
    left_out: NDArray[np.bool_] = np.asarray(incomplete.all(axis=0))
    cells = np.zeros((len(release.ward_codes), len(categories), len(release.months)), dtype=np.float32)
    for position, category in enumerate(categories):
        if category in release.categories:
            cells[:, position] = release.counts[:, release.categories.index(category)]
            findings.extend(_part_listed(release, category, others, cells[:, position], left_out))
        elif not any(category in other.categories for other in others):
            cells[:, position] = np.nan
        elif (expected := _expected(release, category, others)) >= LEAST_EXPECTED:
            cells[:, position] = np.nan
            findings.append(_not_listed(release, category, expected))
    cells[np.broadcast_to(incomplete[:, None, :], cells.shape)] = np.nan
    return cells, tuple(findings)


def _not_listed(release: WardRelease, category: str, expected: float) -> Finding:
    message = (
        f"{taxonomy()[category].label} is not listed in this release, where about {expected:,.0f} crimes would be "
        "expected: it is unobserved in its months, not zero. Where another release lists it and these crimes do not "
        "stand under another label here, that release was used."
    )
    return _caveat(release, message, release.months)


def _part_listed(
    release: WardRelease,
    category: str,
    others: Sequence[WardRelease],
    cells: NDArray[np.float32],
    left_out: NDArray[np.bool_],
) -> list[Finding]:
    """Make a run of months without a crime unobserved where another release has crimes of the category in them."""
    findings = []
    empty = ~release.counts[:, release.categories.index(category)].any(axis=0) & ~left_out
    for is_empty, run in groupby(range(len(release.months)), key=lambda position: bool(empty[position])):
        columns = list(run)
        months = release.months[columns]
        crimes = max((_held(other, category, release, months) for other in others), default=0) if is_empty else 0
        if crimes < LEAST_EXPECTED:
            continue
        cells[:, columns] = np.nan
        message = (
            f"{taxonomy()[category].label} has no crime in these months of this release, where another release has "
            f"{crimes:,}: it stands under another label there, and is unobserved, not zero."
        )
        findings.append(_caveat(release, message, months))
    return findings


def _held(other: WardRelease, category: str, release: WardRelease, months: pd.DatetimeIndex) -> int:
    """Return the crimes of a category that another release has in a release's wards and some months."""
    if category not in other.categories:
        return 0
    wards = np.isin(np.array(other.ward_codes), np.array(release.ward_codes))
    columns = np.asarray(other.months.isin(months))
    return int(other.counts[wards, other.categories.index(category)][:, columns].sum())


def _expected(release: WardRelease, category: str, others: Sequence[WardRelease]) -> float:
    """Return the crimes other releases lead one to expect of a category in a release's wards and months."""
    middle = release.months[len(release.months) // 2]
    rates = [0.0]
    for other in others:
        if category not in other.categories:
            continue
        nearest = np.argsort(np.abs((other.months - middle).days), kind="stable")[:_RATE_MONTHS]
        wards = np.isin(np.array(other.ward_codes), np.array(release.ward_codes))
        counts = other.counts[wards, other.categories.index(category)][:, nearest]
        rates.append(float(counts.sum()) / len(nearest))
    return max(rates) * len(release.months)


def _incomplete(release: WardRelease, older: Sequence[WardRelease]) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Find the wards' months that are left over or unfinished; shape (W, T)."""
    totals = release.counts.sum(axis=1)
    incomplete = np.zeros(totals.shape, dtype=np.bool_)
    for column in _edges(totals.sum(axis=0)):
        incomplete[:, column] = True
    for other in older:
        shared = release.months.intersection(other.months)
        wards = sorted(set(release.ward_codes) & set(other.ward_codes))
        both = [category for category in release.categories if category in other.categories]
        ours, theirs = (_totals(each, wards, both, shared) for each in (release, other))
        rows = np.searchsorted(np.array(release.ward_codes), np.array(wards, dtype=str))
        place = np.ix_(rows, release.months.get_indexer(shared))
        incomplete[place] |= (theirs >= LEAST_EXPECTED) & (ours < LEAST_SHARE * theirs)
    return incomplete, _left_over(release, totals, incomplete)


def _edges(totals: NDArray[np.int64]) -> list[int]:
    """Return the first and the last month's position where it is tiny against those beside it."""
    if len(totals) <= 1:
        return []
    sides = {0: totals[1 : 1 + _NEIGHBOURS], len(totals) - 1: totals[:-1][-_NEIGHBOURS:]}
    usual = {position: float(np.median(beside)) for position, beside in sides.items()}
    return [
        position
        for position, level in usual.items()
        if level >= LEAST_AT_EDGE and totals[position] < LEAST_SHARE * level
    ]


def _totals(
    release: WardRelease, wards: list[str], categories: list[str], months: pd.DatetimeIndex
) -> NDArray[np.int64]:
    """Return a release's crimes by ward and month over some categories."""
    rows = np.searchsorted(np.array(release.ward_codes), np.array(wards, dtype=str))
    kinds = np.array([release.categories.index(category) for category in categories], dtype=np.intp)
    columns = release.months.get_indexer(months)
    summed: NDArray[np.int64] = release.counts[np.ix_(rows, kinds, columns)].sum(axis=1)
    return summed


def _left_over(release: WardRelease, totals: NDArray[np.int64], incomplete: NDArray[np.bool_]) -> list[Finding]:
    findings = []
    for column in np.flatnonzero(incomplete.any(axis=0)).tolist():
        wards = incomplete[:, column]
        crimes = int(totals[wards, column].sum())
        whose = "all its wards" if wards.all() else f"{int(wards.sum())} of its {len(wards)} wards"
        message = (
            f"The column {release.months[column]:%Y-%m} holds {counted(crimes, 'crime')} of {whose}, "
            "far fewer than the months beside it or an older release have: it is left over or unfinished there and was "
            "not used."
        )
        months = release.months[[column]]
        findings.append(_caveat(release, message, months, kind=FindingKind.MENDED))
    return findings


def _caveat(
    release: WardRelease, message: str, months: pd.DatetimeIndex, kind: FindingKind = FindingKind.CAVEAT
) -> Finding:
    return Finding(
        kind=kind,
        file=release.file,
        message=message,
        first_month=f"{months[0]:%Y-%m}",
        last_month=f"{months[-1]:%Y-%m}",
    )
