"""What the claimed effect takes as given, in words."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.plan import Assumption
from wardcast_models.reference.assumptions import assumption

WORTH_SAYING_HOURS = 1.0


def effect_assumptions(problem: Assembled) -> list[Assumption]:
    """Say what the claimed effect takes as given.

    Args:
        problem: The problem.

    Returns:
        The response, its cap and the futures.
    """
    central, response = problem.request.objective.elasticity, problem.instance.response
    packaged, cap = assumption("elasticity"), assumption("effect_cap")
    drawn = ", ".join(f"{value:.2f}" for value in response.elasticities)
    return [
        Assumption(
            topic="Response to presence",
            statement=f"Preventable crime falls with presence at an elasticity of {central:.2f}, on top of "
            f"the baseline; hours of different teams add up before the curve. {_spill_over(problem)}",
            source=packaged.source if central == packaged.value else "user",
        ),
        Assumption(topic="Largest claim", statement=cap.statement, source=cap.source),
        Assumption(
            topic="Range of the effect",
            statement=f"Every simulated course of crime is combined with each of the elasticities {drawn}; each such "
            "pair is one simulated future. The plan aims at the mean over all futures, and the 90 % ranges are over "
            "them too, so every range begins at no effect.",
            source=assumption("elasticity_zero").source,
        ),
    ]


def beyond_largest_claim(problem: Assembled, hours: Array) -> float:
    """Return the hours for which nothing is claimed, because the largest fall is claimed with fewer.

    Args:
        problem: The problem.
        hours: Planned hours, shape (W, H, S, R).

    Returns:
        Hours of teams that have an effect, over the plan.
    """
    instance = problem.instance
    relative = instance.relative_dose(hours)
    least = np.where(relative > 0, relative, np.inf).min(axis=3, initial=np.inf)
    least[np.isinf(least)] = 0.0
    needed = np.minimum(instance.response.saturation / np.maximum(least, 1e-12), 1.0)
    return float((hours[..., instance.has_effect].sum(axis=3) * (1 - needed)).sum())


def beyond_claim_assumptions(problem: Assembled, hours: Array) -> list[Assumption]:
    """State the hours beyond the largest claim.

    Args:
        problem: The problem.
        hours: Planned hours, shape (W, H, S, R).

    Returns:
        One assumption, or none where there are no such hours.
    """
    beyond = beyond_largest_claim(problem, hours)
    if beyond < WORTH_SAYING_HOURS:
        return []
    return [
        Assumption(
            topic="Hours beyond the largest claim",
            statement=f"About {beyond:,.0f} of the {hours.sum():,.0f} hours go beyond the presence at which the "
            "largest fall is claimed. Nothing more is claimed for them, so they may as well be used otherwise.",
            source="computed",
        )
    ]


def _spill_over(problem: Assembled) -> str:
    """Say what reaches neighbouring wards."""
    share = problem.request.objective.spill_over
    if problem.instance.spill is None or not problem.instance.spill.any():
        return "No effect on neighbouring wards is claimed."
    return (
        f"The request takes {share:.0%} of an hour's dose to reach the neighbouring wards too, in equal parts: a "
        "benefit that spreads, not crime that moves."
    )
