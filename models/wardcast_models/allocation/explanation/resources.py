"""What each resource is asked to do, and why."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.binding import at_bound, within_a_unit
from wardcast_models.allocation.explanation.effect import range_of
from wardcast_models.allocation.explanation.limit_effects import SUPPLY
from wardcast_models.allocation.explanation.reach import Reach
from wardcast_models.allocation.explanation.spare_hours import SpareHours
from wardcast_models.allocation.limits.limit import Limit
from wardcast_models.allocation.plan import LimitEffect, ResourceExplanation
from wardcast_models.allocation.request.resource import Resource
from wardcast_models.allocation.resource_effect import delivered_share
from wardcast_models.reference.response_library import resource_types
from wardcast_models.reference.taxonomy import taxonomy

WARDS_NAMED = 3

CATEGORIES_NAMED = 3


def explain_resources(
    problem: Assembled,
    hours: Array,
    *,
    effects: Array,
    reaches: tuple[Reach, ...],
    spares: tuple[SpareHours, ...],
    limits: tuple[LimitEffect, ...],
) -> tuple[ResourceExplanation, ...]:
    """Explain every resource.

    Args:
        problem: The problem.
        hours: The plan's hours, shape (W, H, S, R).
        effects: Each resource's part of the harm avoided in every draw, shape (D, R).
        reaches: What each resource can touch; length R.
        spares: Hours left over.
        limits: The limits that bind.

    Returns:
        One explanation a resource, in the order of the request.
    """
    instance = problem.instance
    spare = {left.resource: left for left in spares}
    explained = []
    for team in problem.request.resources:
        resource = instance.resources.index(team.name)
        planned = float(hours[..., resource].sum())
        explained.append(
            ResourceExplanation(
                resource=team.name,
                agency=team.agency,
                label=resource_types()[team.type].label,
                hours_available=float(instance.capacity[:, resource].sum()),
                hours_planned=round(planned, 2),
                hours_delivered=round(planned * delivered_share(team), 2),
                cost_pounds=cost_of(team, planned),
                harm_avoided=range_of(effects[:, resource]),
                reasons=(
                    *_where(problem, hours, resource),
                    *_what(problem, reaches[resource], team),
                    *([spare[team.name].sentence] if team.name in spare else []),
                    *_worth(problem, hours, team, limits),
                    *_bounds(problem, resource),
                    *_cost(team, planned),
                ),
            )
        )
    return tuple(explained)


def cost_of(team: Resource, hours: float) -> float | None:
    """Return what planned hours of a resource cost, in pounds.

    Args:
        team: The resource.
        hours: Planned hours.

    Returns:
        Pounds to the penny, or None where the request gives no cost.
    """
    return None if team.cost_per_hour is None else round(hours * team.cost_per_hour, 2)


def _where(problem: Assembled, hours: Array, resource: int) -> list[str]:
    """Say which wards get most of a resource."""
    by_ward = hours[..., resource].sum(axis=(1, 2))
    total = float(by_ward.sum())
    if total == 0:
        return ["None of its hours are assigned."]
    first = np.argsort(-by_ward, kind="stable")[:WARDS_NAMED]
    names = ", ".join(f"{problem.instance.ward_names[w]} {by_ward[w] / total:.0%}" for w in first if by_ward[w] > 0)
    return [f"It works in {int((by_ward > 0).sum())} of {len(by_ward)} wards, most of all in {names}."]


def _what(problem: Assembled, reach: Reach, team: Resource) -> list[str]:
    """Say what it is claimed to affect, or that nothing is claimed."""
    delivered = f"Of an hour planned, {60 * delivered_share(team):.0f} minutes are expected to be delivered."
    if not reach.claimed:
        known = "no study of its effect is packaged and the request enters none"
        why = known if not team.effectiveness else "what the request says it affects is not in reach of this plan"
        return [f"No effect on crime is claimed for it, because {why}.", delivered]
    harm = reach.harm.sum(axis=0)
    categories = problem.demand.forecast.categories
    first = sorted(range(len(harm)), key=lambda category: (-harm[category], category))[:CATEGORIES_NAMED]
    mix = ", ".join(
        f"{taxonomy()[categories[category]].label} {harm[category] / harm.sum():.0%}"
        for category in first
        if harm[category] > 0
    )
    return [f"The harm that it can touch is mostly {mix}.", delivered]


def _worth(problem: Assembled, hours: Array, team: Resource, limits: tuple[LimitEffect, ...]) -> list[str]:
    """Say when its hours are used up, and what more and fewer of them would change."""
    prefix = f"resources[{problem.request.resources.index(team)}]."
    supply = {limit.field: limit for limit in problem.instance.limits if limit.kind in SUPPLY}
    unit = "hour" if problem.instance.unit_hours is None else "whole unit"
    said = []
    for limit in limits:
        if not limit.field.startswith(prefix):
            continue
        more, less = limit.gain_from_one_more, limit.loss_from_one_less
        parts = [f"one {unit} more a month is worth {more:,.3g}"] if more is not None else []
        parts += [f"one {unit} fewer costs {less:,.3g}"] if less is not None else []
        if parts:
            used = _used_up(problem, hours, supply[limit.field])
            said.append(f"{limit.name} are {used}: {', '.join(parts)} units of harm over the plan.")
    return said


def _used_up(problem: Assembled, hours: Array, limit: Limit) -> str:
    """Say in which months hours are all used or, in a plan of whole units, all but less than a unit."""
    used, how = at_bound(problem.instance, hours, limit), "all used"
    if not used.all() and problem.instance.unit_hours is not None:
        used, how = within_a_unit(problem.instance, hours, limit), "used to within one unit"
    if used.all():
        return f"{how} in every month" if used.size > 1 else f"{how} in {limit.places[0]}"
    return f"{how} in {', '.join(month for month, is_used in zip(limit.places, used, strict=True) if is_used)} only"


def _bounds(problem: Assembled, resource: int) -> list[str]:
    """Say where and when it cannot work."""
    instance = problem.instance
    works = instance.allowed[..., resource]
    said = []
    wards = np.asarray(works.any(axis=(1, 2)))
    if not wards.any():
        return ["The request leaves nowhere and no time in which it can work."]
    if not wards.all():
        names = [name for name, can in zip(instance.ward_names, wards, strict=True) if not can]
        few = f": not in {', '.join(names)}" if len(names) <= WARDS_NAMED else ""
        said.append(f"The request lets it work in {int(wards.sum())} of {len(wards)} wards{few}.")
    shifts = np.asarray(works.any(axis=(0, 1)))
    if not shifts.all():
        names = [shift.name for shift in problem.request.shifts if shifts[instance.shifts.index(shift.name)]]
        said.append(f"It works in these shifts only: {', '.join(names)}.")
    months = np.asarray(works.any(axis=(0, 2)))
    if not months.all():
        names = [month for month, can in zip(instance.months, months, strict=True) if can]
        said.append(f"It works in these months only: {', '.join(names)}.")
    return said


def _cost(team: Resource, planned: float) -> list[str]:
    """Say what its planned hours cost."""
    cost = cost_of(team, planned)
    return [] if cost is None else [f"Its planned hours cost £{cost:,.0f}, at £{team.cost_per_hour:,.2f} an hour."]
