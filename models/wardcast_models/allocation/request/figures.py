"""Checking that the fields of a request fit together: weights, shares, costs, units, months, the last plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.resource import Resource
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.taxonomy import ASB

_WHOLE_DAY = 1.0 + 1e-9
"""Most that shares of a day may add up to, with room for the rounding of thirds."""


def figure_problems(request: PlanRequest) -> list[Problem]:
    """Return every field of a request that does not fit the others.

    Whether the limits leave room for a plan is not asked here.

    Args:
        request: The request.

    Returns:
        The problems, each with the path of its field; empty where all is well.
    """
    return [
        *_of_harm_weights(request),
        *_of_after_dark(request),
        *_of_shift_shares(request),
        *_of_teams(request),
        *_of_ring_fences(request),
        *_of_needed_figures(request),
        *_of_last_plan(request),
        *_of_paths(request),
        *([] if request.first_month is None else _of_months(request, _months_from(request.first_month, request))),
    ]


def check_months(request: PlanRequest, months: Collection[str]) -> None:
    """Check the months that a request names against those that are planned.

    Args:
        request: The request.
        months: Months planned, `YYYY-MM`.

    Raises:
        WardcastError: A month is not planned.
    """
    problems = list(_of_months(request, months))
    if problems:
        raise invalid_input("The request names months that are not planned.", *problems)


def _of_harm_weights(request: PlanRequest) -> Iterator[Problem]:
    """Custom weights need the custom scale, and the custom scale needs weights."""
    objective = request.objective
    field = "objective.harm_weights"
    if objective.harm_scale != "custom":
        if objective.harm_weights:
            yield Problem(
                where=field,
                expected="none without `harm_scale: custom`",
                found=f"weights, and `harm_scale: {objective.harm_scale}`",
                mend="Set `harm_scale: custom`, or remove them.",
            )
        return
    if ASB in objective.harm_weights:
        yield Problem(
            where=f"{field}.{ASB}",
            expected="anti-social behaviour under `asb_weight`",
            found="a weight here",
            mend="Move it to `objective.asb_weight`.",
        )
    if not any(weight > 0 for weight in objective.harm_weights.values()):
        yield Problem(
            where=field,
            expected="a weight above 0 for at least one category, because of `harm_scale: custom`",
            found="none",
            mend="Give the weight of one crime by category, or choose another scale.",
        )


def _of_after_dark(request: PlanRequest) -> Iterator[Problem]:
    """A weight on presence after dark needs a shift after dark."""
    weight = request.objective.after_dark_weight
    if weight > 0 and not any(shift.after_dark for shift in request.shifts):
        yield Problem(
            where="objective.after_dark_weight",
            expected="a shift with `after_dark: true`, because of a weight above 0",
            found=f"{weight:g}, and no such shift",
            mend="Mark the shifts after dark with `after_dark: true`, or set the weight to 0.",
        )


def _of_shift_shares(request: PlanRequest) -> Iterator[Problem]:
    """A category's shares are shares of one day."""
    for position, entry in enumerate(request.shift_shares):
        total = sum(entry.shares.values())
        if not 0 < total <= _WHOLE_DAY:
            yield Problem(
                where=f"shift_shares[{position}].shares",
                expected="shares that together are above 0 and at most 1",
                found=f"{total:g}",
                mend="Correct the shares.",
            )


def _of_teams(request: PlanRequest) -> Iterator[Problem]:
    """Hours are given only for shifts and months that the team can work in."""
    for position, resource in enumerate(request.resources):
        yield from _beyond(f"resources[{position}].hours_by_shift", resource.hours_by_shift, "shifts", resource.shifts)
        yield from _beyond(f"resources[{position}].hours_by_month", resource.hours_by_month, "months", resource.months)


def _beyond(where: str, given: Collection[str], field: str, workable: Collection[str]) -> Iterator[Problem]:
    """Return a problem for each shift or month with hours that the team's own list leaves out."""
    for name in given:
        if workable and name not in workable:
            yield Problem(
                where=where,
                expected=f"one of the team's own `{field}`: {', '.join(workable)}",
                found=f"`{name}`",
                mend=f"Add it to `{field}`, or remove its hours.",
            )


