"""Recorded crime and incidents that no ward holds: kept as a series of their own, never spread over wards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.counts.overlap import REFILED_SHARE
from wardcast_models.panel.counts.release_cells import LEAST_EXPECTED
from wardcast_models.panel.counts.revisions import published_on
from wardcast_models.panel.counts.street_counts import distinct_streets
from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.panel import UNLOCATED_COLUMNS
from wardcast_models.panel.parts import BoroughRelease, StreetMonth, WardIncidents
from wardcast_models.panel.places.wards import LONDON, boroughs, ward_register, wards_of
from wardcast_models.panel.tables.tables import shaped
from wardcast_models.reference.taxonomy import taxonomy

BOROUGH_SOURCE = "MPS borough release less the ward releases"
"""Source of what a borough file holds beyond its wards."""

STREET_SOURCE = "data.police.uk street files"
"""Source of police.uk incidents that name no small area."""

_TOLD_ONE_BY_ONE = 3
_BOROUGH_CODE = "E09"


@dataclass(frozen=True, kw_only=True)
class _Wards:
    """The panel's counts, shape (W, C, T), and its axes; `areas` is the borough of each ward."""

    codes: tuple[str, ...]
    areas: NDArray[np.str_]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.float64]


def unlocated(
    *,
    boroughs: Sequence[BoroughRelease],
    ward_codes: Sequence[str],
    area_of_ward: Mapping[str, str],
    categories: Sequence[str],
    months: pd.DatetimeIndex,
    counts: NDArray[np.float64],
    streets: Sequence[StreetMonth],
    incidents: Sequence[WardIncidents],
) -> tuple[pd.DataFrame, list[Finding]]:
    """Gather what is recorded for an area but for none of its wards.

    Crime without a ward is a borough file's count less the sum of the borough's wards, by category and month, only
    where both cover the month. Where the wards hold more (the two files were published at different times) it is 0.

    Args:
        boroughs: MPS borough releases; a month comes from the newest that covers it.
        ward_codes: The panel's wards; length W.
        area_of_ward: GSS code of the borough by ward code.
        categories: The panel's categories; length C.
        months: The panel's months; length T.
        counts: The panel's counts, shape (W, C, T), NaN where not observed.
        streets: Police.uk street files; their rows without a small area.
        incidents: Ward tables and logs; their records without a ward.

    Returns:
        `Panel.unlocated` (`place, category, month, count, source`, sorted; months covered with nothing unlocated are 0)
        and what a reader has to know about it.
    """
    findings: list[Finding] = []
    wards = _Wards(
        codes=tuple(ward_codes),
        areas=np.array([area_of_ward.get(code, "") for code in ward_codes]),
        categories=tuple(categories),
        months=months,
        counts=counts,
    )
    frames = [
        _beyond_the_wards(boroughs, wards, findings),
        _without_small_area(streets, findings),
        *(_without_ward(part, area_of_ward, findings) for part in _distinct(incidents)),
    ]
    rows = pd.concat([frame for frame in frames if not frame.empty] or [_frame()], ignore_index=True)
    keys = [column for column in UNLOCATED_COLUMNS if column != "count"]
    summed: pd.DataFrame = rows.groupby(keys, as_index=False).agg({"count": "sum"}) if len(rows) else rows
    return shaped("unlocated", summed), findings


def _frame() -> pd.DataFrame:
    return pd.DataFrame({column: [] for column in UNLOCATED_COLUMNS})


def _beyond_the_wards(releases: Sequence[BoroughRelease], wards: _Wards, findings: list[Finding]) -> pd.DataFrame:
    """Return borough counts less ward counts, one row a borough, category and month that both cover."""
    frames = []
    for area in sorted({area for release in releases for area in release.area_codes}):
        rows = np.flatnonzero(wards.areas == area)
        if not len(rows):
            continue
        if not _whole({wards.codes[row] for row in rows}, area):
            findings.append(_missing_wards(area))
            continue
        borough = _borough_counts(releases, area, wards)
        findings += _set_aside_refiled(area, borough, wards.counts[rows].sum(axis=0), wards.categories)
        frames.append(_difference(area, borough, rows, wards))
    if not frames:
        return _frame()
    rows_of_all = pd.concat(frames, ignore_index=True)
    if not rows_of_all.empty:
        findings.extend(_told(rows_of_all))
    return rows_of_all[list(UNLOCATED_COLUMNS)]


