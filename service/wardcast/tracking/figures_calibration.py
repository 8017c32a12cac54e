"""Figures of whether the spread of forecasts can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from wardcast.tracking.figures_frame import COLOURS, new_figure, panels
from wardcast_models.evaluation.calibration import BAND_EDGES, BANDS
from wardcast_models.evaluation.cells import EVALUATION_LEVELS

_BINS = 20


def pit_histogram(cells: pd.DataFrame, *, synthetic: bool) -> Figure:
    """Draw a forecaster's randomised PIT by band of its forecast mean: level for a forecast that can be trusted.

    Higher at both ends, its ranges are too narrow; higher in the middle, too wide; higher at one end, it is biased.

    Args:
        cells: The forecaster's cells of a backtest.
        synthetic: Whether they are of the embedded sample.

    Returns:
        The figure.
    """
    model = str(cells["model"].iloc[0])
    figure = new_figure(f"{model}: randomised PIT by forecast mean a month", synthetic=synthetic, width=11, height=3)
    bands = _bands(cells)
    for axes, band in zip(panels(figure, len(BANDS), columns=len(BANDS)), BANDS, strict=True):
        pit = bands.get(band, pd.Series(dtype=float)).dropna()
        axes.set_title(f"{band} ({len(pit):,} cells)", fontsize="small")
        axes.set_xlim(0, 1)
        if len(pit):
            axes.hist(pit, bins=_BINS, range=(0, 1), density=True, color=COLOURS[0])
        axes.axhline(1.0, color="black", linewidth=0.8, linestyle="--")
    return figure


def reliability(cells: pd.DataFrame, *, synthetic: bool) -> Figure:
    """Draw, for each quantile level forecast, the share of counts that fell below: on the diagonal where it is right.

    The share is that of the randomised PIT at or below the level, so that a perfect forecast of integers is on the
    diagonal too. One forecaster is drawn by band of its forecast mean; several are drawn against each other.

    Args:
        cells: Cells of a backtest.
        synthetic: Whether they are of the embedded sample.

    Returns:
        The figure.
    """
    by_model = {str(model): part["pit"] for model, part in cells.groupby("model", sort=False, observed=True)}
    lines = by_model if len(by_model) > 1 else _bands(cells)
    title = "Forecast quantile and observed share" + ("" if len(by_model) > 1 else f": {next(iter(by_model))}")
    figure = new_figure(title, synthetic=synthetic, width=5.5, height=5.5)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle="--", label="right")
    for number, (name, pit) in enumerate(lines.items()):
        known = pit.dropna().to_numpy()
        if len(known):
            shares = [(known <= level).mean() for level in EVALUATION_LEVELS]
            colour = COLOURS[number % len(COLOURS)]
            axes.plot(EVALUATION_LEVELS, shares, marker=".", color=colour, label=f"{name} ({len(known):,} cells)")
    axes.set_xlabel("quantile level forecast")
    axes.set_ylabel("share of counts observed at or below")
    axes.set_aspect("equal")
    axes.legend(loc="upper left", fontsize="small")
    return figure


def _bands(cells: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """Return PIT values by band of the forecast mean; bands without a cell are absent."""
    numbers = np.digitize(cells["mean"].to_numpy(), BAND_EDGES)
    return {name: cells["pit"][numbers == number] for number, name in enumerate(BANDS) if (numbers == number).any()}
