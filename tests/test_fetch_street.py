"""Fetching street files: only the force's members of the archive travel, and only rows around the area are kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.fetching import FetchHere, told
from tests.official_server import Document, Fault
from tests.official_site import (
    ARCHIVE,
    LBBD,
    WARDS,
    Site,
    street_archive,
)
from wardcast.fetch import street_archive as street_archive_reader
from wardcast.fetch.remote_file import TAIL_BYTES
from wardcast.fetch.visit import Status


def test_only_the_members_of_the_force_travel(fetch_here: FetchHere, site: Site, out: Path) -> None:
    content = site.server.documents[ARCHIVE].content
    padding = bytes(5_000_000)
    site.server.documents[ARCHIVE] = Document(padding + content, "application/zip")
    fetch_here("ons-wards-2022", "policeuk-street")
    sent = site.server.asked(ARCHIVE)
    assert {asked.status for asked in sent} == {206}
    assert sum(asked.bytes_sent for asked in sent) < TAIL_BYTES + 500_000
    assert sorted(path.name for path in out.rglob("*-street.csv")) == [
        f"2025-0{number}-metropolitan-street.csv" for number in (1, 2, 3)
    ]


def test_street_rows_far_away_or_without_a_place_are_left_out_and_counted(
    fetch_here: FetchHere, out: Path, sample_dir: Path
) -> None:
    report = fetch_here("ons-wards-2022", "policeuk-street")
    note = next(result.note for result in report.results if "2025-03" in result.file)
    (official,) = sample_dir.glob("policeuk/2025-03/*.csv")
    rows = official.read_text(encoding="utf-8").count("\n") - 1
    assert note == f"{rows:,} of the force's {rows + 2:,} rows lie around the area and were kept; 1 have no place."
    assert (out / "policeuk/2025-03/2025-03-metropolitan-street.csv").read_bytes() == official.read_bytes()


def test_a_server_without_ranges_makes_the_whole_archive_travel_and_it_is_deleted(
    fetch_here: FetchHere, site: Site, out: Path
) -> None:
    site.server.fail(ARCHIVE, Fault.NO_RANGES)
    report = fetch_here("ons-wards-2022", "policeuk-street")
    assert report.complete, told(report)
    assert len(list(out.rglob("*-street.csv"))) == 3
    assert not list(out.rglob("*.zip"))


def test_an_archive_that_changes_meanwhile_is_refused(fetch_here: FetchHere, site: Site) -> None:
    site.server.fail(ARCHIVE, Fault.COOKIE, Fault.OTHER_TAG)
    report = fetch_here("ons-wards-2022", "policeuk-street")
    (failure,) = report.of(Status.FAILED)
    assert failure.problem is not None
    assert failure.file == "policeuk/2025-01/2025-01-metropolitan-street.csv"
    assert "changed meanwhile" in failure.problem.found


def test_a_damaged_member_is_refused_and_the_others_are_kept(
    fetch_here: FetchHere, site: Site, out: Path, sample_dir: Path
) -> None:
    content = bytearray(street_archive(sample_dir))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo("2025-02/2025-02-metropolitan-street.csv")
    content[member.header_offset + 300] ^= 0xFF
    site.server.documents[ARCHIVE] = Document(bytes(content), "application/zip")
    report = fetch_here("ons-wards-2022", "policeuk-street")
    assert [failure.file for failure in report.of(Status.FAILED)] == [
        "policeuk/2025-02/2025-02-metropolitan-street.csv"
    ]
    assert len(list(out.rglob("*-street.csv"))) == 2


def test_nothing_is_written_outside_the_folder(fetch_here: FetchHere, out: Path, tmp_path: Path) -> None:
    fetch_here("ons-wards-2022", "policeuk-street")
    outside = [path for path in tmp_path.rglob("*.csv") if out not in path.parents]
    assert [path.name for path in outside] == ["addresses.csv"]


def test_a_month_that_the_force_did_not_publish_stays_missing(
    fetch_here: FetchHere, site: Site, out: Path, sample_dir: Path
) -> None:
    site.server.documents[ARCHIVE] = Document(street_archive(sample_dir, without="2025-02"), "application/zip")
    report = fetch_here("ons-wards-2022", "policeuk-street")
    (absent,) = report.of(Status.ABSENT)
    assert absent.file == "policeuk/2025-02/2025-02-metropolitan-street.csv"
    assert "not zero" in absent.note
    assert report.complete
    assert not (out / absent.file).exists()


def test_months_before_an_archive_are_looked_for_in_an_older_one(fetch_here: FetchHere, site: Site) -> None:
    report = fetch_here("ons-wards-2022", "policeuk-street", since="2022-03")
    (failure,) = report.of(Status.FAILED)
    assert failure.problem is not None
    assert failure.problem.found == "status 404 (Not Found)"
    archives = [asked.path for asked in site.server.log if asked.status == 404]
    assert archives == [f"/data/archive/2022-0{number}.zip" for number in (3, 4, 5, 6)]
    assert len([result for result in report.of(Status.FETCHED) if "policeuk" in result.file]) == 36


def test_months_before_the_first_archive_are_looked_for_in_it(fetch_here: FetchHere, site: Site) -> None:
    fetch_here("ons-wards-2022", "policeuk-street", since="2012-01", until="2012-02")
    archives = [asked.path for asked in site.server.log if asked.status == 404]
    assert archives[0] == "/data/archive/2013-12.zip"


def test_a_server_that_gives_more_than_the_part_asked_for_is_never_held_in_memory(
    fetch_here: FetchHere, site: Site
) -> None:
    site.server.fail(ARCHIVE, Fault.WHOLE_AS_PART)
    report = fetch_here("ons-wards-2022", "policeuk-street")
    assert report.complete, told(report)
    assert [asked.status for asked in site.server.asked(ARCHIVE)] == [206, 200]
    assert site.server.asked(ARCHIVE)[0].bytes_sent > TAIL_BYTES


def test_a_member_larger_than_any_month_is_refused(fetch_here: FetchHere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(street_archive_reader, "PACKED_BYTES", 1000)
    report = fetch_here("ons-wards-2022", "policeuk-street")
    assert len(report.of(Status.FAILED)) == 3
    assert "at most 1,000 bytes" in told(report)


def test_outside_london_the_force_is_asked_for(fetch_here: FetchHere, site: Site, out: Path) -> None:
    answer = site.server.answers[WARDS]
    site.server.answers[WARDS] = lambda query: answer({**query, "where": f"LAD22CD='{LBBD}'"})
    site.server.documents["/api/locate"] = Document(b'{"force": "kent", "neighbourhood": "x"}', "application/json")
    with site.table.open("a", encoding="utf-8") as file:
        file.write(f'policeuk-locate,"{site.server.base}/api/locate?q={{latitude}},{{longitude}}"\n')
    fetch_here("ons-wards-2022", "policeuk-street", area="e08000025", since="2025-03")
    (asked,) = site.server.asked("/api/locate")
    latitude, longitude = map(float, asked.query["q"].split(","))
    assert (round(latitude), round(longitude)) == (52, 0)
    assert (out / "policeuk/2025-03/2025-03-kent-street.csv").is_file()


def test_all_of_london_keeps_the_forces_files_whole(fetch_here: FetchHere, out: Path) -> None:
    report = fetch_here("policeuk-street", area="London", since="2025-03")
    assert [(result.status, result.note[:20]) for result in report.results] == [
        (Status.FETCHED, ""),
        (Status.ABSENT, "data.police.uk holds"),
    ]
    kept = (out / "policeuk/2025-03/2025-03-metropolitan-street.csv").read_text(encoding="utf-8")
    assert "On or near Airport" in kept
    assert "No location" in kept
