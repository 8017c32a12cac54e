"""Prophet on the logarithm of one pooled total."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.prophet_engine import prophet_class
from wardcast_models.forecasting.total import TotalForecast, logarithm, smearing


@dataclass(frozen=True, kw_only=True)
class ProphetTotal:
    """Prophet for a monthly total; its settings were tuned on origins from 2012 to 2017.

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

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        return asdict(self)

    def forecast(self, total: NDArray[np.float64], months: pd.DatetimeIndex, events: pd.DataFrame) -> TotalForecast:
        """Fit Prophet to the logarithm of a monthly total and look ahead.

        Args:
            total: The total, shape (T,); NaN where unobserved.
            months: Month starts of past and future, length T + H.
            events: Regressors of the marked events, one row per month of `months`.

        Returns:
            The parts of the total ahead, and the level that is left when season and events are taken out.
        """
        n_months = len(total)
        observed = ~np.isnan(total)
        frame = pd.DataFrame({"ds": months})
        regressors = _visible(events.iloc[:n_months].loc[observed])
        for name in regressors:
            frame[name] = events[name].to_numpy()
        model = prophet_class()(
            changepoint_prior_scale=self.changepoint_prior_scale,
            n_changepoints=min(self.changepoints, int(observed.sum()) // 6),
            changepoint_range=self.changepoint_range,
            yearly_seasonality=self.fourier_order,
            weekly_seasonality=False,
            daily_seasonality=False,
            seasonality_prior_scale=1.0,
            uncertainty_samples=0,
        )
        for name in regressors:
            model.add_regressor(name, prior_scale=1.0, standardize=False)
        log = logarithm(total)
        with TemporaryDirectory(prefix="wardcast-") as folder:
            # The engine writes files for every fit; left to itself it keeps them until the process ends.
            model.fit(frame[:n_months].assign(y=log)[observed], seed=1, output_dir=folder)
        fitted = model.predict(frame)
        trend, season, terms = (fitted[name].to_numpy(np.float64) for name in ("trend", "yearly", "additive_terms"))
        marked = terms - season
        correction = smearing(total, np.exp(trend + terms)[:n_months])
        steps = np.diff(trend[n_months - 1 :])
        return TotalForecast(
            level=float(np.exp(trend[n_months - 1])) * correction,
            season=season[n_months:],
            trend=np.cumsum(steps * self.damping ** np.arange(1, len(steps) + 1)),
            events=marked[n_months:],
            past_level=log - terms[:n_months],
        )


def _visible(events: pd.DataFrame) -> list[str]:
    """Return the events that vary over the observed months, and so can be estimated."""
    return [str(name) for name in events.columns if events[name].nunique() > 1]
