"""One panel put together from the parts of a folder's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.caveats.caveats import caveats
from wardcast_models.panel.counts.blocks import CountBlock, other_blocks, small_area_blocks
from wardcast_models.panel.counts.carried_tables import carried_parts
from wardcast_models.panel.counts.combine import WardCounts, combine
from wardcast_models.panel.counts.extension import extended
from wardcast_models.panel.counts.incidents import POLICEUK_CATEGORIES, IncidentCounts, IncidentSources, count_incidents
from wardcast_models.panel.counts.newest import carried_up_to, newest_month, too_new, up_to
from wardcast_models.panel.counts.revisions import on_categories
from wardcast_models.panel.counts.unlocated import unlocated
from wardcast_models.panel.digest import panel_digest
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.panel import Area, Panel
from wardcast_models.panel.parts import (
    BoroughRelease,
    LsoaLookup,
    Part,
    SampleMarker,
    SmallAreaRelease,
    StreetMonth,
    WardIncidents,
    WardLookup,
    WardRelease,
)
from wardcast_models.panel.places.choose import Choice, CountsFrom
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.reach import policeuk_reach
from wardcast_models.panel.places.wards import LONDON, ward_register
from wardcast_models.panel.tables.projections import projection_of
from wardcast_models.panel.tables.tables import (
    events_of,
    lookup_to,
    newest_series,
    of_kind,
    polygons_of,
    shaped,
)
from wardcast_models.panel.tables.ward_tables import residents_of, ward_tables
from wardcast_models.reference.taxonomy import category_by_policeuk_type, taxonomy

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What a folder's files gave.

    Attributes:
        parts: Every part read.
        findings: What was found while reading.
        places: Known wards and areas.
        streets: Street files, each once.
    """

    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    places: Gazetteer
    streets: tuple[StreetMonth, ...]


def assemble(sources: Sources, choice: Choice) -> Panel:
    """Put a panel together.

    Args:
        sources: What the files gave.
        choice: Area, vintage and source of the counts.

    Returns:
        The panel.

    Raises:
        WardcastError: Files disagree, a user's table names unknown wards, or police.uk files cover no month in full.
    """
    parts, places, vintage = sources.parts, sources.places, choice.vintage
    by_police_uk = choice.counts_from is CountsFrom.POLICE_UK
    releases = of_kind(parts, WardRelease) if choice.counts_from is CountsFrom.WARD_RELEASES else []
    ours = [release for release in releases if vintage in release.vintages]
    others = [release for release in releases if vintage not in release.vintages]
    own = combine(ours) if ours else _wards_only(choice.ward_codes, places)
    blocks = [] if by_police_uk else _blocks(parts, own, others, choice, places)
    crime, carried, carried_findings = extended(own, blocks, places)
    lookups = of_kind(parts, LsoaLookup)
    by_street = policeuk_reach(sources.streets, [], lookups=lookups, places=places).get(vintage, frozenset())
    used = tuple(category_by_policeuk_type().values()) if by_police_uk else POLICEUK_CATEGORIES
    moved = carried_parts(parts, own.ward_codes, vintage, places, used=used, by_street=by_street)
    tables = of_kind(moved.parts, WardIncidents)
    polygons = polygons_of(parts, own.ward_codes)
    incidents = count_incidents(
        own.ward_codes,
        vintage,
        IncidentSources(streets=sources.streets, tables=tables, lookups=lookups, polygons=polygons, used=used),
        places,
    )
    if crime.months.empty and incidents.months.empty:
        raise _nothing_in_full(choice)
    newest = newest_month(crime.months, incidents, used)
    months, categories, counts = _joined(crime, up_to(incidents, newest))
    frames, table_findings = ward_tables(moved.parts, own.ward_codes, vintage, places)
    projection, projection_findings = projection_of(parts, own.ward_codes, choice.area, vintage, places)
    lookup, lookup_findings = lookup_to(parts, vintage)
    nowhere, unlocated_findings = unlocated(
        boroughs=of_kind(parts, BoroughRelease),
        ward_codes=own.ward_codes,
        area_of_ward={code: places.area_code(code) for code in own.ward_codes},
        categories=categories,
        months=months,
        counts=counts,
        streets=[
            replace(street, unlocated=street.unlocated[street.unlocated["category"].isin(used)])
            for street in sources.streets
        ],
        incidents=of_kind(parts, WardIncidents),
    )
    panel = Panel(
        area=_with_wards(choice.area, own.ward_codes, places),
        vintage=vintage,
        wards=_wards(own, places),
        categories=categories,
        months=months,
        counts=counts,
        census=frames["census"],
        estimates=frames["estimates"],
        projection=projection,
        pipeline=frames["pipeline"],
        visitors=frames["visitors"],
        ward_groups=frames["ward_groups"],
        baseline_hours=frames["baseline_hours"],
        events=events_of(parts),
        ward_lookup=lookup,
        polygons=polygons,
        borough_series=newest_series(parts),
        unlocated=shaped("unlocated", nowhere[nowhere["month"] <= newest]),
        carried=shaped("carried", _stacked([carried, carried_up_to(moved.carried, newest)])),
        releases=on_categories(own.releases, own.categories, categories),
        findings=(),
        synthetic=bool(of_kind(parts, SampleMarker)),
    )
    findings = (
        *sources.findings,
        *_origin(choice, sources),
        *(_other_vintage(release, vintage, carried_findings) for release in others),
        *own.findings,
        *carried_findings,
        *moved.findings,
        *incidents.findings,
        *too_new(tables, sources.streets, own.ward_codes, newest),
        *unlocated_findings,
        *table_findings,
        *projection_findings,
        *lookup_findings,
        *caveats(panel, others, parts),
    )
    if panel.synthetic:
        findings = (_synthetic(), *findings)
    return replace(panel, findings=findings, digest=panel_digest(panel))


