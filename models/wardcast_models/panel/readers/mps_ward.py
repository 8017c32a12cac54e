"""MPS Recorded Crime, Geographic Breakdown, ward level: every release's columns, labels and quirks."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.cells import COUNT_LIMIT, parse_count
from wardcast_models.panel.csv_rows import FileProblems, check_header, rows
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import WardRelease
from wardcast_models.panel.readers.mps_labels import LabelMap
from wardcast_models.panel.readers.mps_months import complete_months
from wardcast_models.panel.readers.mps_wards import WardRows
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.source import SourceFile
from wardcast_models.reference.taxonomy import taxonomy

_ROLES = {
    "majortext": "major",
    "group": "major",
    "minortext": "minor",
    "subgroup": "minor",
    "wardname": "ward_name",
    "wardcode": "ward_code",
    "lookup_boroughname": "borough",
}
_IGNORED = frozenset({"refreshed date", "refresheddate", "refreshed_date"})
_MONTH = re.compile(r"(20[0-9]{2})-?([0-9]{2})")
_MONTH_COLUMNS = "month columns such as 202503"


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """Where each thing stands in a row."""

    major: int
    minor: int
    ward_name: int
    ward_code: int
    borough: int
    month_positions: tuple[int, ...]
    months: pd.DatetimeIndex
    findings: tuple[Finding, ...]


@dataclass(kw_only=True)
class _Cells:
    """Rows gathered while reading: ward and category of each, and its counts."""

    wards: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    values: list[NDArray[np.int64]] = field(default_factory=list)


def recognises(source: SourceFile) -> bool:
    """Tell whether the header is that of an MPS ward release, old or new column names."""
    roles = {_ROLES[name] for name in source.columns if name in _ROLES}
    return {"ward_code", "major", "minor"} <= roles


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
    layout = _layout(source, problems)
    problems.raise_if_any()
    labels = LabelMap(file=source.name)
    wards = WardRows(file=source.name, problems=problems)
    cells = _Cells()
    # One more position than months, so that a single month still comes as a tuple.
    month_cells = itemgetter(*layout.month_positions, layout.major)
    for line, row in rows(source, problems):
        values = _counts(month_cells(row)[:-1], layout, line, problems)
        major, minor = row[layout.major], row[layout.minor]
        code = wards.note(
            line=line,
            code_text=row[layout.ward_code],
            name=row[layout.ward_name],
            borough=row[layout.borough],
            label=(major, minor),
            values=values,
        )
        category = labels.category(major, minor, int(values.sum()))
        if category is not None:
            cells.wards.append(code)
            cells.categories.append(category)
            cells.values.append(values)
    labels.check(problems)
    wards.check_vintages()
    problems.raise_if_any()
    return _release(source, layout, labels, wards, cells)


def _layout(source: SourceFile, problems: FileProblems) -> _Layout:
    check_header(source, problems)
    positions: dict[str, int] = {}
    months: dict[pd.Timestamp, int] = {}
    findings: list[Finding] = []
    for position, name in enumerate(source.header):
        role = _ROLES.get(name.lower())
        match = _MONTH.fullmatch(name)
        if role is not None:
            positions[role] = position
        elif match is not None and 1 <= int(match[2]) <= 12:
            month = pd.Timestamp(year=int(match[1]), month=int(match[2]), day=1)
            if month in months:
                problems.add(
                    row=1,
                    column=name,
                    expected="each month once",
                    found=f"{month:%Y-%m} more than once",
                    mend="Remove the repeated month column.",
                )
            months[month] = position
        elif any(character.isdigit() for character in name):
            problems.add(row=1, column=name, expected=_MONTH_COLUMNS, found=name, mend="Write the month as YYYYMM.")
        elif name.lower() not in _IGNORED:
            message = f"The column {name!r} is not used." if name else "A column without a name is not used."
            findings.append(Finding(kind=FindingKind.CAVEAT, file=source.name, message=message))
    for role in sorted({"ward_name", "borough"} - set(positions)):
        wanted = "WardName" if role == "ward_name" else "LookUp_BoroughName"
        problems.add(row=1, expected=f"a column {wanted}", found="none", mend="Supply the whole release.")
    if not months:
        problems.add(row=1, expected=_MONTH_COLUMNS, found="none", mend="Supply the whole release.")
    ordered = sorted(months)
    return _Layout(
        **{role: positions.get(role, 0) for role in ("major", "minor", "ward_name", "ward_code", "borough")},
        month_positions=tuple(months[month] for month in ordered),
        months=pd.DatetimeIndex(ordered),
        findings=tuple(findings),
    )


def _counts(texts: tuple[str, ...], layout: _Layout, line: int, problems: FileProblems) -> NDArray[np.int64]:
    """Return a row's counts; where the quick way fails each wrong cell is noted."""
    try:
        values = list(map(int, texts))
        if min(values) >= 0 and max(values) < COUNT_LIMIT:
            return np.array(values, dtype=np.int64)
    except ValueError:
        pass
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
                mend="Correct the count from the published release.",
            )
    return np.array(values, dtype=np.int64)


def _release(source: SourceFile, layout: _Layout, labels: LabelMap, wards: WardRows, cells: _Cells) -> WardRelease:
    vintages = wards.vintages()
    ward_codes = tuple(sorted(wards.names))
    categories = tuple(category for category in taxonomy() if category in set(cells.categories))
    ward_at = {code: position for position, code in enumerate(ward_codes)}
    category_at = {category: position for position, category in enumerate(categories)}
    counts = np.zeros((len(ward_codes), len(categories), len(layout.months)), dtype=np.int64)
    index = (
        np.array([ward_at[code] for code in cells.wards], dtype=np.intp),
        np.array([category_at[category] for category in cells.categories], dtype=np.intp),
    )
    np.add.at(counts, index, np.array(cells.values, dtype=np.int64).reshape(-1, len(layout.months)))
    keep, dropped = complete_months(source.name, layout.months, counts.sum(axis=(0, 1)))
    months, counts = layout.months[keep], np.ascontiguousarray(counts[:, :, keep])
    read_finding = Finding(
        kind=FindingKind.READ,
        file=source.name,
        message=(
            f"MPS ward release with {len(ward_codes)} {' or '.join(sorted(vintages))} wards, "
            f"{len(labels.minor_totals)} offence labels and {int(counts.sum()):,} crimes."
        ),
        rows=wards.rows,
        first_month=f"{months[0]:%Y-%m}",
        last_month=f"{months[-1]:%Y-%m}",
    )
    return WardRelease(
        file=source.name,
        findings=(read_finding, *layout.findings, *wards.findings(), *labels.findings(), *dropped),
        content_digest=_content_digest(ward_codes, categories, months, counts),
        vintages=vintages,
        ward_codes=ward_codes,
        ward_names=tuple(wards.name_of(code) for code in ward_codes),
        categories=categories,
        months=months,
        counts=counts,
    )


def _content_digest(
    ward_codes: tuple[str, ...], categories: tuple[str, ...], months: pd.DatetimeIndex, counts: NDArray[np.int64]
) -> str:
    names = "|".join((*ward_codes, *categories, *months.strftime("%Y-%m")))
    return hashlib.sha256(names.encode() + counts.astype("<i8").tobytes()).hexdigest()


READER = Reader(what="an MPS ward release", recognises=recognises, read=read)
