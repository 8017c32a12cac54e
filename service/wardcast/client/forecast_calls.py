"""Forecasts, asked of a running service."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from wardcast.api.connection import CALL_SECONDS, Connection
from wardcast.api.convert_forecast import forecast_from_message, parts_from_messages, values_from_messages
from wardcast.api.times import month_text
from wardcast.client.calls import Calls
from wardcast.store.records import DatasetRecord, ForecastRecord
from wardcast.v1 import forecast_service_pb2, forecast_service_pb2_grpc
from wardcast.v1.forecast_pb2 import Forecast
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel
from wardcast_models.progress import Progress, silent


class ForecastCalls(Calls):
    """Make, look up, list and read forecasts."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._forecasts = forecast_service_pb2_grpc.ForecastServiceStub(connection.channel)

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
                until=month_text(until),
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

    def forecast_rows(
        self,
        forecast: ForecastRecord,
        *,
        places: PlaceLevel = PlaceLevel.WARD,
        categories: CategoryLevel = CategoryLevel.CATEGORY,
    ) -> pd.DataFrame:
        """Return a forecast's rows.

        Args:
            forecast: The forecast.
            places: Level of places.
            categories: Level of crime.

        Returns:
            The columns of the forecast file.
        """
        return self.forecast_tables(forecast, places=places, categories=categories)[0]

    def forecast_tables(
        self,
        forecast: ForecastRecord,
        *,
        places: PlaceLevel = PlaceLevel.WARD,
        categories: CategoryLevel = CategoryLevel.CATEGORY,
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return a forecast's rows (see `forecast_rows`) and, row by row beside them, what their means are made of.

        Returns:
            The columns of the forecast file, and those of
            `wardcast_models.forecasting.forecast.Forecast.decomposition_frame`.
        """
        request = forecast_service_pb2.ListForecastValuesRequest(
            parent=forecast.name, page_size=10_000, place_level=places, category_level=categories
        )
        pages = self._connection.pages(self._forecasts.ListForecastValues, request)
        values = [value for response in pages for value in response.values]
        return values_from_messages(values), parts_from_messages(values)

    def forecast_notes(self, forecast: ForecastRecord) -> tuple[str, ...]:
        """Return what is not forecast and why, and what was assumed.

        Args:
            forecast: The forecast.

        Returns:
            Sentences, what is not forecast first.
        """
        request = forecast_service_pb2.ListForecastValuesRequest(
            parent=forecast.name, page_size=1, place_level=PlaceLevel.AREA, category_level=CategoryLevel.ALL
        )
        with self._connection.errors():
            return tuple(self._forecasts.ListForecastValues(request, timeout=CALL_SECONDS).notes)
