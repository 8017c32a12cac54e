"""A model of one total: where counts are large, and trend, season and events can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

OFFSET = 0.5
"""Added before the logarithm, so that a month without crime has one."""

_LEVEL_MONTHS = 36


@dataclass(frozen=True, kw_only=True)
class TotalForecast:
    """What a model made of one total: level x exp(season + trend + events) ahead.

    T months of data, H months ahead.

    Attributes:
        level: The total in the last month of data net of season and events; positive.
        season: Logarithm, shape (H,).
        trend: Logarithm, since the last month of data, shape (H,).
        events: Logarithm of what marked events still do, shape (H,).
        past_level: Logarithm of the total net of season and events, shape (T,); NaN where unobserved.
    """

    level: float
    season: NDArray[np.float64]
    trend: NDArray[np.float64]
    events: NDArray[np.float64]
    past_level: NDArray[np.float64]


class TotalModel(Protocol):
    """A way of forecasting one monthly total."""

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        ...

    def forecast(self, total: NDArray[np.float64], months: pd.DatetimeIndex, events: pd.DataFrame) -> TotalForecast:
        """Learn from a total and look ahead.

        Args:
            total: The total, shape (T,); NaN where unobserved.
            months: Month starts of past and future, length T + H.
            events: Regressors of the marked events, one row per month of `months`.

        Returns:
            The parts of the total ahead, and the level it has had.
        """
        ...


def logarithm(total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm that models of a total work with, shape (T,); NaN where unobserved."""
    return np.asarray(np.log(total + OFFSET))


def smearing(total: NDArray[np.float64], curve: NDArray[np.float64]) -> float:
    """Return what a fitted curve has to be multiplied by to keep the sum of the last 36 observed months.

    The exponential of a mean logarithm lies below the mean: a smearing correction (Duan 1983).

    Args:
        total: The total, shape (T,); NaN where unobserved.
        curve: The fitted curve, not as a logarithm, same shape.
    """
    recent = np.flatnonzero(~np.isnan(total))[-_LEVEL_MONTHS:]
    return float((total[recent].sum() + OFFSET) / curve[recent].sum())
