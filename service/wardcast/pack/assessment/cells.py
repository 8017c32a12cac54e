"""Figures of the assessment as cells: rounded for people, exact for programs, and open about what is not known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from wardcast.pack.assessment.blocks import Shown
from wardcast.pack.markup import figure
from wardcast.pack.wording import MONTH_NAMES, percent, plain_number
from wardcast_models.disclosure.public import HIDDEN, ROUNDED, SHOWN
from wardcast_models.profile.wording import over_months

NOT_KNOWN = "not known"
NOT_SHOWN = "not shown (small number)"
ROUNDED_MARK = " (rounded)"


Row = Mapping[str, Any]

_STATUS = {"count": "shown", "previous_count": "previous_shown"}
"""Which column of a published table says what became of a count."""


def known(value: object) -> bool:
    """Tell whether a value of a frame is there: not None, not NaN."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def true(value: object) -> bool:
    """Tell whether a flag of a frame is set; an unknown one is not."""
    return known(value) and bool(value)


def words_or(value: object, otherwise: str = "") -> str:
    """Return the words of a frame's cell, or others where there are none."""
    return str(value) if known(value) and str(value) else otherwise


def status_of(row: Row, column: str) -> str:
    """Return what became of a row's count in the form for publication: hidden, rounded, or "" where it is shown."""
    return str(row.get(_STATUS[column], SHOWN))


def held(row: Row) -> bool:
    """Tell whether a row has a count of this year or the year before, shown or not."""
    return any(known(row[count]) or status_of(row, count) != SHOWN for count in _STATUS)


def told_count(row: Row, column: str = "count") -> Shown:
    """Return a count of a row, or that the form for publication does not show it, or shows it rounded."""
    status = status_of(row, column)
    if status == HIDDEN:
        return not_shown()
    return count_cell(row[column]) + (ROUNDED_MARK if status == ROUNDED else "")


def told_figure(row: Row, column: str, write: Callable[[float], Markup], *, both_years: bool = False) -> Shown:
    """Return a figure worked out from a row's counts, or that it is not shown because one of them is not exact."""
    of = tuple(_STATUS) if both_years else ("count",)
    if not known(row[column]) and any(status_of(row, count) != SHOWN for count in of):
        return not_shown()
    return write(row[column])


def told_change(row: Row) -> Shown:
    """Return a row's change on the year before, with the months it is over where the count is of more."""
    told = told_figure(row, "change_percent", change_cell, both_years=True)
    over = over_months(row) if known(row["change_percent"]) else ""
    return Markup('{}<span class="small">{}</span>').format(told, over) if over else told


def told_range(row: Row) -> Shown:
    """Return the range of a row's change on the year before, or that it is not shown."""
    return told_figure(
        row, "change_low", lambda low: range_cell(low, row["change_high"], change_words), both_years=True
    )


def has_unlocated(rows: Iterable[Row]) -> bool:
    """Tell whether anything was recorded without a ward beside the counts of some rows."""
    return any(known(row["unlocated_count"]) and row["unlocated_count"] > 0 for row in rows)


def not_shown() -> Markup:
    """Return the words in the place of a hidden figure."""
    return Markup('<span class="hidden">{}</span>').format(NOT_SHOWN)


def not_known() -> Markup:
    """Return the words in the place of a figure that is not known."""
    return Markup('<span class="none">{}</span>').format(NOT_KNOWN)


def count_cell(value: float) -> Markup:
    """Return a count, to a tenth where it is no whole number and small."""
    return _cell(value, plain_number)


def rate_cell(value: float) -> Markup:
    """Return a rate per 1,000 to a tenth."""
    return _cell(value, rate_words)


def change_cell(value: float) -> Markup:
    """Return a change given in per cent."""
    return _cell(value, change_words)


def point_cell(value: float) -> Markup:
    """Return a difference in percentage points."""
    return _cell(value, lambda points: change_words(points).removesuffix("%"))


def ratio_cell(value: float) -> Markup:
    """Return how many times something is what it is compared with."""
    return _cell(value, ratio_words)


def share_cell(value: float) -> Markup:
    """Return a share from 0 to 1 as per cent."""
    return _cell(value, percent)


def range_cell(low: float, high: float, write: Callable[[float], str]) -> Markup:
    """Return the ends of an interval.

    Args:
        low: Lower end.
        high: Upper end; may be infinite where nothing bounds it.
        write: How people read an end.

    Returns:
        For example `−12% to +3%`; `not known` where both ends are.
    """
    if not (known(low) or known(high)):
        return not_known()
    return Markup('<span class="range">{}</span>').format(range_words(low, high, write))


def range_words(low: float, high: float, write: Callable[[float], str]) -> str:
    """Write an interval, open where an end is not bounded."""
    if not _finite(low):
        return f"up to {write(high)}" if _finite(high) else NOT_KNOWN
    return f"{write(low)} to {write(high)}" if _finite(high) else f"{write(low)} or more"


def change_words(value: float) -> str:
    """Write a change given in per cent, to a tenth below 100.

    Args:
        value: Per cent.

    Returns:
        For example `+12.3%`, `−4.0%`, `+140%`; `not known` for NaN.
    """
    if not _finite(value):
        return NOT_KNOWN
    text = f"{abs(value):,.0f}" if abs(value) >= 99.95 else f"{abs(value):.1f}"
    if text == "0.0":
        return "0.0%"
    return f"+{text}%" if value > 0 else f"−{text}%"


def rate_words(value: float) -> str:
    """Write a rate per 1,000."""
    return f"{value:,.1f}" if value >= 0.05 or value <= 0 else "<0.1"


def ratio_words(value: float) -> str:
    """Write how many times something is what it is compared with."""
    return f"{value:,.1f} times"


def calendar_month(number: int) -> str:
    """Return the name of a calendar month from 1 to 12."""
    return MONTH_NAMES[number - 1]


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _cell(value: float, write: Callable[[float], str]) -> Markup:
    return figure(value, write) if known(value) and _finite(float(value)) else not_known()
