"""Arguments of the command line: what is refused, before any work where that can be, and what help shows."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from tests.command_line import CommandLine
from wardcast.cli.main import app

REQUEST = """\
title: Test quarter
resources:
  - {name: Neighbourhood patrol, agency: police, hours_per_month: 1200}
"""


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    path = tmp_path / "request.yaml"
    path.write_text(REQUEST, encoding="utf-8")
    return path


def test_a_place_that_cannot_be_written_is_told_before_any_work(
    wardcast: CommandLine,
    sample_dir: Path,
    request_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_work(*_: object, **__: object) -> None:
        pytest.fail("the work began")

    monkeypatch.setattr("wardcast.app.datasets.read_folder", no_work)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    data = ("--data", sample_dir, "--area", "E09000002", "-q")
    for asked in (
        ("backtest", "--out", tmp_path / "file"),
        ("backtest", "--out", tmp_path / "file" / "below"),
        ("plan", "--request", request_file, "--out", tmp_path / "file"),
        ("plan", "--request", request_file, "--out", tmp_path / "file" / "below"),
        ("forecast", "--horizon", "2", "--out", tmp_path / "file" / "forecast.csv"),
        ("forecast", "--horizon", "2", "--out", tmp_path),
        ("forecast", "--horizon", "2", "--out", tmp_path / "f.csv", "--parts", tmp_path / "file" / "parts.csv"),
    ):
        done = wardcast(*asked, *data)
        assert done.exit_code == 2
        assert "cannot be written" in done.err
        assert f"  {asked[-2]}\n" in done.err


@pytest.mark.parametrize("n_origins", ["1", "2"])
def test_so_few_origins_that_the_gate_could_never_pass_are_refused_at_once(
    wardcast: CommandLine, n_origins: str
) -> None:
    done = wardcast("promote", "1", "--area", "E09000002", "--gate-origins", n_origins)
    assert done.exit_code == 2
    assert "'--gate-origins'" in done.err


def test_the_parts_are_not_written_over_the_forecast(wardcast: CommandLine, tmp_path: Path) -> None:
    asked = ("forecast", "--data", tmp_path, "--area", "E09000002", "--horizon", "2", "--out", tmp_path / "f.csv")
    done = wardcast(*asked, "--parts", tmp_path / "f.csv")
    assert done.exit_code == 2
    assert "another file than --out" in done.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--until", "2031-01"), "2031-01"),
        (("--until", "March"), "YYYY-MM"),
        (("--area", "Atlantis"), "Atlantis"),
        (("--model", "oracle"), "oracle"),
    ],
)
def test_a_wrong_argument_is_told_with_what_was_expected_and_exits_with_2(
    wardcast: CommandLine, sample_dir: Path, request_file: Path, tmp_path: Path, arguments: tuple[str, str], named: str
) -> None:
    out = tmp_path / "out"
    area = () if arguments[0] == "--area" else ("--area", "E09000002")
    done = wardcast("plan", "--data", sample_dir, *area, *arguments, "--request", request_file, "--out", out, "-q")
    assert done.exit_code == 2
    assert named in done.err
    assert "expected" in done.err
    assert "Traceback" not in done.err
    assert not out.exists()


@pytest.mark.parametrize("where", ["here", "at a service"])
@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (("forecast", "--horizon", "2"), ("--scenario", "fewer_homes")),
        (("forecast", "--horizon", "2"), ("--model", "oracle")),
        (("train",), ("--model", "oracle")),
        (("plan",), ("--model", "oracle")),
        (("backtest",), ("--model", "oracle")),
    ],
)
def test_a_name_that_is_none_is_refused_before_any_file_is_read(
    wardcast: CommandLine,
    request_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    wrong: tuple[str, str],
    where: str,
) -> None:
    def no_work(*_: object, **__: object) -> None:
        pytest.fail("the work began")

    monkeypatch.setattr("wardcast.app.datasets.read_folder", no_work)
    monkeypatch.setattr("wardcast.client.dataset_calls.DatasetCalls.import_dataset", no_work)
    out = () if command == ("train",) else ("--out", tmp_path / "out")
    asked = ("--request", request_file) if command == ("plan",) else ()
    server = () if where == "here" or command == ("backtest",) else ("--server", "127.0.0.1:1")
    done = wardcast(*command, *wrong, "--data", tmp_path, "--area", "E09000002", *out, *asked, *server, "-q")
    assert done.exit_code == 2
    assert f"  {wrong[0]}\n" in done.err
    assert wrong[1] in done.err


def test_an_unknown_key_in_a_request_is_refused_with_the_nearest_known_one(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    request = tmp_path / "request.yaml"
    request.write_text(REQUEST.replace("hours_per_month", "hours_per_moth"), encoding="utf-8")
    asked = ("--request", request, "--out", tmp_path / "out", "--quiet")
    done = wardcast("plan", "--data", sample_dir, "--area", "E09000002", *asked)
    assert done.exit_code == 2
    assert "hours_per_month" in done.err


def test_json_errors_are_documents_too(wardcast: CommandLine, sample_dir: Path) -> None:
    done = wardcast("ingest", sample_dir, "--area", "Atlantis", "--json", "--quiet")
    assert done.document["error"]["kind"] in {"invalid_input", "not_found"}
    assert done.document["error"]["problems"]


@pytest.mark.parametrize("command", sorted(typer.main.get_command(app).commands))  # type: ignore[attr-defined]  # a group has them
def test_help_shows_an_example_of_every_command(wardcast: CommandLine, command: str) -> None:
    done = wardcast(command, "--help")
    assert done.exit_code == 0
    assert f"wardcast {command}" in done.out
    assert "Example" in done.out
