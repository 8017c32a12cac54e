"""London's wards by code: which borough and which ward vintages each code belongs to.

ONS numbers the wards of a borough's review in one unbroken run, so a range of codes a review is the whole register.
The packaged `ward_ranges.csv` holds those ranges, read off the GSS codes in the MPS ward releases (WD18, WD22), the
GLA ward projections (WD14) and the Census 2021 ward tables.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import StringIO

from wardcast_models.panel.panel import Area

VINTAGES: tuple[str, ...] = ("WD14", "WD18", "WD22")
"""Known ward vintages, oldest first."""

LONDON = Area(code="E12000007", name="London", ward_codes=())
"""All of London, before its wards are known."""

_OTHER_NAMES = {
    "city of westminster": "Westminster",
    "kingston": "Kingston upon Thames",
    "richmond": "Richmond upon Thames",
}
"""Names that MPS and MOPAC files give boroughs beside their own."""

CITY_OF_LONDON = "E09000001"
"""No borough, and policed by a force of its own: the MPS releases do not hold it."""


@dataclass(frozen=True, kw_only=True)
class Ward:
    """What a code alone tells about a ward.

    Attributes:
        code: GSS code.
        area_code: GSS code of its borough.
        area_name: Its borough.
        vintages: Ward vintages in which the code is in use.
    """

    code: str
    area_code: str
    area_name: str
    vintages: frozenset[str]


@cache
def ward_register() -> dict[str, Ward]:
    """Return every known London ward by code."""
    text = resources.files("wardcast_models.panel.places").joinpath("ward_ranges.csv").read_text(encoding="utf-8")
    register: dict[str, Ward] = {}
    for row in csv.DictReader(StringIO(text)):
        first, last = VINTAGES.index(row["first_vintage"]), VINTAGES.index(row["last_vintage"])
        for number in range(int(row["first_code"][1:]), int(row["last_code"][1:]) + 1):
            code = f"E{number:08d}"
            register[code] = Ward(
                code=code,
                area_code=row["area_code"],
                area_name=row["area_name"],
                vintages=frozenset(VINTAGES[first : last + 1]),
            )
    return register


@cache
def boroughs() -> dict[str, str]:
    """Return the GSS code of each London borough by name."""
    return {ward.area_name: ward.area_code for ward in ward_register().values()}


@cache
def borough_codes() -> dict[str, str]:
    """Return the GSS code of each London borough by its name, and other names in official files, as `plain_name`s."""
    own = {plain_name(name): code for name, code in boroughs().items()}
    return own | {other: boroughs()[name] for other, name in _OTHER_NAMES.items()}


def boroughs_among(ward_codes: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the boroughs that wards belong to, the City of London left out, sorted.

    Args:
        ward_codes: Codes of wards; those outside London are passed over.

    Returns:
        The names.
    """
    found = {ward_register()[code] for code in ward_codes if code in ward_register()}
    return tuple(sorted({ward.area_name for ward in found if ward.area_code != CITY_OF_LONDON}))


@cache
def wards_of(area_code: str, vintage: str) -> tuple[str, ...]:
    """Return the codes of a borough's wards of one vintage, sorted.

    Args:
        area_code: GSS code of the borough.
        vintage: Ward vintage.

    Returns:
        The ward codes; empty where the borough or vintage is unknown.
    """
    return tuple(
        sorted(
            ward.code for ward in ward_register().values() if ward.area_code == area_code and vintage in ward.vintages
        )
    )


def plain_name(text: str) -> str:
    """Return a place name for comparison: lower case, single spaces, `&` spelt out.

    Args:
        text: The name as written.

    Returns:
        The name to compare.
    """
    return " ".join(text.casefold().replace("&", " and ").split())


def find_area(text: str) -> Area | None:
    """Find the area a person means.

    Args:
        text: GSS code, borough name in any case, or `London`.

    Returns:
        The area without its wards, or None where no borough has that name or code.
    """
    wanted = plain_name(text)
    if wanted in {plain_name(LONDON.name), LONDON.code.casefold()}:
        return LONDON
    for name, code in boroughs().items():
        if wanted in {plain_name(name), code.casefold()}:
            return Area(code=code, name=name, ward_codes=())
    return None
