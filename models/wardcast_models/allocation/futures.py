"""Futures that the worst tenth is taken from: forecast paths, each with an elasticity dealt to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.demand.value import value_by_curve
from wardcast_models.allocation.programme.instance import Futures
from wardcast_models.allocation.programme.tail import CVAR_LEVEL
from wardcast_models.allocation.request.objective import Objective
from wardcast_models.allocation.response import Response, ResponseGroups


def futures_of(demand: Demand, groups: ResponseGroups, response: Response, objective: Objective) -> Futures | None:
    """Draw the futures that a request's weight on the worst tenth needs.

    Paths are taken evenly from all of the forecast's; the elasticities are dealt out to them in equal parts, in an
    order drawn from the forecast's seed.

    Args:
        demand: The demand.
        groups: Which categories share a response.
        response: The response, whose elasticities are dealt.
        objective: What the request aims at.

    Returns:
        The futures, or None where the worst tenth has no weight.
    """
    if objective.cvar_weight == 0:
        return None
    n_paths = demand.forecast.paths.shape[0]
    n_futures = min(objective.cvar_paths, n_paths)
    chosen = np.arange(n_futures) * n_paths // n_futures
    return Futures(
        value=value_by_curve(demand.forecast.paths[chosen], demand, groups),
        response=_dealt(n_futures, len(response.parts), demand.forecast.seed),
        responses=response.parts,
        weight=objective.cvar_weight,
        level=CVAR_LEVEL,
    )


def _dealt(n_futures: int, n_responses: int, seed: int) -> NDArray[np.intp]:
    """Deal the responses out to the futures, as often as one another to within one, shape (P,)."""
    in_turn = np.arange(n_futures, dtype=np.intp) % n_responses
    return np.random.default_rng([seed, n_futures]).permutation(in_turn)
