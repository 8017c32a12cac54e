"""Models, asked of a running service."""

from __future__ import annotations

import pandas as pd

from wardcast.api.connection import CALL_SECONDS, Connection
from wardcast.api.convert_model import model_from_message
from wardcast.api.times import month_text
from wardcast.client.calls import Calls
from wardcast.store.identifiers import resource_name
from wardcast.store.records import DatasetRecord
from wardcast.tracking.model_record import CHAMPION, ModelRecord
from wardcast.v1 import model_pb2, model_service_pb2, model_service_pb2_grpc
from wardcast_models.progress import Progress, silent


class ModelCalls(Calls):
    """Train, list and promote models."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._models = model_service_pb2_grpc.ModelServiceStub(connection.channel)

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
            until=month_text(until),
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
