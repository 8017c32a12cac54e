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


def significant(q: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which findings hold at `LEVEL`; what was not tested does not."""
    return np.asarray(np.nan_to_num(q, nan=1.0) <= LEVEL)
