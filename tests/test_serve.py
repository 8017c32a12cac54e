"""The whole service as its users meet it: started as a command, asked over gRPC and the page, ended by ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import httpx
import pytest
from google.longrunning import operations_pb2, operations_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.command_line import CommandLine
from tests.service_process import ServiceProcess, service_process
from wardcast.client import WardcastClient
from wardcast_models.allocation.request.file import parse_request
from wardcast_models.errors import ErrorKind, WardcastError

REQUEST = {
    "title": "Asked over the wire",
    "resources": [{"name": "Patrol", "agency": "police", "hours_per_month": 900}],
    "n_paths": 50,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[ServiceProcess]:
    with service_process(home) as running:
        yield running


@pytest.fixture
def client(service: ServiceProcess) -> Iterator[WardcastClient]:
    with WardcastClient(service.grpc_address) as connected:
        yield connected


@pytest.mark.timeout(240)
def test_a_plan_asked_over_grpc_equals_the_embedded_one_and_survives_ctrl_c(
    service: ServiceProcess,
    client: WardcastClient,
    home: Path,
    sample_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dataset = client.import_dataset(sample_dir, area="E09000002")
    assert dataset.synthetic
    plan = client.create_plan(dataset, request=parse_request(REQUEST, where="test"))
    assert sum(item.hours for item in plan.plan.assignments) == pytest.approx(3 * 900, abs=0.01)

    request_file = tmp_path / "request.yaml"
    request_file.write_text(
        "title: Asked over the wire\nn_paths: 50\nresources: [{name: Patrol, agency: police, hours_per_month: 900}]\n",
        encoding="utf-8",
    )
    embedded = CommandLine(tmp_path / "other-home", monkeypatch, capsys)
    asked = ("--request", request_file, "--out", tmp_path / "out", "--quiet")
    assert embedded("plan", "--data", sample_dir, "--area", "E09000002", *asked).exit_code == 0
    assert client.plan_file(plan, "assignments.csv") == (tmp_path / "out" / "assignments.csv").read_bytes()

    page = httpx.get(service.page_address + "plans")
    assert "Asked over the wire" in page.text

    assert service.interrupt() == 0
    with service_process(home) as again, WardcastClient(again.grpc_address) as reconnected:
        assert [known.name for known in reconnected.plans("E09000002")] == [plan.name]
        assert reconnected.get_plan(plan.name).plan == plan.plan
        assert [model.version for model in reconnected.models("E09000002")] == [1]
        _operations_are_remembered(again)


def _operations_are_remembered(service: ServiceProcess) -> None:
    with grpc.insecure_channel(service.grpc_address) as channel:
        stub = operations_pb2_grpc.OperationsStub(channel)
        listed = stub.ListOperations(operations_pb2.ListOperationsRequest(name="operations"), timeout=10)
    assert len(listed.operations) == 2
    assert all(operation.done for operation in listed.operations)


@pytest.mark.timeout(120)
def test_wrong_requests_get_the_reason_over_the_wire(tmp_path: Path, sample_dir: Path) -> None:
    with service_process(tmp_path / "home") as service, WardcastClient(service.grpc_address) as client:
        with pytest.raises(WardcastError) as unknown_area:
            client.import_dataset(sample_dir, area="Atlantis")
        assert "Atlantis" in str(unknown_area.value)
        dataset = client.import_dataset(sample_dir, area="E09000002")
        impossible = {**REQUEST, "limits": {"ward_min_hours_per_month": 100}}
        with pytest.raises(WardcastError) as clash:
            client.create_plan(dataset, request=parse_request(impossible, where="test"))
        assert clash.value.kind is ErrorKind.INFEASIBLE
        assert "1,000" in str(clash.value)  # 19 wards x 100 h, and 900 h to give
        assert list(client.plans("E09000002")) == []
        with grpc.insecure_channel(service.grpc_address) as channel:
            health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
        assert health.status == health_pb2.HealthCheckResponse.SERVING
