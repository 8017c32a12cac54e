"""Who does what, as tables: wards down, teams and shifts across."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wardcast.pack.agencies import agency_place
from wardcast.pack.names import WardNames
from wardcast_models.allocation.plan import Plan
from wardcast_models.allocation.request.resource import Agency
from wardcast_models.panel.findings import counted

MOST_COLUMNS = 10
"""Columns of hours that stay readable on A4."""


@dataclass(frozen=True, kw_only=True)
class TeamColumns:
    """Columns of one team.

    Attributes:
        resource: The team.
        agency: Its employer.
        shifts: The shifts it works in this plan, in the order of the day.
    """

    resource: str
    agency: Agency
    shifts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HoursRow:
    """One ward, or all wards that are not listed.

    Attributes:
        label: Ward name, or `18 other wards`.
        cells: Officer hours by team and shift, in column order.
        total: Their sum.
    """

    label: str
    cells: tuple[float, ...]
    total: float


@dataclass(frozen=True, kw_only=True)
class HoursTable:
    """Hours of some teams.

    Attributes:
        teams: Column groups.
        rows: Most hours in the plan first.
        totals: Sum of each column.
        total: Sum of all.
        partial: True where other teams stand in another table.
    """

    teams: tuple[TeamColumns, ...]
    rows: tuple[HoursRow, ...]
    totals: tuple[float, ...]
    total: float
    partial: bool


@dataclass(frozen=True, kw_only=True)
class TeamTotal:
    """Hours of one team.

    Attributes:
        resource: The team.
        agency: Its employer.
        months: Hours by month, in plan order.
        shifts: Hours by shift, in plan order.
        total: All its hours.
    """

    resource: str
    agency: Agency
    months: tuple[float, ...]
    shifts: tuple[float, ...]
    total: float


def team_totals(plan: Plan) -> tuple[TeamTotal, ...]:
    """Return each team's hours by month and by shift, police first, then the council, then partners, each by name."""
    by_month: dict[tuple[str, str, str], float] = defaultdict(float)
    by_shift: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in plan.assignments:
        by_month[row.agency, row.resource, row.month] += row.hours
        by_shift[row.agency, row.resource, row.shift] += row.hours
    totals = []
    for agency, resource in _teams(plan):
        months = tuple(by_month[agency, resource, month] for month in plan.months)
        totals.append(
            TeamTotal(
                resource=resource,
                agency=agency,
                months=months,
                shifts=tuple(by_shift[agency, resource, shift] for shift in plan.shifts),
                total=sum(months),
            )
        )
    return tuple(totals)


def hours_tables(
    plan: Plan, names: WardNames, *, listed: Sequence[str], month: str | None = None
) -> tuple[HoursTable, ...]:
    """Cross-tabulate the assignments; teams go to further tables where one would be too wide.

    Args:
        plan: The plan.
        names: Ward names for people.
        listed: Ward codes with a row of their own, in order; the others share a last row.
        month: `YYYY-MM`, or None for all months together.

    Returns:
        The tables; none where the month has no hours.
    """
    hours: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for row in plan.assignments:
        if month is None or row.month == month:
            hours[row.ward_code, row.agency, row.resource, row.shift] += row.hours
    worked = {key[1:] for key, value in hours.items() if value > 0}
    teams = [
        TeamColumns(
            resource=resource,
            agency=agency,
            shifts=tuple(shift for shift in plan.shifts if (agency, resource, shift) in worked),
        )
        for agency, resource in _teams(plan)
    ]
    chunks = _chunks([team for team in teams if team.shifts])
    own_row = set(listed)
    others = [ward.ward_code for ward in plan.wards if ward.ward_code not in own_row]
    groups = [(names[code], [code]) for code in listed]
    if others:
        groups.append((counted(len(others), "other ward"), others))

    tables = []
    for chunk in chunks:
        columns = [(team.agency, team.resource, shift) for team in chunk for shift in team.shifts]
        rows = []
        for label, codes in groups:
            cells = tuple(sum(hours.get((code, *column), 0.0) for code in codes) for column in columns)
            rows.append(HoursRow(label=label, cells=cells, total=sum(cells)))
        totals = tuple(sum(row.cells[i] for row in rows) for i in range(len(columns)))
        tables.append(
            HoursTable(teams=tuple(chunk), rows=tuple(rows), totals=totals, total=sum(totals), partial=len(chunks) > 1)
        )
    return tuple(tables)


def _teams(plan: Plan) -> list[tuple[Agency, str]]:
    return sorted({(row.agency, row.resource) for row in plan.assignments}, key=lambda t: (agency_place(t[0]), t[1]))


def _chunks(teams: Sequence[TeamColumns]) -> list[list[TeamColumns]]:
    """Group teams so that each group has at most `MOST_COLUMNS` columns, unless one team alone has more."""
    chunks: list[list[TeamColumns]] = []
    for team in teams:
        width = sum(len(other.shifts) for other in chunks[-1]) if chunks else 0
        if chunks and width + len(team.shifts) <= MOST_COLUMNS:
            chunks[-1].append(team)
        else:
            chunks.append([team])
    return chunks
