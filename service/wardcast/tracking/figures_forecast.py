"""Fan charts: what was recorded, and forecasts as ranges."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from wardcast.tracking.figures_frame import new_figure, panels
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel

_HISTORY_MONTHS = 36
_BANDS = ((0.05, 0.95, 0.18), (0.25, 0.75, 0.35))
"""Lower level, upper level and opacity of each band of a fan chart."""
_MOST_PANELS = 6
_KNOWN, _FORECAST = "black", "tab:blue"


def fan_chart(panel: Panel, forecast: Forecast) -> Figure:
    """Draw the area's total of the forecast categories: what was recorded, and the forecast as a fan.

    Args:
        panel: The panel, ending at the forecast's origin.
        forecast: The forecast.

    Returns:
        The figure.
    """
    title = f"{panel.area.name}, {len(forecast.categories)} categories; bands hold 50 % and 90 % of paths"
    figure = new_figure(title, synthetic=forecast.synthetic, width=9)
    axes = figure.subplots()
    _fan(axes, panel, forecast, forecast.categories)
    axes.set_ylabel("recorded crimes and incidents a month")
    axes.legend(loc="lower left")
    return figure


def category_fans(panel: Panel, forecast: Forecast) -> Figure:
    """Draw the area's total of each of the largest categories as a fan of its own.

    Args:
        panel: The panel, ending at the forecast's origin.
        forecast: The forecast.

    Returns:
        The figure.
    """
    sizes = forecast.mean.sum(axis=(0, 2))
    largest = [forecast.categories[place] for place in np.argsort(-sizes, kind="stable")[:_MOST_PANELS]]
    title = f"{panel.area.name}, the largest categories; bands hold 50 % and 90 % of paths"
    rows = -(-len(largest) // 3)
    figure = new_figure(title, synthetic=forecast.synthetic, width=12, height=3.2 * rows)
    for axes, category in zip(panels(figure, len(largest)), largest, strict=True):
        _fan(axes, panel, forecast, (category,))
        axes.set_title(category, fontsize="small")
        axes.tick_params(axis="x", rotation=30)
    return figure


def hindsight_fans(panel: Panel, cells: pd.DataFrame) -> Figure:
    """Draw what a forecaster said from past origins beside what was then recorded, for the largest ward series.

    Args:
        panel: The panel with the recorded counts.
        cells: The forecaster's cells of a backtest.

    Returns:
        The figure; of origins whose months overlap, the later is left out, so that no fan hides another.
    """
    sizes = cells.groupby(["ward_code", "category"], observed=True)["actual"].sum()
    largest = list(sizes.sort_values(ascending=False, kind="stable").index[:_MOST_PANELS])
    model = str(cells["model"].iloc[0])
    title = f"{panel.area.name}, {model}: the largest ward series, forecast from past origins (80 % and 90 % ranges)"
    rows = -(-len(largest) // 3)
    figure = new_figure(title, synthetic=panel.synthetic, width=12, height=3.2 * rows)
    for axes, (ward, category) in zip(panels(figure, len(largest)), largest, strict=True):
        series = cells[(cells["ward_code"] == ward) & (cells["category"] == category)]
        counts = panel.counts[panel.ward_codes.index(ward), panel.categories.index(category)]
        shown = panel.months >= series["origin"].min()
        axes.plot(panel.months[shown], counts[shown], color=_KNOWN, linewidth=1.0)
        for origin in _apart(series):
            fan = series[series["origin"] == origin].sort_values("month")
            for lower, upper, opacity in (("q05", "q95", 0.18), ("q10", "q90", 0.3)):
                axes.fill_between(fan["month"], fan[lower], fan[upper], alpha=opacity, color=_FORECAST, linewidth=0)
            axes.plot(fan["month"], fan["median"], color=_FORECAST)
        axes.set_ylim(bottom=0)
        axes.set_title(f"{panel.ward_names[ward]}: {category}", fontsize="small")
        axes.tick_params(axis="x", rotation=30)
    return figure


def _fan(axes: Axes, panel: Panel, forecast: Forecast, categories: tuple[str, ...]) -> None:
    """Draw the area's total of some categories."""
    columns = [panel.categories.index(category) for category in categories]
    places = [forecast.categories.index(category) for category in categories]
    # A month in which a category was not observed has no total to compare with.
    history = panel.counts[panel.area_rows][:, columns, -_HISTORY_MONTHS:].sum(axis=(0, 1))
    totals: NDArray[np.int64] = forecast.paths[:, :, places].sum(axis=(1, 2))
    axes.plot(panel.months[-_HISTORY_MONTHS:], history, color=_KNOWN, label="recorded")
    for lower, upper, opacity in _BANDS:
        low, high = np.quantile(totals, (lower, upper), axis=0)
        axes.fill_between(forecast.months, low, high, alpha=opacity, color=_FORECAST, linewidth=0)
    axes.plot(forecast.months, totals.mean(axis=0), color=_FORECAST, label=f"forecast ({forecast.model})")
    axes.set_ylim(bottom=0)


def _apart(series: pd.DataFrame) -> list[pd.Timestamp]:
    """Return origins whose forecast months do not overlap, earliest first."""
    ends = series.groupby("origin", observed=True)["month"].max()
    kept: list[pd.Timestamp] = []
    for origin in sorted(ends.index):
        if not kept or origin >= ends[kept[-1]]:
            kept.append(origin)
    return kept
