"""A start for a large programme: its months solved one by one.

The months of a plan hang together only by limits over the whole plan. Solved apart, with these limits shared out over
the months, they are quick, and the whole programme goes on from where they end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.curves import (
    LARGE_PROBLEM_CURVES,
    closer_breakpoints,
    curves_of,
    first_breakpoints,
)
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.months import one_month
from wardcast_models.allocation.programme.programme import Programme, Start

LOOKS = 2
"""Closer looks at the curves of each month."""

_BASIC = 1


@dataclass(frozen=True, kw_only=True)
class _Month:
    """One month's programme after its solve, and the rows of each limit that it holds."""

    at: int
    breakpoints: Array
    start: Start
    rows: tuple[NDArray[np.intp], ...]


def start_of_months(instance: Instance) -> tuple[Array, Start] | None:
    """Solve the months of a problem one by one.

    Args:
        instance: The problem, without futures and whole units.

    Returns:
        Breakpoints of the whole problem's curves and where its programme can go on from; None where the problem is
        small, has one month, or a month alone has no solution.
    """
    curves = curves_of(instance)
    n_months = len(instance.months)
    if n_months == 1 or curves.size <= LARGE_PROBLEM_CURVES or instance.futures is not None:
        return None
    months: list[_Month] = []
    for at in range(n_months):
        month = _solved_month(instance, at, after=months[-1] if months else None)
        if month is None:
            return None
        months.append(month)
    width = months[0].breakpoints.shape[-1]
    points = np.zeros((*instance.value.shape, width))
    segments = np.zeros((*instance.value.shape, width - 1), dtype=np.int8)
    dose_rows = np.full(instance.value.shape, _BASIC, dtype=np.int8)
    hours = np.zeros(instance.shape, dtype=np.int8)
    limits = tuple(np.full(limit.bound.size, _BASIC, dtype=np.int8) for limit in instance.limits)
    for month in months:
        here = (slice(None), slice(month.at, month.at + 1))
        points[here], segments[here], dose_rows[here] = month.breakpoints, month.start.segments, month.start.dose_rows
        hours[here] = month.start.hours
        for whole, rows, part in zip(limits, month.rows, month.start.limits, strict=True):
            # A row over several months takes part where it does so in any of them.
            whole[rows] = np.where(whole[rows] == _BASIC, part, whole[rows])
    return points[curves.place], Start(hours=hours, segments=segments, dose_rows=dose_rows, limits=limits)


def _solved_month(instance: Instance, at: int, *, after: _Month | None) -> _Month | None:
    """Solve one month, beginning where the month before ended where it has the same rows; None without a solution."""
    month, rows = one_month(instance, at)
    curves = curves_of(month)
    if after is not None and [len(part) for part in rows] == [len(part) for part in after.rows]:
        breakpoints = after.breakpoints[curves.place]
        programme = Programme(month, breakpoints)
        programme.start_from(after.start)
    else:
        breakpoints = first_breakpoints(curves, month.response)
        programme = Programme(month, breakpoints)
    solved = programme.solve()
    for _ in range(LOOKS):
        if solved.status is not SolutionStatus.OPTIMAL:
            return None
        doses = curves.doses(month, solved.hours)
        breakpoints = closer_breakpoints(curves, month.response, before=breakpoints, doses=doses)
        programme.move(breakpoints)
        solved = programme.solve()
    points = np.zeros((*month.value.shape, breakpoints.shape[1]))
    points[curves.place] = breakpoints
    return _Month(at=at, breakpoints=points, start=programme.start(), rows=rows)
