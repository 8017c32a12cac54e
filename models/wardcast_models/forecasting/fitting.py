"""What models learn from at one origin: computed once, however many of them share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.exposure import Exposure, build_exposure
from wardcast_models.forecasting.growth import Growth
from wardcast_models.forecasting.per_person import PerPersonEffect, per_person_effect
from wardcast_models.forecasting.pipeline import SCENARIOS
from wardcast_models.forecasting.pool import Pool, memory_weights, pool_category
from wardcast_models.forecasting.regimes import event_regressors, marked_spans
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS, Scope, scope_of
from wardcast_models.forecasting.share_filter import drifting_shares
from wardcast_models.forecasting.shares import AreaShares, KnownShares, area_shares, weighted_shares
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import event_labels
from wardcast_models.reference.taxonomy import taxonomy


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """The panel up to an origin, and what several models need of it, each computed when first asked for.

    W wards of the area, A wards of the panel, C categories forecast, T months of data,
    H = `LONGEST_HORIZON_MONTHS` months ahead.

    Attributes:
        past: The panel, ending with the last month learned from.
        scope: The categories forecast.
    """

    past: Panel
    scope: Scope

    @property
    def n_months(self) -> int:
        """Months of data, T."""
        return len(self.past.months)

    @property
    def until(self) -> pd.Timestamp:
        """Last month learned from."""
        return self.past.last_month

    @cached_property
    def boroughs(self) -> NDArray[np.intp]:
        """Borough number of each ward of the panel, from 0, shape (A,)."""
        return np.asarray(pd.factorize(self.past.wards["area_code"])[0], dtype=np.intp)

    @cached_property
    def counts(self) -> NDArray[np.float64]:
        """Counts of the area's wards, shape (C, W, T); NaN in months in which not every ward is observed."""
        counts = self.past.counts[self.past.area_rows][:, self.scope.positions].transpose(1, 0, 2)
        return np.where(np.isnan(counts.sum(axis=1))[:, None, :], np.nan, counts)

    @cached_property
    def exposures(self) -> dict[str, Exposure]:
        """Residents by delivery scenario."""
        return {
            scenario: build_exposure(
                self.past, horizon_months=LONGEST_HORIZON_MONTHS, until=self.until, scenario=scenario
            )
            for scenario in SCENARIOS
        }

    @cached_property
    def months(self) -> pd.DatetimeIndex:
        """Month starts of past and future, length T + H."""
        return pd.date_range(self.past.first_month, periods=self.n_months + LONGEST_HORIZON_MONTHS, freq="MS")

    @cached_property
    def persons_index(self) -> NDArray[np.float64]:
        """Past exposure over that of the last month, shape (A, T)."""
        return self.exposures[SCENARIOS[0]].index()[:, : self.n_months]

    @cached_property
    def effect(self) -> PerPersonEffect:
        """How far crime follows residents."""
        counts = self.past.counts[:, self.scope.positions]
        steadily = counts[:, ~np.isnan(counts).any(axis=(0, 2))].sum(axis=1)
        return per_person_effect(steadily, self.persons_index, self.exposures[SCENARIOS[0]].own_growth, self.boroughs)

    @cached_property
    def index(self) -> NDArray[np.float64]:
        """What past counts are divided by to be at today's exposure, shape (A, T)."""
        return np.asarray(self.persons_index**self.effect.mean)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Regressors of all marked events, one row a month of `months`."""
        return event_regressors(self.months, until=self.until, spans=marked_spans(self.past))

    @cached_property
    def category_events(self) -> tuple[pd.DataFrame, ...]:
        """The same of the events that concern each category; length C."""
        return tuple(
            event_regressors(self.months, until=self.until, spans=marked_spans(self.past, category))
            for category in self.scope.categories
        )

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """Each category pooled over as many wards as are observed together; length C."""
        area = self.past.area_rows
        return tuple(
            pool_category(self.past.counts[:, place], self.index, area, self.boroughs) for place in self.scope.positions
        )

    @cached_property
    def weighted_shares(self) -> AreaShares:
        """Exponentially weighted shares of the area's wards in each category's pool."""
        return self._shares(weighted_shares)

    @cached_property
    def drifting_shares(self) -> AreaShares:
        """Shares of the area's wards in each category's pool by the share filter."""
        return self._shares(drifting_shares)

    @cached_property
    def growth(self) -> dict[str, Growth]:
        """Future exposure of the area's wards by delivery scenario."""
        return {scenario: self._growth(exposure) for scenario, exposure in self.exposures.items()}

    @cached_property
    def effect_note(self) -> tuple[str, ...]:
        """How far crime follows residents, a sentence, where residents of the area change at all."""
        index = self.exposures[SCENARIOS[0]].index()[self.past.area_rows]
        return (self.effect.note,) if (index != 1.0).any() else ()

    @cached_property
    def pool_notes(self) -> tuple[str, ...]:
        """What was pooled and which events were marked, each a sentence."""
        n_area, n_pools = len(self.past.area_rows), len(self.pools)
        wide = [len(pool.rows) for pool in self.pools if len(pool.rows) > n_area]
        if not wide:
            pooled = "Trend and season are learned from the area's wards alone."
        elif len(wide) < n_pools:
            pooled = (
                f"Trend and season of {len(wide)} of {n_pools} categories are learned from all {max(wide)} wards of "
                "the files, of the others from the area's wards alone."
            )
        else:
            pooled = f"Trend and season are learned from all {max(wide)} wards of the files."
        if not len(self.events.columns):
            return (pooled,)
        labels = event_labels(marked_spans(self.past))
        listed = ", ".join(labels[str(name)] for name in self.events.columns)
        return (pooled, f"Marked as events that the trend is not drawn through: {listed}.")

    @cached_property
    def _all_crime(self) -> NDArray[np.float64]:
        """Each ward's recent crime at today's exposure, of the categories observed in all wards, shape (A,); positive.

        What is observed in some wards only would make these look like places of crime; incidents that are no crimes
        (anti-social behaviour, fires) count only where nothing else is forecast.
        """
        counts = self.past.counts[:, self.scope.positions]
        everywhere = (~np.isnan(counts).all(axis=2)).all(axis=0)
        is_crime = np.array([taxonomy()[category].crime for category in self.scope.categories], dtype=np.bool_)
        chosen = next((kept for kept in (everywhere & is_crime, everywhere) if kept.any()), np.ones_like(everywhere))
        crimes = np.nan_to_num(counts[:, chosen]).sum(axis=1) / self.index
        return np.asarray(crimes @ memory_weights(self.n_months) + 1.0)

    def _shares(self, known: Callable[[Pool, NDArray[np.float64]], KnownShares]) -> AreaShares:
        """Learn shares of every pool, the prior being its wards' shares of all crime up to now, at past origins too."""
        priors = (self._all_crime[pool.rows] for pool in self.pools)
        shares = [known(pool, prior / prior.sum()) for pool, prior in zip(self.pools, priors, strict=True)]
        return area_shares(self.pools, shares, self.past.area_rows)

    def _growth(self, exposure: Exposure) -> Growth:
        """Return what future residents do to a forecast, and residents over those of the fitting window."""
        area = self.past.area_rows
        index = exposure.index()[area]
        weights = memory_weights(self.n_months)
        window = index[:, : self.n_months] @ weights / weights.sum()
        return Growth(
            residents=self.effect.mean * exposure.residents_growth()[area],
            homes=self.effect.mean * exposure.homes_growth()[area],
            over_window=index[:, self.n_months :] / window[:, None],
            notes=exposure.notes,
            exponent_sd=self.effect.sd,
        )


def fitting_of(panel: Panel, until: pd.Timestamp) -> Fitting:
    """Cut a panel at an origin and choose what can be forecast there.

    Args:
        panel: The panel; nothing after `until` is looked at.
        until: Last month used.

    Returns:
        What models learn from.

    Raises:
        WardcastError: `until` lies outside the panel, or the data are too short.
    """
    past = panel.up_to(until)
    return Fitting(past=past, scope=scope_of(past))
