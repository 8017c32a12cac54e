"""What models of each ward series by itself share: a level and a season from a point forecast, and past errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.expectation import YEAR, Expectation, season_and_level
from wardcast_models.forecasting.fitting import Fitting
from wardcast_models.forecasting.model import Learned, Model
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS
from wardcast_models.forecasting.spread import Spread, spread_of
from wardcast_models.forecasting.ward_spread import ward_spread

Point = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Maps counts (W, T), NaN in months not observed, to the next 12 months (W, 12), positive; T is at least 12."""

_SMALLEST_SHARE_OF_MEAN = 0.05
_SMALLEST_COUNT = 0.01
_CHECK_EVERY_MONTHS = 6
_CHECK_ORIGINS = 12


@dataclass(frozen=True, kw_only=True)
class Baseline(Model):
    """A forecaster of each ward series by itself, without trend and without growth.

    Attributes:
        name: Name in the registry.
        point: The next 12 months of a category's wards; later years repeat them.
        assumption: What it takes for granted, a sentence.
    """

    name: str
    point: Point
    assumption: str

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        return {"season_months": YEAR}

    def expect(self, fitting: Fitting) -> Learned:
        """Learn from a fitting.

        Args:
            fitting: The panel up to an origin and what models share of it; only the area's wards are used.

        Returns:
            What the model expects of the area's wards, and how sure it is.
        """
        year = np.stack([at_least_a_little(self.point(series), series) for series in fitting.counts], axis=1)
        season, shift = season_and_level(np.log(np.tile(year, LONGEST_HORIZON_MONTHS // YEAR)))
        nothing = np.zeros((1, *season.shape[1:]))
        return Learned(
            expectation=Expectation(
                level=np.exp(shift), season=season, trend=nothing, events=nothing, follows_growth=False
            ),
            spread=past_point_spread(self.point, fitting),
            assumptions=(self.assumption,),
        )


def at_least_a_little(point: NDArray[np.float64], series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep a point forecast from being quite zero: a count distribution around nothing says "impossible".

    Args:
        point: Expected counts, shape (W, K).
        series: The counts learned from, shape (W, T); NaN in months not observed.

    Returns:
        Shape (W, K); positive.
    """
    usual = np.nanmean(series, axis=1, keepdims=True)
    return np.asarray(np.maximum(point, np.maximum(_SMALLEST_SHARE_OF_MEAN * usual, _SMALLEST_COUNT)))


def past_origins(n_months: int) -> list[int]:
    """Return after how many months the checks of a model of single series look ahead, the latest first.

    Args:
        n_months: Months of data.
    """
    return list(range(n_months - YEAR, YEAR - 1, -_CHECK_EVERY_MONTHS))[:_CHECK_ORIGINS]


def past_point_spread(point: Point, fitting: Fitting) -> Spread:
    """Compare the counts after past origins with the point forecasts made there.

    Args:
        point: The next 12 months of a category's wards.
        fitting: The panel up to an origin.

    Returns:
        The relative variances of all categories.
    """
    origins = past_origins(fitting.n_months)

    def made_at(series: NDArray[np.float64], origin: int) -> NDArray[np.float64]:
        known = series[:, :origin]
        if np.isnan(known).all():
            return np.full((len(series), YEAR), np.nan)
        return at_least_a_little(point(known), known)

    boroughs = fitting.boroughs[fitting.past.area_rows]
    return spread_of(
        [
            ward_spread(
                np.stack([series[:, origin : origin + YEAR] for origin in origins]),
                np.stack([made_at(series, origin) for origin in origins]),
                boroughs,
            )
            for series in fitting.counts
        ]
    )
