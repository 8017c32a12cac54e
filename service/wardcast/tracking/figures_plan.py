"""Figures of a plan."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from wardcast.tracking.figures_frame import new_figure
from wardcast_models.allocation.plan import Plan

_MOST_WARDS = 40


def hours_by_ward(plan: Plan) -> Figure:
    """Draw the plan's hours beside each ward's share of preventable harm.

    Args:
        plan: The plan.

    Returns:
        The figure.
    """
    wards = plan.wards[:_MOST_WARDS]
    places = np.arange(len(wards))
    total_hours = max(sum(ward.hours for ward in plan.wards), 1e-9)
    title = f"{plan.area_name}: {plan.title}"
    figure = new_figure(title, synthetic=plan.synthetic, height=0.3 * len(wards) + 1.5)
    axes = figure.subplots()
    axes.barh(places - 0.2, [100 * ward.hours / total_hours for ward in wards], height=0.4, label="share of hours")
    shares = [100 * ward.preventable_harm_share for ward in wards]
    axes.barh(places + 0.2, shares, height=0.4, label="share of preventable harm")
    axes.set_yticks(places, [ward.ward_name for ward in wards])
    axes.invert_yaxis()
    axes.set_xlabel("per cent of the area")
    axes.legend()
    return figure
