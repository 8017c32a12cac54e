"""A model of each category's pooled total x slowly moving ward shares, per resident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from wardcast_models.forecasting.ets_total import EtsTotal
from wardcast_models.forecasting.expectation import Expectation, season_and_level
from wardcast_models.forecasting.fitting import Fitting
from wardcast_models.forecasting.model import Learned, Model
from wardcast_models.forecasting.per_person import PRIOR_MEAN, PRIOR_SD
from wardcast_models.forecasting.pool import BOROUGH_MEMORY, SHARE_MEMORY
from wardcast_models.forecasting.prophet_total import ProphetTotal
from wardcast_models.forecasting.share_filter import BLOCK_MONTHS
from wardcast_models.forecasting.spread import PoolSpread, pool_spread, spread_of
from wardcast_models.forecasting.theta_total import ThetaTotal
from wardcast_models.forecasting.total import TotalForecast, TotalModel


@dataclass(frozen=True, kw_only=True)
class Pooled(Model):
    """A pooled forecaster.

    Counts are taken per exposure (residents to the power of their estimated effect), so that past growth is not
    extrapolated twice. The total of each category over all wards of the files (over the area's, where only they are
    observed) is left to a model of totals; a ward has its share of it and its own future growth.

    Attributes:
        name: Name in the registry.
        total: The model of a category's total.
        shares: `weighted`: exponentially weighted, the borough's part following its latest months (`pool`), or
            `drifting`: by a filter whose speed is learned (`share_filter`).
    """

    name: str
    total: TotalModel
    shares: Literal["weighted", "drifting"] = "weighted"

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        memory = {"share_memory": SHARE_MEMORY, "borough_memory": BOROUGH_MEMORY}
        return {
            "shares": self.shares,
            **(memory if self.shares == "weighted" else {"share_block_months": BLOCK_MONTHS}),
            "per_person_prior_mean": PRIOR_MEAN,
            "per_person_prior_sd": PRIOR_SD,
            **self.total.parameters(),
        }

    def expect(self, fitting: Fitting) -> Learned:
        """Learn from a fitting.

        Args:
            fitting: The panel up to an origin and what models share of it.

        Returns:
            What the model expects of the area's wards, and how sure it is.
        """
        totals = [
            self.total.forecast(pool.total, fitting.months, events)
            for pool, events in zip(fitting.pools, fitting.category_events, strict=True)
        ]
        season, shift = season_and_level(np.stack([total.season for total in totals]))
        level = np.array([total.level for total in totals]) * np.exp(shift)
        shares = fitting.weighted_shares if self.shares == "weighted" else fitting.drifting_shares
        return Learned(
            expectation=Expectation(
                level=shares.latest * level,
                season=season[None],
                trend=np.stack([total.trend for total in totals])[None],
                events=np.stack([total.events for total in totals])[None],
                follows_growth=True,
            ),
            spread=spread_of(shares.spread, self._pool_spread(fitting, totals)),
            assumptions=fitting.pool_notes,
        )

    @staticmethod
    def _pool_spread(fitting: Fitting, totals: list[TotalForecast]) -> PoolSpread:
        """Estimate how far the totals drift from their levels."""
        levels = np.stack([total.past_level for total in totals])
        return pool_spread(levels, np.stack([pool.total for pool in fitting.pools]))


POOLED_PROPHET = Pooled(name="pooled_prophet", total=ProphetTotal())
POOLED_ETS = Pooled(name="pooled_ets", total=EtsTotal())
POOLED_THETA = Pooled(name="pooled_theta", total=ThetaTotal(), shares="drifting")
POOLED_COUNT = Pooled(name="pooled_count", total=ThetaTotal(share_of_slope=0.0), shares="drifting")
"""Levels without trend, one shared season, and counts that speak for their ward as far as they are many."""
