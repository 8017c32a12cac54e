"""Data.police.uk street files of a folder, put on the wards of a panel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import LsoaLookup, StreetMonth
from wardcast_models.panel.places.small_areas import LARGEST_SHARE, POLYGON, locate
from wardcast_models.reference.taxonomy import ASB


def distinct_streets(streets: Sequence[StreetMonth]) -> tuple[list[StreetMonth], list[Finding]]:
    """Return street files once each.

    Args:
        streets: Every street file read.

    Returns:
        The files without copies, and findings on the copies.

    Raises:
        WardcastError: Two different files give the same force and month.
    """
    findings: list[Finding] = []
    kept: dict[tuple[str, pd.Timestamp], StreetMonth] = {}
    distinct: list[StreetMonth] = []
    for street in sorted(streets, key=lambda street: street.file):
        keys = [(street.force, month) for month in sorted({*street.frame["month"], *street.unlocated["month"]})]
        earlier = next((kept[key] for key in keys if key in kept), None)
        if earlier is None:
            distinct.append(street)
            kept.update(dict.fromkeys(keys, street))
        elif earlier.frame.equals(street.frame) and earlier.unlocated.equals(street.unlocated):
            message = f"It holds the same as {earlier.file} and was used once."
            findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=street.file, message=message))
        else:
            month = next(month for force, month in keys if (force, month) in kept)
            raise invalid_input(
                "Two street files give the same month.",
                Problem(
                    where=street.file,
                    expected=f"one street file for {street.force}, {month:%Y-%m}",
                    found=f"{earlier.file} with other rows for the same month",
                    mend="Keep one of the two.",
                ),
            )
    return distinct, findings


def street_incidents(
    streets: Sequence[StreetMonth],
    ward_codes: Sequence[str],
    vintage: str,
    *,
    lookups: Sequence[LsoaLookup],
    polygons: Mapping[str, dict[str, Any]],
    used: Collection[str],
) -> tuple[pd.DataFrame, list[Finding]]:
    """Put the incidents of street files on wards.

    Args:
        streets: Distinct street files.
        ward_codes: The panel's wards.
        vintage: Their vintage.
        lookups: Lookups from small areas to wards.
        polygons: GeoJSON geometry by ward code.
        used: Categories that the panel takes from police.uk.

    Returns:
        `ward_code, category, month, count`, all categories, and findings; empty where no incident lies in the wards.
    """
    if not streets:
        return pd.DataFrame(), []
    incidents = pd.concat([street.frame for street in streets], ignore_index=True)
    lost = pd.concat([street.unlocated for street in streets], ignore_index=True)
    incidents = locate(incidents, vintage, ward_codes, lookups=lookups, polygons=polygons)
    if incidents["ward_code"].isna().all():
        files = ", ".join(each.file for each in lookups)
        other = f" The lookups at hand ({files}) lead none of them there." if lookups else ""
        message = (
            f"{counted(len(streets), 'street file was', 'street files were')} not used: neither a lookup from their "
            f"small areas (LSOA) to {vintage} wards nor polygons of {vintage} wards around their map points were "
            f"supplied.{other}"
        )
        return pd.DataFrame(), [Finding(kind=FindingKind.LEFT_ASIDE, file="", message=message)]
    findings = [_read(streets, incidents, lost, used)]
    placed = incidents.dropna(subset=["ward_code"])
    findings.extend(_how_placed(placed, vintage, used))
    return placed.groupby(["ward_code", "category", "month"])["count"].sum().reset_index(), findings


def _how_placed(placed: pd.DataFrame, vintage: str, used: Collection[str]) -> list[Finding]:
    """Say which incidents are in a ward by more than their small area alone."""
    findings = []
    for rows, message in (
        (
            placed[(placed["how"] == POLYGON) & ~placed["divided"]],
            "No lookup leads from the small areas of {number} to {vintage} wards. They are counted in the {vintage} "
            "ward whose polygon holds their map point.",
        ),
        (
            placed[(placed["how"] == POLYGON) & placed["divided"]],
            "{number} lie in small areas that {vintage} wards share. They are counted in the ward whose polygon holds "
            "their map point.",
        ),
        (
            placed[placed["how"] == LARGEST_SHARE],
            "{number} lie in small areas that {vintage} wards share, and no polygon of these wards holds their map "
            "point. They are counted in the ward with most of the small area's residents, so that wards beside it can "
            "be short of them.",
        ),
    ):
        incidents = _of_use(rows, used)
        if incidents:
            told = message.format(number=counted(incidents, "street-file incident"), vintage=vintage)
            findings.append(Finding(kind=FindingKind.CAVEAT, file="", message=told, rows=incidents))
    return findings


def _of_use(frame: pd.DataFrame, used: Collection[str]) -> int:
    """Return the incidents of the categories that are taken from police.uk."""
    return int(frame["count"][frame["category"].isin(used)].sum())


def _read(
    streets: Sequence[StreetMonth], incidents: pd.DataFrame, lost: pd.DataFrame, used: Collection[str]
) -> Finding:
    """Say how many incidents the files hold, and how many of those of use lie in no ward."""
    what = "anti-social behaviour incidents" if set(used) == {ASB} else "incidents"
    unplaced, outside = _of_use(lost, used), _of_use(incidents[incidents["ward_code"].isna()], used)
    message = (
        f"{counted(len(streets), 'data.police.uk street file')} with {_of_use(incidents, used) + unplaced:,} {what}."
    )
    if unplaced or outside:
        message += (
            f" {unplaced:,} name no small area and {outside:,} lie in small areas without a known ward; both are "
            "left out."
        )
    months = sorted({*incidents["month"], *lost["month"]})
    missing = [f"{month:%Y-%m}" for month in pd.date_range(months[0], months[-1], freq="MS") if month not in months]
    if missing:
        message += f" No file was supplied for {', '.join(missing)}: unobserved, not zero."
    return Finding(
        kind=FindingKind.READ,
        file="",
        message=message,
        rows=sum(street.rows for street in streets),
        first_month=f"{months[0]:%Y-%m}",
        last_month=f"{months[-1]:%Y-%m}",
    )
