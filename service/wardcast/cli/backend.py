"""One set of verbs for the commands, whether the work is done here or by a running service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pandas as pd

from wardcast.app.workspace import Workspace
from wardcast.cli.embedded import EmbeddedBackend
from wardcast.cli.forecast_outcome import ForecastOutcome
from wardcast.cli.plan_outcome import PlanOutcome
from wardcast.cli.remote import RemoteBackend
from wardcast.client import WardcastClient
from wardcast.settings import Settings
from wardcast.store.records import DatasetRecord
from wardcast.tracking.model_record import ModelRecord
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel
from wardcast_models.progress import Progress


class Backend(Protocol):
    """What the commands ask for."""

    def ingest(self, data_dir: Path, *, area: str, wards: str | None, progress: Progress) -> DatasetRecord:
        """Read, check and keep a folder of official files."""
        ...

    def forecast(
        self,
        dataset: DatasetRecord,
        *,
        until: pd.Timestamp | None,
        horizon_months: int,
        n_paths: int,
        seed: int,
        scenario: str,
        model: str | None,
        places: PlaceLevel,
        categories: CategoryLevel,
        progress: Progress,
    ) -> ForecastOutcome:
        """Forecast; rows and parts are at these levels."""
        ...

    def train(
        self, dataset: DatasetRecord, *, until: pd.Timestamp | None, model: str | None, progress: Progress
    ) -> ModelRecord:
        """Train and register."""
        ...

    def models(self, area_code: str) -> list[ModelRecord]:
        """List registered versions, newest first."""
        ...

    def judge(self, area_code: str, version: int, *, n_origins: int | None, progress: Progress) -> ModelRecord:
        """Let the promotion gate say whether a version may become the champion."""
        ...

    def promote(self, area_code: str, version: int, *, alias: str, without_gate_reason: str) -> ModelRecord:
        """Point an alias at a version; a champion needs the gate's consent or a reason to do without."""
        ...

    def plan(
        self,
        dataset: DatasetRecord,
        *,
        until: pd.Timestamp | None,
        request: PlanRequest,
        model: str | None,
        progress: Progress,
    ) -> PlanOutcome:
        """Make a plan."""
        ...

    def write_plan_files(self, outcome: PlanOutcome, out: Path) -> dict[str, Path]:
        """Write `plan.json`, `assignments.csv`, `report.html` and `plan.xlsx`; return their paths by name."""
        ...


@contextmanager
def backend(server: str | None) -> Iterator[Backend]:
    """Open what does the work.

    Args:
        server: `HOST:PORT` of a running service; None does the work in this process.

    Yields:
        The backend.
    """
    if server is None:
        yield EmbeddedBackend(Workspace.open(Settings.read()))
        return
    with WardcastClient(server) as client:
        yield RemoteBackend(client)
