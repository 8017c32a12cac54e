"""Logs that a council keeps: anti-social behaviour reported to it, and fly-tipping, one row a report or a count.

The layout is this project's own, since every council exports another; a spreadsheet is brought to it by renaming its
columns (or by a column mapping file).

    log          `asb` or `fly_tipping`
    ward_code    GSS code of the ward; empty where it is not known
    reported_on  day of the report, such as 2024-05-31; or instead of it
    month        month of the report, as YYYY-MM
    count        reports in the month, where a row is a count and not a report (needs `month`)
    reference    the report's own number, where known: a number that stands twice is counted once

Other columns (an address, a note) are never read. A file with columns about people is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import Coverage, KnownUnused, Part, WardIncidents
from wardcast_models.panel.readers.log_counts import counts_by_ward
from wardcast_models.panel.readers.log_months import LogMonths, months_of_days, months_of_totals, totals_by_month
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.days import month_starts, read_days
from wardcast_models.panel.text.personal_columns import refuse_personal_columns
from wardcast_models.panel.text.table import Table, read_table
from wardcast_models.reference.taxonomy import COUNCIL_ASB, FLY_TIPPING

LOGS: dict[str, tuple[str, str]] = {
    "asb": (COUNCIL_ASB, "anti-social behaviour reported to the council"),
    "fly_tipping": (FLY_TIPPING, "fly-tipping reported to the council"),
}
"""Analysis category and name of each log, by its value in the column `log`."""

_READ = ("log", "ward_code", "reported_on", "month", "count", "reference")


def read_logs(source: SourceFile) -> list[Part]:
    """Read a council log, or several in one file.

    Args:
        source: A file in the layout above.

    Returns:
        Incidents by ward and month, one part for each log in the file.

    Raises:
        WardcastError: The file has columns about people, is cut, or has a cell that is wrong.
    """
    refuse_personal_columns(source)
    table = read_table(source, *(("month",) if "count" in source.columns else ()), only=_READ)
    logs = table.convert("log", _log, expected="asb or fly_tipping", default="asb")
    table, logs, repeated = _once_each(table, logs)
    days: list[pd.Timestamp] | None = None
    day_findings: tuple[Finding, ...] = ()
    if "reported_on" in table.columns and "count" not in table.columns:
        days, day_findings = read_days(table, "reported_on")
        months = month_starts(days)
    else:
        months = table.counted_months("month")
    filled = [bool(code) for code in table.text("ward_code")]
    found = iter(table.where(filled).wards())
    codes = [next(found) if is_filled else "" for is_filled in filled]
    rows = pd.DataFrame(
        {
            "log": logs,
            "ward_code": codes,
            "line": table.lines,
            "month": months,
            "day": months if days is None else days,
            "count": table.counts("count") if "count" in table.columns else 1,
        }
    )
    if "count" in table.columns:
        table.refuse_repeats(rows, ["log", "ward_code", "month"])
    table.problems.raise_if_any()
    shared = (*repeated, *day_findings, *_not_read(source), *_no_reference(source))
    parts: list[Part] = []
    for log, of_log in rows.groupby("log", sort=True):
        parts.append(_part(table, str(log), of_log, by_day=days is not None, findings=shared if not parts else ()))
    return parts


def _part(table: Table, log: str, rows: pd.DataFrame, *, by_day: bool, findings: Sequence[Finding]) -> Part:
    """Return one log's counts."""
    category, what = LOGS[log]
    span = _span(table, what, rows, by_day=by_day)
    if span.months.empty:
        return KnownUnused(
            file=table.file,
            what=f"a log of {what}",
            why="it covers no month in full; put the files of a month together",
        )
    frame, unlocated = counts_by_ward(
        category=category,
        months=span.months,
        record_months=list(rows["month"]),
        wards=list(rows["ward_code"]),
        counts=rows["count"],
    )
    total, lost = int(frame["count"].sum()), int(unlocated["count"].sum())
    without = f", and {lost:,} without a ward" if lost else ""
    message = f"{total:,} records of {what} in {counted(frame['ward_code'].nunique(), 'ward')}{without}."
    read = Finding(
        kind=FindingKind.READ,
        file=table.file,
        message=message,
        rows=len(rows),
        first_month=f"{span.months[0]:%Y-%m}",
        last_month=f"{span.months[-1]:%Y-%m}",
    )
    return WardIncidents(
        file=table.file,
        frame=frame,
        coverage=Coverage.WHOLE_SPAN,
        unlocated=unlocated,
        source=what,
        first_lines={str(code): int(line) for code, line in rows.groupby("ward_code")["line"].min().items()},
        findings=(read, *span.findings, *findings),
    )


def _span(table: Table, what: str, rows: pd.DataFrame, *, by_day: bool) -> LogMonths:
    """Return the months that a log covers in full: by its days, else by its months' totals."""
    if by_day:
        return months_of_days(table.file, what, list(rows["day"]))
    if "count" in table.columns:  # a month that no row names is missing; a count of 0 is a true zero
        return months_of_totals(table.file, what, rows.groupby("month")["count"].sum(), stated=True)
    return months_of_totals(table.file, what, totals_by_month(list(rows["month"])))


def _log(cell: str) -> str:
    """Return the log that a cell names; raises ValueError where it names none."""
    log = "_".join(cell.casefold().replace("-", " ").replace("_", " ").split())
    if log not in LOGS:
        raise ValueError(cell)
    return log


def _once_each(table: Table, logs: list[str]) -> tuple[Table, list[str], tuple[Finding, ...]]:
    """Return the rows with each log's reference once; rows without a reference all stay."""
    if "reference" not in table.columns:
        return table, logs, ()
    keys = pd.DataFrame({"log": logs, "reference": table.text("reference")})
    again = (keys.duplicated() & (keys["reference"] != "")).to_numpy()
    if not again.any():
        return table, logs, ()
    message = f"{again.sum():,} rows repeat the reference of a report already in the file; each report is counted once."
    finding = Finding(kind=FindingKind.MENDED, file=table.file, message=message, rows=int(again.sum()))
    return table.where(~again), list(np.array(logs, dtype=object)[~again]), (finding,)


def _not_read(source: SourceFile) -> tuple[Finding, ...]:
    """Name the columns that were not read."""
    others = [name for name in source.header if name and name.lower() not in _READ]
    if not others:
        return ()
    message = f"Columns that a count does not need were not read: {', '.join(others)}."
    return (Finding(kind=FindingKind.LEFT_ASIDE, file=source.name, message=message),)


def _no_reference(source: SourceFile) -> tuple[Finding, ...]:
    if {"reference", "count"} & source.columns:
        return ()
    message = "It has no column reference, so a report that stands in it twice is counted twice."
    return (Finding(kind=FindingKind.CAVEAT, file=source.name, message=message),)


READER = Reader(
    what="a council log", recognises=has_columns("log", "ward_code", ("reported_on", "month")), read=read_logs
)
