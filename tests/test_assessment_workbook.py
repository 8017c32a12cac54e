"""The assessment's workbook, read back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.assessment_examples import FORMULA, HOSTILE_MARKUP, assessment_example, monitoring_example
from wardcast.pack.assessment import sheets
from wardcast.pack.assessment.reading import reading_of
from wardcast.pack.assessment.sheets import SHEET_NAMES, assessment_sheets
from wardcast.pack.assessment.tables import tables_of
from wardcast.pack.assessment.workbook import write_assessment_workbook
from wardcast_models.profile.assessment import TABLE_COLUMNS, Assessment


def book_of(assessment: Assessment, folder: Path) -> openpyxl.Workbook:
    path = folder / "assessment.xlsx"
    write_assessment_workbook(reading_of(assessment, monitoring_example()), path)
    return openpyxl.load_workbook(path)


def rows_of(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    heads, *rows = list(book[sheet].iter_rows(values_only=True))
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_every_table_has_a_sheet_with_every_row(tmp_path: Path) -> None:
    assessment = assessment_example()
    book = book_of(assessment, tmp_path)
    assert book.sheetnames == ["Summary", *SHEET_NAMES.values(), "Views", "Review", "Findings"]
    for name, frame in tables_of(assessment).items():
        assert len(rows_of(book, SHEET_NAMES[name])) == len(frame), name
        assert len(book[SHEET_NAMES[name]][1]) >= len(TABLE_COLUMNS[name])


def test_figures_read_back_with_their_names_and_units(tmp_path: Path) -> None:
    book = book_of(assessment_example(), tmp_path)
    crime = next(row for row in rows_of(book, "Area") if row["What"] == "All crime")
    assert crime["This year"] == 19800
    assert crime["Change on the year before"] == pytest.approx(0.042)
    assert crime["Clear, not chance"] == "yes"
    ward = next(row for row in rows_of(book, "Wards") if row["Ward code"] == "E05000003")
    assert (ward["Ward"], ward["Rank by rate, 1 is highest"]) == ("Village (E05000003)", 3)
    assert rows_of(book, "Published before")[0]["Change as published"] == pytest.approx(-0.291)


def test_months_are_dates_and_what_is_not_known_is_an_empty_cell(tmp_path: Path) -> None:
    book = book_of(assessment_example(), tmp_path)
    first = rows_of(book, "Rolling 12 months")[0]
    assert first["Month"] == datetime(2021, 4, 1)
    violence = next(row for row in rows_of(book, "Area") if row["What"] == "Violence with injury")
    assert violence["Change on the year before"] is None
    summary = dict(book["Summary"].iter_rows(min_row=2, values_only=True))
    assert summary["First month"] == datetime(2023, 4, 1)


def test_no_name_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    book = book_of(assessment_example(), tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert {FORMULA, HOSTILE_MARKUP, "@No council log was supplied."} <= {cell.value for cell in cells}


def test_the_summary_says_first_what_the_workbook_is_not_for(tmp_path: Path) -> None:
    rows = list(book_of(assessment_example(synthetic=True), tmp_path)["Summary"].iter_rows(min_row=2, values_only=True))
    assert rows[0] == ("Read first", "Internal: unsuppressed counts, not for publication.")
    assert str(rows[1][1]).startswith("SYNTHETIC SAMPLE")
    assert ("Main finding", "All crime rose by 4.2% (clear).") in rows


def test_views_carry_figures_findings_and_what_is_missing(tmp_path: Path) -> None:
    rows = rows_of(book_of(assessment_example(), tmp_path), "Views")
    fire = [row for row in rows if row["View"] == "Fire"]
    assert [row["Row"] for row in fire] == ["purpose", "missing"]
    assert sum(row["Row"] == "figure" for row in rows) == 6


def test_every_sheet_is_ready_to_filter_and_scroll(tmp_path: Path) -> None:
    for sheet in book_of(assessment_example(), tmp_path):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref is not None


def test_a_table_too_long_for_a_spreadsheet_keeps_the_whole_area_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    book = book_of(assessment_example(), tmp_path)
    assert {row["Ward code"] for row in rows_of(book, "Trends")} == {""}
    left_out = [row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0] == "Left out here"]
    assert "Trends: 5 rows are too many; only those about the whole area are here." in left_out


def test_a_workbook_without_a_review_has_no_sheet_for_one() -> None:
    names = [
        sheet.name for sheet in assessment_sheets(reading_of(assessment_example(review=False), monitoring_example()))
    ]
    assert "Review" not in names
    assert all(len(name) <= 31 for name in names), "what a spreadsheet allows"


def test_a_whole_count_shows_no_point_at_its_end_and_a_part_of_one_does(tmp_path: Path) -> None:
    made = assessment_example()
    made.area.loc[0, "previous_count"] = 19000.5
    sheet = book_of(made, tmp_path)["Area"]
    heads = [cell.value for cell in sheet[1]]
    before, now = (sheet.cell(2, heads.index(head) + 1) for head in ("Year before", "This year"))
    assert (now.value, now.number_format) == (19800, "#,##0")
    assert (before.value, before.number_format) == (19000.5, "#,##0.0#")


def test_every_printed_page_of_the_workbook_says_what_it_is(tmp_path: Path) -> None:
    for made, mark in (
        (assessment_example(), "Internal: unsuppressed counts, not for publication."),
        (assessment_example(synthetic=True), "SYNTHETIC SAMPLE: made-up data, not for use"),
        (assessment_example(publication="Small counts are hidden."), "For publication: small counts are hidden"),
    ):
        for sheet in book_of(made, tmp_path):
            assert str(sheet.oddHeader.center.text).startswith(mark)
