"""The harm scales that a request can choose, with a weight for anti-social behaviour, which none of them gives."""

from __future__ import annotations

from wardcast_models.allocation.request.objective import Objective
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.taxonomy import ASB, harm_weights

HARM_UNITS = {
    "cambridge": "days of imprisonment (Cambridge Crime Harm Index 2026, median days)",
    "ons": "points of the ONS Crime Severity Score (partial list of weights)",
    "count": "crimes, each counted as one",
    "custom": "units of the request's own weights",
}
"""What one unit of harm is, in words, by scale."""

HARM_SOURCES = {
    "cambridge": "Cambridge Crime Harm Index (Sherman, Neyroud and Neyroud 2016; 2026 update)",
    "ons": "ONS Crime Severity Score, quoted second-hand",
    "count": "user",
    "custom": "user",
}
"""Where each scale is from."""

CUSTOM = "custom"
"""The scale whose weights the request gives."""

ASB_REFERENCE = "violence_without_injury"
"""The category whose weight ties the weight of anti-social behaviour to a harm scale."""


def scale_weights(objective: Objective) -> dict[str, float]:
    """Return the harm of one crime or incident by category, before any local priority.

    Args:
        objective: What the request aims at.

    Returns:
        Weight by category; categories to which the scale gives none are absent. With the request's own weights, that
        of anti-social behaviour is in their unit.
    """
    if objective.harm_scale == CUSTOM:
        return {**objective.harm_weights, ASB: objective.asb_weight}
    scale = dict(harm_weights(objective.harm_scale))
    scale[ASB] = objective.asb_weight / assumption("asb_weight").value * scale[ASB_REFERENCE]
    return scale
