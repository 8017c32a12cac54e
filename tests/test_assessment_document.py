"""The assessment's document: every figure comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.assessment_examples import assessment_example, monitoring_example
from tests.page_reading import PageReader
from wardcast.pack.assessment import document as assessment_document_module
from wardcast.pack.assessment.document import SCHEMA_VERSION, assessment_document, assessment_json
from wardcast.pack.assessment.reading import reading_of
from wardcast.pack.assessment.tables import tables_of
from wardcast.pack.assessment.write import write_assessment
from wardcast_models.profile.assessment import REVIEW_COLUMNS, TABLE_COLUMNS, VIEW_COLUMNS


def read_back(rows: list[dict[str, object]], like: pd.DataFrame) -> pd.DataFrame:
    """Make a frame of a document's rows, with the types of the frame it came from."""
    frame = pd.DataFrame(rows, columns=list(like.columns))
    for column, kind in like.dtypes.items():
        if pd.api.types.is_datetime64_any_dtype(kind):
            frame[column] = pd.to_datetime(frame[column], format="%Y-%m").astype(kind)
        else:
            frame[column] = frame[column].astype(kind)
    return frame


@pytest.mark.parametrize("table", list(TABLE_COLUMNS))
def test_every_table_round_trips(table: str) -> None:
    assessment = assessment_example()
    document = json.loads(assessment_json(assessment, data_digest="abc"))
    frame = tables_of(assessment)[table]
    pd.testing.assert_frame_equal(read_back(document["tables"][table], frame), frame)


def test_views_and_review_round_trip() -> None:
    assessment = assessment_example()
    document = json.loads(assessment_json(assessment, data_digest="abc"))
    for view, written in zip(assessment.views, document["views"], strict=True):
        assert written["view"] == view.view
        assert tuple(written["findings"]) == view.findings
        pd.testing.assert_frame_equal(read_back(written["table"], view.table), view.table)
    assert assessment.review is not None
    assert document["review"]["then_first_month"] == "2023-10"
    pd.testing.assert_frame_equal(
        read_back(document["review"]["table"], assessment.review.table), assessment.review.table
    )


def test_the_text_is_the_document_and_holds_no_nan() -> None:
    assessment = assessment_example()
    text = assessment_json(assessment, data_digest="abc")
    assert json.loads(text) == assessment_document(assessment, data_digest="abc")
    assert "NaN" not in text


def test_the_document_says_what_it_is_under_stable_names() -> None:
    document = assessment_document(assessment_example(review=False), data_digest="abc")
    assert document["schema_version"] == SCHEMA_VERSION == 1
    assert (document["area"], document["year"], document["first_month"]) == ("E09000002", "2023/24", "2023-04")
    assert document["standing"] == ["Internal: unsuppressed counts, not for publication."]
    assert document["review"] is None
    assert set(document["tables"]) == set(TABLE_COLUMNS)
    assert set(document["views"][0]["table"][0]) == set(VIEW_COLUMNS)
    with_review = assessment_document(assessment_example(), data_digest="abc")
    assert set(with_review["review"]["table"][0]) == set(REVIEW_COLUMNS)


def test_unbounded_ends_and_numbers_of_the_array_library_are_plain_json() -> None:
    assessment = assessment_example()
    assessment.area.loc[0, "change_high"] = np.inf
    row = assessment_document(assessment, data_digest="abc")["tables"]["area"][0]
    assert row["change_high"] is None
    assert type(row["significant"]) is bool
    assert type(row["count"]) is float


def test_a_document_too_long_to_load_keeps_the_area_the_wards_and_what_stands_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assessment_document_module, "MOST_WARD_ROWS", 1)
    assessment = assessment_example()
    made = assessment_document(assessment, data_digest="abc")
    assert len(made["tables"]["wards"]) == len(assessment.wards)
    kept = [(row["ward_code"], row["significant"]) for row in made["tables"]["trends"]]
    assert ("E05000002", True) in kept
    assert ("E05000003", False) not in kept
    assert "trends: 4 of 5 rows, those of the whole area and what stands out." in made["left_out"]


def test_the_findings_of_the_files_are_in_the_document() -> None:
    monitoring = monitoring_example()
    reading = reading_of(assessment_example(), monitoring)
    document = json.loads(assessment_json(reading.assessment, data_digest="abc", findings=reading.findings))
    assert [found["message"] for found in document["findings"]] == [f.message for f in monitoring.panel.findings]
    assert document["findings"][1]["kind"] == "caveat"
    public = reading_of(assessment_example(publication="Small counts are hidden."), monitoring)
    assert public.findings == ()


def test_report_workbook_and_document_tell_the_same_figures(tmp_path: Path) -> None:
    write_assessment(assessment_example(), monitoring_example(), tmp_path)
    document = json.loads((tmp_path / "assessment.json").read_text(encoding="utf-8"))
    page = PageReader((tmp_path / "assessment.html").read_text(encoding="utf-8"))
    sheet = openpyxl.load_workbook(tmp_path / "assessment.xlsx")["Area"]
    heads, *rows = list(sheet.iter_rows(values_only=True))
    booked = {row[1]: dict(zip(heads, row, strict=True)) for row in rows}
    labels = {row["measure"]: row["label"] for row in document["tables"]["measures"]}
    residents = {row["ward_code"]: row["residents"] for row in document["tables"]["wards"]}
    for row in document["tables"]["area"][:2]:
        label = labels[row["measure"]]
        shown = page.table("All crime, priorities").row(label)
        assert row["count"] == booked[label]["This year"] == shown[2].figures[0]
        assert row["change_percent"] / 100 == pytest.approx(booked[label]["Change on the year before"])
        assert row["change_percent"] == pytest.approx(shown[4].figures[0])
    for row in document["tables"]["wards"]:
        assert row["rate_per_1000"] == pytest.approx(1000 * row["count"] / residents[row["ward_code"]])
    assert json.loads((tmp_path / "assessment.json").read_text())["first_month"] == "2023-04"


def test_every_key_table_and_column_of_the_document_is_written_down() -> None:
    told = (Path(__file__).parents[1] / "docs" / "assessment.md").read_text(encoding="utf-8")
    document = assessment_document(
        assessment_example(), data_digest="abc", findings=monitoring_example().panel.findings
    )
    lines = [line for line in told.splitlines() if line.startswith("| `")]
    for key in document:
        assert any(f"`{key}`" in line.split("|")[1] for line in lines), key
    rows = {line.split("`")[1]: line for line in lines}
    for table, columns in TABLE_COLUMNS.items():
        assert all(f"`{column}`" in rows[table] for column in columns), table
    for columns in (VIEW_COLUMNS, REVIEW_COLUMNS):
        assert all(f"`{column}`" in told for column in columns)
