"""The year in figures: the area and its wards, counts, changes, rates and shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel
from wardcast_models.panel.tables.visitors import visitor_wards
from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.change import Change, change_between, held_months, period_sums, shared_months
from wardcast_models.profile.false_discovery import q_values, q_values_by_family
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.monthly import MonthlyCounts
from wardcast_models.profile.noise import SeriesSet
from wardcast_models.profile.residents import Residents
from wardcast_models.profile.year import MONTHS_A_YEAR, CoveredYear

_PER = 1000.0

_Months = tuple[NDArray[np.bool_], NDArray[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class YearTables:
    """The two tables of the year, and what they were added up from.

    Attributes:
        area: Columns `TABLE_COLUMNS["area"]`.
        wards: Columns `TABLE_COLUMNS["wards"]`.
        held: Which months of the year each measure has, shape (M, K).
        shared: Which of them it has in the year before too, shape (M, K): changes are over these.
        sums: Counts of the year by measure and ward, shape (M, W).
    """

    area: pd.DataFrame
    wards: pd.DataFrame
    held: NDArray[np.bool_]
    shared: NDArray[np.bool_]
    sums: NDArray[np.float64]


def year_tables(panel: Panel, counts: MonthlyCounts, year: CoveredYear, residents: Residents) -> YearTables:
    """Count the year.

    Args:
        panel: The panel, for crime without a ward.
        counts: Monthly counts.
        year: The year.
        residents: Residents of the area's wards.

    Returns:
        The tables; all measures of the area are one family of tests; by ward each measure is a family of many.
    """
    held, shared = held_months(counts, year.months), shared_months(counts, year.months)
    sums = period_sums(counts.wards, counts.months, year.months, held)
    return YearTables(
        area=_area(panel, counts, year, residents, (held, shared)),
        wards=_wards(
            panel,
            counts=counts,
            residents=residents,
            of_year=(held, shared),
            sums=sums,
            change=_change_by_ward(counts, year, shared),
        ),
        held=held,
        shared=shared,
        sums=sums,
    )


def _change_by_ward(counts: MonthlyCounts, year: CoveredYear, shared: NDArray[np.bool_]) -> Change:
    """Compare every measure's wards with the year before, M x W series; wards lend each other their noise."""
    measures, wards = len(counts.measures), len(counts.ward_codes)
    series = SeriesSet(
        values=counts.wards.reshape(measures * wards, -1),
        months=counts.months,
        groups=np.repeat(np.arange(measures), wards),
        pool_dispersion=True,
    )
    return change_between(series, year.months, year.months - pd.DateOffset(years=1), np.repeat(shared, wards, axis=0))


def per_thousand(
    counts: NDArray[np.float64], months: NDArray[np.intp], persons: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return counts per 1,000 residents a year: counts of fewer than 12 months are scaled up.

    Args:
        counts: Any shape.
        months: Months that they are of, of a shape that fits.
        persons: Residents, of a shape that fits.

    Returns:
        Rates; NaN where months or residents are none.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = _PER * counts * MONTHS_A_YEAR / months / persons
    return np.asarray(np.where(np.isfinite(rate), rate, np.nan))


def _area(
    panel: Panel, counts: MonthlyCounts, year: CoveredYear, residents: Residents, of_year: _Months
) -> pd.DataFrame:
    held, shared = of_year
    together = np.zeros(len(counts.measures), dtype=np.intp)
    before = year.months - pd.DateOffset(years=1)
    series = SeriesSet(values=counts.area, months=counts.months, groups=together, pool_dispersion=False)
    change = change_between(series, year.months, before, shared)
    now = period_sums(counts.area, counts.months, year.months, held)
    q = q_values(change.p_values)
    months = held.sum(axis=1)
    frame = pd.DataFrame(
        {
            "measure": [measure.measure for measure in counts.measures],
            "months": months,
            "previous_count": change.previous,
            "count": now,
            **change.columns(q),
            "rate_per_1000": per_thousand(now, months, residents.persons.sum()),
            "share_of_crime": _share_of_crime(counts, now),
            "unlocated_count": _unlocated(panel, counts, year, held),
            "shared_months": shared.sum(axis=1),
        }
    )
    return frame[list(TABLE_COLUMNS["area"])]


def _share_of_crime(counts: MonthlyCounts, now: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = counts.position(ALL_CRIME)
    if whole < 0 or not now[whole] > 0:
        return np.full(len(now), np.nan)
    crime = np.array([measure.crime for measure in counts.measures])
    return np.where(crime, now / now[whole], np.nan)


def _unlocated(panel: Panel, counts: MonthlyCounts, year: CoveredYear, held: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return crime of the area that no ward holds, NaN where no file tells it."""
    boroughs = set(panel.wards.loc[panel.wards["ward_code"].isin(panel.area.ward_codes), "area_code"])
    mine = panel.unlocated[panel.unlocated["place"].isin(boroughs | {panel.area.code})]
    found = np.full(len(counts.measures), np.nan)
    for row, measure in enumerate(counts.measures):
        rows = mine[mine["category"].isin(measure.categories) & mine["month"].isin(year.months[held[row]])]
        if len(rows) and not measure.series:
            found[row] = float(rows["count"].sum())
    return found


def _wards(
    panel: Panel,
    *,
    counts: MonthlyCounts,
    residents: Residents,
    of_year: _Months,
    sums: NDArray[np.float64],
    change: Change,
) -> pd.DataFrame:
    shape = (len(counts.measures), len(counts.ward_codes))
    months, shared = (chosen.sum(axis=1)[:, None] for chosen in of_year)
    q = q_values_by_family(change.p_values.reshape(shape)).reshape(-1)
    rates = per_thousand(sums, months, residents.persons[None])
    overall = per_thousand(sums.sum(axis=1, keepdims=True), months, np.full((1, 1), residents.persons.sum()))
    whole = max(counts.position(ALL_CRIME), 0)
    boroughs = panel.wards.set_index("ward_code")["area_code"].reindex(list(counts.ward_codes)).to_numpy()
    busy = visitor_wards(rates[whole], boroughs)
    # Where residents are not known, wards are ranked by count.
    order = pd.DataFrame(rates if residents.known else sums).rank(axis=1, method="min", ascending=False)
    columns = {
        "measure": np.repeat([measure.measure for measure in counts.measures], shape[1]),
        "ward_code": np.tile(np.array(counts.ward_codes, dtype=object), shape[0]),
        "months": np.repeat(months[:, 0], shape[1]),
        "previous_count": change.previous,
        "count": sums.reshape(-1),
        **change.columns(q),
        "residents": np.tile(residents.persons, shape[0]),
        "rate_per_1000": rates.reshape(-1),
        "rank": order.to_numpy().reshape(-1),
        "many_visitors": np.tile(busy, shape[0]),
        "ratio_to_area": (rates / np.where(overall > 0, overall, np.nan)).reshape(-1),
        "shared_months": np.repeat(shared[:, 0], shape[1]),
    }
    frame = pd.DataFrame(columns)[list(TABLE_COLUMNS["wards"])].dropna(subset=["count"]).reset_index(drop=True)
    return frame.astype({"rank": "int64"})
