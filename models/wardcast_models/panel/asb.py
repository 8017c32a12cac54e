"""Anti-social behaviour by ward and month, only for the boroughs and months that the police.uk files cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import LsoaLookup, StreetMonth, WardMonthAsb
from wardcast_models.panel.wards import ward_register

COVERED_SHARE = 0.9
"""A borough's month is covered when at least this share of its wards has an incident of any kind. Stray points
across a boundary reach a few wards only; a quiet ward can be without an incident."""

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class AsbCounts:
    """ASB incidents. W wards, T months.

    Attributes:
        months: Month starts, sorted, gaps possible; length T.
        counts: Shape (W, T); NaN where not covered.
        findings: What was covered and what was not.
    """

    months: pd.DatetimeIndex
    counts: NDArray[np.float64]
    findings: tuple[Finding, ...]


def count_asb(
    ward_codes: tuple[str, ...],
    vintage: str,
    *,
    streets: Sequence[StreetMonth],
    lookups: Sequence[LsoaLookup],
    tables: Sequence[WardMonthAsb],
) -> AsbCounts:
    """Count ASB in the panel's wards, street files before ward-month tables where both cover a cell.

    Args:
        ward_codes: The panel's wards; length W.
        vintage: The panel's ward vintage.
        streets: Street files.
        lookups: Lookups from LSOA to ward.
        tables: Ward-month tables.

    Returns:
        The counts; no months where nothing covers the wards.

    Raises:
        WardcastError: Two different street files give the same force and month.
    """
    findings: list[Finding] = []
    sources = [_from_streets(ward_codes, vintage, streets, lookups, findings)]
    for table in tables:
        sources.append(_covered(table.frame, ward_codes, table.file, findings))
    months = pd.DatetimeIndex(sorted({month for source in sources for month in source.columns}))
    counts = pd.DataFrame(np.nan, index=list(ward_codes), columns=months)
    for source in sources:
        counts = counts.fillna(source.reindex(index=counts.index, columns=months))
    if counts.notna().any(axis=None):
        findings.append(_meaning())
    return AsbCounts(months=months, counts=counts.to_numpy(dtype=np.float64), findings=tuple(findings))


def _from_streets(
    ward_codes: tuple[str, ...],
    vintage: str,
    streets: Sequence[StreetMonth],
    lookups: Sequence[LsoaLookup],
    findings: list[Finding],
) -> pd.DataFrame:
    distinct = _distinct(streets, findings)
    if not distinct:
        return pd.DataFrame(index=list(ward_codes))
    ward_by_lsoa = _wards_by_lsoa(ward_codes, vintage, lookups)
    incidents = pd.concat([street.frame for street in distinct], ignore_index=True)
    incidents["ward_code"] = incidents["lsoa_code"].map(ward_by_lsoa)
    months = sorted(set(incidents["month"]))
    if incidents["ward_code"].isna().all():
        findings.append(
            Finding(
                kind=FindingKind.LEFT_ASIDE,
                file="",
                message=(
                    f"{len(distinct)} street files were not used: no lookup from their small areas (LSOA 2021) to "
                    f"{vintage} wards was supplied."
                ),
            )
        )
        return pd.DataFrame(index=list(ward_codes))
    outside = int(incidents["asb"][incidents["ward_code"].isna()].sum())
    unplaced = sum(street.unplaced_asb for street in distinct)
    total = int(incidents["asb"].sum()) + unplaced
    message = f"{len(distinct)} data.police.uk street files with {total:,} anti-social behaviour incidents."
    if unplaced or outside:
        message += (
            f" {unplaced:,} name no small area and {outside:,} lie in small areas without a known ward; both are "
            "left out."
        )
    missing = _missing_months(months)
    if missing:
        message += f" No file was supplied for {', '.join(missing)}: unobserved, not zero."
    findings.append(
        Finding(
            kind=FindingKind.READ,
            file="",
            message=message,
            rows=sum(street.rows for street in distinct),
            first_month=f"{months[0]:%Y-%m}",
            last_month=f"{months[-1]:%Y-%m}",
        )
    )
    return _covered(incidents.dropna(subset=["ward_code"]), ward_codes, "", findings)


def _distinct(streets: Sequence[StreetMonth], findings: list[Finding]) -> list[StreetMonth]:
    """Return street files once each; two different files for a force and month are refused."""
    kept: dict[tuple[str, pd.Timestamp], StreetMonth] = {}
    distinct: list[StreetMonth] = []
    for street in sorted(streets, key=lambda street: street.file):
        keys = [(street.force, month) for month in sorted(set(street.frame["month"]))]
        earlier = next((kept[key] for key in keys if key in kept), None)
        if earlier is None:
            distinct.append(street)
            kept.update(dict.fromkeys(keys, street))
        elif earlier.frame.equals(street.frame):
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
    return distinct


def _wards_by_lsoa(ward_codes: tuple[str, ...], vintage: str, lookups: Sequence[LsoaLookup]) -> dict[str, str]:
    """Merge lookups; where they disagree the one for the vintage's own year wins, then the nearest year."""
    year = int(vintage[2:])

    def farthest_first(lookup: LsoaLookup) -> tuple[int, str, list[tuple[str, str]]]:
        return (-abs(int(lookup.ward_year) - year), lookup.ward_year, sorted(lookup.ward_by_lsoa.items()))

    wanted = set(ward_codes)
    merged: dict[str, str] = {}
    for lookup in sorted(lookups, key=farthest_first):
        merged.update({lsoa: ward for lsoa, ward in lookup.ward_by_lsoa.items() if ward in wanted})
    return merged


