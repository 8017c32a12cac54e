"""False discovery: of the findings called significant, at most a stated share is noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

LEVEL = 0.05
"""Share of the findings called significant that may be noise."""


def q_values(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjust one family of tests (Benjamini and Hochberg 1995).

    Args:
        p_values: P values of the family, any shape; NaN where nothing was tested.

    Returns:
        Adjusted values of the same shape, NaN where the p value is.
    """
    adjusted = np.full(p_values.shape, np.nan)
    tested = ~np.isnan(p_values)
    if tested.any():
        adjusted[tested] = false_discovery_control(np.clip(p_values[tested], 0.0, 1.0))
    return adjusted


def q_values_by_family(p_values: NDArray[np.float64], whole: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Adjust many families of tests that are read together (Benjamini and Bogomolov 2014).

    Families adjusted one by one let noise through: of forty maps of noise two show a hotspot each. Here a family is
    looked into only if it survives, as a whole, an adjustment over the families, and then at `LEVEL` x families looked
    into / families. Of what is called significant in a family looked into, at most `LEVEL` is then noise on average.

    Args:
        p_values: P values, shape (F, N), a family a row; NaN where nothing was tested.
        whole: P values of another test of each family as a whole, shape (F,). A family's own is the smaller of this and
            of its smallest adjusted value (Simes), doubled for having taken the smaller of two; the latter alone where
            not given.

    Returns:
        Values to hold against `LEVEL`, of the same shape; NaN where the p value is.
    """
    within = np.vstack([q_values(row) for row in p_values]) if len(p_values) else p_values
    tested = ~np.isnan(within).all(axis=1)
    if not tested.any():
        return within
    own = np.nanmin(within[tested], axis=1)
    if whole is not None:
        own = np.minimum(2.0 * np.fmin(own, whole[tested]), 1.0)
    looked_into = significant(q_values(own))
    share = max(int(looked_into.sum()), 1) / len(own)
    adjusted = within.copy()
    adjusted[tested] = np.minimum(np.where(looked_into[:, None], within[tested] / share, 1.0), 1.0)
    return adjusted


def significant(q: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which findings hold at `LEVEL`; what was not tested does not."""
    return np.asarray(np.nan_to_num(q, nan=1.0) <= LEVEL)
