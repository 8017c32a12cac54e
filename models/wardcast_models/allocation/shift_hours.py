"""Saying how a plan's hours fall on the shifts of the day, and why."""

from __future__ import annotations

from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.baseline import BaselinePresence
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.response import Array


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
    sentences = [f"Share of the plan's hours by shift: {shares}."]
    if baseline.by_shift:
        sentences.append(
            "Crime is assumed equal in every hour of the day, so the baseline by shift decides which shifts get hours: "
            "those with little presence for their length come first. It is no finding about when crime happens."
        )
    else:
        sentences.append(
            "Crime and the baseline are both spread by the shifts' length, so the shift table, not data, decides."
        )
    bound = [team.name for team in request.resources if team.shifts and len(team.shifts) < len(shifts)]
    if bound:
        sentences.append(f"The request keeps {', '.join(bound)} to some shifts.")
    if request.objective.after_dark_weight > 0:
        sentences.append("The request's weight on presence after dark draws hours to the shifts after dark.")
    return Assumption(topic="Hours by shift", statement=" ".join(sentences), source="computed")
