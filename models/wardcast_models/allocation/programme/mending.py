"""By how much one figure of a request would have to change for a plan to exist."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wardcast_models.allocation.limits.limit import Limit
from wardcast_models.allocation.programme.elastic import CLASH_HOURS, ElasticLimits
from wardcast_models.allocation.programme.instance import Instance

POINTS_CLOSE_ENOUGH = 0.005
"""The least share that will do is sought to within this many percentage points."""


def units_to_mend(instance: Instance, elastic: ElasticLimits, limit: Limit) -> float | None:
    """Find by how many units one figure alone would have to be relaxed, in all the limits that it sets.

    A share of the hours planned is relaxed in its coefficients, and not in its bounds, so it is tried out.

    Args:
        instance: The problem.
        elastic: The limits that have to be kept.
        limit: One of them, all or some of its rows.

    Returns:
        Units of the figure, below 0 where an equation's has to be lowered; None where no change is enough.
    """
    if not limit.weighs_hours_against_others:
        return elastic.units_to_mend(limit.field)
    most = 100.0 - limit.figure
    if _clashes(instance, elastic, limit.field, most):
        return None
    too_little, enough = 0.0, most
    while enough - too_little > POINTS_CLOSE_ENOUGH:
        middle = (too_little + enough) / 2
        if _clashes(instance, elastic, limit.field, middle):
            too_little = middle
        else:
            enough = middle
    return enough


def _clashes(instance: Instance, elastic: ElasticLimits, field: str, points: float) -> bool:
    """Tell whether the limits clash with a share of some percentage points more."""
    limits = tuple(_with_share(limit, points) if limit.field == field else limit for limit in elastic.limits)
    tried = ElasticLimits(instance, limits)
    return tried.shortage(np.ones(tried.n_rows, dtype=bool)).hours > CLASH_HOURS


def _with_share(limit: Limit, points: float) -> Limit:
    """Return rows that count a ward's hours less a larger share of all hours of the month."""
    hours = limit.hours.copy()
    hours.data = hours.data - points / 100.0
    return replace(limit, hours=hours)
