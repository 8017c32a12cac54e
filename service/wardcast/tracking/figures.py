"""Figures kept with a run."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from wardcast_models.allocation.plan import Plan
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel

_HISTORY_MONTHS = 36
_BANDS = ((0.05, 0.95, 0.18), (0.25, 0.75, 0.35))
"""Lower level, upper level and opacity of each band of a fan chart."""


def fan_chart(panel: Panel, forecast: Forecast) -> Figure:
    """Draw the area's total of the forecast categories: what was recorded, and the forecast as a fan.

    Args:
        panel: The panel, ending at the forecast's origin.
        forecast: The forecast.

    Returns:
        The figure.
    """
    columns = [panel.categories.index(category) for category in forecast.categories]
    observed = panel.counts[panel.area_rows][:, columns, -_HISTORY_MONTHS:]
    # A month in which a category was not observed has no total to compare with.
    history = observed.sum(axis=(0, 1))
    totals = forecast.paths.sum(axis=(1, 2))
    figure = Figure(figsize=(9, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(panel.months[-_HISTORY_MONTHS:], history, color="black", label="recorded")
    for lower, upper, opacity in _BANDS:
        low, high = np.quantile(totals, (lower, upper), axis=0)
        axes.fill_between(forecast.months, low, high, alpha=opacity, color="tab:blue", linewidth=0)
    axes.plot(forecast.months, totals.mean(axis=0), color="tab:blue", label=f"forecast ({forecast.model})")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("recorded crimes and incidents a month")
    title = f"{panel.area.name}, {len(forecast.categories)} categories; bands hold 50 % and 90 % of paths"
    axes.set_title(_marked(title, synthetic=forecast.synthetic))
    axes.legend(loc="lower left")
    return figure


def hours_by_ward(plan: Plan) -> Figure:
    """Draw the plan's hours beside each ward's share of preventable harm.

    Args:
        plan: The plan.

    Returns:
        The figure.
    """
    wards = plan.wards[:40]
    places = np.arange(len(wards))
    total_hours = max(sum(ward.hours for ward in plan.wards), 1e-9)
    figure = Figure(figsize=(8, 0.3 * len(wards) + 1.5), layout="constrained")
    axes = figure.subplots()
    axes.barh(places - 0.2, [100 * ward.hours / total_hours for ward in wards], height=0.4, label="share of hours")
    shares = [100 * ward.preventable_harm_share for ward in wards]
    axes.barh(places + 0.2, shares, height=0.4, label="share of preventable harm")
    axes.set_yticks(places, [ward.ward_name for ward in wards])
    axes.invert_yaxis()
    axes.set_xlabel("per cent of the area")
    axes.set_title(_marked(f"{plan.area_name}: {plan.title}", synthetic=plan.synthetic))
    axes.legend()
    return figure


def _marked(title: str, *, synthetic: bool) -> str:
    return f"SYNTHETIC SAMPLE: {title}" if synthetic else title
