"""What each resource is taken to deliver and to do, in words."""

from __future__ import annotations

from collections.abc import Sequence

from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.resource import Resource
from wardcast_models.reference.evidence import evidence
from wardcast_models.reference.response_library import (
    ASSUMED,
    delivery_rate,
    effectiveness,
    resource_types,
    supporting_study,
)
from wardcast_models.reference.taxonomy import in_use, taxonomy


def resource_assumptions(request: PlanRequest, categories: Sequence[str]) -> list[Assumption]:
    """Say what each resource is taken to deliver and to do.

    Args:
        request: The request.
        categories: Categories of the forecast; those of the other way of naming crimes are passed over.

    Returns:
        Two assumptions a resource: delivery and effect.
    """
    stated = []
    for resource in request.resources:
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
        stated.append(_effect_assumption(resource, in_use(categories)))
    return stated


def _effect_assumption(resource: Resource, categories: Sequence[str]) -> Assumption:
    """Say what a resource affects, and where that is from."""
    kind = resource_types()[resource.type]
    effects = {category: value for category, value in effectiveness(resource.type).items() if category in categories}
    library = [category for category, value in effects.items() if value > 0 and category not in resource.effectiveness]
    studies = {category: supporting_study(resource.type, category) for category in library}
    sources = [evidence()[study].citation for study in sorted(set(studies.values()) - {ASSUMED})]
    labels = {category: taxonomy()[category].label for category in taxonomy()}
    extended = [labels[category] for category, study in studies.items() if study == ASSUMED]
    statement = f"{kind.label}: "
    if library and kind.effects_as != resource.type:
        statement += f"taken to do what {_inside(resource_types()[kind.effects_as].label)} does; "
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


def _inside(label: str) -> str:
    """Write a label inside a sentence."""
    return label[0].lower() + label[1:]
