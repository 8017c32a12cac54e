"""What analysts' tables have about them: totals below, suppressed counts, blank rows, percentages kept as shares."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from tests.read_files import counts_by_ward_month, problems_of, read_one
from tests.ward_files import ABBEY, ALIBON
from wardcast_models.errors import WardcastError
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.parts import (
    BaselineHours,
    BoroughRelease,
    Repeats,
    SmallAreaRelease,
    StreetMonth,
    Survey,
    WardIncidents,
    WardRelease,
)

Rows = list[list[str]]
LBBD = "Barking and Dagenham"
LOG: Rows = [["log", "ward_code", "month", "count"], ["asb", ABBEY, "2024-05", "12"], ["asb", ALIBON, "2024-05", "0"]]
REPEATS: Rows = [
    ["ward_code", "month", "subject", "persons", "repeat_persons"],
    [ABBEY, "2024-05", "victim", "9", "2"],
    [ALIBON, "2024-05", "victim", "7", "1"],
]
BOROUGHS: Rows = [
    ["MajorText", "MinorText", "LookUp_BoroughName", "202402"],
    ["BURGLARY", "DOMESTIC BURGLARY", LBBD, "10"],
]
SMALL_AREAS: Rows = [
    ["LSOA Code", "LSOA Name", "Borough", "Major Category", "Minor Category", "202402"],
    ["E01000006", "Barking 016A", LBBD, "BURGLARY", "DOMESTIC BURGLARY", "3"],
]
SURVEY: Rows = [
    ["borough", "question", "period_end", "percent"],
    [LBBD, "Feel safe after dark", "2024-03-31", "38"],
    [LBBD, "Feel safe by day", "2024-03-31", "81.5"],
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def with_cell(rows: Rows, row: int, column: int, cell: str) -> Rows:
    changed = [list(cells) for cells in rows]
    changed[row][column] = cell
    return changed


@pytest.mark.parametrize(
    "mark", ["*", "**", "<5", "< 10", "\u22645", "c", "[c]", "..", ":", "-", "n/a", "x", "suppressed"]
)
@pytest.mark.parametrize(
    ("rows", "column", "name"),
    [
        (wf.release(), 5, "202401"),
        (BOROUGHS, 3, "202402"),
        (SMALL_AREAS, 5, "202402"),
        (LOG, 3, "count"),
        (REPEATS, 3, "persons"),
        (REPEATS, 4, "repeat_persons"),
    ],
)
def test_a_suppressed_count_is_refused_and_never_a_zero(
    rows: Rows, column: int, name: str, mark: str, file: Path
) -> None:
    found = problems_of(file, with_cell(rows, 1, column, mark))
    assert f"file.csv, row 2, column {name}: expected a whole number" in found
    assert "A count that its publisher suppressed is not known" in found
    assert len(found.splitlines()) == 1


@pytest.mark.parametrize(
    "labels",
    [
        ("BURGLARY", "Total"),
        ("BURGLARY", ""),
        ("Grand Total", ""),
        ("POSSESSION OF WEAPONS", "Total"),
        ("Total", "DOMESTIC BURGLARY"),
    ],
)
def test_rows_that_add_up_others_are_never_counted_with_them(labels: tuple[str, str], file: Path) -> None:
    release = [*wf.release(), wf.ward_row(ABBEY, [20, 22, 24], label=labels)]
    assert "file.csv, row 6: expected rows of single offences, each with its label" in problems_of(file, release)
    found = problems_of(file, [*BOROUGHS, [*labels, LBBD, "10"]])
    assert "file.csv, row 3: expected rows of single offences, each with its label" in found
    assert "Remove the row of totals" in found
    small_areas = [*SMALL_AREAS, ["E01000006", "Barking 016A", LBBD, *labels, "3"]]
    assert "expected rows of single offences, each with its label" in problems_of(file, small_areas)


@pytest.mark.parametrize(
    ("rows", "totals"),
    [
        (wf.release(), ["Total", "", "", "", "", "60", "64", "68"]),
        (LOG, ["", "Total", "", "12"]),
        (REPEATS, ["Total", "", "", "16", "3"]),
        (BOROUGHS, ["", "", "Total", "10"]),
        (SMALL_AREAS, ["Total", "", "", "", "", "3"]),
    ],
)
def test_a_row_of_totals_is_refused_with_its_row(rows: Rows, totals: list[str], file: Path) -> None:
    assert f"file.csv, row {len(rows) + 1}" in problems_of(file, [*rows, totals])


def test_rows_of_commas_that_a_spreadsheet_leaves_are_passed_over(file: Path) -> None:
    blank = [""] * 20
    kinds = (
        (WardRelease, wf.release()),
        (BoroughRelease, BOROUGHS),
        (SmallAreaRelease, SMALL_AREAS),
        (Repeats, REPEATS),
        (StreetMonth, wf.street("2024-05", {"E01000006": 3})),
    )
    for kind, rows in kinds:
        plain = read_one(kind, file, rows)
        width = len(rows[0])
        spaced = [rows[0], blank[:width], *rows[1:], blank[:width], [" "] * width, blank[:width]]
        left = read_one(kind, file, spaced)
        for name in ("frame", "counts"):
            if isinstance(wanted := getattr(plain, name, None), pd.DataFrame):
                pd.testing.assert_frame_equal(getattr(left, name), wanted)
            elif wanted is not None:
                assert (getattr(left, name) == wanted).all()
    log = read_one(WardIncidents, file, [LOG[0], blank[:4], *LOG[1:], blank[:4]])
    assert counts_by_ward_month(log) == {(ABBEY, "2024-05"): 12, (ALIBON, "2024-05"): 0}
    assert "file.csv, row 3, column count" in problems_of(
        file, [LOG[0], blank[:4], ["asb", ABBEY, "2024-05", "twelve"]]
    )


def test_a_major_label_that_is_merged_over_its_offences_does_no_harm(file: Path) -> None:
    merged = [*wf.release(), wf.ward_row(ABBEY, [1, 2, 3], label=("", "SHOPLIFTING"))]
    assert "shoplifting" in read_one(WardRelease, file, merged).categories


@pytest.mark.parametrize(("column", "name"), [("reported_on", "day"), ("month", "month")])
def test_a_day_that_a_spreadsheet_counts_is_refused_with_what_to_do(column: str, name: str, file: Path) -> None:
    found = problems_of(file, [["log", "ward_code", column], ["asb", ABBEY, "45300"]])
    assert f"file.csv, row 2, column {column}: expected a {name}" in found
    assert "format the column as a date" in found


def test_a_table_of_blank_rows_has_no_rows(file: Path) -> None:
    assert "expected rows below the header" in problems_of(file, [LOG[0], [""] * 4])


@pytest.mark.parametrize("cell", ["0,570", "12,5", "1.2.3", "1 200"])
def test_a_decimal_comma_is_not_taken_for_thousands(cell: str, file: Path) -> None:
    rows = [["ward_code", "shift", "officer_hours_per_month"], [ABBEY, "day", cell]]
    assert "file.csv, row 2, column officer_hours_per_month: expected a number" in problems_of(file, rows)


def test_thousands_are_read_with_their_commas(file: Path) -> None:
    rows = [["ward_code", "shift", "officer_hours_per_month"], [ABBEY, "day", "1,250.5"]]
    assert read_one(BaselineHours, file, rows).frame["officer_hours_per_month"].sum() == 1250.5
    log = read_one(WardIncidents, file, with_cell(LOG, 1, 3, "1,234"))
    assert counts_by_ward_month(log)[ABBEY, "2024-05"] == 1234


def test_percentages_that_a_spreadsheet_keeps_as_shares_are_refused(file: Path) -> None:
    rows = with_cell(with_cell(SURVEY, 1, 3, "0.38"), 2, 3, "0.815")
    assert "file.csv, row 2, column percent: expected percentages from 0 to 100, found 0.38" in problems_of(file, rows)
    mixed = read_one(Survey, file, with_cell(SURVEY, 1, 3, "0.5"))
    assert sorted(mixed.frame["share"]) == [0.005, 0.815]


def test_baseline_presence_in_a_ward_that_nothing_knows_is_refused_with_its_row(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    hours = [["ward_code", "shift", "officer_hours_per_month"], [ABBEY, "day", "9"], ["E05999999", "day", "9"]]
    wf.write(tmp_path / "hours.csv", hours)
    with pytest.raises(WardcastError, match=r"hours\.csv, row 3, column ward_code: expected .* found E05999999"):
        read_folder(tmp_path, area=wf.LBBD)
