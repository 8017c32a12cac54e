"""`wardcast releases` as a user types it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.command_line import CommandLine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two releases: the later one moves every month that both have by 10 %."""
    wf.write(tmp_path / "files" / "first.csv", wf.release(first="2023-01", number=12, count=50))
    wf.write(tmp_path / "files" / "second.csv", wf.release(first="2023-07", number=12, count=55))
    return tmp_path / "files"


def test_every_release_is_shown_with_what_it_gave_and_moved(wardcast: CommandLine, folder: Path) -> None:
    done = wardcast("releases", "--data", folder, "--area", wf.LBBD, "--json", "--quiet")
    assert done.exit_code == 0, done.err
    first, second = done.document["releases"]
    assert (first["file"], first["published"], first["published_known"]) == ("first.csv", "2024-01-15", False)
    assert (first["months_used"], first["first_used"], first["last_used"]) == (6, "2023-01-01", "2023-06-01")
    assert (second["months_used"], second["first_used"], second["last_used"]) == (12, "2023-07-01", "2024-06-01")
    assert first["change"] is None
    assert (second["months_compared"], second["change"]) == (6, 6 * 4 * 5)
    assert second["change_percent"] == pytest.approx(10)
    assert [row["median_percent"] for row in done.document["typical_revision"]] == pytest.approx([10] * 6)


def test_the_history_is_written_and_a_day_of_the_past_is_told(
    wardcast: CommandLine, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "revisions.csv"
    done = wardcast("releases", "--data", folder, "--area", wf.LBBD, "--known-on", "2024-03-31", "--out", out)
    assert done.exit_code == 0, done.err
    assert "Ward releases of Barking and Dagenham" in done.out
    assert "31 March 2024: " in done.out
    assert "How far a month's total moved" in done.out
    with out.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["month"] == "2023-12-01"]
    assert [(row["file"], float(row["total"])) for row in rows] == [("first.csv", 200), ("second.csv", 220)]


def test_a_release_that_moves_nothing_to_something_is_shown_without_a_percentage(
    wardcast: CommandLine, tmp_path: Path
) -> None:
    wf.write(tmp_path / "files" / "first.csv", wf.release(first="2023-01", number=3, count=0))
    wf.write(tmp_path / "files" / "second.csv", wf.release(first="2023-02", number=3, count=1))
    done = wardcast("releases", "--data", tmp_path / "files", "--area", wf.LBBD)
    assert done.exit_code == 0, done.err
    (row,) = [line for line in done.out.splitlines() if "second.csv" in line]
    assert "+8" in row
    assert "%" not in row


def test_what_was_known_is_told_where_the_counts_come_from_no_ward_release(
    wardcast: CommandLine, tmp_path: Path
) -> None:
    header = ["lsoa_code", "lsoa_name", "major_category", "minor_category", "month", "count"]
    rows = [[code, code, *wf.ROBBERY, "2024-02", 3] for code in ("E01000011", "E01000013")]
    wf.write(tmp_path / "files" / "small.csv", [header, *rows])
    pairs = [("E01000011", wf.ABBEY), ("E01000013", wf.ALIBON)]
    wf.write(tmp_path / "files" / "lookup.csv", [["lsoa21cd", "ward22cd"], *pairs])
    done = wardcast("releases", "--data", tmp_path / "files", "--area", wf.LBBD, "--known-on", "2024-03-31")
    assert done.exit_code == 0, done.err
    assert "come from no ward release" in done.out
    assert "31 March 2024: no release of that time is at hand" in done.out


def test_a_day_that_is_none_is_refused_before_the_reading(wardcast: CommandLine, tmp_path: Path) -> None:
    done = wardcast("releases", "--data", tmp_path / "nothing", "--area", wf.LBBD, "--known-on", "March 2024")
    assert done.exit_code == 2
    assert "--known-on" in done.err


def test_a_day_before_the_data_is_refused(wardcast: CommandLine, folder: Path) -> None:
    done = wardcast("releases", "--data", folder, "--area", wf.LBBD, "--known-on", "2009-01-31")
    assert done.exit_code == 2
    assert "--known-on" in done.err
    assert "a day from 2023-01-01 on" in done.err
