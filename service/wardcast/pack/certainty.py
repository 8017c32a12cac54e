"""How sure the ranking of wards is: in how many simulated futures a ward belongs among those with most hours."""

from __future__ import annotations

from wardcast.pack.names import WardNames
from wardcast.pack.wording import percent
from wardcast_models.allocation.plan import Plan, WardExplanation


def top_group(plan: Plan) -> tuple[WardExplanation, ...]:
    """Return the wards that the plan puts among the quarter with most hours.

    Args:
        plan: The plan.

    Returns:
        The wards; none where that was not worked out, or where no effect is claimed, so that none belongs there by
        need.
    """
    return _members(plan) if _by_need(plan) else ()


def ward_certainty(ward: WardExplanation, group_size: int) -> str:
    """Say how sure one ward's place among those with most hours is.

    Args:
        ward: The ward.
        group_size: Wards in the top group.

    Returns:
        A sentence; "" where no top group was worked out.
    """
    if not group_size:
        return ""
    place = "is the one" if group_size == 1 else f"belongs among the {group_size:,}"
    return f"In {percent(ward.top_group_share)} of the simulated futures this ward {place} that would get most."


def ranking_certainty(plan: Plan, names: WardNames) -> str:
    """Say how sure the ranking is as a whole: its surest and least sure ward, and the nearest one outside.

    Args:
        plan: The plan.
        names: Ward names for people.

    Returns:
        A sentence or two; "" where no top group was worked out or every ward is in it.
    """
    if _members(plan) and not _by_need(plan):
        return "How sure the ranking is: no effect is claimed, so no ward belongs among those with most hours by need."
    group = top_group(plan)
    outside = [ward for ward in plan.wards if not ward.in_top_group]
    if not group or not outside:
        return ""

    def share(ward: WardExplanation) -> float:
        return ward.top_group_share

    surest, least, nearest = max(group, key=share), min(group, key=share), max(outside, key=share)
    if len(group) == 1:
        said = f"{names[surest.ward_code]} gets most in {percent(share(surest))} of the simulated futures."
    else:
        said = (
            f"of the {len(group):,} wards with most hours, {names[surest.ward_code]} belongs among them in "
            f"{percent(share(surest))} of the simulated futures and {names[least.ward_code]}, the least certain, in "
            f"{percent(share(least))}."
        )
    return (
        f"How sure the ranking is, by need alone and free of the request's limits: {said} Outside them, "
        f"{names[nearest.ward_code]} would in {percent(share(nearest))}."
    )


def _members(plan: Plan) -> tuple[WardExplanation, ...]:
    """Return the wards with most hours, whatever puts them there."""
    return tuple(ward for ward in plan.wards if ward.in_top_group)


def _by_need(plan: Plan) -> bool:
    """Tell whether any ward belongs among those with most hours in any future."""
    return any(ward.top_group_share > 0 for ward in plan.wards)