def _of_ring_fences(request: PlanRequest) -> Iterator[Problem]:
    """Some team has to count towards a ring-fence."""
    for position, fence in enumerate(request.limits.ring_fences):
        named = [team for team in request.resources if not fence.resources or team.name in fence.resources]
        if named and fence.agency and fence.agency not in {team.agency for team in named}:
            yield Problem(
                where=f"limits.ring_fences[{position}].agency",
                expected=f"the agency of a team that counts: {', '.join(sorted({team.agency for team in named}))}",
                found=f"`{fence.agency}`",
                mend="Correct the agency, or remove it.",
            )


def _of_needed_figures(request: PlanRequest) -> Iterator[Problem]:
    """A budget in pounds needs every team's cost, whole units every team's unit."""
    if request.limits.budget_pounds is not None:
        yield from _absent(request.resources, "cost_per_hour", "limits.budget_pounds")
    if request.whole_units:
        yield from _absent(request.resources, "unit_hours", "whole_units")


def _absent(resources: tuple[Resource, ...], field: str, needed_by: str) -> Iterator[Problem]:
    """Return a problem for each team without a figure that another field needs."""
    for position, resource in enumerate(resources):
        if getattr(resource, field) is None:
            yield Problem(
                where=f"resources[{position}].{field}",
                expected=f"a figure for {resource.name}, because of `{needed_by}`",
                found="nothing",
                mend=f"Add `{field}`, or remove `{needed_by}`.",
            )


def _of_last_plan(request: PlanRequest) -> Iterator[Problem]:
    """A last plan says where its hours are, and a limit on changes needs one."""
    last = request.last_plan
    if last is None and request.limits.most_change_hours_per_month is not None:
        yield Problem(
            where="last_plan",
            expected="the plan being followed now, because of `limits.most_change_hours_per_month`",
            found="nothing",
            mend="Add `last_plan: {name: ...}` with the path of its `assignments.csv`, or remove the limit.",
        )
    if last is not None and not last.name and not last.ward_hours_per_month:
        yield Problem(
            where="last_plan",
            expected="a `name` or `ward_hours_per_month`",
            found="neither",
            mend="Give one of them, or remove `last_plan`.",
        )


def _of_paths(request: PlanRequest) -> Iterator[Problem]:
    """The worst tenth is taken from paths that the forecast has."""
    objective = request.objective
    if objective.cvar_weight > 0 and objective.cvar_paths > request.n_paths:
        yield Problem(
            where="objective.cvar_paths",
            expected=f"at most `n_paths` ({request.n_paths})",
            found=f"{objective.cvar_paths}",
            mend="Lower it, or raise `n_paths`.",
        )


def _months_from(first_month: str, request: PlanRequest) -> tuple[str, ...]:
    """Return the months planned where the first is given."""
    return tuple(pd.period_range(first_month, periods=request.horizon_months, freq="M").strftime("%Y-%m"))


def _of_months(request: PlanRequest, months: Collection[str]) -> Iterator[Problem]:
    """Return a problem for each month named that is not planned."""
    for field, month in _months_named(request):
        if month not in months:
            yield Problem(
                where=field,
                expected=f"a month of the plan: {', '.join(months)}",
                found=f"`{month}`",
                mend="Correct the month, or remove it.",
            )


def _months_named(request: PlanRequest) -> Iterator[tuple[str, str]]:
    """Return the field and the name of every month in a request but the first."""
    limits = request.limits
    for position, resource in enumerate(request.resources):
        yield from ((f"resources[{position}].hours_by_month", month) for month in resource.hours_by_month)
        yield from ((f"resources[{position}].months", month) for month in resource.months)
    for field in ("ring_fences", "locked", "forbidden"):
        for position, entry in enumerate(getattr(limits, field)):
            yield from ((f"limits.{field}[{position}].months", month) for month in entry.months)
