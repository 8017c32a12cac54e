"""What a fitted forecaster keeps: expectations, exposure and spread, small enough to log and to ship."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.paths import draw_paths
from wardcast_models.forecasting.pipeline import check_scenario
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS, Scope, recent_means
from wardcast_models.forecasting.spread import Spread
from wardcast_models.panel.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Future exposure of the area's wards under one delivery scenario.

    Attributes:
        factor: What the expectation is multiplied by, shape (W, `LONGEST_HORIZON_MONTHS`).
        over_window: Persons in the target month over persons in the fitting window, same shape.
        notes: What was assumed, each a sentence.
        exponent_sd: Standard deviation of the exponent that `factor` has over exposure; 0 where there is no growth.
    """

    factor: NDArray[np.float64]
    over_window: NDArray[np.float64]
    notes: tuple[str, ...]
    exponent_sd: float = 0.0

    def loading(self, horizon_months: int) -> NDArray[np.float64]:
        """Return the standard deviation of the logarithm of growth that not knowing its exponent makes.

        Counts of the fitting window were divided by exposure to the same exponent, so growth since then counts, not
        only growth after the last month.

        Args:
            horizon_months: Months ahead, H.

        Returns:
            Shape (W, H); below 0 where residents become fewer.
        """
        return np.asarray(self.exponent_sd * np.log(self.over_window[:, :horizon_months]))


@dataclass(frozen=True, kw_only=True)
class TrainedCounts:
    """A fitted forecaster: the expectation of every ward, category and month ahead, and its spread.

    W wards of the area, C categories, `LONGEST_HORIZON_MONTHS` months ahead.

    Attributes:
        name: Name of the forecaster.
        area_code: GSS code of the area.
        ward_codes: Length W.
        ward_names: Length W.
        categories: Length C.
        until: Last month learned from.
        mean: Expected counts at the exposure of `until`, shape (W, C, `LONGEST_HORIZON_MONTHS`).
        growth: Future exposure by scenario.
        spread: Relative variances.
        boroughs: Borough number of each ward, shape (W,).
        demand_history: Mean monthly count of the last 12 observed months, shape (W, C).
        panel_digest: Digest of the panel.
        synthetic: True for the embedded sample.
        assumptions: What the forecaster assumed, each a sentence.
    """

    name: str
    area_code: str
    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    until: pd.Timestamp
    mean: NDArray[np.float64]
    growth: dict[str, Growth]
    spread: Spread
    boroughs: NDArray[np.intp]
    demand_history: NDArray[np.float64]
    panel_digest: str
    synthetic: bool
    assumptions: tuple[str, ...]

    def forecast(
        self, *, horizon_months: int, n_paths: int = 500, seed: int = 0, scenario: str = "as_planned"
    ) -> Forecast:
        """Draw joint sample paths for the months after the last one trained on.

        Args:
            horizon_months: Months ahead, 1 to 36.
            n_paths: Number of sample paths.
            seed: Seed; the same seed gives the same paths.
            scenario: Population and housing scenario.

        Returns:
            The forecast for the panel's area.

        Raises:
            WardcastError: The horizon, the number of paths or the scenario is out of range.
        """
        _check_range("horizon_months", horizon_months, LONGEST_HORIZON_MONTHS)
        _check_range("n_paths", n_paths, 100_000)
        check_scenario(scenario)
        growth = self.growth[scenario]
        mean = self.mean[:, :, :horizon_months] * growth.factor[:, None, :horizon_months]
        return Forecast(
            area_code=self.area_code,
            ward_codes=self.ward_codes,
            ward_names=self.ward_names,
            categories=self.categories,
            months=pd.date_range(self.until, periods=horizon_months + 1, freq="MS")[1:],
            paths=draw_paths(
                mean,
                self.spread,
                self.boroughs,
                growth_loading=growth.loading(horizon_months),
                n_paths=n_paths,
                seed=seed,
            ),
            demand_history=self.demand_history,
            exposure_growth=growth.over_window[:, :horizon_months],
            until=self.until,
            model=self.name,
            seed=seed,
            scenario=scenario,
            panel_digest=self.panel_digest,
            synthetic=self.synthetic,
            assumptions=(*self.assumptions, *growth.notes),
        )


def trained_counts(
    name: str,
    past: Panel,
    scope: Scope,
    *,
    mean: NDArray[np.float64],
    growth: dict[str, Growth],
    spread: Spread,
    assumptions: tuple[str, ...],
) -> TrainedCounts:
    """Put together what a forecaster found for the panel's area.

    Args:
        name: Name of the forecaster.
        past: The panel, ending with the last month learned from.
        scope: The categories forecast.
        mean: Expected counts at the last month's exposure, shape (W, C, `LONGEST_HORIZON_MONTHS`).
        growth: Future exposure by scenario.
        spread: Relative variances.
        assumptions: What the forecaster assumed.

    Returns:
        The trained forecaster.
    """
    names = past.ward_names
    return TrainedCounts(
        name=name,
        area_code=past.area.code,
        ward_codes=past.area.ward_codes,
        ward_names=tuple(names[code] for code in past.area.ward_codes),
        categories=scope.categories,
        until=past.last_month,
        mean=mean,
        growth=growth,
        spread=spread,
        boroughs=borough_numbers(past)[past.area_rows],
        demand_history=recent_means(past, scope),
        panel_digest=past.digest,
        synthetic=past.synthetic,
        assumptions=(*scope.notes, *assumptions),
    )


def borough_numbers(panel: Panel) -> NDArray[np.intp]:
    """Number the boroughs of a panel's wards from 0, shape (W,)."""
    return np.asarray(pd.factorize(panel.wards["area_code"])[0], dtype=np.intp)


def _check_range(field: str, value: int, most: int) -> None:
    """Refuse a number below 1 or above `most`."""
    if not 1 <= value <= most:
        raise invalid_input(
            f"`{field}` is out of range.",
            Problem(where=field, expected=f"1 to {most}", found=str(value), mend="Choose a number in this range."),
        )
