"""Reading a folder: recognition by header, areas, vintages, overlapping releases."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from tests.ward_files import counts_of, observed, said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder


def test_a_release_becomes_counts_by_ward_category_and_month(tmp_path: Path) -> None:
    wf.write(tmp_path / "any name.txt", wf.release())
    panel = read_folder(tmp_path, area="E09000002")
    assert panel.ward_codes == (wf.ABBEY, wf.ALIBON)
    assert panel.categories == ("robbery_personal", "burglary_residential")
    assert list(panel.months) == list(pd.date_range("2024-01-01", periods=3, freq="MS"))
    assert counts_of(panel, wf.ALIBON, "burglary_residential") == [20, 21, 22]
    assert panel.vintage == "WD22"


def test_old_and_new_column_names_in_any_order_give_the_same_panel(tmp_path: Path) -> None:
    old = wf.release()
    new = wf.release(columns=wf.NEW_COLUMNS)
    shuffled = [[*row[5:], row[3], row[0], row[4], row[2], row[1]] for row in new]
    wf.write(tmp_path / "a" / "old.csv", old)
    wf.write(tmp_path / "b" / "new.csv", shuffled)
    assert read_folder(tmp_path / "a", area="E09000002").digest == read_folder(tmp_path / "b", area="E09000002").digest


def test_a_column_with_the_day_of_publication_tells_when_the_counts_were_known(tmp_path: Path) -> None:
    dated = [[*row, "Refreshed Date" if line == 0 else "03/04/2025"] for line, row in enumerate(wf.release())]
    wf.write(tmp_path / "a" / "undated.csv", wf.release())
    wf.write(tmp_path / "b" / "dated.csv", dated)
    undated, told = (read_folder(tmp_path / name, area="E09000002") for name in ("a", "b"))
    assert counts_of(told, wf.ABBEY, "burglary_residential") == counts_of(undated, wf.ABBEY, "burglary_residential")
    assert [f"{each.published:%Y-%m-%d} {each.published_known}" for each in (*undated.releases, *told.releases)] == [
        "2024-04-15 False",
        "2025-04-03 True",
    ]


def test_a_single_file_can_be_named(tmp_path: Path) -> None:
    path = wf.write(tmp_path / "release.csv", wf.release())
    assert read_folder(path, area="Barking and Dagenham").area.name == "Barking and Dagenham"


@pytest.mark.parametrize("area", ["E09000002", "e09000002", "barking AND dagenham", "Barking & Dagenham"])
def test_an_area_can_be_named_by_code_or_name(tmp_path: Path, area: str) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    assert read_folder(tmp_path, area=area).area.code == "E09000002"


def test_london_takes_every_ward_and_a_borough_keeps_the_others_to_learn_from(tmp_path: Path) -> None:
    rows = wf.release()
    rows.append(wf.ward_row("E05013967", [1, 2, 3], name="Beam Park", borough="Havering"))
    wf.write(tmp_path / "release.csv", rows)
    london = read_folder(tmp_path, area="London")
    assert len(london.area.ward_codes) == 3
    assert london.area.name == "London (2 of 32 boroughs in the files)"
    assert "London has 32 boroughs and the files hold 2: Barnet, " in said(london, FindingKind.CAVEAT)
    assert "The City of London is not counted" in said(london, FindingKind.CAVEAT)
    havering = read_folder(tmp_path, area="Havering")
    assert havering.area.ward_codes == ("E05013967",)
    assert len(havering.ward_codes) == 3
    assert havering.area_rows.tolist() == [0]


def test_each_ward_vintage_is_a_panel_of_its_own_and_the_newest_is_the_default(tmp_path: Path) -> None:
    wf.write(tmp_path / "new.csv", wf.release())
    wf.write(tmp_path / "old.csv", wf.release([wf.ABBEY_2018, wf.ALIBON_2018], first="2021-01"))
    newest, older = read_folder(tmp_path, area="E09000002"), read_folder(tmp_path, area="E09000002", wards="wd18")
    assert (newest.vintage, newest.ward_codes) == ("WD22", (wf.ABBEY, wf.ALIBON))
    assert (older.vintage, older.ward_codes) == ("WD18", (wf.ABBEY_2018, wf.ALIBON_2018))
    assert "old.csv: It is on WD14 or WD18 wards" in said(newest, FindingKind.LEFT_ASIDE)
    assert "2 ward names (Abbey, Alibon) exist in two ward vintages" in said(newest, FindingKind.CAVEAT)


def test_a_vintage_that_is_not_there_is_refused(tmp_path: Path) -> None:
    wf.write(tmp_path / "new.csv", wf.release())
    with pytest.raises(WardcastError, match="hold no WD18 wards of Barking and Dagenham"):
        read_folder(tmp_path, area="E09000002", wards="WD18")


def test_the_newest_release_wins_and_older_months_are_kept(tmp_path: Path) -> None:
    wf.write(tmp_path / "older.csv", wf.release(first="2024-01", count=100))
    wf.write(tmp_path / "newer.csv", wf.release(first="2024-03", count=200))
    panel = read_folder(tmp_path, area="E09000002")
    assert counts_of(panel, wf.ABBEY, "burglary_residential") == [100, 100, 200, 200, 200]
    assert "Revisions: where it overlaps older.csv its totals differ by +100.00%" in said(panel, FindingKind.CAVEAT)


def test_a_release_wholly_covered_by_a_newer_one_is_left_aside(tmp_path: Path) -> None:
    wf.write(tmp_path / "older.csv", wf.release(first="2024-01", count=100))
    wf.write(tmp_path / "newer.csv", wf.release(first="2023-12", number=5, count=200))
    panel = read_folder(tmp_path, area="E09000002")
    assert set(counts_of(panel, wf.ABBEY, "burglary_residential")) == {200}
    assert "older.csv: Every ward and month of it also stands" in said(panel, FindingKind.LEFT_ASIDE)


def test_the_same_file_twice_counts_once(tmp_path: Path) -> None:
    wf.write(tmp_path / "once" / "a.csv", wf.release())
    wf.write(tmp_path / "twice" / "a.csv", wf.release())
    wf.write(tmp_path / "twice" / "copy of a.csv", wf.release())
    once, twice = (read_folder(tmp_path / name, area="E09000002") for name in ("once", "twice"))
    assert once.digest == twice.digest
    assert "holds the same as" in said(twice, FindingKind.LEFT_ASIDE)


def test_months_between_releases_are_unobserved_and_not_zero(tmp_path: Path) -> None:
    wf.write(tmp_path / "a.csv", wf.release(first="2024-01", number=2))
    wf.write(tmp_path / "b.csv", wf.release(first="2024-05", number=2))
    panel = read_folder(tmp_path, area="E09000002")
    assert observed(panel, wf.ABBEY, "burglary_residential") == [True, True, False, False, True, True]
    assert "No release covers 2024-03 to 2024-04: these months are unobserved" in said(panel, FindingKind.CAVEAT)


def test_a_missing_row_is_zero_and_a_missing_ward_is_said(tmp_path: Path) -> None:
    rows = wf.release()
    del rows[1]
    wf.write(tmp_path / "release.csv", rows)
    panel = read_folder(tmp_path, area="E09000002")
    assert counts_of(panel, wf.ABBEY, "burglary_residential") == [0, 0, 0]
    assert "has 19 WD22 wards and the files hold 2: E05014055" in said(panel, FindingKind.CAVEAT)


def test_other_files_are_left_aside_with_what_they_seem_to_be(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    (tmp_path / "profiles.csv").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7 ...")
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as letter:
        letter.writestr("[Content_Types].xml", "<Types/>")
    (tmp_path / "notes.txt").write_text("Received on Tuesday, from the council\nand checked\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "semi.csv").write_text("a;b;c\n1;2;3\n")
    (tmp_path / "lines.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    wf.write(tmp_path / "trees.csv", [["tree", "height_m", "ward"], ["oak", 12, "Abbey"]])
    wf.write(tmp_path / "weights.csv", [["offence", "ons_css_weight"], ["Robbery", 1]])
    (tmp_path / ".DS_Store").write_bytes(b"\x00\x01")
    panel = read_folder(tmp_path, area="E09000002")
    assert "empty.csv: It is empty, so nothing was read from it" in said(panel, FindingKind.MISSING)
    left = said(panel, FindingKind.LEFT_ASIDE)
    assert "profiles.csv: It seems to be a binary Excel workbook (XLS) with a .csv name" in left
    assert "report.pdf: It seems to be a PDF document" in left
    assert "letter.docx: It seems to be an office document of another kind" in left
    assert "notes.txt: It seems to be text that is no table" in left
    assert "semi.csv: It seems to be a table with an unknown header (a, b, c)" in left
    assert "lines.geojson: It seems to be GeoJSON that holds no ward polygons" in left
    assert "trees.csv: It seems to be a table with an unknown header (tree, height_m, ward)" in left
    assert "weights.csv: This is ONS Crime Severity Score weights; it plays no part" in left
    assert ".DS_Store" not in left


def test_a_windows_encoded_file_is_read_and_said(tmp_path: Path) -> None:
    rows = wf.release()
    rows[1][2] = "Abb\u00e9y"
    (tmp_path / "release.csv").write_bytes(wf.as_csv(rows).encode("cp1252"))
    panel = read_folder(tmp_path, area="E09000002")
    assert "read as Windows text (cp1252)" in said(panel, FindingKind.MENDED)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    wf.write(tmp_path / "plain" / "a.csv", wf.release())
    text = "\ufeff" + wf.as_csv(wf.release()).replace("\n", "\r\n")
    (tmp_path / "marked").mkdir()
    (tmp_path / "marked" / "a.csv").write_bytes(text.encode("utf-8"))
    plain, marked = (read_folder(tmp_path / name, area="E09000002") for name in ("plain", "marked"))
    assert plain.digest == marked.digest


@pytest.mark.parametrize(
    ("encoding", "separator", "words"),
    [
        ("utf-16", ",", "UTF-16 text"),
        ("utf-16", "\t", "separated by tabs"),
        ("utf-8", ";", "separated by semicolons"),
        ("utf-8-sig", ";", "separated by semicolons"),
    ],
)
def test_a_release_saved_in_another_way_by_a_spreadsheet_is_read_the_same_and_said(
    tmp_path: Path, encoding: str, separator: str, words: str
) -> None:
    text = wf.as_csv(wf.release())
    plain = wf.write(tmp_path / "plain" / "a.csv", wf.release())
    other = tmp_path / "other" / "a.csv"
    other.parent.mkdir()
    other.write_bytes(text.replace(",", separator).encode(encoding))
    panel = read_folder(other, area="E09000002")
    assert panel.digest == read_folder(plain, area="E09000002").digest
    assert words in said(panel, FindingKind.MENDED)


def test_a_release_inside_a_binary_workbook_is_missed_loudly(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    header = "MajorText MinorText WardName WardCode"
    (tmp_path / "old.csv").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(20) + header.encode("utf-16-le"))
    missing = said(read_folder(tmp_path, area="E09000002"), FindingKind.MISSING)
    assert "old.csv: It looks like an MPS ward release but is a binary Excel workbook (XLS)" in missing
    assert "save it as CSV (comma, UTF-8)" in missing


def test_progress_runs_from_start_to_end(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    told: list[tuple[float, str]] = []
    read_folder(tmp_path, area="E09000002", progress=lambda fraction, phrase: told.append((fraction, phrase)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert told[0][1] == "reading release.csv"


def test_a_web_page_in_place_of_a_file_is_told_loudly(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    (tmp_path / "download.csv").write_text("<!DOCTYPE html>\n<html><body>503, try again, later</body></html>")
    told = said(read_folder(tmp_path, area="E09000002"), FindingKind.MISSING)
    assert "download.csv: It is a web page, such as a site sends in place of a file" in told
