"""Prophet on the pooled total of each category x slowly moving ward shares, per resident."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.exposure import Exposure, build_exposure
from wardcast_models.forecasting.forecaster import TrainedForecaster
from wardcast_models.forecasting.per_person import PRIOR_MEAN, PRIOR_SD, PerPersonEffect, per_person_effect
from wardcast_models.forecasting.pipeline import SCENARIOS
from wardcast_models.forecasting.pool import (
    BOROUGH_MEMORY,
    SHARE_MEMORY,
    Pool,
    memory_weights,
    pool_category,
    ward_shares,
)
from wardcast_models.forecasting.prophet_total import ProphetSettings, TotalForecast, forecast_total
from wardcast_models.forecasting.regimes import event_regressors
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS, Scope, scope_of
from wardcast_models.forecasting.spread import Spread, WardSpread, pool_spread, ward_spread
from wardcast_models.forecasting.trained import Growth, borough_numbers, trained_counts
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import event_labels

_CHECK_EVERY_MONTHS = 6
_CHECK_ORIGINS = 12
_CHECK_MONTHS = 12
_FIRST_CHECK_MONTH = 12


@dataclass(frozen=True, kw_only=True)
class PooledProphet:
    """The pooled forecaster.

    Counts are taken per exposure (residents to the power of their estimated effect), so that past growth is not
    extrapolated twice. The total of each category over all wards of the files (over the area's, where only they are
    observed) is Prophet's; a ward has its exponentially weighted share of it, its borough's part following its latest
    months, and its own future growth.

    Attributes:
        name: Name in the registry.
        prophet: Prophet's settings.
    """

    name: str = "pooled_prophet"
    prophet: ProphetSettings = field(default_factory=ProphetSettings)

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        return {
            "share_memory": SHARE_MEMORY,
            "borough_memory": BOROUGH_MEMORY,
            "per_person_prior_mean": PRIOR_MEAN,
            "per_person_prior_sd": PRIOR_SD,
            **asdict(self.prophet),
        }

    def fit(self, panel: Panel, *, until: pd.Timestamp) -> TrainedForecaster:
        """Learn from the panel up to and including the month `until`; nothing later is looked at.

        Args:
            panel: The panel; all its wards are learned from, results are for its area.
            until: Last month used.

        Returns:
            The fitted forecaster.

        Raises:
            WardcastError: `until` lies outside the panel, or the data are too short.
        """
        past = panel.up_to(until)
        scope = scope_of(past)
        exposures = {
            scenario: build_exposure(past, horizon_months=LONGEST_HORIZON_MONTHS, until=until, scenario=scenario)
            for scenario in SCENARIOS
        }
        n_months = len(past.months)
        planned = exposures[SCENARIOS[0]]
        persons = planned.index()[:, :n_months]
        effect = per_person_effect(_steadily_observed_crime(past, scope), persons, planned.own_growth)
        index = persons**effect.mean
        area = past.area_rows
        boroughs = borough_numbers(past)
        pools = [pool_category(past.counts[:, place], index, area, boroughs) for place in scope.positions]
        events = event_regressors(planned.months, until=until)
        totals = [forecast_total(pool.total, planned.months, events, self.prophet) for pool in pools]
        prior = _share_of_all_crime(past, index, scope)
        mean = np.stack(
            [
                _area_shares(pool, prior, area, n_months)[:, None] * total.ahead
                for pool, total in zip(pools, totals, strict=True)
            ],
            axis=1,
        )
        return trained_counts(
            self.name,
            past,
            scope,
            mean=mean,
            growth={name: _growth(exposure, effect, area, n_months) for name, exposure in exposures.items()},
            spread=_spread(past, pools, totals, prior),
            assumptions=(*_assumptions(past, pools, events), *_said_of(effect, planned.index()[area])),
        )


def _share_of_all_crime(past: Panel, index: NDArray[np.float64], scope: Scope) -> NDArray[np.float64]:
    """Return each ward's recent crime of all categories at today's exposure, shape (W,); positive."""
    counts = np.nan_to_num(past.counts[:, scope.positions]).sum(axis=1) / index
    return np.asarray(counts @ memory_weights(len(past.months)) + 1.0)


def _shares(pool: Pool, all_crime: NDArray[np.float64], n_months: int) -> NDArray[np.float64]:
    """Return the shares of the pool's wards after `n_months` months, shape (P,)."""
    prior = all_crime[pool.rows]
    return ward_shares(pool, prior / prior.sum(), n_months)


