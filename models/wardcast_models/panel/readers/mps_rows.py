"""Rows of one MPS release, whatever the places it is by: columns found by name, counts as numbers, odd cells told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.readers.month_columns import month_columns
from wardcast_models.panel.readers.mps_refreshed import refreshed_day
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.cells import COUNT_LIMIT, parse_count
from wardcast_models.panel.text.csv_columns import typed_columns
from wardcast_models.panel.text.csv_rows import FileProblems, check_header, rows
from wardcast_models.panel.text.mends import mend_of
from wardcast_models.panel.text.written_months import seems_a_month

ROLES: dict[str, tuple[str, ...]] = {
    "major": ("majortext", "group", "major category", "major_category"),
    "minor": ("minortext", "subgroup", "minor category", "minor_category"),
    "ward_code": ("wardcode",),
    "ward_name": ("wardname",),
    "borough": ("lookup_boroughname", "boroughname", "bocu", "borough"),
    "lsoa_code": ("lsoa code", "lsoa_code"),
    "lsoa_name": ("lsoa name", "lsoa_name"),
    "refreshed": ("refreshed date", "refresheddate", "refreshed_date", "refresh date"),
}
"""Lower-case column names of each thing that a release tells, old and new, the first that is there counting."""

_NAME_FOR_PEOPLE = {
    "ward_name": "WardName",
    "borough": "LookUp_BoroughName",
    "major": "MajorText or Group",
    "minor": "MinorText or SubGroup",
}


_FROM_PUBLISHED = "Correct the count from the published release."


@dataclass(frozen=True, kw_only=True)
class MpsRows:
    """The rows of a release. N rows, T months.

    Attributes:
        file: The file's name.
        lines: Line of the file of each row; length N.
        text: Each thing that the release tells as text, a role of `ROLES` each; lists of length N.
        names: Column name as written of each role, in the order in which they stand.
        months: Month starts, sorted; length T.
        values: Counts, int64, shape (N, T).
        published: Day of publication where the file tells it, else None.
        findings: Columns that are not used, and what was odd about the day of publication.
    """

    file: str
    lines: Sequence[int]
    text: dict[str, list[str]]
    names: dict[str, str]
    months: pd.DatetimeIndex
    values: NDArray[np.int64]
    published: pd.Timestamp | None
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """Where each thing stands in a row."""

    roles: dict[str, int]
    months: pd.DatetimeIndex
    month_positions: tuple[int, ...]
    findings: tuple[Finding, ...]


def roles_of(source: SourceFile) -> frozenset[str]:
    """Return the things that a file's header tells, by their names in an MPS release.

    Args:
        source: The file.

    Returns:
        Roles of `ROLES`.
    """
    return frozenset(role for role, names in ROLES.items() if not source.columns.isdisjoint(names))


def read_rows(source: SourceFile, problems: FileProblems, *required: str) -> MpsRows:
    """Read the rows of a release.

    Args:
        source: The file.
        problems: Where wrong cells are noted, each with its row and column; what is returned is then incomplete.
        *required: Roles that have to be there.

    Returns:
        The rows.

    Raises:
        WardcastError: A column is missing, a month stands twice, or there is no month at all.
    """
    layout = _layout(source, required, problems)
    problems.raise_if_any()
    lines, text, values = _read_quickly(source, layout) or _read_carefully(source, layout, problems)
    published, odd = refreshed_day(source.name, text.get("refreshed", ()))
    return MpsRows(
        file=source.name,
        lines=lines,
        text=text,
        names={role: source.header[position] for role, position in layout.roles.items()},
        months=layout.months,
        values=values,
        published=published,
        findings=(*layout.findings, *odd),
    )


def _layout(source: SourceFile, required: Sequence[str], problems: FileProblems) -> _Layout:
    check_header(source, problems)
    lower = [name.lower() for name in source.header]
    known = {name for names in ROLES.values() for name in names}
    roles = {
        role: lower.index(next(name for name in names if name in lower))
        for role, names in ROLES.items()
        if not set(lower).isdisjoint(names)
    }
    roles = dict(sorted(roles.items(), key=itemgetter(1)))
    months = month_columns(source, problems)
    findings = list(months.findings)
    for name in (source.header[position] for position in months.others):
        if name.lower() not in known and not seems_a_month(name):
            message = f"The column {name!r} is not used." if name else "A column without a name is not used."
            findings.append(Finding(kind=FindingKind.CAVEAT, file=source.name, message=message))
    for role in sorted(set(required) - set(roles)):
        wanted = _NAME_FOR_PEOPLE.get(role, role)
        problems.add(
            row=source.header_line, expected=f"a column {wanted}", found="none", mend="Supply the whole release."
        )
    return _Layout(
        roles=roles,
        months=months.months,
        month_positions=months.positions,
        findings=tuple(findings),
    )


def _read_quickly(
    source: SourceFile, layout: _Layout
) -> tuple[Sequence[int], dict[str, list[str]], NDArray[np.int64]] | None:
    """Read plain rows by columns, several times as fast as row by row; None where anything is odd."""
    table = typed_columns(source, layout.month_positions)
    if table is None:
        return None
    values = np.column_stack([table.column(position).to_numpy() for position in layout.month_positions])
    if values.min() < 0 or values.max() >= COUNT_LIMIT:
        return None
    first = source.header_line + 1
    cells = {role: table.column(position).to_pylist() for role, position in layout.roles.items()}
    return range(first, first + table.num_rows), cells, values


def _read_carefully(
    source: SourceFile, layout: _Layout, problems: FileProblems
) -> tuple[Sequence[int], dict[str, list[str]], NDArray[np.int64]]:
    """Read row by row, noting each wrong cell."""
    lines: list[int] = []
    cells: dict[str, list[str]] = {role: [] for role in layout.roles}
    values: list[NDArray[np.int64]] = []
    # One more position than months, so that a single month still comes as a tuple.
    month_cells = itemgetter(*layout.month_positions, 0)
    for line, row in rows(source, problems):
        lines.append(line)
        for role, position in layout.roles.items():
            cells[role].append(row[position])
        values.append(_counts(month_cells(row)[:-1], layout, line, problems))
    return lines, cells, np.array(values, dtype=np.int64).reshape(-1, len(layout.months))


def _counts(texts: tuple[str, ...], layout: _Layout, line: int, problems: FileProblems) -> NDArray[np.int64]:
    """Return a row's counts; where the quick way fails each wrong cell is noted."""
    if all(map(str.isdecimal, texts)) and max(map(len, texts)) < len(str(COUNT_LIMIT)):
        return np.array(list(map(int, texts)), dtype=np.int64)
    values = []
    for month, text in zip(layout.months, texts, strict=True):
        try:
            values.append(parse_count(text.strip()))
        except ValueError:
            values.append(0)
            problems.add(
                row=line,
                column=f"{month:%Y%m}",
                expected="a whole number of crimes, 0 or more",
                found=repr(text) if text.strip() else "nothing",
                mend=mend_of(text, counted=True, usual=_FROM_PUBLISHED),
            )
    return np.array(values, dtype=np.int64)


def summed_rows(release: MpsRows, places: Sequence[str], problems: FileProblems, *also: str) -> Counter[str]:
    """Count rows that stand beside an earlier row of the same place and offence, and refuse copies of such a row.

    Args:
        release: The rows.
        places: Code of each row's place; length N.
        problems: Where copies are noted.
        *also: Roles whose text differs between rows that are no copies of one another.

    Returns:
        Rows beyond the first, by place.
    """
    frame = pd.DataFrame({"place": places, "major": release.text["major"], "minor": release.text["minor"]})
    beside = frame.duplicated(keep=False).to_numpy()
    earlier: dict[tuple[str, ...], list[int]] = {}
    repeats: Counter[str] = Counter()
    for position in np.flatnonzero(beside).tolist():
        others = earlier.setdefault(tuple(frame.iloc[position]), [])
        for other in others:
            same = all(release.text[role][other].strip() == release.text[role][position].strip() for role in also)
            if same and release.values[position].any() and (release.values[other] == release.values[position]).all():
                problems.add(
                    row=release.lines[position],
                    expected="each row once",
                    found=f"row {release.lines[other]} again, word for word",
                    mend="Remove the repeated row.",
                )
        if others:
            repeats[places[position]] += 1
        others.append(position)
    return repeats
