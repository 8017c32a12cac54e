"""Solving an allocation problem: close in on the curves, choose among optima, round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.clash import infeasible
from wardcast_models.allocation.frame import TIME_LIMIT_SECONDS
from wardcast_models.allocation.instance import Instance, LimitKind
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme import Programme, Solved, active_curves
from wardcast_models.allocation.response import Array, refine
from wardcast_models.allocation.rounding import round_hours
from wardcast_models.allocation.shift_classes import JoinedShifts, join_like_shifts
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.progress import Progress, silent

COARSE_SEGMENTS = 10
FINE_SEGMENTS = 16
CLOSING_IN = (2.0, 1.5, 1.5)
"""Half-width of each finer look at the curves, in segments of the look before."""


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The hours and what the programme says about them.

    Attributes:
        status: Outcome.
        hours: Planned hours rounded to 0.01, shape (W, H, S, R).
        unrounded: The same before rounding.
        objective: Weighted harm avoided plus presence terms, by the approximated curves; the optimum found.
        prices: By limit: objective gained per hour of relaxation, at least 0.
        largest_error: Share of preventable harm by which the approximation falls short of the curve at most.
        breakpoints: Relative doses of each active curve of the joined problem, shape (N, K + 1).
        joined: The problem that was solved, with like shifts joined.
    """

    status: SolutionStatus
    hours: Array
    unrounded: Array
    objective: float
    prices: dict[LimitKind, Array]
    largest_error: float
    breakpoints: Array
    joined: JoinedShifts

    def programme(self) -> Programme:
        """Build the programme again, to ask it what other limits would change."""
        return Programme(self.joined.instance, self.breakpoints)


def solve(instance: Instance, *, progress: Progress = silent) -> Solution:
    """Find the hours that leave the least weighted harm.

    The curves are first approximated with a few chords, then more closely around the doses found. Among the
    solutions equally good, the one nearest to the proportional split is taken.

    Args:
        instance: The problem.
        progress: Told how far the work is.

    Returns:
        The solution.

    Raises:
        WardcastError: The limits contradict one another (`INFEASIBLE`), or the solver found no solution.
    """
    joined = join_like_shifts(instance)
    small = joined.instance
    coarse = _coarse_breakpoints(small)
    breakpoints = coarse
    solved = _solved(instance, Programme(small, breakpoints))
    spacing = np.diff(coarse, axis=1).max(axis=1) if coarse.size else np.zeros(0)
    for step, reach in enumerate(CLOSING_IN):
        progress((step + 1) / (len(CLOSING_IN) + 2), "solving the programme")
        radius = spacing * reach
        centre = _relative_doses(small, solved.hours)
        breakpoints = refine(coarse=coarse, centre=centre, radius=radius, segments=FINE_SEGMENTS)
        spacing = 2 * radius / FINE_SEGMENTS
        programme = Programme(small, breakpoints)
        solved = _solved(instance, programme)
    progress(0.8, "choosing among equally good plans")
    chosen = programme.nearest(small.proportional(small.capacity))
    if chosen.status is not SolutionStatus.OPTIMAL:
        chosen = solved
    unrounded = joined.expand(chosen.hours)
    return Solution(
        status=solved.status,
        hours=round_hours(unrounded, instance),
        unrounded=unrounded,
        objective=solved.avoided,
        prices=solved.prices,
        largest_error=small.response.chord_error(breakpoints),
        breakpoints=breakpoints,
        joined=joined,
    )


def _coarse_breakpoints(instance: Instance) -> Array:
    """Return breakpoints up to the dose that all hours together could give in one place."""
    ward, month, shift, group = active_curves(instance)
    most = np.einsum("wsr,hr,rg->whsg", instance.allowed, instance.capacity, instance.dose_per_hour)
    reach = most[ward, month, shift, group] / instance.baseline[ward, month, shift]
    return instance.response.breakpoints(reach, COARSE_SEGMENTS)


def _relative_doses(instance: Instance, hours: Array) -> Array:
    """Return the relative dose of each active curve, shape (N,)."""
    ward, month, shift, group = active_curves(instance)
    return np.asarray(instance.dose(hours)[ward, month, shift, group] / instance.baseline[ward, month, shift])


def _solved(instance: Instance, programme: Programme) -> Solved:
    """Solve and refuse anything that is not a usable solution."""
    solved = programme.solve()
    if solved.status is SolutionStatus.INFEASIBLE:
        raise infeasible(instance)
    usable = solved.status is SolutionStatus.OPTIMAL or (
        solved.status is SolutionStatus.FEASIBLE and programme.instance.worst_breach(solved.hours) < 1e-6
    )
    if not usable:
        raise WardcastError(
            ErrorKind.INTERNAL,
            f"No plan was found within {TIME_LIMIT_SECONDS:g} seconds a solve (the solver says `{solved.status}`). "
            "Plan fewer months, teams or shifts at a time.",
        )
    return solved
