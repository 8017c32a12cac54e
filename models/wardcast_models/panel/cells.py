"""Cells of official tables: text turned into counts, months, codes and names, or refused."""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.panel.wards import ward_register

_YEAR = re.compile(r"20[0-9]{2}")
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"(20[0-9]{2})-([0-9]{2})(?:-[0-9]{2})?")
_GSS = re.compile(r"[A-Z][0-9]{8}")

COUNT_LIMIT = 1_000_000
"""No ward has as many crimes, incidents or residents; a larger number is a slip."""


def parse_count(cell: str) -> int:
    """Return a cell as a whole number, 0 or more; `3.0` counts as whole.

    Args:
        cell: The text.

    Returns:
        The number.

    Raises:
        ValueError: It is something else.
    """
    value = float(cell) if "." in cell else int(cell)
    if not 0 <= value < COUNT_LIMIT or value != int(value):
        raise ValueError(cell)
    return int(value)


def parse_month(cell: str) -> pd.Timestamp:
    """Return a cell `YYYY-MM` or `YYYY-MM-DD`, from 2000 to 2099, as its month's start.

    Args:
        cell: The text.

    Returns:
        The month start.

    Raises:
        ValueError: It is something else.
    """
    match = _MONTH.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    return pd.Timestamp(year=int(match[1]), month=int(match[2]), day=1)


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
    code = cell.upper()
    if _GSS.fullmatch(code) is None:
        raise ValueError(cell)
    return code


def parse_london_ward(cell: str) -> str:
    """Return a cell as the code of a London ward of any vintage.

    Args:
        cell: The text.

    Returns:
        The code.

    Raises:
        ValueError: London has no such ward.
    """
    code = cell.upper()
    if code not in ward_register():
        raise ValueError(cell)
    return code


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
