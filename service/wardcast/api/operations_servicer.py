"""Long work over gRPC: the standard google.longrunning.Operations service."""
# ruff: noqa: N802, ARG002 - names and signatures are the protos'

from __future__ import annotations

import asyncio
import time
from typing import Any

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc
from google.protobuf.empty_pb2 import Empty

from wardcast.api.convert_operation import operation_to_message, result_of
from wardcast.api.models import ModelRegistry
from wardcast.app.workspace import Workspace
from wardcast.store.identifiers import parse_operation_name
from wardcast.store.records import OperationRecord
from wardcast_models.errors import Problem, invalid_input

_POLL_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 60.0
_MARGIN_SECONDS = 0.5
"""Left of the caller's deadline, so that it gets an answer and not DEADLINE_EXCEEDED."""


class OperationsServicer(operations_pb2_grpc.OperationsServicer):  # type: ignore[misc]  # no types are shipped
    """Look up, list, await, cancel and forget operations."""

    def __init__(self, workspace: Workspace, models: ModelRegistry) -> None:
        self._store = workspace.store
        self._queue = workspace.queue
        self._models = models

    async def GetOperation(
        self, request: operations_pb2.GetOperationRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> operations_pb2.Operation:
        """Return one operation with its result."""
        return await self._message(await self._get(request.name))

    async def ListOperations(
        self, request: operations_pb2.ListOperationsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> operations_pb2.ListOperationsResponse:
        """List operations, newest first; their responses hold names only."""
        if request.name not in {"", "operations"} or request.filter:
            raise invalid_input(
                "Operations are listed all together.",
                Problem(
                    where="filter" if request.filter else "name",
                    expected="name `operations` and no filter",
                    found=request.filter or request.name,
                    mend="Leave both out.",
                ),
            )
        page = await asyncio.to_thread(self._queue.list, page_size=request.page_size, page_token=request.page_token)
        return operations_pb2.ListOperationsResponse(
            operations=page.map(operation_to_message).items, next_page_token=page.next_page_token
        )

    async def WaitOperation(
        self, request: operations_pb2.WaitOperationRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> operations_pb2.Operation:
        """Return an operation once it has ended or the time is up, whichever is first."""
        seconds = (
            request.timeout.ToTimedelta().total_seconds() if request.HasField("timeout") else _LONGEST_WAIT_SECONDS
        )
        remaining = context.time_remaining()
        if remaining is not None:
            seconds = min(seconds, remaining - _MARGIN_SECONDS)
        end = time.monotonic() + min(seconds, _LONGEST_WAIT_SECONDS)
        record = await self._get(request.name)
        while not record.state.done and time.monotonic() < end:
            await asyncio.sleep(_POLL_SECONDS)
            record = await self._get(request.name)
        return await self._message(record)

    async def CancelOperation(
        self, request: operations_pb2.CancelOperationRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> Empty:
        """Ask an operation to stop; it does so within seconds."""
        await asyncio.to_thread(self._queue.cancel, parse_operation_name(request.name))
        return Empty()

    async def DeleteOperation(
        self, request: operations_pb2.DeleteOperationRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> Empty:
        """Forget an operation that has ended; its result stays."""
        await asyncio.to_thread(self._queue.delete, parse_operation_name(request.name))
        return Empty()

    async def _get(self, name: str) -> OperationRecord:
        return await asyncio.to_thread(self._queue.get, parse_operation_name(name))

    async def _message(self, record: OperationRecord) -> operations_pb2.Operation:
        result = await asyncio.to_thread(result_of, record, self._store, self._models)
        return operation_to_message(record, result)
