"""Measures of a backtest's cells, by model and by months ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.evaluation.metrics import bias, coverage, mase, rmsse, scaled_crps, wape

_SERIES = ["origin", "ward_code", "category"]


def summarise(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of every model.

    Absolute errors are scored with the median and squared errors and bias with the mean: each measure is made
    smallest by its own point forecast. `mase_mean` and `wape_mean` show the mean's absolute errors as well.

    Args:
        cells: Cells of a backtest (see `BacktestResult`).

    Returns:
        One row per model, in order of appearance.
    """
    rows = [{"model": model, **_measures(part)} for model, part in cells.groupby("model", sort=False, observed=True)]
    return pd.DataFrame(rows)


def by_horizon(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of every model and number of months ahead.

    Args:
        cells: Cells of a backtest.

    Returns:
        One row per model and horizon.
    """
    rows = [
        {"model": model, "horizon": horizon, **_measures(part)}
        for (model, horizon), part in cells.groupby(["model", "horizon"], sort=False)
    ]
    return pd.DataFrame(rows)


def _measures(part: pd.DataFrame) -> dict[str, float | int]:
    """Return the measures of one model's cells."""
    series = _by_series(part)
    actual, mean, median = series["actual"], series["mean"], series["median"]
    scale, squared_scale = series["scale"][:, 0], series["squared_scale"][:, 0]
    pit = part["pit"]
    return {
        "mase": mase(actual, median, scale),
        "mase_mean": mase(actual, mean, scale),
        "rmsse": rmsse(actual, mean, squared_scale),
        "wape": wape(actual, median),
        "wape_mean": wape(actual, mean),
        "bias": bias(actual, mean),
        "scaled_crps": scaled_crps(actual, series["crps"]),
        "pinball": float(part["pinball"].mean()),
        "coverage_80": coverage(actual, series["q10"], series["q90"]),
        "coverage_90": coverage(actual, series["q05"], series["q95"]),
        "pit_80": float(((pit > 0.1) & (pit < 0.9)).mean()),
        "cells": len(part),
    }


def _by_series(part: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return each measure's values as (N series, H), NaN where a series has no such cell."""
    series = part.groupby(_SERIES, sort=False).ngroup().to_numpy()
    order = part.groupby(_SERIES, sort=False).cumcount().to_numpy()
    shape = (int(series.max()) + 1, int(order.max()) + 1)
    names = ["actual", "mean", "median", "q05", "q10", "q90", "q95", "crps", "scale", "squared_scale"]
    values = {name: np.full(shape, np.nan) for name in names}
    for name in names:
        values[name][series, order] = part[name].to_numpy(dtype=np.float64)
    return values
