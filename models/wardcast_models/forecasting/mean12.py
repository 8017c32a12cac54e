"""The mean of the last 12 months: hard to beat where most error is counting noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.baseline import Baseline
from wardcast_models.forecasting.expectation import YEAR


def last_year_mean(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the last 12 observed months for each of the next 12.

    Args:
        counts: Counts, shape (W, T); NaN in months not observed.

    Returns:
        Shape (W, 12).
    """
    observed = np.flatnonzero(~np.isnan(counts.sum(axis=0)))[-YEAR:]
    return np.repeat(counts[:, observed].mean(axis=1, keepdims=True), YEAR, axis=1)


MEAN_12_MONTHS = Baseline(
    name="mean_12_months",
    point=last_year_mean,
    assumption="Every month is expected to be like the mean of the last 12 observed months of its ward and category.",
)
