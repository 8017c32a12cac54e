"""Wards whose crime residents do not explain: town centres, stations, shopping centres."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

VISITOR_RATIO = 3.0
"""Crimes per resident over the borough's median above which a ward draws many visitors."""


def visitor_wards(rates: NDArray[np.float64], boroughs: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return the wards with more crime per resident than `VISITOR_RATIO` times their borough's median ward.

    Args:
        rates: Crimes per resident, in any unit, shape (W,); NaN where residents are unknown.
        boroughs: Borough of each ward, shape (W,).

    Returns:
        Shape (W,); False where residents are unknown.
    """
    by_ward = pd.Series(rates)
    median = by_ward.groupby(boroughs).transform("median")
    return np.asarray(by_ward > VISITOR_RATIO * median)
