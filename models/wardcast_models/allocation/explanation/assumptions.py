"""Everything that a plan takes as given, gathered for its reader."""

from __future__ import annotations

from wardcast_models.allocation.demand.baseline import BaselinePresence
from wardcast_models.allocation.explanation.certificate import approximation_assumption
from wardcast_models.allocation.explanation.effect_assumptions import beyond_claim_assumptions, effect_assumptions
from wardcast_models.allocation.explanation.resource_assumptions import resource_assumptions
from wardcast_models.allocation.explanation.shift_hours import shift_hours_assumption
from wardcast_models.allocation.explanation.spare_hours import SpareHours
from wardcast_models.allocation.explanation.without_effect import without_effect
from wardcast_models.allocation.plan import Assumption, Sensitivity
from wardcast_models.allocation.plan_asb import AsbTreatment
from wardcast_models.allocation.premises import Premises
from wardcast_models.allocation.programme.solve import Solution

AS_PLANNED = "as_planned"
"""The delivery scenario that takes homes as dated."""


def plan_assumptions(
    premises: Premises,
    solution: Solution,
    spares: tuple[SpareHours, ...],
    sensitivities: tuple[Sensitivity, ...],
) -> list[Assumption]:
    """Gather what a plan takes as given, and what some of it matters.

    Args:
        premises: What the plan is made from.
        solution: The solution.
        spares: Hours left over.
        sensitivities: The plan under other assumptions.

    Returns:
        The assumptions; those of the response first, those of the forecast last.
    """
    problem, hours = premises.problem, solution.hours
    return [
        *effect_assumptions(problem),
        *beyond_claim_assumptions(problem, hours),
        _with_sensitivity(premises.baseline, sensitivities),
        *resource_assumptions(premises.request, premises.demand.forecast.categories),
        *premises.demand.assumptions,
        shift_hours_assumption(problem, premises.baseline, hours),
        _anti_social_behaviour(premises.floor.treatment),
        *_after_dark(premises),
        approximation_assumption(solution),
        *(spare.assumption() for spare in spares),
        *_scenario(premises),
        *without_effect(premises),
        *(
            Assumption(topic="Forecast", statement=sentence, source="assumed")
            for sentence in premises.forecast.assumptions
        ),
    ]


def _anti_social_behaviour(treatment: AsbTreatment) -> Assumption:
    """Say how anti-social behaviour enters, and from which source."""
    source = "data.police.uk" if treatment.mode == "forecast" else "assumed"
    return Assumption(topic="Anti-social behaviour", statement=treatment.statement, source=source)


def _with_sensitivity(baseline: BaselinePresence, sensitivities: tuple[Sensitivity, ...]) -> Assumption:
    """Say of the baseline that others were tried: what they would change is told with all other assumptions."""
    if not any(each.topic == "baseline presence" for each in sensitivities):
        return baseline.assumption
    said = (
        f"{baseline.assumption.statement} Other levels of it were tried: what they would change is told with the other "
        "assumptions tried."
    )
    return baseline.assumption.model_copy(update={"statement": said})


def _after_dark(premises: Premises) -> list[Assumption]:
    """State the worth of presence after dark where it has any."""
    weight = premises.request.objective.after_dark_weight
    if weight == 0:
        return []
    return [
        Assumption(
            topic="Presence after dark",
            statement=f"Each delivered hour after dark is worth {weight:g} units of harm for the perception of safety, "
            "in whichever ward; this is in the objective but not in the harm avoided.",
            source="user",
        )
    ]


def _scenario(premises: Premises) -> list[Assumption]:
    """State that a delivery scenario changes nothing where no planned homes are known."""
    area, forecast = premises.panel.area, premises.forecast
    if forecast.scenario == AS_PLANNED or premises.panel.pipeline["ward_code"].isin(area.ward_codes).any():
        return []
    return [
        Assumption(
            topic="Delivery scenario",
            statement=f"The scenario `{forecast.scenario}` changes nothing here: the data hold no housing pipeline for "
            f"the wards of {area.name}.",
            source="computed",
        )
    ]
