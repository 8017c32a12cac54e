"""Logs and police.uk tables on wards of another vintage, carried to a panel's wards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.counts.carry import CarriedCounts, carry_counts
from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.panel import CARRIED_COLUMNS
from wardcast_models.panel.parts import Coverage, WardIncidents
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.reach import COVERED_SHARE


@dataclass(frozen=True, kw_only=True)
class CarriedIncidents:
    """One table, some of it carried.

    Attributes:
        table: The table with rows on the panel's wards; itself where nothing was carried.
        carried: What was carried, in the columns of `Panel.carried`.
        findings: What was carried, in words.
    """

    table: WardIncidents
    carried: pd.DataFrame
    findings: tuple[Finding, ...]


def carried_incidents(
    table: WardIncidents, shares: pd.DataFrame, ward_codes: Collection[str], origin: str, places: Gazetteer
) -> CarriedIncidents:
    """Carry a table to wards of another vintage, for the areas and months in which it does not stand on them itself.

    Args:
        table: Incidents by ward and month.
        shares: `from_code, to_code, share`, as `shares_between` gives them.
        ward_codes: The wards to carry to.
        origin: Vintage of the wards carried from, for people.
        places: Tells the area of each ward.

    Returns:
        The table with what was carried to those wards.
    """
    there = table.frame[table.frame["ward_code"].isin(shares["from_code"])]
    nothing = CarriedIncidents(table=table, carried=pd.DataFrame(columns=list(CARRIED_COLUMNS)), findings=())
    if there.empty:
        return nothing
    codes, categories = sorted(set(shares["from_code"])), sorted(set(there["category"]))
    months = pd.DatetimeIndex(sorted(set(there["month"])))
    at = (
        pd.Index(codes).get_indexer(pd.Index(there["ward_code"])),
        pd.Index(categories).get_indexer(pd.Index(there["category"])),
        months.get_indexer(pd.DatetimeIndex(there["month"])),
    )
    areas = np.array([places.area_code(code) for code in codes])
    counts = _counts(there, table.coverage, areas, at, (len(codes), len(categories), len(months)))
    carried = carry_counts(codes, categories, counts, shares)
    own = table.frame[table.frame["ward_code"].isin(ward_codes)]
    rows = _new_rows(carried, categories, months, own=own, ward_codes=ward_codes, places=places)
    if rows.empty:
        return nothing
    spans = rows.groupby(["ward_code", "category"])["month"].agg(first_month="min", last_month="max").reset_index()
    relative = pd.DataFrame(carried.relative_sd, index=list(carried.ward_codes), columns=categories).stack()
    spans["relative_sd"] = [relative[key] for key in zip(spans["ward_code"], spans["category"], strict=True)]
    message = (
        f"{rows['month'].min():%Y-%m} to {rows['month'].max():%Y-%m}: its counts on {origin} wards are carried to "
        f"{counted(rows['ward_code'].nunique(), 'ward')} of this panel by shares of residents, in whole numbers that "
        "keep every total."
    )
    frame = pd.concat([table.frame, rows[["ward_code", "category", "month", "count"]]], ignore_index=True)
    return CarriedIncidents(
        table=replace(table, frame=frame),
        carried=spans.assign(from_vintage=origin)[list(CARRIED_COLUMNS)],
        findings=(Finding(kind=FindingKind.CAVEAT, file=table.file, message=message, rows=len(rows)),),
    )


def _counts(
    rows: pd.DataFrame,
    coverage: Coverage,
    areas: NDArray[np.str_],
    at: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]],
    shape: tuple[int, int, int],
) -> NDArray[np.float64]:
    """Return counts (S, C, T) on the old wards: 0 where an area is covered and a ward has no row, else NaN.

    `areas` are those of the old wards; the rows stand `at` places of the `shape`.
    """
    counts = np.full(shape, np.nan)
    has_row = np.zeros(counts.shape, dtype=np.bool_)
    has_row[at] = True
    since = has_row.any(axis=0).argmax(axis=1)  # (C,)
    for area in np.unique(areas):
        here = areas == area
        if coverage is Coverage.ANY_INCIDENT:
            whole = has_row[here].any(axis=1).mean(axis=0) >= COVERED_SHARE  # (T,)
            covered = whole[None, :] & (np.arange(shape[2])[None, :] >= since[:, None])
        else:
            # In a month in which a log names one of an area's old wards, those without a row had no incident.
            covered = has_row[here].any(axis=0)
        counts[np.ix_(here)] = np.where(covered, 0.0, np.nan)
    np.add.at(counts, at, rows["count"].to_numpy(dtype=np.float64))
    return counts


def _new_rows(
    carried: CarriedCounts,
    categories: Sequence[str],
    months: pd.DatetimeIndex,
    *,
    own: pd.DataFrame,
    ward_codes: Collection[str],
    places: Gazetteer,
) -> pd.DataFrame:
    """Return `ward_code, area, category, month, count` of the cells whose area has no row of its own there."""
    index = pd.MultiIndex.from_product(
        [carried.ward_codes, categories, months], names=["ward_code", "category", "month"]
    )
    rows = pd.DataFrame({"count": carried.counts.reshape(-1)}, index=index).dropna().reset_index()
    rows = rows[rows["ward_code"].isin(ward_codes)]
    keys = ["area", "category", "month"]
    rows, mine = (frame.assign(area=[places.area_code(code) for code in frame["ward_code"]]) for frame in (rows, own))
    return rows[~pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(mine[keys]))]
