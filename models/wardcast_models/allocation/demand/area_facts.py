"""What fairness and spill-over need to know of an area: persons exposed, the user's groups, neighbouring wards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.request.names import check_groups
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.planned_months import months_ahead
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.exposure import build_exposure
from wardcast_models.panel.panel import Panel

WARDS_NAMED = 3
"""Wards named in an error; of more, their number is told."""


@dataclass(frozen=True, kw_only=True)
class AreaFacts:
    """What is known of the area's wards in the plan's months: W wards, H months.

    Attributes:
        persons: Persons exposed, shape (W, H), or None where any ward's are unknown.
        groups: The user's group of each ward, "" where it has none; length W.
        neighbours: Share of a ward's spilled dose (rows) that reaches each other ward (columns), shape (W, W); a row
            adds up to 1, or to 0 where no ward of the area borders it. None where any ward has no polygon.
        source: Where these are from, in sentences.
    """

    persons: Array | None
    groups: tuple[str, ...]
    neighbours: Array | None
    source: str


def area_facts(panel: Panel, demand: Demand, request: PlanRequest) -> AreaFacts:
    """Gather what is known of the area's wards.

    Args:
        panel: The panel that the forecast was made from.
        demand: The demand.
        request: The request.

    Returns:
        The facts, wards as in the demand.

    Raises:
        WardcastError: The request needs something that the data lack.
    """
    forecast = demand.forecast
    return facts_of(
        panel,
        request,
        codes=forecast.ward_codes,
        months=forecast.months,
        until=forecast.until,
        scenario=forecast.scenario,
    )


def facts_of(
    panel: Panel,
    request: PlanRequest,
    *,
    codes: tuple[str, ...],
    months: pd.DatetimeIndex,
    until: pd.Timestamp,
    scenario: str,
) -> AreaFacts:
    """Gather what is known of the area's wards, without a forecast.

    Args:
        panel: The panel.
        request: The request.
        codes: The area's ward codes; length W.
        months: Months planned, after `until`; length H.
        until: Last month of data used.
        scenario: Delivery scenario of the months ahead.

    Returns:
        The facts.

    Raises:
        WardcastError: The request needs something that the data lack.
    """
    persons, persons_source = _persons(panel, codes, months, until=until, scenario=scenario)
    groups, groups_source = _groups(panel, codes)
    neighbours, neighbours_source = _neighbours(panel, codes)
    facts = AreaFacts(
        persons=persons,
        groups=groups,
        neighbours=neighbours,
        source=" ".join([persons_source, groups_source, neighbours_source]),
    )
    check_groups(request, groups, area_name=panel.area.name)
    problems = [
        *_lacking_groups(facts, request, panel, codes),
        *_lacking_persons(facts, request),
        *_lacking_polygons(facts, request, panel, codes),
    ]
    if problems:
        raise invalid_input("The request needs something that the data do not hold.", *problems)
    return facts


def _persons(
    panel: Panel, codes: tuple[str, ...], months: pd.DatetimeIndex, *, until: pd.Timestamp, scenario: str
) -> tuple[Array | None, str]:
    """Return residents, with jobs and visitors in residents' worth, and where they are from."""
    exposure = build_exposure(panel, horizon_months=months_ahead(months, until), until=until, scenario=scenario)
    rows = np.array([exposure.ward_codes.index(code) for code in codes], dtype=np.intp)
    unknown = int((~exposure.level_known[rows]).sum())
    if unknown:
        return None, f"The number of residents of {unknown} of {len(codes)} wards is not known."
    columns = exposure.months.get_indexer(months)
    residents = exposure.persons[rows][:, columns]
    others = exposure.daytime[rows][:, columns]
    also = " with jobs and visitors in residents' worth" if others.any() else ""
    return residents + others, f"Persons exposed are residents{also} ({exposure.source})."


def _groups(panel: Panel, codes: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return the user's group of each ward, and what is to be said of them."""
    table = panel.ward_groups
    group = dict(zip(table["ward_code"], table["group"].astype(str), strict=True))
    groups = tuple(group.get(code, "") for code in codes)
    known = sum(bool(name) for name in groups)
    if not known:
        return groups, "The data give no groups of wards."
    return groups, f"Groups of wards are the user's own ({known} of {len(codes)} wards have one)."


def _neighbours(panel: Panel, codes: tuple[str, ...]) -> tuple[Array | None, str]:
    """Return equal shares for the wards of the area whose polygons touch or overlap, and what is to be said of them."""
    without = sum(code not in panel.polygons for code in codes)
    if without:
        return None, f"Neighbouring wards are not known: {without} of {len(codes)} wards have no polygon."
    polygons = np.array([shape(panel.polygons[code]) for code in codes], dtype=object)
    polygons = np.where(shapely.is_valid(polygons), polygons, shapely.make_valid(polygons))
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    touch = np.zeros((len(codes), len(codes)))
    touch[first, second] = 1.0
    np.fill_diagonal(touch, 0.0)
    number = touch.sum(axis=1, keepdims=True)
    shares = np.divide(touch, number, out=np.zeros_like(touch), where=number > 0)
    return shares, "Neighbours are the wards of the area whose polygons touch or overlap."


def _lacking_groups(facts: AreaFacts, request: PlanRequest, panel: Panel, codes: tuple[str, ...]) -> list[Problem]:
    """Return a problem for each fairness limit by group where some wards have no group."""
    limits = request.limits
    without = [panel.ward_names[code] for code, group in zip(codes, facts.groups, strict=True) if not group]
    asked = {
        "limits.protection_by": limits.protection_floor is not None and limits.protection_by == "group",
        "limits.burden_by": limits.burden_ceiling_hours_per_1000 is not None and limits.burden_by == "group",
    }
    return [
        Problem(
            where=field,
            expected="a group for every ward of the area",
            found=f"none for {_some(without)}",
            mend="Complete the file with the columns `ward_code, group`, or set it to `ward`.",
        )
        for field, by_group in asked.items()
        if by_group and without
    ]


def _lacking_persons(facts: AreaFacts, request: PlanRequest) -> list[Problem]:
    """Return a problem where a burden per person is limited and persons are not known."""
    if request.limits.burden_ceiling_hours_per_1000 is None or facts.persons is not None:
        return []
    return [
        Problem(
            where="limits.burden_ceiling_hours_per_1000",
            expected="the number of residents of every ward of the area",
            found="wards without one in the data",
            mend="Add a file of residents by ward (Census 2021, mid-year estimates or a projection), or leave the "
            "ceiling out.",
        )
    ]


def _lacking_polygons(facts: AreaFacts, request: PlanRequest, panel: Panel, codes: tuple[str, ...]) -> list[Problem]:
    """Return a problem where effects spill over and neighbours are not known."""
    if request.objective.spill_over == 0 or facts.neighbours is not None:
        return []
    without = [panel.ward_names[code] for code in codes if code not in panel.polygons]
    return [
        Problem(
            where="objective.spill_over",
            expected="a polygon for every ward of the area, to know which wards are neighbours",
            found=f"none for {_some(without)}" if len(without) < len(codes) else "no polygons in the data",
            mend="Add a GeoJSON file of ward boundaries, or set it to 0.",
        )
    ]


def _some(names: list[str]) -> str:
    """Name a few wards, or say how many more there are."""
    more = len(names) - WARDS_NAMED
    return ", ".join(names[:WARDS_NAMED]) + (f" and {more} more" if more > 0 else "")
