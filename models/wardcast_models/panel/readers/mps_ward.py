"""MPS Recorded Crime, Geographic Breakdown, ward level: every release's columns, labels and quirks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import WardRelease
from wardcast_models.panel.readers.cut_rows import borough_cut_short, perhaps_cut
from wardcast_models.panel.readers.mps_counts import MpsCounts, count
from wardcast_models.panel.readers.mps_labels import STALKING, LabelMap, plain_label
from wardcast_models.panel.readers.mps_rows import MpsRows, read_rows, roles_of
from wardcast_models.panel.readers.mps_wards import WardRows
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.csv_rows import FileProblems

_ROLES = ("major", "minor", "ward_name", "ward_code", "borough")
"""Columns in the order of most releases."""

_OLD_MAJOR = "majortext"


def recognises(source: SourceFile) -> bool:
    """Tell whether the header is that of an MPS ward release, old or new column names."""
    return {"ward_code", "major", "minor"} <= roles_of(source)


def read(source: SourceFile) -> WardRelease:
    """Read one ward release.

    Args:
        source: The file.

    Returns:
        Its counts by ward, analysis category and month.

    Raises:
        WardcastError: The file is cut, repeats a month or a row, holds counts that are no whole numbers of 0 or
            more, ward codes that London does not have, or two ward vintages.
    """
    problems = FileProblems(file=source.name)
    release = read_rows(source, problems, "ward_name", "borough")
    labels = LabelMap(file=source.name)
    wards = WardRows.of(release, problems)
    categories = labels.categories(release.text["major"], release.text["minor"], release.values.sum(axis=1))
    labels.check(problems, release.lines)
    wards.check_vintages()
    problems.raise_if_any()
    counts = count(release, wards.codes, categories)
    vintages = wards.vintages()
    return WardRelease(
        file=source.name,
        findings=(
            _read_finding(release, counts, vintages, labels),
            *_columns(release),
            *release.findings,
            *wards.findings(),
            *labels.findings(),
            *counts.dropped,
            *(perhaps_cut(release, wards.codes, "wards") or borough_cut_short(release, wards.codes, vintages)),
        ),
        content_digest=counts.content_digest,
        vintages=vintages,
        ward_codes=counts.places,
        ward_names=tuple(wards.name_of(code) for code in counts.places),
        categories=counts.categories,
        months=counts.months,
        counts=counts.counts,
        published=release.published,
        stalking=_stalking(release, wards.codes, counts),
    )


def _stalking(release: MpsRows, codes: Sequence[str], counts: MpsCounts) -> NDArray[np.int64] | None:
    """Return the counts of the rows of stalking and harassment by ward and month; None where there are none."""
    rows = np.array([place for place, label in enumerate(release.text["minor"]) if plain_label(label) == STALKING])
    if not len(rows):
        return None
    summed = np.zeros((len(counts.places), len(release.months)), dtype=np.int64)
    wards = pd.Index(counts.places).get_indexer(pd.Index([codes[place] for place in rows]))
    np.add.at(summed, wards, release.values[rows])
    return summed[:, release.months.get_indexer(counts.months)]


def _columns(release: MpsRows) -> list[Finding]:
    """Say it where columns stand in another order or under newer names than in most releases."""
    found = []
    told = [role for role in release.names if role in _ROLES]
    if told != sorted(told, key=_ROLES.index):
        found.append("in another order")
    if release.names["major"].lower() != _OLD_MAJOR:
        found.append("under newer names")
    if not found:
        return []
    columns = ", ".join(release.names[role] for role in told)
    message = f"Its columns stand {' and '.join(found)} ({columns}) than in most releases: they were found by name."
    return [Finding(kind=FindingKind.MENDED, file=release.file, message=message)]


def _read_finding(release: MpsRows, counts: MpsCounts, vintages: frozenset[str], labels: LabelMap) -> Finding:
    columns = ", ".join(release.names[role] for role in ("major", "minor", "ward_code"))
    published = f" Published on {release.published:%Y-%m-%d}." if release.published is not None else ""
    message = (
        f"MPS ward release with {len(counts.places)} {' or '.join(sorted(vintages))} wards, "
        f"{len(labels.minor_totals)} offence labels and {int(counts.counts.sum()):,} crimes (columns {columns})."
        f"{published}"
    )
    return Finding(
        kind=FindingKind.READ,
        file=release.file,
        message=message,
        rows=len(release),
        first_month=f"{counts.months[0]:%Y-%m}",
        last_month=f"{counts.months[-1]:%Y-%m}",
    )


READER = Reader(what="an MPS ward release", recognises=recognises, read=read)
