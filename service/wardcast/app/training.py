"""One training: fit, check on the last year held back, and log both."""

from __future__ import annotations

import hashlib
import time

import numpy as np
import pandas as pd

from wardcast.tracking.figures_forecast import category_fans, fan_chart
from wardcast.tracking.run import Run
from wardcast_models.evaluation.backtest import backtest
from wardcast_models.evaluation.comparison import Comparison
from wardcast_models.fan_out import FanOut
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.forecasting.forecaster import Forecaster, TrainedForecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent

_YARDSTICK = "mean_12_months"
_HOLDOUT_MONTHS = 12
_FIGURE_PATHS = 200
"""Sample paths behind a training run's check and figures; plans draw their own."""
_LEAST_HISTORY_MONTHS = 36
"""Months needed before a year is held back for the training run's check."""


def fit_and_check(
    run: Run, panel: Panel, chosen: Forecaster, *, dataset_id: str, progress: Progress = silent
) -> TrainedForecaster:
    """Fit, score a forecast of the last year held back, draw the year ahead; log all of it.

    Args:
        run: The training run.
        panel: The panel, ending with the last month learned from.
        chosen: The forecaster.
        dataset_id: Dataset that the panel is of.
        progress: Told how far it is.

    Returns:
        The fitted forecaster.

    Raises:
        WardcastError: Too little data.
    """
    last = panel.last_month
    run.log_parameters(
        {
            "area": panel.area.code,
            "dataset_id": dataset_id,
            "until": f"{last:%Y-%m}",
            "forecaster": chosen.name,
            "n_paths": _FIGURE_PATHS,
            "seed": 0,
            **{f"forecaster.{name}": value for name, value in chosen.parameters().items()},
        }
    )
    run.log_panel(panel, context="training")
    progress(0.1, f"fitting {chosen.name}")
    started = time.perf_counter()
    trained = chosen.fit(panel, until=last)
    run.log_metrics({"fit_seconds": time.perf_counter() - started})
    if len(panel.months) >= _LEAST_HISTORY_MONTHS:
        progress(0.5, "checking on the last year held back")
        _log_held_back(run, panel, chosen.name)
    year_ahead = trained.forecast(horizon_months=_HOLDOUT_MONTHS, n_paths=_FIGURE_PATHS)
    run.log_steps(enumerate(_totals(year_ahead), start=1))
    run.log_metrics({f"weight of {name}": weight for name, weight in year_ahead.member_weights})
    # Equal digests are equal forecasts, path by path.
    run.set_tags({"wardcast.paths_digest": hashlib.sha256(year_ahead.paths.tobytes()).hexdigest()})
    run.log_text("\n".join(year_ahead.assumptions) + "\n", "assumptions.txt")
    run.log_figure(fan_chart(panel, year_ahead), "forecast.png")
    run.log_figure(category_fans(panel, year_ahead), "forecast_by_category.png")
    return trained


def _log_held_back(run: Run, panel: Panel, name: str) -> None:
    """Score a forecast made a year before the panel's end, beside the mean of the twelve months before."""
    check = Comparison(
        area=panel.area.code,
        origins=(panel.months[-1 - _HOLDOUT_MONTHS],),
        forecasters=tuple(dict.fromkeys((name, _YARDSTICK))),
        horizon_months=_HOLDOUT_MONTHS,
        n_paths=_FIGURE_PATHS,
    )
    summary = backtest(
        panel,
        forecasters=check.forecasters,
        origins=check.origins,
        horizon_months=check.horizon_months,
        n_paths=check.n_paths,
        seed=check.seed,
        availability=check.availability.availability(),
        # Two forecasts: starting processes would take longer.
        fan_out=FanOut(backend="sequential"),
    ).summary
    run.log_parameters({f"holdout.{key}": value for key, value in check.parameters().items()})
    run.log_metrics(_scores(summary, name))
    run.log_text(summary.to_csv(index=False), "holdout.csv")


def _scores(summary: pd.DataFrame, name: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    for model, row in summary.set_index("model").astype(float).iterrows():
        prefix = "holdout" if model == name else f"holdout_{model}"
        scores |= {f"{prefix}_{metric}": value for metric, value in row.to_dict().items()}
    return scores


def _totals(forecast: Forecast) -> list[dict[str, float]]:
    """Return the area's total of every month ahead: mean and ends of its 90 % range."""
    totals = forecast.paths.sum(axis=(1, 2))
    low, high = np.quantile(totals, (0.05, 0.95), axis=0)
    return [
        {"forecast/total_mean": float(mean), "forecast/total_q05": float(lower), "forecast/total_q95": float(upper)}
        for mean, lower, upper in zip(totals.mean(axis=0), low, high, strict=True)
    ]
