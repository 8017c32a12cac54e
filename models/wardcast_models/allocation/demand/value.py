"""Preventable weighted harm on each curve, from counts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.response import ResponseGroups


def value_by_curve(counts: NDArray[Any], demand: Demand, groups: ResponseGroups) -> Array:
    """Weigh counts and add them up by response group.

    Args:
        counts: Crimes and incidents, shape (..., W, C, H): the mean, or paths.
        demand: The demand: weights, preventable shares and shares of the shifts.
        groups: Which categories share a response.

    Returns:
        Preventable weighted harm, shape (..., W, H, S, G).
    """
    n_groups = groups.dose_per_hour.shape[1]
    member = (groups.group_of[:, None] == np.arange(n_groups)).astype(np.float64)  # (C, G)
    harm = (demand.aim_weight * demand.preventable)[:, None] * demand.shift_share  # (C, S)
    weight = harm[:, :, None] * member[:, None, :]
    return np.asarray(np.einsum("...wch,csg->...whsg", counts, weight, optimize=True))
