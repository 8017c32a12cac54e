"""Days as files from different hands write them, read without guessing which number is the month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.text.table import Table
from wardcast_models.panel.text.written_months import MONTH_NAMES

_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_NO_DAY = pd.Timestamp("1900-01-01")
_MEND = "Write every day of the column in one way, best as YYYY-MM-DD."


class _Form(Enum):
    """A way of writing a day; the value is its pattern."""

    ISO = re.compile(rf"(?P<year>20[0-9]{{2}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){_TIME}")
    NAMED = re.compile(rf"(?P<day>[0-9]{{1,2}})[ -](?P<name>[A-Za-z]{{3,9}})[ -](?P<year>(?:20)?[0-9]{{2}}){_TIME}")
    SLASHED = re.compile(rf"(?P<first>[0-9]{{1,2}})/(?P<second>[0-9]{{1,2}})/(?P<year>20[0-9]{{2}}){_TIME}")


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """A distinct cell: where it stands first, its text and how it is written."""

    line: int
    text: str
    form: _Form
    parts: re.Match[str]


def read_days(table: Table, column: str) -> tuple[list[pd.Timestamp], tuple[Finding, ...]]:
    """Read a column of days written as `2018-01-31`, `31 Jan 2018`, `31-Jan-18` or `31/01/2018`, a time of day allowed.

    One file writes its days in one way. Where they are written with strokes, days above 12 tell which number is the
    month; where none is above 12 nothing tells it, and the file is refused rather than guessed at. So is a file with a
    day in a month to come: these are days on which something was counted.

    Args:
        table: The table; what is wrong is noted in its problems.
        column: Lower-case name of the column.

    Returns:
        One day a row, and a finding where the month stands first.
    """
    texts = table.text(column)
    lines = {text: line for line, text in zip(reversed(table.lines), reversed(texts), strict=True)}  # first of each
    cells: dict[str, _Cell] = {}

    def note_form(text: str) -> None:
        for form in _Form:
            if parts := form.value.fullmatch(text):
                cells[text] = _Cell(line=lines[text], text=text, form=form, parts=parts)
                return
        raise ValueError(text)

    table.convert(column, note_form, expected="a day such as 2018-01-31, 31 Jan 2018 or 31/01/2018", default=None)
    month_first = _month_first(table, column, list(cells.values()))
    if month_first is None:
        return [_NO_DAY] * len(table), ()

    def day_of(text: str) -> pd.Timestamp:
        return _day(cells[text], month_first=month_first) if text in cells else _NO_DAY

    days = table.convert(column, day_of, expected="a day of the calendar", default=_NO_DAY)
    return table.begun(column, days), (_told(table.file),) if month_first else ()


def month_starts(days: list[pd.Timestamp]) -> list[pd.Timestamp]:
    """Return the start of each day's month.

    Args:
        days: The days.

    Returns:
        One month start a day.
    """
    start_of = {day: day.replace(day=1) for day in set(days)}  # an export has many rows a day
    return [start_of[day] for day in days]


def _month_first(table: Table, column: str, cells: Sequence[_Cell]) -> bool | None:
    """Tell whether the month stands first, or None, noted, where the file writes days in several ways or unclearly."""
    examples = {cell.form: cell for cell in reversed(cells)}
    if len(examples) > 1:
        _refuse(table, column, "days written in one way", *examples.values())
        return None
    if _Form.SLASHED not in examples:
        return False
    day_first = next((cell for cell in cells if int(cell.parts["first"]) > 12), None)
    month_first = next((cell for cell in cells if int(cell.parts["second"]) > 12), None)
    if day_first is not None and month_first is not None:
        _refuse(table, column, "days written in one way", day_first, month_first)
        return None
    if day_first is None and month_first is None:
        _refuse(table, column, "days that show which number is the month", cells[0])
        return None
    return month_first is not None


def _refuse(table: Table, column: str, expected: str, *cells: _Cell) -> None:
    in_order = sorted(cells, key=lambda cell: cell.line)
    found = " and ".join(f"{cell.text!r} (row {cell.line})" for cell in in_order)
    table.problems.add(row=in_order[-1].line, column=table.names[column], expected=expected, found=found, mend=_MEND)


def _day(cell: _Cell, *, month_first: bool) -> pd.Timestamp:
    """Return a cell's day; raises ValueError where the calendar has none such."""
    parts = cell.parts
    if cell.form is _Form.ISO:
        month, day = int(parts["month"]), int(parts["day"])
    elif cell.form is _Form.NAMED:
        month, day = MONTH_NAMES.index(parts["name"].lower()[:3]) + 1, int(parts["day"])
    else:
        first, second = int(parts["first"]), int(parts["second"])
        month, day = (first, second) if month_first else (second, first)
    year = int(parts["year"])
    return pd.Timestamp(year=year if year >= 2000 else 2000 + year, month=month, day=day)


def _told(file: str) -> Finding:
    message = "Its days are written with the month first (12/31/2018), as days above 12 show, and are read so."
    return Finding(kind=FindingKind.CAVEAT, file=file, message=message)
