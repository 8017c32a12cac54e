"""Solving an allocation problem: close in on the curves, choose among optima, round, re-check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.audit import Audit, audit, exact_value
from wardcast_models.allocation.programme.clash import clash_of
from wardcast_models.allocation.programme.curves import (
    LARGE_PROBLEM_CURVES,
    closer_breakpoints,
    curves_of,
    first_breakpoints,
)
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.linear_programme import TIME_LIMIT_SECONDS
from wardcast_models.allocation.programme.month_start import start_of_months
from wardcast_models.allocation.programme.nearest import Nearest, nearest
from wardcast_models.allocation.programme.programme import Programme, Solved
from wardcast_models.allocation.programme.rounding import Rounded, round_hours
from wardcast_models.allocation.programme.shift_classes import JoinedShifts, join_like_shifts
from wardcast_models.allocation.programme.unit_clash import unit_clash
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.progress import Progress, silent

MOST_LOOKS = 6
"""Closer looks at the curves at most."""

CLOSE_ENOUGH = (1e-6, 5e-4)
"""No further look is taken where no plan can avoid more than this share beyond the one found; in large problems."""


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The hours and what the programme says about them.

    Attributes:
        status: Outcome.
        hours: Planned hours rounded to 0.01 (whole units where asked for), shape (W, H, S, R).
        unrounded: The same before rounding.
        objective: Weighted harm avoided plus presence terms, by the chords; the optimum found (see `Solved.avoided`).
        prices: For each limit of the problem, what is gained per unit of each row's right-hand side (see
            `Solved.prices`); empty for whole units.
        audit: What the check without the solver found.
        chord_error: Share of preventable harm by which the chords fall short of the curve at most.
        breakpoints: Relative doses of each curve of the joined problem, shape (N, K + 1).
        joined: The problem that was solved, with like shifts joined.
        rounding_within: Whether rounding misses no limit by more than a hundredth of an hour.
        programme: The programme that found it, to be asked what other limits would change.
        notes: What a reader of the plan has to know of how it was found, in plain sentences; mostly none.
    """

    status: SolutionStatus
    hours: Array
    unrounded: Array
    objective: float
    prices: tuple[Array, ...]
    audit: Audit
    chord_error: float
    breakpoints: Array
    joined: JoinedShifts
    rounding_within: bool
    programme: Programme
    notes: tuple[str, ...]

    @property
    def whole_units(self) -> bool:
        """Whether hours are whole units, which have no prices."""
        return self.joined.instance.unit_hours is not None


def solve(instance: Instance, *, progress: Progress = silent) -> Solution:
    """Find the hours that leave the least weighted harm.

    The curves are first approximated with chords that know nothing of the plan, then more and more closely around the
    doses found, until no plan can be much better. Among the solutions equally good, the one nearest to the
    proportional split is taken.

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
    programme, breakpoints, solved, checked = _close_in(instance, replace(small, unit_hours=None), progress)
    if small.unit_hours is not None:
        progress(0.5, "looking for whole units")
        programme = Programme(small, breakpoints)
        solved = _solved(instance, programme)
        # Whole units have no prices; what fractions could avoid at most, whole units cannot exceed either.
        checked = replace(
            checked, worst_breach_hours=small.worst_breach(solved.hours), value=exact_value(small, solved.hours)
        )
        chosen = Nearest(hours=solved.hours, months_as_found=())
        unrounded = joined.expand(chosen.hours)
        rounded = Rounded(hours=unrounded, within=True)
    else:
        progress(0.7, "choosing among equally good plans")
        chosen = nearest(small, solved.hours, small.proportional(small.capacity))
        checked = audit(small, replace(solved, hours=chosen.hours))
        unrounded = joined.expand(chosen.hours)
        rounded = round_hours(unrounded, instance)
    return Solution(
        status=solved.status,
        hours=rounded.hours,
        unrounded=unrounded,
        objective=solved.avoided,
        prices=solved.prices,
        audit=checked,
        chord_error=small.response.chord_error(breakpoints),
        breakpoints=breakpoints,
        joined=joined,
        rounding_within=rounded.within,
        programme=programme,
        notes=tuple(_notes(chosen, rounded)),
    )


def _notes(chosen: Nearest, rounded: Rounded) -> Iterator[str]:
    """Say what of the usual choice among plans could not be done."""
    if chosen.months_as_found:
        yield (
            f"In {', '.join(chosen.months_as_found)} the hours are the first found of equally good ones. Elsewhere "
            "they are those nearest to sharing out in proportion to harm."
        )
    if not rounded.within:
        yield (
            "The hours are written in whole hundredths. No way was found to do so that meets every limit within a "
            "hundredth of an hour: some are missed by a little more. The teams' hours and the budgets are never "
            "exceeded."
        )


def _close_in(instance: Instance, small: Instance, progress: Progress) -> tuple[Programme, Array, Solved, Audit]:
    """Solve with chords closer and closer around the doses found; returns the programme as it then is and solution."""
    curves = curves_of(small)
    start = start_of_months(small)
    breakpoints = first_breakpoints(curves, small.response) if start is None else start[0]
    programme = Programme(small, breakpoints)
    if start is not None:
        programme.start_from(start[1])
    solved = _solved(instance, programme)
    checked = audit(small, solved)
    close_enough = CLOSE_ENOUGH[int(curves.size > LARGE_PROBLEM_CURVES)]
    for look in range(MOST_LOOKS):
        if checked.gap <= close_enough or curves.size == 0:
            break
        progress(0.6 * (look + 1) / MOST_LOOKS, "solving the programme")
        doses = curves.doses(small, solved.hours)
        breakpoints = closer_breakpoints(curves, small.response, before=breakpoints, doses=doses)
        programme.move(breakpoints)
        solved = _solved(instance, programme)
        checked = audit(small, solved)
    return programme, breakpoints, solved, checked


def _solved(instance: Instance, programme: Programme) -> Solved:
    """Solve and refuse anything that is not a usable solution."""
    solved = programme.solve()
    if solved.status in (SolutionStatus.INFEASIBLE, SolutionStatus.UNBOUNDED):
        raise _why_none(instance, programme)
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


def _why_none(instance: Instance, programme: Programme) -> WardcastError:
    """Say why there is no plan, as an error to be raised by the caller."""
    if programme.instance.unit_hours is not None:  # hours in any fractions were found before
        return unit_clash(instance, programme.instance.unit_hours)
    clash = clash_of(replace(instance, unit_hours=None))
    if clash is not None:
        return clash.error()
    return WardcastError(
        ErrorKind.INTERNAL,
        "The limits do not contradict one another, yet the solver found no plan that keeps them: figures that are very "
        "large beside very small ones, or limits that leave next to no room, can mislead it. Ease the tightest limit a "
        "little, give hours, costs and weights of similar size, or plan fewer months at a time.",
    )
