"""Months that a panel's own releases do not cover, filled from counts on other wards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.counts.blocks import CountBlock
from wardcast_models.panel.counts.combine import WardCounts
from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.panel import CARRIED_COLUMNS
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.reference.taxonomy import taxonomy

_LEAST_MONTHLY = 1.0
_SHOWN = 3


def extended(
    own: WardCounts, blocks: Sequence[CountBlock], places: Gazetteer
) -> tuple[WardCounts, pd.DataFrame, list[Finding]]:
    """Fill the ward-months without any count of their own from blocks, the first that has one winning.

    Args:
        own: The panel's own counts; none of them is replaced.
        blocks: Counts from elsewhere, the preferred first.
        places: Tells the area of each ward.

    Returns:
        The counts on longer axes, `Panel.carried`, and what was carried and what is still missing.
    """
    frames: list[pd.DataFrame] = []
    findings: list[Finding] = []
    for block in blocks:
        own, filled = _filled(own, block)
        if filled.any():
            frames.append(_spans(own, block, filled))
            findings.extend(_told(own, block, filled, places))
    carried = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(CARRIED_COLUMNS))
    return own, carried, [*findings, *_gaps(own)]


def _gaps(counts: WardCounts) -> list[Finding]:
    """Name the months between the first and the last that nothing covers."""
    empty = counts.months[np.asarray(np.isnan(counts.counts).all(axis=(0, 1)))]
    if empty.empty:
        return []
    are = "this month is" if len(empty) == 1 else "these months are"
    message = f"No release covers {_months(empty)}: {are} unobserved, not zero."
    first, last = f"{empty[0]:%Y-%m}", f"{empty[-1]:%Y-%m}"
    return [Finding(kind=FindingKind.CAVEAT, file="", message=message, first_month=first, last_month=last)]


def _filled(own: WardCounts, block: CountBlock) -> tuple[WardCounts, NDArray[np.bool_]]:
    """Return the counts with a block's cells in ward-months that have none, and which ward-months (W, T) those are."""
    known = own.months.union(block.months)
    months = pd.date_range(known[0], known[-1], freq="MS")
    categories = tuple(category for category in taxonomy() if category in {*own.categories, *block.categories})
    shape = (len(own.ward_codes), len(categories), len(months))
    counts, given = np.full(shape, np.nan), np.full(shape, np.nan)
    mine = np.array([categories.index(category) for category in own.categories], dtype=np.intp)
    counts[np.ix_(np.arange(shape[0]), mine, months.get_indexer(own.months))] = own.counts
    position = {code: row for row, code in enumerate(own.ward_codes)}
    here = [row for row, code in enumerate(block.carried.ward_codes) if code in position]
    rows = np.array([position[block.carried.ward_codes[row]] for row in here], dtype=np.intp)
    theirs = np.array([categories.index(category) for category in block.categories], dtype=np.intp)
    given[np.ix_(rows, theirs, months.get_indexer(block.months))] = block.carried.counts[here]
    filled = np.isnan(counts).all(axis=1) & ~np.isnan(given).all(axis=1)  # (W, T)
    counts = np.where(filled[:, None, :], given, counts)
    return replace(own, categories=categories, months=months, counts=counts), filled


def _spans(own: WardCounts, block: CountBlock, filled: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the carried spans in the columns of `Panel.carried`; wards that are the same in both vintages are not."""
    rows = []
    for ward, code in enumerate(own.ward_codes):
        at = np.flatnonzero(filled[ward])
        if code in block.same or not len(at):
            continue
        place = block.carried.ward_codes.index(code)
        for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1):
            first, last = own.months[run[0]], own.months[run[-1]]
            for category, relative in zip(block.categories, block.carried.relative_sd[place], strict=True):
                rows.append((code, category, first, last, block.origin, float(relative)))
    return pd.DataFrame(rows, columns=list(CARRIED_COLUMNS))


def _told(own: WardCounts, block: CountBlock, filled: NDArray[np.bool_], places: Gazetteer) -> list[Finding]:
    """Say which months of which wards a block gave, and how uncertain they are."""
    findings = []
    wards = np.array([code in block.same for code in own.ward_codes])
    for same in (True, False):
        cells = filled & (wards[:, None] == same)
        if not cells.any():
            continue
        months = own.months[cells.any(axis=0)]
        codes = [code for code, is_filled in zip(own.ward_codes, cells.any(axis=1), strict=True) if is_filled]
        areas = sorted({places.area_name(code) for code in codes})
        where = (
            f"{counted(len(codes), 'ward')} of {', '.join(areas) if len(areas) <= _SHOWN else f'{len(areas)} areas'}"
        )
        message = f"{_months(months)}: the counts of {where} come from {', '.join(block.files)}. "
        message += "They are the same wards in both vintages." if same else _how(block, codes)
        findings.append(
            Finding(
                kind=FindingKind.MENDED if same else FindingKind.CAVEAT,
                file="",
                message=message,
                rows=int(cells.sum()),
                first_month=f"{months[0]:%Y-%m}",
                last_month=f"{months[-1]:%Y-%m}",
            )
        )
    return findings


def _how(block: CountBlock, codes: Sequence[str]) -> str:
    """Say how counts were carried and how uncertain a month of a ward is."""
    rows = [block.carried.ward_codes.index(code) for code in codes]
    relative, expected = block.carried.relative_sd[rows], np.nanmean(block.carried.counts[rows], axis=2)
    if block.origin.startswith("LSOA"):
        how = f"They are added up from small areas ({block.origin})."
    else:
        how = (
            f"They are carried from {block.origin} wards by shares of residents, in whole numbers that keep every "
            "ward's total."
        )
    common = relative[(expected >= _LEAST_MONTHLY) & (relative > 0)]
    if not len(common):
        return f"{how} No ward was divided, so they are as certain as the release."
    low, middle, high = np.quantile(common, (0.1, 0.5, 0.9))
    return (
        f"{how} Crime does not follow residents exactly: where a ward has a crime a month or more of a category, a "
        f"carried month is off by {middle:.0%} as a rule (one standard deviation; from {low:.0%} to {high:.0%} in "
        "eight of ten)."
    )


def _months(months: pd.DatetimeIndex) -> str:
    """Return months as spans, for example `2010-04 to 2020-08 and 2022-09`."""
    number = months.year * 12 + months.month
    runs = np.split(np.arange(len(months)), np.flatnonzero(np.diff(number) > 1) + 1)
    spans = [f"{months[run[0]]:%Y-%m}" + (f" to {months[run[-1]]:%Y-%m}" if len(run) > 1 else "") for run in runs]
    return " and ".join(spans)
