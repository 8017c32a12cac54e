"""How a fan-out is set, and what is said where that cannot be."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from threading import Thread

import pytest
from distributed import LocalCluster

from tests.fan_out_tasks import square
from wardcast.settings import Settings
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.fan_out import FanOut


def problem_of(raised: pytest.ExceptionInfo[WardcastError]) -> Problem:
    (problem,) = raised.value.problems
    return problem


def test_the_number_of_processes_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDCAST_WORKERS", "3")
    assert Settings.read().fan_out == FanOut(workers=3)


@pytest.mark.parametrize("address", ["host:8786", "tcp://host", "tcp://host:8786/path", "http://host:8786"])
def test_an_address_of_another_form_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDCAST_DASK_SCHEDULER", address)
    with pytest.raises(WardcastError) as raised:
        Settings.read()
    assert problem_of(raised).where == "WARDCAST_DASK_SCHEDULER"
    assert "tcp://host:8786" in problem_of(raised).expected


@pytest.fixture
def stranger(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of something that takes one connection, says what the test wants it to, and then stays silent."""
    kept: list[socket.socket] = []

    def answer() -> None:
        kept.append(server.accept()[0])
        kept[0].sendall(request.param)

    with socket.create_server(("127.0.0.1", 0)) as server:
        talker = Thread(target=answer)
        talker.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        talker.join()
        kept[0].close()


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardcast_models.fan_out.cluster.CONNECT_SECONDS", 0.2)
    with pytest.raises(WardcastError, match="cannot be used") as raised:
        FanOut(backend="dask", dask_scheduler="tcp://127.0.0.1:1").map(square, range(2))
    assert problem_of(raised).where == "WARDCAST_DASK_SCHEDULER"
    assert raised.value.kind is ErrorKind.CONFLICT
    assert "127.0.0.1" not in str(raised.value)  # a caller at another machine is told no address


@pytest.mark.parametrize("stranger", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], indirect=True)
def test_something_else_at_the_address_is_refused(stranger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardcast_models.fan_out.cluster.CONNECT_SECONDS", 0.2)
    with pytest.raises(WardcastError, match="cannot be used") as raised:
        FanOut(backend="dask", dask_scheduler=stranger).map(square, range(2))
    assert problem_of(raised).found.startswith("the address set (")
    assert stranger not in str(raised.value)


def test_a_cluster_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardcast_models.fan_out.cluster.WORKER_SECONDS", 0.2)
    with (
        LocalCluster(n_workers=0, dashboard_address=":0", silence_logs="CRITICAL") as empty,
        pytest.raises(WardcastError, match="cannot be used") as raised,
    ):
        FanOut(backend="dask", dask_scheduler=empty.scheduler_address).map(square, range(2))
    assert "which has none" in problem_of(raised).found


def test_dask_that_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "wardcast_models.fan_out.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WardcastError) as raised:
        FanOut(backend="dask", dask_scheduler="tcp://host:8786").map(square, range(2))
    assert problem_of(raised).where == "WARDCAST_DASK_SCHEDULER"
    assert "wardcast[dask]" in problem_of(raised).expected


@pytest.mark.parametrize(
    ("arguments", "where"),
    [({"backend": "threads"}, "backend"), ({"workers": -1}, "workers"), ({"backend": "dask"}, "dask_scheduler")],
)
def test_an_impossible_fan_out_is_refused(arguments: dict[str, object], where: str) -> None:
    with pytest.raises(WardcastError) as raised:
        FanOut(**arguments)  # type: ignore[arg-type]
    assert problem_of(raised).where == where
