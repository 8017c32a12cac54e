"""Ranks as a reader of a plan sees them."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array, Counts


def ranks(values: Array) -> Counts:
    """Rank, 1 for the largest; equal values share a rank.

    Args:
        values: Shape (N,).

    Returns:
        Shape (N,).
    """
    ordered = np.sort(-values)
    return np.asarray(1 + np.searchsorted(ordered, -values, side="left"), dtype=np.intp)


def ranks_by_hours(hours: Array) -> Counts:
    """Rank by hours rounded to the hour, as a reader sees them; less than one hour stays more than none.

    Args:
        hours: Shape (N,).

    Returns:
        Ranks, 1 for the most, shape (N,).
    """
    return ranks(np.where((hours > 0) & (hours <= 0.5), 0.5, np.round(hours)))
