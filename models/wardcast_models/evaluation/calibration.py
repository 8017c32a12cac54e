"""Whether the spread of a forecast can be trusted: calibration by band of the forecast mean."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.evaluation.metrics import coverage
from wardcast_models.evaluation.summary import share_inside

BAND_EDGES: tuple[float, ...] = (1.0, 5.0, 15.0)
"""Forecast means a month at which one band ends and the next begins."""

BANDS: tuple[str, ...] = ("under 1", "1 to 5", "5 to 15", "15 and over")
"""The bands, by name; each holds its lower end."""

ENOUGH_CELLS = 1_000
"""Below this number of cells a band's shares say little."""


def calibration_by_band(cells: pd.DataFrame) -> pd.DataFrame:
    """Return how often the counts fell where each model said they would, by band of its own forecast mean.

    The share of the randomised PIT (Czado, Gneiting and Held 2009) inside (0.1, 0.9) is 0.8 for a perfect forecaster.
    The closed interval from the 10 % to the 90 % quantile holds more than 0.8 of any distribution on integers, most of
    all where counts are low; what it holds under the forecast's own distribution is what a perfect forecaster would
    cover.

    Args:
        cells: Cells of a backtest (see `score_cells`).

    Returns:
        One row per model and band: `model, band, cells, pit_80, coverage_80, coverage_80_perfect, enough`; bands
        without a cell are absent, `enough` says whether the band has at least 1,000. `pit_80` and
        `coverage_80_perfect` are NaN for a model without sample paths.
    """
    rows = []
    for model, part in cells.groupby("model", sort=False, observed=True):
        bands = np.digitize(part["mean"].to_numpy(), BAND_EDGES)
        for number, band in enumerate(BANDS):
            inside = part[bands == number]
            if len(inside):
                rows.append({"model": model, "band": band, **_shares(inside)})
    return pd.DataFrame(rows)


def _shares(part: pd.DataFrame) -> dict[str, float | int | bool]:
    """Return the shares of one model's cells of one band."""
    actual, lower, upper = (part[name].to_numpy(dtype=np.float64) for name in ("actual", "q10", "q90"))
    return {
        "cells": len(part),
        "pit_80": share_inside(part["pit"].to_numpy()),
        "coverage_80": coverage(actual, lower, upper),
        "coverage_80_perfect": float(part["mass_80"].mean()),
        "enough": len(part) >= ENOUGH_CELLS,
    }
