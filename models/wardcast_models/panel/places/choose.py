"""Which area, which ward vintage and which source of counts a panel is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.panel import Area
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.small_areas import year_of
from wardcast_models.panel.places.wards import CITY_OF_LONDON, LONDON, boroughs, boroughs_among, plain_name

_NAMES_SHOWN = 5


class CountsFrom(StrEnum):
    """What a panel's counts of crime are made of, the preferred first."""

    WARD_RELEASES = "ward_releases"
    """MPS ward releases; releases by small area fill what they do not cover."""
    SMALL_AREA_RELEASES = "small_area_releases"
    """MPS releases by small area alone, because no ward release holds the area."""
    POLICE_UK = "police_uk"
    """Police.uk alone, because no MPS release holds the area."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a panel is for.

    Attributes:
        area: The area, still without its wards; London is named by what the files hold of it.
        vintage: Ward vintage.
        counts_from: What its counts of crime are made of.
        ward_codes: Wards that this holds, in that vintage.
    """

    area: Area
    vintage: str
    counts_from: CountsFrom
    ward_codes: frozenset[str]


def choose(
    text: str,
    wards: str | None,
    *,
    held_by: Mapping[CountsFrom, Mapping[str, frozenset[str]]],
    places: Gazetteer,
) -> Choice:
    """Choose area, vintage and source: MPS releases where they hold the area, else police.uk files that cover it.

    Args:
        text: GSS code of a local authority or its exact name in any case, or `London`.
        wards: Ward vintage such as `WD22`; None takes the newest that counts can be made in.
        held_by: Wards that each source of counts holds, by vintage.
        places: Known wards and areas.

    Returns:
        The choice.

    Raises:
        WardcastError: No such area or no such vintage in the files, or London is asked for and one borough is there.
    """
    area = places.find(text)
    for counts_from in CountsFrom:
        held = held_by[counts_from]
        if area is not None and any(_inside(area, codes, places) for codes in held.values()):
            vintage = _vintage(area, wards, held, places)
            covered = _as_covered(area, vintage, held[vintage])
            return Choice(area=covered, vintage=vintage, counts_from=counts_from, ward_codes=held[vintage])
    present = {
        places.area_name(code): places.area_code(code)
        for held in held_by.values()
        for codes in held.values()
        for code in codes
    }
    found = (
        f"{text!r}, which is no London borough and in no lookup of the folder"
        if area is None
        else f"no ward of {area.name}"
    )
    if area is not None and area.code == CITY_OF_LONDON:
        found += ", which has a police force of its own: the Metropolitan Police's files do not hold it"
    raise _not_in_data(text, found, present)


def _inside(area: Area, codes: frozenset[str], places: Gazetteer) -> bool:
    if area.code == LONDON.code:
        return bool(boroughs_among(codes)) or any(places.area_code(code) == CITY_OF_LONDON for code in codes)
    return any(places.area_code(code) == area.code for code in codes)


def _not_in_data(text: str, found: str, present: Mapping[str, str]) -> WardcastError:
    by_plain = {plain_name(name): name for name in present}
    near = [by_plain[name] for name in get_close_matches(plain_name(text), list(by_plain), n=3, cutoff=0.4)]
    if near:
        mend = f"Did you mean {' or '.join(f'{name} ({present[name]})' for name in near)}?"
    else:
        shown = sorted(present)[:_NAMES_SHOWN]
        more = f" and {len(present) - len(shown)} more" if len(present) > len(shown) else ""
        mend = f"The files hold {', '.join(f'{name} ({present[name]})' for name in shown)}{more}."
    return invalid_input(
        f"The area {text!r} is not in the data.",
        Problem(
            where="--area",
            expected="a local authority in the files (GSS code or name), or London",
            found=found,
            mend=mend,
        ),
    )


def _vintage(area: Area, wards: str | None, held: Mapping[str, frozenset[str]], places: Gazetteer) -> str:
    """Return the ward vintage asked for, else the newest that the area's wards come in."""
    available = sorted((one for one, codes in held.items() if _inside(area, codes, places)), key=year_of, reverse=True)
    wanted = wards.strip().upper() if wards is not None else available[0]
    if wanted in available:
        return wanted
    raise invalid_input(
        f"The files hold no {wanted} wards of {area.name}.",
        Problem(
            where="--wards",
            expected=" or ".join(available),
            found=repr(wards),
            mend="Choose one of the vintages in the files, or add a release on the wanted wards.",
        ),
    )


def _as_covered(area: Area, vintage: str, codes: frozenset[str]) -> Area:
    """Name London by what the files hold of it; a borough stays as it is."""
    if area.code != LONDON.code:
        return area
    present, number = boroughs_among(codes), len(boroughs()) - 1
    if len(present) == number:
        return area
    if len(present) > 1:
        name = f"{area.name} ({len(present)} of {number} boroughs in the files)"
        return Area(code=area.code, name=name, ward_codes=())
    only = present[0] if present else next(name for name, code in boroughs().items() if code == CITY_OF_LONDON)
    raise invalid_input(
        f"The files do not hold London but {only} only.",
        Problem(
            where="--area",
            expected=f"a place that the files hold: {only} ({boroughs()[only]})",
            found=f"London, with the {vintage} wards of {only} only in the files",
            mend=f"Ask for {only} ({boroughs()[only]}), or add files on all of London.",
        ),
    )
