"""Months as spreadsheets leave them: date cells and `Apr-24` are read as that month, days that may be none refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests import ward_files as wf
from tests.read_files import counts_by_ward_month, problems_of, read_one
from tests.ward_files import ABBEY
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.gather import gather
from wardcast_models.panel.parts import BoroughRelease, Repeats, SmallAreaRelease, Survey, WardIncidents, WardRelease
from wardcast_models.panel.text.written_months import month_of
from wardcast_models.progress import silent

Wide = WardRelease | BoroughRelease | SmallAreaRelease
MONTHS = ["202402", "202403", "202404"]
LAYOUTS = {
    "ward": wf.release(first="2024-02"),
    "borough": [
        ["MajorText", "MinorText", "LookUp_BoroughName", *MONTHS],
        ["BURGLARY", "DOMESTIC BURGLARY", "Barking and Dagenham", "10", "11", "12"],
    ],
    "small area": [
        ["LSOA Code", "LSOA Name", "Borough", "Major Category", "Minor Category", *MONTHS],
        ["E01000006", "Barking 016A", "Barking and Dagenham", "BURGLARY", "DOMESTIC BURGLARY", "1", "2", "3"],
    ],
}
"""The wide layouts."""


def read_file(path: Path) -> tuple[Wide, str]:
    found = gather(path, silent)
    (part,) = found.parts
    assert isinstance(part, Wide)
    return part, "\n".join(finding.message for finding in found.findings if finding.kind is FindingKind.MENDED)


def with_titles(rows: wf.Rows, title: Callable[[date], object]) -> list[list[object]]:
    """The table with each month's title as the function writes it."""
    header = [title(date(int(name[:4]), int(name[4:]), 1)) if name.isdigit() else name for name in rows[0]]
    return [list(header), *([int(cell) if cell.isdigit() else cell for cell in row] for row in rows[1:])]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "pattern", ["%b-%y", "%B %Y", "%m/%Y", "%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d 00:00:00", "%d-%b-%y"]
)
def test_a_month_title_that_a_spreadsheet_rewrote_is_that_month(layout: str, pattern: str, tmp_path: Path) -> None:
    plain, _ = read_file(wf.write(tmp_path / "plain.csv", LAYOUTS[layout]))
    rows = with_titles(LAYOUTS[layout], lambda month: month.strftime(pattern))
    read, mended = read_file(wf.write(tmp_path / "saved.csv", rows))
    assert read.content_digest == plain.content_digest
    assert f"{rows[0][-3]!r} as 2024-02, {rows[0][-1]!r} as 2024-04" in mended


@pytest.mark.parametrize("layout", LAYOUTS)
def test_months_that_became_date_cells_of_a_workbook_are_those_months(layout: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in with_titles(LAYOUTS[layout], lambda month: month):
        book.active.append(row)
    book.save(tmp_path / "saved.xlsx")
    plain, _ = read_file(wf.write(tmp_path / "plain.csv", LAYOUTS[layout]))
    assert read_file(tmp_path / "saved.xlsx")[0].content_digest == plain.content_digest


@pytest.mark.parametrize("layout", LAYOUTS)
def test_months_that_became_days_in_the_columns_of_a_parquet_table_are_those_months(
    layout: str, tmp_path: Path
) -> None:
    header, *rows = with_titles(LAYOUTS[layout], lambda month: str(pd.Timestamp(month)))
    pd.DataFrame(rows, columns=[str(name) for name in header]).to_parquet(tmp_path / "saved.parquet")
    plain, _ = read_file(wf.write(tmp_path / "plain.csv", LAYOUTS[layout]))
    assert read_file(tmp_path / "saved.parquet")[0].content_digest == plain.content_digest


@pytest.mark.parametrize("title", ["2026-{month}-24", "{month}/01/2024", "24-Apr", "Apr", "2024-13", "Q1 2024"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_title_that_may_be_another_month_is_refused_with_the_row_of_the_header(
    layout: str, title: str, tmp_path: Path
) -> None:
    rows = with_titles(LAYOUTS[layout], lambda month: f"{month:%Y%m}")
    rows[0][-2:] = [title.format(month=number) for number in ("03", "04")]
    with pytest.raises(WardcastError, match=r"saved\.csv, row 1.*expected (month columns|each column once)"):
        gather(wf.write(tmp_path / "saved.csv", rows), silent)


def test_one_month_under_two_titles_is_refused(tmp_path: Path) -> None:
    rows = wf.release()
    rows[0][-1] = "Feb-24"
    with pytest.raises(WardcastError, match="column Feb-24: expected each month once, found 2024-02 more than once"):
        gather(wf.write(tmp_path / "saved.csv", rows), silent)


@pytest.mark.parametrize("written", ["2024-05", "May-24", "01/05/2024", "2024-05-01", "05/2024", "202405", "May 2024"])
def test_a_month_in_a_cell_is_read_however_a_spreadsheet_wrote_it(written: str, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    log = read_one(WardIncidents, file, [["log", "ward_code", "month", "count"], ["asb", ABBEY, written, "7"]])
    assert counts_by_ward_month(log) == {(ABBEY, "2024-05"): 7}
    columns = ["ward_code", "month", "subject", "persons", "repeat_persons"]
    repeats = read_one(Repeats, file, [columns, [ABBEY, written, "victim", "9", "2"]])
    assert list(repeats.frame["month"]) == [pd.Timestamp("2024-05-01")]
    survey = read_one(
        Survey, file, [["borough", "question", "period_end", "percent"], ["London", "Safe", written, "9"]]
    )
    assert list(survey.frame["last_month"]) == [pd.Timestamp("2024-05-01")]


@pytest.mark.parametrize("cells", [("2026-04-24", "2026-05-24"), ("24-Apr", "24-May"), ("04/05/2024", "04/06/2024")])
def test_days_that_a_spreadsheet_made_of_months_are_refused(cells: tuple[str, str], tmp_path: Path) -> None:
    rows = [["log", "ward_code", "month", "count"], *(["asb", ABBEY, cell, "7"] for cell in cells)]
    assert "file.csv, row 2, column month: expected" in problems_of(tmp_path / "file.csv", rows)


def test_a_day_of_the_month_stands_for_its_month_where_the_days_differ(tmp_path: Path) -> None:
    rows = [["log", "ward_code", "month", "count"], *(["asb", ABBEY, day, "7"] for day in ("2024-02-29", "2024-03-31"))]
    part = read_one(WardIncidents, tmp_path / "file.csv", rows)
    assert counts_by_ward_month(part) == {(ABBEY, "2024-02"): 7, (ABBEY, "2024-03"): 7}


@pytest.mark.parametrize("text", ["", "Apr", "2024", "202400", "0/2024", "Foo-24", "1999-04", "2024-04-02", "Apr-2150"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_of(text) is None
