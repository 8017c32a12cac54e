"""Council logs: totals to the last report, months covered in full only, and nothing about people."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.council_log_rows import COLUMNS, COUNTS, Row, daily
from tests.read_files import counts_by_ward_month, problems_of, read_one, read_rows, told
from tests.ward_files import ABBEY, ALIBON, BEAM
from wardcast_models.panel.parts import Coverage, KnownUnused, Part, WardIncidents


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.csv"


def incidents(parts: list[Part]) -> dict[str, WardIncidents]:
    """The parts by category."""
    found = [part for part in parts if isinstance(part, WardIncidents)]
    return {str(part.frame["category"].iloc[0]): part for part in found}


def test_a_log_of_reports_is_counted_to_the_last_row(log: Path) -> None:
    rows = [*daily("2024-01-01", "2024-03-31"), *daily("2024-02-10", "2024-02-12", ward=ALIBON)]
    part = read_one(WardIncidents, log, [COLUMNS, *rows])
    assert counts_by_ward_month(part) == {
        (ABBEY, "2024-01"): 31,
        (ABBEY, "2024-02"): 29,
        (ABBEY, "2024-03"): 31,
        (ALIBON, "2024-01"): 0,
        (ALIBON, "2024-02"): 3,
        (ALIBON, "2024-03"): 0,
    }
    assert set(part.frame["category"]) == {"council_asb"}
    assert part.coverage is Coverage.WHOLE_SPAN
    assert part.unlocated.empty


def test_one_file_may_hold_both_logs(log: Path) -> None:
    rows = [*daily("2024-01-01", "2024-02-29"), *daily("2024-01-01", "2024-01-31", log="Fly-tipping", ward=ALIBON)]
    parts = incidents(read_rows(log, [COLUMNS, *rows]))
    assert parts["council_asb"].frame["count"].sum() == 60
    assert counts_by_ward_month(parts["fly_tipping"]) == {(ALIBON, "2024-01"): 31}


def test_reports_without_a_ward_are_counted_apart(log: Path) -> None:
    rows = [*daily("2024-01-01", "2024-02-29"), *daily("2024-02-01", "2024-02-04", ward="")]
    part = read_one(WardIncidents, log, [COLUMNS, *rows])
    assert part.frame["count"].sum() == 60
    assert [(f"{month:%Y-%m}", count) for month, count in part.unlocated[["month", "count"]].to_numpy()] == [
        ("2024-02", 4)
    ]
    assert "4 without a ward" in told(part)


def test_counts_and_reports_of_the_same_log_agree(log: Path) -> None:
    of_reports = read_one(WardIncidents, log, [COLUMNS, *daily("2024-01-01", "2024-02-29")])
    of_counts = read_one(WardIncidents, log, [COUNTS, ["asb", ABBEY, "2024-01", 31], ["asb", ABBEY, "2024-02", 29]])
    pd.testing.assert_frame_equal(of_counts.frame, of_reports.frame)


# Which months


@pytest.mark.parametrize(
    ("first", "last", "complete"),
    [
        ("2024-01-15", "2024-03-31", ["2024-02", "2024-03"]),
        ("2024-01-01", "2024-03-10", ["2024-01", "2024-02"]),
        ("2024-01-01", "2024-03-31", ["2024-01", "2024-02", "2024-03"]),
    ],
)
def test_a_log_that_starts_or_ends_within_a_month_does_not_count_it(
    log: Path, first: str, last: str, complete: list[str]
) -> None:
    part = read_one(WardIncidents, log, [COLUMNS, *daily(first, last)])
    assert [month for _, month in counts_by_ward_month(part)] == complete
    assert ("is not complete" in told(part)) == (len(complete) < 3)


def test_a_log_kept_on_working_days_is_complete_where_its_first_day_is_a_working_day(log: Path) -> None:
    rows = [row for row in daily("2024-06-03", "2024-08-30") if pd.Timestamp(str(row[3])).dayofweek < 5]
    part = read_one(WardIncidents, log, [COLUMNS, *rows])  # June 2024 began and August ended at a week-end
    assert [month for _, month in counts_by_ward_month(part)] == ["2024-06", "2024-07", "2024-08"]


def test_a_month_without_reports_is_missing_where_many_are_usual(log: Path) -> None:
    rows = [*daily("2024-01-01", "2024-03-31"), *daily("2024-05-01", "2024-07-31")]
    part = read_one(WardIncidents, log, [COLUMNS, *rows])
    assert (ABBEY, "2024-04") not in counts_by_ward_month(part)
    assert "2024-04 holds 0 records" in told(part)
    assert "missing, not as zero" in told(part)


def test_a_gap_within_the_log_makes_the_months_beside_it_incomplete(log: Path) -> None:
    rows = [*daily("2024-01-01", "2024-03-14"), *daily("2024-05-20", "2024-07-31")]
    part = read_one(WardIncidents, log, [COLUMNS, *rows])
    assert [month for _, month in counts_by_ward_month(part)] == ["2024-01", "2024-02", "2024-06", "2024-07"]


def test_a_month_that_no_count_names_is_missing_and_a_count_of_none_is_zero(log: Path) -> None:
    given_counts = {"2024-01": 14, "2024-03": 0, "2024-04": 16, "2024-05": 12}
    rows: list[Row] = [["fly_tipping", ABBEY, month, count] for month, count in given_counts.items()]
    part = read_one(WardIncidents, log, [COUNTS, *rows])
    assert counts_by_ward_month(part) == {(ABBEY, month): count for month, count in given_counts.items()}


def test_reports_by_month_miss_a_month_without_any_where_many_are_usual(log: Path) -> None:
    rows: list[Row] = [["asb", ABBEY, f"2024-{month:02d}"] for month in (1, 2, 4, 5) for _ in range(12)]
    part = read_one(WardIncidents, log, [["log", "ward_code", "month"], *rows])
    assert [month for _, month in counts_by_ward_month(part)] == ["2024-01", "2024-02", "2024-04", "2024-05"]
    assert "2024-03 holds 0 records" in told(part)


def test_a_count_that_is_left_over_is_not_used(log: Path) -> None:
    rows: list[Row] = [["asb", ABBEY, f"2024-{month:02d}", 100 if month > 1 else 2] for month in range(1, 8)]
    part = read_one(WardIncidents, log, [COUNTS, *rows])
    assert (ABBEY, "2024-01") not in counts_by_ward_month(part)
    assert "2024-01 holds 2 records" in told(part)


def test_a_few_days_of_a_log_say_that_its_months_could_not_be_judged(log: Path) -> None:
    part = read_one(WardIncidents, log, [COLUMNS, *daily("2024-01-10", "2024-01-12")])
    assert counts_by_ward_month(part) == {(ABBEY, "2024-01"): 3}
    assert "too few to tell" in told(part)


def test_a_log_that_covers_no_month_in_full_is_left_aside(log: Path) -> None:
    part = read_one(KnownUnused, log, [COLUMNS, *daily("2024-01-05", "2024-01-25")])
    assert "no month in full" in part.why


# What is wrong


def test_a_report_that_stands_twice_counts_once_where_it_has_a_reference(log: Path) -> None:
    rows = daily("2024-01-01", "2024-02-29")
    part = read_one(WardIncidents, log, [COLUMNS, *rows, rows[5]])
    assert part.frame["count"].sum() == 60
    assert "1 rows repeat the reference" in told(part)


def test_without_references_every_row_counts_and_that_is_told(log: Path) -> None:
    rows = [[row[0], *row[2:]] for row in daily("2024-01-01", "2024-02-29")]
    part = read_one(WardIncidents, log, [[COLUMNS[0], *COLUMNS[2:]], *rows, rows[5]])
    assert part.frame["count"].sum() == 61
    assert "counted twice" in told(part)


@pytest.mark.parametrize(
    ("position", "cell", "column", "expected"),
    [
        (0, "noise", "log", "asb or fly_tipping"),
        (2, "E5014053", "ward_code", "a ward code"),
        (3, "2024-02-30", "reported_on", "a day of the calendar"),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(
    log: Path, position: int, cell: str, column: str, expected: str
) -> None:
    rows = daily("2024-01-01", "2024-02-29")
    rows[40][position] = cell
    problems = problems_of(log, [COLUMNS, *rows])
    assert f"log.csv, row 42, column {column}: expected" in problems
    assert expected in problems
    assert cell in problems


def test_a_ward_and_month_counted_twice_is_refused(log: Path) -> None:
    rows: list[Row] = [["asb", ABBEY, "2024-01", 3], ["asb", ABBEY, "2024-01", 4]]
    assert f"found asb, {ABBEY}, 2024-01 again" in problems_of(log, [COUNTS, *rows])


@pytest.mark.parametrize(
    "column", ["Complainant Name", "surname", "Date of Birth", "DOB", "phone_no", "CustomerEmail", "e-mail", "Victim"]
)
def test_a_log_with_columns_about_people_is_refused_unread(log: Path, column: str) -> None:
    rows = [[*row, "Jo Smith"] for row in daily("2024-01-01", "2024-02-29")]
    problems = problems_of(log, [[*COLUMNS, column], *rows])
    assert column in problems
    assert "Remove the column" in problems
    assert "Jo Smith" not in problems


def test_columns_about_places_are_neither_refused_nor_read(log: Path) -> None:
    rows = [[*row, "1 High Road", "Abbey", "call"] for row in daily("2024-01-01", "2024-02-29")]
    part = read_one(WardIncidents, log, [[*COLUMNS, "address", "Ward Name", "type"], *rows])
    assert "not read: address, Ward Name, type" in told(part)
    assert "High Road" not in told(part)


# Whatever the log


COUNTED = st.dictionaries(
    st.tuples(st.sampled_from(["asb", "fly_tipping"]), st.sampled_from([ABBEY, ALIBON, BEAM, ""]), st.integers(1, 12)),
    st.integers(0, 9),
    min_size=1,
)


def totals(*files: list[Row]) -> dict[tuple[str, str, str], int]:
    """Counts by category, ward and month of one file or several, zeros left out."""
    found: dict[tuple[str, str, str], int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for rows in filter(None, files):
            for part in read_rows(Path(folder) / "log.csv", [COUNTS, *rows]):
                assert isinstance(part, WardIncidents)
                frames = [part.frame, part.unlocated.assign(ward_code="")]
                for row in pd.concat(frames).to_dict("records"):
                    key = (str(row["category"]), str(row["ward_code"]), f"{row['month']:%Y-%m}")
                    found[key] = found.get(key, 0) + int(row["count"])
    return {key: count for key, count in found.items() if count}


@settings(deadline=None, max_examples=60)
@given(counted=COUNTED, data=st.data())
def test_a_log_split_into_two_files_in_any_way_gives_the_same_counts(
    counted: dict[tuple[str, str, int], int], data: st.DataObject
) -> None:
    rows: list[Row] = [[log, ward, f"2024-{month:02d}", count] for (log, ward, month), count in counted.items()]
    first = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    one = [row for row, in_first in zip(rows, first, strict=True) if in_first]
    other = [row for row, in_first in zip(rows, first, strict=True) if not in_first]
    names = {"asb": "council_asb", "fly_tipping": "fly_tipping"}
    wanted = {(names[log], ward, f"2024-{month:02d}"): count for (log, ward, month), count in counted.items() if count}
    assert totals(rows) == wanted
    assert totals(one, other) == wanted


@settings(deadline=None, max_examples=60)
@given(order=st.permutations(range(60)))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    rows = [*daily("2024-01-01", "2024-02-22"), *daily("2024-02-23", "2024-02-29", ward=ALIBON)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        wanted = read_one(WardIncidents, path, [COLUMNS, *rows])
        part = read_one(WardIncidents, path, [COLUMNS, *(rows[position] for position in order)])
    pd.testing.assert_frame_equal(part.frame, wanted.frame)
