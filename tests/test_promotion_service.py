"""The promotion gate through a running service: what a caller and the command line are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from tests.command_line import CommandLine
from tests.grpc_refusal import refused
from tests.in_process_service import InProcessService, in_process_service
from tests.workspaces import keep_example, open_workspace
from wardcast.app.models import train
from wardcast.app.promotion import promote
from wardcast.client import WardcastClient
from wardcast.v1 import model_service_pb2, model_service_pb2_grpc
from wardcast_models.errors import ErrorKind, WardcastError

AREA = "E09000002"
CHAMPION, WORSE = 1, 2


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessService]:
    """A service with a champion, mean_12_months, and a worse version, seasonal_naive."""
    home = tmp_path_factory.mktemp("home")
    workspace = open_workspace(home)
    dataset = keep_example(workspace)
    train(workspace, dataset, model="mean_12_months")
    train(workspace, dataset, model="seasonal_naive")
    promote(workspace, AREA, CHAMPION, without_gate_reason="the first one")
    workspace.store.close()
    with in_process_service(home, real=True, workers=1) as service:
        yield service


def test_a_worse_version_is_judged_by_a_worker_and_refused_with_the_reasons(service: InProcessService) -> None:
    with WardcastClient(service.grpc_address) as client:
        judged = client.judge_model(AREA, WORSE)
        assert judged.gate is not None
        assert not judged.gate.passed
        with pytest.raises(WardcastError, match="refuses version 2") as raised:
            client.promote(AREA, WORSE)
        assert [model.version for model in client.models(AREA) if "champion" in model.aliases] == [CHAMPION]
    assert raised.value.kind is ErrorKind.CONFLICT
    better = next(problem for problem in raised.value.problems if problem.where == "promotion gate: better")
    assert "times that of the champion mean_12_months (version 1)" in better.found


def test_other_clients_get_a_failed_precondition(service: InProcessService) -> None:
    with grpc.insecure_channel(service.grpc_address) as channel:
        stub = model_service_pb2_grpc.ModelServiceStub(channel)
        request = model_service_pb2.PromoteModelRequest(name=f"areas/{AREA}/models/{WORSE}")
        code, details = refused(lambda: stub.PromoteModel(request))
    assert code is grpc.StatusCode.FAILED_PRECONDITION
    assert details["PreconditionFailure"].violations[0].subject.startswith("promotion gate")


def test_the_command_line_asks_the_service_and_ends_with_4(
    service: InProcessService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wardcast = CommandLine(tmp_path, monkeypatch, capsys)
    done = wardcast("promote", str(WORSE), "--area", AREA, "--server", service.grpc_address)
    assert done.exit_code == 4
    assert "FAILED  better" in done.out
    assert "refuses version 2 (seasonal_naive)" in done.err
    assert "--without-gate REASON" in done.err
    why = ("--without-gate", "to see what happens", "--json", "-q")
    promoted = wardcast("promote", str(WORSE), "--area", AREA, "--server", service.grpc_address, *why)
    assert promoted.exit_code == 0, promoted.err
    (record,) = promoted.document
    assert record["without_gate_reason"] == "to see what happens"
    assert record["aliases"] == ["champion"]
    assert record["gate"]["passed"] is False
