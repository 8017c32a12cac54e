"""The durable operations, each a use case fed from a JSON payload; run in worker processes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from wardcast.app.datasets import ingest, open_dataset
from wardcast.app.forecasts import make_forecast
from wardcast.app.models import train
from wardcast.app.plans import make_plan
from wardcast.app.workspace import Workspace
from wardcast.settings import Settings
from wardcast.store.identifiers import resource_name
from wardcast_models.allocation.request import PlanRequest
from wardcast_models.progress import Progress

Payload = dict[str, Any]


@cache
def _workspace() -> Workspace:
    """Open the workspace once a worker process, from the same settings as the server that started it."""
    return Workspace.open(Settings())


def import_dataset(payload: Payload, progress: Progress) -> str:
    """Read uploaded files; the queue deletes them once the operation has ended.

    Args:
        payload: `data_dir`, `area`, `wards`.
        progress: Told how far it is.

    Returns:
        Resource name of the dataset.
    """
    return ingest(
        _workspace(),
        data_dir=Path(payload["data_dir"]),
        area=payload["area"],
        wards=payload["wards"] or None,
        progress=progress,
    ).record.name


def create_forecast(payload: Payload, progress: Progress) -> str:
    """Make a forecast.

    Args:
        payload: `dataset_id`, `until`, `horizon_months`, `n_paths`, `seed`, `scenario`, `model`.
        progress: Told how far it is.

    Returns:
        Resource name of the forecast.
    """
    workspace = _workspace()
    made = make_forecast(
        workspace,
        open_dataset(workspace, payload["dataset_id"]),
        until=_month(payload["until"]),
        horizon_months=payload["horizon_months"],
        n_paths=payload["n_paths"],
        seed=payload["seed"],
        scenario=payload["scenario"],
        model=payload["model"] or None,
        progress=progress,
    )
    return made.record.name


def train_model(payload: Payload, progress: Progress) -> str:
    """Train and register a model.

    Args:
        payload: `dataset_id`, `until`, `model`.
        progress: Told how far it is.

    Returns:
        Resource name of the model version.
    """
    workspace = _workspace()
    trained = train(
        workspace,
        open_dataset(workspace, payload["dataset_id"]),
        until=_month(payload["until"]),
        model=payload["model"] or None,
        progress=progress,
    )
    return resource_name(trained.record.area_code, "models", str(trained.record.version))


def create_plan(payload: Payload, progress: Progress) -> str:
    """Make a plan.

    Args:
        payload: `dataset_id`, `until`, `model`, `request`.
        progress: Told how far it is.

    Returns:
        Resource name of the plan.
    """
    workspace = _workspace()
    made = make_plan(
        workspace,
        open_dataset(workspace, payload["dataset_id"]),
        until=_month(payload["until"]),
        request=PlanRequest.model_validate(payload["request"]),
        model=payload.get("model") or None,
        progress=progress,
    )
    return made.record.name


def _month(text: str | None) -> pd.Timestamp | None:
    return pd.Timestamp(text) if text else None


HANDLERS = {
    "import_dataset": import_dataset,
    "create_forecast": create_forecast,
    "train_model": train_model,
    "create_plan": create_plan,
}
"""Handler by kind of operation."""
