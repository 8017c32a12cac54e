"""Months as files and spreadsheets write them: `2024-04`, `202404`, `Apr-24`, `04/2024`, or the first of the month."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""First three letters of each month's name."""

_FULL_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERS = {name: place for names in (MONTH_NAMES, _FULL_NAMES) for place, name in enumerate(names, start=1)}
_NUMBERS["sept"] = 9

_YEAR = r"(?P<year>20[0-9]{2})"
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_NUMBERED = (
    re.compile(rf"{_YEAR}[-/]?(?P<month>[0-9]{{2}})"),
    re.compile(rf"{_YEAR}-(?P<month>[0-9]{{2}})-01{_MIDNIGHT}"),
    re.compile(rf"(?P<month>[0-9]{{1,2}})[-/]{_YEAR}"),
    re.compile(rf"0?1/(?P<month>[0-9]{{1,2}})/{_YEAR}{_MIDNIGHT}"),  # the first of a month, so the other is the month
)
_NAMED = re.compile(r"(?:0?1[ -])?(?P<name>[A-Za-z]{3,9})[ -]?(?P<year>(?:20)?[0-9]{2})")
_DAY = re.compile(rf"20[0-9]{{2}}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){_MIDNIGHT}")
_LEAST_YEAR = 10
"""Of the years before 2010 no spreadsheet makes a day of two figures."""

DAYS_FOR_MONTHS = (
    "A spreadsheet makes the 24th of April of `Apr-24`: write each month as YYYY-MM, with the year in full."
)
"""What to do about them."""

PLAIN = re.compile(r"20[0-9]{2}-?[0-9]{2}")
"""The usual ways, of which nothing has to be told."""


def month_of(text: str) -> pd.Timestamp | None:
    """Return the start of the month that a text names, from 2000 to 2099.

    Args:
        text: `2024-04`, `202404`, `Apr-24`, `April 2024`, `04/2024`, or the first day of the month as spreadsheets
            write it: `2024-04-01`, `01/04/2024`, `01-Apr-24`.

    Returns:
        The month start; None where it is something else, another day of a month among it.
    """
    for form in _NUMBERED:
        if parts := form.fullmatch(text):
            month = int(parts["month"])
            return _start(int(parts["year"]), month) if 1 <= month <= 12 else None
    named = _NAMED.fullmatch(text)
    name = named["name"].casefold() if named else ""
    if named is None or name not in _NUMBERS:
        return None
    year = int(named["year"])
    return _start(year if year >= 2000 else 2000 + year, _NUMBERS[name])


def _start(year: int, month: int) -> pd.Timestamp:
    return pd.Timestamp(year=year, month=month, day=1)


def seems_a_month(text: str) -> bool:
    """Tell whether a text that is no month was perhaps meant as one: it has digits, or is a month's name alone."""
    return any(character.isdigit() for character in text) or text.casefold() in _NUMBERS


def days_for_months(cells: Collection[str]) -> str | None:
    """Return one of a column's cells where a spreadsheet may have made days of all its months.

    Of `Apr-24` a spreadsheet makes the 24th of April of the year in which it is typed. Then every cell has the same day
    and the months differ.

    Args:
        cells: The cells of a column of months.

    Returns:
        The first of the cells, None where nothing points to it.
    """
    found = [match for match in map(_DAY.fullmatch, dict.fromkeys(cells)) if match is not None]
    same_day = len({match["day"] for match in found}) == 1 and int(found[0]["day"]) >= _LEAST_YEAR
    return found[0][0] if same_day and len({match["month"] for match in found}) > 1 else None
