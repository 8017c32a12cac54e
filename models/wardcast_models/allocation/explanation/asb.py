"""What a plan does about anti-social behaviour where it is forecast: how much of the aim it is, and of the hours."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.effect import falls_of
from wardcast_models.allocation.limits.asb_floor import AsbFloor
from wardcast_models.allocation.plan import AsbTreatment
from wardcast_models.reference.taxonomy import asb_aim


def asb_treatment(floor: AsbFloor, problem: Assembled, hours: Array) -> AsbTreatment:
    """Return how anti-social behaviour entered the plan, with its figures where it is forecast.

    Args:
        floor: How it entered the programme.
        problem: The problem.
        hours: Planned hours, shape (W, H, S, R).

    Returns:
        The treatment; hours are credited to it by its part of what they are expected to avoid in each ward, month and
        shift.
    """
    demand = problem.demand
    aim = asb_aim(demand.forecast.categories)
    if aim is None:
        return floor.treatment
    position = demand.forecast.categories.index(aim)
    group = int(problem.groups.group_of[position])
    expected = float(demand.count[:, position].sum())
    touched = float(demand.preventable_harm.sum())
    share = float(demand.preventable_harm[:, position].sum()) / touched if touched > 0 else 0.0
    said = f"{expected:,.0f} incidents are forecast for these months, {share:.0%} of the preventable harm aimed at."
    if group < 0:
        said += " No team of this request has an effect on it, so no hours are credited to it."
        return floor.treatment.model_copy(update={"statement": f"{floor.treatment.statement} {said}"})
    falls = falls_of(hours, problem).mean(axis=0)  # (W, H, S, G)
    incidents = demand.count[:, position] * demand.preventable[position]  # (W, H)
    avoided = incidents[:, :, None] * demand.shift_share[position] * falls[..., group]  # (W, H, S)
    harm = avoided * demand.aim_weight[position]
    all_harm = (problem.instance.value * falls).sum(axis=3)
    part = np.divide(harm, all_harm, out=np.zeros_like(harm), where=all_harm > 0)
    credited = float((hours.sum(axis=3) * part).sum())
    said += (
        f" Of the hours planned, {credited:,.0f} are credited to it, by its part of what they are expected to avoid in "
        f"each ward, month and shift: {float(avoided.sum()):,.1f} incidents on average, none if patrols have no effect."
    )
    return floor.treatment.model_copy(update={"statement": f"{floor.treatment.statement} {said}"})
