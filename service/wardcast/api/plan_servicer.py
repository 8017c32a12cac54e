"""Plans over gRPC."""
# ruff: noqa: N802, ARG002 - names and signatures are the protos'

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
from google.longrunning import operations_pb2

from wardcast.api.arguments import checked_model, dataset_of
from wardcast.api.convert_operation import operation_to_message
from wardcast.api.convert_plan import plan_to_message
from wardcast.api.convert_request import checked_request
from wardcast.api.times import checked_month
from wardcast.app.workspace import Workspace
from wardcast.pack.write import ASSIGNMENTS_NAME, REPORT_NAME, WORKBOOK_NAME
from wardcast.store.identifiers import parse_parent, parse_resource_name
from wardcast.store.records import PlanRecord
from wardcast.v1 import plan_pb2, plan_service_pb2, plan_service_pb2_grpc
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input

_CHUNK_BYTES = 256 * 1024
_MOST_PLANS = 20
_FILE_NAMES: dict[int, str] = {
    plan_service_pb2.PLAN_FILE_REPORT: REPORT_NAME,
    plan_service_pb2.PLAN_FILE_ASSIGNMENTS: ASSIGNMENTS_NAME,
    plan_service_pb2.PLAN_FILE_WORKBOOK: WORKBOOK_NAME,
}


class PlanServicer(plan_service_pb2_grpc.PlanServiceServicer):
    """Make, look up, list and download plans."""

    def __init__(self, workspace: Workspace) -> None:
        self._store = workspace.store
        self._queue = workspace.queue

    async def CreatePlan(
        self, request: plan_service_pb2.CreatePlanRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> operations_pb2.Operation:
        """Queue a plan."""
        asked = request.plan
        dataset = await dataset_of(self._store, parent=request.parent, dataset=asked.dataset, where="plan.dataset")
        payload = {
            "dataset_id": dataset.dataset_id,
            "until": checked_month(asked.until, "plan.until"),
            "model": await checked_model(asked.forecast_model, where="plan.forecast_model"),
            "request": checked_request(asked.request, where="plan.request").model_dump(mode="json"),
        }
        record = await asyncio.to_thread(self._queue.submit, "create_plan", dataset.area_code, payload)
        return operation_to_message(record)

    async def GetPlan(
        self, request: plan_service_pb2.GetPlanRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> plan_pb2.Plan:
        """Return one plan."""
        return plan_to_message(await self._get(request.name))

    async def ListPlans(
        self, request: plan_service_pb2.ListPlansRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> plan_service_pb2.ListPlansResponse:
        """List an area's plans, newest first."""
        page = await asyncio.to_thread(
            self._store.plans.list,
            parse_parent(request.parent, allow_any=True),
            page_size=request.page_size,
            page_token=request.page_token,
            limit=_MOST_PLANS,
        )
        return plan_service_pb2.ListPlansResponse(
            plans=page.map(plan_to_message).items, next_page_token=page.next_page_token
        )

    async def DownloadPlanFile(
        self, request: plan_service_pb2.DownloadPlanFileRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> AsyncIterator[plan_service_pb2.DownloadPlanFileResponse]:
        """Send one of a plan's files in chunks."""
        name = _FILE_NAMES.get(request.file)
        if name is None:
            raise invalid_input(
                "No file was chosen.",
                Problem(
                    where="file",
                    expected="one of " + ", ".join(plan_service_pb2.PlanFile.keys()[1:]),
                    found=str(request.file),
                    mend="Choose one.",
                ),
            )
        record = await self._get(request.name)
        path = self._store.artefact_path("plans", record.plan_id, f"/{name}")
        if not path.is_file():
            raise WardcastError(ErrorKind.NOT_FOUND, f"{name} of {record.name} is no longer kept.")
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
                yield plan_service_pb2.DownloadPlanFileResponse(chunk=chunk)

    async def _get(self, name: str) -> PlanRecord:
        area_code, plan_id = parse_resource_name(name, "plans")
        return await asyncio.to_thread(self._store.plans.get, plan_id, area_code=area_code)