def _covered(incidents: pd.DataFrame, ward_codes: tuple[str, ...], file: str, findings: list[Finding]) -> pd.DataFrame:
    """Return ASB by ward (rows) and month (columns), NaN outside the boroughs' covered months.

    Args:
        incidents: `ward_code, month, asb, all_incidents`.
        ward_codes: The panel's wards.
        file: The file's name, or "".
        findings: Where to say what is covered.
    """
    here = incidents[incidents["ward_code"].isin(ward_codes)]
    if here.empty:
        findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=file, message="None of its wards is in this panel."))
        return pd.DataFrame(index=list(ward_codes))
    asb = here.pivot_table(index="ward_code", columns="month", values="asb", aggfunc="sum")
    asb = asb.reindex(index=list(ward_codes))
    borough = pd.Series([ward_register()[code].area_name for code in ward_codes], index=list(ward_codes))
    seen_share = asb.notna().groupby(borough).transform("mean")
    covered = seen_share >= COVERED_SHARE
    result = asb.fillna(0.0).where(covered)
    months_covered = covered.groupby(borough).any()
    whole = [str(name) for name in months_covered.index[months_covered.any(axis=1)]]
    gaps = {name: [f"{month:%Y-%m}" for month in asb.columns if not months_covered.at[name, month]] for name in whole}
    partly = [f"{name} ({', '.join(missing)})" for name, missing in gaps.items() if missing]
    shown = ", ".join(whole) if len(whole) <= _SHOWN else f"{len(whole)} boroughs"
    message = (
        f"Anti-social behaviour is observed in {shown or 'no borough'}; everywhere else it is unobserved, not zero."
    )
    if partly:
        places = "; ".join(partly) if len(partly) <= _SHOWN else f"{len(partly)} boroughs in some months"
        message += f" Incomplete and left out: {places}."
    findings.append(
        Finding(
            kind=FindingKind.CAVEAT,
            file=file,
            message=message,
            first_month=f"{asb.columns[0]:%Y-%m}",
            last_month=f"{asb.columns[-1]:%Y-%m}",
        )
    )
    return result.dropna(axis=1, how="all")


def _missing_months(months: list[pd.Timestamp]) -> list[str]:
    every = pd.date_range(months[0], months[-1], freq="MS")
    return [f"{month:%Y-%m}" for month in every if month not in set(months)]


def _meaning() -> Finding:
    return Finding(
        kind=FindingKind.CAVEAT,
        file="",
        message=(
            "Anti-social behaviour counts incidents reported to the police, not crimes, at points moved to a nearby "
            "map point; reports made to the council are not in it."
        ),
    )
