"""Datasets over gRPC."""
# ruff: noqa: N802, ARG002 - names and signatures are the protos'

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
from google.longrunning import operations_pb2

from wardcast.api.arguments import checked_text
from wardcast.api.convert_dataset import dataset_to_message
from wardcast.api.convert_operation import operation_to_message
from wardcast.api.upload import receive_files
from wardcast.app.workspace import Workspace
from wardcast.store.identifiers import parse_parent, parse_resource_name
from wardcast.v1 import dataset_pb2, dataset_service_pb2, dataset_service_pb2_grpc


class DatasetServicer(dataset_service_pb2_grpc.DatasetServiceServicer):
    """Import, look up and list datasets."""

    def __init__(self, workspace: Workspace) -> None:
        self._store = workspace.store
        self._queue = workspace.queue
        self._max_upload_bytes = workspace.settings.max_upload_bytes

    async def ImportDataset(
        self,
        request_iterator: AsyncIterator[dataset_service_pb2.ImportDatasetRequest],
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> operations_pb2.Operation:
        """Receive files and queue their reading."""
        artefacts = self._store.artefacts
        received = await receive_files(request_iterator, artefacts, max_bytes=self._max_upload_bytes)
        try:
            area = checked_text(received.config.area, where="config.area", required=True)
            wards = checked_text(received.config.wards, where="config.wards")
            payload = {"data_dir": str(received.folder), "area": area, "wards": wards or None}
            record = await asyncio.to_thread(self._queue.submit, "import_dataset", area, payload)
        except BaseException:
            artefacts.discard_upload(received.folder)
            raise
        return operation_to_message(record)

    async def GetDataset(
        self, request: dataset_service_pb2.GetDatasetRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> dataset_pb2.Dataset:
        """Return one dataset."""
        area_code, dataset_id = parse_resource_name(request.name, "datasets")
        record = await asyncio.to_thread(self._store.datasets.get, dataset_id, area_code=area_code)
        return dataset_to_message(record)

    async def ListDatasets(
        self, request: dataset_service_pb2.ListDatasetsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> dataset_service_pb2.ListDatasetsResponse:
        """List an area's datasets, newest first."""
        page = await asyncio.to_thread(
            self._store.datasets.list,
            parse_parent(request.parent, allow_any=True),
            page_size=request.page_size,
            page_token=request.page_token,
        )
        return dataset_service_pb2.ListDatasetsResponse(
            datasets=page.map(dataset_to_message).items, next_page_token=page.next_page_token
        )
