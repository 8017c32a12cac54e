"""Police.uk incidents and local logs by ward, category and month, only where a source covers the area and month."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.counts.street_counts import street_incidents
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import Coverage, LsoaLookup, StreetMonth, WardIncidents
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.reach import COVERED_SHARE
from wardcast_models.panel.tables.tables import refuse_unknown_wards
from wardcast_models.reference.taxonomy import ASB, taxonomy

POLICEUK_CATEGORIES = (ASB,)
"""What is taken from police.uk where the other categories come from MPS releases."""

_SHOWN = 3
_STREETS = "the street files"


@dataclass(frozen=True, kw_only=True)
class IncidentSources:
    """What incidents are counted from.

    Attributes:
        streets: Distinct street files.
        tables: Ward-month tables and logs.
        lookups: Lookups from small areas to wards.
        polygons: GeoJSON geometry by ward code.
        used: Categories that the panel takes from police.uk.
    """

    streets: Sequence[StreetMonth]
    tables: Sequence[WardIncidents]
    lookups: Sequence[LsoaLookup]
    polygons: Mapping[str, dict[str, Any]]
    used: Collection[str] = POLICEUK_CATEGORIES


@dataclass(frozen=True, kw_only=True)
class IncidentCounts:
    """Counts that come from no MPS release. W wards, C categories, T months.

    Attributes:
        categories: Analysis category ids, in taxonomy order; length C.
        months: Month starts, sorted, gaps possible; length T.
        counts: Shape (W, C, T); NaN where not covered.
        findings: What was covered and what was not.
    """

    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.float64]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """Covered cells of one source: `ward_code, category, month, count`, true zeros included."""

    name: str
    frame: pd.DataFrame


def count_incidents(
    ward_codes: tuple[str, ...], vintage: str, sources: IncidentSources, places: Gazetteer
) -> IncidentCounts:
    """Count incidents in wards of one vintage: street files first, then tables and logs, the longest-lasting first.

    Args:
        ward_codes: The wards; length W.
        vintage: Their vintage.
        sources: What to count from.
        places: Tells the area of each ward.

    Returns:
        The counts; no months where nothing covers the wards.

    Raises:
        WardcastError: A log names wards that are not known.
    """
    areas = pd.Series([places.area_name(code) for code in ward_codes], index=list(ward_codes))
    rows, findings = street_incidents(
        sources.streets, ward_codes, vintage, lookups=sources.lookups, polygons=sources.polygons, used=sources.used
    )
    found: list[_Cells] = []
    implied: list[pd.DataFrame] = []
    if not rows.empty:
        found.append(_Cells(name=_STREETS, frame=_any_incident(rows, areas, "", sources.used, findings)))
    for table in sorted(sources.tables, key=_newest_first):
        if table.coverage is Coverage.WHOLE_SPAN:
            refuse_unknown_wards(table, places)
        here = table.frame[table.frame["ward_code"].isin(ward_codes)]
        if here.empty:
            message = "None of its wards is in this panel."
            findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=table.file, message=message))
        elif table.coverage is Coverage.ANY_INCIDENT:
            cells = _any_incident(here, areas, table.file, sources.used, findings)
            found.append(_Cells(name=table.file, frame=cells))
        else:
            found.append(_Cells(name=table.file, frame=here))
            implied.append(_whole_span(here, areas))
    return _stacked(ward_codes, [cells for cells in found if not cells.frame.empty], implied, findings)


def _newest_first(table: WardIncidents) -> tuple[bool, int, str]:
    last = table.frame["month"].max() if len(table.frame) else pd.Timestamp(0)
    return (table.coverage is not Coverage.ANY_INCIDENT, -last.year * 12 - last.month, table.file)


def _stacked(
    ward_codes: tuple[str, ...], sources: Sequence[_Cells], implied: Sequence[pd.DataFrame], findings: list[Finding]
) -> IncidentCounts:
    """Put sources on one set of axes; the first that covers a cell wins, and where they differ is told.

    The cells of `implied`, wards that a log covers without naming them, are 0 only where no source has them: a log may
    come as a file for each ward.
    """
    present = {category for source in sources for category in source.frame["category"]}
    categories = tuple(category for category in taxonomy() if category in present)
    months = pd.DatetimeIndex(sorted({month for source in sources for month in source.frame["month"]}))
    counts = np.full((len(ward_codes), len(categories), len(months)), np.nan)
    winner = np.full(counts.shape, "", dtype=object)
    named = {source.name: source for source in sources}
    for source in sources:
        at = _positions(source.frame, ward_codes, categories, months)
        given = source.frame["count"].to_numpy(dtype=np.float64)
        free = np.isnan(counts[at])
        findings.extend(_differences(source, named, counts[at], winner[at], given))
        counts[at] = np.where(free, given, counts[at])
        winner[at] = np.where(free, source.name, winner[at])
    for cells in implied:
        at = _positions(cells, ward_codes, categories, months)
        counts[at] = np.where(np.isnan(counts[at]), 0.0, counts[at])
    if ASB in categories:
        findings.append(_meaning())
    return IncidentCounts(categories=categories, months=months, counts=counts, findings=tuple(findings))


def _positions(
    cells: pd.DataFrame, ward_codes: tuple[str, ...], categories: tuple[str, ...], months: pd.DatetimeIndex
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return where cells stand on the axes."""
    return (
        pd.Index(ward_codes).get_indexer(pd.Index(cells["ward_code"])),
        pd.Index(categories).get_indexer(pd.Index(cells["category"])),
        months.get_indexer(pd.Index(cells["month"])),
    )


