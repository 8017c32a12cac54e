"""Plans, asked of a running service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pandas as pd

from wardcast.api.connection import CALL_SECONDS, Connection
from wardcast.api.convert_plan import plan_from_message
from wardcast.api.convert_request import request_to_message
from wardcast.api.times import month_text
from wardcast.client.calls import Calls
from wardcast.store.records import DatasetRecord, PlanRecord
from wardcast.v1 import plan_pb2, plan_service_pb2, plan_service_pb2_grpc
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.progress import Progress, silent

PlanFileName = Literal["report.html", "assignments.csv", "plan.xlsx"]

_PLAN_FILES: dict[PlanFileName, plan_service_pb2.PlanFile.ValueType] = {
    "report.html": plan_service_pb2.PLAN_FILE_REPORT,
    "assignments.csv": plan_service_pb2.PLAN_FILE_ASSIGNMENTS,
    "plan.xlsx": plan_service_pb2.PLAN_FILE_WORKBOOK,
}


class PlanCalls(Calls):
    """Make, look up, list and download plans."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._plans = plan_service_pb2_grpc.PlanServiceStub(connection.channel)

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
                until=month_text(until),
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
