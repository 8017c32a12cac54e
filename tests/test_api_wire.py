"""What any gRPC client sees: standard services, statuses and long-running operations."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.longrunning import operations_pb2, operations_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tests.grpc_refusal import refused
from tests.in_process_service import InProcessService, RememberedModels, in_process_service
from tests.record_examples import AREA, dataset_example, forecast_record_example, plan_record_example, request_example
from wardcast.api.convert_request import request_to_message
from wardcast.api.server import SERVICE_NAMES, serve_grpc
from wardcast.app.workspace import Workspace
from wardcast.settings import Settings
from wardcast.store.records import OperationState
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
from wardcast.v1.forecast_pb2 import Forecast
from wardcast.v1.operation_pb2 import OPERATION_STATE_QUEUED, OperationMetadata
from wardcast.v1.plan_pb2 import Plan
from wardcast_models.errors import ErrorKind, WardcastError, invalid_input


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessService]:
    """A service without workers: operations stay as the test leaves them."""
    with in_process_service(tmp_path_factory.mktemp("home"), processes=0) as service:
        store = service.workspace.store
        store.datasets.put(dataset_example())
        store.forecasts.put(forecast_record_example())
        store.plans.put(plan_record_example())
        yield service


@pytest.fixture(scope="module")
def channel(service: InProcessService) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(service.grpc_address) as channel:
        yield channel


@pytest.fixture
def operations(channel: grpc.Channel) -> operations_pb2_grpc.OperationsStub:
    return operations_pb2_grpc.OperationsStub(channel)


@pytest.fixture
def plans(channel: grpc.Channel) -> plan_service_pb2_grpc.PlanServiceStub:
    return plan_service_pb2_grpc.PlanServiceStub(channel)


def test_the_service_says_that_it_is_healthy(channel: grpc.Channel) -> None:
    health = health_pb2_grpc.HealthStub(channel)
    for name in ("", *SERVICE_NAMES):
        answer = health.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_the_services_can_be_discovered(channel: grpc.Channel) -> None:
    found = ProtoReflectionDescriptorDatabase(channel)
    assert set(SERVICE_NAMES) <= set(found.get_services())
    file = found.FindFileContainingSymbol("wardcast.v1.PlanService")
    assert "wardcast/v1/plan.proto" in file.dependency


def test_an_operation_tells_where_it_stands(
    service: InProcessService, operations: Any, plans: plan_service_pb2_grpc.PlanServiceStub
) -> None:
    request = plan_service_pb2.CreatePlanRequest(
        parent=f"areas/{AREA}",
        plan=Plan(dataset=dataset_example().name, until="2025-03", request=request_to_message(request_example())),
    )
    operation = plans.CreatePlan(request)
    metadata = OperationMetadata()
    operation.metadata.Unpack(metadata)
    assert (metadata.kind, metadata.area, metadata.state) == ("create_plan", AREA, OPERATION_STATE_QUEUED)
    assert not operation.done

    queue = service.workspace.queue
    record = queue.take("worker")
    assert record.payload["until"] == "2025-03"
    queue.report(record, 0.5, "solving")
    operations.GetOperation(operations_pb2.GetOperationRequest(name=operation.name)).metadata.Unpack(metadata)
    assert (metadata.progress, metadata.phrase) == (0.5, "solving")

    queue.succeed(record, plan_record_example().name)
    done = operations.GetOperation(operations_pb2.GetOperationRequest(name=operation.name))
    plan = Plan()
    done.response.Unpack(plan)
    assert done.done
    assert plan == plans.GetPlan(plan_service_pb2.GetPlanRequest(name=plan_record_example().name))

    listed = operations.ListOperations(operations_pb2.ListOperationsRequest(page_size=1)).operations[0]
    listed.response.Unpack(plan)
    assert (listed.name, plan.name, plan.title) == (operation.name, plan_record_example().name, "")


@pytest.mark.parametrize("n_origins", [-1, 1, 2, 61])
def test_the_gate_is_not_asked_with_origins_that_it_could_not_judge_from(channel: grpc.Channel, n_origins: int) -> None:
    request = model_service_pb2.JudgeModelRequest(name=f"areas/{AREA}/models/1", n_origins=n_origins)
    code, details = refused(lambda: model_service_pb2_grpc.ModelServiceStub(channel).JudgeModel(request))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert details["BadRequest"].field_violations[0].field == "n_origins"


def test_waiting_ends_with_the_time_given_or_with_the_operation(service: InProcessService, operations: Any) -> None:
    record = service.workspace.queue.submit("create_plan", AREA, {})
    request = operations_pb2.WaitOperationRequest(name=record.name)
    request.timeout.FromMilliseconds(10)
    assert not operations.WaitOperation(request).done
    request.timeout.FromSeconds(3600)
    assert not operations.WaitOperation(request, timeout=1.0).done
    service.workspace.queue.cancel(record.operation_id)
    assert operations.WaitOperation(request).error.code == grpc.StatusCode.CANCELLED.value[0]


def test_operations_are_cancelled_and_forgotten_over_the_wire(service: InProcessService, operations: Any) -> None:
    record = service.workspace.queue.submit("create_plan", AREA, {})
    code, details = refused(lambda: operations.DeleteOperation(operations_pb2.DeleteOperationRequest(name=record.name)))
    assert code is grpc.StatusCode.FAILED_PRECONDITION
    assert details["PreconditionFailure"].violations[0].subject == record.name
    operations.CancelOperation(operations_pb2.CancelOperationRequest(name=record.name))
    assert service.workspace.queue.get(record.operation_id).state is OperationState.CANCELLED
    operations.DeleteOperation(operations_pb2.DeleteOperationRequest(name=record.name))
    code, _ = refused(lambda: operations.GetOperation(operations_pb2.GetOperationRequest(name=record.name)))
    assert code is grpc.StatusCode.NOT_FOUND


def test_a_failed_operation_holds_the_whole_error(service: InProcessService, operations: Any) -> None:
    record = service.workspace.queue.submit("train_model", AREA, {})
    service.workspace.queue.fail(service.workspace.queue.take("worker"), invalid_input("The month is not there."))
    error = operations.GetOperation(operations_pb2.GetOperationRequest(name=record.name)).error
    assert (error.code, error.message) == (grpc.StatusCode.INVALID_ARGUMENT.value[0], "The month is not there.")


def test_a_wrong_field_is_named_as_googles_apis_name_it(plans: plan_service_pb2_grpc.PlanServiceStub) -> None:
    request = plan_service_pb2.CreatePlanRequest(parent=f"areas/{AREA}", plan=Plan(dataset=dataset_example().name))
    request.plan.request.horizon_months = 40
    code, details = refused(lambda: plans.CreatePlan(request))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    fields = [violation.field for violation in details["BadRequest"].field_violations]
    assert fields == ["plan.request.horizon_months", "plan.request.resources"]
    assert (details["ErrorInfo"].reason, details["ErrorInfo"].domain) == ("INVALID_INPUT", "wardcast")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"parent": "areas/E09000016"}, "forecast.dataset"),
        ({"parent": "areas/-"}, "parent"),
        ({"dataset": "ds-1"}, "forecast.dataset"),
        ({"until": "2025-13"}, "forecast.until"),
        ({"scenario": "fewer_homes"}, "forecast.scenario"),
        ({"scenario": "x" * 201}, "forecast.scenario"),
        ({"model": "oracle"}, "forecast.model"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(channel: grpc.Channel, wrong: dict[str, str], field: str) -> None:
    forecasts = forecast_service_pb2_grpc.ForecastServiceStub(channel)
    request = forecast_service_pb2.CreateForecastRequest(parent=wrong.pop("parent", f"areas/{AREA}"))
    request.forecast.MergeFrom(Forecast(**{"dataset": dataset_example().name, "horizon_months": 3, **wrong}))
    code, details = refused(lambda: forecasts.CreateForecast(request))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert details["BadRequest"].field_violations[0].field == field


def test_no_work_is_queued_for_a_forecaster_that_does_not_exist(channel: grpc.Channel) -> None:
    models = model_service_pb2_grpc.ModelServiceStub(channel)
    plans = plan_service_pb2_grpc.PlanServiceStub(channel)
    parent, dataset = f"areas/{AREA}", dataset_example().name
    training = model_service_pb2.TrainModelRequest(parent=parent, dataset=dataset, forecaster="oracle")
    plan = plan_service_pb2.CreatePlanRequest(parent=parent, plan=Plan(dataset=dataset, forecast_model="oracle"))
    for call, field in (
        (lambda: models.TrainModel(training), "forecaster"),
        (lambda: plans.CreatePlan(plan), "plan.forecast_model"),
    ):
        code, details = refused(call)
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert details["BadRequest"].field_violations[0].field == field


def test_lists_refuse_tokens_and_sizes_that_make_no_sense(channel: grpc.Channel) -> None:
    parent = f"areas/{AREA}"
    stubs = (
        (dataset_service_pb2_grpc.DatasetServiceStub(channel).ListDatasets, dataset_service_pb2.ListDatasetsRequest),
        (plan_service_pb2_grpc.PlanServiceStub(channel).ListPlans, plan_service_pb2.ListPlansRequest),
        (model_service_pb2_grpc.ModelServiceStub(channel).ListModels, model_service_pb2.ListModelsRequest),
    )
    for method, request in stubs:
        for bad in ({"page_token": "abc"}, {"page_size": -1}):
            code, _ = refused(lambda: method(request(parent=parent, **bad)))  # noqa: B023 - called at once
            assert code is grpc.StatusCode.INVALID_ARGUMENT


def test_a_request_id_is_kept_or_given_and_sent_back(plans: plan_service_pb2_grpc.PlanServiceStub) -> None:
    request = plan_service_pb2.GetPlanRequest(name=plan_record_example().name)
    _, call = plans.GetPlan.with_call(request, metadata=(("x-request-id", "meeting-7"),))
    assert dict(call.initial_metadata())["x-request-id"] == "meeting-7"
    _, call = plans.GetPlan.with_call(request, metadata=(("x-request-id", "a b" * 90),))
    assert len(dict(call.initial_metadata())["x-request-id"]) == 16


def test_a_fault_is_logged_under_its_request_and_not_shown(
    service: InProcessService,
    plans: plan_service_pb2_grpc.PlanServiceStub,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(service.workspace.store.plans, "get", fail)
    with caplog.at_level(logging.ERROR), pytest.raises(grpc.RpcError) as raised:
        plans.GetPlan(
            plan_service_pb2.GetPlanRequest(name=plan_record_example().name),
            metadata=(("x-request-id", "meeting-8"),),
        )
    assert raised.value.code() is grpc.StatusCode.INTERNAL
    assert "secret" not in raised.value.details()
    assert "meeting-8" in raised.value.details()
    assert "meeting-8" in caplog.text
    assert "secret detail" in caplog.text


def test_a_taken_port_is_said_so(service: InProcessService, tmp_path: Path) -> None:
    port = int(service.grpc_address.rpartition(":")[2])
    settings = Settings(home=tmp_path, grpc_port=port)

    async def serve_there() -> None:
        async with serve_grpc(Workspace.open(settings), models=RememberedModels()):
            pass

    with pytest.raises(WardcastError, match=f"cannot listen on 127.0.0.1:{port}") as raised:
        asyncio.run(serve_there())
    assert raised.value.kind is ErrorKind.CONFLICT
