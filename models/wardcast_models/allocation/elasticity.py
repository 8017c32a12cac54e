"""The elasticities that a plan reckons with: the central one and the packaged scenarios around it."""

from __future__ import annotations

from wardcast_models.allocation.response import Response
from wardcast_models.reference.assumptions import assumption

SCENARIO_KEYS = ("elasticity_zero", "elasticity_low", "elasticity", "elasticity_high")
"""Packaged elasticity scenarios; each counts as much as the others."""


def elasticity_scenarios(central: float) -> tuple[float, ...]:
    """Return the elasticities that a plan aims at the mean over.

    Args:
        central: The request's elasticity; the packaged scenarios are scaled by it.

    Returns:
        No effect, low, central and high.
    """
    packaged = assumption("elasticity").value
    return tuple(assumption(key).value / packaged * central for key in SCENARIO_KEYS)


def claimed_response(central: float) -> Response:
    """Return the response that a request's plan aims at: the mean over the scenarios, with the packaged cap.

    Args:
        central: The request's elasticity.

    Returns:
        The response.
    """
    return Response(elasticities=elasticity_scenarios(central), cap=assumption("effect_cap").value)
