"""Which ward vintage and which area a panel is for."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.panel import Area
from wardcast_models.panel.parts import WardRelease
from wardcast_models.panel.wards import (
    CITY_OF_LONDON,
    LONDON,
    VINTAGES,
    boroughs,
    boroughs_among,
    find_area,
    plain_name,
    ward_register,
)

_NAMES_SHOWN = 5


def choose_area(text: str, releases: Sequence[WardRelease]) -> Area:
    """Find the area asked for among the places in the files.

    Args:
        text: GSS code, borough name in any case, or `London`.
        releases: Every ward release, of any vintage.

    Returns:
        The area, still without its wards.

    Raises:
        WardcastError: No such area, or no ward of it in the files; the nearest names are told.
    """
    present = {ward_register()[code].area_name for release in releases for code in release.ward_codes}
    area = find_area(text)
    if area is not None and (area.code == LONDON.code or area.name in present):
        return area
    found = f"{text!r}, which is no London borough" if area is None else f"no ward of {area.name}"
    raise _not_in_data(text, found, present)


def _not_in_data(text: str, found: str, present: set[str]) -> WardcastError:
    by_plain = {plain_name(name): name for name in present}
    near = [by_plain[name] for name in get_close_matches(plain_name(text), list(by_plain), n=3, cutoff=0.4)]
    if near:
        mend = f"Did you mean {' or '.join(f'{name} ({boroughs()[name]})' for name in near)}?"
    else:
        shown = sorted(present)[:_NAMES_SHOWN]
        more = f" and {len(present) - len(shown)} more" if len(present) > len(shown) else ""
        mend = f"The files hold {', '.join(f'{name} ({boroughs()[name]})' for name in shown)}{more}."
    return invalid_input(
        f"The area {text!r} is not in the data.",
        Problem(
            where="--area",
            expected="a borough in the files (GSS code or name), or London",
            found=found,
            mend=mend,
        ),
    )


def choose_vintage(area: Area, wards: str | None, releases: Sequence[WardRelease]) -> str:
    """Pick the ward vintage: the one asked for, else the newest that the area's wards come in.

    Args:
        area: The area.
        wards: `WD22`, `WD18` or None.
        releases: Every ward release.

    Returns:
        The vintage.

    Raises:
        WardcastError: The files hold no such wards of the area.
    """
    available = {
        vintage
        for release in releases
        if area.code == LONDON.code or any(ward_register()[code].area_code == area.code for code in release.ward_codes)
        for vintage in release.vintages
    }
    wanted = wards.strip().upper() if wards is not None else max(available, key=VINTAGES.index)
    if wanted in available:
        return wanted
    raise invalid_input(
        f"The files hold no {wanted} wards of {area.name}.",
        Problem(
            where="--wards",
            expected=" or ".join(sorted(available, reverse=True)),
            found=repr(wards),
            mend="Choose one of the vintages in the files, or add a release on the wanted wards.",
        ),
    )


def as_covered(area: Area, vintage: str, releases: Sequence[WardRelease]) -> Area:
    """Name London by what the files hold of it; a borough stays as it is.

    Args:
        area: The area.
        vintage: The ward vintage chosen.
        releases: Every ward release.

    Returns:
        The area; `London (5 of 32 boroughs in the files)` where some are missing.

    Raises:
        WardcastError: London is asked for and the files hold one borough.
    """
    if area.code != LONDON.code:
        return area
    codes = {code for release in releases if vintage in release.vintages for code in release.ward_codes}
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
