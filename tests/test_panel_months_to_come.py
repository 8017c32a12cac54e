"""Counts of months to come are refused: a mistyped year must not move the end of a panel and its plans."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.ward_files import ABBEY
from wardcast_models.errors import WardcastError
from wardcast_models.panel.ingest import read_folder

TODAY = date(2024, 5, 20)
LAST = "a month that has begun, 2024-05 at the latest"

LOG = ["log", "ward_code", "reported_on"]
FIRE = ["DateOfCall", "IncidentGroup", "StopCodeDescription", "IncGeo_WardCode"]
REPEATS = ["ward_code", "month", "subject", "persons", "repeat_persons"]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([LOG, ["asb", ABBEY, "2024-05-31"], ["asb", ABBEY, "2042-02-01"]], "row 3, column reported_on"),
        ([["log", "ward_code", "month"], ["asb", ABBEY, "2024-06"]], "row 2, column month"),
        ([REPEATS, [ABBEY, "2042-02", "victim", 3, 1]], "row 2, column month"),
        ([["ward_code", "month", "premises"], [ABBEY, "2042-02", 7]], "row 2, column month"),
        ([["ward_code", "licence", "as_at"], [ABBEY, "1", "2042-02-01"]], "row 2, column as_at"),
        (
            [["area_code", "question", "period_end", "share"], [wf.LBBD, "Feel safe by day", "2042-02", 0.5]],
            "row 2, column period_end",
        ),
        ([["ward_code", "month", "category", "count"], [ABBEY, "2042-02", "burglary", 2]], "row 2, column month"),
        (wf.street("2042-02", {"E01000011": 1}), "row 2, column Month"),
        (wf.release(first="2042-02", number=1), "row 1, column 204202"),
    ],
)
def test_a_count_of_a_month_to_come_is_refused_with_its_row_and_column(
    tmp_path: Path, rows: list[list[object]], where: str
) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "file.csv", rows)
    with pytest.raises(WardcastError) as refused:
        read_folder(tmp_path, area=wf.LBBD, read_on=TODAY)
    problem = refused.value.problems[0]
    assert (problem.where, problem.expected) == (f"file.csv, {where}", LAST)
    assert "Correct the year or the month" in problem.mend


def test_the_month_of_the_reading_may_be_counted(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release(number=5))
    assert f"{read_folder(tmp_path, area=wf.LBBD, read_on=TODAY).last_month:%Y-%m}" == "2024-05"
