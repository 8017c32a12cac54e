"""Days of publication that are told beside the releases, in a file of their own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
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
    panel = read_folder(folder_with(tmp_path, days=f"{'0' * 64},2030-05-17,another.csv\n"), area=wf.LBBD)
    assert [release.published_known for release in panel.releases] == [False]
    assert "days.csv" not in wf.said(panel, FindingKind.CAVEAT)


def test_a_day_of_a_file_that_has_changed_since_is_told_with_the_checksum_to_write(tmp_path: Path) -> None:
    panel = read_folder(folder_with(tmp_path, days=f"{'0' * 64},2030-05-17,old\\release.csv\n"), area=wf.LBBD)
    assert [release.published_known for release in panel.releases] == [False]
    told = wf.said(panel, FindingKind.CAVEAT)
    assert "release.csv: The day that days.csv, row 2 tells is of a file of this name with another content" in told
    assert checksum() in told


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_of_two_days_told_of_one_release_the_earlier_counts_whatever_the_lists_are_called(
    names: tuple[str, str], tmp_path: Path
) -> None:
    folder_with(tmp_path, days="")
    for name, day in zip(names, ("2030-05-17", "2030-04-16"), strict=True):
        (tmp_path / name).write_text(f"{DAYS}{checksum()},{day},release.csv\n", encoding="utf-8")
    (release,) = read_folder(tmp_path, area=wf.LBBD).releases
    assert release.published == pd.Timestamp("2030-04-16")


def test_a_day_in_a_list_before_the_releases_newest_month_is_not_believed(tmp_path: Path) -> None:
    panel = read_folder(folder_with(tmp_path, days=f",,\n{checksum()},2023-05-17,release.csv\n"), area=wf.LBBD)
    assert [release.published_known for release in panel.releases] == [False]
    assert "2023-05-17, by days.csv, row 3, is before its newest month, 2024-03" in wf.said(panel, FindingKind.CAVEAT)


@pytest.mark.parametrize("row", ["abc,2030-05-17,release.csv", f"{'0' * 64},17/05/2030,release.csv", "abc"])
def test_a_row_without_a_checksum_or_a_day_is_refused_by_its_number(row: str, tmp_path: Path) -> None:
    with pytest.raises(WardcastError) as refused:
        read_folder(folder_with(tmp_path, days=f"{row}\n"), area=wf.LBBD)
    assert refused.value.problems[0].where == "days.csv, row 2"


def test_a_day_before_the_releases_own_newest_month_is_not_believed(tmp_path: Path) -> None:
    header, *rows = wf.release(first="2024-01", number=6)
    dated = [[*header, "Refreshed Date"], *([*row, "15/03/2024"] for row in rows)]
    wf.write(tmp_path / "release.csv", dated)
    panel = read_folder(tmp_path, area=wf.LBBD)
    assert [(each.published, each.published_known) for each in panel.releases] == [(pd.Timestamp("2024-07-15"), False)]
    assert any("2024-03-15, is before its newest month, 2024-06" in finding.message for finding in panel.findings)
