"""Tables with a column a month: which columns are months, whatever a spreadsheet made of their titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.csv_rows import FileProblems
from wardcast_models.panel.text.future import is_future, refuse_future
from wardcast_models.panel.text.written_months import DAYS_FOR_MONTHS, PLAIN, days_for_months, month_of, seems_a_month

WANTED = "month columns such as 202503"

_NAMES_SHOWN = 3
_BY_SPREADSHEET = "A spreadsheet may have rewritten them: fetch the file again, or write each month as YYYYMM."


@dataclass(frozen=True, kw_only=True)
class MonthColumns:
    """The month columns of a header.

    Attributes:
        months: Month starts, sorted, each once; length T.
        positions: Position of each in the header; length T.
        others: Positions of the columns that are no months.
        findings: How the months are written, where that is unusual.
    """

    months: pd.DatetimeIndex
    positions: tuple[int, ...]
    others: tuple[int, ...]
    findings: tuple[Finding, ...]


def has_month_columns(source: SourceFile) -> bool:
    """Tell whether a file has a column a month."""
    return any(month_of(name) is not None for name in source.columns)


def month_columns(source: SourceFile, problems: FileProblems) -> MonthColumns:
    """Find the month columns of a file.

    Args:
        source: The file.
        problems: Where it is noted that a month stands twice, has not begun or cannot be read, or that there is none.

    Returns:
        The columns.
    """
    found: dict[pd.Timestamp, int] = {}
    others: list[int] = []
    unreadable: list[str] = []
    for position, name in enumerate(source.header):
        month = month_of(name)
        if month is None:
            others.append(position)
            if seems_a_month(name):
                unreadable.append(name)
            continue
        if month in found:
            problems.add(
                row=source.header_line,
                column=name,
                expected="each month once",
                found=f"{month:%Y-%m} more than once",
                mend="Remove the repeated month column.",
            )
        if is_future(month, source.read_on):
            refuse_future(problems, source.read_on, found=name, row=source.header_line, column=name)
        found[month] = position
    _refuse_unreadable(list(dict.fromkeys(unreadable)), source, problems)
    if not found and not unreadable:
        problems.add(row=source.header_line, expected=WANTED, found="none", mend="Supply the whole release.")
    months = sorted(found)
    return MonthColumns(
        months=pd.DatetimeIndex(months),
        positions=tuple(found[month] for month in months),
        others=tuple(others),
        findings=_told(source, found),
    )


def _refuse_unreadable(names: Sequence[str], source: SourceFile, problems: FileProblems) -> None:
    """Note the columns that seem to be months and cannot be read as such, all of them at once."""
    if not names:
        return
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    if days_for_months(names):
        mend = DAYS_FOR_MONTHS
    else:
        mend = "Write the month as YYYYMM." if len(names) == 1 else _BY_SPREADSHEET
    problems.add(
        row=source.header_line,
        column=names[0] if len(names) == 1 else None,
        expected=WANTED,
        found=", ".join(names[:_NAMES_SHOWN]) + more,
        mend=mend,
    )


def _told(source: SourceFile, found: dict[pd.Timestamp, int]) -> tuple[Finding, ...]:
    """Say how months were read that are not written in a usual way."""
    unusual = {
        month: source.header[place] for month, place in found.items() if not PLAIN.fullmatch(source.header[place])
    }
    if not unusual:
        return ()
    first, last = min(unusual), max(unusual)
    example = f"{unusual[first]!r} as {first:%Y-%m}"
    if last != first:
        example += f", {unusual[last]!r} as {last:%Y-%m}"
    message = (
        f"Month columns titled as a spreadsheet writes them ({len(unusual)} of {len(found)}) were read: {example}."
    )
    told = Finding(
        kind=FindingKind.MENDED,
        file=source.name,
        message=message,
        first_month=f"{first:%Y-%m}",
        last_month=f"{last:%Y-%m}",
    )
    return (told,)
