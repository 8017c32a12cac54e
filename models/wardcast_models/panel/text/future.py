"""Counts of months that have not begun: a mistyped year would move the end of the panel, and every plan with it."""

from __future__ import annotations

from datetime import date

from wardcast_models.panel.text.csv_rows import FileProblems


def is_future(month: date, read_on: date) -> bool:
    """Tell whether a month begins after the month in which its file is read.

    Args:
        month: Any day of the month.
        read_on: Day on which the file is read.

    Returns:
        Whether nothing can have been counted in it yet.
    """
    return (month.year, month.month) > (read_on.year, read_on.month)


def refuse_future(
    problems: FileProblems, read_on: date, *, found: str, row: int | None = None, column: str | None = None
) -> None:
    """Note a counted month that has not begun.

    Args:
        problems: Where it is noted.
        read_on: Day on which the file is read.
        found: The month as written.
        row: Line of the file.
        column: Column name.
    """
    problems.add(
        row=row,
        column=column,
        expected=f"a month that has begun, {read_on:%Y-%m} at the latest",
        found=found,
        mend="Correct the year or the month, or remove what is counted for a month to come.",
    )
