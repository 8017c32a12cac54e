"""Use cases: train and register a forecaster, list the versions, promote one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from wardcast.app.datasets import Dataset
from wardcast.app.workspace import Workspace
from wardcast.tracking.figures import fan_chart
from wardcast.tracking.model_record import CHAMPION, ModelRecord
from wardcast.tracking.registry import (
    list_models,
    load_forecaster,
    register_forecaster,
    set_alias,
)
from wardcast_models.evaluation.backtest import backtest
from wardcast_models.forecasting.forecaster import TrainedForecaster
from wardcast_models.forecasting.registry import DEFAULT_FORECASTER, forecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent

_YARDSTICK = "mean_12_months"
_HOLDOUT_MONTHS = 12
_FIGURE_PATHS = 200
"""Sample paths behind a training run's check and figure; plans draw their own."""
_LEAST_HISTORY_MONTHS = 36
"""Months needed before a year is held back for the training run's check."""


@dataclass(frozen=True, kw_only=True)
class TrainedModel:
    """A registered version and the forecaster itself."""

    record: ModelRecord
    forecaster: TrainedForecaster


def train(
    workspace: Workspace,
    dataset: Dataset,
    *,
    until: pd.Timestamp | None = None,
    model: str | None = None,
    progress: Progress = silent,
) -> TrainedModel:
    """Fit a forecaster, check it on the last year held back, log the run and register the version.

    Args:
        workspace: Where it is kept.
        dataset: What it learns from.
        until: Last month learned from; None takes the last there is.
        model: Forecaster; None takes the champion's, else `pooled_prophet`.
        progress: Told how far it is.

    Returns:
        The registered version.

    Raises:
        WardcastError: No such forecaster, or too little data.
    """
    panel, last = dataset.until(until)
    chosen = forecaster(model or _champion_forecaster(workspace, panel))
    tags = {"wardcast.area": panel.area.code, "wardcast.dataset_id": dataset.record.dataset_id}
    name = f"train {chosen.name} {panel.area.code} {last:%Y-%m}"
    with workspace.tracker.run(name, kind="train", tags=tags) as run:
        run.log_parameters({"area": panel.area.code, "until": f"{last:%Y-%m}", "forecaster": chosen.name})
        run.log_parameters(chosen.parameters())
        run.log_panel(panel, context="training")
        progress(0.1, f"fitting {chosen.name}")
        started = time.perf_counter()
        trained = chosen.fit(panel, until=last)
        run.log_metrics({"fit_seconds": time.perf_counter() - started})
        if len(panel.months) >= _LEAST_HISTORY_MONTHS:
            progress(0.5, "checking on the last year held back")
            summary = _held_back(panel, chosen.name)
            run.log_metrics(_scores(summary, chosen.name))
            run.log_text(summary.to_csv(index=False), "holdout.csv")
        year_ahead = trained.forecast(horizon_months=_HOLDOUT_MONTHS, n_paths=_FIGURE_PATHS)
        run.log_figure(fan_chart(panel, year_ahead), "forecast.png")
        progress(0.9, "registering the model")
        record = register_forecaster(
            workspace.tracker,
            run,
            trained,
            area_code=panel.area.code,
            until=f"{last:%Y-%m}",
            panel_digest=panel.digest,
            synthetic=panel.synthetic,
        )
    return TrainedModel(record=record, forecaster=trained)


def obtain(
    workspace: Workspace,
    dataset: Dataset,
    *,
    until: pd.Timestamp | None = None,
    model: str | None = None,
    since: datetime | None = None,
    progress: Progress = silent,
) -> TrainedModel:
    """Return a version already trained on exactly these data, or train one.

    Args:
        workspace: Where it is kept.
        dataset: What it learns from.
        until: Last month learned from; None takes the last there is.
        model: Forecaster; None takes the champion's, else `pooled_prophet`.
        since: Take only a version registered at this time (UTC) or later; None takes any.
        progress: Told how far it is.

    Returns:
        The version.
    """
    panel, last = dataset.until(until)
    wanted = forecaster(model or _champion_forecaster(workspace, panel)).name
    earliest = since.isoformat(timespec="seconds") if since else ""
    for record in list_models(workspace.tracker, panel.area.code):
        if record.created_at >= earliest and record.is_training_of(
            wanted, until=f"{last:%Y-%m}", panel_digest=panel.digest
        ):
            progress(0.9, f"loading {record.label}")
            return TrainedModel(record=record, forecaster=load_forecaster(workspace.tracker, record))
    return train(workspace, dataset, until=until, model=wanted, progress=progress)


def models_of(workspace: Workspace, area_code: str) -> list[ModelRecord]:
    """Return an area's registered versions, newest first.

    Args:
        workspace: Where they are kept.
        area_code: GSS code.

    Returns:
        The versions.
    """
    return list_models(workspace.tracker, area_code)


def promote(workspace: Workspace, area_code: str, version: int, *, alias: str = CHAMPION) -> ModelRecord:
    """Point an alias at a version; forecasts and plans that name no forecaster then use the champion's.

    Args:
        workspace: Where they are kept.
        area_code: GSS code.
        version: Version, counted from 1.
        alias: `champion` or `challenger`.

    Returns:
        The version.

    Raises:
        WardcastError: No such version or alias.
    """
    return set_alias(workspace.tracker, area_code, version, alias)


def _champion_forecaster(workspace: Workspace, panel: Panel) -> str:
    for record in list_models(workspace.tracker, panel.area.code):
        if CHAMPION in record.aliases and record.synthetic == panel.synthetic:
            return record.forecaster
    return DEFAULT_FORECASTER


def _held_back(panel: Panel, name: str) -> pd.DataFrame:
    """Score a forecast made a year before the panel's end, beside the mean of the twelve months before."""
    origin = panel.months[-1 - _HOLDOUT_MONTHS]
    names = tuple(dict.fromkeys((name, _YARDSTICK)))
    result = backtest(panel, forecasters=names, origins=[origin], horizon_months=_HOLDOUT_MONTHS, n_paths=_FIGURE_PATHS)
    return result.summary


def _scores(summary: pd.DataFrame, name: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    for model, row in summary.set_index("model").astype(float).iterrows():
        prefix = "holdout" if model == name else f"holdout_{model}"
        scores |= {f"{prefix}_{metric}": value for metric, value in row.to_dict().items()}
    return scores
