"""Residents by ward and month from projections and the Census, before any housing pipeline."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, kw_only=True)
class Residents:
    """Residents of every ward and month.

    W wards, T months.

    Attributes:
        persons: Residents, shape (W, T); NaN where neither Census nor projection gives a level.
        method: How each ward got its growth (`own`, `carried`, `borough`, `none`), shape (W,).
        rebased: Whether the level is the Census's, shape (W,).
        source: Sources of level and growth, for people.
    """

    persons: NDArray[np.float64]
    method: NDArray[np.str_]
    rebased: NDArray[np.bool_]
    source: str


def residents(panel: Panel, months: pd.DatetimeIndex) -> Residents:
    """Interpolate the yearly projection by month and rebase it to the Census, keeping its growth rates.

    A ward without a projection of its own takes the old wards' carried by `panel.ward_lookup`, else its borough's
    growth; without either its Census residents stay constant. Before the first and after the last projected year the
    growth is held at zero.

    Args:
        panel: The panel.
        months: Month starts; length T.

    Returns:
        Residents of all wards of the panel.
    """
    clock = month_number(months)
    n_wards = len(panel.ward_codes)
    projected = np.full((n_wards, len(months)), np.nan)
    at_census = np.full(n_wards, np.nan)
    method = np.full(n_wards, NONE, dtype="<U8")
    census, census_clock = _census(panel)
    if not panel.projection.empty:
        table = panel.projection.pivot_table(index="ward_code", columns="year", values="persons", aggfunc="sum")
        table = table.interpolate(axis=1, limit_direction="both")
        year_clock = 12.0 * table.columns.to_numpy(dtype=float) + MID_YEAR_MONTH
        for row, (yearly, how) in enumerate(_yearly_by_ward(panel, table)):
            if yearly is None or yearly.min() <= 0:
                continue
            projected[row] = np.interp(clock, year_clock, yearly)
            at_census[row] = np.interp(census_clock[row], year_clock, yearly)
            method[row] = how
    growth = projected / at_census[:, None]
    level = np.where((method == NONE)[:, None], census[:, None], census[:, None] * growth)
    # Without a Census figure a ward's own projection still carries a level; a borough's does not.
    keeps_own_level = np.isnan(census) & np.isin(method, [OWN, CARRIED])
    persons = np.where(keeps_own_level[:, None], projected, level)
    method = np.where(np.isnan(persons[:, 0]), NONE, method)
    return Residents(
        persons=persons,
        method=method,
        rebased=~np.isnan(census),
        source=_source(panel),
    )


def _census(panel: Panel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Census residents (W,), NaN where absent, and the running month number of the Census (W,)."""
    frame = panel.census.drop_duplicates("ward_code").set_index("ward_code")
    persons = frame["persons"].astype(float).reindex(list(panel.ward_codes))
    dates = pd.to_datetime(frame["reference_date"]).reindex(list(panel.ward_codes)).fillna(CENSUS_MONTH)
    return np.asarray(persons, dtype=np.float64), month_number(pd.DatetimeIndex(dates))


def _yearly_by_ward(panel: Panel, table: pd.DataFrame) -> list[tuple[NDArray[np.float64] | None, str]]:
    """Return each ward's yearly series (Y,) and how it was found; None where there is none."""
    projected = set(table.index)
    boroughs = _borough_totals(panel, table)
    lookup = {str(code): rows for code, rows in panel.ward_lookup.groupby("new_code")}
    name_of = zip(*(panel.wards[name].astype(str) for name in ("ward_code", "area_code", "area_name")), strict=True)
    found: list[tuple[NDArray[np.float64] | None, str]] = []
    for code, area_code, area_name in name_of:
        parts = lookup.get(code)
        if code in projected:
            found.append((table.loc[code].to_numpy(dtype=float), OWN))
        elif parts is not None and set(parts["old_code"]) <= projected:
            shares = parts["share_of_old"].to_numpy(dtype=float)
            found.append((shares @ table.loc[parts["old_code"]].to_numpy(dtype=float), CARRIED))
        else:
            found.append((_first_known(boroughs, area_code, area_name), BOROUGH))
    return found


def _borough_totals(panel: Panel, table: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return the projection's yearly borough totals under both the borough's code and its folded name."""
    wards = panel.projection.drop_duplicates("ward_code")
    totals: dict[str, NDArray[np.float64]] = {}
    for key in ("area_code", "area_name"):
        names = wards[key].fillna("").astype(str).str.casefold().str.strip()
        for name, rows in wards.groupby(names.to_numpy()):
            if name:
                totals[str(name)] = table.loc[rows["ward_code"]].to_numpy(dtype=float).sum(axis=0)
    return totals


def _first_known(boroughs: dict[str, NDArray[np.float64]], *keys: str) -> NDArray[np.float64] | None:
    """Return the total under the first key that is known."""
    for key in keys:
        total = boroughs.get(key.casefold().strip())
        if total is not None:
            return total
    return None


def _source(panel: Panel) -> str:
    """Name the sources of growth and level."""
    parts = []
    if not panel.projection.empty:
        parts.append(f"growth: {', '.join(sorted(set(panel.projection['source'].astype(str))))}")
    if not panel.census.empty:
        parts.append(f"level: {', '.join(sorted(set(panel.census['source'].astype(str))))}")
    return "; ".join(parts) or "no population was supplied"
