"""Cells of official tables: text turned into counts, months, codes and names, or refused."""

from __future__ import annotations

import math
import re
from datetime import date

import pandas as pd

from wardcast_models.panel.text.written_months import month_of

_WHOLE = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]{1,300})"  # not `0,570`, which is a decimal comma
_COUNT = re.compile(rf"{_WHOLE}(?:\.0*)?")
_NUMBER = re.compile(rf"-?{_WHOLE}(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{{1,3}})?")
_YEAR = re.compile(r"20[0-9]{2}")
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MONTH_LENGTH = len("2024-05")
_GSS = re.compile(r"[A-Z][0-9]{8}")
_WARD = re.compile(r"(?:E05|W05|N08|S13)[0-9]{6}")
_SMALL_AREA = re.compile(r"[A-Z][0-9]{8}|95[A-Z]{2}[0-9]{2}[A-Z][0-9]")

COUNT_LIMIT = 1_000_000
"""No ward has as many crimes, incidents or residents; a larger number is a slip."""


def parse_count(cell: str) -> int:
    """Return a cell as a whole number, 0 or more; `3.0` counts as whole, and `1,234` is 1234.

    Args:
        cell: The text.

    Returns:
        The number.

    Raises:
        ValueError: It is something else.
    """
    if _COUNT.fullmatch(cell) is None:
        raise ValueError(cell)
    value = int(cell.partition(".")[0].replace(",", ""))
    if value >= COUNT_LIMIT:
        raise ValueError(cell)
    return value


def parse_number(cell: str) -> float:
    """Return a cell as a number, as people and spreadsheets write it: `-0.5`, `1,234.5`, `1.2E+05`.

    Args:
        cell: The text.

    Returns:
        The number, finite.

    Raises:
        ValueError: It is something else, also what only a programming language takes for a number (`1_000`).
    """
    value = float(cell.replace(",", "")) if _NUMBER.fullmatch(cell) else math.nan
    if not math.isfinite(value):
        raise ValueError(cell)
    return value


def parse_month(cell: str) -> pd.Timestamp:
    """Return a cell with a month, or a day as YYYY-MM-DD, from 2000 to 2099, as its month's start.

    Args:
        cell: The text; a month in any way that `month_of` reads.

    Returns:
        The month start.

    Raises:
        ValueError: It is something else.
    """
    month = month_of(cell[:_MONTH_LENGTH] if _DATE.fullmatch(cell) else cell)
    if month is None:
        raise ValueError(cell)
    return month


def parse_mid_year(cell: str) -> pd.Timestamp:
    """Return a cell `YYYY`, from 2000 to 2099, as the middle of that year, 1 July.

    Args:
        cell: The text.

    Returns:
        The day.

    Raises:
        ValueError: It is something else.
    """
    if _YEAR.fullmatch(cell) is None:
        raise ValueError(cell)
    return pd.Timestamp(year=int(cell), month=7, day=1)


def parse_date(cell: str) -> pd.Timestamp:
    """Return a cell `YYYY-MM-DD`, from 2000 to 2099, as that day.

    Args:
        cell: The text.

    Returns:
        The day.

    Raises:
        ValueError: It is something else.
    """
    if _DATE.fullmatch(cell) is None:
        raise ValueError(cell)
    return pd.Timestamp(cell)


def parse_gss_code(cell: str) -> str:
    """Return a cell as a GSS code in upper case.

    Args:
        cell: The text.

    Returns:
        The code.

    Raises:
        ValueError: It is something else.
    """
    return _code(cell, _GSS)


def parse_ward_code(cell: str) -> str:
    """Return a cell as a ward code of England, Wales, Northern Ireland or Scotland, in upper case.

    Whether there is such a ward is for the assembly to say, which knows the lookups that came with the file.

    Args:
        cell: The text.

    Returns:
        The code.

    Raises:
        ValueError: It is something else.
    """
    return _code(cell, _WARD)


def parse_small_area_code(cell: str) -> str:
    """Return a cell as the code of a small area (LSOA, or super output area of Northern Ireland), in upper case.

    Args:
        cell: The text.

    Returns:
        The code.

    Raises:
        ValueError: It is something else.
    """
    return _code(cell, _SMALL_AREA)


def parse_name(cell: str) -> str:
    """Return a cell that must not be empty.

    Args:
        cell: The text.

    Returns:
        The text.

    Raises:
        ValueError: It is empty.
    """
    if not cell:
        raise ValueError(cell)
    return cell


def key_text(value: object) -> str:
    """Return a part of a row's key as a file would write it: a month as YYYY-MM, another day as YYYY-MM-DD.

    Args:
        value: A month start, a day, or anything else.

    Returns:
        The text.
    """
    if not isinstance(value, date):
        return str(value)
    return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"


def _code(cell: str, shape: re.Pattern[str]) -> str:
    """Return a cell in upper case where it has the shape of a kind of code."""
    code = cell.upper()
    if shape.fullmatch(code) is None:
        raise ValueError(cell)
    return code
