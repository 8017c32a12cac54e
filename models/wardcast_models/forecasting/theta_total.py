"""Theta on the logarithm of one pooled total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.local_level import season_and_events
from wardcast_models.forecasting.smoothing import smooth
from wardcast_models.forecasting.total import TotalForecast, logarithm, smearing

_ALPHAS = np.array([0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])


@dataclass(frozen=True, kw_only=True)
class ThetaTotal:
    """Theta in its closed form: exponential smoothing with half the slope as drift (Hyndman and Billah 2003).

    Season and events are taken out first (see `local_level`). The smoothing weight is the one with the least
    one-step squared error.

    Attributes:
        share_of_slope: What is left of the slope of the straight line through the data. Theta averages that line with
            one of twice the data's curvature, which leaves half; 0 leaves a level without trend.
    """

    share_of_slope: float = 0.5

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        return {"share_of_slope": self.share_of_slope}

    def forecast(self, total: NDArray[np.float64], months: pd.DatetimeIndex, events: pd.DataFrame) -> TotalForecast:
        """Apply Theta to the logarithm of a monthly total net of season and events, and look ahead.

        Args:
            total: The total, shape (T,); NaN where unobserved.
            months: Month starts of past and future, length T + H.
            events: Regressors of the marked events, one row per month of `months`.

        Returns:
            The parts of the total ahead, and the level it has had.
        """
        n_months = len(total)
        log = logarithm(total)
        parts = season_and_events(log, months, events)
        around = parts.season + parts.events
        net = log - around[:n_months]
        smoothed = smooth(net[None], _ALPHAS)
        alpha, levels = float(smoothed.alpha[0]), smoothed.levels[0]
        observed = np.flatnonzero(~np.isnan(net))
        drift = self.share_of_slope * float(np.polyfit(observed, net[observed], 1)[0])
        # A smoothed level lags a drift by as many months as its memory is long, less the one just seen.
        behind = drift * ((1.0 - (1.0 - alpha) ** len(observed)) / alpha - 1.0)
        before = np.concatenate([levels[:1], levels[:-1]])
        correction = smearing(total, np.exp(before + behind + drift + around[:n_months]))
        return TotalForecast(
            level=float(np.exp(levels[-1] + behind)) * correction,
            season=parts.season[n_months:],
            trend=drift * np.arange(1.0, len(months) - n_months + 1.0),
            events=parts.events[n_months:],
            past_level=net,
        )
