"""Exponential smoothing with a damped trend and a season (ETS) on the logarithm of one pooled total."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.local_level import season_and_events
from wardcast_models.forecasting.total import TotalForecast, logarithm, smearing

_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class EtsTotal:
    """ETS(A, Ad, A): additive error, damped trend and season of the logarithm (Hyndman et al. 2008).

    Events are taken out first (see `local_level`); months not observed are filled along the level, as the method knows
    no gaps.
    """

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        return {"error": "add", "trend": "add, damped", "seasonal": "add"}

    def forecast(self, total: NDArray[np.float64], months: pd.DatetimeIndex, events: pd.DataFrame) -> TotalForecast:
        """Fit ETS to the logarithm of a monthly total net of events, and look ahead.

        Args:
            total: The total, shape (T,); NaN where unobserved.
            months: Month starts of past and future, length T + H.
            events: Regressors of the marked events, one row per month of `months`.

        Returns:
            The parts of the total ahead, and the level it has had.
        """
        n_months, n_ahead = len(total), len(months) - len(total)
        log = logarithm(total)
        parts = season_and_events(log, months, events)
        net = _without_gaps(log - (parts.season + parts.events)[:n_months]) + parts.season[:n_months]
        if np.ptp(net) == 0.0:  # nothing to smooth: a category without any crime
            nothing = np.zeros(n_ahead)
            level = float(np.exp(net[-1])) * smearing(total, np.exp(net))
            return TotalForecast(level=level, season=nothing, trend=nothing, events=nothing, past_level=log)
        fitted = _fitted(net)
        season = fitted.season[-_YEAR:][np.arange(n_ahead) % _YEAR]
        correction = smearing(total, np.exp(fitted.fittedvalues + parts.events[:n_months]))
        ahead = np.asarray(fitted.forecast(n_ahead), dtype=np.float64)
        past_season = np.concatenate([fitted.initial_seasonal, fitted.season])[:n_months]
        return TotalForecast(
            level=float(np.exp(fitted.level[-1])) * correction,
            season=season,
            trend=ahead - season - fitted.level[-1],
            events=parts.events[n_months:],
            past_level=log - past_season - parts.events[:n_months],
        )


def _without_gaps(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fill months not observed (of T,) on the straight line between their neighbours."""
    observed = np.flatnonzero(~np.isnan(series))
    return np.interp(np.arange(len(series)), observed, series[observed])


def _fitted(series: NDArray[np.float64]) -> Any:
    """Fit by maximum likelihood; a search that stops early keeps the best it has found."""
    model = _ets_model()(series, error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=_YEAR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(disp=False)


@cache
def _ets_model() -> Any:
    """Import statsmodels when first needed (it takes seconds)."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415 - slow to import

    return ETSModel
