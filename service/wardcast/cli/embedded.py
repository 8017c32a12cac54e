"""The commands' verbs, done in this process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from wardcast.api.plan_json import plan_json
from wardcast.app.datasets import Dataset, ingest, open_dataset
from wardcast.app.forecasts import make_forecast
from wardcast.app.gate import judge_version
from wardcast.app.models import models_of, train
from wardcast.app.plans import make_plan
from wardcast.app.promotion import promote
from wardcast.app.workspace import Workspace
from wardcast.cli.forecast_outcome import ForecastOutcome
from wardcast.cli.plan_outcome import PlanOutcome
from wardcast.store.records import DatasetRecord
from wardcast.tracking.model_record import ModelRecord
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel
from wardcast_models.forecasting.levels import level_tables
from wardcast_models.progress import Progress


class EmbeddedBackend:
    """Does the work here, keeping everything in the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._read: dict[str, Dataset] = {}

    def ingest(self, data_dir: Path, *, area: str, wards: str | None, progress: Progress) -> DatasetRecord:
        """Read, check and keep a folder of official files."""
        dataset = ingest(self._workspace, data_dir=data_dir, area=area, wards=wards, progress=progress)
        self._read[dataset.record.dataset_id] = dataset
        return dataset.record

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
        made = make_forecast(
            self._workspace,
            self._dataset(dataset),
            until=until,
            horizon_months=horizon_months,
            n_paths=n_paths,
            seed=seed,
            scenario=scenario,
            model=model,
            progress=progress,
        )
        rows, parts = level_tables(made.forecast, places=places, categories=categories)
        return ForecastOutcome(record=made.record, rows=rows, parts=parts, notes=made.forecast.assumptions)

    def train(
        self, dataset: DatasetRecord, *, until: pd.Timestamp | None, model: str | None, progress: Progress
    ) -> ModelRecord:
        """Train and register."""
        return train(self._workspace, self._dataset(dataset), until=until, model=model, progress=progress).record

    def models(self, area_code: str) -> list[ModelRecord]:
        """List registered versions, newest first."""
        return models_of(self._workspace, area_code)

    def judge(self, area_code: str, version: int, *, n_origins: int | None, progress: Progress) -> ModelRecord:
        """Let the promotion gate say whether a version may become the champion."""
        return judge_version(self._workspace, area_code, version, n_origins=n_origins, progress=progress)

    def promote(self, area_code: str, version: int, *, alias: str, without_gate_reason: str) -> ModelRecord:
        """Point an alias at a version; a champion needs the gate's consent or a reason to do without."""
        return promote(self._workspace, area_code, version, alias=alias, without_gate_reason=without_gate_reason)

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
        made = make_plan(
            self._workspace,
            self._dataset(dataset),
            until=until,
            request=request,
            model=model,
            progress=progress,
        )
        return PlanOutcome(record=made.record, pack_dir=made.pack_dir, run_address=made.run_address)

    def write_plan_files(self, outcome: PlanOutcome, out: Path) -> dict[str, Path]:
        """Write `plan.json`, `assignments.csv`, `report.html` and `plan.xlsx`; return their paths by name."""
        if outcome.pack_dir is None:
            raise WardcastError(ErrorKind.INTERNAL, "The plan was not made in this process.")
        out.mkdir(parents=True, exist_ok=True)
        shutil.copytree(outcome.pack_dir, out, dirs_exist_ok=True)
        (out / "plan.json").write_text(plan_json(outcome.record), encoding="utf-8")
        return {name: out / name for name in ("report.html", "assignments.csv", "plan.xlsx", "plan.json")}

    def _dataset(self, record: DatasetRecord) -> Dataset:
        return self._read.get(record.dataset_id) or open_dataset(self._workspace, record.dataset_id)
