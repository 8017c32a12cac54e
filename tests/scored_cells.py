"""Scored forecasts for tests: cells of forecasts that are right, or wrong in a known way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.evaluation.cells import score_cells
from wardcast_models.panel.panel import Panel

ORIGIN = pd.Timestamp("2019-12-01")


def draw_cells(
    panel: Panel,
    rate: float | np.ndarray,
    *,
    model: str = "right",
    origin: pd.Timestamp = ORIGIN,
    horizon_months: int = 12,
    n_paths: int = 200,
    seed: int = 1,
) -> pd.DataFrame:
    """Score Poisson paths.

    Args:
        panel: What was recorded.
        rate: Expected count of each cell, or an array of wards, categories and months.
        model: Name of the model.
        origin: Last month of data.
        horizon_months: Months ahead.
        n_paths: Number of paths.
        seed: Seed of the paths.

    Returns:
        Its cells.
    """
    months = pd.date_range(origin, periods=horizon_months + 1, freq="MS")[1:]
    shape = (len(panel.area.ward_codes), len(panel.categories), horizon_months)
    paths = np.random.default_rng(seed).poisson(np.broadcast_to(rate, shape), size=(n_paths, *shape)).astype(np.int32)
    return score_cells(
        panel,
        panel.up_to(origin),
        model=model,
        origin=origin,
        categories=panel.categories,
        months=months,
        mean=paths.mean(axis=0),
        paths=paths,
    )
