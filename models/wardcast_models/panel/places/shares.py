"""Shares of the residents of one vintage's wards in those of another, in either direction of a lookup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from wardcast_models.panel.parts import WardLookup
from wardcast_models.panel.places.gazetteer import Gazetteer

SHARE_TOLERANCE = 0.01
"""Shares that add up to 1 within this much cover a ward."""


def shares_between(
    lookups: Sequence[WardLookup],
    from_vintage: str,
    to_vintage: str,
    *,
    places: Gazetteer,
    residents: Mapping[str, float],
) -> pd.DataFrame:
    """Return how the wards of one vintage divide over those of another, only where both are covered in full.

    Args:
        lookups: Lookups between ward vintages.
        from_vintage: Vintage of the wards to divide.
        to_vintage: Vintage of the wards to divide them over.
        places: Tells which wards an area has.
        residents: Residents by ward code; they turn shares of old wards round where a lookup lacks shares of new ones.

    Returns:
        `from_code, to_code, share`, the shares of each `from_code` adding up to 1; empty where no lookup leads there.
    """
    frames = [
        _ends(lookup, residents, places, backwards=lookup.new_vintage == from_vintage)
        for lookup in lookups
        if {lookup.old_vintage, lookup.new_vintage} == {from_vintage, to_vintage}
    ]
    if not frames:
        return pd.DataFrame({"from_code": [], "to_code": [], "share": []})
    shares = pd.concat(frames, ignore_index=True).drop_duplicates(["from_code", "to_code"])
    # A ward that is only partly divided takes every ward that gets a part of it with it.
    while True:
        total = shares.groupby("from_code")["share"].transform("sum")
        short = set(shares["to_code"][(total - 1.0).abs() > SHARE_TOLERANCE])
        if not short:
            return shares.reset_index(drop=True)
        shares = shares[~shares["to_code"].isin(short)]


def _ends(lookup: WardLookup, residents: Mapping[str, float], places: Gazetteer, *, backwards: bool) -> pd.DataFrame:
    """Return a lookup's shares in one direction, of wards that it covers in full at the other end."""
    frame = lookup.frame.assign(share_of_new=_shares_of_new(lookup.frame, residents))
    if backwards:
        return _named(frame.dropna(subset=["share_of_new"]), "new_code", "old_code", "share_of_new")
    received = frame.groupby("new_code")["share_of_new"].sum(min_count=1)
    whole = set(received.index[(received - 1.0).abs() <= SHARE_TOLERANCE])
    unknown = set(received.index[received.isna()])
    old, new = set(frame["old_code"]), set(frame["new_code"])
    for area in {places.area_code(code) for code in unknown} - {""}:
        if (
            set(places.wards_of(area, lookup.old_vintage)) <= old
            and set(places.wards_of(area, lookup.new_vintage)) <= new
        ):
            whole |= {code for code in unknown if places.area_code(code) == area}
    return _named(frame[frame["new_code"].isin(whole)], "old_code", "new_code", "share_of_old")


def _shares_of_new(frame: pd.DataFrame, residents: Mapping[str, float]) -> pd.Series[float]:
    """Return the share of each new ward's residents in each old ward, from people where the lookup does not tell it."""
    persons = frame["share_of_old"] * frame["old_code"].map(dict(residents)).astype("float64")
    by_people = persons / persons.groupby(frame["new_code"]).transform(lambda part: part.sum(skipna=False))
    return frame["share_of_new"].fillna(by_people)


def _named(frame: pd.DataFrame, start: str, end: str, share: str) -> pd.DataFrame:
    names = {start: "from_code", end: "to_code", share: "share"}
    kept = frame[frame[share] > 0].rename(columns=names)
    return kept[list(names.values())]
