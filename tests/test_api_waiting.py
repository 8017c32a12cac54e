"""A client waits for long work, also while the service is away."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.in_process_service import InProcessService, in_process_service
from tests.record_examples import dataset_example
from wardcast.api import connection
from wardcast.client import WardcastClient
from wardcast_models.errors import ErrorKind, WardcastError


class EndsAtFirstWord:
    """A service that ends as soon as its client is told something; remembers what the client is told."""

    def __init__(self, home: Path) -> None:
        self.running = ExitStack()
        self.told: list[str] = []
        self.service: InProcessService = self.running.enter_context(in_process_service(home, processes=0))
        self.service.workspace.store.datasets.put(dataset_example())

    def progress(self, _fraction: float, phrase: str) -> None:
        self.told.append(phrase)
        self.running.close()


def test_a_service_that_went_away_leaves_the_name_of_the_work_and_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_PATIENCE_SECONDS", 0.1)
    ending = EndsAtFirstWord(tmp_path)
    with WardcastClient(ending.service.grpc_address) as client, pytest.raises(WardcastError) as raised:
        client.create_forecast(dataset_example(), horizon_months=3, progress=ending.progress)
    assert raised.value.kind is ErrorKind.CONFLICT
    [problem] = raised.value.problems
    assert problem.where.startswith("operations/op-")
    assert problem.where in raised.value.message
    assert "when the service starts again" in problem.mend
    assert "/operations" in problem.mend
    assert ending.told[0] == f"{problem.where}: waiting for its turn"
    assert ending.told[1] == f"{problem.where}: waiting for {ending.service.grpc_address} to answer again"


def test_ctrl_c_while_the_service_is_away_says_that_the_work_goes_on(tmp_path: Path) -> None:
    ending = EndsAtFirstWord(tmp_path)

    def interrupt(fraction: float, phrase: str) -> None:
        ending.progress(fraction, phrase)
        raise KeyboardInterrupt

    with WardcastClient(ending.service.grpc_address) as client, pytest.raises(WardcastError) as raised:
        client.create_forecast(dataset_example(), horizon_months=3, progress=interrupt)
    assert raised.value.kind is ErrorKind.CONFLICT


def test_a_client_waits_through_a_restart_of_the_service(tmp_path: Path) -> None:
    ending = EndsAtFirstWord(tmp_path)
    port = int(ending.service.grpc_address.rpartition(":")[2])
    with ExitStack() as restarted, WardcastClient(ending.service.grpc_address) as client:

        def progress(fraction: float, phrase: str) -> None:
            ending.progress(fraction, phrase)
            if phrase.endswith("to answer again") and sum("again" in told for told in ending.told) == 1:
                restarted.enter_context(in_process_service(tmp_path, grpc_port=port))

        forecast = client.create_forecast(dataset_example(), horizon_months=3, progress=progress)
        assert client.get_forecast(forecast.name) == forecast


def test_looking_at_work_is_not_worth_a_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="wardcast.api.interceptor")
    with in_process_service(tmp_path) as service, WardcastClient(service.grpc_address) as client:
        service.workspace.store.datasets.put(dataset_example())
        client.create_forecast(dataset_example(), horizon_months=3)
    assert "ForecastService/CreateForecast OK" in caplog.text
    assert "WaitOperation" not in caplog.text
