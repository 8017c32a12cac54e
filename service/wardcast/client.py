"""A typed client of a running service: domain records in and out, `WardcastError` for everything that goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal

import pandas as pd

from wardcast.api.connection import CALL_SECONDS, Connection
from wardcast.api.convert_dataset import dataset_from_message
from wardcast.api.convert_forecast import forecast_from_message, values_from_messages
from wardcast.api.convert_model import model_from_message
from wardcast.api.convert_plan import plan_from_message
from wardcast.api.convert_request import request_to_message
from wardcast.api.send_files import import_requests
from wardcast.store.identifiers import resource_name
from wardcast.store.records import DatasetRecord, ForecastRecord, PlanRecord
from wardcast.tracking.model_record import CHAMPION, ModelRecord
from wardcast.v1 import (
    dataset_service_pb2,
    dataset_service_pb2_grpc,
    forecast_service_pb2,
    forecast_service_pb2_grpc,
    model_pb2,
    model_service_pb2,
    model_service_pb2_grpc,
    plan_pb2,
    plan_service_pb2,
    plan_service_pb2_grpc,
)
from wardcast.v1.dataset_pb2 import Dataset
from wardcast.v1.forecast_pb2 import Forecast
from wardcast_models.allocation.request import PlanRequest
from wardcast_models.progress import Progress, silent

PlanFileName = Literal["report.html", "assignments.csv", "plan.xlsx"]

_UPLOAD_SECONDS = 1800.0
_PLAN_FILES: dict[PlanFileName, plan_service_pb2.PlanFile.ValueType] = {
    "report.html": plan_service_pb2.PLAN_FILE_REPORT,
    "assignments.csv": plan_service_pb2.PLAN_FILE_ASSIGNMENTS,
    "plan.xlsx": plan_service_pb2.PLAN_FILE_WORKBOOK,
}


class WardcastClient:
    """One connection to a service; use it as a context manager, from any number of threads.

    Every method raises `WardcastError` with the kind, message and problems that the service gave. Methods that make
    something wait until it is made and tell `progress` meanwhile; ctrl-C while waiting cancels the work.
    """

    def __init__(self, target: str) -> None:
        self._connection = Connection(target)
        channel = self._connection.channel
        self._datasets = dataset_service_pb2_grpc.DatasetServiceStub(channel)
        self._forecasts = forecast_service_pb2_grpc.ForecastServiceStub(channel)
        self._plans = plan_service_pb2_grpc.PlanServiceStub(channel)
        self._models = model_service_pb2_grpc.ModelServiceStub(channel)

    def __enter__(self) -> WardcastClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.channel.close()

    def import_dataset(
        self, data_dir: Path, *, area: str, wards: str | None = None, progress: Progress = silent
    ) -> DatasetRecord:
        """Send a folder of official files and have it read, checked and kept.

        Args:
            data_dir: Folder, sent with everything in it.
            area: GSS code, borough name, or `London`.
            wards: Ward vintage; None takes the newest.
            progress: Told how far it is.

        Returns:
            The dataset.
        """
        progress(0.0, "sending the files")
        requests = import_requests(data_dir, area=area, wards=wards)
        with self._connection.errors():
            operation = self._datasets.ImportDataset(requests, timeout=_UPLOAD_SECONDS)
        return self._connection.wait_for(operation, Dataset, dataset_from_message, progress)

    def get_dataset(self, name: str) -> DatasetRecord:
        """Return a dataset.

        Args:
            name: Its resource name.

        Returns:
            The dataset.
        """
        with self._connection.errors():
            request = dataset_service_pb2.GetDatasetRequest(name=name)
            return dataset_from_message(self._datasets.GetDataset(request, timeout=CALL_SECONDS))

    def datasets(self, area_code: str) -> Iterator[DatasetRecord]:
        """Yield an area's datasets, newest first.

        Args:
            area_code: GSS code; `-` for every area.
        """
        request = dataset_service_pb2.ListDatasetsRequest(parent=f"areas/{area_code}")
        for response in self._connection.pages(self._datasets.ListDatasets, request):
            yield from map(dataset_from_message, response.datasets)

    def create_forecast(
        self,
        dataset: DatasetRecord,
        *,
        until: pd.Timestamp | None = None,
        horizon_months: int,
        n_paths: int = 500,
        seed: int = 0,
        scenario: str = "as_planned",
        model: str | None = None,
        progress: Progress = silent,
    ) -> ForecastRecord:
        """Have a forecast made.

        Args:
            dataset: What it learns from.
            until: Last month learned from; None takes the last there is.
            horizon_months: Months ahead, 1 to 36.
            n_paths: Number of sample paths, 50 to 5000.
            seed: Seed of the paths.
            scenario: Population and housing scenario.
            model: Forecaster; None takes the champion's, else the service's default.
            progress: Told how far it is.

        Returns:
            The forecast.
        """
        request = forecast_service_pb2.CreateForecastRequest(
            parent=f"areas/{dataset.area_code}",
            forecast=Forecast(
                dataset=dataset.name,
                until=_month(until),
                horizon_months=horizon_months,
                n_paths=n_paths,
                seed=seed,
                scenario=scenario,
                model=model or "",
            ),
        )
        with self._connection.errors():
            operation = self._forecasts.CreateForecast(request, timeout=CALL_SECONDS)
        return self._connection.wait_for(operation, Forecast, forecast_from_message, progress)

    def get_forecast(self, name: str) -> ForecastRecord:
        """Return a forecast, without its rows.

        Args:
            name: Its resource name.

        Returns:
            The forecast.
        """
        with self._connection.errors():
            request = forecast_service_pb2.GetForecastRequest(name=name)
            return forecast_from_message(self._forecasts.GetForecast(request, timeout=CALL_SECONDS))

    def forecasts(self, area_code: str) -> Iterator[ForecastRecord]:
        """Yield an area's forecasts, newest first.

        Args:
            area_code: GSS code; `-` for every area.
        """
        request = forecast_service_pb2.ListForecastsRequest(parent=f"areas/{area_code}")
        for response in self._connection.pages(self._forecasts.ListForecasts, request):
            yield from map(forecast_from_message, response.forecasts)

    def forecast_rows(self, forecast: ForecastRecord) -> pd.DataFrame:
        """Return a forecast's rows.

        Args:
            forecast: The forecast.

        Returns:
            The columns of the forecast file.
        """
        request = forecast_service_pb2.ListForecastValuesRequest(parent=forecast.name, page_size=10_000)
        pages = self._connection.pages(self._forecasts.ListForecastValues, request)
        return values_from_messages([value for response in pages for value in response.values])

    def train_model(
        self,
        dataset: DatasetRecord,
        *,
        until: pd.Timestamp | None = None,
        model: str | None = None,
        progress: Progress = silent,
    ) -> ModelRecord:
        """Have a forecaster trained and registered.

        Args:
            dataset: What it learns from.
            until: Last month learned from; None takes the last there is.
            model: Forecaster; None takes the champion's, else the service's default.
            progress: Told how far it is.

        Returns:
            The version.
        """
        request = model_service_pb2.TrainModelRequest(
            parent=f"areas/{dataset.area_code}",
            dataset=dataset.name,
            until=_month(until),
            forecaster=model or "",
        )
        with self._connection.errors():
            operation = self._models.TrainModel(request, timeout=CALL_SECONDS)
        return self._connection.wait_for(operation, model_pb2.Model, model_from_message, progress)

    def models(self, area_code: str) -> list[ModelRecord]:
        """Return an area's model versions, newest first.

        Args:
            area_code: GSS code.

        Returns:
            The versions.
        """
        request = model_service_pb2.ListModelsRequest(parent=f"areas/{area_code}")
        pages = self._connection.pages(self._models.ListModels, request)
        return [model_from_message(model) for response in pages for model in response.models]

    def promote(self, area_code: str, version: int, *, alias: str = CHAMPION) -> ModelRecord:
        """Point an alias at a version.

        Args:
            area_code: GSS code.
            version: Version, counted from 1.
            alias: `champion` or `challenger`.

        Returns:
            The version.
        """
        name = resource_name(area_code, "models", str(version))
        request = model_service_pb2.PromoteModelRequest(name=name, alias=alias)
        with self._connection.errors():
            return model_from_message(self._models.PromoteModel(request, timeout=CALL_SECONDS))

    def create_plan(
        self,
        dataset: DatasetRecord,
        *,
        until: pd.Timestamp | None = None,
        request: PlanRequest,
        model: str | None = None,
        progress: Progress = silent,
    ) -> PlanRecord:
        """Have a plan made.

        Args:
            dataset: What it rests on.
            until: Last month of data used; None takes the last there is.
            request: What is asked for.
            model: Forecaster; None takes the champion's, else the service's default.
            progress: Told how far it is.

        Returns:
            The plan.
        """
        message = plan_service_pb2.CreatePlanRequest(
            parent=f"areas/{dataset.area_code}",
            plan=plan_pb2.Plan(
                dataset=dataset.name,
                until=_month(until),
                forecast_model=model or "",
                request=request_to_message(request),
            ),
        )
        with self._connection.errors():
            operation = self._plans.CreatePlan(message, timeout=CALL_SECONDS)
        return self._connection.wait_for(operation, plan_pb2.Plan, plan_from_message, progress)

    def get_plan(self, name: str) -> PlanRecord:
        """Return a plan.

        Args:
            name: Its resource name.

        Returns:
            The plan.
        """
        with self._connection.errors():
            request = plan_service_pb2.GetPlanRequest(name=name)
            return plan_from_message(self._plans.GetPlan(request, timeout=CALL_SECONDS))

    def plans(self, area_code: str) -> Iterator[PlanRecord]:
        """Yield an area's plans, newest first.

        Args:
            area_code: GSS code; `-` for every area.
        """
        request = plan_service_pb2.ListPlansRequest(parent=f"areas/{area_code}")
        for response in self._connection.pages(self._plans.ListPlans, request):
            yield from map(plan_from_message, response.plans)

    def plan_file(self, plan: PlanRecord, name: PlanFileName) -> bytes:
        """Return one of a plan's files.

        Args:
            plan: The plan.
            name: Which file.

        Returns:
            Its content.
        """
        request = plan_service_pb2.DownloadPlanFileRequest(name=plan.name, file=_PLAN_FILES[name])
        with self._connection.errors():
            responses = self._plans.DownloadPlanFile(request, timeout=CALL_SECONDS)
            return b"".join(response.chunk for response in responses)


def _month(month: pd.Timestamp | None) -> str:
    return "" if month is None else f"{month:%Y-%m}"
