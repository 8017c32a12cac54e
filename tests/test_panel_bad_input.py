"""Bad input: a clear refusal that names file, row and column, what was expected, found, and how to mend it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import ward_files as wf
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.ingest import read_folder


def refusal(data_dir: Path, area: str = "E09000002") -> WardcastError:
    with pytest.raises(WardcastError) as caught:
        read_folder(data_dir, area=area)
    assert caught.value.kind is ErrorKind.INVALID_INPUT
    assert caught.value.problems
    assert all(problem.mend for problem in caught.value.problems)
    return caught.value


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "is empty" in refusal(tmp_path).message


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nowhere").message


def test_an_xls_named_as_the_input(tmp_path: Path) -> None:
    path = tmp_path / "ward-profiles.csv"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    for data_dir in (path, tmp_path):
        problem = refusal(data_dir).problems[0]
        assert problem.where == "ward-profiles.csv"
        assert "binary Excel workbook (XLS) with a .csv name" in problem.found
        assert "save the sheet as CSV" in problem.mend


def test_a_folder_with_other_tables_only(tmp_path: Path) -> None:
    wf.write(tmp_path / "census.csv", wf.census({wf.ABBEY: 4000}))
    assert "holds no ward crime counts" in refusal(tmp_path).message


def test_a_file_cut_in_the_middle_of_a_row(tmp_path: Path) -> None:
    text = wf.as_csv(wf.release())
    (tmp_path / "cut.csv").write_text(text[: text.rindex(",")])
    problem = refusal(tmp_path).problems[0]
    assert problem.where == "cut.csv, row 5"
    assert problem.expected == "8 fields"
    assert "7, and the file ends there without a line break" in problem.found
    assert "cut off" in problem.mend


def test_a_file_cut_right_after_a_comma(tmp_path: Path) -> None:
    text = wf.as_csv(wf.release())
    (tmp_path / "cut.csv").write_text(text[: text.rindex(",") + 1])
    assert refusal(tmp_path).problems[0].found == "nothing"


def test_a_file_cut_inside_quotes(tmp_path: Path) -> None:
    text = wf.as_csv(wf.release())
    (tmp_path / "cut.csv").write_text(text + '"ROBBERY,')
    assert "cut off" in refusal(tmp_path).problems[0].mend


def test_a_damaged_gzip_file(tmp_path: Path) -> None:
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(wf.as_csv(wf.release()).encode())[:-10])
    assert "damaged gzip file" in refusal(tmp_path).message


def test_a_row_that_is_too_long(tmp_path: Path) -> None:
    rows = wf.release()
    rows[2].append("5")
    wf.write(tmp_path / "long.csv", rows)
    problem = refusal(tmp_path).problems[0]
    assert (problem.where, problem.found) == ("long.csv, row 3", "9")


@pytest.mark.parametrize("second", ["202401", "2024-01"])
def test_duplicate_months(tmp_path: Path, second: str) -> None:
    rows = wf.release()
    rows[0][6] = second
    wf.write(tmp_path / "months.csv", rows)
    problems = refusal(tmp_path).problems
    assert any("more than once" in problem.found for problem in problems)


@pytest.mark.parametrize("cell", ["-3", "many", "", "1.5", "nan", "1e9"])
def test_counts_that_are_no_counts(tmp_path: Path, cell: str) -> None:
    rows = wf.release()
    rows[3][6] = cell
    wf.write(tmp_path / "counts.csv", rows)
    problem = refusal(tmp_path).problems[0]
    assert problem.where == "counts.csv, row 4, column 202402"
    assert problem.expected == "a whole number of crimes, 0 or more"


@pytest.mark.parametrize("code", ["E05999999", "E0501405", "Abbey", "", "E09000002", "S13002835"])
def test_unknown_ward_codes(tmp_path: Path, code: str) -> None:
    rows = wf.release()
    rows[3][3] = code
    wf.write(tmp_path / "codes.csv", rows)
    problem = refusal(tmp_path).problems[0]
    assert problem.where == "codes.csv, row 4, column WardCode"
    assert "code of a London ward" in problem.expected


def test_two_ward_vintages_inside_one_file(tmp_path: Path) -> None:
    wf.write(tmp_path / "mixed.csv", wf.release([wf.ABBEY, wf.ALIBON_2018]))
    problem = refusal(tmp_path).problems[0]
    assert problem.where == "mixed.csv, row 4, column WardCode"
    assert "WD22 wards only, as E05014053 in row 2" in problem.expected
    assert "E05000027, a WD14 or WD18 ward" in problem.found


def test_an_area_that_is_not_in_the_data(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    problem = refusal(tmp_path, area="Havering").problems[0]
    assert problem.found == "no ward of Havering"
    assert "Barking and Dagenham (E09000002)" in problem.mend
    assert "no London borough" in refusal(tmp_path, area="E08000025").problems[0].found


def test_london_is_refused_where_the_files_hold_one_borough(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    error = refusal(tmp_path, area="London")
    assert error.message == "The files do not hold London but Barking and Dagenham only."
    assert "Ask for Barking and Dagenham (E09000002)" in error.problems[0].mend


def test_a_misspelt_area_gets_the_nearest_name(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    assert refusal(tmp_path, area="Barking & Dagenam").problems[0].mend.startswith("Did you mean Barking and Dagenham")


def test_a_header_without_rows(tmp_path: Path) -> None:
    wf.write(tmp_path / "header.csv", wf.release()[:1])
    assert refusal(tmp_path).problems[0].found == "a header only"


def test_a_release_without_month_columns(tmp_path: Path) -> None:
    wf.write(tmp_path / "bare.csv", [row[:5] for row in wf.release()])
    assert "month columns" in refusal(tmp_path).problems[0].expected


def test_a_month_column_that_cannot_be_read(tmp_path: Path) -> None:
    rows = wf.release()
    rows[0][5] = "24-Jan"
    wf.write(tmp_path / "excel.csv", rows)
    assert refusal(tmp_path).problems[0].found == "24-Jan"


def test_a_repeated_row(tmp_path: Path) -> None:
    rows = wf.release()
    wf.write(tmp_path / "repeated.csv", [*rows, rows[2]])
    problem = refusal(tmp_path).problems[0]
    assert (problem.where, problem.found) == ("repeated.csv, row 6", "row 3 again, word for word")


def test_labels_that_would_lose_many_crimes(tmp_path: Path) -> None:
    wf.write(tmp_path / "labels.csv", wf.release(labels=[wf.BURGLARY, ("ROBBERY", "ROBERY OF PERSONAL PROPERTY")]))
    problem = refusal(tmp_path).problems[0]
    assert "ROBERY OF PERSONAL PROPERTY under ROBBERY, 96 of 192 crimes" in problem.found
    assert "ROBBERY OF PERSONAL PROPERTY" in problem.mend


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    one, two = wf.release(), wf.release(first="2025-01")
    one[1][5], one[2][5], two[1][3] = "-1", "x", "E05999999"
    wf.write(tmp_path / "one.csv", one)
    wf.write(tmp_path / "two.csv", two)
    error = refusal(tmp_path)
    assert [problem.where for problem in error.problems] == [
        "one.csv, row 2, column 202401",
        "one.csv, row 3, column 202401",
        "two.csv, row 2, column WardCode",
    ]


def test_a_file_full_of_problems_is_told_in_part(tmp_path: Path) -> None:
    wf.write(tmp_path / "bad.csv", wf.release(number=30, count=-1))
    error = refusal(tmp_path)
    assert len(error.problems) == 20
    assert "20 of its 120 problems are listed" in error.message


def test_problems_that_differ_by_their_row_alone_leave_room_for_others(tmp_path: Path) -> None:
    rows = wf.census({f"E050140{number}": 4000 for number in range(53, 72)})
    for row in rows[1:]:
        row[4] = ""
    rows[-1][4] = "many"
    wf.write(tmp_path / "census.csv", rows)
    error = refusal(tmp_path)
    assert [problem.where.split(",")[1] for problem in error.problems] == [" row 2", " row 3", " row 4", " row 39"]
    assert "4 of its 38 problems are listed" in error.message


def test_a_broken_table_refuses_the_whole_ingest(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    rows = wf.census({wf.ABBEY: 4000})
    rows[1][4] = "lots"
    wf.write(tmp_path / "census.csv", rows)
    assert refusal(tmp_path).problems[0].where == "census.csv, row 2, column count"


@settings(max_examples=60, deadline=None)
@given(kept=st.integers(1, len(wf.as_csv(wf.release())) - 1))
def test_a_release_cut_anywhere_is_never_taken_for_whole(kept: int) -> None:
    text = wf.as_csv(wf.release())[:kept]
    with TemporaryDirectory() as folder:
        (Path(folder) / "cut.csv").write_text(text)
        try:
            panel = read_folder(Path(folder), area="E09000002")
        except WardcastError as error:
            assert error.problems
        else:
            at_row_end = text.endswith("\n")
            assert at_row_end or any("does not end with a line break" in f.message for f in panel.findings)


@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.geojson", "a.json", "a.csv.gz"]))
def test_any_bytes_are_left_aside_or_refused_and_never_crash(noise: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(noise)
        with pytest.raises(WardcastError):
            read_folder(Path(folder), area="E09000002")


@settings(max_examples=60, deadline=None)
@given(row=st.integers(0, 4), column=st.integers(0, 7), cell=st.text(max_size=12))
def test_any_cell_is_read_or_refused_and_never_crashes(row: int, column: int, cell: str) -> None:
    rows = wf.release()
    rows[row][column] = cell
    with TemporaryDirectory() as folder:
        (Path(folder) / "release.csv").write_bytes(wf.as_csv(rows).encode("utf-8", errors="replace"))
        try:
            read_folder(Path(folder), area="E09000002")
        except WardcastError as error:
            assert error.problems


@pytest.mark.parametrize(
    ("heading", "mend"),
    [
        (lambda _month: "2.02E+05", "A spreadsheet has shortened the numbers of the header"),
        (lambda month: f"{month[4:]}/01/{month[:4]}", "A spreadsheet may have rewritten them"),
        (lambda month: f"2026-{month[4:]}-{month[2:4]}", "A spreadsheet makes the 24th of April of `Apr-24`"),
    ],
)
def test_months_that_a_spreadsheet_rewrote_are_told_once(
    tmp_path: Path, heading: Callable[[str], str], mend: str
) -> None:
    rows = wf.release(number=6)
    rows[0][5:] = [heading(month) for month in rows[0][5:]]
    wf.write(tmp_path / "saved.csv", rows)
    problems = refusal(tmp_path).problems
    assert len(problems) <= 2
    assert mend in problems[0].mend
    assert problems[0].where.startswith("saved.csv, row 1")


def test_a_fault_inside_the_workbook_reader_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # what a fault in Rust comes as
        pass

    def fails(_file: object) -> None:
        raise PanicException("index out of bounds")

    workbook = openpyxl.Workbook()
    for row in wf.release():
        workbook.active.append(row)
    workbook.save(tmp_path / "release.xlsx")
    monkeypatch.setattr("wardcast_models.panel.sources.workbook.CalamineWorkbook.from_filelike", fails)
    error = refusal(tmp_path)
    assert "release.xlsx is a damaged Excel workbook" in error.message
    assert "its reader cannot follow" in error.problems[0].found
