"""The command line asking a running service: the same files as in one process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.command_line import CommandLine
from tests.in_process_service import in_process_service
from tests.same_code import same_code


def test_a_forecast_and_its_parts_are_the_same_from_a_service(
    sample_dir: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wardcast = CommandLine(tmp_path, monkeypatch, capsys)
    asked = ("--data", sample_dir, "--area", "E09000002", "--horizon", "2", "--model", "mean_12_months", "-q", "--json")
    notes: list[list[str]] = []

    def made(name: str, *more: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        out, parts = tmp_path / f"{name}.csv", tmp_path / f"{name}-parts.csv"
        done = wardcast("forecast", *asked, "--out", out, "--parts", parts, *more)
        assert done.exit_code == 0, done.err
        notes.append(done.document["notes"])
        return pd.read_csv(out), pd.read_csv(parts)

    here = made("here")
    with same_code():
        with in_process_service(tmp_path_factory.mktemp("home"), real=True, workers=1) as service:
            there = made("there", "--server", service.grpc_address)
        for one, other in zip(here, there, strict=True):
            pd.testing.assert_frame_equal(one, other)
        assert notes[0] == notes[1] != []


def test_a_plan_is_the_same_from_a_service(
    sample_dir: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wardcast = CommandLine(tmp_path, monkeypatch, capsys)
    (tmp_path / "quarter.yaml").write_text(_REQUEST, encoding="utf-8")
    asked = ("--data", sample_dir, "--area", "E09000002", "--until", "2025-03", "--model", "mean_12_months", "-q")

    def made(name: str, request: str, *more: str) -> tuple[dict[str, Any], bytes]:
        done = wardcast("plan", *asked, "--request", tmp_path / request, "--out", tmp_path / name, *more)
        assert done.exit_code == 0, done.err
        plan = json.loads((tmp_path / name / "plan.json").read_text(encoding="utf-8"))
        kept = {key: value for key, value in plan.items() if key not in _IDS_AND_TIMES}
        return kept, (tmp_path / name / "assignments.csv").read_bytes()

    made("last", "quarter.yaml")
    following = _REQUEST.replace("limits:", "last_plan: {name: last/assignments.csv}\nlimits:\n" + _LITTLE_CHANGE)
    (tmp_path / "following.yaml").write_text(following, encoding="utf-8")
    here = made("here", "following.yaml")
    assert here[0]["request"]["lastPlan"]["wardHoursPerMonth"]
    with same_code():
        with in_process_service(tmp_path_factory.mktemp("home"), real=True, workers=1) as service:
            there = made("there", "following.yaml", "--server", service.grpc_address)
        assert here == there


_IDS_AND_TIMES = ("name", "dataset", "forecast", "createTime", "provenance")
_LITTLE_CHANGE = "  most_change_hours_per_month: 25\n"
_REQUEST = """\
first_month: 2025-05
horizon_months: 2
n_paths: 60
resources:
  - {name: Patrol, hours_per_month: 900, cost_per_hour: 40, hours_by_month: {2025-06: 800}}
  - {name: Wardens, type: council_patrol, hours_per_month: 400, cost_per_hour: 25, shifts: [day, late]}
shift_shares:
  - {category: all, shares: {day: 0.3, late: 0.4, night: 0.3}}
objective: {priority_weights: {burglary: 2, asb: 1.5}, spill_over: 0.1}
limits:
  ward_min_hours_per_month: 12
  budget_pounds: 90000
  ring_fences:
    - {name: Evenings, hours_per_month: 150, shifts: [late]}
"""
