"""Prophet where counts are large: the trend, season and events of one pooled total."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_OFFSET = 0.5
"""Added before the logarithm, so that a month without crime has one."""

_LEVEL_MONTHS = 36
"""The mean of the last months is kept when coming back from logarithms (a smearing correction)."""


@dataclass(frozen=True, kw_only=True)
class ProphetSettings:
    """Settings of Prophet for a monthly total, tuned on origins from 2012 to 2017.

    Attributes:
        changepoint_prior_scale: How freely the trend bends.
        changepoints: Most changepoints; fewer on short histories.
        changepoint_range: Share of the history in which the trend may bend.
        fourier_order: Terms of the yearly season.
        damping: What is left of each further month of trend beyond the data (a damped trend, Gardner and McKenzie
            1985): a straight line a year on is right too seldom.
    """

    changepoint_prior_scale: float = 0.03
    changepoints: int = 10
    changepoint_range: float = 0.9
    fourier_order: int = 3
    damping: float = 0.8


@dataclass(frozen=True, kw_only=True)
class TotalForecast:
    """What Prophet made of one total.

    Attributes:
        ahead: Expected total of the months ahead, shape (H,); positive.
        level: Logarithm of the total net of season and events, shape (T,); NaN where unobserved.
    """

    ahead: NDArray[np.float64]
    level: NDArray[np.float64]


def forecast_total(
    total: NDArray[np.float64], months: pd.DatetimeIndex, events: pd.DataFrame, settings: ProphetSettings
) -> TotalForecast:
    """Fit Prophet to the logarithm of a monthly total and look ahead.

    Args:
        total: The total, shape (T,); NaN where unobserved.
        months: Month starts of past and future, length T + H.
        events: Regressors of the marked events, one row per month of `months`.
        settings: Prophet's settings.

    Returns:
        The months ahead, and the level that is left when season and events are taken out.
    """
    n_months = len(total)
    observed = ~np.isnan(total)
    history = pd.DataFrame({"ds": months[:n_months], "y": np.log(np.nan_to_num(total) + _OFFSET)})
    regressors = _visible(events.iloc[:n_months].loc[observed])
    for name in regressors:
        history[name] = events[name].to_numpy()[:n_months]
    model = _prophet()(
        changepoint_prior_scale=settings.changepoint_prior_scale,
        n_changepoints=min(settings.changepoints, int(observed.sum()) // 6),
        changepoint_range=settings.changepoint_range,
        yearly_seasonality=settings.fourier_order,
        weekly_seasonality=False,
        daily_seasonality=False,
        seasonality_prior_scale=1.0,
        uncertainty_samples=0,
    )
    for name in regressors:
        model.add_regressor(name, prior_scale=1.0, standardize=False)
    with TemporaryDirectory(prefix="wardcast-") as folder:
        # The engine writes files for every fit; left to itself it keeps them until the process ends.
        model.fit(history[observed], seed=1, output_dir=folder)
    asked = pd.DataFrame({"ds": months, **{name: events[name].to_numpy() for name in regressors}})
    fitted = model.predict(asked)
    curve = np.exp(fitted["yhat"].to_numpy(dtype=np.float64))
    recent = np.flatnonzero(observed)[-_LEVEL_MONTHS:]
    correction = (total[recent].sum() + _OFFSET) / curve[recent].sum()
    steps = np.diff(fitted["trend"].to_numpy(dtype=np.float64)[n_months - 1 :])
    left = settings.damping ** np.arange(1, len(steps) + 1)
    damped = np.exp(-np.cumsum(steps * (1.0 - left)))
    level = np.where(observed, history["y"].to_numpy() - fitted["additive_terms"].to_numpy()[:n_months], np.nan)
    return TotalForecast(ahead=curve[n_months:] * correction * damped, level=level)


def _visible(events: pd.DataFrame) -> list[str]:
    """Return the events that vary over the observed months, and so can be estimated."""
    return [str(name) for name in events.columns if events[name].nunique() > 1]


@cache
def _prophet() -> Any:
    """Import Prophet when first needed (it takes seconds), with its chatter and its engine's turned off."""
    for name in ("prophet", "prophet.plot", "cmdstanpy"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
    from prophet import Prophet  # noqa: PLC0415 - slow to import, so only when a model is fitted

    return Prophet
