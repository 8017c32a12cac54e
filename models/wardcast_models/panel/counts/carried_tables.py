"""Residents and incidents in tables on wards of another vintage, carried to a panel's wards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd

from wardcast_models.panel.counts.carried_incidents import carried_incidents
from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.panel import CARRIED_COLUMNS
from wardcast_models.panel.parts import Census, Coverage, Estimates, Part, WardIncidents, WardLookup
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.shares import shares_between
from wardcast_models.panel.tables.tables import of_kind
from wardcast_models.panel.tables.ward_tables import residents_of

_ResidentsT = TypeVar("_ResidentsT", bound=Census | Estimates)


@dataclass(frozen=True, kw_only=True)
class CarriedParts:
    """Parts of which some stand on the panel's wards only by carrying.

    Attributes:
        parts: Every part; tables on other wards with rows on the panel's wards in their place.
        carried: What was carried of incidents, in the columns of `Panel.carried`.
        findings: What was carried.
    """

    parts: tuple[Part, ...]
    carried: pd.DataFrame
    findings: tuple[Finding, ...]


def carried_parts(
    parts: Sequence[Part],
    ward_codes: Sequence[str],
    vintage: str,
    places: Gazetteer,
    *,
    used: Collection[str],
    by_street: Collection[str] = frozenset(),
) -> CarriedParts:
    """Carry tables on wards of other vintages to a panel's wards, where a lookup leads there.

    Estimates on older wards stay as they are: `Panel.ward_lookup` leads from those to the panel's wards.

    Args:
        parts: Every part.
        ward_codes: The panel's wards.
        vintage: Their vintage.
        places: Known wards.
        used: Categories that the panel takes from police.uk.
        by_street: Wards of the areas that street files cover: nothing of police.uk is carried there, since points need
            no carrying.

    Returns:
        The parts with the tables replaced, what was carried, and findings.
    """
    residents = residents_of(parts)
    lookups = of_kind(parts, WardLookup)
    shares = {
        origin: shares_between(lookups, origin, vintage, places=places, residents=residents)
        for origin in places.vintages
        if origin != vintage
    }
    older = {lookup.old_vintage for lookup in lookups if lookup.new_vintage == vintage}
    replaced: list[Part] = []
    frames: list[pd.DataFrame] = []
    findings: list[Finding] = []
    for part in parts:
        moved = part
        for origin, share in shares.items():
            if share.empty:
                continue
            if isinstance(moved, Census) or (isinstance(moved, Estimates) and origin not in older):
                moved = _carried_residents(moved, share, ward_codes, origin, findings)
            elif isinstance(moved, WardIncidents):
                of_police_uk = moved.coverage is Coverage.ANY_INCIDENT
                wards = set(ward_codes).difference(by_street if of_police_uk else ())
                step = carried_incidents(moved, share, wards, origin, places)
                moved = step.table
                frames.append(step.carried[step.carried["category"].isin(used)] if of_police_uk else step.carried)
                findings.extend(step.findings)
        replaced.append(moved)
    carried = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(CARRIED_COLUMNS))
    return CarriedParts(parts=tuple(replaced), carried=carried, findings=tuple(findings))


def _carried_residents(
    table: _ResidentsT, shares: pd.DataFrame, ward_codes: Sequence[str], origin: str, findings: list[Finding]
) -> _ResidentsT:
    """Return a table with the residents of the panel's wards that it does not hold itself, shared out."""
    frame = table.frame
    known = set(frame["ward_code"])
    whole = shares[~shares["to_code"].isin(set(shares["to_code"][~shares["from_code"].isin(known)]))]
    wanted = whole[whole["to_code"].isin(set(ward_codes) - known)]
    if wanted.empty:
        return table
    rows = wanted.merge(frame, left_on="from_code", right_on="ward_code")
    rows["persons"] = rows["persons"] * rows["share"]
    keys = ["to_code", "reference_date", "source"]
    sums = rows.groupby(keys)["persons"].sum().reset_index()
    summed = sums.rename(columns={"to_code": "ward_code"})
    summed["source"] += f", carried from {origin} wards by shares of residents"
    message = (
        f"The residents of {counted(summed['ward_code'].nunique(), 'ward')} are carried from {origin} wards by shares "
        "of residents."
    )
    findings.append(Finding(kind=FindingKind.CAVEAT, file=table.file, message=message, rows=len(summed)))
    return replace(table, frame=pd.concat([frame, summed[frame.columns]], ignore_index=True))
