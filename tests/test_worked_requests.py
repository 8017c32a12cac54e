"""The reports of the worked requests are those of the requests beside them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from experiments.worked_requests import HERE, REPORTS, REQUESTS, main, says

from wardcast_models.allocation.request.file import read_request


@pytest.mark.parametrize("name", REQUESTS)
def test_a_worked_report_carries_the_fingerprint_of_its_request(name: str) -> None:
    asked = read_request(HERE / f"{name}.yaml")
    canonical = json.dumps(asked.model_dump(mode="json"), sort_keys=True)
    assert hashlib.sha256(canonical.encode()).hexdigest() in (REPORTS / f"{name}.html").read_text(encoding="utf-8")


def test_reports_of_two_runs_are_told_from_reports_that_say_something_else(tmp_path: Path) -> None:
    page = (REPORTS / f"{REQUESTS[0]}.html").read_text(encoding="utf-8")
    texts = {
        "kept": page,
        "other run": page.replace("Fingerprint of the request", "Made on another day"),
        "other plan": page.replace("The answer", "Another answer"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = {name: says(tmp_path / name) for name in texts}
    assert said["kept"] == said["other run"] != said["other plan"]
    assert says(tmp_path / "none") == ""


@pytest.mark.slow
def test_the_worked_reports_are_what_the_requests_give_now(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out
