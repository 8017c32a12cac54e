"""London Fire Brigade exports: deliberate fires where the motive is told, a named proxy where it is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.read_files import counts_by_ward_month, problems_of, read_one, told
from tests.ward_files import ABBEY, ABBEY_2018, ALIBON
from wardcast_models.panel.parts import Coverage, KnownUnused, WardIncidents

COLUMNS = [
    "IncidentNumber",
    "DateOfCall",
    "CalYear",
    "TimeOfCall",
    "HourOfCall",
    "IncidentGroup",
    "StopCodeDescription",
    "Postcode_full",
    "UPRN",
    "IncGeo_BoroughCode",
    "IncGeo_WardCode",
    "IncGeo_WardName",
]
Row = list[str]


def incident(number: int, day: str, *, stop: str = "Secondary Fire", ward: str = ABBEY) -> Row:
    group = "Fire" if stop.endswith("Fire") else "Special Service"
    return [str(number), day, "2024", "12:00:00", "12", group, stop, "RM8 2AA", "100", "E09000002", ward, "X"]


def every_day(first: str, last: str) -> list[Row]:
    """A special service on every day, so that every month counts as complete."""
    days = pd.date_range(first, last)
    return [incident(int(f"{day:%y%m%d}"), f"{day:%d %b %Y}", stop="Special Service") for day in days]


def whole_quarter() -> list[Row]:
    """January to March 2024: two secondary fires in Abbey in January, one in Alibon in March, a primary fire."""
    return [
        *every_day("2024-01-01", "2024-03-31"),
        incident(1, "05 Jan 2024"),
        incident(2, "31 Jan 2024"),
        incident(3, "01 Mar 2024", ward=ALIBON),
        incident(4, "02 Mar 2024", stop="Primary Fire"),
    ]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return tmp_path / "incidents.csv"


def with_motive(rows: list[Row], motives: dict[str, str]) -> list[Row]:
    """The rows with a column that tells the motive of some incidents by number."""
    return [[*COLUMNS, "ACCIDENTAL_OR_DELIBERATE"], *([*row, motives.get(row[0], "")] for row in rows)]


def test_without_a_motive_secondary_fires_are_counted_and_called_a_proxy(export: Path) -> None:
    part = read_one(WardIncidents, export, [COLUMNS, *whole_quarter()])
    assert counts_by_ward_month(part) == {
        (ABBEY, "2024-01"): 2,
        (ABBEY, "2024-02"): 0,
        (ABBEY, "2024-03"): 0,
        (ALIBON, "2024-01"): 0,
        (ALIBON, "2024-02"): 0,
        (ALIBON, "2024-03"): 1,
    }
    assert set(part.frame["category"]) == {"deliberate_fires"}
    assert part.coverage is Coverage.WHOLE_SPAN
    assert "does not tell whether a fire was deliberate" in told(part)
    assert "proxy" in told(part)
    assert "proxy" in part.source


def test_with_a_motive_the_deliberate_fires_are_counted_and_the_unknown_ones_told(export: Path) -> None:
    motives = {"1": "Accidental", "2": "Deliberate - others property", "3": "Not known", "4": "Deliberate"}
    part = read_one(WardIncidents, export, with_motive(whole_quarter(), motives))
    counts = counts_by_ward_month(part)
    assert {key: count for key, count in counts.items() if count} == {(ABBEY, "2024-01"): 1, (ABBEY, "2024-03"): 1}
    assert "1 of unknown motive" in told(part)
    assert "proxy" not in told(part) + part.source


def test_a_motive_nobody_foresaw_is_refused_with_its_row(export: Path) -> None:
    rows = with_motive(whole_quarter(), {"4": "Perhaps"})
    problems = problems_of(export, rows)
    assert f"row {len(rows)}, column ACCIDENTAL_OR_DELIBERATE" in problems
    assert "'Perhaps'" in problems


def test_nothing_about_single_incidents_is_kept(export: Path) -> None:
    part = read_one(WardIncidents, export, [COLUMNS, *whole_quarter()])
    assert list(part.frame.columns) == ["ward_code", "category", "month", "count"]
    assert "RM8" not in part.frame.to_csv() + told(part)


def test_fires_without_a_ward_or_in_an_unknown_one_are_counted_without_a_ward(export: Path) -> None:
    lost = [incident(5, "06 Jan 2024", ward=""), incident(6, "07 Jan 2024", ward="NULL")]
    abroad = incident(7, "08 Feb 2024", ward="E05099999")
    part = read_one(WardIncidents, export, [COLUMNS, *whole_quarter(), *lost, abroad])
    assert dict(zip(part.unlocated["month"].dt.strftime("%Y-%m"), part.unlocated["count"], strict=True)) == {
        "2024-01": 2,
        "2024-02": 1,
    }
    assert part.frame["count"].sum() == 3
    assert "E05099999" in told(part)


def test_an_incident_that_stands_twice_counts_once(export: Path) -> None:
    once = read_one(WardIncidents, export, [COLUMNS, *whole_quarter()])
    twice = read_one(WardIncidents, export, [COLUMNS, *whole_quarter(), incident(1, "05 Jan 2024")])
    pd.testing.assert_frame_equal(once.frame, twice.frame)
    assert "1 rows repeat the number" in told(twice)


@pytest.mark.parametrize("form", ["%d %b %Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%b-%y", "%Y-%m-%d 00:00:00", "%m/%d/%Y"])
def test_every_usual_way_of_writing_days_gives_the_same_counts(export: Path, form: str) -> None:
    wanted = read_one(WardIncidents, export, [COLUMNS, *whole_quarter()])
    rows = [[row[0], f"{pd.to_datetime(row[1], format='%d %b %Y'):{form}}", *row[2:]] for row in whole_quarter()]
    part = read_one(WardIncidents, export, [COLUMNS, *rows])
    pd.testing.assert_frame_equal(part.frame, wanted.frame)
    assert ("month first" in told(part)) == (form == "%m/%d/%Y")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["2024-01-05", "05/01/2024"], "days written in one way"),
        (["25/01/2024", "01/25/2024"], "days written in one way"),
        (["05/01/2024", "06/02/2024"], "which number is the month"),
        (["31 Feb 2024", "01 Feb 2024"], "a day of the calendar"),
        (["soon", "01 Feb 2024"], "a day such as"),
    ],
)
def test_days_that_could_be_misread_are_refused(export: Path, days: list[str], said: str) -> None:
    problems = problems_of(export, [COLUMNS, *(incident(number, day) for number, day in enumerate(days))])
    assert "column DateOfCall" in problems
    assert said in problems


def test_a_month_that_the_export_covers_in_part_is_not_used(export: Path) -> None:
    rows = [*every_day("2024-01-15", "2024-03-31"), incident(1, "20 Jan 2024"), incident(2, "20 Feb 2024")]
    part = read_one(WardIncidents, export, [COLUMNS, *rows])
    assert counts_by_ward_month(part) == {(ABBEY, "2024-02"): 1, (ABBEY, "2024-03"): 0}
    assert "2024-01 is not complete: 14 days" in told(part)


def test_wards_of_a_new_review_are_not_zero_before_they_were_used(export: Path) -> None:
    rows = [
        *([*row[:10], ABBEY_2018, row[11]] for row in every_day("2022-03-01", "2022-04-30")),
        *every_day("2022-05-01", "2022-06-30"),
        incident(1, "05 Apr 2022", ward=ABBEY_2018),
        incident(2, "05 May 2022"),
    ]
    part = read_one(WardIncidents, export, [COLUMNS, *rows])
    assert counts_by_ward_month(part) == {
        (ABBEY_2018, "2022-03"): 0,
        (ABBEY_2018, "2022-04"): 1,
        (ABBEY, "2022-05"): 1,
        (ABBEY, "2022-06"): 0,
    }


def test_an_export_without_fires_is_left_aside_and_not_taken_for_zeros(export: Path) -> None:
    part = read_one(KnownUnused, export, [COLUMNS, *every_day("2024-01-01", "2024-02-29")])
    assert "none of its incidents is a secondary fire" in part.why
