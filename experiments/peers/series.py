"""Series before and after a peer has seen them: what it may learn from, and its intervals as quantiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TWO_SIDED = tuple(range(10, 100, 10))
"""Two-sided levels in percent: 10, 20, ... 90 give the quantiles 0.45 and 0.55, ... 0.05 and 0.95."""

MOST_WINDOWS = 10
LEAST_TRAINING_MONTHS = 36
"""Conformal intervals take as many past windows as leave this much history for the first, and at most that many."""

Floats = NDArray[np.float64]


def complete_tail(series: Floats) -> tuple[int, int]:
    """Return where the last unbroken run of known months of a series (T,) starts and ends (the end excluded)."""
    known = np.flatnonzero(~np.isnan(series))
    if not len(known):
        raise ValueError("a series without any known month cannot be forecast")
    end = int(known[-1]) + 1
    holes = np.flatnonzero(np.isnan(series[:end]))
    return (int(holes[-1]) + 1 if len(holes) else 0), end


def conformal_windows(n_months: int, horizon: int) -> int:
    """Return how many past windows of `horizon` months conformal intervals use on a history of `n_months`."""
    return max(2, min(MOST_WINDOWS, (n_months - LEAST_TRAINING_MONTHS) // horizon))


def quantiles_of(point: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return the 19 quantiles 0.05 to 0.95, clipped at 0 and otherwise as the peer said them.

    Simulated intervals (AutoTheta's) can be so narrow at a low level that the point lies outside: they are not put in
    order, which would take the point away from the middle.

    Args:
        point: Point forecasts, shape (N, H): the quantile 0.5.
        lower: Lower ends at `TWO_SIDED`, narrowest first, shape (9, N, H).
        upper: Upper ends, same shape.

    Returns:
        Shape (19, N, H).
    """
    return np.maximum(np.concatenate([lower[::-1], point[None], upper]), 0.0)
