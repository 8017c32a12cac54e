"""Telling why whole units cannot meet limits that fractions of units can."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.limits.limit import Limit, Sense
from wardcast_models.allocation.programme.clash import Clash, clash_of
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.errors import ErrorKind, Problem, WardcastError

SNAP = 1e-6
"""Units this close to a whole number are whole."""

MOST_NAMED = 20
"""Fields told in one error."""


def unit_clash(instance: Instance, unit_hours: Array) -> WardcastError:
    """Say which limits whole units cannot meet, and what to do.

    Args:
        instance: A problem that has a plan in fractions of units and none in whole units.
        unit_hours: Hours of one whole unit of each resource, shape (R,).

    Returns:
        The error, to be raised by the caller.
    """
    found = [_between_units(instance, unit_hours, limit) for limit in instance.limits]
    between = [problem for problem in found if problem is not None]
    in_units = f"in whole units of {_units(instance.resources, unit_hours)}"
    only_fractions = f"The limits can be met in fractions of units but not {in_units}"
    if between:
        message = f"{only_fractions}: {_number(len(between))} not a whole number of units."
        return WardcastError(ErrorKind.INFEASIBLE, message, between[:MOST_NAMED])
    clash = _clash_if_in_time(replace(instance, unit_hours=unit_hours))
    if clash is not None:
        return clash.error(reason=f"The reason is the units: without them there is a plan, {in_units} there is none.")
    settling = {limit.field: limit for limit in instance.limits if limit.sense is not Sense.AT_MOST}
    message = f"{only_fractions}. Lower or raise the figures that ask for hours, or make the units smaller."
    return WardcastError(ErrorKind.INFEASIBLE, message, [_asking(limit) for limit in settling.values()][:MOST_NAMED])


def _between_units(instance: Instance, unit_hours: Array, limit: Limit) -> Problem | None:
    """Return what is wrong with settled hours that are no whole number of units; None where nothing is."""
    if limit.sense is not Sense.EXACTLY or limit.avoided is not None:
        return None
    is_open = instance.allowed.reshape(-1)
    for row, bound in enumerate(limit.bound.tolist()):
        start, end = limit.hours.indptr[row : row + 2]
        cells = limit.hours.indices[start:end]
        counted = is_open[cells]
        sizes = limit.hours.data[start:end][counted] * unit_hours[cells[counted] % instance.shape[3]]
        if sizes.size == 0 or np.ptp(sizes) > 0:
            continue
        size = float(sizes[0])
        units = bound / size
        if abs(units - round(units)) > SNAP:
            # The figure moves by as much as its row does: both are hours.
            below, above = (limit.figure + each(units) * size - bound for each in (np.floor, np.ceil))
            choice = f"{below:,.6g} or {above:,.6g} {limit.unit}"
            return Problem(
                where=limit.field,
                expected=f"a whole number of units of {size:,.6g} hours, so {choice}",
                found=f"{limit.label} ({limit.figure:,.6g} {limit.unit})",
                mend=f"Give {choice}, or change the team's `unit_hours`.",
            )
    return None


def _clash_if_in_time(instance: Instance) -> Clash | None:
    """Look for limits that contradict one another in whole units; None where the search, a long one, gives up."""
    try:
        return clash_of(instance)
    except WardcastError:
        return None


def _asking(limit: Limit) -> Problem:
    """Name a figure that asks for hours."""
    return Problem(
        where=limit.field,
        expected="what whole units can meet",
        found=f"{limit.label} ({limit.figure:,.6g} {limit.unit})",
        mend="Lower or raise it to what a whole number of units gives.",
    )


def _units(names: tuple[str, ...], unit_hours: Array) -> str:
    """List the units of the teams."""
    teams: dict[float, list[str]] = {}
    for name, size in zip(names, unit_hours.tolist(), strict=True):
        teams.setdefault(size, []).append(name)
    if len(teams) == 1:
        return f"{unit_hours[0]:,.6g} hours"
    return " and ".join(f"{size:,.6g} hours ({', '.join(team)})" for size, team in teams.items())


def _number(number: int) -> str:
    """Say how many settled figures are wrong."""
    return "one figure that settles hours is" if number == 1 else f"{number} figures that settle hours are"
