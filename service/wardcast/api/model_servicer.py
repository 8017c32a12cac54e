"""Models over gRPC."""
# ruff: noqa: N802, ARG002 - names and signatures are the protos'

from __future__ import annotations

import asyncio
from typing import Any

import grpc
from google.longrunning import operations_pb2

from wardcast.api.arguments import checked_count, checked_model, checked_text, dataset_of
from wardcast.api.convert_model import model_to_message
from wardcast.api.convert_operation import operation_to_message
from wardcast.api.models import ModelRegistry
from wardcast.api.times import checked_month
from wardcast.app.workspace import Workspace
from wardcast.store.identifiers import parse_parent, parse_resource_name
from wardcast.store.pages import slice_page
from wardcast.tracking.model_record import CHAMPION, version_among
from wardcast.v1 import model_pb2, model_service_pb2, model_service_pb2_grpc
from wardcast_models.evaluation.origins import FEWEST_JUDGED


class ModelServicer(model_service_pb2_grpc.ModelServiceServicer):
    """Train, look up, list, judge and promote models."""

    def __init__(self, workspace: Workspace, models: ModelRegistry) -> None:
        self._store = workspace.store
        self._queue = workspace.queue
        self._models = models

    async def TrainModel(
        self, request: model_service_pb2.TrainModelRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> operations_pb2.Operation:
        """Queue a training."""
        dataset = await dataset_of(self._store, parent=request.parent, dataset=request.dataset, where="dataset")
        payload = {
            "dataset_id": dataset.dataset_id,
            "until": checked_month(request.until, "until"),
            "model": await checked_model(request.forecaster, where="forecaster"),
        }
        record = await asyncio.to_thread(self._queue.submit, "train_model", dataset.area_code, payload)
        return operation_to_message(record)

    async def GetModel(
        self, request: model_service_pb2.GetModelRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> model_pb2.Model:
        """Return one version."""
        area_code, identifier = parse_resource_name(request.name, "models")
        versions = await asyncio.to_thread(self._models.versions, area_code)
        return model_to_message(version_among(versions, identifier))

    async def ListModels(
        self, request: model_service_pb2.ListModelsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> model_service_pb2.ListModelsResponse:
        """List an area's versions, newest first."""
        area_code = parse_parent(request.parent) or ""
        page = slice_page(
            await asyncio.to_thread(self._models.versions, area_code),
            scope=["models", area_code],
            page_size=request.page_size,
            page_token=request.page_token,
        )
        return model_service_pb2.ListModelsResponse(
            models=page.map(model_to_message).items, next_page_token=page.next_page_token
        )

    async def JudgeModel(
        self, request: model_service_pb2.JudgeModelRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> operations_pb2.Operation:
        """Queue the promotion gate."""
        area_code, identifier = parse_resource_name(request.name, "models")
        asked = request.n_origins
        n_origins = asked and checked_count(asked, where="n_origins", least=FEWEST_JUDGED, most=60)
        known = version_among(await asyncio.to_thread(self._models.versions, area_code), identifier)
        payload = {"area_code": area_code, "version": known.version, "n_origins": n_origins or None}
        record = await asyncio.to_thread(self._queue.submit, "judge_model", area_code, payload)
        return operation_to_message(record)

    async def PromoteModel(
        self, request: model_service_pb2.PromoteModelRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> model_pb2.Model:
        """Point an alias at a version."""
        area_code, identifier = parse_resource_name(request.name, "models")
        alias = checked_text(request.alias, where="alias") or CHAMPION
        reason = checked_text(request.without_gate_reason, where="without_gate_reason").strip()
        known = version_among(await asyncio.to_thread(self._models.versions, area_code), identifier)
        record = await asyncio.to_thread(
            self._models.promote, area_code, known.version, alias, without_gate_reason=reason
        )
        return model_to_message(record)
