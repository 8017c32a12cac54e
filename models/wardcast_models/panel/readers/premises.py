"""Licensed premises by ward: counts, or a register with one row a premises. Licensees are never read.

Counts:    ward_code, month (YYYY-MM) or date (a day), premises, and where known source.
Register:  ward_code, licence (its number; `licence_number`, `licence_ref` and the like will do), and where known as_at
           (the day that the register describes), status (a licence that is surrendered, lapsed, expired, revoked,
           refused, cancelled or withdrawn does not count) and source.
"""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import KnownUnused, Part, Premises
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.days import month_starts, read_days
from wardcast_models.panel.text.future import is_future, refuse_future
from wardcast_models.panel.text.table import Table, read_table

_NUMBER = re.compile(r"licen[cs]e(?:[ _]?(?:number|no|ref|reference|id))?")
_OVER = re.compile(r"(surrendered|lapsed|expired|revoked|withdrawn|refused|cancelled|ceased)\b.*", re.IGNORECASE)
_NAMED_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_SUPPLIED = "supplied"
_REGISTER = "a register of licensed premises"


def read_counts(source: SourceFile) -> Premises:
    """Read counts of licensed premises.

    Args:
        source: A file with `ward_code`, `month` or `date`, `premises`, and where known `source`.

    Returns:
        Premises by ward and month.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a ward and month stand twice.
    """
    table = read_table(source, only={"ward_code", "month", "date", "premises", "source"})
    months, day_findings = _months(table, "month" if "month" in table.columns else "date")
    frame = pd.DataFrame(
        {
            "ward_code": table.wards(),
            "month": months,
            "premises": table.counts("premises"),
            "source": _sources(table),
        }
    )
    table.refuse_repeats(frame, ["ward_code", "month"])
    table.problems.raise_if_any()
    return _part(table, frame, day_findings)


def recognises_register(source: SourceFile) -> bool:
    """Tell whether a file is a register of licensed premises with their wards."""
    return "ward_code" in source.columns and _number_column(source) is not None


def read_register(source: SourceFile) -> Part:
    """Count the premises of a register; names, addresses and anything else in it are not read.

    Args:
        source: A file with `ward_code`, a licence number, and where known `as_at`, `status` and `source`. Without
            `as_at` the month is taken from the file's name (`2025-03`); where that does not tell it either, the file is
            left aside.

    Returns:
        Premises by ward and month.

    Raises:
        WardcastError: The file is cut, or a ward code or a day is not one.
    """
    number = _number_column(source) or ""
    table = read_table(source, only={"ward_code", number, "as_at", "status", "source"})
    named = _NAMED_MONTH.search(source.name)
    if "as_at" not in table.columns and named is None:
        why = "neither a column as_at nor the file's name (such as 2025-03) tells its month; add one of them"
        return KnownUnused(file=source.name, what=_REGISTER, why=why)
    table, findings = _in_force(*_once_each(table, number))
    placed = [bool(code) for code in table.text("ward_code")]
    table, lost = table.where(placed), len(placed) - sum(placed)
    if lost:
        message = f"{lost:,} premises have no ward and are in no ward's count."
        findings = (*findings, Finding(kind=FindingKind.CAVEAT, file=source.name, message=message, rows=lost))
    if not len(table):
        return KnownUnused(file=source.name, what=_REGISTER, why="none of its premises is in force and has a ward")
    if "as_at" in table.columns:
        months, day_findings = _months(table, "as_at")
        findings = (*findings, *day_findings)
    else:
        month = named[0] if named else ""
        months = [pd.Timestamp(f"{month}-01")] * len(table)
        if is_future(months[0], table.read_on):
            refuse_future(table.problems, table.read_on, found=f"{month}, by the file's name")
        message = f"Nothing in it says which month it describes; by its name it is taken as {month}."
        findings = (*findings, Finding(kind=FindingKind.CAVEAT, file=source.name, message=message))
    rows = pd.DataFrame({"ward_code": table.wards(), "month": months, "source": _sources(table)})
    table.problems.raise_if_any()
    frame = rows.groupby(["ward_code", "month", "source"], as_index=False).size().rename(columns={"size": "premises"})
    return _part(table, frame[["ward_code", "month", "premises", "source"]], findings)


def _part(table: Table, frame: pd.DataFrame, findings: tuple[Finding, ...]) -> Premises:
    latest = frame[frame["month"] == frame["month"].max()]
    message = (
        f"{int(latest['premises'].sum()):,} licensed premises in "
        f"{counted(latest['ward_code'].nunique(), 'ward')} at the latest."
    )
    read = table.read_finding(message, list(frame["month"]))
    return Premises(
        file=table.file, frame=frame, first_lines=table.first_lines(table.wards()), findings=(read, *findings)
    )


def _months(table: Table, column: str) -> tuple[list[pd.Timestamp], tuple[Finding, ...]]:
    """Return a column of months, or of days, as month starts."""
    if column == "month":
        return table.counted_months(column), ()
    days, findings = read_days(table, column)
    return month_starts(days), findings


def _sources(table: Table) -> list[str]:
    return (
        [text or _SUPPLIED for text in table.text("source")] if "source" in table.columns else [_SUPPLIED] * len(table)
    )


def _number_column(source: SourceFile) -> str | None:
    """Return the lower-case name of the column with the licence's number."""
    return next((name.lower() for name in source.header if _NUMBER.fullmatch(name.lower())), None)


def _once_each(table: Table, number: str) -> tuple[Table, tuple[Finding, ...]]:
    """Return the rows with each licence once for each day described."""
    keys = pd.DataFrame({"number": table.text(number), "as_at": table.columns.get("as_at", "")})
    again = (keys.duplicated() & (keys["number"] != "")).to_numpy()
    if not again.any():
        return table, ()
    message = f"Rows that repeat a licence already in the file: {again.sum():,}. Each premises is counted once."
    finding = Finding(kind=FindingKind.MENDED, file=table.file, message=message, rows=int(again.sum()))
    return table.where(~again), (finding,)


def _in_force(table: Table, findings: tuple[Finding, ...]) -> tuple[Table, tuple[Finding, ...]]:
    """Return the licences in force."""
    if "status" not in table.columns:
        return table, findings
    over = [bool(_OVER.fullmatch(text)) for text in table.text("status")]
    if not any(over):
        return table, findings
    message = f"{sum(over):,} licences are no longer in force by their status and were not counted."
    told = Finding(kind=FindingKind.READ, file=table.file, message=message, rows=sum(over))
    return table.where(not is_over for is_over in over), (*findings, told)


COUNTS = Reader(
    what="counts of licensed premises",
    recognises=has_columns("ward_code", ("month", "date"), "premises"),
    read=read_counts,
)
REGISTER = Reader(what=_REGISTER, recognises=recognises_register, read=read_register)
