"""The benchmark's plot: errors and seconds side by side, one panel a measure and area."""

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

_PANEL_INCHES = (3.4, 4.4)


def draw(reports: Sequence[AreaReport]) -> Figure:
    """Draw every model's errors and seconds an origin, a row of panels an area and a line a model.

    Args:
        reports: The areas.

    Returns:
        The figure; further left is better, and models stand in the order of their scaled CRPS. A dashed line is where
        the champion has to be.
    """
    width, height = _PANEL_INCHES
    figure = Figure(figsize=(width * (len(TARGETS) + 1), height * len(reports)), layout="constrained")
    rows = figure.subplots(len(reports), len(TARGETS) + 1, squeeze=False, sharey="row")
    for report, axes in zip(reports, rows, strict=True):
        for measure, panel in zip(TARGETS, axes, strict=False):
            _errors(panel, report, measure)
        _dots(axes[-1], report, "seconds")
        axes[-1].set_xscale("log")
        axes[-1].set_xlabel("seconds an origin, one core")
        _names(axes[0], report)
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


def _errors(panel: Axes, report: AreaReport, measure: str) -> None:
    """Draw one measure of one area, with the champion's target."""
    _dots(panel, report, measure)
    table = report.tables["accuracy"].frame
    peers = table.loc[table["kind"] == "peer", measure]
    if len(peers):
        target = TARGETS[measure]
        panel.axvline(target.least * peers.min(), color="#505a5f", linestyle="--", label="target for the champion")
    panel.set_xlabel(TARGETS[measure].label)


def _dots(panel: Axes, report: AreaReport, column: str) -> None:
    """Draw a dot a model, the best of the table on top."""
    table = report.tables["accuracy"].frame.reset_index(drop=True)
    for kind, (marker, colour) in _STYLES.items():
        models = table[table["kind"] == kind]
        panel.scatter(models[column], models.index, marker=marker, color=colour, label=f"{kind} models", zorder=3)
    panel.grid(axis="y", color="#dee0e2", linewidth=0.6)


def _names(panel: Axes, report: AreaReport) -> None:
    """Name the lines, the champion in bold, and the area."""
    models = list(report.tables["accuracy"].frame["model"])
    panel.set_yticks(range(len(models)), models, fontsize=8)
    panel.invert_yaxis()
    for label in panel.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() == report.race.champion else "normal")
    panel.set_title(AREAS[report.race.name], loc="left")
