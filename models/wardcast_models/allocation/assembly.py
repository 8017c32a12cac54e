"""Putting demand, baseline, resources and limits together into one allocation problem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.asb_floor import AsbFloor
from wardcast_models.allocation.baseline import BaselinePresence
from wardcast_models.allocation.demand import Demand
from wardcast_models.allocation.instance import Instance, LimitKind, WardLimit
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request import PlanRequest, Resource
from wardcast_models.allocation.response import Array, Response, ResponseGroups, response_groups
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.evidence import evidence
from wardcast_models.reference.response_library import (
    ASSUMED,
    delivery_rate,
    effectiveness,
    resource_types,
    supporting_study,
)
from wardcast_models.reference.taxonomy import taxonomy


@dataclass(frozen=True, kw_only=True)
class Assembled:
    """An allocation problem and how it came about.

    Attributes:
        instance: The problem.
        groups: Which categories share a response.
        demand: The demand it was built from.
        request: The request it was built from.
    """

    instance: Instance
    groups: ResponseGroups
    demand: Demand
    request: PlanRequest


def assemble(request: PlanRequest, demand: Demand, baseline: BaselinePresence, floor: AsbFloor) -> Assembled:
    """Build the allocation problem.

    Args:
        request: The request; its wards are already checked.
        demand: The demand.
        baseline: Presence that the plan does not move.
        floor: How anti-social behaviour enters.

    Returns:
        The problem.
    """
    forecast = demand.forecast
    order = in_order(request)
    resources = tuple(request.resources[position] for position in order)
    shifts = sorted(request.shifts, key=lambda shift: shift.name)
    effect = np.array([_effect(resource, forecast.categories) for resource in resources])
    groups = response_groups(effect * (demand.preventable > 0))
    n_groups = groups.dose_per_hour.shape[1]
    member = (groups.group_of[:, None] == np.arange(n_groups)[None, :]).astype(np.float64)
    delivered = np.array([delivered_share(resource) for resource in resources])
    dark = np.array([shift.after_dark for shift in shifts], dtype=np.float64)
    months = tuple(forecast.months.strftime("%Y-%m"))
    capacity = np.tile([resource.hours_per_month for resource in resources], (len(months), 1)).astype(np.float64)
    allowed = np.array(
        [
            [
                [
                    works_in(resource, code) and (not resource.shifts or shift.name in resource.shifts)
                    for resource in resources
                ]
                for shift in shifts
            ]
            for code in forecast.ward_codes
        ]
    )
    instance = Instance(
        wards=forecast.ward_codes,
        ward_names=forecast.ward_names,
        months=months,
        shifts=tuple(shift.name for shift in shifts),
        resources=tuple(resource.name for resource in resources),
        resource_fields=tuple(f"resources[{position}]" for position in order),
        value=np.einsum("wch,cs,cg->whsg", demand.preventable_harm, demand.shift_share, member),
        baseline=np.repeat(baseline.hours[:, None, :], len(months), axis=1),
        dose_per_hour=groups.dose_per_hour,
        allowed=allowed,
        presence_value=request.objective.after_dark_weight * np.outer(dark, delivered),
        capacity=capacity,
        ward_limits=ward_limits(request, resources, capacity, len(forecast.ward_codes), floor.ward_hours),
        response=Response(elasticity=request.objective.elasticity, cap=assumption("effect_cap").value),
    )
    return Assembled(instance=instance, groups=groups, demand=demand, request=request)


def in_order(request: PlanRequest) -> list[int]:
    """Return the positions of the request's resources by name, the canonical order."""
    return sorted(range(len(request.resources)), key=lambda position: request.resources[position].name)


def works_in(resource: Resource, ward_code: str) -> bool:
    """Tell whether a resource can work in a ward."""
    return not resource.wards or ward_code in resource.wards


def delivered_share(resource: Resource) -> float:
    """Return the share of planned hours that a resource delivers.

    Args:
        resource: The resource.

    Returns:
        The request's rate, else the library's.
    """
    return delivery_rate(resource.type)[0] if resource.delivery_rate is None else resource.delivery_rate


