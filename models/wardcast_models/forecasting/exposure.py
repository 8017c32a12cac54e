"""Exposure: residents by ward and month under a delivery scenario, and how far they move a forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting import residents as basis
from wardcast_models.forecasting.pipeline import PERSONS_PER_HOME, check_scenario, persons_completed
from wardcast_models.forecasting.residents import Residents, residents
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.visitors import VISITOR_RATIO, visitor_wards
from wardcast_models.reference.taxonomy import ASB

SMALLEST_INDEX = 0.1
"""A past month counts as at least this share of today's residents, so that a near-empty past ward is not blown up."""

_RECENT_MONTHS = 12
_MOST_NAMES = 6


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Residents of all wards of a panel, past and future.

    W wards, T months of data up to `until`, H months ahead.

    Attributes:
        ward_codes: Length W, in the panel's order.
        months: Month starts, length T + H.
        until: Last month of data; month T - 1.
        scenario: Delivery scenario of the months ahead.
        persons: Residents, shape (W, T + H); NaN where unknown.
        steady: Wards whose crime is not explained by residents (town centres, stations), shape (W,): their exposure
            is their lagged crime, so that growth does not move their forecast.
        own_growth: Wards whose past growth is their own (their projection's or their completed homes') and neither
            carried from older wards nor their borough's, shape (W,).
        source: Where level and growth come from.
        notes: What was assumed about the area's wards, each a sentence.
    """

    ward_codes: tuple[str, ...]
    months: pd.DatetimeIndex
    until: pd.Timestamp
    scenario: str
    persons: NDArray[np.float64]
    steady: NDArray[np.bool_]
    own_growth: NDArray[np.bool_]
    source: str
    notes: tuple[str, ...]

    def index(self) -> NDArray[np.float64]:
        """Return exposure over that of the month `until`.

        Returns:
            Shape (W, T + H); 1 throughout for wards that are steady or without known residents.
        """
        now = int(self.months.get_indexer(pd.DatetimeIndex([self.until]))[0])
        with np.errstate(divide="ignore", invalid="ignore"):
            index = self.persons / self.persons[:, now : now + 1]
        flat = self.steady | ~np.isfinite(index).all(axis=1)
        return np.where(flat[:, None], 1.0, np.maximum(index, SMALLEST_INDEX))

    def to_frame(self) -> pd.DataFrame:
        """Return the long form `ward_code, month, persons, scenario`; unknown residents are absent."""
        codes = np.array(self.ward_codes, dtype=object)
        index = pd.MultiIndex.from_product([codes, self.months], names=["ward_code", "month"])
        frame = pd.DataFrame({"persons": self.persons.reshape(-1)}, index=index).dropna().reset_index()
        return frame.assign(scenario=self.scenario)


def build_exposure(panel: Panel, *, horizon_months: int, until: pd.Timestamp, scenario: str = "as_planned") -> Exposure:
    """Build the residents by ward and month that counts are modelled per.

    A projection already contains homes, so a housing pipeline never adds to it: for the wards it names, completed
    homes replace the projection's growth after `until`.

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
    persons, named = _with_pipeline(panel, known, months, until=until, scenario=scenario)
    steady = _busy_wards(past, persons[:, len(past.months) - 1])
    return Exposure(
        ward_codes=panel.ward_codes,
        months=months,
        until=until,
        scenario=scenario,
        persons=persons,
        steady=steady,
        own_growth=~np.isin(known.method, [basis.CARRIED, basis.BOROUGH]),
        source=known.source,
        notes=(
            *_notes(panel, known, named, steady, scenario=scenario),
            *_scenario_notes(panel, months, until=until, scenario=scenario),
        ),
    )


