"""Commands whose output goes to a pager, or to `head`, that is left before its end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.command_line import CommandLine

AREA = "E09000002"


@pytest.fixture
def pager_left_early(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Standard output is a pipe that nobody reads any more."""
    reads, writes = os.pipe()
    os.close(reads)
    pipe = os.fdopen(writes, "w", buffering=1)
    monkeypatch.setattr(sys, "stdout", pipe)
    yield
    pipe.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    wf.write(folder / "release.csv", wf.release((wf.ABBEY, wf.ALIBON), first="2019-04", number=24))
    return folder


@pytest.mark.usefixtures("pager_left_early")
def test_the_files_of_an_assessment_are_written_all_the_same(
    wardcast: CommandLine, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "assessment"
    wardcast("profile", "--data", folder, "--area", AREA, "--year", "2020/21", "--out", out)
    assert sorted(path.name for path in out.iterdir()) == ["assessment.html", "assessment.json", "assessment.xlsx"]


@pytest.mark.usefixtures("pager_left_early")
def test_the_file_of_revisions_is_written_all_the_same(wardcast: CommandLine, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "revisions.csv"
    wardcast("releases", "--data", folder, "--area", AREA, "--out", out)
    assert out.read_text(encoding="utf-8").count("\n") > 1
