"""Areas that police.uk files or releases by small area cover, so that a panel can be made of them alone."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wardcast_models.panel.parts import Coverage, LsoaLookup, SmallAreaRelease, StreetMonth, WardIncidents
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.shares import SHARE_TOLERANCE
from wardcast_models.panel.places.small_areas import wards_of_small_areas

COVERED_SHARE = 0.9
"""An area's month is covered when at least this share of its wards has an incident of any kind. Stray points
across a boundary reach a few wards only; a quiet ward can be without an incident."""

COVERED_SMALL_AREAS_SHARE = 0.9
"""A release by small area covers an area when at least this share of the area's small areas stands in it."""


def policeuk_reach(
    streets: Sequence[StreetMonth],
    tables: Sequence[WardIncidents],
    *,
    lookups: Sequence[LsoaLookup],
    places: Gazetteer,
) -> dict[str, frozenset[str]]:
    """Return the wards of the areas that police.uk files cover, by ward vintage.

    Args:
        streets: Street files.
        tables: Ward-month tables and logs; only those of police.uk count.
        lookups: Lookups from small areas to wards.
        places: Known wards and areas.

    Returns:
        All wards of every area of which nearly every ward stands in the files; vintages without any are absent.
    """
    small_areas = {code for street in streets for code in street.frame["lsoa_code"].unique()}
    named = {
        code
        for table in tables
        if table.coverage is Coverage.ANY_INCIDENT
        for code in table.frame["ward_code"].unique()
    }
    reached: dict[str, frozenset[str]] = {}
    for vintage in places.vintages:
        ward_of = wards_of_small_areas(lookups, vintage)
        seen = {ward_of[code] for code in small_areas & ward_of.keys()} | {
            code for code in named if places.is_of(code, vintage)
        }
        wards: set[str] = set()
        for area in {places.area_code(code) for code in seen} - {""}:
            members = places.wards_of(area, vintage)
            if len(seen.intersection(members)) >= COVERED_SHARE * len(members):
                wards.update(members)
        if wards:
            reached[vintage] = frozenset(wards)
    return reached


def small_area_reach(
    releases: Sequence[SmallAreaRelease], *, lookups: Sequence[LsoaLookup], places: Gazetteer
) -> dict[str, frozenset[str]]:
    """Return the wards of the areas that releases by small area cover, by ward vintage.

    Args:
        releases: MPS releases by small area.
        lookups: Lookups from small areas to wards.
        places: Known wards and areas.

    Returns:
        The wards that every small area of theirs can be added up to; vintages without any are absent.
    """
    reached: dict[str, frozenset[str]] = {}
    for vintage in places.vintages:
        wards = {
            str(code)
            for release in releases
            for lookup in lookups
            for code in whole_area_shares(release, lookup, vintage, places)["to_code"]
        }
        if wards:
            reached[vintage] = frozenset(wards)
    return reached


def whole_area_shares(release: SmallAreaRelease, lookup: LsoaLookup, vintage: str, places: Gazetteer) -> pd.DataFrame:
    """Return how small areas divide over wards, in the local authorities that a release covers, where a ward is whole.

    Args:
        release: A release by small area.
        lookup: A lookup from small areas to wards.
        vintage: The wanted vintage.
        places: Tells which vintages a ward is of, and its area.

    Returns:
        `from_code, to_code, share`.
    """
    of_vintage = [code for code in lookup.frame["ward_code"].unique() if places.is_of(code, vintage)]
    usable = lookup.frame[lookup.frame["ward_code"].isin(of_vintage)]
    area = usable["ward_code"].map({code: places.area_code(code) for code in set(usable["ward_code"])})
    present = usable["lsoa_code"].isin(set(release.frame["lsoa_code"]))
    covered = present.groupby(area).transform("mean") >= COVERED_SMALL_AREAS_SHARE
    told = usable.groupby("lsoa_code")["share"].transform("sum")
    cut = set(usable["ward_code"][(told - 1.0).abs() > SHARE_TOLERANCE])
    kept = usable[covered & ~usable["ward_code"].isin(cut)]
    return kept.rename(columns={"lsoa_code": "from_code", "ward_code": "to_code"})
