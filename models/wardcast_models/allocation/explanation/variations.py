"""Other assumptions that a plan is tried under, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.demand.harm_scale import CUSTOM
from wardcast_models.allocation.elasticity import SCENARIO_KEYS
from wardcast_models.allocation.limits.limit import LimitKind
from wardcast_models.allocation.premises import Premises, premises_of
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.request.objective import HarmScale
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.response import Response
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.taxonomy import asb_aim

MOST_WARDS = 100
"""In larger areas a plan takes long to solve, so only the harm scales are tried."""

ASB_WEIGHT = "weight of anti-social behaviour"
"""Topic of the variations of its weight."""

ASB_WEIGHTS = (0.0, 5.0, 20.0, 50.0)
"""Cambridge-day equivalents of one incident that a plan is tried with beside its own: the packaged 10, swept."""

BASELINE_FACTORS = {0.5: "half of", 2.0: "twice"}

PACKAGED_SCALES: dict[HarmScale, str] = {
    "cambridge": "the Cambridge Crime Harm Index",
    "ons": "the ONS Crime Severity Score",
    "count": "every crime counted as one",
}

SPLITS = {"sqrt_demand": "by the square root of crime", "equal": "equally", "proportional": "in proportion to crime"}


@dataclass(frozen=True, kw_only=True)
class Variation:
    """One other assumption.

    Attributes:
        topic: What it is about.
        label: The assumption, in words that follow `With`.
        problem: The problem under it.
        note: What a reader should know beside the result, sentences or empty.
    """

    topic: str
    label: str
    problem: Assembled
    note: str = ""


def variations(premises: Premises, alternatives: Sequence[Forecast] = ()) -> Iterator[Variation]:
    """List the other assumptions that a plan is tried under.

    Args:
        premises: What the plan is made from.
        alternatives: Forecasts of other delivery scenarios, for the same wards and months.

    Yields:
        The variations; only those of the harm scale in an area of more than `MOST_WARDS` wards.
    """
    yield from _harm_scales(premises)
    if len(premises.forecast.ward_codes) > MOST_WARDS:
        return
    yield from _elasticities(premises.problem)
    yield from _baselines(premises)
    yield from _asb_weights(premises)
    for other in alternatives:
        yield Variation(
            topic="delivery scenario",
            label=f"the delivery scenario `{other.scenario}`",
            problem=premises_of(forecast=other, panel=premises.panel, request=premises.request).problem,
        )


def _harm_scales(premises: Premises) -> Iterator[Variation]:
    """Vary the harm scale; presence after dark keeps its worth against all preventable harm.

    The request's own weight of anti-social behaviour is in the unit of its own scale, so other scales take the
    packaged one.
    """
    objective = premises.request.objective
    before = float(premises.demand.preventable_harm.sum())
    asb_weight, asb_note = objective.asb_weight, ""
    if objective.harm_scale == CUSTOM:
        asb_weight = assumption("asb_weight").value
        if asb_aim(premises.demand.forecast.categories) is not None:
            asb_note = (
                f"Anti-social behaviour takes its packaged weight, {asb_weight:g}, because the request's is in the "
                "unit of its own weights."
            )
    for scale, label in PACKAGED_SCALES.items():
        if scale == objective.harm_scale:
            continue
        changed = {"harm_scale": scale, "asb_weight": asb_weight}
        other = premises.with_request(_with_objective(premises.request, **changed))
        notes = [asb_note]
        if objective.after_dark_weight > 0 and before > 0:
            worth = objective.after_dark_weight * float(other.demand.preventable_harm.sum()) / before
            other = premises.with_request(_with_objective(premises.request, **changed, after_dark_weight=worth))
            notes.append("Presence after dark keeps its worth relative to all preventable harm.")
        yield Variation(topic="harm scale", label=label, problem=other.problem, note=" ".join(filter(None, notes)))


def _elasticities(problem: Assembled) -> Iterator[Variation]:
    """Take each packaged elasticity but the central one as certain."""
    instance = problem.instance
    for key in SCENARIO_KEYS:
        value = assumption(key).value
        if key == "elasticity":
            continue
        response = Response(elasticities=(value,), cap=instance.response.cap)
        futures = instance.futures
        if futures is not None:
            futures = replace(futures, responses=(response,), response=np.zeros_like(futures.response))
        yield Variation(
            topic="elasticity",
            label=f"an elasticity of {value:g} for certain",
            problem=_under(problem, replace(instance, response=response, futures=futures)),
        )


def _baselines(premises: Premises) -> Iterator[Variation]:
    """Vary the presence that the plan does not move: how much, and where nobody supplied it, how it is spread."""
    problem = premises.problem
    for factor, words in BASELINE_FACTORS.items():
        instance = replace(problem.instance, baseline=problem.instance.baseline * factor)
        yield Variation(
            topic="baseline presence",
            label=f"{words} today's presence",
            problem=_under(problem, instance),
        )
    if not premises.baseline_is_split:
        return
    for split in ("equal", "proportional"):
        if split != premises.request.baseline.split:
            baseline = premises.request.baseline.model_copy(update={"split": split})
            other = premises.with_request(premises.request.model_copy(update={"baseline": baseline}))
            yield Variation(
                topic="baseline presence",
                label=f"today's presence spread over the wards {SPLITS[split]}",
                problem=other.problem,
            )


def _asb_weights(premises: Premises) -> Iterator[Variation]:
    """Sweep the weight of anti-social behaviour where the plan aims at it, because no harm scale gives one.

    In the request's own weights it is swept in the same proportions around the request's own.
    """
    objective = premises.request.objective
    if asb_aim(premises.demand.forecast.categories) is None:
        return
    unit, in_unit = "Cambridge-day equivalents", 1.0
    if objective.harm_scale == CUSTOM:
        unit, in_unit = "units of the request's own weights", objective.asb_weight / assumption("asb_weight").value
    for weight in dict.fromkeys(in_unit * each for each in ASB_WEIGHTS):
        if weight == objective.asb_weight:
            continue
        label = f"anti-social behaviour at {weight:g} {unit}" if weight else "no weight on anti-social behaviour"
        other = premises.with_request(_with_objective(premises.request, asb_weight=weight))
        yield Variation(topic=ASB_WEIGHT, label=label, problem=other.problem)


def _under(problem: Assembled, instance: Instance) -> Assembled:
    """Return a problem under another response or baseline; protection floors move with what can be claimed at all.

    They are a share of what the proportional split avoids (see `limits.fairness.protection_limit`).
    """
    before, after = (
        float(each.avoided_by_curve(each.proportional(each.capacity)).sum()) for each in (problem.instance, instance)
    )
    ratio = after / before if before > 0 else 1.0
    limits = tuple(
        replace(limit, bound=ratio * limit.bound, step=ratio * limit.step)
        if limit.kind is LimitKind.PROTECTION
        else limit
        for limit in instance.limits
    )
    return replace(problem, instance=replace(instance, limits=limits))


def _with_objective(request: PlanRequest, **changes: object) -> PlanRequest:
    """Return a request with another objective."""
    return request.model_copy(update={"objective": request.objective.model_copy(update=changes)})
