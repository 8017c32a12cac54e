"""Observed months and the forecast's range behind them, for the area, its crime families and its wards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.forecast import Forecast, Precision, precision_of
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import families, taxonomy

OBSERVED_MONTHS = 24
"""Months of history shown before the forecast."""

RECORDED_CRIME = "All recorded crime"
FORECAST_CRIME = "All forecast crime"

TREND_QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One series: what was observed and what is forecast, in counts a month.

    Attributes:
        scope: What the series belongs to: the whole area, one family of crime in the area, or one ward.
        key: Area code, family id or ward code.
        label: Name for people.
        observed_months: `YYYY-MM`; at most the last 24 months of data.
        observed: Count a month, None where any part of the series was not observed; same length.
        forecast_months: `YYYY-MM`; length H.
        q05: Lower end of the 90 % range; length H, as the others below.
        q25: Lower end of the 50 % range.
        q50: Median.
        q75: Upper end of the 50 % range.
        q95: Upper end of the 90 % range.
        precision: How much the series can say, by the mean of its forecast.
    """

    scope: Literal["area", "family", "ward"]
    key: str
    label: str
    observed_months: tuple[str, ...]
    observed: tuple[float | None, ...]
    forecast_months: tuple[str, ...]
    q05: tuple[float, ...]
    q25: tuple[float, ...]
    q50: tuple[float, ...]
    q75: tuple[float, ...]
    q95: tuple[float, ...]
    precision: Precision


def area_trends(panel: Panel, forecast: Forecast) -> tuple[Trend, ...]:
    """Return the trends of the area, of its families and of its wards.

    Incidents that are no crimes (anti-social behaviour, reports to the council, fires) form families of their own and
    enter neither the area's nor a ward's total.

    Args:
        panel: The panel the forecast was made from.
        forecast: The forecast.

    Returns:
        The area's total of crime, then one trend a family in taxonomy order, then one a ward in the forecast's order.
        The total is called forecast crime where crime of other categories was recorded in the months shown.
    """
    row_of = {code: row for row, code in enumerate(panel.ward_codes)}
    column_of = {category: column for column, category in enumerate(panel.categories)}
    rows = np.array([row_of[code] for code in forecast.ward_codes], dtype=np.intp)
    columns = np.array([column_of[category] for category in forecast.categories], dtype=np.intp)
    past = np.flatnonzero(panel.months <= forecast.until)[-OBSERVED_MONTHS:]
    # (W, C, T): the forecast's wards and categories over the last observed months
    counts = panel.counts[np.ix_(rows, columns, past)]
    observed_months = tuple(panel.months[past].strftime("%Y-%m"))
    forecast_months = tuple(forecast.months.strftime("%Y-%m"))

    trends = []
    partial = _leaves_crime_out(panel, forecast, rows, past)
    for scope, key, label, wards, categories in _series(forecast, total=FORECAST_CRIME if partial else RECORDED_CRIME):
        # plain sum: one unobserved cell makes the month unobserved, rather than too low
        observed = counts[np.ix_(wards, categories)].sum(axis=(0, 1))
        paths = forecast.paths[:, wards][:, :, categories].sum(axis=(1, 2), dtype=np.int64)
        bands = np.quantile(paths, TREND_QUANTILES, axis=0, method="inverted_cdf")
        q05, q25, q50, q75, q95 = (tuple(float(value) for value in band) for band in bands)
        trends.append(
            Trend(
                scope=scope,
                key=key,
                label=label,
                observed_months=observed_months,
                observed=tuple(None if np.isnan(value) else float(value) for value in observed),
                forecast_months=forecast_months,
                q05=q05,
                q25=q25,
                q50=q50,
                q75=q75,
                q95=q95,
                precision=precision_of(float(paths.mean())),
            )
        )
    return tuple(trends)


def _leaves_crime_out(panel: Panel, forecast: Forecast, rows: NDArray[np.intp], past: NDArray[np.intp]) -> bool:
    """Tell whether crime of categories that are not forecast was recorded in some wards and months."""
    kept = {*forecast.categories, *(category for category, kind in taxonomy().items() if not kind.crime)}
    others = np.array([at for at, category in enumerate(panel.categories) if category not in kept], dtype=np.intp)
    return bool(np.nansum(panel.counts[np.ix_(rows, others, past)]) > 0)


Selection = tuple[Literal["area", "family", "ward"], str, str, NDArray[np.intp], NDArray[np.intp]]


def _series(forecast: Forecast, *, total: str) -> Iterator[Selection]:
    """Yield scope, key, label, ward positions and category positions of each series; `total` names all crime."""
    wards = np.arange(len(forecast.ward_codes))
    crimes = np.array(
        [i for i, category in enumerate(forecast.categories) if taxonomy()[category].crime], dtype=np.intp
    )
    members: dict[str, list[int]] = {}
    for position, category in enumerate(forecast.categories):
        members.setdefault(taxonomy()[category].major, []).append(position)
    if crimes.size:
        yield "area", forecast.area_code, total, wards, crimes
    for family, positions in members.items():
        yield "family", family, families()[family], wards, np.array(positions, dtype=np.intp)
    if crimes.size:
        for ward, (code, name) in enumerate(zip(forecast.ward_codes, forecast.ward_names, strict=True)):
            yield "ward", code, name, np.array([ward], dtype=np.intp), crimes
