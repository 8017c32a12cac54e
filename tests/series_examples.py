"""Simulated monthly counts as the real ones are: overdispersed, seasonal, each month like the one before."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def simulated(
    random: np.random.Generator,
    months: pd.DatetimeIndex,
    number: int,
    *,
    mean: float,
    autocorrelation: float = 0.5,
    relative_sd: float = 0.08,
    overdispersion: float = 0.01,
    level: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Draw counts with known truth.

    Args:
        random: Source of chance.
        months: Months, length T.
        number: How many series.
        mean: Mean count a month.
        autocorrelation: Of the log level from month to month.
        relative_sd: Spread of that log level.
        overdispersion: Variance of the negative binomial beyond its mean, over the mean squared.
        level: What the mean is multiplied by, shape (T,); 1 where not given.

    Returns:
        Counts, shape (number, T).
    """
    shocks = random.normal(size=(number, len(months)))
    wave = np.empty_like(shocks)
    wave[:, 0] = shocks[:, 0]
    for month in range(1, len(months)):
        wave[:, month] = autocorrelation * wave[:, month - 1] + np.sqrt(1 - autocorrelation**2) * shocks[:, month]
    season = 0.2 * np.cos(2 * np.pi * months.month.to_numpy() / 12)
    means = mean * np.exp(season + relative_sd * wave) * (1.0 if level is None else level)
    return random.poisson(means * random.gamma(1 / overdispersion, overdispersion, size=means.shape)).astype(float)
