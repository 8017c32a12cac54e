"""Counts on other wards or by small area, carried to a panel's wards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.counts.carry import CarriedCounts, carry_counts
from wardcast_models.panel.counts.combine import WardCounts, combine
from wardcast_models.panel.parts import LsoaLookup, SmallAreaRelease, WardLookup, WardRelease
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.reach import whole_area_shares
from wardcast_models.panel.places.shares import shares_between
from wardcast_models.panel.places.small_areas import year_of
from wardcast_models.reference.taxonomy import taxonomy


@dataclass(frozen=True, kw_only=True)
class CountBlock:
    """Counts on some wards that are not the panel's own. N wards, C categories, T months.

    Attributes:
        origin: Where they come from, such as `WD18` or `LSOA21`.
        files: Names of the files.
        carried: The counts on the panel's wards, and how uncertain.
        categories: Length C.
        months: Length T.
        same: Wards that are the same in both vintages.
    """

    origin: str
    files: tuple[str, ...]
    carried: CarriedCounts
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    same: frozenset[str] = frozenset()


def other_blocks(
    releases: Sequence[WardRelease],
    own: WardCounts,
    vintage: str,
    *,
    lookups: Sequence[WardLookup],
    places: Gazetteer,
    residents: Mapping[str, float],
) -> list[CountBlock]:
    """Carry releases on other wards to a panel's wards, where they cover ward-months that it has no counts for.

    A ward whose code is in use in both vintages is the same ward and keeps its counts.

    Args:
        releases: Ward releases that are not of the panel's vintage.
        own: The panel's own counts.
        vintage: The panel's vintage.
        lookups: Lookups between ward vintages.
        places: Tells which wards an area has.
        residents: Residents by ward code.

    Returns:
        One block for each set of vintages that the releases come in.
    """
    blocks = []
    for vintages in sorted({release.vintages for release in releases}, key=sorted, reverse=True):
        group = [release for release in releases if release.vintages == vintages]
        origin, shares = _shares_from(vintages, vintage, lookups=lookups, places=places, residents=residents)
        same = sorted({code for release in group for code in release.ward_codes} & set(own.ward_codes))
        same = [code for code in same if code not in set(shares["to_code"])]
        alike = pd.DataFrame({"from_code": same, "to_code": same, "share": 1.0})
        shares = pd.concat([shares, alike], ignore_index=True)
        months = pd.DatetimeIndex(sorted({month for release in group for month in release.months}))
        if not _is_needed(own, set(shares["to_code"]), months):
            continue
        counts = combine(group)
        blocks.append(
            CountBlock(
                origin=origin,
                files=tuple(sorted(release.file for release in group)),
                carried=carry_counts(counts.ward_codes, counts.categories, counts.counts, shares),
                categories=counts.categories,
                months=counts.months,
                same=frozenset(same),
            )
        )
    return blocks


def _shares_from(
    vintages: frozenset[str],
    to_vintage: str,
    *,
    lookups: Sequence[WardLookup],
    places: Gazetteer,
    residents: Mapping[str, float],
) -> tuple[str, pd.DataFrame]:
    """Return the newest of the vintages that a lookup leads from, and its shares; empty where none does."""
    ordered = sorted(vintages, key=year_of, reverse=True)
    for origin in ordered:
        shares = shares_between(lookups, origin, to_vintage, places=places, residents=residents)
        if not shares.empty:
            return origin, shares
    return ordered[0], shares


def _is_needed(own: WardCounts, wards: set[str], months: pd.DatetimeIndex) -> bool:
    """Tell whether some of the panel's wards have no counts of their own in some of the months."""
    rows = [row for row, code in enumerate(own.ward_codes) if code in wards]
    if not rows:
        return False
    if not months.isin(own.months).all():
        return True
    return bool(np.isnan(own.counts[rows][:, :, own.months.get_indexer(months)]).all(axis=1).any())


def small_area_blocks(
    releases: Sequence[SmallAreaRelease],
    own: WardCounts,
    vintage: str,
    *,
    lookups: Sequence[LsoaLookup],
    places: Gazetteer,
) -> list[CountBlock]:
    """Add up releases by small area to the wards of a vintage.

    Args:
        releases: Releases by small area.
        own: The panel's own counts, so that a release that adds nothing is passed over.
        vintage: The wanted vintage.
        lookups: Lookups from small areas to wards; those to wards of the vintage are used.
        places: Tells which vintages a ward is of, and its area.

    Returns:
        One block a release and lookup that fit.
    """
    blocks = []
    for release in sorted(releases, key=lambda each: (each.months[-1], each.file), reverse=True):
        for lookup in sorted(lookups, key=lambda each: (each.lsoa_year, each.file), reverse=True):
            shares = whole_area_shares(release, lookup, vintage, places)
            if shares.empty or not _is_needed(own, set(shares["to_code"]), release.months):
                continue
            codes = sorted(set(shares["from_code"]))
            categories = tuple(c for c in taxonomy() if c in set(release.frame["category"]))
            carried = carry_counts(codes, categories, _counts_of(release, codes, categories), shares)
            blocks.append(
                CountBlock(
                    origin=f"LSOA{lookup.lsoa_year}",
                    files=(release.file,),
                    carried=carried,
                    categories=categories,
                    months=release.months,
                )
            )
    return blocks


def _counts_of(release: SmallAreaRelease, codes: Sequence[str], categories: Sequence[str]) -> NDArray[np.float64]:
    """Return a release's counts (S, C, T) by small area, 0 where no row stands."""
    frame = release.frame[release.frame["lsoa_code"].isin(codes)]
    counts = np.zeros((len(codes), len(categories), len(release.months)))
    at = (
        pd.Index(codes).get_indexer(pd.Index(frame["lsoa_code"])),
        pd.Index(categories).get_indexer(pd.Index(frame["category"])),
        release.months.get_indexer(pd.DatetimeIndex(frame["month"])),
    )
    np.add.at(counts, at, frame["count"].to_numpy(dtype=np.float64))
    return counts