def _whole(present: set[str], area: str) -> bool:
    """Tell whether the wards are all of the borough's, in one vintage of the register."""
    register = ward_register()
    vintages = {vintage for code in present if code in register for vintage in register[code].vintages}
    return any(present == set(wards_of(area, vintage)) for vintage in vintages)


def _missing_wards(area: str) -> Finding:
    message = (
        f"{_name(area)}: the ward files do not hold all its wards, so the crime without a ward cannot be told from the "
        "borough file."
    )
    return Finding(kind=FindingKind.MISSING, file="", message=message)


def _borough_counts(releases: Sequence[BoroughRelease], area: str, wards: _Wards) -> NDArray[np.float64]:
    """Return a borough's counts on the panel's axes, shape (C, T): each month from the newest release that has it."""
    result = np.full((len(wards.categories), len(wards.months)), np.nan)
    for release in sorted(releases, key=lambda one: (published_on(one), one.months[-1], one.content_digest)):
        if area not in release.area_codes:
            continue
        of_area = release.counts[release.area_codes.index(area)]
        columns = wards.months.get_indexer(release.months)
        inside = columns >= 0
        result[:, columns[inside]] = np.nan  # a month is taken from one release only
        for position, category in enumerate(wards.categories):
            if category in release.categories:
                result[position, columns[inside]] = of_area[release.categories.index(category)][inside]
    return result


def _set_aside_refiled(
    area: str, borough: NDArray[np.float64], wards: NDArray[np.float64], categories: Sequence[str]
) -> list[Finding]:
    """Make categories unobserved in a borough's counts (C, T) that hold what the wards (C, T) file under another label.

    A category that the borough file does not list stands in another of it, where that one is larger than the wards' by
    at least half of the unlisted crimes: what it has beyond the wards is then no crime without a ward.
    """
    findings = []
    covered = ~np.isnan(borough).all(axis=0)
    for missing in np.flatnonzero(np.isnan(borough[:, covered]).all(axis=1)).tolist():
        crimes = float(np.nansum(wards[missing, covered]))
        beyond = np.nansum(np.maximum(borough - wards, 0.0)[:, covered], axis=1)
        taken = int(np.argmax(beyond))
        if crimes < LEAST_EXPECTED or beyond[taken] < REFILED_SHARE * crimes:
            continue
        borough[taken] = np.nan
        here, there = taxonomy()[categories[missing]].label, taxonomy()[categories[taken]].label
        message = (
            f"{_name(area)}: the borough file does not list {here.lower()} ({crimes:,.0f} crimes in the wards) but "
            f"holds them as {there.lower()}. How much {there.lower()} has no ward cannot be told from it."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file="", message=message))
    return findings


def _difference(area: str, borough: NDArray[np.float64], rows: NDArray[np.intp], wards: _Wards) -> pd.DataFrame:
    """Return one row a category and month that the borough file and every ward cover."""
    difference = borough - wards.counts[rows].sum(axis=0)  # (C, T); NaN where either was not observed
    category, month = np.nonzero(~np.isnan(difference))
    difference = difference[category, month]
    return pd.DataFrame(
        {
            "place": area,
            "category": np.asarray(wards.categories, dtype=object)[category],
            "month": wards.months[month],
            "count": np.maximum(difference, 0.0),
            "source": BOROUGH_SOURCE,
            "recorded": borough[category, month],
            "excess": np.maximum(-difference, 0.0),
        }
    )


def _told(rows: pd.DataFrame) -> list[Finding]:
    """Say how much crime has no ward, borough by borough where they are few, and what was taken as 0."""
    groups = list(rows.groupby("place"))
    if len(groups) > _TOLD_ONE_BY_ONE:
        return [_share(rows, f"the {len(groups)} boroughs"), *_excess(rows, "their wards")]
    found = []
    for area, of_area in groups:
        found += [_share(of_area, _name(str(area))), *_excess(of_area, f"{_name(str(area))}'s wards")]
    return found


