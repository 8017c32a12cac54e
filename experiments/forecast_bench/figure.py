"""The benchmark's plot: accuracy beside seconds, one panel a measure and area."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from forecast_bench.race import AREAS
from forecast_bench.report import AreaReport
from forecast_bench.verdict import TARGETS

_STYLES = {"own": ("o", "#1d70b8"), "peer": ("s", "#b58840")}
"""Marker and colour by kind of model."""

_PANEL_INCHES = (4.6, 4.0)


def draw(reports: Sequence[AreaReport]) -> Figure:
    """Draw every model's error against its seconds an origin.

    Args:
        reports: The areas, a row of panels each.

    Returns:
        The figure; lower and further left is better. A dashed line is where the champion has to be.
    """
    width, height = _PANEL_INCHES
    figure = Figure(figsize=(width * len(TARGETS), height * len(reports)), layout="constrained")
    rows = figure.subplots(len(reports), len(TARGETS), squeeze=False)
    for report, axes in zip(reports, rows, strict=True):
        for measure, panel in zip(TARGETS, axes, strict=True):
            _panel(panel, report, measure)
    handles, labels = rows[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def save(figure: Figure, out: Path) -> None:
    """Write the figure as `accuracy.png` and `accuracy.svg`.

    Args:
        figure: The figure.
        out: Folder.
    """
    for kind in ("png", "svg"):
        figure.savefig(out / f"accuracy.{kind}", dpi=150, metadata={"Date": None} if kind == "svg" else None)


def _panel(panel: Axes, report: AreaReport, measure: str) -> None:
    """Draw one measure of one area."""
    table = report.tables["accuracy"].frame
    for kind, (marker, colour) in _STYLES.items():
        models = table[table["kind"] == kind]
        panel.scatter(models["seconds"], models[measure], marker=marker, color=colour, label=f"{kind} models")
        for model, seconds, value in zip(models["model"], models["seconds"], models[measure], strict=True):
            weight = "bold" if model == report.race.champion else "normal"
            panel.annotate(
                model, (seconds, value), xytext=(4, 4), textcoords="offset points", fontsize=7, fontweight=weight
            )
    peers = table.loc[table["kind"] == "peer", measure]
    if len(peers):
        target = TARGETS[measure]
        panel.axhline(target.least * peers.min(), color="#505a5f", linestyle="--", label="target for the champion")
    panel.set_xscale("log")
    panel.margins(x=0.25)
    panel.set_xlabel("seconds an origin, one core")
    panel.set_ylabel(TARGETS[measure].label)
    panel.set_title(AREAS[report.race.name])
