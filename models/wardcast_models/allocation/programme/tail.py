"""The mean over the worst part of equally likely draws."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array

CVAR_LEVEL = 0.9
"""Level of the conditional value at risk: the mean over the worst tenth of the futures."""


def tail_mean(draws: Array, level: float = CVAR_LEVEL) -> float:
    """Return the conditional value at risk of equally likely draws, larger being worse.

    The tail is exactly a share of 1 - level of the draws; a draw on its edge counts with the part that lies in it
    (Rockafellar and Uryasev, Journal of Banking and Finance 26, 2002).

    Args:
        draws: At least one, shape (D,).
        level: In [0, 1).

    Returns:
        Mean over the tail.
    """
    worst_first = np.sort(draws)[::-1]
    size = (1 - level) * worst_first.size
    weight = np.clip(size - np.arange(worst_first.size), 0.0, 1.0)
    return float(worst_first @ weight / weight.sum())
