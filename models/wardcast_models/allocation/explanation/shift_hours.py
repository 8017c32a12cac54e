"""Saying how a plan's hours fall on the shifts of the day, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.demand.baseline import BaselinePresence
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request.plan_request import PlanRequest


def shift_hours_assumption(problem: Assembled, baseline: BaselinePresence, hours: Array) -> Assumption:
    """Say what share of the hours each shift gets and what decides it.

    Args:
        problem: The problem.
        baseline: Presence that the plan does not move.
        hours: The plan's hours, shape (W, H, S, R).

    Returns:
        The assumption.
    """
    request, shifts = problem.request, problem.instance.shifts
    by_shift = hours.sum(axis=(0, 1, 3)) / (hours.sum() or 1.0)
    shares = ", ".join(f"{shift.name} {by_shift[shifts.index(shift.name)]:.0%}" for shift in request.shifts)
    asked = tuple(_asked_by_shift(request))
    sentences = [f"Share of the plan's hours by shift: {shares}."]
    if request.shift_shares:
        sentences.append(
            "The request's table of how crime falls on the shifts decides, against the baseline by shift: shifts with "
            "much crime for the presence they have come first."
        )
    elif baseline.by_shift:
        sentences.append(
            "Crime is assumed equal in every hour of the day, so the baseline by shift decides which shifts get hours: "
            "those with little presence for their length come first. It is no finding about when crime happens."
        )
    else:
        decides = (
            "what the request says of shifts and, beside it, the shift table decide"
            if asked
            else ("the shift table, not data, decides")
        )
        sentences.append(f"Crime and the baseline are both spread by the shifts' length, so {decides}.")
    if asked:
        sentences.append(f"The request itself also says: {'; '.join(asked)}.")
    return Assumption(topic="Hours by shift", statement=" ".join(sentences), source="computed")


def _asked_by_shift(request: PlanRequest) -> Iterator[str]:
    """Yield everything in a request that tells shifts apart but the shift table and the shares of crime."""
    limits, all_shifts = request.limits, {shift.name for shift in request.shifts}
    for team in request.resources:
        if team.shifts and set(team.shifts) != all_shifts:
            yield f"{team.name} works in {_listed(team.shifts)} only"
        if team.hours_by_shift:
            most = _listed(f"{name} {hours:,.10g}" for name, hours in team.hours_by_shift.items())
            yield f"{team.name} has at most so many hours a month in single shifts ({most})"
    for fence in limits.ring_fences:
        if fence.shifts and set(fence.shifts) != all_shifts:
            yield f"hours are ring-fenced for {fence.name} in {_listed(fence.shifts)}"
    yield from _single_shifts("hours are locked", (lock.shift for lock in limits.locked))
    yield from _single_shifts("work is forbidden somewhere", (entry.shift for entry in limits.forbidden))
    if request.objective.after_dark_weight > 0:
        dark = _listed(shift.name for shift in request.shifts if shift.after_dark)
        yield f"presence after dark has a weight, which draws hours to {dark}"


def _single_shifts(what: str, shifts: Iterable[str | None]) -> Iterator[str]:
    """Yield in which single shifts something holds, nothing where it holds in none."""
    named = sorted({shift for shift in shifts if shift is not None})
    if named:
        yield f"{what} in {_listed(named)}"


def _listed(words: Iterable[str]) -> str:
    """Write words in a row."""
    return ", ".join(words)
