"""Rolling-origin backtests: what every forecaster would have said, against what was recorded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.evaluation.metrics import crps, pinball, randomised_pit, seasonal_scale
from wardcast_models.evaluation.summary import by_horizon, summarise
from wardcast_models.forecasting.forecast import QUANTILES, Forecast
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent

NOTES: tuple[str, ...] = (
    "Pseudo-real-time: counts are the final back-cast, so every origin sees revised counts, on today's wards, that "
    "were not yet published then.",
    "A projection is used at every origin as it stands in the files, whenever it was made.",
    "Closed intervals of integers hold more than their nominal share; the randomised PIT does not have this fault.",
)
"""What a reader of any backtest has to know."""


@dataclass(frozen=True, kw_only=True)
class BacktestResult:
    """What the forecasters said and how right they were.

    Attributes:
        cells: One row per model, origin, ward, category and month with a known count: `model, origin, ward_code,
            category, month, horizon, actual, mean, median, q05, q10, q90, q95, crps, pinball, pit, scale,
            squared_scale`.
        summary: One row per model: `model, mase, mase_mean, rmsse, wape, wape_mean, bias, scaled_crps, pinball,
            coverage_80, coverage_90, pit_80, cells, seconds` (`mase` and `wape` of the median, `rmsse` and `bias` of
            the mean; `pit_80` is the share of the randomised PIT inside 0.1 to 0.9; `seconds` to fit and forecast an
            origin).
        per_horizon: One row per model and months ahead, the same measures but `seconds`.
        notes: What has to be known to read them.
    """

    cells: pd.DataFrame
    summary: pd.DataFrame
    per_horizon: pd.DataFrame
    notes: tuple[str, ...]


def backtest(
    panel: Panel,
    *,
    forecasters: Sequence[str],
    origins: Sequence[pd.Timestamp],
    horizon_months: int,
    n_paths: int = 200,
    seed: int = 0,
    progress: Progress = silent,
) -> BacktestResult:
    """Forecast from every origin with every forecaster and compare with the recorded counts.

    Args:
        panel: The panel. A forecaster is only shown the months up to the origin.
        forecasters: Names from the registry.
        origins: Last months of data; each must leave `horizon_months` months in the panel.
        horizon_months: Months ahead.
        n_paths: Sample paths of each forecast.
        seed: Seed of the paths.
        progress: Told after every forecast.

    Returns:
        Cells, summary and per-horizon measures.

    Raises:
        WardcastError: An unknown forecaster, or an origin that does not fit into the data.
    """
    _check(panel, forecasters, origins, horizon_months)
    models = [forecaster(name) for name in forecasters]
    parts: list[pd.DataFrame] = []
    seconds = dict.fromkeys(forecasters, 0.0)
    for origin in origins:
        past = panel.up_to(origin)
        for model in models:
            progress(len(parts) / (len(models) * len(origins)), f"forecasting from {origin:%Y-%m} with {model.name}")
            started = time.perf_counter()
            forecast = model.fit(past, until=origin).forecast(horizon_months=horizon_months, n_paths=n_paths, seed=seed)
            seconds[model.name] += time.perf_counter() - started
            parts.append(_cells(panel, past, forecast, seed=seed))
    progress(1.0, "comparing with the recorded counts")
    cells = pd.concat(parts, ignore_index=True)
    summary = summarise(cells)
    summary["seconds"] = [seconds[model] / len(origins) for model in summary["model"]]
    return BacktestResult(cells=cells, summary=summary, per_horizon=by_horizon(cells), notes=NOTES)


def _check(panel: Panel, forecasters: Sequence[str], origins: Sequence[pd.Timestamp], horizon_months: int) -> None:
    """Refuse an empty comparison and origins that leave too few months to compare with."""
    if not forecasters or not origins:
        raise invalid_input(
            "A backtest needs at least one forecaster and one origin.",
            Problem(
                where="forecasters" if not forecasters else "origins",
                expected="at least one",
                found="none",
                mend="Name one.",
            ),
        )
    last = panel.months[max(len(panel.months) - 1 - horizon_months, 0)]
    late = [origin for origin in origins if origin > last]
    if late:
        raise invalid_input(
            f"The data end in {panel.last_month:%Y-%m}, too early for {len(late)} of the origins.",
            *[
                Problem(
                    where="origins",
                    expected=f"a month up to {last:%Y-%m}",
                    found=f"{origin:%Y-%m}",
                    mend="Choose an earlier origin or a shorter horizon.",
                )
                for origin in late
            ],
        )


def _cells(panel: Panel, past: Panel, forecast: Forecast, *, seed: int) -> pd.DataFrame:
    """Return one row per forecast cell with a known count."""
    places = [panel.categories.index(category) for category in forecast.categories]
    ahead = panel.months.get_indexer(forecast.months)
    actual = panel.counts[panel.area_rows][:, places][:, :, ahead]
    history = past.counts[past.area_rows][:, places]
    quantiles = dict(zip(QUANTILES, forecast.quantiles(), strict=True))
    scale = seasonal_scale(history)[:, :, None]
    squared_scale = seasonal_scale(history, power=2)[:, :, None]
    values: dict[str, NDArray[np.float64]] = {
        "actual": actual,
        "mean": forecast.mean,
        "median": quantiles[0.50],
        "q05": quantiles[0.05],
        "q10": quantiles[0.10],
        "q90": quantiles[0.90],
        "q95": quantiles[0.95],
        "crps": crps(actual, forecast.paths),
        "pinball": pinball(actual, np.stack(list(quantiles.values())), QUANTILES),
        "pit": randomised_pit(actual, forecast.paths, seed=seed),
        "scale": np.broadcast_to(scale, actual.shape),
        "squared_scale": np.broadcast_to(squared_scale, actual.shape),
    }
    index = pd.MultiIndex.from_product(
        [forecast.ward_codes, forecast.categories, forecast.months], names=["ward_code", "category", "month"]
    )
    frame = pd.DataFrame({name: value.reshape(-1) for name, value in values.items()}, index=index).reset_index()
    horizon = np.tile(np.arange(1, len(forecast.months) + 1), len(frame) // len(forecast.months))
    frame.insert(3, "horizon", horizon)
    frame.insert(0, "origin", forecast.until)
    frame.insert(0, "model", forecast.model)
    return frame[frame["actual"].notna()]
