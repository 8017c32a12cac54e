"""Files that come near something known: the column, or the area, that is wrong is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests import ward_files as wf
from tests.ward_files import ABBEY, said
from wardcast.fetch.area import fetch_area
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder

SURVEY = ["area_code", "question", "period_end", "share"]


@pytest.mark.parametrize(
    ("header", "row", "layout"),
    [
        (["ward_code", "reported_on"], [ABBEY, "2024-01-01"], "a council log (missing: log)"),
        (["month", "premises"], ["2024-01", 7], "counts of licensed premises (missing: ward_code)"),
        (
            ["area_code", "period_end", "share"],
            [wf.LBBD, "2024-01", 0.5],
            "resident survey results (missing: question)",
        ),
    ],
)
def test_a_table_that_lacks_a_column_of_a_known_layout_is_told_as_missing(
    folder: Path, header: list[str], row: list[object], layout: str
) -> None:
    wf.write(folder / "near.csv", [header, row])
    told = said(read_folder(folder, area=wf.LBBD), FindingKind.MISSING)
    assert "near.csv: It seems to be a table with an unknown header" in told
    assert f"It nearly fits {layout}" in told


def test_spaces_in_place_of_underscores_are_read(folder: Path) -> None:
    header = ["Ward Code", "Reported-On", "Log", "Reference"]
    logged = [header, [ABBEY, "2024-01-09", "asb", "A1"], [ABBEY, "2024-01-10", "asb", "A2"]]
    wf.write(folder / "log.csv", [["Reports of the year"], *logged])
    panel = read_folder(folder, area=wf.LBBD)
    ward, category = panel.area.ward_codes.index(ABBEY), panel.categories.index("council_asb")
    assert np.nanmax(panel.counts[panel.area_rows][ward, category]) == 2
    assert "Read as a council log by the names of its columns: 'Ward Code' as ward_code" in said(
        panel, FindingKind.MENDED
    )


def test_two_columns_that_would_have_one_name_are_not_guessed_at(folder: Path) -> None:
    wf.write(
        folder / "log.csv", [["Ward Code", "ward-code", "reported_on", "log"], [ABBEY, ABBEY, "2024-01-09", "asb"]]
    )
    told = said(read_folder(folder, area=wf.LBBD), FindingKind.MISSING)
    assert "It nearly fits a council log (missing: ward_code)" in told


def test_a_near_miss_below_a_title_is_told_too(folder: Path) -> None:
    wf.write(folder / "log.csv", [["Reports of the year"], ["ward_code", "reported_on"], [ABBEY, "2024-01-09"]])
    assert "It nearly fits a council log (missing: log)" in said(read_folder(folder, area=wf.LBBD), FindingKind.MISSING)


def test_a_table_that_is_like_no_layout_is_left_aside(folder: Path) -> None:
    wf.write(folder / "other.csv", [["colour", "month"], ["red", "2024-01"]])
    panel = read_folder(folder, area=wf.LBBD)
    assert "other.csv" in said(panel, FindingKind.LEFT_ASIDE)
    assert "other.csv" not in said(panel, FindingKind.MISSING)


def test_a_survey_of_an_area_that_nobody_knows_is_refused(folder: Path) -> None:
    wf.write(folder / "survey.csv", [SURVEY, ["E09000099", "Feel safe by day", "2024-01", 0.5]])
    with pytest.raises(WardcastError, match=r"survey.csv, row 2, column area_code: .* found E09000099"):
        read_folder(folder, area=wf.LBBD)


def test_an_unknown_area_beside_known_ones_is_told(folder: Path) -> None:
    rows = [[code, "Feel safe by day", "2024-01", 0.5] for code in (wf.LBBD, "E12000007", "E09000099")]
    wf.write(folder / "survey.csv", [SURVEY, *rows])
    told = said(read_folder(folder, area=wf.LBBD), FindingKind.CAVEAT)
    assert "survey.csv: 1 of its results are of areas that are not known, from row 4 on (E09000099)" in told


def test_a_misspelt_borough_to_fetch_is_answered_with_the_nearest() -> None:
    for text in ("Barkng", "Barking and Dagenam"):
        with pytest.raises(WardcastError, match=r"Did you mean Barking and Dagenham \(E09000002\)\?"):
            fetch_area(text)


def test_a_linked_folder_is_read_and_a_link_in_a_circle_ends(tmp_path: Path) -> None:
    kept, data = tmp_path / "kept", tmp_path / "data"
    kept.mkdir()
    data.mkdir()
    wf.write(kept / "release.csv", wf.release())
    (data / "linked").symlink_to(kept)
    (kept / "round").symlink_to(data)
    assert read_folder(data, area=wf.LBBD).months.size == read_folder(kept / "release.csv", area=wf.LBBD).months.size
