"""MPS Recorded Crime, Geographic Breakdown, by small area (LSOA): one column a month, or one row a month."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import SmallAreaRelease
from wardcast_models.panel.readers.month_columns import has_month_columns
from wardcast_models.panel.readers.mps_labels import LabelMap
from wardcast_models.panel.readers.mps_months import complete_months
from wardcast_models.panel.readers.mps_rows import read_rows, roles_of, summed_rows
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.cells import parse_small_area_code
from wardcast_models.panel.text.csv_rows import FileProblems
from wardcast_models.panel.text.mends import mend_of
from wardcast_models.panel.text.table import read_table

_NOWHERE = frozenset({"", "-1", "0", "unknown", "not known", "n/k", "nk"})
_EXPECTED = "the code of a small area such as E01000006"
_KEYS = ["lsoa_code", "category", "month"]


def recognises_wide(source: SourceFile) -> bool:
    """Tell whether the header is that of an MPS release by small area with a column a month."""
    return {"lsoa_code", "major", "minor"} <= roles_of(source) and has_month_columns(source)


def read_wide(source: SourceFile) -> SmallAreaRelease:
    """Read a release as MPS publishes it: a row a small area and offence, a column a month.

    Args:
        source: The file.

    Returns:
        Its counts by small area, analysis category and month.

    Raises:
        WardcastError: The file is cut, repeats a month or a row, or holds a wrong code or count.
    """
    problems = FileProblems(file=source.name)
    release = read_rows(source, problems)
    codes: list[str] = []
    known: dict[str, str] = {}
    for line, text in zip(release.lines, release.text["lsoa_code"], strict=True):
        if text not in known:
            try:
                known[text] = _small_area(text.strip())
            except ValueError:
                known[text] = ""
                column = release.names["lsoa_code"]
                problems.add(row=line, column=column, expected=_EXPECTED, found=repr(text), mend=mend_of(text))
        codes.append(known[text])
    repeats = summed_rows(release, codes, problems, "lsoa_code")
    row, month = np.nonzero(release.values)
    frame = pd.DataFrame(
        {
            "lsoa_code": np.asarray(codes, dtype=object)[row],
            "major": np.asarray(release.text["major"], dtype=object)[row],
            "minor": np.asarray(release.text["minor"], dtype=object)[row],
            "month": release.months[month],
            "count": release.values[row, month],
        }
    )
    findings = list(release.findings)
    if repeated := sum(number for code, number in repeats.items() if code):
        message = f"{repeated:,} rows stand beside another of the same small area and offence: they were summed."
        findings.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message, rows=repeated))
    return _release(frame, release.months, len(release), problems, findings)


def read_long(source: SourceFile) -> SmallAreaRelease:
    """Read a table with a row a small area, offence and month; a row that is absent is a true zero.

    Args:
        source: A file with `lsoa_code, major_category, minor_category, month, count`.

    Returns:
        Its counts by small area, analysis category and month.

    Raises:
        WardcastError: The file is cut, holds a wrong cell, or a small area, offence and month stand twice.
    """
    table = read_table(source, only=("lsoa_code", "major_category", "minor_category", "month", "count"))
    frame = pd.DataFrame(
        {
            "lsoa_code": table.convert("lsoa_code", _small_area, expected=_EXPECTED, default=""),
            "major": table.columns["major_category"],
            "minor": table.columns["minor_category"],
            "month": table.counted_months("month"),
            "count": table.counts("count"),
        }
    )
    table.refuse_repeats(frame[frame["lsoa_code"] != ""], ["lsoa_code", "major", "minor", "month"])
    table.problems.raise_if_any()
    months = pd.date_range(frame["month"].min(), frame["month"].max(), freq="MS")
    present = months.intersection(pd.DatetimeIndex(frame["month"]))
    return _release(frame, present, len(table), table.problems, [])


def _small_area(text: str) -> str:
    """Return the code of a small area, "" where the cell says that none is known."""
    if text.casefold() in _NOWHERE:
        return ""
    return parse_small_area_code(text)


def _release(
    rows: pd.DataFrame,
    months: pd.DatetimeIndex,
    lines: int,
    problems: FileProblems,
    findings: list[Finding],
) -> SmallAreaRelease:
    """Make a release of rows by small area, label and month.

    Args:
        rows: `lsoa_code, major, minor, month, count`; the code is "" where none is known.
        months: Every month that the file covers.
        lines: Rows of the file.
        problems: What is wrong so far.
        findings: What else was found.
    """
    file = problems.file
    labels = LabelMap(file=file)
    rows["category"] = labels.categories(list(rows["major"]), list(rows["minor"]), rows["count"].to_numpy())
    labels.check(problems)
    problems.raise_if_any()
    placed = rows[(rows["lsoa_code"] != "") & rows["category"].notna()]
    lost = int(rows["count"][rows["lsoa_code"] == ""].sum())
    frame = placed.groupby(_KEYS, as_index=False).agg({"count": "sum"})
    keep, dropped = complete_months(file, months, _by_month(frame, months))
    frame = frame[(frame["count"] > 0) & frame["month"].isin(months[keep])].sort_values(_KEYS, ignore_index=True)
    frame = frame.astype({"lsoa_code": "str", "category": "str", "count": "int64"})
    kept = months[keep]
    message = (
        f"MPS release by small area (LSOA): {int(frame['count'].sum()):,} crimes in {frame['lsoa_code'].nunique():,} "
        "small areas. It serves for hotspots within wards, and for ward counts where no ward release has them."
    )
    told = Finding(
        kind=FindingKind.READ,
        file=file,
        message=message,
        rows=lines,
        first_month=f"{kept[0]:%Y-%m}",
        last_month=f"{kept[-1]:%Y-%m}",
    )
    if lost:
        message = f"{lost:,} crimes name no small area: they are left out of it."
        findings.append(Finding(kind=FindingKind.CAVEAT, file=file, message=message))
    return SmallAreaRelease(
        file=file,
        findings=(told, *findings, *labels.findings(), *dropped),
        frame=frame[[*_KEYS, "count"]],
        months=kept,
        content_digest=_digest(frame, kept),
    )


def _by_month(frame: pd.DataFrame, months: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Return the crimes of each month, length T."""
    totals = frame.groupby("month")["count"].sum().reindex(months, fill_value=0)
    return totals.to_numpy(dtype=np.int64)


def _digest(frame: pd.DataFrame, months: pd.DatetimeIndex) -> str:
    text = frame[[*_KEYS, "count"]].to_csv(index=False, date_format="%Y-%m", lineterminator="\n")
    return hashlib.sha256("|".join(months.strftime("%Y-%m")).encode() + text.encode()).hexdigest()


WIDE = Reader(what="an MPS release by small area", recognises=recognises_wide, read=read_wide)
LONG = Reader(
    what="MPS crime by small area and month",
    recognises=has_columns("lsoa_code", "major_category", "minor_category", "month", "count"),
    read=read_long,
)
