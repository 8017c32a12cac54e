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
    """Train, list, judge and promote models."""

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

    def judge_model(
        self, area_code: str, version: int, *, n_origins: int | None = None, progress: Progress = silent
    ) -> ModelRecord:
        """Have the promotion gate say whether a version may become the champion.

        Args:
            area_code: GSS code.
            version: Version, counted from 1.
            n_origins: Number of held-back origins; None takes the service's own.
            progress: Told how far it is.

        Returns:
            The version, with what the gate said of it.
        """
        name = resource_name(area_code, "models", str(version))
        request = model_service_pb2.JudgeModelRequest(name=name, n_origins=n_origins or 0)
        with self._connection.errors():
            operation = self._models.JudgeModel(request, timeout=CALL_SECONDS)
        return self._connection.wait_for(operation, model_pb2.Model, model_from_message, progress)

    def promote(
        self, area_code: str, version: int, *, alias: str = CHAMPION, without_gate_reason: str = ""
    ) -> ModelRecord:
        """Point an alias at a version; a champion needs the gate's consent (`judge_model`).

        Args:
            area_code: GSS code.
            version: Version, counted from 1.
            alias: `champion` or `challenger`.
            without_gate_reason: Why the version is to be the champion without the gate's consent; empty asks for it.

        Returns:
            The version.

        Raises:
            WardcastError: The gate has not consented; its reasons are the problems.
        """
        name = resource_name(area_code, "models", str(version))
        request = model_service_pb2.PromoteModelRequest(name=name, alias=alias, without_gate_reason=without_gate_reason)
        with self._connection.errors():
            return model_from_message(self._models.PromoteModel(request, timeout=CALL_SECONDS))
