"""Files are opened whatever they are packed in, and no further than a machine can hold."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests import ward_files as wf
from tests.mutated_packages import as_workbook
from tests.mutated_tables import Original
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.gather import Gathered, gather
from wardcast_models.panel.parts import StreetMonth, WardRelease
from wardcast_models.panel.readers.mps_ward import read as read_release
from wardcast_models.panel.sources.limits import USUAL, Limits
from wardcast_models.panel.sources.opening import open_sources
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.progress import silent

CEILING = Limits(source_bytes=100_000)


def packed(folder: Path, size: int) -> Path:
    path = folder / "wards.csv.gz"
    path.write_bytes(gzip.compress(b"0" * size))
    return path


def archive(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def book(path: Path, fill: Callable[[openpyxl.Workbook], object]) -> Path:
    workbook = openpyxl.Workbook()
    fill(workbook)
    workbook.save(path)
    return path


def gathered(folder: Path) -> Gathered:
    return gather(folder, silent)


def release_of(folder: Path) -> WardRelease:
    [part] = gathered(folder).parts
    assert isinstance(part, WardRelease)
    return part


def refusal(folder: Path) -> WardcastError:
    with pytest.raises(WardcastError) as raised:
        gathered(folder)
    assert raised.value.kind is ErrorKind.INVALID_INPUT
    return raised.value


def test_a_small_file_that_unpacks_to_too_much_is_refused_in_words(tmp_path: Path) -> None:
    bomb = packed(tmp_path, 50 * CEILING.source_bytes)
    assert bomb.stat().st_size < CEILING.source_bytes / 10
    with pytest.raises(WardcastError, match=r"wards\.csv\.gz holds too much") as raised:
        list(open_sources(bomb, limits=CEILING))
    assert "100,000 bytes" in raised.value.problems[0].expected


def test_a_file_of_several_gzip_members_is_counted_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "wards.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 60_000) * 2)
    with pytest.raises(WardcastError, match="holds too much"):
        list(open_sources(path, limits=CEILING))


@pytest.mark.parametrize("size", [0, 1, CEILING.source_bytes])
def test_a_file_that_unpacks_to_no_more_than_allowed_is_read_whole(tmp_path: Path, size: int) -> None:
    [source] = open_sources(packed(tmp_path, size), limits=CEILING)
    assert len(source.content) == size


@pytest.mark.slow
def test_a_bomb_at_the_usual_limits_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as file, file.open("x.csv", "w") as member:
        for _ in range(USUAL.source_bytes // 2**20 + 1):
            member.write(bytes(2**20))
    assert "bomb.zip: x.csv holds too much" in refusal(tmp_path).message


def test_a_gzip_archive_workbook_and_parquet_table_give_the_release_of_the_plain_file(tmp_path: Path) -> None:
    rows = wf.release(number=4)
    text = wf.as_csv(rows)
    plain = release_of(wf.write(tmp_path / "plain" / "release.csv", rows).parent)
    table = pd.DataFrame(rows[1:], columns=rows[0]).astype(dict.fromkeys(wf.months("2024-01", 4), "int64"))
    for kind in ("gz", "zip", "xlsx", "parquet"):
        folder = tmp_path / kind
        folder.mkdir()
        path = folder / f"release.{kind}"
        if kind == "gz":
            path.write_bytes(gzip.compress(text.encode()))
        elif kind == "zip":
            archive(path, {"2024/release.csv": text})
        elif kind == "xlsx":
            path.write_bytes(as_workbook(Original(name="release", rows=rows, checked_column=5), titles=2, right=1))
        else:
            table.to_parquet(path)
        assert release_of(folder).content_digest == plain.content_digest


def test_an_archive_of_months_gives_a_source_for_each_file_named_with_its_folder(tmp_path: Path) -> None:
    months = {
        f"{month}/{month}-metropolitan-street.csv": wf.as_csv(wf.street(month, {"E01000027": 3}))
        for month in ("2018-05", "2018-06")
    }
    archive(tmp_path / "police.zip", {**months, "__MACOSX/._x.csv": b"\x00", "readme.txt": "Read me."})
    found = gathered(tmp_path)
    assert [part.file for part in found.parts] == [f"police.zip: {name}" for name in months]
    assert all(isinstance(part, StreetMonth) for part in found.parts)
    assert [name for name, _, _ in found.left_aside] == ["police.zip: readme.txt"]


def test_nothing_is_written_beside_the_archive(tmp_path: Path) -> None:
    archive(tmp_path / "release.zip", {"a/release.csv": wf.as_csv(wf.release())})
    gathered(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["release.zip"]


@pytest.mark.parametrize("name", ["../release.csv", "/release.csv", "a/../../release.csv", "..\\release.csv"])
def test_an_archive_with_a_name_that_leads_out_of_it_is_refused(tmp_path: Path, name: str) -> None:
    archive(tmp_path / "release.zip", {name: wf.as_csv(wf.release())})
    problem = refusal(tmp_path).problems[0]
    assert problem.where == "release.zip"
    assert "leads out of the archive" in problem.found


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "many.zip", {f"{number}.txt": "x" for number in range(11)})
    with pytest.raises(WardcastError, match="holds too much") as raised:
        list(open_sources(path, limits=Limits(members=10)))
    assert raised.value.problems[0].found == "11 files"


def test_an_empty_archive_and_an_empty_workbook_are_told_as_empty(tmp_path: Path) -> None:
    archive(tmp_path / "empty.zip", {})
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    told = {finding.file: finding for finding in gathered(tmp_path).findings}
    assert {told[name].kind for name in ("empty.zip", "empty.xlsx")} == {FindingKind.MISSING}


def test_another_office_document_is_left_aside_by_name(tmp_path: Path) -> None:
    archive(tmp_path / "letter.docx", {"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"})
    assert gathered(tmp_path).left_aside[0][:2] == ("letter.docx", "an office document of another kind")


def test_every_sheet_is_a_source_whose_lines_are_its_rows(tmp_path: Path) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        first, second = workbook.active, workbook.create_sheet("By ward")
        first["A1"] = "Notes"
        second["B2"], second["C2"], second["D2"], second["E2"] = "code", 202401, 2.5, date(2024, 3, 1)
        second["B4"], second["C4"], second["E4"] = "two\nlines", True, "a, b"
        second["D4"] = datetime.fromisoformat("2024-03-01 09:30:00")

    notes, wards = open_sources(book(tmp_path / "book.xlsx", fill))
    assert (notes.name, wards.name) == ("book.xlsx: Sheet", "book.xlsx: By ward")
    assert wards.text.splitlines() == [
        "",
        ",code,202401,2.5,2024-03-01",
        "",
        ',two lines,TRUE,2024-03-01 09:30:00,"a, b"',
    ]


def test_a_formula_that_was_never_calculated_is_told_and_refused_where_a_count_is_needed(tmp_path: Path) -> None:
    rows = wf.release()
    rows[2][6] = "=SUM(F2:F3)"
    book(tmp_path / "release.xlsx", lambda workbook: [workbook.active.append(row) for row in rows])
    [source] = open_sources(tmp_path / "release.xlsx")
    assert "Formulas without a calculated value: G3." in source.findings[0].message
    problem = refusal(tmp_path).problems[0]
    assert problem.where == "release.xlsx: Sheet, row 3, column 202402"
    assert problem.found == "'=SUM(F2:F3)'"


def test_a_cell_that_holds_an_error_is_no_empty_cell(tmp_path: Path) -> None:
    rows = wf.release()
    rows[2][6] = "#N/A"
    book(tmp_path / "release.xlsx", lambda workbook: [workbook.active.append(row) for row in rows])
    assert refusal(tmp_path).problems[0].found == "'#N/A'"


def test_months_that_a_spreadsheet_turned_into_days_are_still_months(tmp_path: Path) -> None:
    rows: list[list[object]] = [list(row) for row in wf.release()]
    rows[0][5:] = [date(2024, month, 1) for month in (1, 2, 3)]
    book(tmp_path / "release.xlsx", lambda workbook: [workbook.active.append(row) for row in rows])
    assert list(release_of(tmp_path).months.strftime("%Y-%m")) == ["2024-01", "2024-02", "2024-03"]


def test_a_parquet_table_keeps_missing_cells_empty_and_whole_numbers_whole(tmp_path: Path) -> None:
    days = [pd.Timestamp("2024-03-01"), pd.NaT]
    table = pd.DataFrame({"name": ["a, b", None], "count": [3.0, None], "share": [0.25, 1e-9], "day": days})
    table.to_parquet(tmp_path / "table.parquet")
    [source] = open_sources(tmp_path / "table.parquet")
    assert source.text.splitlines() == ["name,count,share,day", '"a, b",3,0.25,2024-03-01', ",,1e-09,"]


def test_a_parquet_table_of_lists_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"ward_code": [["a"], ["b"]]}).to_parquet(tmp_path / "table.parquet")
    assert "column ward_code" in refusal(tmp_path).problems[0].where


@pytest.mark.parametrize(("kind", "mark"), [("xlsx", b"PK\x03\x04"), ("zip", b"PK\x03\x04"), ("parquet", b"PAR1")])
def test_a_damaged_package_is_refused_by_name(tmp_path: Path, kind: str, mark: bytes) -> None:
    (tmp_path / f"table.{kind}").write_bytes(mark + b"not the rest of it" * 10)
    assert f"table.{kind} is a damaged" in refusal(tmp_path).message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_encoding_and_separator_gives_the_same_release(tmp_path: Path, encoding: str, mark: str) -> None:
    rows = wf.release()
    rows[1][2] = rows[2][2] = "Abbey é"
    plain = release_of(wf.write(tmp_path / "plain" / "release.csv", rows).parent)
    other = tmp_path / "other"
    other.mkdir()
    (other / "release.csv").write_bytes(wf.as_csv(rows).replace(",", mark).encode(encoding))
    release = release_of(other)
    assert release.content_digest == plain.content_digest
    assert release.ward_names == ("Abbey é", "Alibon")


def test_a_comma_inside_quotes_does_not_decide_the_separator() -> None:
    source = SourceFile(name="x.csv", content=b'"Age, in, years, all";ward_code\n1;2\n')
    assert source.header == ("Age, in, years, all", "ward_code")


def test_a_table_below_a_title_is_found_and_its_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows = wf.release()
    rows[2][6] = "many"
    title = 'Recorded crime, by ward;;\n"Two\nlines"\n\n'
    path = tmp_path / "release.csv"
    path.write_text(title + wf.as_csv(rows))
    assert refusal(tmp_path).problems[0].where == "release.csv, row 7, column 202402"
    path.write_text(title + wf.as_csv(wf.release()))
    assert "The table begins in row 5" in "".join(finding.message for finding in gathered(tmp_path).findings)


def test_a_first_line_that_names_the_separator_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "release.csv").write_text("sep=;\n" + wf.as_csv(wf.release()).replace(",", ";"))
    assert int(release_of(tmp_path).counts.sum()) == 192


def test_a_table_far_below_its_title_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "release.csv").write_text("Title\n" * 20 + wf.as_csv(wf.release()))
    assert gathered(tmp_path).left_aside[0][0] == "release.csv"


def test_a_count_with_a_comma_between_the_thousands_is_read(tmp_path: Path) -> None:
    rows = wf.release()
    rows[2][6] = "1,234"
    wf.write(tmp_path / "release.csv", rows)
    assert int(release_of(tmp_path).counts.max()) == 1234


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(1)", "+5", "1_000", "0x10", "1,23", "12,345,6"])
def test_what_only_looks_like_a_count_is_refused_with_row_and_column(tmp_path: Path, cell: str) -> None:
    rows = wf.release()
    rows[2][6] = cell
    wf.write(tmp_path / "release.csv", rows)
    problem = refusal(tmp_path).problems[0]
    assert (problem.where, problem.found) == ("release.csv, row 3, column 202402", repr(cell))


def test_a_zero_byte_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = wf.release()
    rows[3][2] = "Ab\x00bey"
    (tmp_path / "release.csv").write_bytes(wf.as_csv(rows).encode())
    assert refusal(tmp_path).problems[0].where == "release.csv, row 4"


def test_the_real_binary_workbook_with_a_csv_name_is_left_aside_in_words(real_data: Path) -> None:
    found = gathered(real_data / "population" / "ward-profiles-excel-version.csv")
    [(name, what, mend)] = found.left_aside
    assert what == "a binary Excel workbook (XLS) with a .csv name"
    assert "save the sheet as CSV" in mend
    assert found.findings[0].file == name


def test_the_quick_way_and_the_careful_way_read_the_same_rows(real_data: Path) -> None:
    [source] = open_sources(real_data / "mps" / "MPS Ward Level Crime (most recent 24 months).csv")
    careful = SourceFile(name=source.name, content=source.content.rstrip(b"\r\n") + b"\n\n")
    quick_release, careful_release = (read_release(each) for each in (source, careful))
    assert quick_release.content_digest == careful_release.content_digest
