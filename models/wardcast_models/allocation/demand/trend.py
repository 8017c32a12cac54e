"""How expected crime compares with the past, without mixing the season in where the data allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.plan import Assumption
from wardcast_models.panel.panel import Panel

A_YEAR = pd.DateOffset(years=1)


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Crimes a month, over the categories whose past is known: W wards, C categories.

    Attributes:
        expected_by_category: In the plan's months, 0 where the past is not known, shape (W, C).
        before_by_category: In the past that they are compared with, shape (W, C).
        is_crime: 1 for crimes, 0 for incidents of anti-social behaviour, shape (C,).
        year_earlier: True where the past is the same months a year earlier, False where it is the last 12 observed
            months, shape (W,).
    """

    expected_by_category: Array
    before_by_category: Array
    is_crime: Array
    year_earlier: NDArray[np.bool_]

    @property
    def expected(self) -> Array:
        """Crimes a month in the plan's months, shape (W,)."""
        return np.asarray(self.expected_by_category @ self.is_crime)

    @property
    def before(self) -> Array:
        """Crimes a month in the past that they are compared with, shape (W,)."""
        return np.asarray(self.before_by_category @ self.is_crime)

    @property
    def ratio(self) -> Array:
        """Expected over past crimes, 1 where there were none, shape (W,)."""
        return self.ratio_of(self.is_crime)

    def ratio_of(self, weight: Array) -> Array:
        """Return expected over past crimes and incidents of some categories.

        Args:
            weight: How much each category counts, shape (C,).

        Returns:
            1 where there were none, shape (W,).
        """
        before = self.before_by_category @ weight
        return np.divide(self.expected_by_category @ weight, before, out=np.ones(len(before)), where=before > 0)

    def assumption(self) -> Assumption:
        """Say what the changes in crime are measured against."""
        statement = "Changes in crime compare the plan's months with the same months a year earlier"
        otherwise = int((~self.year_earlier).sum())
        if otherwise == len(self.year_earlier):
            statement = (
                "Changes in crime compare the plan's months with the mean of the last 12 observed months, because the "
                "same months a year earlier were not observed; they mix season with trend"
            )
        elif otherwise:
            statement += (
                f"; in {otherwise} of {len(self.year_earlier)} wards these were not observed, and the mean of the "
                "last 12 observed months stands in, which mixes season with trend"
            )
        return Assumption(topic="Change in crime", statement=f"{statement}.", source="computed")


def crime_trend(demand: Demand, past: Panel) -> Trend:
    """Compare expected crime with the same months a year earlier.

    Args:
        demand: The demand.
        past: The panel, cut at the last month of data used.

    Returns:
        The comparison; a ward with a category known in the last 12 months but not in all of the months a year earlier
        is compared with the mean of the last 12.
    """
    forecast = demand.forecast
    earlier = past.months.get_indexer(forecast.months - A_YEAR)
    rows = np.array([past.ward_codes.index(code) for code in forecast.ward_codes])
    columns = np.array([past.categories.index(c) if c in past.categories else -1 for c in forecast.categories])
    counts = past.counts[np.ix_(rows, columns, earlier)]
    counts[:, columns < 0] = np.nan
    counts[:, :, earlier < 0] = np.nan
    a_year_ago = counts.mean(axis=2)
    recent = ~np.isnan(forecast.demand_history)
    year_earlier = ~(recent & np.isnan(a_year_ago)).any(axis=1)
    history = np.where(year_earlier[:, None], a_year_ago, forecast.demand_history)
    known = recent & ~np.isnan(history)
    return Trend(
        expected_by_category=np.where(known, demand.count.mean(axis=2), 0.0),
        before_by_category=np.where(known, history, 0.0),
        is_crime=demand.is_crime,
        year_earlier=year_earlier,
    )
