"""The commands' verbs, sent to a running service."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wardcast.api.plan_json import plan_json
from wardcast.cli.forecast_outcome import ForecastOutcome
from wardcast.cli.plan_outcome import PlanOutcome
from wardcast.client import PlanFileName, WardcastClient
from wardcast.store.records import DatasetRecord
from wardcast.tracking.model_record import ModelRecord
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel
from wardcast_models.progress import Progress

_FILES: tuple[PlanFileName, ...] = ("report.html", "assignments.csv", "plan.xlsx")


class RemoteBackend:
    """Sends the work to a service and brings back what it made."""

    def __init__(self, client: WardcastClient) -> None:
        self._client = client

    def ingest(self, data_dir: Path, *, area: str, wards: str | None, progress: Progress) -> DatasetRecord:
        """Send a folder of official files to be read, checked and kept."""
        return self._client.import_dataset(data_dir, area=area, wards=wards, progress=progress)

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
        """Have a forecast made; rows and parts are at these levels."""
        record = self._client.create_forecast(
            dataset,
            until=until,
            horizon_months=horizon_months,
            n_paths=n_paths,
            seed=seed,
            scenario=scenario,
            model=model,
            progress=progress,
        )
        rows, parts = self._client.forecast_tables(record, places=places, categories=categories)
        return ForecastOutcome(record=record, rows=rows, parts=parts, notes=self._client.forecast_notes(record))

    def train(
        self, dataset: DatasetRecord, *, until: pd.Timestamp | None, model: str | None, progress: Progress
    ) -> ModelRecord:
        """Have a model trained and registered."""
        return self._client.train_model(dataset, until=until, model=model, progress=progress)

    def models(self, area_code: str) -> list[ModelRecord]:
        """List registered versions, newest first."""
        return self._client.models(area_code)

    def judge(self, area_code: str, version: int, *, n_origins: int | None, progress: Progress) -> ModelRecord:
        """Have the promotion gate say whether a version may become the champion."""
        return self._client.judge_model(area_code, version, n_origins=n_origins, progress=progress)

    def promote(self, area_code: str, version: int, *, alias: str, without_gate_reason: str) -> ModelRecord:
        """Point an alias at a version; a champion needs the gate's consent or a reason to do without."""
        return self._client.promote(area_code, version, alias=alias, without_gate_reason=without_gate_reason)

    def plan(
        self,
        dataset: DatasetRecord,
        *,
        until: pd.Timestamp | None,
        request: PlanRequest,
        model: str | None,
        progress: Progress,
    ) -> PlanOutcome:
        """Have a plan made."""
        record = self._client.create_plan(dataset, until=until, request=request, model=model, progress=progress)
        run = record.provenance
        return PlanOutcome(record=record, pack_dir=None, run_address=f"{run.plan_run_id} in {run.mlflow_tracking_uri}")

    def write_plan_files(self, outcome: PlanOutcome, out: Path) -> dict[str, Path]:
        """Write `plan.json`, `assignments.csv`, `report.html` and `plan.xlsx`; return their paths by name."""
        contents = {name: self._client.plan_file(outcome.record, name) for name in _FILES}
        paths = {name: out / name for name in (*_FILES, "plan.json")}
        out.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            paths[name].write_bytes(content)
        paths["plan.json"].write_text(plan_json(outcome.record), encoding="utf-8")
        return paths
