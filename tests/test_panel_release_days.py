"""Days of publication that are told beside the releases, in a file of their own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from wardcast_models.errors import WardcastError
from wardcast_models.panel.ingest import read_folder

DAYS = "sha256,published,file\n"


def folder_with(folder: Path, *, days: str) -> Path:
    (folder / "release.csv").write_text(wf.as_csv(wf.release()), encoding="utf-8")
    (folder / "days.csv").write_text(DAYS + days, encoding="utf-8")
    return folder


def checksum() -> str:
    return hashlib.sha256(wf.as_csv(wf.release()).encode()).hexdigest()


def test_a_day_told_beside_a_release_is_its_day_of_publication(tmp_path: Path) -> None:
    panel = read_folder(folder_with(tmp_path, days=f"{checksum()},2030-05-17,release.csv\n"), area=wf.LBBD)
    (release,) = panel.releases
    assert release.published == pd.Timestamp("2030-05-17")
    assert release.published_known
    assert any("Published on 2030-05-17" in finding.message for finding in panel.findings)


def test_a_day_of_another_file_plays_no_part(tmp_path: Path) -> None:
    panel = read_folder(folder_with(tmp_path, days=f"{'0' * 64},2030-05-17,release.csv\n"), area=wf.LBBD)
    assert [release.published_known for release in panel.releases] == [False]


@pytest.mark.parametrize("row", ["abc,2030-05-17,release.csv", f"{'0' * 64},17/05/2030,release.csv", "abc"])
def test_a_row_without_a_checksum_or_a_day_is_refused_by_its_number(row: str, tmp_path: Path) -> None:
    with pytest.raises(WardcastError) as refused:
        read_folder(folder_with(tmp_path, days=f"{row}\n"), area=wf.LBBD)
    assert refused.value.problems[0].where == "days.csv, row 2"
