"""What a user is told where the machine around wardcast is not as it should be: never a fault of wardcast."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import CommandLine, Done
from wardcast.settings import Settings
from wardcast_models.errors import ErrorKind, WardcastError


def list_models(wardcast: CommandLine) -> Done:
    return wardcast("models", "--area", "E09000002", "--json")


@pytest.mark.parametrize("name", ["wardcast.db", "mlflow.db"])
def test_a_broken_database_is_named_and_how_to_mend_it(wardcast: CommandLine, name: str) -> None:
    wardcast.home.mkdir()
    (wardcast.home / name).write_bytes(b"this is no database" * 100)
    done = list_models(wardcast)
    assert done.exit_code == 4
    problem = done.document["error"]["problems"][0]
    assert problem["where"] == name
    assert problem["expected"] == "a sound SQLite database written by wardcast"
    assert problem["found"] == "file is not a database"
    assert "Restore it from a copy, or move it out" in problem["mend"]
    assert "sqlalche.me" not in done.err


def test_a_home_that_is_a_file_is_refused(wardcast: CommandLine) -> None:
    wardcast.home.write_text("a file")
    done = list_models(wardcast)
    assert done.exit_code == 2
    assert done.document["error"]["problems"][0]["where"] == "WARDCAST_HOME"
    assert "File exists" in done.document["error"]["problems"][0]["found"]


@pytest.mark.parametrize(
    "url", ["nonsense://user:secret@x", "not a url", "postgresql://user:secret@x:port/y", "sqlite:////proc/none/a.db"]
)
def test_a_database_url_that_names_no_database_is_refused(
    wardcast: CommandLine, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("WARDCAST_DATABASE_URL", url)
    done = list_models(wardcast)
    assert done.exit_code == 2
    assert done.document["error"]["problems"][0]["where"] == "WARDCAST_DATABASE_URL"
    assert "secret" not in done.out + done.err


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("WARDCAST_GRPC_PORT", "abc", "a valid integer"),
        ("WARDCAST_WORKER_PROCESSES", "0", "greater than or equal to 1"),
        ("WARDCAST_PAGE_ALLOWED_HOSTS", ";;", "text of the right form"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(
    wardcast: CommandLine, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    done = list_models(wardcast)
    assert done.exit_code == 2
    [problem] = done.document["error"]["problems"]
    assert (problem["where"], problem["found"]) == (name, repr(value))
    assert problem["expected"].startswith(expected)
    assert "leave it unset" in problem["mend"]
    assert "pydantic" not in done.err


def test_every_wrong_setting_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDCAST_GRPC_PORT", "70000")
    monkeypatch.setenv("WARDCAST_PAGE_PORT", "-1")
    with pytest.raises(WardcastError) as raised:
        Settings.read()
    assert raised.value.kind is ErrorKind.INVALID_INPUT
    assert [problem.where for problem in raised.value.problems] == ["WARDCAST_GRPC_PORT", "WARDCAST_PAGE_PORT"]


@pytest.mark.timeout(120)
def test_a_taken_grpc_port_is_all_that_serve_tells(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ports = {"WARDCAST_GRPC_PORT": str(port), "WARDCAST_PAGE_PORT": "0"}
        served = subprocess.run(
            [sys.executable, "-m", "wardcast.cli.main", "serve"],
            env={**os.environ, **ports, "WARDCAST_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )
    assert served.returncode == 4
    assert served.stderr.startswith(f"error: The service cannot listen on 127.0.0.1:{port}.\n  WARDCAST_GRPC_PORT\n")
