"""Use cases: train and register a forecaster, find one that is trained already, list the versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from wardcast.app.datasets import Dataset
from wardcast.app.training import fit_and_check
from wardcast.app.workspace import Workspace
from wardcast.tracking.model_record import ALIASES, CHAMPION, ModelRecord, holder_among
from wardcast.tracking.registry import list_models, load_forecaster, register_forecaster
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.forecasting.forecaster import TrainedForecaster
from wardcast_models.forecasting.registry import DEFAULT_FORECASTER, forecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent


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
        model: Forecaster, or `champion` or `challenger` for that version's; None takes the champion's, else the
            default.
        progress: Told how far it is.

    Returns:
        The registered version.

    Raises:
        WardcastError: No such forecaster, or too little data.
    """
    panel, last = dataset.until(until)
    chosen = forecaster(_wanted(list_models(workspace.tracker, panel.area.code), panel, model)[0])
    name = f"train {chosen.name} {panel.area.code} {last:%Y-%m}"
    with workspace.tracker.run(name, kind="train", tags=dataset.tags) as run:
        trained = fit_and_check(run, panel, chosen, dataset_id=dataset.record.dataset_id, progress=progress)
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


def train_again(
    workspace: Workspace,
    dataset: Dataset,
    *,
    until: pd.Timestamp,
    model: str,
    rerun_of: str,
    progress: Progress = silent,
) -> str:
    """Repeat a training in a run of its own, without registering what comes out.

    Args:
        workspace: Where runs are kept.
        dataset: What it learned from.
        until: Last month learned from.
        model: Forecaster.
        rerun_of: Run that is repeated.
        progress: Told how far it is.

    Returns:
        Id of the new run.

    Raises:
        WardcastError: No such forecaster, or too little data.
    """
    panel, last = dataset.until(until)
    chosen = forecaster(model)
    tags = {**dataset.tags, "wardcast.rerun_of": rerun_of}
    name = f"train {chosen.name} {panel.area.code} {last:%Y-%m} again"
    with workspace.tracker.run(name, kind="train", tags=tags) as run:
        fit_and_check(run, panel, chosen, dataset_id=dataset.record.dataset_id, progress=progress)
    return run.run_id


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
        model: Forecaster, or `champion` or `challenger` for that version itself where it was trained on these data,
            else for its forecaster; None takes the champion's, else the default.
        since: Take only a version registered at this time (UTC) or later; None takes any.
        progress: Told how far it is.

    Returns:
        The version.

    Raises:
        WardcastError: No such forecaster, no version with that alias, or too little data.
    """
    panel, last = dataset.until(until)
    records = list_models(workspace.tracker, panel.area.code)
    wanted, holder = _wanted(records, panel, model)
    earliest = since.isoformat(timespec="seconds") if since else ""
    for record in [holder, *records] if holder else records:
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


def _wanted(records: list[ModelRecord], panel: Panel, model: str | None) -> tuple[str, ModelRecord | None]:
    """Return the forecaster that is meant, and the version where one is meant by its alias."""
    if model is not None and model not in ALIASES:
        return forecaster(model).name, None
    holder = holder_among(records, model or CHAMPION, synthetic=panel.synthetic)
    if holder is not None:
        return holder.forecaster, holder
    if model is None:
        return DEFAULT_FORECASTER, None
    raise WardcastError(
        ErrorKind.NOT_FOUND,
        f"No version is the {model} of {panel.area.code}.",
        [
            Problem(
                where="model",
                expected=f"an area with a {model}, or the name of a forecaster",
                found=model,
                mend=f"Make a version the {model} (`wardcast promote`), or name a forecaster.",
            )
        ],
    )
