"""Figures that lay forecasters side by side."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from wardcast.tracking.figures_frame import COLOURS, new_figure, panels
from wardcast_models.evaluation.ward_months import Interval

_MEASURES = {"mase": "MASE of the median", "rmsse": "RMSSE of the mean", "scaled_crps_19": "scaled CRPS"}
"""Measures drawn, with their titles."""
_LONGEST_LABEL = 60


def comparison_chart(differences: pd.DataFrame, summary: pd.DataFrame, *, synthetic: bool) -> Figure:
    """Draw every forecaster's scores over those of the first one, with the intervals of the ratios.

    Args:
        differences: The first forecaster against each other one (see `evaluation.differences`).
        summary: One row a forecaster; drawn as it is where there is only one.
        synthetic: Whether they are of the embedded sample.

    Returns:
        The figure. A ratio above 1 is worse than the first forecaster; an interval that reaches 1 tells nothing.
    """
    first = str(summary["model"].iloc[0])
    height = 1.5 + 0.35 * len(summary)
    title = f"Scores over those of {first}, 95 % intervals: above 1 is worse" if len(summary) > 1 else first
    figure = new_figure(title, synthetic=synthetic, width=12, height=height)
    for axes, (measure, label) in zip(panels(figure, len(_MEASURES)), _MEASURES.items(), strict=True):
        rows = differences[differences["measure"] == measure] if len(differences) else differences
        # The table has the first over the others; a reader compares the others with the first.
        ratios = {
            str(row["against"]): (1 / row["ratio"], 1 / row["ratio_high"], 1 / row["ratio_low"])
            for row in rows.to_dict("records")
        }
        value = float(summary.set_index("model")[measure].iloc[0])
        _forest(axes, {f"{first} = {value:.3f}": (1.0, 1.0, 1.0), **ratios})
        axes.set_title(label, fontsize="small")
    return figure


def group_chart(ratios: Mapping[str, Interval], *, synthetic: bool) -> Figure:
    """Draw how a forecaster compares with another in groups of wards.

    Args:
        ratios: Its scaled CRPS over the other's, by group.
        synthetic: Whether they are of the embedded sample.

    Returns:
        The figure.
    """
    title = "Scaled CRPS over the reference's, 95 % intervals: above 1 is worse"
    figure = new_figure(title, synthetic=synthetic, height=1.5 + 0.35 * len(ratios))
    _forest(figure.subplots(), {name: (one.value, one.low, one.high) for name, one in ratios.items()})
    return figure


def horizon_chart(per_horizon: pd.DataFrame, *, synthetic: bool) -> Figure:
    """Draw every forecaster's scores by months ahead.

    Args:
        per_horizon: One row a forecaster and month ahead.
        synthetic: Whether they are of the embedded sample.

    Returns:
        The figure.
    """
    figure = new_figure("Scores by months ahead: lower is better", synthetic=synthetic, width=12)
    for axes, (measure, label) in zip(panels(figure, len(_MEASURES)), _MEASURES.items(), strict=True):
        for number, (model, rows) in enumerate(per_horizon.groupby("model", sort=False, observed=True)):
            colour = COLOURS[number % len(COLOURS)]
            axes.plot(rows["horizon"], rows[measure], marker=".", color=colour, label=str(model))
        axes.set_title(label, fontsize="small")
        axes.set_xlabel("months ahead")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right upper", fontsize="small")
    return figure


def _forest(axes: Axes, ratios: Mapping[str, tuple[float, float, float]]) -> None:
    """Draw one row a ratio: a dot, and a line over its interval where it has one."""
    axes.axvline(1.0, color="black", linewidth=0.8, linestyle="--")
    for place, (value, low, high) in enumerate(ratios.values()):
        axes.plot([low, high], [place, place], color=COLOURS[0])
        axes.plot([value], [place], marker="o", color=COLOURS[0])
    labels = [name if len(name) <= _LONGEST_LABEL else f"{name[:_LONGEST_LABEL]}..." for name in ratios]
    # People name groups of wards, and a name with two dollar signs is no formula.
    axes.set_yticks(range(len(ratios)), labels, fontsize="small", parse_math=False)
    axes.invert_yaxis()