def _with_pipeline(
    panel: Panel, known: Residents, months: pd.DatetimeIndex, *, until: pd.Timestamp, scenario: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return residents with completed homes (W, T + H), and which wards the pipeline names (W,).

    Past months of a ward without any projection grow with the homes completed since the Census.
    """
    named = np.isin(np.array(panel.ward_codes), panel.pipeline["ward_code"].to_numpy(dtype=str))
    if not named.any():
        return known.persons, named
    homes = persons_completed(panel.pipeline, panel.ward_codes, months, until=until, scenario=scenario)
    census = pd.DatetimeIndex([basis.CENSUS_MONTH])
    by_census = persons_completed(panel.pipeline, panel.ward_codes, census, until=until, scenario=scenario)
    constant = known.persons + homes - by_census
    past = np.where((named & (known.method == basis.NONE))[:, None], constant, known.persons)
    now = int(months.get_indexer(pd.DatetimeIndex([until]))[0])
    future = past[:, now : now + 1] + homes - homes[:, now : now + 1]
    replaced = named[:, None] & (np.arange(len(months)) > now)[None, :]
    return np.where(replaced, future, past), named


def _busy_wards(past: Panel, persons_now: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the wards (W,) whose recent crime residents do not explain."""
    crimes = [number for number, category in enumerate(past.categories) if category != ASB]
    recent = past.counts[:, crimes, -_RECENT_MONTHS:]
    observed = ~np.isnan(recent)
    mean = np.where(observed, recent, 0.0).sum(axis=2) / np.maximum(observed.sum(axis=2), 1)
    rate = mean.sum(axis=1) / np.where(persons_now > 0, persons_now, np.nan)
    return visitor_wards(rate, past.wards["area_code"].to_numpy())


def _notes(
    panel: Panel, known: Residents, named: NDArray[np.bool_], steady: NDArray[np.bool_], *, scenario: str
) -> tuple[str, ...]:
    """Say, for the area's wards, where residents come from and what was assumed."""
    rows = panel.area_rows
    unknown = np.isnan(known.persons[rows, 0])
    method, rebased = known.method[rows], known.rebased[rows]
    constant = (method == basis.NONE) & ~unknown
    by_borough = method == basis.BOROUGH
    projected = method != basis.NONE

    def names(which: NDArray[np.bool_]) -> str:
        if len(which) > 1 and which.all():
            return "all wards of the area"
        listed = [panel.ward_names[panel.ward_codes[row]] for row in rows[which]]
        return ", ".join(listed) if len(listed) <= _MOST_NAMES else f"{len(listed)} wards"

    said = [
        (unknown.any(), f"No population is known for {names(unknown)}: growth there is taken as none."),
        (constant.any(), f"No projection covers {names(constant)}: Census residents are held constant (assumed)."),
        (
            (method == basis.CARRIED).any(),
            "The projection's older wards were carried to today's wards by the shares in the lookup file supplied, the "
            "same in every year: today's wards made from one older ward share one growth.",
        ),
        (
            by_borough.any(),
            f"The projection is on older wards for {names(by_borough)}: the borough's growth was applied to each "
            "ward's Census residents (assumed).",
        ),
        (
            (projected & rebased).any(),
            "Projected residents were rebased to Census 2021, keeping the projection's growth rates.",
        ),
        (
            (projected & ~rebased).any(),
            f"No Census residents were supplied for {names(projected & ~rebased)}: the projection's own level is used.",
        ),
        (named[rows].any(), _pipeline_note(names(named[rows]), scenario)),
        (
            steady[rows].any(),
            f"{names(steady[rows])}: more than {VISITOR_RATIO:g} times the borough's median of crimes per resident, so "
            "past crime and not residents is the exposure and growth does not move the forecast.",
        ),
    ]
    return tuple(sentence for holds, sentence in said if holds)


def _scenario_notes(panel: Panel, months: pd.DatetimeIndex, *, until: pd.Timestamp, scenario: str) -> tuple[str, ...]:
    """Say where a delivery scenario changes nothing in the area, and why."""
    if scenario == "as_planned":
        return ()
    planned, chosen = (
        persons_completed(panel.pipeline, panel.area.ward_codes, months, until=until, scenario=name)
        for name in ("as_planned", scenario)
    )
    if not np.array_equal(planned, chosen):
        return ()
    why = "no housing pipeline is supplied for the area's wards" if not planned.any() else "no homes are still to come"
    return (f"Delivery scenario `{scenario}` changes nothing here: {why}, so this is the forecast as planned.",)


def _pipeline_note(wards: str, scenario: str) -> str:
    """Say how the pipeline entered."""
    how = {
        "as_planned": "homes complete as dated",
        "slower": "homes still to come take twice as long",
        "none": "no further homes complete",
    }[scenario]
    return (
        f"Housing pipeline in {wards}: {how}, weighted by probability, {PERSONS_PER_HOME:g} persons a home where not "
        "given; it replaces the projection's growth there, because homes already in the projection are unknown."
    )