def _area_shares(
    pool: Pool, all_crime: NDArray[np.float64], area: NDArray[np.intp], n_months: int
) -> NDArray[np.float64]:
    """Return the shares of the area's wards in the pool, shape (W,)."""
    place = np.searchsorted(pool.rows, area)
    return _shares(pool, all_crime, n_months)[place]


def _steadily_observed_crime(past: Panel, scope: Scope) -> NDArray[np.float64]:
    """Return the crime of the categories observed in all wards and months, shape (W, T)."""
    counts = past.counts[:, scope.positions]
    return np.asarray(counts[:, ~np.isnan(counts).any(axis=(0, 2))].sum(axis=1))


def _said_of(effect: PerPersonEffect, index: NDArray[np.float64]) -> tuple[str, ...]:
    """Say how far crime follows residents, where the exposure index (W, T + H) moves at all."""
    return (effect.note,) if (index != 1.0).any() else ()


def _growth(exposure: Exposure, effect: PerPersonEffect, area: NDArray[np.intp], n_months: int) -> Growth:
    """Return what future residents do to the forecast, and residents over those of the fitting window."""
    index = exposure.index()[area]
    weights = memory_weights(n_months)
    window = index[:, :n_months] @ weights / weights.sum()
    ahead = index[:, n_months:]
    return Growth(
        factor=ahead**effect.mean,
        over_window=ahead / window[:, None],
        notes=exposure.notes,
        exponent_sd=effect.sd,
    )


def _spread(past: Panel, pools: list[Pool], totals: list[TotalForecast], all_crime: NDArray[np.float64]) -> Spread:
    """Estimate every category's spread: the pool's from its level, the wards' from past shares."""
    together = pool_spread(np.stack([total.level for total in totals]), np.stack([pool.total for pool in pools]))
    parts = [_past_shares_spread(past, pool, all_crime) for pool in pools]
    return Spread(
        drift=together.drift,
        level=together.level,
        wobble=together.wobble,
        borough=np.array([part.borough for part in parts]),
        ward=np.array([part.ward for part in parts]),
        month=np.array([part.month for part in parts]),
        common=together.common,
    )


def _past_shares_spread(past: Panel, pool: Pool, all_crime: NDArray[np.float64]) -> WardSpread:
    """Compare the counts after past origins with the shares known there, given the pool's true total."""
    n_months = len(past.months)
    origins = range(n_months - _CHECK_MONTHS, _FIRST_CHECK_MONTH - 1, -_CHECK_EVERY_MONTHS)
    shape = (min(len(origins), _CHECK_ORIGINS), len(pool.rows), _CHECK_MONTHS)
    actual, expected = np.full(shape, np.nan), np.full(shape, np.nan)
    for number, origin in enumerate(list(origins)[:_CHECK_ORIGINS]):
        ahead = slice(origin, origin + _CHECK_MONTHS)
        if np.isnan(pool.total[:origin]).all():
            continue
        share = _shares(pool, all_crime, origin)
        expected[number] = share[:, None] * pool.total[ahead] * pool.index[:, ahead]
        actual[number] = pool.counts[:, ahead] * pool.index[:, ahead]
    return ward_spread(actual, expected, pool.boroughs)


def _assumptions(past: Panel, pools: list[Pool], events: pd.DataFrame) -> tuple[str, ...]:
    """Say what was pooled and which events were marked."""
    n_area = len(past.area_rows)
    wide = [len(pool.rows) for pool in pools if len(pool.rows) > n_area]
    notes = []
    if wide:
        notes.append(
            f"Trend and season of {len(wide)} of {len(pools)} categories are learned from all {max(wide)} wards of the "
            "files, of the others from the area's wards alone."
            if len(wide) < len(pools)
            else f"Trend and season are learned from all {max(wide)} wards of the files."
        )
    else:
        notes.append("Trend and season are learned from the area's wards alone.")
    if len(events.columns):
        labels = event_labels()
        listed = ", ".join(labels[str(name)] for name in events.columns)
        notes.append(f"Marked as events that the trend is not drawn through: {listed}.")
    return tuple(notes)
