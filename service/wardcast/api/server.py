"""The gRPC server put together: services, health, reflection, limits, and an orderly end."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from wardcast.api.dataset_servicer import DatasetServicer
from wardcast.api.forecast_servicer import ForecastServicer
from wardcast.api.interceptor import CallInterceptor
from wardcast.api.limits import MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES
from wardcast.api.model_servicer import ModelServicer
from wardcast.api.models import ModelRegistry, WorkspaceModels
from wardcast.api.operations_servicer import OperationsServicer
from wardcast.api.plan_servicer import PlanServicer
from wardcast.app.workspace import Workspace
from wardcast.v1 import (
    dataset_service_pb2,
    dataset_service_pb2_grpc,
    forecast_service_pb2,
    forecast_service_pb2_grpc,
    model_service_pb2,
    model_service_pb2_grpc,
    plan_service_pb2,
    plan_service_pb2_grpc,
)
from wardcast_models.errors import ErrorKind, Problem, WardcastError

SERVICE_NAMES = (
    dataset_service_pb2.DESCRIPTOR.services_by_name["DatasetService"].full_name,
    forecast_service_pb2.DESCRIPTOR.services_by_name["ForecastService"].full_name,
    plan_service_pb2.DESCRIPTOR.services_by_name["PlanService"].full_name,
    model_service_pb2.DESCRIPTOR.services_by_name["ModelService"].full_name,
    operations_pb2.DESCRIPTOR.services_by_name["Operations"].full_name,
)

_log = logging.getLogger(__name__)


@asynccontextmanager
async def serve_grpc(workspace: Workspace, *, models: ModelRegistry | None = None) -> AsyncIterator[str]:
    """Serve the API while the context lasts; on its end calls get the settings' grace time to finish.

    Only answers and queues: workers do the work (`wardcast.jobs.supervisor`).

    Args:
        workspace: What is served; its settings name address and limits.
        models: Where models are registered; None takes the workspace's registry.

    Yields:
        `host:port` served on.

    Raises:
        WardcastError: The address is taken or cannot be used.
    """
    settings = workspace.settings
    registry = models or WorkspaceModels(workspace)
    server = grpc.aio.server(
        interceptors=[CallInterceptor()],
        options=[
            ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
            ("grpc.max_send_message_length", MAX_RESPONSE_BYTES),
            ("grpc.so_reuseport", 0),  # a second server on the same port is an error, not a silent half of the calls
        ],
    )
    dataset_service_pb2_grpc.add_DatasetServiceServicer_to_server(DatasetServicer(workspace), server)
    forecast_service_pb2_grpc.add_ForecastServiceServicer_to_server(ForecastServicer(workspace), server)
    plan_service_pb2_grpc.add_PlanServiceServicer_to_server(PlanServicer(workspace), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(ModelServicer(workspace, registry), server)
    operations_pb2_grpc.add_OperationsServicer_to_server(OperationsServicer(workspace, registry), server)
    health_servicer: Any = health.aio.HealthServicer()  # type: ignore[attr-defined]  # missing from the stubs
    await _set_health(health_servicer, health_pb2.HealthCheckResponse.NOT_SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    reflection.enable_server_reflection((*SERVICE_NAMES, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    address = f"{settings.grpc_host}:{_bind(server, settings.grpc_host, settings.grpc_port)}"
    workspace.queue.sweep_uploads()
    await server.start()
    await _set_health(health_servicer, health_pb2.HealthCheckResponse.SERVING)
    _log.info("serving gRPC on %s", address)
    try:
        yield address
    finally:
        await health_servicer.enter_graceful_shutdown()
        await server.stop(settings.shutdown_grace_seconds)
        _log.info("gRPC ended")


def _bind(server: grpc.aio.Server, host: str, port: int) -> int:
    try:
        return server.add_insecure_port(f"{host}:{port}")
    except RuntimeError as error:
        raise WardcastError(
            ErrorKind.CONFLICT,
            f"The service cannot listen on {host}:{port}.",
            [
                Problem(
                    where="WARDCAST_GRPC_PORT",
                    expected="a free port of this machine",
                    found=f"{host}:{port}",
                    mend="End what listens there, or choose another port; 0 takes any free one.",
                )
            ],
        ) from error


async def _set_health(servicer: Any, status: int) -> None:
    # The health servicer is born SERVING, for "" (the server as a whole) too.
    for name in ("", *SERVICE_NAMES):
        await servicer.set(name, status)
