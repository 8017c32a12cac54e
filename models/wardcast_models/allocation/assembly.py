"""Putting demand, baseline, resources and limits together into one allocation problem."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.area_facts import AreaFacts
from wardcast_models.allocation.demand.baseline import BaselinePresence
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.demand.value import value_by_curve
from wardcast_models.allocation.elasticity import claimed_response
from wardcast_models.allocation.futures import futures_of
from wardcast_models.allocation.layout import Layout, layout_of
from wardcast_models.allocation.limits.asb_floor import AsbFloor
from wardcast_models.allocation.limits.fairness import Stake
from wardcast_models.allocation.limits.of_request import limits_of_request
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.resource_effect import delivered_share, effect_per_hour
from wardcast_models.allocation.response import ResponseGroups, response_groups


@dataclass(frozen=True, kw_only=True)
class Assembled:
    """An allocation problem and how it came about.

    Attributes:
        instance: The problem.
        groups: Which categories share a response.
        demand: The demand it was built from.
        request: The request it was built from.
        facts: What is known of the area.
    """

    instance: Instance
    groups: ResponseGroups
    demand: Demand
    request: PlanRequest
    facts: AreaFacts


def assemble(
    request: PlanRequest, demand: Demand, baseline: BaselinePresence, floor: AsbFloor, facts: AreaFacts
) -> Assembled:
    """Build the allocation problem.

    Args:
        request: The request, checked.
        demand: The demand.
        baseline: Presence that the plan does not move.
        floor: How anti-social behaviour enters.
        facts: What is known of the area.

    Returns:
        The problem.
    """
    objective = request.objective
    layout = layout_of(request, demand)
    effect = np.array([effect_per_hour(resource, demand.forecast.categories) for resource in layout.resources])
    groups = response_groups(effect * (demand.preventable > 0))
    value = value_by_curve(demand.count, demand, groups)
    response = claimed_response(objective.elasticity)
    delivered = np.array([delivered_share(resource) for resource in layout.resources])
    dark = np.array([shift.after_dark for shift in layout.shifts], dtype=np.float64)
    instance = Instance(
        wards=layout.codes,
        ward_names=layout.names,
        months=layout.months,
        shifts=layout.shift_names,
        resources=tuple(resource.name for resource in layout.resources),
        value=value,
        baseline=np.repeat(baseline.hours[:, None, :], len(layout.months), axis=1),
        dose_per_hour=groups.dose_per_hour,
        allowed=layout.allowed,
        presence_value=objective.after_dark_weight * np.outer(dark, delivered),
        capacity=layout.capacity,
        limits=(),
        response=response,
        spill=_spill(objective.spill_over, facts),
        unit_hours=_unit_hours(layout),
        futures=futures_of(demand, groups, response, objective),
    )
    limits = limits_of_request(layout, facts, floor_hours=floor.ward_hours, stake=_stake(demand, instance))
    instance = replace(instance, limits=limits)
    return Assembled(instance=instance, groups=groups, demand=demand, request=request, facts=facts)


def _stake(demand: Demand, instance: Instance) -> Stake:
    """Return what protection is measured by."""
    need = demand.need_harm.sum(axis=(1, 2))
    avoided = float(instance.avoided_by_curve(instance.proportional(instance.capacity)).sum())
    return Stake(need=need, claimable=instance.value > 0, reference=avoided / max(float(need.sum()), 1e-12))


def _spill(spill_over: float, facts: AreaFacts) -> Array | None:
    """Return the part of a ward's dose that reaches each other ward, shape (W, W), or None where there is none."""
    if spill_over == 0 or facts.neighbours is None:
        return None
    return np.asarray(spill_over * facts.neighbours)


def _unit_hours(layout: Layout) -> Array | None:
    """Return the hours of one whole unit of each resource, shape (R,), or None where hours may be any fraction."""
    if not layout.request.whole_units:
        return None
    return np.array([resource.unit_hours for resource in layout.resources], dtype=np.float64)
