"""Columns of residents by age: the band that each counts, in the words of each publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable

ALL = "all"
"""Age band of everybody."""

_PERSONS = re.compile(r"persons_(?:(all-ages)|([0-9]+)-([0-9]+)|([0-9]+)\+)")
_CENSUS = re.compile(
    r"age: (?:(total)(?:: all usual residents)?|aged ([0-9]+) to ([0-9]+) years|aged ([0-9]+) years and (over|under))"
)
_BY_SEX = re.compile(r"[fm]([0-9]{1,2})(?: to ([0-9]{1,2})|( and over))?")
_TOTAL = "total"
_BAND_YEARS, _OLDEST = 5, 85
"""Single years of age are put together to bands of five years, the last from 85 on, as the Census has them."""


def has_sex_bands(columns: Iterable[str]) -> bool:
    """Tell whether columns give residents by sex and age, as ONS titles them since 2023: `F0 to 15`, `M65 and over`."""
    named = {name[0] for name in columns if _BY_SEX.fullmatch(name)}
    return named == {"f", "m"}


def estimates_bands(columns: Iterable[str]) -> dict[str, str]:
    """Return the age band of each column of mid-year estimates.

    Args:
        columns: Lower-case names; both of all persons (`persons_0-15`) and by sex (`f0 to 15`, single years `f0`).

    Returns:
        Band such as `0-15`, `65+` or `all` by column; the columns of one band add up. Empty where none is known.
    """
    names = set(columns)
    found = {name: _band(*match.groups()) for name in names if (match := _PERSONS.fullmatch(name))}
    if found or _TOTAL not in names or not has_sex_bands(names):
        return found
    by_sex = {name: _sex_band(match) for name in names if (match := _BY_SEX.fullmatch(name))}
    return {_TOTAL: ALL, **by_sex}


def census_bands(columns: Iterable[str]) -> dict[str, str]:
    """Return the age band of each column of a Census table, `Age: Aged 5 to 9 years`, by its lower-case name."""
    found = {}
    for name in columns:
        if match := _CENSUS.fullmatch(name):
            total, first, last, limit, side = match.groups()
            found[name] = f"0-{limit}" if side == "under" else _band(total, first, last, limit)
    return found


def first_age(band: str) -> int:
    """Return what orders bands by age, everybody first."""
    return -1 if band == ALL else int(re.split(r"[-+]", band)[0])


def _band(everybody: str | None, first: str | None, last: str | None, oldest: str | None) -> str:
    if everybody:
        return ALL
    return f"{oldest}+" if oldest else f"{first}-{last}"


def _sex_band(match: re.Match[str]) -> str:
    first, last, and_over = match.groups()
    if last or and_over:
        return _band(None, first, last, first if and_over else None)
    start = min(int(first) // _BAND_YEARS * _BAND_YEARS, _OLDEST)
    return f"{start}+" if start == _OLDEST else f"{start}-{start + _BAND_YEARS - 1}"
