"""Each ward's resources: their hours, and why."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.holds import Hold
from wardcast_models.allocation.explanation.ranks import ranks_by_hours
from wardcast_models.allocation.explanation.reach import Reach
from wardcast_models.allocation.plan import ResourceShare
from wardcast_models.reference.taxonomy import taxonomy

CATEGORIES_NAMED = 2

WORTH_SAYING = 0.02
"""Relative differences below this are not mentioned."""


def ward_resources(
    problem: Assembled, hours: Array, reaches: tuple[Reach, ...], holds: tuple[Hold, ...]
) -> list[tuple[ResourceShare, ...]]:
    """Explain each resource's hours in each ward.

    Args:
        problem: The problem.
        hours: The plan's hours, shape (W, H, S, R).
        reaches: What each resource can touch; length R.
        holds: What each limit holds.

    Returns:
        For each ward the resources that work there or could, most hours first; length W.
    """
    instance = problem.instance
    planned = hours.sum(axis=(1, 2))  # (W, R)
    totals = planned.sum(axis=0)
    rank = np.stack([ranks_by_hours(planned[:, resource]) for resource in range(planned.shape[1])], axis=1)
    explained = []
    for ward in range(len(instance.wards)):
        shares = [
            ResourceShare(
                resource=name,
                hours=round(float(planned[ward, resource]), 2),
                share=float(planned[ward, resource] / (totals[resource] or 1.0)),
                rank=int(rank[ward, resource]),
                reasons=(
                    *(() if planned[ward, resource] > 0 else ("None of its hours go here.",)),
                    *_reasons(problem, reaches[resource], holds, ward, resource),
                ),
            )
            for resource, name in enumerate(instance.resources)
            if planned[ward, resource] > 0 or instance.allowed[ward, :, :, resource].any()
        ]
        explained.append(tuple(sorted(shares, key=lambda share: (-share.hours, share.resource))))
    return explained


def _reasons(problem: Assembled, reach: Reach, holds: tuple[Hold, ...], ward: int, resource: int) -> tuple[str, ...]:
    """Write the sentences about one resource in one ward, most important first."""
    instance = problem.instance
    limits = [held for hold in holds if (held := hold.on_resource(ward, resource))]
    seen = bool((instance.allowed[ward, :, :, resource] & (instance.presence_value[:, resource] > 0)).any())
    after_dark = ["Its presence after dark counts, in every ward alike."] if seen else []
    if not reach.claimed:
        return ("No effect on crime is claimed for it, so need does not draw its hours.", *after_dark, *limits)
    n_wards = len(instance.wards)
    said = [
        f"{reach.share[ward]:.1%} of the harm that it affects is here (rank {reach.rank[ward]} of {n_wards}), "
        f"{reach.density[ward]:.2f} times the average per hour of today's presence."
    ]
    harm = reach.harm[ward]
    if harm.sum() > 0:
        largest = sorted(range(len(harm)), key=lambda category: (-harm[category], category))[:CATEGORIES_NAMED]
        categories = problem.demand.forecast.categories
        mix = ", ".join(
            f"{taxonomy()[categories[category]].label} {harm[category] / harm.sum():.0%}"
            for category in largest
            if harm[category] > 0
        )
        said.append(f"Mostly {mix}.")
    trend = float(reach.trend[ward])
    if abs(trend - 1) >= WORTH_SAYING:
        side = "more" if trend > 1 else "fewer"
        past = "the same months a year earlier" if reach.year_earlier[ward] else "the last 12 months"
        said.append(f"Of what it affects, {abs(trend - 1):.0%} {side} crimes are expected than in {past}.")
    return (*said, *limits, *after_dark)
