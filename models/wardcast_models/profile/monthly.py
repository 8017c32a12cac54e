"""Monthly counts of the measures, like for like with the assessed year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel
from wardcast_models.profile.measures import NON_DOMESTIC_VIOLENCE, Measure
from wardcast_models.profile.year import CoveredYear

_MINOR_SHARE = 0.01
_SPARSE_MEAN = 10.0


@dataclass(frozen=True, kw_only=True)
class MonthlyCounts:
    """Counts of an area's measures by month. M measures, W wards of the area, T months.

    Attributes:
        measures: Length M.
        ward_codes: Length W.
        months: Length T, without gaps.
        wards: Counts, shape (M, W, T); NaN where not observed, and wherever a measure has no wards.
        area: Counts of the area as a whole, shape (M, T); NaN where any ward is not observed.
        left_out: Categories that a measure leaves out because the year does not have them throughout, by measure.
    """

    measures: tuple[Measure, ...]
    ward_codes: tuple[str, ...]
    months: pd.DatetimeIndex
    wards: NDArray[np.float64]
    area: NDArray[np.float64]
    left_out: dict[str, tuple[str, ...]]

    def position(self, measure: str) -> int:
        """Return the position of a measure; -1 where it is not held."""
        return next((row for row, held in enumerate(self.measures) if held.measure == measure), -1)

    def window(self, last_month: pd.Timestamp, length: int) -> slice:
        """Return where the `length` months (or as many) up to a month stand on the month axis."""
        end = int(self.months.searchsorted(last_month)) + 1
        return slice(max(0, end - length), end)


def monthly_counts(panel: Panel, measures: tuple[Measure, ...], year: CoveredYear) -> MonthlyCounts:
    """Add up the measures by ward and month.

    A sum takes the categories that the assessed year has throughout; in other months it is unknown (NaN) where one of
    them that makes up more than 1 % of it is not observed, so no comparison mixes different sums.

    Args:
        panel: The panel.
        measures: The measures.
        year: The assessed year.

    Returns:
        The counts.
    """
    counts = panel.counts[panel.area_rows]
    inside = np.asarray(panel.months.isin(year.months))
    observed = np.asarray(~np.isnan(counts).any(axis=0))
    wards = np.full((len(measures), len(panel.area.ward_codes), len(panel.months)), np.nan)
    area = np.full((len(measures), len(panel.months)), np.nan)
    left_out: dict[str, tuple[str, ...]] = {}
    for row, measure in enumerate(measures):
        members = [panel.categories.index(category) for category in measure.categories]
        kept = like_for_like(members, observed[:, inside])
        if kept:
            total = summed(counts, kept)
            if measure.series:
                area[row] = total.sum(axis=0)
            else:
                wards[row], area[row] = total, total.sum(axis=0)
        if len(kept) < len(members):
            left_out[measure.measure] = tuple(panel.categories[m] for m in members if m not in kept)
        if measure.series:
            series = borough_series(panel, measure.series)
            area[row] = area[row] - series if measure.measure == NON_DOMESTIC_VIOLENCE else series
    return MonthlyCounts(
        measures=measures,
        ward_codes=panel.area.ward_codes,
        months=panel.months,
        wards=wards,
        area=area,
        left_out=left_out,
    )


def like_for_like(members: list[int], observed: NDArray[np.bool_]) -> list[int]:
    """Return the members that a sum takes: those observed throughout, or the only one there is.

    Args:
        members: Positions of categories.
        observed: Whether each category is observed in each month of the year, shape (C, T).

    Returns:
        Positions.
    """
    return members if len(members) == 1 else [member for member in members if observed[member].all()]


def summed(counts: NDArray[np.float64], members: list[int]) -> NDArray[np.float64]:
    """Add categories; NaN where one that makes up more than 1 % of the sum is not observed.

    Args:
        counts: Shape (W, C, T), NaN where not observed.
        members: Positions of the categories.

    Returns:
        Shape (W, T).
    """
    chosen = counts[:, members]
    by_member = np.nansum(chosen, axis=(0, 2))
    major = by_member >= _MINOR_SHARE * max(by_member.sum(), 1.0)
    if not major.any():
        major[:] = True
    unknown = np.isnan(chosen[:, major]).any(axis=1)
    return np.where(unknown, np.nan, np.nansum(chosen, axis=1))


def borough_series(panel: Panel, series: str) -> NDArray[np.float64]:
    """Return a borough series on the panel's months, shape (T,).

    The dashboard lists months with offences only. Between the first and the last month of a series an absent month is
    0 where the series is sparse (fewer than 10 a month on average); in a large series it is unknown.

    Args:
        panel: The panel.
        series: Id of the series.

    Returns:
        Counts, NaN where unknown.
    """
    frame = panel.borough_series
    everything = frame[frame["area_code"] == panel.area.code]
    rows = everything[everything["series"] == series]
    values = np.full(len(panel.months), np.nan)
    if rows.empty:
        return values
    by_month = rows.set_index("month")["count"].astype(float)
    if by_month.mean() < _SPARSE_MEAN:
        span = pd.date_range(by_month.index.min(), everything["month"].max(), freq="MS")
        by_month = by_month.reindex(span, fill_value=0.0)
    return np.asarray(by_month.reindex(panel.months), dtype=np.float64)
