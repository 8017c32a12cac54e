"""The durable operations, each a use case fed from an operation's JSON payload; run in worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from wardcast.app.datasets import ingest, open_dataset
from wardcast.app.forecasts import make_forecast
from wardcast.app.gate import judge_version
from wardcast.app.models import obtain
from wardcast.app.plans import make_plan
from wardcast.app.workspace import Workspace
from wardcast.jobs.handlers import Handler
from wardcast.settings import Settings
from wardcast.store.identifiers import resource_name, same_id
from wardcast.store.records import OperationRecord
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.progress import Progress


def make_handlers(settings: Settings) -> Mapping[str, Handler]:
    """Return the handlers of one workspace.

    Args:
        settings: Where it is.

    Returns:
        Handler by kind of operation.
    """
    handlers = Handlers(Workspace.open(settings))
    return {
        "import_dataset": handlers.import_dataset,
        "create_forecast": handlers.create_forecast,
        "train_model": handlers.train_model,
        "create_plan": handlers.create_plan,
        "judge_model": handlers.judge_model,
    }


class Handlers:
    """The operations on one workspace; forecasts and plans carry the id of the operation that made them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def import_dataset(self, operation: OperationRecord, progress: Progress) -> str:
        """Read uploaded files; the queue deletes them once the operation has ended.

        Args:
            operation: Its payload holds `data_dir`, `area`, `wards`.
            progress: Told how far it is.

        Returns:
            Resource name of the dataset.
        """
        payload = operation.payload
        return ingest(
            self._workspace,
            data_dir=Path(payload["data_dir"]),
            area=payload["area"],
            wards=payload["wards"] or None,
            progress=progress,
        ).record.name

    def create_forecast(self, operation: OperationRecord, progress: Progress) -> str:
        """Make a forecast.

        Args:
            operation: Its payload holds `dataset_id`, `until`, `horizon_months`, `n_paths`, `seed`, `scenario` and
                `model`.
            progress: Told how far it is.

        Returns:
            Resource name of the forecast.
        """
        payload = operation.payload
        made = make_forecast(
            self._workspace,
            open_dataset(self._workspace, payload["dataset_id"]),
            until=_month(payload["until"]),
            horizon_months=payload["horizon_months"],
            n_paths=payload["n_paths"],
            seed=payload["seed"],
            scenario=payload["scenario"],
            model=payload["model"] or None,
            forecast_id=same_id("fc", operation.operation_id),
            progress=progress,
        )
        return made.record.name

    def train_model(self, operation: OperationRecord, progress: Progress) -> str:
        """Train and register a model, unless an earlier attempt at the same operation got that far.

        Args:
            operation: Its payload holds `dataset_id`, `until`, `model`.
            progress: Told how far it is.

        Returns:
            Resource name of the model version.
        """
        payload = operation.payload
        trained = obtain(
            self._workspace,
            open_dataset(self._workspace, payload["dataset_id"]),
            until=_month(payload["until"]),
            model=payload["model"] or None,
            since=operation.created_at,
            progress=progress,
        )
        return resource_name(trained.record.area_code, "models", str(trained.record.version))

    def judge_model(self, operation: OperationRecord, progress: Progress) -> str:
        """Run the promotion gate.

        Args:
            operation: Its payload holds `area_code`, `version` and `n_origins`.
            progress: Told how far it is.

        Returns:
            Resource name of the model version.
        """
        payload = operation.payload
        record = judge_version(
            self._workspace,
            payload["area_code"],
            payload["version"],
            n_origins=payload["n_origins"],
            progress=progress,
        )
        return resource_name(record.area_code, "models", str(record.version))

    def create_plan(self, operation: OperationRecord, progress: Progress) -> str:
        """Make a plan.

        Args:
            operation: Its payload holds `dataset_id`, `until`, `model`, `request`.
            progress: Told how far it is.

        Returns:
            Resource name of the plan.
        """
        payload = operation.payload
        made = make_plan(
            self._workspace,
            open_dataset(self._workspace, payload["dataset_id"]),
            until=_month(payload["until"]),
            request=PlanRequest.model_validate(payload["request"]),
            model=payload.get("model") or None,
            plan_id=same_id("pl", operation.operation_id),
            progress=progress,
        )
        return made.record.name


def _month(text: str | None) -> pd.Timestamp | None:
    return pd.Timestamp(text) if text else None
