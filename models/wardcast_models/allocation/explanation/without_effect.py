"""Figures of a request that change nothing, because of the area, the teams or the data."""

from __future__ import annotations

from collections.abc import Iterator

from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.premises import Premises
from wardcast_models.allocation.request.limits import Limits
from wardcast_models.allocation.request.plan_request import Baseline
from wardcast_models.allocation.resource_effect import is_enforcement


def without_effect(premises: Premises) -> list[Assumption]:
    """Say which figures of a request have no effect, and why.

    A figure that is as packaged is nobody's wish, so nothing is said of it.

    Args:
        premises: What the plan is made from.

    Returns:
        One assumption a figure.
    """
    return [
        Assumption(
            topic="Without effect", statement=f"`{field}` has no effect here, because {reason}.", source="computed"
        )
        for field, reason in _idle_figures(premises)
    ]


def _idle_figures(premises: Premises) -> Iterator[tuple[str, str]]:
    """Yield the field of each figure without effect, and why it has none."""
    request = premises.request
    split = Baseline.model_fields["split"].default
    if request.baseline.split != split and not premises.baseline_is_split:
        yield "baseline.split", "the data give today's presence ward by ward"
    floor = Limits.model_fields["asb_floor_share"].default
    if request.limits.asb_floor_share != floor and premises.floor.treatment.mode == "forecast":
        yield "limits.asb_floor_share", "anti-social behaviour is forecast and needs no ring-fenced hours"
    ceiling = request.limits.burden_ceiling_hours_per_1000
    if ceiling is not None and not any(is_enforcement(team) for team in request.resources):
        yield "limits.burden_ceiling_hours_per_1000", "no team of the request enforces"
    spill = premises.problem.instance.spill
    if request.objective.spill_over > 0 and spill is not None and not spill.any():
        yield "objective.spill_over", "no ward of the area borders another"