def resource_assumptions(request: PlanRequest) -> list[Assumption]:
    """Say what each resource is taken to deliver and to do.

    Args:
        request: The request.

    Returns:
        Two assumptions a resource: delivery and effect.
    """
    stated = []
    for resource in request.resources:
        kind = resource_types()[resource.type]
        share, source = delivery_rate(resource.type)
        if resource.delivery_rate is not None:
            share, source = resource.delivery_rate, "user"
        stated.append(
            Assumption(
                topic=f"Delivery: {resource.name}",
                statement=f"{share:.0%} of its planned hours are delivered.",
                source=source,
            )
        )
        stated.append(_effect_assumption(resource, kind.label))
    return stated


def _effect(resource: Resource, categories: tuple[str, ...]) -> Array:
    """Return effective delivered hours per planned hour by category, shape (C,)."""
    library = effectiveness(resource.type)
    relative = [resource.effectiveness.get(category, library[category]) for category in categories]
    return delivered_share(resource) * np.array(relative)


def _effect_assumption(resource: Resource, kind: str) -> Assumption:
    """Say what a resource affects, and where that is from."""
    effects = effectiveness(resource.type)
    library = [category for category, value in effects.items() if value > 0 and category not in resource.effectiveness]
    studies = {category: supporting_study(resource.type, category) for category in library}
    sources = [evidence()[study].citation for study in sorted(set(studies.values()) - {ASSUMED})]
    labels = {category: taxonomy()[category].label for category in taxonomy()}
    extended = [labels[category] for category, study in studies.items() if study == ASSUMED]
    statement = f"{kind}: "
    if library:
        statement += (
            "one delivered hour counts as one hour of police presence for the preventable share of "
            f"{len(library)} categories."
        )
        if extended:
            statement += (
                f" For {', '.join(extended)} this is assumed: the elasticity of crime as a whole is extended to them."
            )
            sources.append(f"assumed for {len(extended)} of the categories")
    elif resource.effectiveness:
        statement += "no study of its effect is packaged."
    else:
        statement += "no study of its effect is packaged, so no effect on crime is claimed."
    if resource.effectiveness:
        entered = ", ".join(
            f"{labels[category]} {value:g}" for category, value in sorted(resource.effectiveness.items())
        )
        statement += f" The request enters, as an assumption, effects relative to police patrol: {entered}."
        sources.append("user (assumed)")
    return Assumption(topic=f"Effect: {resource.name}", statement=statement, source="; ".join(sources) or "assumed")


def ward_limits(
    request: PlanRequest, resources: tuple[Resource, ...], capacity: Array, n_wards: int, floor: Array | None
) -> tuple[WardLimit, ...]:
    """Return the request's limits on wards in hours.

    Args:
        request: The request.
        resources: Its resources in canonical order; length R.
        capacity: Planned hours available a month, shape (H, R).
        n_wards: Number of wards W.
        floor: Least council hours a month for anti-social behaviour, shape (W,), or None.

    Returns:
        The limits that are set.
    """
    limits = request.limits
    everyone = np.ones(len(resources), dtype=bool)
    shape = (n_wards, len(capacity))
    found = []
    if limits.ward_min_hours_per_month > 0:
        hours = np.full(shape, limits.ward_min_hours_per_month)
        found.append(WardLimit(kind=LimitKind.WARD_MIN, at_least=True, counts=everyone, hours=hours))
    if limits.ward_max_hours_per_month is not None:
        hours = np.full(shape, limits.ward_max_hours_per_month)
        found.append(WardLimit(kind=LimitKind.WARD_MAX, at_least=False, counts=everyone, hours=hours))
    if limits.ward_max_share is not None:
        hours = np.broadcast_to(limits.ward_max_share * capacity.sum(axis=1), shape).copy()
        found.append(WardLimit(kind=LimitKind.WARD_MAX_SHARE, at_least=False, counts=everyone, hours=hours))
    if floor is not None:
        council = np.array([resource.agency == "council" for resource in resources])
        hours = np.repeat(floor[:, None], len(capacity), axis=1)
        found.append(WardLimit(kind=LimitKind.ASB_FLOOR, at_least=True, counts=council, hours=hours))
    return tuple(found)
