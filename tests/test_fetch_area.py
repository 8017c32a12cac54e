"""Fetching an area's files: everything there is, read back as the panel it came from, and nothing twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from tests.fetching import FetchHere, only_problem, told
from tests.official_server import Document, Fault
from tests.official_site import (
    AGES,
    DATES,
    EXY3M,
    HISTORICAL,
    LBBD,
    LOOKUP,
    LSOAS,
    NOMIS,
    RECENT,
    SERVED,
    WARDS,
    Site,
    listing,
)
from wardcast.fetch.visit import Status
from wardcast_models.errors import WardcastError
from wardcast_models.panel.ingest import read_folder


def test_everything_fetched_is_read_back_as_the_panel_it_came_from(
    fetch_here: FetchHere, sample_dir: Path, out: Path
) -> None:
    report = fetch_here(since="2022-04")
    assert report.complete, told(report)
    assert {result.id for result in report.results} == set(SERVED)
    fetched, sample = read_folder(out, area=LBBD), read_folder(sample_dir, area=LBBD)
    assert fetched.ward_codes == sample.ward_codes
    assert list(fetched.months) == list(sample.months)
    assert {"asb", "deliberate_fires"} <= set(fetched.categories)
    assert len(fetched.categories) > 10
    for position, category in enumerate(fetched.categories):
        there = sample.counts[:, sample.categories.index(category)]
        np.testing.assert_array_equal(fetched.counts[:, position], there, err_msg=category)


def test_a_second_run_fetches_no_file_again(fetch_here: FetchHere, site: Site) -> None:
    fetch_here()
    before = len(site.server.log)
    report = fetch_here()
    assert {result.status for result in report.results} == {Status.UNCHANGED}
    again = {asked.path for asked in site.server.log[before:]}
    assert again <= {EXY3M, DATES, *(path for path in again if path.startswith("/api/v3/dataset/"))}


def test_refresh_fetches_everything_again(fetch_here: FetchHere, site: Site) -> None:
    fetch_here("mps-ward-recent")
    report = fetch_here("mps-ward-recent", refresh=True)
    assert [result.status for result in report.results] == [Status.FETCHED]
    assert len(site.server.asked(RECENT)) == 2


def test_without_a_checksum_the_server_is_asked_whether_the_file_is_new(fetch_here: FetchHere, site: Site) -> None:
    listed = json.loads(site.server.documents[EXY3M].content)
    for resource in listed["resources"].values():
        del resource["hash"]
    site.server.documents[EXY3M] = Document(json.dumps(listed).encode(), "application/json")
    fetch_here("mps-ward-recent")
    report = fetch_here("mps-ward-recent")
    assert [result.status for result in report.results] == [Status.UNCHANGED]
    assert [asked.status for asked in site.server.asked(RECENT)] == [200, 304]


def test_a_damaged_copy_is_told_and_fetched_again(fetch_here: FetchHere, out: Path) -> None:
    fetch_here("mps-ward-recent")
    (kept,) = out.glob("mps/*")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-100])
    report = fetch_here("mps-ward-recent")
    assert [result.status for result in report.results] == [Status.FETCHED]
    assert "changed or damaged" in report.results[0].note
    assert kept.read_bytes() == whole


def test_a_damaged_manifest_means_that_all_is_fetched_again(fetch_here: FetchHere, out: Path) -> None:
    fetch_here("mps-ward-recent")
    (out / ".wardcast_fetch" / "manifest.json").write_text('{"files": [', encoding="utf-8")
    assert [result.status for result in fetch_here("mps-ward-recent").results] == [Status.FETCHED]


def test_the_manifest_says_where_each_file_came_from(fetch_here: FetchHere, site: Site, out: Path) -> None:
    fetch_here("mps-ward-historical")
    (entry,) = json.loads((out / ".wardcast_fetch" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert entry["address"] == f"{site.server.base}{HISTORICAL}".replace(" ", "%20")
    assert entry["fetched_at"].startswith("2025-04-01")
    assert entry["bytes"] == (out / entry["file"]).stat().st_size
    assert entry["layout"] == "an MPS ward release"
    assert entry["published_md5"] == site.server.documents[HISTORICAL].md5


def test_what_fails_is_told_by_address_and_the_rest_is_kept(fetch_here: FetchHere, site: Site, out: Path) -> None:
    site.server.fail(HISTORICAL, Fault.NOT_FOUND)
    report = fetch_here("mps-ward-historical", "mps-ward-recent")
    (failure,) = report.of(Status.FAILED)
    assert failure.problem is not None
    assert failure.problem.where.startswith("mps-ward-historical (http://127.0.0.1")
    assert "--addresses" in failure.problem.mend
    assert failure.problem.found == "status 404 (Not Found)"
    assert [path.name for path in out.glob("mps/*")] == ["MPS Ward Level Crime (most recent 24 months).csv"]


def test_a_data_set_without_the_title_names_those_it_has(fetch_here: FetchHere, site: Site) -> None:
    site.server.documents[EXY3M] = listing(site.server, ("/download/exy3m/f6/Something else.csv", b"a,b\n1,2\n"))
    problem = only_problem(fetch_here("mps-ward-recent"))
    assert "Something else.csv" in problem.found


def test_a_file_of_another_layout_is_not_kept(fetch_here: FetchHere, site: Site, out: Path) -> None:
    site.server.documents[EXY3M] = listing(site.server, (RECENT, b"Team,Points\nDagenham & Redbridge,50\n"))
    problem = only_problem(fetch_here("mps-ward-recent"))
    assert "unknown header (Team, Points)" in problem.found
    assert not list(out.glob("mps/*"))


def test_one_folder_is_for_one_area(fetch_here: FetchHere) -> None:
    fetch_here("mps-ward-recent")
    with pytest.raises(WardcastError, match="fetched for E09000002"):
        fetch_here("mps-ward-recent", area="Hackney")


def test_small_areas_are_asked_for_by_the_codes_of_the_lookup(fetch_here: FetchHere, site: Site, out: Path) -> None:
    report = fetch_here("ons-lsoa21-ward22", "ons-lsoa-2021")
    assert report.complete, told(report)
    features = json.loads((out / "geography/lsoa_2021.geojson").read_text(encoding="utf-8"))["features"]
    with (out / "geography/lsoa21_to_ward22.csv").open(encoding="utf-8") as file:
        codes = {row["LSOA21CD"] for row in csv.DictReader(file)}
    assert {feature["properties"]["LSOA21CD"] for feature in features} == codes
    assert max(len(asked.query["where"]) for asked in site.server.asked(LSOAS)) < 1800


def test_the_lookup_is_read_page_by_page_for_the_area_only(fetch_here: FetchHere, site: Site, out: Path) -> None:
    fetch_here("ons-lsoa21-ward22")
    with (out / "geography/lsoa21_to_ward22.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 60
    assert len({row["LSOA21CD"] for row in rows}) == len(rows)
    assert {row["LAD22CD"] for row in rows} == {LBBD}
    assert [asked.query["resultOffset"] for asked in site.server.asked(LOOKUP)][:3] == ["0", "30", "60"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b'{"error": {"code": 400, "message": "Invalid URL"}}', "refusal 400 (Invalid URL)"),
        (b'{"features": []}', "none"),
        (b'{"features": [{"attributes": {"WARD": "x"}}]}', "WARD"),
        (b'{"features": [], "exceededTransferLimit": true}', "an empty one"),
        (b"<html>", "<html>"),
    ],
)
def test_a_feature_service_that_answers_otherwise_is_refused(
    answer: bytes, told: str, fetch_here: FetchHere, site: Site, out: Path
) -> None:
    site.server.answers[LOOKUP] = lambda _query: Document(answer, "application/json")
    problem = only_problem(fetch_here("ons-lsoa21-ward22"))
    assert told in problem.found
    assert not (out / "geography").exists()


def test_census_rows_of_other_areas_are_left_out(fetch_here: FetchHere, site: Site, out: Path) -> None:
    report = fetch_here("ons-lsoa21-ward22", "nomis-census-ward")
    assert report.complete, told(report)
    kept = (out / "population/census2021_ward22.csv").read_text(encoding="utf-8")
    assert kept.startswith("ward_code,ward_name,restype_code,restype,count\n")
    assert "Aethwy" not in kept
    assert kept.count("Lives in a household") == 19


def test_a_census_table_that_nomis_has_cut_is_refused(fetch_here: FetchHere, site: Site) -> None:
    head = site.server.documents[NOMIS].content
    site.server.documents[NOMIS] = Document(head + b'"E05000001","x",1,"Lives in a household",1\n' * 25_000)
    report = fetch_here("ons-lsoa21-ward22", "nomis-census-ward")
    (failure,) = report.of(Status.FAILED)
    assert failure.problem is not None
    assert "cuts answers off" in failure.problem.found


def test_what_needs_the_lookup_says_so_without_it(fetch_here: FetchHere) -> None:
    problem = only_problem(fetch_here("nomis-census-ward"))
    assert "ons-lsoa21-ward22" in problem.mend


def test_a_census_archive_keeps_only_the_areas_small_areas(fetch_here: FetchHere, site: Site, out: Path) -> None:
    report = fetch_here("ons-lsoa21-ward22", "nomis-census-lsoa-age")
    assert report.complete, told(report)
    kept = (out / "population/census2021_lsoa21_age.csv").read_text(encoding="utf-8")
    assert "E01000001" not in kept
    assert kept.count("Somewhere") > 60
    assert len(site.server.asked(AGES)) == 1


def test_ward_boundaries_keep_their_codes_and_nothing_else(fetch_here: FetchHere, site: Site, out: Path) -> None:
    fetch_here("ons-wards-2022")
    features = json.loads((out / "geography/wards_2022.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == 19
    assert set(features[0]["properties"]) == {"WD22CD", "WD22NM", "LAD22CD", "LAD22NM"}
    assert site.server.asked(WARDS)[0].query["where"] == f"LAD22CD='{LBBD}'"


def test_a_folder_that_cannot_be_written_to_is_told(fetch_here: FetchHere, out: Path) -> None:
    out.mkdir()
    (out / "mps").write_text("a file where a folder has to be", encoding="utf-8")
    problem = only_problem(fetch_here("mps-ward-recent"))
    assert problem.expected == "a folder that can be written to"
