"""Numbers and months as people read them: rounded, with thousands separators, with true minus signs."""

from __future__ import annotations

import math
from collections.abc import Sequence

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _grouped(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")


def whole_hours(hours: float) -> str:
    """Write hours to the nearest hour; `<1` where rounding would hide that there are any.

    Args:
        hours: Officer hours, not negative.

    Returns:
        For example `1,240`, `<1` or `0`.
    """
    # 0.5 itself would be rounded to the even 0
    if 0 < hours <= 0.5:
        return "<1"
    return _grouped(hours, 0)


def tenths(value: float) -> str:
    """Write an uncertain count or effect: nothing finer than a tenth.

    Args:
        value: Any number, for example crimes avoided in a ward.

    Returns:
        As `amount`, but `<0.1` for less than 0.05 and more than 0.
    """
    if 0 < value < 0.05:
        return "<0.1"
    return _grouped(value, 1) if abs(value) < 9.95 and value else amount(value)


def amount(value: float) -> str:
    """Write an uncertain quantity with two or three significant figures.

    Args:
        value: Any number, for example harm or crimes avoided.

    Returns:
        For example `12,400`, `124`, `12`, `1.2`, `0.34`, `0.012`; `0` below 0.0005.
    """
    size = abs(value)
    if size >= 1000:
        return _grouped(round(value, 3 - len(str(int(size)))), 0)
    if size >= 9.95:
        return _grouped(value, 0)
    if size >= 0.995:
        return _grouped(value, 1)
    if size >= 0.095:
        return _grouped(value, 2)
    return _grouped(value, 3) if size >= 0.0005 else "0"


def percent(share: float) -> str:
    """Write a share as a percentage, with a decimal only below 1 %.

    Args:
        share: 0 to 1.

    Returns:
        For example `17%`, `0.4%`, `<0.1%`.
    """
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{_grouped(share * 100, 1 if 0 < share < 0.00995 else 0)}%"


def percent_below(share: float) -> str:
    """Write a share that should be none: to a thousandth of a per cent.

    Args:
        share: 0 to 1.

    Returns:
        For example `0.12%`, `0.003%`, `less than 0.001%` or `0%`.
    """
    if share <= 0:
        return "0%"
    if share < 0.0000095:
        return "less than 0.001%"
    return f"{100 * share:.3f}".rstrip("0").rstrip(".") + "%" if share < 0.00095 else f"{100 * share:.2f}%"


def per_thousand(share: float) -> str:
    """Write a small share as so many in a thousand.

    Args:
        share: 0 to 1, for example claimed harm avoided per unit of need.

    Returns:
        For example `12.3`.
    """
    return f"{1000 * share:,.1f}" if 1000 * share >= 0.05 or share <= 0 else "<0.1"


def pounds(value: float) -> str:
    """Write money to the nearest pound.

    Args:
        value: Pounds, not negative.

    Returns:
        For example `£124,500`.
    """
    return f"£{value:,.0f}"


def change(ratio: float) -> str:
    """Write a ratio as a change.

    Args:
        ratio: New over old.

    Returns:
        For example `+12%`, `−3%`, `no change`; `not known` for a ratio that is not a number.
    """
    if not math.isfinite(ratio):
        return "not known"
    points = round((ratio - 1) * 100)
    if points == 0:
        return "no change"
    return f"+{points:,}%" if points > 0 else f"−{-points:,}%"


def month_label(month: str) -> str:
    """Write a month in words.

    Args:
        month: `YYYY-MM`.

    Returns:
        For example `April 2025`.
    """
    year, number = month.split("-")
    return f"{MONTH_NAMES[int(number) - 1]} {year}"


def short_month(month: str) -> str:
    """Write a month shortly.

    Args:
        month: `YYYY-MM`.

    Returns:
        For example `Apr 25`.
    """
    year, number = month.split("-")
    return f"{MONTH_NAMES[int(number) - 1][:3]} {year[2:]}"


def months_label(months: Sequence[str]) -> str:
    """Write a run of months in words.

    Args:
        months: `YYYY-MM`, at least one, in order.

    Returns:
        For example `April to June 2025` or `December 2025 to February 2026`.
    """
    first, last = month_label(months[0]), month_label(months[-1])
    if first == last:
        return first
    if first.split(" ")[1] == last.split(" ")[1]:
        first = first.split(" ")[0]
    return f"{first} to {last}"


def need_label(harm_scale: str) -> str:
    """Name the harm forecast in all, preventable or not.

    Args:
        harm_scale: The plan's scale.

    Returns:
        A heading that says so where the scale weighs some categories only.
    """
    return "All harm forecast" + (", of the categories this scale weighs" if harm_scale in ("ons", "custom") else "")


def plain_number(value: float) -> str:
    """Write a count as it is: whole where it is whole, to a tenth where it was shared out between places.

    Args:
        value: A count, not negative.

    Returns:
        For example `1,705`, `12.4`.
    """
    return _grouped(value, 0) if abs(value - round(value)) < 0.05 or abs(value) >= 99.95 else _grouped(value, 1)