def _share(rows: pd.DataFrame, place: str) -> Finding:
    lost, recorded = float(rows["count"].sum()), float(rows["recorded"].sum())
    message = (
        f"Crime without a ward in {place}: {lost:,.0f} of {recorded:,.0f} recorded crimes "
        f"({lost / recorded if recorded else 0.0:.1%}), by the borough files. It is kept as a series of its own and is "
        "in no ward's count."
    )
    first, last = rows["month"].min(), rows["month"].max()
    return Finding(
        kind=FindingKind.CAVEAT,
        file="",
        message=message,
        first_month=f"{first:%Y-%m}",
        last_month=f"{last:%Y-%m}",
    )


def _excess(rows: pd.DataFrame, wards: str) -> list[Finding]:
    over = rows[rows["excess"] > 0]
    if over.empty:
        return []
    cells = counted(len(over), "month of a category", "months of a category")
    message = (
        f"In {cells} {wards} hold more than the borough file ({over['excess'].sum():,.0f} "
        f"crimes in all, {over['excess'].max():,.0f} at most), because the files were published at different times: "
        "no crime without a ward is counted there."
    )
    return [Finding(kind=FindingKind.MENDED, file="", message=message, rows=len(over))]


def _without_small_area(streets: Sequence[StreetMonth], findings: list[Finding]) -> pd.DataFrame:
    """Return the rows of street files that name no small area; a copy of a file counts once."""
    distinct, _ = distinct_streets(streets)
    frames = [
        street.unlocated.assign(place=street.force, source=STREET_SOURCE)
        for street in distinct
        if not street.unlocated.empty
    ]
    if not frames:
        return _frame()
    rows = pd.concat(frames, ignore_index=True)
    for force, of_force in rows.groupby("place"):
        message = (
            f"{int(of_force['count'].sum()):,} incidents of {force} name no place in the street files. They are "
            "counted for the force and for no ward; which borough they belong to is not known."
        )
        findings.append(_caveat(message, of_force["month"]))
    return rows


def _distinct(incidents: Sequence[WardIncidents]) -> list[WardIncidents]:
    """Return the tables without copies of one another."""
    kept: list[WardIncidents] = []
    for part in incidents:
        copies = (other.source == part.source and other.unlocated.equals(part.unlocated) for other in kept)
        if not any(same and other.frame.equals(part.frame) for same, other in zip(copies, list(kept), strict=True)):
            kept.append(part)
    return kept


def _without_ward(part: WardIncidents, area_of_ward: Mapping[str, str], findings: list[Finding]) -> pd.DataFrame:
    """Return a table's records without a ward, for the borough that all its wards lie in, or for London."""
    if part.unlocated.empty:
        return _frame()
    register = ward_register()
    areas = {
        area_of_ward.get(code, register[code].area_code if code in register else "")
        for code in part.frame["ward_code"].unique()
    }
    if len(areas) == 1:
        place = next(iter(areas))
    else:
        place = LONDON.code if all(area.startswith(_BOROUGH_CODE) for area in areas) else part.source
    message = (
        f"{int(part.unlocated['count'].sum()):,} records of {part.source} have no ward that could be told; they are "
        f"counted for {_name(place)} and for no ward."
    )
    findings.append(_caveat(message, part.unlocated["month"], file=part.file))
    return part.unlocated.assign(place=place, source=part.source)


def _caveat(message: str, months: pd.Series, *, file: str = "") -> Finding:
    return Finding(
        kind=FindingKind.CAVEAT,
        file=file,
        message=message,
        first_month=f"{months.min():%Y-%m}",
        last_month=f"{months.max():%Y-%m}",
    )


def _name(place: str) -> str:
    names = {code: name for name, code in boroughs().items()} | {LONDON.code: LONDON.name}
    return names.get(place, place)
