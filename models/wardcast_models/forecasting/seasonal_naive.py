"""Seasonal naive: every month as the same month of the year before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.baseline import Baseline
from wardcast_models.forecasting.expectation import YEAR


def same_month_last_year(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the last observed count of each calendar month.

    Args:
        counts: Counts, shape (W, T); NaN in months not observed.

    Returns:
        Shape (W, 12); the mean of all observed months where a calendar month was never observed.
    """
    observed = ~np.isnan(counts.sum(axis=0))
    point = np.repeat(counts[:, observed].mean(axis=1, keepdims=True), YEAR, axis=1)
    n_months = counts.shape[1]
    for ahead in range(YEAR):
        same = np.arange((n_months + ahead) % YEAR, n_months, YEAR)
        same = same[observed[same]]
        if len(same):
            point[:, ahead] = counts[:, same[-1]]
    return point


SEASONAL_NAIVE = Baseline(
    name="seasonal_naive",
    point=same_month_last_year,
    assumption="Every month is expected to be like the same month of the year before in its ward and category.",
)