def _blocks(
    parts: Sequence[Part], own: WardCounts, others: Sequence[WardRelease], choice: Choice, places: Gazetteer
) -> list[CountBlock]:
    """Return counts by small area and on other wards that can fill the panel's own."""
    lookups, small_areas = of_kind(parts, LsoaLookup), of_kind(parts, SmallAreaRelease)
    return [
        *small_area_blocks(small_areas, own, choice.vintage, lookups=lookups, places=places),
        *other_blocks(
            others,
            own,
            choice.vintage,
            lookups=of_kind(parts, WardLookup),
            places=places,
            residents=residents_of(parts),
        ),
    ]


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _wards_only(ward_codes: frozenset[str], places: Gazetteer) -> WardCounts:
    """Return wards without any count of a release: police.uk's come in their place."""
    codes = tuple(sorted(ward_codes))
    return WardCounts(
        ward_codes=codes,
        ward_names=tuple(places.names.get(code, code) for code in codes),
        categories=(),
        months=pd.DatetimeIndex([]),
        counts=np.empty((len(codes), 0, 0)),
        findings=(),
    )


def _joined(
    crime: WardCounts, incidents: IncidentCounts
) -> tuple[pd.DatetimeIndex, tuple[str, ...], NDArray[np.float64]]:
    """Put incidents beside the crime categories on one unbroken run of months."""
    blocks = [block for block in (crime, incidents) if not block.months.empty]
    months = pd.date_range(
        min(block.months[0] for block in blocks), max(block.months[-1] for block in blocks), freq="MS"
    )
    categories = tuple(name for name in taxonomy() if name in {*crime.categories, *incidents.categories})
    counts = np.full((len(crime.ward_codes), len(categories), len(months)), np.nan)
    for block in blocks:
        rows = np.array([categories.index(category) for category in block.categories], dtype=np.intp)
        counts[np.ix_(np.arange(len(counts)), rows, months.get_indexer(block.months))] = block.counts
    return months, categories, counts


def _nothing_in_full(choice: Choice) -> WardcastError:
    return invalid_input(
        f"The police.uk files cover no month of {choice.area.name} in full.",
        Problem(
            where="the street files",
            expected="months in which nearly every ward has an incident",
            found="a few wards a month",
            mend="Add the whole street files of the force.",
        ),
    )


def _wards(crime: WardCounts, places: Gazetteer) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "ward_code": crime.ward_codes,
            "ward_name": crime.ward_names,
            "area_code": [places.area_code(code) for code in crime.ward_codes],
            "area_name": [places.area_name(code) for code in crime.ward_codes],
        }
    )
    return shaped("wards", frame)


def _with_wards(area: Area, ward_codes: Sequence[str], places: Gazetteer) -> Area:
    london = ward_register() if area.code == LONDON.code else {}
    inside = tuple(code for code in ward_codes if code in london or places.area_code(code) == area.code)
    return Area(code=area.code, name=area.name, ward_codes=inside)


def _origin(choice: Choice, sources: Sources) -> list[Finding]:
    """Say what the counts are made of where that is not the ward releases alone."""
    areas = sorted({sources.places.area_name(code) for code in choice.ward_codes})
    where = ", ".join(areas) if len(areas) <= _SHOWN else f"{len(areas)} local authorities"
    findings = []
    if choice.counts_from is CountsFrom.POLICE_UK:
        message = (
            f"No MPS release holds {choice.area.name}: its counts come from police.uk alone, in police.uk's own "
            f"categories, which are coarser (violence and sexual offences are one). The files cover {where}; forecasts "
            "learn from all of them. Each record stands at a map point near where it happened, so that counts near a "
            "ward's edge can belong next door."
        )
        return [Finding(kind=FindingKind.CAVEAT, file="", message=message)]
    if choice.counts_from is CountsFrom.SMALL_AREA_RELEASES:
        message = (
            f"No MPS ward release holds {choice.area.name}: its counts are added up from the MPS release by small "
            f"area, which covers {where}."
        )
        if of_kind(sources.parts, WardRelease):
            message += " The ward releases of the folder are of other places and play no part."
        findings.append(Finding(kind=FindingKind.CAVEAT, file="", message=message))
    if sources.streets:
        message = (
            "Crimes come from the MPS releases. Of the police.uk street files only anti-social behaviour is in the "
            "panel, so that nothing is counted twice."
        )
        findings.append(Finding(kind=FindingKind.READ, file="", message=message))
    return findings


def _other_vintage(release: WardRelease, vintage: str, carried: Sequence[Finding]) -> Finding:
    wards = " or ".join(sorted(release.vintages))
    if any(release.file in finding.message for finding in carried):
        message = f"It is on {wards} wards and this panel is on {vintage}: used only where said below."
        return Finding(kind=FindingKind.READ, file=release.file, message=message)
    message = (
        f"It is on {wards} wards and this panel is on {vintage}: not used. It fills months that the panel's own "
        "releases lack where a lookup between the two covers its wards in full."
    )
    return Finding(kind=FindingKind.LEFT_ASIDE, file=release.file, message=message)


def _synthetic() -> Finding:
    message = "These data are the embedded sample: synthetic figures, no record of any real place."
    return Finding(kind=FindingKind.CAVEAT, file="", message=message)
