"""Exposure: residents, jobs and visitors by ward and month under a delivery scenario, and how they move a forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting import residents as basis
from wardcast_models.forecasting.daytime import daytime
from wardcast_models.forecasting.exposure_notes import (
    SMALLEST_INDEX,
    exposure_notes,
    scenario_notes,
    shortage_notes,
)
from wardcast_models.forecasting.pipeline import (
    check_scenario,
    homes_to_come,
    named_wards,
    persons_completed,
    persons_projected,
)
from wardcast_models.forecasting.residents import Residents, residents
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.tables.visitors import visitor_wards
from wardcast_models.reference.taxonomy import taxonomy

_RECENT_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Residents, jobs and visitors of all wards of a panel, past and future.

    Each is counted once. Exposure of a ward is its residents plus its jobs and visitors in residents' worth. Where
    residents do not explain crime (town centres, stations) it is past crime, which does not grow, unless the ward's
    jobs or visitors are given by date: then it is those alone.

    W wards, T months of data up to `until`, H months ahead.

    Attributes:
        ward_codes: Length W, in the panel's order.
        months: Month starts, length T + H.
        until: Last month of data; month T - 1.
        scenario: Delivery scenario of the months ahead.
        persons: Residents, 0 or more, shape (W, T + H); an equal part of the borough's where only its growth is known,
            NaN where nothing is.
        level_known: Wards whose number of residents is known and not only its growth, shape (W,).
        from_homes: Of these, the residents of homes completed after `until`, shape (W, T + H); 0 where no homes of a
            housing pipeline are to come.
        daytime: Jobs and visitors in residents' worth, shape (W, T + H); 0 where none are known.
        steady: Wards whose crime is not explained by residents, shape (W,).
        by_daytime: Of these, the wards whose exposure is their jobs and visitors, shape (W,).
        own_growth: Wards whose past growth is their own (their projection's, older wards' carried to them, between
            their dated figures, or their completed homes') and not their borough's, shape (W,).
        source: Where level and growth come from.
        notes: What was assumed about the area's wards, each a sentence.
    """

    ward_codes: tuple[str, ...]
    months: pd.DatetimeIndex
    until: pd.Timestamp
    scenario: str
    persons: NDArray[np.float64]
    level_known: NDArray[np.bool_]
    from_homes: NDArray[np.float64]
    daytime: NDArray[np.float64]
    steady: NDArray[np.bool_]
    by_daytime: NDArray[np.bool_]
    own_growth: NDArray[np.bool_]
    source: str
    notes: tuple[str, ...]

    def index(self) -> NDArray[np.float64]:
        """Return exposure over that of the month `until`.

        Returns:
            Shape (W, T + H); 1 throughout for wards that are steady or without known residents.
        """
        return self._relative(self.persons, self.daytime)

    def residents_growth(self) -> NDArray[np.float64]:
        """Return the log growth of exposure since `until` that would come without any further homes, jobs or visitors.

        Returns:
            Shape (W, H); with `homes_growth` it adds up to the logarithm of `index` in the months ahead.
        """
        now = self._n_past - 1
        without = self._relative(self.persons - self.from_homes, self.daytime[:, now : now + 1])
        return np.asarray(np.log(without[:, self._n_past :]))

    def homes_growth(self) -> NDArray[np.float64]:
        """Return the log growth of exposure since `until` that further homes, jobs and visitors add to residents'.

        Returns:
            Shape (W, H); 0 where neither a housing pipeline nor jobs or visitors to come name the ward.
        """
        return np.asarray(np.log(self.index()[:, self._n_past :]) - self.residents_growth())

    @property
    def _n_past(self) -> int:
        """Number of months up to `until`, T."""
        return int(self.months.get_indexer(pd.DatetimeIndex([self.until]))[0]) + 1

    def _relative(self, persons: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return exposure of these residents and others (W, T + H) over the exposure of the month `until`."""
        now = self._n_past - 1
        total = np.where(self.by_daytime[:, None], 0.0, persons) + others
        with np.errstate(divide="ignore", invalid="ignore"):
            index = total / total[:, now : now + 1]
        flat = (self.steady & ~self.by_daytime) | ~np.isfinite(index).all(axis=1)
        return np.where(flat[:, None], 1.0, np.maximum(index, SMALLEST_INDEX))

    def to_frame(self) -> pd.DataFrame:
        """Return the long form `ward_code, month, persons, scenario`; wards without a known number are absent."""
        codes = np.array(self.ward_codes, dtype=object)
        index = pd.MultiIndex.from_product([codes, self.months], names=["ward_code", "month"])
        persons = np.where(self.level_known[:, None], self.persons, np.nan)
        frame = pd.DataFrame({"persons": persons.reshape(-1)}, index=index).dropna().reset_index()
        return frame.assign(scenario=self.scenario)


def build_exposure(panel: Panel, *, horizon_months: int, until: pd.Timestamp, scenario: str = "as_planned") -> Exposure:
    """Build the exposure by ward and month that counts are modelled per.

    Homes are counted once. Where every scheme of a ward with homes to come says how many of them the projection holds
    (`homes_in_projection`), those are taken out of the projection's growth after `until` and the scheme's homes put in
    their place; where that is unknown for one of them, completed homes replace the projection's growth altogether.
    Without homes to come (jobs alone, or all homes complete) the projection's growth stays as it is.

    Args:
        panel: The panel; counts after `until` are not looked at.
        horizon_months: Months ahead, H.
        until: Last month of data used.
        scenario: Delivery scenario, one of `pipeline.SCENARIOS`.

    Returns:
        The exposure of all wards of the panel.

    Raises:
        WardcastError: The scenario does not exist, or `until` lies outside the panel.
    """
    check_scenario(scenario)
    past = panel.up_to(until)
    ahead = pd.date_range(until, periods=horizon_months + 1, freq="MS")[1:]
    months = pd.DatetimeIndex(past.months.append(ahead))
    known = residents(panel, months)
    figures, from_homes, replaced = _with_pipeline(panel, known, months, until=until, scenario=scenario)
    persons = np.maximum(figures, 0.0)
    others = daytime(panel, months, until=until, scenario=scenario)
    steady = _busy_wards(past, np.where(known.level_known, persons[:, len(past.months) - 1], np.nan))
    return Exposure(
        ward_codes=panel.ward_codes,
        months=months,
        until=until,
        scenario=scenario,
        persons=persons,
        level_known=known.level_known,
        from_homes=from_homes,
        daytime=others.worth,
        steady=steady,
        by_daytime=steady & others.total,
        own_growth=(known.method != basis.BOROUGH) | (known.n_dated > 1),
        source=known.source,
        notes=(
            *exposure_notes(panel, known, others, steady=steady, replaced=replaced, until=until, scenario=scenario),
            *shortage_notes(panel, months, figures),
            *scenario_notes(panel, months, until=until, scenario=scenario),
        ),
    )


def _with_pipeline(
    panel: Panel, known: Residents, months: pd.DatetimeIndex, *, until: pd.Timestamp, scenario: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return residents with completed homes, those of homes after `until`, both (W, T + H), and replaced wards (W,).

    In replaced wards homes stand for all growth to come. Past months of a ward without any projection and with a single
    dated figure differ from it by the homes completed before or after, the same in every scenario.
    """
    homes = persons_completed(panel.pipeline, panel.ward_codes, months, until=until, scenario=scenario)
    past = known.persons + _completed_since_figure(panel, known, homes, until=until)
    coming = homes_to_come(panel.pipeline, until=until)
    named = named_wards(coming, panel.ward_codes)
    now = int(months.get_indexer(pd.DatetimeIndex([until]))[0])
    ahead = np.arange(len(months)) > now
    to_come = np.where(ahead[None, :], homes - homes[:, now : now + 1], 0.0)
    projected = persons_projected(coming, panel.ward_codes, months)
    replaced = named & ((known.method == basis.NONE) | np.isnan(projected).any(axis=1))
    growing = past - (projected - projected[:, now : now + 1])
    without = np.where(replaced[:, None], past[:, now : now + 1], growing)
    return np.where(named[:, None] & ahead[None, :], without + to_come, past), to_come, replaced


def _completed_since_figure(
    panel: Panel, known: Residents, homes: NDArray[np.float64], *, until: pd.Timestamp
) -> NDArray[np.float64]:
    """Return residents of homes (W, T + H) less those when a ward without a projection had its one dated figure.

    The figure may be later than the data: homes complete by it as dated, or the scenario would change the past.
    """
    alone = np.flatnonzero(known.by_one_figure)
    days, which = np.unique(known.last_dated[alone], return_inverse=True)
    dates = basis.standing_month(pd.DatetimeIndex(days))
    by_figure = persons_completed(panel.pipeline, panel.ward_codes, dates, until=until, scenario="as_planned")
    since = np.zeros_like(homes)
    since[alone] = homes[alone] - by_figure[alone, which][:, None]
    return since


def _busy_wards(past: Panel, persons_now: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the wards (W,) whose recent crime residents do not explain."""
    crimes = [number for number, category in enumerate(past.categories) if taxonomy()[category].crime]
    recent = past.counts[:, crimes, -_RECENT_MONTHS:]
    observed = ~np.isnan(recent)
    mean = np.where(observed, recent, 0.0).sum(axis=2) / np.maximum(observed.sum(axis=2), 1)
    rate = mean.sum(axis=1) / np.where(persons_now > 0, persons_now, np.nan)
    return visitor_wards(rate, past.wards["area_code"].to_numpy())
