"""Forecasts over gRPC."""
# ruff: noqa: N802, ARG002 - names and signatures are the protos'

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

import grpc
import pandas as pd
from google.longrunning import operations_pb2

from wardcast.api.arguments import checked_count, checked_model, checked_text, dataset_of
from wardcast.api.convert_forecast import forecast_to_message, values_to_messages
from wardcast.api.convert_operation import operation_to_message
from wardcast.api.times import checked_month
from wardcast.app.workspace import Workspace
from wardcast.store.identifiers import parse_parent, parse_resource_name
from wardcast.store.pages import slice_page
from wardcast.store.records import ForecastRecord
from wardcast.v1 import forecast_pb2, forecast_service_pb2, forecast_service_pb2_grpc
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.archive import load_forecast
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel, checked_level
from wardcast_models.forecasting.levels import level_tables
from wardcast_models.forecasting.pipeline import SCENARIOS, check_scenario

_MOST_VALUES = 10_000
_DEFAULT_VALUES = 1000
_DEFAULT_PATHS = 500
_TABLES_KEPT = 4


class ForecastServicer(forecast_service_pb2_grpc.ForecastServiceServicer):
    """Make, look up, list and read forecasts."""

    def __init__(self, workspace: Workspace) -> None:
        self._store = workspace.store
        self._queue = workspace.queue
        # Pages of one forecast follow each other, and its file takes a while to read.
        self._tables = lru_cache(maxsize=_TABLES_KEPT)(self._read_tables)

    async def CreateForecast(
        self, request: forecast_service_pb2.CreateForecastRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> operations_pb2.Operation:
        """Queue a forecast."""
        asked = request.forecast
        dataset = await dataset_of(self._store, parent=request.parent, dataset=asked.dataset, where="forecast.dataset")
        n_paths = asked.n_paths if asked.HasField("n_paths") else _DEFAULT_PATHS
        scenario = asked.scenario or SCENARIOS[0]
        check_scenario(checked_text(scenario, where="forecast.scenario"), where="forecast.scenario")
        payload = {
            "dataset_id": dataset.dataset_id,
            "until": checked_month(asked.until, "forecast.until"),
            "horizon_months": checked_count(asked.horizon_months, where="forecast.horizon_months", least=1, most=36),
            "n_paths": checked_count(n_paths, where="forecast.n_paths", least=50, most=5000),
            "seed": checked_count(asked.seed, where="forecast.seed", least=0, most=2**63 - 1),
            "scenario": scenario,
            "model": await checked_model(asked.model, where="forecast.model"),
        }
        record = await asyncio.to_thread(self._queue.submit, "create_forecast", dataset.area_code, payload)
        return operation_to_message(record)

    async def GetForecast(
        self, request: forecast_service_pb2.GetForecastRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> forecast_pb2.Forecast:
        """Return one forecast, without its values."""
        return forecast_to_message(await self._get(request.name))

    async def ListForecasts(
        self, request: forecast_service_pb2.ListForecastsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> forecast_service_pb2.ListForecastsResponse:
        """List an area's forecasts, newest first."""
        page = await asyncio.to_thread(
            self._store.forecasts.list,
            parse_parent(request.parent, allow_any=True),
            page_size=request.page_size,
            page_token=request.page_token,
        )
        return forecast_service_pb2.ListForecastsResponse(
            forecasts=page.map(forecast_to_message).items, next_page_token=page.next_page_token
        )

    async def ListForecastValues(
        self, request: forecast_service_pb2.ListForecastValuesRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> forecast_service_pb2.ListForecastValuesResponse:
        """List a forecast's values by ward, category and month."""
        record = await self._get(request.parent, where="parent")
        return await asyncio.to_thread(self._values, record, request)

    async def _get(self, name: str, *, where: str = "name") -> ForecastRecord:
        area_code, forecast_id = parse_resource_name(name, "forecasts", where=where)
        return await asyncio.to_thread(self._store.forecasts.get, forecast_id, area_code=area_code)

    def _values(
        self, record: ForecastRecord, request: forecast_service_pb2.ListForecastValuesRequest
    ) -> forecast_service_pb2.ListForecastValuesResponse:
        places = checked_level(request.place_level or PlaceLevel.WARD, PlaceLevel, where="place_level")
        categories = checked_level(
            request.category_level or CategoryLevel.CATEGORY, CategoryLevel, where="category_level"
        )
        frame, notes = self._tables(record.forecast_id, places, categories)
        for column in ("ward_code", "category"):
            wanted = getattr(request, column)
            if wanted:
                frame = _only(frame, column, wanted)
        page = slice_page(
            range(len(frame)),
            scope=["values", record.forecast_id, request.ward_code, request.category, places, categories],
            page_size=request.page_size,
            page_token=request.page_token,
            limit=_MOST_VALUES,
            default=_DEFAULT_VALUES,
        )
        return forecast_service_pb2.ListForecastValuesResponse(
            values=values_to_messages(frame.iloc[list(page.items)]),
            next_page_token=page.next_page_token,
            total_size=len(frame),
            notes=() if request.page_token else notes,
        )

    def _read_tables(
        self, forecast_id: str, places: PlaceLevel, categories: CategoryLevel
    ) -> tuple[pd.DataFrame, tuple[str, ...]]:
        forecast = load_forecast(self._store.artefact_path("forecasts", forecast_id, ".npz"))
        rows, parts = level_tables(forecast, places=places, categories=categories)
        return rows.assign(**{name: parts[name] for name in COMPONENTS}), forecast.assumptions


def _only(frame: pd.DataFrame, column: str, wanted: str) -> pd.DataFrame:
    kept = frame[frame[column] == wanted]
    if kept.empty:
        known = sorted(frame[column].unique())
        raise invalid_input(
            f"The forecast has no such {column}.",
            Problem(
                where=column,
                expected="one of " + ", ".join(known[:30]) + (", ..." if len(known) > 30 else ""),
                found=wanted,
                mend="Take one of those, or leave it out.",
            ),
        )
    return kept
