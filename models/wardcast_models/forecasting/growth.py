"""Growth: what future residents and homes do to an expectation, by delivery scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Future exposure of the area's wards under one delivery scenario.

    W wards, H = `LONGEST_HORIZON_MONTHS` months ahead.

    Attributes:
        residents: Log growth of the expectation since the last month of data that would come without any further
            homes, jobs or visitors, shape (W, H).
        homes: What further homes, jobs and visitors add to it, shape (W, H).
        over_window: Persons in the target month over persons in the fitting window, shape (W, H).
        notes: What was assumed, each a sentence.
        exponent_sd: Standard deviation of the exponent that growth has over exposure; 0 where there is no growth.
    """

    residents: NDArray[np.float64]
    homes: NDArray[np.float64]
    over_window: NDArray[np.float64]
    notes: tuple[str, ...]
    exponent_sd: float = 0.0

    def loading(self, horizon_months: int) -> NDArray[np.float64]:
        """Return the standard deviation of the logarithm of growth that not knowing its exponent makes.

        Counts of the fitting window were divided by exposure to the same exponent, so growth since then counts, not
        only growth after the last month.

        Args:
            horizon_months: Months ahead, K.

        Returns:
            Shape (W, K); below 0 where residents become fewer.
        """
        return np.asarray(self.exponent_sd * np.log(self.over_window[:, :horizon_months]))


def no_growth(n_wards: int) -> Growth:
    """Return the growth of forecasts that do not look at exposure.

    Args:
        n_wards: Wards, W.

    Returns:
        Growth that changes nothing, in any scenario.
    """
    zeros = np.zeros((n_wards, LONGEST_HORIZON_MONTHS))
    return Growth(residents=zeros, homes=zeros, over_window=np.exp(zeros), notes=())
