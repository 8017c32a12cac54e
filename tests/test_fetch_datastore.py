"""Finding a data set's files: by id, by title where the id has changed, the newest, and only what may be data."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fetching import FetchHere, only_problem, told
from tests.official_server import Document, Fault
from tests.official_site import CATALOGUE, E1ZP8, EXY3M, PAS, RECENT, Site, listing
from wardcast.fetch.visit import Status

SURVEY = "/download/236kk/d4/PAS_T&Cdashboard_to Q4 24-25.csv"
DATA_SET = "MPS Recorded Crime - Geographic Breakdown"


def catalogue(site: Site, title: str) -> None:
    """Give the data set of the MPS releases another id, under which only the catalogue knows it."""
    found = json.loads(site.server.documents.pop(EXY3M).content)
    spread = [resource | {"timeframeTo": resource.pop("timeframe")["to"]} for resource in found["resources"].values()]
    listed = [{"title": "Trees", "resources": []}, {"title": title, "resources": spread}]
    site.server.documents[CATALOGUE] = Document(json.dumps(listed).encode(), "application/json")


def test_a_data_set_whose_id_has_changed_is_found_by_its_title(fetch_here: FetchHere, site: Site) -> None:
    catalogue(site, DATA_SET)
    report = fetch_here("mps-ward-historical", "mps-ward-recent", "mps-borough")
    assert report.complete, told(report)
    assert len(site.server.asked(CATALOGUE)) == 1
    assert len(site.server.asked(RECENT)) == 1


def test_a_data_set_that_the_catalogue_does_not_hold_is_told(fetch_here: FetchHere, site: Site) -> None:
    catalogue(site, "Something else")
    problem = only_problem(fetch_here("mps-ward-recent"))
    assert problem.found == "status 404 (Not Found) under its id, and no such title in the catalogue"
    assert "--addresses" in problem.mend


def test_a_catalogue_that_does_not_answer_leaves_the_first_answer_told(fetch_here: FetchHere, site: Site) -> None:
    catalogue(site, DATA_SET)
    site.server.fail(CATALOGUE, *[Fault.BROKEN] * 4)
    problem = only_problem(fetch_here("mps-ward-recent"))
    assert problem.found.startswith("status 404 (Not Found) under its id, and the catalogue did not answer (status 500")


def test_a_passing_fault_does_not_lead_to_the_catalogue(fetch_here: FetchHere, site: Site) -> None:
    site.server.fail(EXY3M, *[Fault.BROKEN] * 4)
    problem = only_problem(fetch_here("mps-ward-recent"))
    assert "status 500" in problem.found
    assert not site.server.asked(CATALOGUE)


def test_of_quarterly_surveys_the_newest_is_taken_and_questionnaires_are_not(
    fetch_here: FetchHere, site: Site, out: Path
) -> None:
    content = site.server.documents[SURVEY].content
    older = SURVEY.replace("Q4 24-25", "Q3 23-24")
    questions = "/download/236kk/q/PAS dashboard questions.pdf"
    found = json.loads(listing(site.server, (SURVEY, content), (older, content), (questions, b"%PDF-1.7")).content)
    days = ("2025-05-01T00:00:00", "2024-02-01T00:00:00", "2025-06-01T00:00:00")
    for resource, day in zip(found["resources"].values(), days, strict=True):
        resource["timestamp"] = day
    found["resources"]["r2"]["format"] = "pdf"
    site.server.documents[PAS] = Document(json.dumps(found).encode(), "application/json")
    report = fetch_here("mopac-pas")
    assert report.complete, told(report)
    assert [path.name for path in out.glob("surveys/*")] == ["PAS_T&Cdashboard_to Q4 24-25.csv"]
    assert not site.server.asked(questions)


def test_a_quarter_later_the_survey_of_the_quarter_before_is_no_longer_read(
    fetch_here: FetchHere, site: Site, out: Path
) -> None:
    content = site.server.documents[SURVEY].content
    fetch_here("mopac-pas")
    site.server.documents[PAS] = listing(site.server, (SURVEY.replace("Q4 24-25", "Q1 25-26"), content))
    fetch_here("mopac-pas")
    assert len(list(out.glob("surveys/**/*"))) == 1


def test_an_answer_cut_off_by_a_server_that_does_not_tell_its_length_is_refused(
    fetch_here: FetchHere, site: Site, out: Path
) -> None:
    found = json.loads(site.server.documents[EXY3M].content)
    for resource in found["resources"].values():
        del resource["hash"]
    site.server.documents[EXY3M] = Document(json.dumps(found).encode(), "application/json")
    site.server.fail(RECENT, Fault.UNTOLD_CUT)
    problem = only_problem(fetch_here("mps-ward-recent"))
    assert "the answer was cut off" in problem.found
    assert not list(out.glob("mps/*"))
    assert fetch_here("mps-ward-recent").of(Status.FETCHED)


def test_the_projection_is_told_from_other_files_of_its_data_set(fetch_here: FetchHere, site: Site, out: Path) -> None:
    (path,) = (path for path in site.server.documents if path.endswith("housing-density-ward.csv"))
    content = site.server.documents[path].content
    borough = "/download/e1zp8/b/housing-density-borough.csv"
    site.server.documents[E1ZP8] = listing(site.server, (path, content), (borough, b"Code,Borough\n"))
    assert fetch_here("gla-ward-projection").complete
    assert [kept.name for kept in out.glob("population/*")] == ["gla_housing-density-ward.csv"]
