"""From small areas and map points to wards: lookups first, ward polygons where no lookup leads to the wards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from wardcast_models.panel.parts import LsoaLookup

NEAREST_DEGREES = 0.0003
"""A point that lies in no polygon belongs to the nearest ward within about 25 metres: polygons are simplified."""

LOOKUP, POLYGON, LARGEST_SHARE = "lookup", "polygon", "largest_share"
"""How a point's ward was found; by largest share where a small area is divided and no polygon holds the point."""


def year_of(vintage: str) -> int:
    """Return the two-digit year of a ward vintage such as `WD22`."""
    return int(vintage[2:])


def wards_of_small_areas(
    lookups: Sequence[LsoaLookup], vintage: str, ward_codes: Sequence[str] | None = None
) -> dict[str, str]:
    """Return the ward of each small area; the ward with most of its residents where it is split.

    Small areas keep their code from one census to the next only if they keep their boundary, so that lookups of both
    censuses are used together. Where they disagree the one for the vintage's own year wins, then the nearest year.

    Args:
        lookups: Lookups from small areas to wards, of any year.
        vintage: The wanted ward vintage.
        ward_codes: Wards of that vintage; None takes what lookups of the vintage's own year say.

    Returns:
        Ward code by small-area code.
    """
    return {code: ward for code, (ward, _) in _largest_shares(lookups, vintage, ward_codes).items()}


def _largest_shares(
    lookups: Sequence[LsoaLookup], vintage: str, ward_codes: Sequence[str] | None
) -> dict[str, tuple[str, bool]]:
    """Return the ward with most of each small area's residents, and whether the small area is divided."""
    year = year_of(vintage)

    def farthest_first(lookup: LsoaLookup) -> tuple[int, str, str, str]:
        return (-abs(int(lookup.ward_year) - year), lookup.ward_year, lookup.lsoa_year, lookup.file)

    wards = None if ward_codes is None else set(ward_codes)
    merged: dict[str, tuple[str, bool]] = {}
    for lookup in sorted(lookups, key=farthest_first):
        if wards is None and int(lookup.ward_year) != year:
            continue
        held = lookup.frame[lookup.frame["share"] > 0].sort_values(["share", "ward_code"])
        largest = held.assign(divided=held.duplicated("lsoa_code", keep=False)).drop_duplicates(
            "lsoa_code", keep="last"
        )
        inside = largest if wards is None else largest[largest["ward_code"].isin(wards)]
        found = zip(inside["ward_code"], inside["divided"], strict=True)
        merged.update(zip(inside["lsoa_code"], found, strict=True))
    return merged


def locate(
    points: pd.DataFrame,
    vintage: str,
    ward_codes: Sequence[str],
    *,
    lookups: Sequence[LsoaLookup],
    polygons: Mapping[str, dict[str, Any]],
) -> pd.DataFrame:
    """Return the ward of each map point.

    Args:
        points: `lsoa_code, longitude, latitude` and more.
        vintage: The wanted ward vintage.
        ward_codes: Its wards.
        lookups: Lookups from small areas to wards.
        polygons: GeoJSON geometry by ward code; used for points in small areas that no lookup places, or that a lookup
            divides between wards.

    Returns:
        The points with `ward_code` (None where it is in none of the wards), `divided` (whether wards share the small
        area) and `how` (`lookup`, `polygon` or `largest_share`).
    """
    known = _largest_shares(lookups, vintage, ward_codes)
    elsewhere = set(wards_of_small_areas(lookups, vintage)) - set(known)
    divided = points["lsoa_code"].isin([code for code, (_, is_divided) in known.items() if is_divided])
    located = points.assign(
        ward_code=points["lsoa_code"].map({code: ward for code, (ward, _) in known.items()}).astype(object),
        divided=divided,
        how=np.where(divided, LARGEST_SHARE, LOOKUP),
    )
    unplaced = located["ward_code"].isna() & ~located["lsoa_code"].isin(elsewhere)
    sought = (unplaced | divided) & located["longitude"].notna()
    wanted = {code: polygons[code] for code in ward_codes if code in polygons}
    if wanted and sought.any():
        distinct = located.loc[sought, ["longitude", "latitude"]].drop_duplicates()
        found = distinct.assign(found=_in_polygons(distinct.to_numpy(dtype=np.float64), wanted))
        where = located.loc[sought, ["longitude", "latitude"]].merge(found, how="left")["found"].to_numpy(dtype=object)
        rows = located.index[sought][pd.notna(where)]
        located.loc[rows, "ward_code"] = where[pd.notna(where)]
        located.loc[rows, "how"] = POLYGON
    located["ward_code"] = located["ward_code"].where(located["ward_code"].notna(), None)
    return located


def _in_polygons(points: NDArray[np.float64], polygons: Mapping[str, dict[str, Any]]) -> NDArray[np.object_]:
    """Return the ward of each point (P, 2), the first by code where polygons overlap, None where it is in none."""
    codes = sorted(polygons)
    tree = shapely.STRtree([shape(polygons[code]) for code in codes])
    made = shapely.points(points)
    found = np.full(len(points), None, dtype=object)
    near, where = tree.query_nearest(made, max_distance=NEAREST_DEGREES)
    for point, polygon in zip(near[::-1], where[::-1], strict=True):
        found[point] = codes[polygon]
    within, where = tree.query(made, predicate="intersects")
    first = np.full(len(points), len(codes))
    np.minimum.at(first, within, where)
    for point in np.flatnonzero(first < len(codes)):
        found[point] = codes[first[point]]
    return found
