"""Handlers that stand in for the use cases: quick, and well enough behaved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.record_examples import dataset_example, forecast_example, forecast_record_example, plan_record_example
from wardcast.jobs.handlers import Handler
from wardcast.pack.write import ASSIGNMENTS_NAME, REPORT_NAME, WORKBOOK_NAME
from wardcast.settings import Settings
from wardcast.store.identifiers import resource_name, same_id
from wardcast.store.records import OperationRecord, utc_now
from wardcast.store.store import Store
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input
from wardcast_models.forecasting.archive import save_forecast
from wardcast_models.progress import Progress

BIG_REPORT = "<!doctype html>" + "x" * 600_000


_FORECAST = {"horizon_months": 3, "n_paths": 50, "seed": 0, "scenario": "as_planned", "model": None}
"""What a plan's forecast is asked for."""


def make_handlers(settings: Settings) -> Mapping[str, Handler]:
    """Return the stand-ins that work in the settings' store."""
    stand_ins = StandIns(Store.open(settings.resolved_database_url, settings.artefact_dir))
    return {
        "import_dataset": stand_ins.import_dataset,
        "create_forecast": stand_ins.create_forecast,
        "create_plan": stand_ins.create_plan,
        "train_model": stand_ins.train_model,
        "judge_model": stand_ins.judge_model,
    }


@dataclass(frozen=True)
class StandIns:
    """One method a kind of operation."""

    store: Store

    def import_dataset(self, operation: OperationRecord, progress: Progress) -> str:
        """Refuse a file that is called `broken.csv`; else keep a dataset whose findings name the files."""
        folder = Path(operation.payload["data_dir"])
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        progress(0.5, f"reading {len(names)} files")
        if "broken.csv" in names:
            raise invalid_input(
                "broken.csv cannot be read.",
                Problem(where="broken.csv row 3", expected="12 columns", found="5", mend="Download it again."),
            )
        sizes = sum((folder / name).stat().st_size for name in names)
        record = dataset_example(sizes, area_code="E09000002")
        findings = tuple(replace(record.findings[0], file=name) for name in names)
        return self.store.datasets.put(replace(record, findings=findings, created_at=utc_now())).name

    def create_forecast(self, operation: OperationRecord, progress: Progress) -> str:
        """Keep a small forecast with the arguments asked for."""
        payload = {**_FORECAST, **operation.payload}
        record = replace(
            forecast_record_example(dataset=self.store.datasets.get(payload["dataset_id"])),
            forecast_id=same_id("fc", operation.operation_id),
            horizon_months=payload["horizon_months"],
            n_paths=payload["n_paths"],
            seed=payload["seed"],
            scenario=payload["scenario"],
            model=payload["model"] or "default_forecaster",
            created_at=utc_now(),
        )
        forecast = forecast_example(horizon_months=record.horizon_months, n_paths=record.n_paths, seed=record.seed)
        save_forecast(forecast, self.store.artefact_path("forecasts", record.forecast_id, ".npz"))
        progress(0.9, "keeping the forecast")
        return self.store.forecasts.put(record).name

    def create_plan(self, operation: OperationRecord, progress: Progress) -> str:
        """Keep an example plan with the request asked for; a minimum above 1,000 hours a ward is infeasible."""
        request = PlanRequest.model_validate(operation.payload["request"])
        if request.limits.ward_min_hours_per_month > 1000:
            raise WardcastError(
                ErrorKind.INFEASIBLE,
                "The least hours are more than there are.",
                [Problem(where="limits", expected="19000 hours", found="1300.5", mend="Lower the minimum.")],
            )
        forecast = self.store.forecasts.get(self.create_forecast(operation, progress).rpartition("/")[2])
        record = replace(
            plan_record_example(forecast=forecast),
            plan_id=same_id("pl", operation.operation_id),
            request=request,
            created_at=utc_now(),
        )
        folder = self.store.artefact_path("plans", record.plan_id, "")
        folder.mkdir(parents=True)
        for name, content in ((REPORT_NAME, BIG_REPORT), (ASSIGNMENTS_NAME, "ward_code\n"), (WORKBOOK_NAME, "PK")):
            (folder / name).write_text(content)
        return self.store.plans.put(record).name

    def judge_model(self, operation: OperationRecord, progress: Progress) -> str:
        """Say that the version was judged."""
        payload = operation.payload
        progress(0.5, f"judging with {payload['n_origins']} origins")
        return resource_name(payload["area_code"], "models", str(payload["version"]))

    def train_model(self, operation: OperationRecord, progress: Progress) -> str:
        """Say that version 2 was trained."""
        progress(0.5, f"training for {operation.area_code}")
        return resource_name("E09000002", "models", "2")
