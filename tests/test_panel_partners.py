"""Repeat victims and callers, and licensed premises: counts by ward, checked, with nothing about people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.read_files import problems_of, read_one, told
from tests.ward_files import ABBEY, ALIBON
from wardcast_models.panel.parts import KnownUnused, Premises, Repeats

REPEATS = ["ward_code", "month", "subject", "category", "persons", "repeat_persons"]
COUNTS = ["ward_code", "month", "premises", "source"]
REGISTER = ["ward_code", "licence_number", "as_at", "status", "Licensee Name", "address"]
Row = list[object]

VICTIMS: Row = [ABBEY, "2024-01", "victim", "burglary_residential", 12, 3]
CALLERS: Row = [ALIBON, "2024-01", "Callers", "", 40, 0]


# Repeat victims and callers


def test_repeat_victims_and_callers_are_read_as_they_stand(tmp_path: Path) -> None:
    part = read_one(Repeats, tmp_path / "repeats.csv", [REPEATS, VICTIMS, CALLERS])
    assert part.frame.drop(columns="month").to_numpy().tolist() == [
        [ABBEY, "victim", "burglary_residential", 12, 3],
        [ALIBON, "caller", "", 40, 0],
    ]
    assert set(part.frame["month"].dt.strftime("%Y-%m")) == {"2024-01"}
    assert "repeat victims and repeat callers in 2 wards" in told(part)


def test_without_a_category_column_repeats_are_of_all_categories(tmp_path: Path) -> None:
    rows = [[*row[:3], *row[4:]] for row in (VICTIMS, CALLERS)]
    part = read_one(Repeats, tmp_path / "repeats.csv", [[*REPEATS[:3], *REPEATS[4:]], *rows])
    assert set(part.frame["category"]) == {""}


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (["Abbey", *VICTIMS[1:]], "ward_code", "a ward code"),
        ([ABBEY, "January", *VICTIMS[2:]], "month", "YYYY-MM"),
        ([*VICTIMS[:2], "suspect", *VICTIMS[3:]], "subject", "victim or caller"),
        ([*VICTIMS[:3], "burglaries", 12, 3], "category", "burglary_residential"),
        ([*VICTIMS[:4], -1, 0], "persons", "whole number"),
        ([*VICTIMS[:4], 12, 13], "repeat_persons", "no more than the 12 persons"),
    ],
)
def test_a_wrong_repeat_cell_is_named_with_its_row_and_column(
    tmp_path: Path, row: Row, column: str, expected: str
) -> None:
    problems = problems_of(tmp_path / "repeats.csv", [REPEATS, CALLERS, row])
    assert f"row 3, column {column}: expected" in problems
    assert expected in problems


def test_a_ward_month_subject_and_category_that_stand_twice_are_refused(tmp_path: Path) -> None:
    assert "again" in problems_of(tmp_path / "repeats.csv", [REPEATS, VICTIMS, CALLERS, VICTIMS])


def test_a_list_of_repeat_victims_by_name_is_refused(tmp_path: Path) -> None:
    rows = [[*VICTIMS, "Jo Smith"]]
    assert "column full_name" in problems_of(tmp_path / "repeats.csv", [[*REPEATS, "full_name"], *rows])


# Licensed premises


def premises(part: Premises) -> dict[tuple[str, str], int]:
    return {
        (code, f"{month:%Y-%m}"): int(number)
        for code, month, number in part.frame[["ward_code", "month", "premises"]].itertuples(index=False)
    }


def register_row(number: str, *, ward: str = ABBEY, as_at: str = "2025-03-31", status: str = "Granted") -> Row:
    return [ward, number, as_at, status, "Jo Smith", "1 High Road"]


def test_counts_of_premises_are_read_as_they_stand(tmp_path: Path) -> None:
    rows = [[ABBEY, "2024-03", 40, "licensing team"], [ABBEY, "2025-03", 42, ""], [ALIBON, "2025-03", 0, ""]]
    part = read_one(Premises, tmp_path / "premises.csv", [COUNTS, *rows])
    assert premises(part) == {(ABBEY, "2024-03"): 40, (ABBEY, "2025-03"): 42, (ALIBON, "2025-03"): 0}
    assert list(part.frame["source"]) == ["licensing team", "supplied", "supplied"]
    assert "42 licensed premises" in told(part)


def test_counts_may_be_dated_by_the_day(tmp_path: Path) -> None:
    part = read_one(Premises, tmp_path / "premises.csv", [["ward_code", "date", "premises"], [ABBEY, "31/03/2025", 42]])
    assert premises(part) == {(ABBEY, "2025-03"): 42}


def test_a_ward_and_month_counted_twice_are_refused(tmp_path: Path) -> None:
    rows = [[ABBEY, "2024-03", 40, ""], [ABBEY, "2024-03", 41, ""]]
    assert "again" in problems_of(tmp_path / "premises.csv", [COUNTS, *rows])


def test_a_register_is_counted_and_its_licensees_are_never_read(tmp_path: Path) -> None:
    rows = [register_row("1"), register_row("2"), register_row("3", ward=ALIBON)]
    part = read_one(Premises, tmp_path / "register.csv", [REGISTER, *rows])
    assert premises(part) == {(ABBEY, "2025-03"): 2, (ALIBON, "2025-03"): 1}
    assert "Jo Smith" not in part.frame.to_csv() + told(part)


def test_licences_no_longer_in_force_repeated_or_without_a_ward_are_not_counted_and_told(tmp_path: Path) -> None:
    rows = [register_row("1"), register_row("1"), register_row("2", status="Surrendered"), register_row("3", ward="")]
    part = read_one(Premises, tmp_path / "register.csv", [REGISTER, *rows])
    assert premises(part) == {(ABBEY, "2025-03"): 1}
    assert "Rows that repeat a licence already in the file: 1." in told(part)
    assert "1 licences are no longer in force" in told(part)
    assert "1 premises have no ward" in told(part)


def test_an_undated_register_takes_its_month_from_its_name_and_says_so(tmp_path: Path) -> None:
    rows = [["ward_code", "licence"], [ABBEY, "1"], [ABBEY, "2"]]
    part = read_one(Premises, tmp_path / "register 2025-02.csv", rows)
    assert premises(part) == {(ABBEY, "2025-02"): 2}
    assert "by its name" in told(part)
    undated = read_one(KnownUnused, tmp_path / "register.csv", rows)
    assert "as_at" in undated.why


def test_a_register_with_nothing_in_force_is_left_aside(tmp_path: Path) -> None:
    part = read_one(KnownUnused, tmp_path / "register.csv", [REGISTER, register_row("1", status="lapsed")])
    assert "none of its premises" in part.why
