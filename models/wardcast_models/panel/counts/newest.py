"""Logs and police.uk months newer than the newest recorded crime: not in the panel yet, and told.

A panel ends with the newest month of its main counts. A log that is exported more often must not move the months that
are forecast and planned for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from wardcast_models.panel.counts.incidents import IncidentCounts
from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import StreetMonth, WardIncidents


def newest_month(crime_months: pd.DatetimeIndex, incidents: IncidentCounts, used: Collection[str]) -> pd.Timestamp:
    """Return the newest month of the main counts.

    Args:
        crime_months: Months of the MPS releases; empty where police.uk is the only source.
        incidents: Counts that come from no MPS release; some month where there is no release.
        used: Categories that the panel takes from police.uk.

    Returns:
        The newest month of the releases, else of police.uk's categories, else of whatever was counted.
    """
    if len(crime_months):
        return crime_months[-1]
    of_police_uk = [position for position, category in enumerate(incidents.categories) if category in used]
    covered = np.asarray(~np.isnan(incidents.counts[:, of_police_uk]).all(axis=(0, 1)))
    return (incidents.months[covered] if covered.any() else incidents.months)[-1]


def up_to(incidents: IncidentCounts, newest: pd.Timestamp) -> IncidentCounts:
    """Return counts without later months, and without the categories that are then counted nowhere."""
    months = np.asarray(incidents.months <= newest)
    counts = incidents.counts[:, :, months]
    kept = np.asarray(~np.isnan(counts).all(axis=(0, 2)))
    return replace(
        incidents,
        categories=tuple(name for name, keep in zip(incidents.categories, kept, strict=True) if keep),
        months=incidents.months[months] if kept.any() else incidents.months[:0],
        counts=counts[:, kept],
    )


def carried_up_to(carried: pd.DataFrame, newest: pd.Timestamp) -> pd.DataFrame:
    """Return what was carried, `first_month` to `last_month`, without later months."""
    begun = carried[carried["first_month"] <= newest]
    return begun.assign(last_month=begun["last_month"].where(begun["last_month"] <= newest, newest))


def too_new(
    tables: Sequence[WardIncidents],
    streets: Sequence[StreetMonth],
    ward_codes: Sequence[str],
    newest: pd.Timestamp,
) -> list[Finding]:
    """Name the files and months that are not in the panel yet.

    Args:
        tables: Ward-month tables and logs.
        streets: Street files.
        ward_codes: The panel's wards.
        newest: The panel's last month.

    Returns:
        A finding for each table and one for all street files, where they go beyond that month.
    """
    findings = []
    for table in tables:
        later = table.frame[(table.frame["month"] > newest) & table.frame["ward_code"].isin(ward_codes)]
        if len(later):
            findings.append(_told(table.file, "It goes", later["month"], newest))
    newer = [street for street in streets if (street.frame["month"] > newest).any()]
    if newer:
        named = ", ".join(street.file for street in newer)
        files = counted(len(newer), "street file")
        months = pd.concat([street.frame["month"] for street in newer])
        findings.append(_told("", f"{files} ({named}) go{'es' * (len(newer) == 1)}", months[months > newest], newest))
    return findings


def _told(file: str, what: str, months: pd.Series[pd.Timestamp], newest: pd.Timestamp) -> Finding:
    first, last = months.min(), months.max()
    span = f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} to {last:%Y-%m}"
    message = (
        f"{what} beyond the newest month of recorded crime, {newest:%Y-%m}: {span} is left out until the "
        "crime counts reach as far, so that forecasts and plans begin where those end."
    )
    return Finding(
        kind=FindingKind.CAVEAT, file=file, message=message, first_month=f"{first:%Y-%m}", last_month=f"{last:%Y-%m}"
    )
