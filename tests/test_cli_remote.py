"""The command line asking a running service: the same files as in one process."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.command_line import CommandLine
from tests.in_process_service import in_process_service


def test_a_forecast_and_its_parts_are_the_same_from_a_service(
    sample_dir: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wardcast = CommandLine(tmp_path, monkeypatch, capsys)
    asked = ("--data", sample_dir, "--area", "E09000002", "--horizon", "2", "--model", "mean_12_months", "-q")

    def made(name: str, *more: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        out, parts = tmp_path / f"{name}.csv", tmp_path / f"{name}-parts.csv"
        done = wardcast("forecast", *asked, "--out", out, "--parts", parts, *more)
        assert done.exit_code == 0, done.err
        return pd.read_csv(out), pd.read_csv(parts)

    here = made("here")
    with in_process_service(tmp_path_factory.mktemp("home"), real=True, workers=1) as service:
        there = made("there", "--server", service.grpc_address)
    for one, other in zip(here, there, strict=True):
        pd.testing.assert_frame_equal(one, other)
