"""What the simple forecasters share: a point forecast per ward series, and honest counts around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.forecaster import TrainedForecaster
from wardcast_models.forecasting.pipeline import SCENARIOS
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS, scope_of
from wardcast_models.forecasting.spread import Spread, WardSpread, ward_spread
from wardcast_models.forecasting.trained import Growth, borough_numbers, trained_counts
from wardcast_models.panel.panel import Panel

YEAR = 12

Point = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Maps counts (W, T), NaN in months not observed, to the next 12 months (W, 12), positive; T is at least 12."""

_NO_GROWTH = "Growth of residents and homes is not taken into account, so delivery scenarios change nothing."
_SMALLEST_SHARE_OF_MEAN = 0.05
_SMALLEST_COUNT = 0.01
_CHECK_EVERY_MONTHS = 3
_CHECK_ORIGINS = 24


@dataclass(frozen=True, kw_only=True)
class Baseline:
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

    def fit(self, panel: Panel, *, until: pd.Timestamp) -> TrainedForecaster:
        """Learn from the panel up to and including the month `until`; nothing later is looked at.

        Args:
            panel: The panel; only the area's wards are used.
            until: Last month used.

        Returns:
            The fitted forecaster.

        Raises:
            WardcastError: `until` lies outside the panel, or the data are too short.
        """
        past = panel.up_to(until)
        scope = scope_of(past)
        boroughs = borough_numbers(past)[past.area_rows]
        counts = past.counts[past.area_rows][:, scope.positions]
        series = [_complete_months(counts[:, number]) for number in range(counts.shape[1])]
        years = LONGEST_HORIZON_MONTHS // YEAR
        mean = np.stack([np.tile(_at_least_a_little(self.point, one), years) for one in series], axis=1)
        ones = np.ones((len(past.area_rows), LONGEST_HORIZON_MONTHS))
        growth = Growth(factor=ones, over_window=ones, notes=())
        return trained_counts(
            self.name,
            past,
            scope,
            mean=mean,
            growth=dict.fromkeys(SCENARIOS, growth),
            spread=_spread([self._past_errors(one, boroughs) for one in series]),
            assumptions=(self.assumption, _NO_GROWTH),
        )

    def _past_errors(self, series: NDArray[np.float64], boroughs: NDArray[np.intp]) -> WardSpread:
        """Compare the counts after past origins with the point forecasts made there."""
        n_months = series.shape[1]
        origins = list(range(n_months - YEAR, YEAR - 1, -_CHECK_EVERY_MONTHS))[:_CHECK_ORIGINS]
        actual = np.stack([series[:, origin : origin + YEAR] for origin in origins])
        expected = np.stack([_at_least_a_little(self.point, series[:, :origin]) for origin in origins])
        return ward_spread(actual, expected, boroughs)


def _complete_months(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Blank the months (of W, T) in which not every ward is observed."""
    return np.where(np.isnan(counts.sum(axis=0))[None, :], np.nan, counts)


def _at_least_a_little(point: Point, series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the point forecast (W, 12), never quite zero: a count distribution around nothing says "impossible"."""
    if np.isnan(series).all():
        return np.full((len(series), YEAR), np.nan)
    usual = np.nanmean(series, axis=1, keepdims=True)
    return np.asarray(np.maximum(point(series), np.maximum(_SMALLEST_SHARE_OF_MEAN * usual, _SMALLEST_COUNT)))


def _spread(parts: list[WardSpread]) -> Spread:
    """Put the categories' spreads together; there is no pool."""
    zeros = np.zeros(len(parts))
    return Spread(
        drift=zeros,
        level=zeros,
        wobble=zeros,
        borough=np.array([part.borough for part in parts]),
        ward=np.array([part.ward for part in parts]),
        month=np.array([part.month for part in parts]),
        common=0.0,
    )
