"""The area beside London and beside the boroughs most like it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.change import period_sums
from wardcast_models.profile.monthly import MonthlyCounts, summed
from wardcast_models.profile.residents import residents_for
from wardcast_models.profile.year import CoveredYear
from wardcast_models.profile.year_tables import YearTables, per_thousand

LONDON = "E12000007"
SIMILAR = 5
"""How many boroughs are called similar."""

HOW_SIMILAR = (
    "Similar boroughs are those nearest in four open features of the data held, each given the same say: the mix of "
    "crime by category, crime per 1,000 residents, the number of residents, and growth in residents where two dates "
    "are held. They are not the Home Office's Most Similar Groups, which use more."
)

_FEWEST_FOR_LONDON = 30
_FEWEST_RESIDENTS = 20_000


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Boroughs with counts of this year and the one before. M measures, B boroughs."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    now: NDArray[np.float64]  # (M, B)
    shared: NDArray[np.float64]  # (M, B), of the months that both years have
    before: NDArray[np.float64]  # (M, B)
    mix: NDArray[np.float64]  # (B, C)
    persons: NDArray[np.float64]  # (B,)
    growth: NDArray[np.float64]  # (B,), NaN where not known


def comparison(panel: Panel, counts: MonthlyCounts, year: CoveredYear, tables: YearTables) -> pd.DataFrame:
    """Put the area, London and similar boroughs side by side, over the same months and by the same residents' date.

    Args:
        panel: The panel with every ward of the files.
        counts: Monthly counts of the area, for its measures.
        year: The year.
        tables: The area's year, for which months each measure is counted and compared over.

    Returns:
        Columns `TABLE_COLUMNS["comparison"]`; only the area where the files hold no other borough.
    """
    columns = list(TABLE_COLUMNS["comparison"])
    places = _places(panel, counts, year, tables)
    if panel.area.code not in places.codes:
        return pd.DataFrame(columns=columns)
    mine = places.codes.index(panel.area.code)
    distance = _distances(places, mine)
    nearest = [place for place in np.argsort(distance) if np.isfinite(distance[place]) and place != mine][:SIMILAR]
    shown = [(places.codes[mine], places.names[mine], "area", [mine], np.nan)]
    whole = [place for place, persons in enumerate(places.persons) if not persons < _FEWEST_RESIDENTS]
    if len(whole) >= _FEWEST_FOR_LONDON:
        shown.append((LONDON, "London", "london", list(range(len(places.codes))), np.nan))
    shown += [(places.codes[at], places.names[at], "similar", [at], float(distance[at])) for at in nearest]
    months = tables.held.sum(axis=1)
    frames = []
    for code, name, kind, members, apart in shown:
        now, shared, before = (each[:, members].sum(axis=1) for each in (places.now, places.shared, places.before))
        frame = pd.DataFrame(
            {
                "measure": [measure.measure for measure in counts.measures],
                "place": code,
                "place_name": name,
                "kind": kind,
                "count": now,
                "rate_per_1000": per_thousand(now, months, places.persons[members].sum()),
                "change_percent": 100.0 * (shared / np.where(before > 0, before, np.nan) - 1.0),
                "distance": apart,
            }
        )
        frames.append(frame.dropna(subset=["count"]))
    table = pd.concat(frames, ignore_index=True)
    order = {measure.measure: row for row, measure in enumerate(counts.measures)}
    return table.sort_values("measure", key=lambda column: column.map(order), kind="stable")[columns].reset_index(
        drop=True
    )


def _places(panel: Panel, counts: MonthlyCounts, year: CoveredYear, tables: YearTables) -> _Places:
    wards = panel.wards
    held = wards["area_code"].to_numpy()
    codes = tuple(code for code in dict.fromkeys(wards["area_code"]) if str(code).startswith("E"))
    months = panel.months.get_indexer(year.months)
    both = slice(int(panel.months.searchsorted(year.months[0] - pd.DateOffset(years=1))), int(months[-1]) + 1)
    middle = year.start + pd.DateOffset(months=6)
    now, shared, before, mix, persons, growth = [], [], [], [], [], []
    for code in codes:
        inside = np.flatnonzero(held == code)
        of_place = panel.counts[inside]
        recent = of_place[:, :, both]
        series = np.full((len(counts.measures), recent.shape[2]), np.nan)
        for row, measure in enumerate(counts.measures):
            left_out = counts.left_out.get(measure.measure, ())
            members = [panel.categories.index(c) for c in measure.categories if c not in left_out]
            if members and not measure.series:
                series[row] = summed(recent, members).sum(axis=0)
        axis = panel.months[both]
        now.append(period_sums(series, axis, year.months, tables.held))
        shared.append(period_sums(series, axis, year.months, tables.shared))
        before.append(period_sums(series, axis, year.months - pd.DateOffset(years=1), tables.shared))
        mix.append(np.nansum(of_place[:, :, months], axis=(0, 2)))
        wards_of_place = tuple(wards["ward_code"].iloc[inside])
        persons.append(float(residents_for(_of_census(panel), wards_of_place, middle).persons.sum()))
        growth.append(_growth(panel, code))
    names = wards.drop_duplicates("area_code").set_index("area_code")["area_name"]
    return _Places(
        codes=codes,
        names=tuple(str(names[code]) for code in codes),
        now=np.column_stack(now),
        shared=np.column_stack(shared),
        before=np.column_stack(before),
        mix=np.vstack(mix),
        persons=np.array(persons),
        growth=np.array(growth),
    )


def _of_census(panel: Panel) -> Panel:
    """Return the panel with the residents that every place can have: estimates often cover one borough only."""
    return replace(panel, estimates=panel.estimates.iloc[:0]) if len(panel.census) else panel


def _growth(panel: Panel, area_code: str) -> float:
    """Return the growth of a borough's residents from 2016 to 2021 by the projection, NaN where it lacks either."""
    rows = panel.projection[panel.projection["area_code"] == area_code]
    by_year = rows.groupby("year")["persons"].sum()
    return float(by_year[2021] / by_year[2016] - 1.0) if {2016, 2021} <= set(by_year.index) else np.nan


def _distances(places: _Places, mine: int) -> NDArray[np.float64]:
    """Return how unlike the area each borough is; infinite where it cannot be told."""
    shared = places.mix.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Hellinger distance: no category swamps the others.
        mix = np.sqrt(places.mix / shared)
        rate = np.log(shared[:, 0] / places.persons)
        size = np.log(places.persons)
    apart = np.sqrt(((mix - mix[mine]) ** 2).sum(axis=1) / 2.0)
    features = [apart, *(np.abs(values - values[mine]) for values in (rate, size, places.growth))]
    usable = [feature for feature in features if np.isfinite(feature).sum() > 1]
    scaled = [feature / (np.sqrt(np.nanmean(feature[np.isfinite(feature)] ** 2)) or 1.0) for feature in usable]
    total = np.sqrt(np.mean(np.square(scaled), axis=0)) if scaled else np.full(len(places.codes), np.inf)
    small = places.persons < _FEWEST_RESIDENTS
    return np.where(np.isfinite(total) & ~small, total, np.inf)
