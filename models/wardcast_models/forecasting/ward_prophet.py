"""Prophet on every ward series by itself: the usual way, kept to be compared with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.baseline import at_least_a_little, past_point_spread
from wardcast_models.forecasting.expectation import Expectation, season_and_level
from wardcast_models.forecasting.fitting import Fitting
from wardcast_models.forecasting.mean12 import last_year_mean
from wardcast_models.forecasting.model import Learned, Model
from wardcast_models.forecasting.prophet_engine import prophet_class


@dataclass(frozen=True, kw_only=True)
class WardProphet(Model):
    """Prophet with its defaults (straight trend with changepoints, additive yearly season) on the counts of each ward.

    Attributes:
        name: Name in the registry.
    """

    name: str = "ward_prophet"

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        return {"settings": "Prophet's defaults"}

    def expect(self, fitting: Fitting) -> Learned:
        """Learn from a fitting.

        Args:
            fitting: The panel up to an origin and what models share of it; only the area's wards are used.

        Returns:
            What the model expects of the area's wards. How sure it is comes from the past errors of the 12-month mean,
            which are about as large, as hundreds of further fits would be needed to learn its own.
        """
        trend, around = zip(*(_trend_and_mean(series, fitting.months) for series in fitting.counts), strict=True)
        log_trend, log_mean = np.log(np.stack(trend, axis=1)), np.log(np.stack(around, axis=1))
        season, shift = season_and_level((log_mean - log_trend)[:, :, 1:])
        return Learned(
            expectation=Expectation(
                level=np.exp(log_trend[:, :, 0] + shift),
                season=season,
                trend=log_trend[:, :, 1:] - log_trend[:, :, :1],
                events=np.zeros((1, *season.shape[1:])),
                follows_growth=False,
            ),
            spread=past_point_spread(last_year_mean, fitting),
            assumptions=("Every ward series has its own trend and season, which go on as before.",),
        )


def _trend_and_mean(
    series: NDArray[np.float64], months: pd.DatetimeIndex
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return trend and expected counts from the last month of `series` (W, T) on, each (W, 1 + H) and positive.

    What `Prophet.fit` and `Prophet.predict` do, step by step: all that depends on the months alone is done once and
    not again for every ward, which halves the time. A test holds it against Prophet's own.
    """
    n_months = series.shape[1]
    observed = ~np.isnan(series[0])
    counts = series[:, observed]
    trend, mean = np.repeat(counts[None, :, -1:], 1 + len(months) - n_months, axis=2).repeat(2, axis=0)
    model = prophet_class()(uncertainty_samples=0)
    inputs = model.preprocess(pd.DataFrame({"ds": months[:n_months][observed], "y": counts[0]}))
    data = asdict(inputs)
    asked = model.setup_dataframe(pd.DataFrame({"ds": months[n_months - 1 :]}))
    terms = model.make_all_seasonality_features(asked)[0].to_numpy(np.float64)
    with TemporaryDirectory(prefix="wardcast-") as folder:
        for ward in np.flatnonzero(np.ptp(counts, axis=1) > 0.0):  # a series that never moves stays where it is
            model.y_scale = counts[ward].max()
            model.history["y_scaled"] = data["y"] = pd.Series(counts[ward] / model.y_scale)
            start = asdict(model.calculate_initial_params(inputs.K))
            model.params = model.stan_backend.fit(start, data, seed=1, output_dir=folder)
            trend[ward] = model.predict_trend(asked)
            mean[ward] = trend[ward] + terms @ model.params["beta"][0] * model.y_scale
    return at_least_a_little(trend, series), at_least_a_little(mean, series)


WARD_PROPHET = WardProphet()
