"""Residents by ward and month from estimates, the Census and projections, before any housing pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.pipeline import month_number
from wardcast_models.panel.panel import Panel

CENSUS_MONTH = pd.Timestamp("2021-03-01")
"""Month of Census 2021, used where the Census table carries no date."""

MID_YEAR_MONTH = 6
"""A yearly figure is for 1 July: six months after the year's start."""

OWN, CARRIED, BOROUGH, NONE = "own", "carried", "borough", "none"
"""How a ward got its growth: its own projection, old wards carried to it, its borough's, or not at all."""

_At = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Projected residents at given running months."""


class _Dated(NamedTuple):
    """Residents counted or estimated, the running months that they stand at (increasing) and their days."""

    clock: NDArray[np.float64]
    persons: NDArray[np.float64]
    days: pd.DatetimeIndex


@dataclass(frozen=True, kw_only=True)
class Residents:
    """Residents of every ward and month.

    W wards, T months.

    Attributes:
        persons: Residents, shape (W, T); an equal part of the borough's where only its growth is known, NaN where
            nothing is.
        method: How each ward got its growth beyond its dated figures (`own`, `carried`, `borough`, `none`), shape (W,).
        level_known: Wards whose level is known and not only their growth, shape (W,).
        n_dated: Dated figures (mid-year estimates and the Census) of each ward, shape (W,).
        last_dated: Reference day of each ward's last dated figure, length W; NaT without one.
        source: Sources of level and growth with their dates, for people.
    """

    persons: NDArray[np.float64]
    method: NDArray[np.str_]
    level_known: NDArray[np.bool_]
    n_dated: NDArray[np.intp]
    last_dated: pd.DatetimeIndex
    source: str

    @property
    def by_one_figure(self) -> NDArray[np.bool_]:
        """Wards without a projection that have one dated figure, shape (W,)."""
        return np.asarray((self.method == NONE) & (self.n_dated == 1))


def residents(panel: Panel, months: pd.DatetimeIndex) -> Residents:
    """Draw each ward's residents through its dated figures and extend them by the projection's growth.

    Between dated figures (mid-year estimates, the Census) residents move linearly by month, whatever a projection
    says: where it ran early they follow what was counted. Before the first and after the last dated figure they keep
    the projection's growth rates from that figure on; without a dated figure the projection's own level is used, or
    only its growth where it is the borough's.
    The yearly projection is interpolated by month. A ward without a projection of its own takes the old wards' carried
    by `panel.ward_lookup`, else its borough's growth; without either its residents stay constant. Before the first and
    after the last projected year the growth is held at zero. Estimates on old wards are carried by the same lookup.

    Args:
        panel: The panel.
        months: Month starts; length T.

    Returns:
        Residents of all wards of the panel.
    """
    clock = month_number(months)
    persons = np.full((len(panel.ward_codes), len(months)), np.nan)
    method = np.full(len(panel.ward_codes), NONE, dtype="<U8")
    figures = _dated_figures(panel)
    projected = _projected_by_ward(panel)
    by_ward = [figures.get(code) for code in panel.ward_codes]
    for row, (dated, (at, how)) in enumerate(zip(by_ward, projected, strict=True)):
        if dated is not None:
            persons[row] = _through(dated, clock, at)
        elif at is not None:
            persons[row] = at(clock)
        if at is not None:
            method[row] = how
    n_dated = np.array([0 if dated is None else len(dated.days) for dated in by_ward], dtype=np.intp)
    return Residents(
        persons=persons,
        method=method,
        level_known=~np.isnan(persons[:, 0]) & ~((method == BOROUGH) & (n_dated == 0)),
        n_dated=n_dated,
        last_dated=pd.DatetimeIndex([pd.NaT if dated is None else dated.days[-1] for dated in by_ward]),
        source=_source(panel),
    )


def standing_month(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return a day within the month at whose start figures of some reference days stand.

    Args:
        days: Reference days.

    Returns:
        The days after them: mid-year figures are for the end of 30 June and stand at July's start, as the projection's.
    """
    return days + pd.Timedelta(days=1)


def _through(figures: _Dated, clock: NDArray[np.float64], at: _At | None) -> NDArray[np.float64]:
    """Return residents (T,) through dated figures, extended by a projection's growth."""
    drawn = np.asarray(np.interp(clock, figures.clock, figures.persons))
    if at is None:
        return drawn
    # Within the dated figures the ratio is 1; outside it is the growth from the nearest of them.
    nearest = np.clip(clock, figures.clock[0], figures.clock[-1])
    return np.asarray(drawn * at(clock) / at(nearest))


def _dated_figures(panel: Panel) -> dict[str, _Dated]:
    """Return each ward's dated residents; the Census before an estimate of its month."""
    census = panel.census.assign(reference_date=pd.to_datetime(panel.census["reference_date"]).fillna(CENSUS_MONTH))
    both = [frame for frame in (_estimates(panel), census) if not frame.empty]
    if not both:
        return {}
    stacked = pd.concat([frame[["ward_code", "reference_date", "persons"]] for frame in both], ignore_index=True)
    clock = month_number(standing_month(pd.DatetimeIndex(pd.to_datetime(stacked["reference_date"]))))
    stacked = stacked.assign(clock=clock).drop_duplicates(["ward_code", "clock"], keep="last")
    stacked = stacked[stacked["persons"] > 0].sort_values(["ward_code", "clock"])
    clock, persons = stacked["clock"].to_numpy(dtype=np.float64), stacked["persons"].to_numpy(dtype=np.float64)
    days = pd.DatetimeIndex(pd.to_datetime(stacked["reference_date"]))
    by_ward = stacked.groupby("ward_code").indices
    return {str(code): _Dated(clock[rows], persons[rows], days[rows]) for code, rows in by_ward.items()}