def _differences(
    source: _Cells,
    sources: Mapping[str, _Cells],
    counts: NDArray[np.float64],
    winner: NDArray[np.object_],
    given: NDArray[np.float64],
) -> list[Finding]:
    """Say how a source differs from the ones that were used before it in the cells both cover, and why they were."""
    findings = []
    both = ~np.isnan(counts)
    for name in dict.fromkeys(winner[both]):
        where = both & (winner == name)
        used, other, apart = counts[where].sum(), given[where].sum(), int((counts[where] != given[where]).sum())
        months = source.frame["month"][where]
        give = "give" if name == _STREETS else "gives"
        message = (
            f"Where both cover a ward and month, {name} {give} {used:,.0f} incidents and this file {other:,.0f}; "
            f"{apart:,} of {int(where.sum()):,} cells differ. "
            f"{_preferred(sources[name], source)} What this file holds there is left out."
        )
        findings.append(
            Finding(
                kind=FindingKind.CAVEAT if apart else FindingKind.READ,
                file=source.name,
                message=message,
                first_month=f"{months.min():%Y-%m}",
                last_month=f"{months.max():%Y-%m}",
            )
        )
    return findings


def _preferred(used: _Cells, other: _Cells) -> str:
    """Say which of two sources was used and why."""
    last, others_last = used.frame["month"].max(), other.frame["month"].max()
    if used.name == _STREETS:
        return "The street files were used: they hold the incidents one by one."
    if last > others_last:
        return f"{used.name} was used: it reaches further, to {last:%Y-%m}."
    if last < others_last:  # a table of police.uk beside a log
        return f"{used.name} was used: it is police.uk's own."
    return f"{used.name} was used: both reach to {last:%Y-%m}, and its name comes first."


def _filled(rows: pd.DataFrame, covered: pd.DataFrame, areas: pd.Series[str]) -> pd.DataFrame:
    """Return a cell for every ward of the covered `area, category, month`, 0 where no row stands."""
    wards = pd.DataFrame({"ward_code": areas.index, "area": areas.to_numpy()})
    cells = covered.merge(wards, on="area")[["ward_code", "category", "month"]]
    sums = rows.groupby(["ward_code", "category", "month"], as_index=False)["count"].sum()
    filled = cells.merge(sums, on=["ward_code", "category", "month"], how="left")
    return filled.assign(count=filled["count"].fillna(0))


def _whole_span(rows: pd.DataFrame, areas: pd.Series[str]) -> pd.DataFrame:
    """Return a log's cells: every ward of its areas in every month that its rows name, zeros among them."""
    covered = rows.assign(area=rows["ward_code"].map(areas))[["area", "category", "month"]].drop_duplicates()
    return _filled(rows, covered, areas)


def _any_incident(
    rows: pd.DataFrame, areas: pd.Series[str], file: str, used: Collection[str], findings: list[Finding]
) -> pd.DataFrame:
    """Return the used categories in the areas and months in which nearly every ward has an incident of any kind.

    A category is covered from the first month in which any ward has it: police.uk has added and split types.
    """
    seen = rows.pivot_table(index="ward_code", columns="month", values="count", aggfunc="sum")
    seen_share = seen.reindex(index=areas.index).notna().groupby(areas).mean()
    covered = (seen_share >= COVERED_SHARE).rename_axis(index="area", columns="month")
    findings.append(_coverage(covered, file, used))
    pairs = [(area, month) for month in covered.columns for area in covered.index[covered[month]]]
    cells = pd.DataFrame(pairs, columns=["area", "month"])
    kept = rows[rows["category"].isin(used)]
    since = kept.groupby("category")["month"].min().rename("since").reset_index()
    cells = cells.merge(since, how="cross")
    return _filled(kept, cells[cells["month"] >= cells["since"]], areas)


def _coverage(covered: pd.DataFrame, file: str, used: Collection[str]) -> Finding:
    """Say where and when a police.uk source covers an area."""
    whole = [str(name) for name in covered.index[covered.any(axis=1)]]
    gaps = {name: [f"{month:%Y-%m}" for month in covered.columns if not covered.at[name, month]] for name in whole}
    partly = [f"{name} ({', '.join(missing)})" for name, missing in gaps.items() if missing]
    shown = ", ".join(whole) if len(whole) <= _SHOWN else f"{len(whole)} areas"
    what = "Anti-social behaviour is" if set(used) == {ASB} else "Police.uk's categories are"
    message = f"{what} observed in {shown or 'no area'}; everywhere else it is unobserved, not zero."
    if partly:
        places = "; ".join(partly) if len(partly) <= _SHOWN else f"{len(partly)} areas in some months"
        message += f" Incomplete and left out: {places}."
    return Finding(
        kind=FindingKind.CAVEAT,
        file=file,
        message=message,
        first_month=f"{covered.columns[0]:%Y-%m}",
        last_month=f"{covered.columns[-1]:%Y-%m}",
    )


def _meaning() -> Finding:
    return Finding(
        kind=FindingKind.CAVEAT,
        file="",
        message=(
            "Anti-social behaviour is from police.uk. It counts incidents reported to the police, not crimes, at "
            "points moved to a nearby map point; reports made to the council are not in it."
        ),
    )