def _estimates(panel: Panel) -> pd.DataFrame:
    """Return the estimates on the panel's wards: their own, else those of all the old wards that make them up."""
    estimates = panel.estimates
    own = estimates[estimates["ward_code"].isin(panel.ward_codes)]
    if estimates.empty or panel.ward_lookup.empty:
        return own
    parts = panel.ward_lookup.merge(estimates, left_on="old_code", right_on="ward_code")
    parts = parts.assign(persons=parts["share_of_old"] * parts["persons"])
    carried = parts.groupby(["new_code", "reference_date"])["persons"].agg(["sum", "size"]).reset_index()
    whole = panel.ward_lookup.groupby("new_code").size()
    carried = carried[carried["size"] == carried["new_code"].map(whole)]
    carried = carried.rename(columns={"new_code": "ward_code", "sum": "persons"})
    return pd.concat([carried, own], ignore_index=True).drop_duplicates(["ward_code", "reference_date"], keep="last")


def _projected_by_ward(panel: Panel) -> list[tuple[_At | None, str]]:
    """Return each ward's projection as a function of the running month and how it was found; None without one."""
    if panel.projection.empty:
        return [(None, NONE)] * len(panel.ward_codes)
    table = panel.projection.pivot_table(index="ward_code", columns="year", values="persons", aggfunc="sum")
    table = table.interpolate(axis=1, limit_direction="both")
    year_clock = 12.0 * table.columns.to_numpy(dtype=float) + MID_YEAR_MONTH

    def monthly(yearly: NDArray[np.float64]) -> _At:
        return lambda clock: np.asarray(np.interp(clock, year_clock, yearly))

    return [
        (None, NONE) if yearly is None or yearly.min() <= 0 else (monthly(yearly), how)
        for yearly, how in _yearly_by_ward(panel, table)
    ]


def _yearly_by_ward(panel: Panel, table: pd.DataFrame) -> list[tuple[NDArray[np.float64] | None, str]]:
    """Return each ward's yearly series (Y,) and how it was found; None where there is none."""
    row_of = {str(code): row for row, code in enumerate(table.index)}
    yearly = table.to_numpy(dtype=np.float64)
    boroughs = _borough_totals(panel, row_of, yearly)
    n_wards = panel.wards.groupby("area_code")["ward_code"].transform("size").to_numpy()
    old_codes, old_shares = panel.ward_lookup["old_code"].to_numpy(), panel.ward_lookup["share_of_old"].to_numpy()
    lookup = panel.ward_lookup.groupby("new_code").indices
    columns = [panel.wards[name].astype(str) for name in ("ward_code", "area_code", "area_name")]
    found: list[tuple[NDArray[np.float64] | None, str]] = []
    for code, area_code, area_name, n_in_borough in zip(*columns, n_wards, strict=True):
        parts = lookup.get(code)
        if code in row_of:
            found.append((yearly[row_of[code]], OWN))
        elif parts is not None and set(old_codes[parts]) <= set(row_of):
            found.append((old_shares[parts].astype(float) @ yearly[[row_of[old] for old in old_codes[parts]]], CARRIED))
        else:
            total = _first_known(boroughs, area_code, area_name)
            found.append((None if total is None else total / n_in_borough, BOROUGH))
    return found


def _borough_totals(
    panel: Panel, row_of: dict[str, int], yearly: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Return the projection's yearly borough totals under both the borough's code and its folded name."""
    wards = panel.projection.drop_duplicates("ward_code")
    totals: dict[str, NDArray[np.float64]] = {}
    for key in ("area_code", "area_name"):
        names = wards[key].fillna("").astype(str).str.casefold().str.strip()
        rows = wards["ward_code"].map(row_of).to_numpy()
        for name, places in wards.groupby(names.to_numpy()).indices.items():
            if name:
                totals[str(name)] = yearly[rows[places]].sum(axis=0)
    return totals


def _first_known(boroughs: dict[str, NDArray[np.float64]], *keys: str) -> NDArray[np.float64] | None:
    """Return the total under the first key that is known."""
    for key in keys:
        total = boroughs.get(key.casefold().strip())
        if total is not None:
            return total
    return None


def _source(panel: Panel) -> str:
    """Name the sources of growth and level, dated figures with their dates."""
    parts = []
    if not panel.projection.empty:
        parts.append(f"growth: {', '.join(sorted(set(panel.projection['source'].astype(str))))}")
    dated = pd.concat([frame for frame in (panel.estimates, panel.census) if not frame.empty] or [panel.census])
    if not dated.empty:
        months = pd.to_datetime(dated["reference_date"]).fillna(CENSUS_MONTH).dt.strftime("%Y-%m")
        by_source = months.groupby(dated["source"].astype(str)).agg(lambda dates: ", ".join(sorted(set(dates))))
        levels = sorted(f"{name} ({dates})" for name, dates in by_source.items())
        parts.append(f"level: {', '.join(levels)}")
    return "; ".join(parts) or "no population was supplied"
