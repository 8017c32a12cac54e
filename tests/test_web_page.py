"""The page: what is stored can be found, read and downloaded; nothing else happens."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from tests.page_reading import PageReader
from tests.store_examples import AREA, add_dataset, add_plans
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.write import write_pack
from wardcast.settings import Settings
from wardcast.store.records import OperationRecord, OperationState
from wardcast.store.store import Store
from wardcast.web.page import create_page
from wardcast_models.errors import ErrorKind, Problem


@pytest.fixture
def browser(store: Store) -> TestClient:
    return TestClient(create_page(store), base_url="http://localhost:8080", raise_server_exceptions=False)


def read(browser: TestClient, address: str, *, status: int = 200) -> PageReader:
    answer = browser.get(address)
    assert answer.status_code == status
    return PageReader(answer.text)


def test_an_empty_store_is_explained(browser: TestClient) -> None:
    words = read(browser, "/").words
    assert "No plan has been made yet." in words
    assert "No data has been read yet." in words
    assert "Nothing is running or waiting." in read(browser, "/operations").words


def test_a_reader_gets_from_the_start_page_to_a_plan_its_report_and_its_data(store: Store, browser: TestClient) -> None:
    add_dataset(store)
    (plan,) = add_plans(store, 1)
    home = read(browser, "/")
    assert f"/{plan.name}" in home.addresses
    assert f"/areas/{AREA}" in home.addresses

    shown = read(browser, f"/{plan.name}")
    assert "Abbey gets the most" in shown.words
    assert "Anti-social behaviour is not forecast" in shown.words
    assert "Today’s presence in each ward is assumed, not known" in shown.words
    assert {f"/{plan.name}/report.html", f"/{plan.name}/plan.xlsx", f"/{plan.name}/assignments.csv"} <= set(
        shown.addresses
    )
    assert [cell.figures for cell in shown.table("Officer hours").row("1. Abbey")][1] == [plan.plan.wards[0].hours]
    for address in set(shown.addresses) - {"data:,", "#main"}:
        assert browser.get(address).status_code == 200, address

    dataset = read(browser, f"/areas/{AREA}/datasets/ds-4be14be14be1")
    assert "A left-over column was dropped: 2023-03." in dataset.words
    assert "April 2010 to March 2025" in dataset.words


def test_plans_are_listed_newest_first_a_page_at_a_time(store: Store, browser: TestClient) -> None:
    add_dataset(store)
    add_plans(store, 25)
    for address in ("/plans", f"/areas/{AREA}"):
        first = read(browser, address)
        assert [row[0].words for row in first.table("Newest first").rows[1:]] == [
            f"Patrol plan {index}" for index in range(24, 4, -1)
        ]
        older = next(link for link in first.addresses if "page_token=" in link)
        second = read(browser, older)
        assert [row[0].words for row in second.table("Newest first").rows[1:]] == [
            f"Patrol plan {index}" for index in range(4, -1, -1)
        ]
        assert not [link for link in second.addresses if "page_token=" in link]


def test_the_report_is_the_one_that_was_written_with_the_plan(store: Store, browser: TestClient) -> None:
    add_dataset(store)
    (plan,) = add_plans(store, 1)
    anew = browser.get(f"/{plan.name}/report.html")
    assert "No ward boundaries were given" in anew.text

    folder = store.artefact_path("plans", plan.plan_id, "")
    files = write_pack(ReportInputs(plan=plan.plan, provenance=plan.provenance), folder)
    files.report.write_text("<!doctype html><p>as kept</p>")
    assert browser.get(f"/{plan.name}/report.html").text == "<!doctype html><p>as kept</p>"
    assert browser.get(f"/{plan.name}/plan.xlsx").content == files.workbook.read_bytes()
    assert browser.get(f"/{plan.name}/assignments.csv").content == files.assignments.read_bytes()


def test_downloads_open_and_carry_a_file_name(store: Store, browser: TestClient) -> None:
    add_dataset(store)
    (plan,) = add_plans(store, 1)
    table = browser.get(f"/{plan.name}/assignments.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="pl-0000-assignments.csv"'
    assert len(list(csv.DictReader(StringIO(table.text)))) == len(plan.plan.assignments)
    book = openpyxl.load_workbook(BytesIO(browser.get(f"/{plan.name}/plan.xlsx").content))
    assert book["Wards"]["C2"].value == "Abbey"


def test_work_in_progress_shows_how_far_it_is_and_why_it_failed(store: Store, browser: TestClient) -> None:
    store.operations.put(
        OperationRecord(
            operation_id="op-1",
            kind="create_plan",
            area_code=AREA,
            payload={},
            state=OperationState.RUNNING,
            fraction=0.4,
            phrase="drawing paths",
        )
    )
    problem = Problem(where="limits", expected="at most 900 hours", found="1,200", mend="Lower the ward minimum.")
    store.operations.put(
        OperationRecord(
            operation_id="op-2",
            kind="create_plan",
            area_code=AREA,
            payload={},
            state=OperationState.FAILED,
            error_kind=ErrorKind.INFEASIBLE,
            error_message="The limits contradict one another.",
            error_problems=(problem,),
        )
    )
    page = read(browser, "/operations")
    assert page.table("Queued and running").row("Create plan")[3].words == "40% drawing paths"
    assert "The limits contradict one another." in page.words
    assert "Lower the ward minimum." in page.words


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:8080", "wards.council.example", "a.b.example"])
def test_the_page_answers_to_the_names_it_was_given(store: Store, browser: TestClient, host: str) -> None:
    settings = Settings(page_host="192.0.2.7", page_allowed_hosts="wards.council.example, *.b.example")
    page = TestClient(create_page(store, hosts=settings.page_hosts))
    assert page.get("/plans", headers={"Host": host}).status_code == 200
    assert page.get("/plans", headers={"Host": "192.0.2.7:8080"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", ""])
def test_a_foreign_name_that_leads_here_is_refused(store: Store, browser: TestClient, host: str) -> None:
    add_dataset(store)
    refused = browser.get("/", headers={"Host": host})
    assert refused.status_code == 400
    assert "Barking" not in refused.text
    assert "content-security-policy" in refused.headers


@pytest.mark.parametrize("names", ["*evil", "a b", "http://wards.example", ",", "a,*.b,c*"])
def test_a_setting_that_lists_no_host_names_is_refused(names: str) -> None:
    with pytest.raises(ValidationError, match="page_allowed_hosts"):
        Settings(page_allowed_hosts=names)


def test_health_is_answered_for_machines(browser: TestClient) -> None:
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "address",
    [
        "/nope",
        "/areas/E09999999",
        f"/areas/{AREA}/plans/pl-none",
        f"/areas/{AREA}/plans/pl-none/report.html",
        f"/areas/{AREA}/datasets/ds-none",
        f"/areas/{AREA}/plans/..%2f..%2fwardcast.db/report.html",
        f"/areas/{AREA}/plans/%2e%2e/assignments.csv",
    ],
)
def test_an_address_that_leads_nowhere_gets_a_friendly_answer(store: Store, browser: TestClient, address: str) -> None:
    add_dataset(store)
    page = read(browser, address, status=404)
    assert page.headings == ["Page not found"]
    assert "/" in page.addresses


def test_a_plan_is_not_found_under_another_area(store: Store, browser: TestClient) -> None:
    add_dataset(store)
    add_plans(store, 1)
    assert browser.get("/areas/E09000016/plans/pl-0000").status_code == 404


def test_a_wrong_page_token_is_explained(browser: TestClient) -> None:
    page = read(browser, "/plans?page_token=nonsense", status=400)
    assert "The page token does not continue this list." in page.words


def test_the_page_only_reads(browser: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert browser.request(method, "/plans").status_code == 405


def test_a_fault_gives_no_inside_view(store: Store, browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("secret path")

    monkeypatch.setattr(store.plans, "list", broken)
    page = read(browser, "/plans", status=500)
    assert "Sorry, there is a problem" in page.headings
    assert "secret" not in page.words


@pytest.mark.parametrize("address", ["/", "/plans", "/nope", "/healthz", "/assets/page.css", "/areas/x"])
def test_every_answer_forbids_scripts_frames_and_guessing(browser: TestClient, address: str) -> None:
    headers = browser.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_report_may_carry_its_style_but_no_script(store: Store, browser: TestClient) -> None:
    add_dataset(store)
    (plan,) = add_plans(store, 1)
    policy = browser.get(f"/{plan.name}/report.html").headers["content-security-policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_pages_ask_only_for_their_own_style_sheet_and_hold_no_style_or_script(
    store: Store, browser: TestClient
) -> None:
    add_dataset(store)
    (plan,) = add_plans(store, 1)
    for address in ("/", "/plans", "/operations", f"/areas/{AREA}", f"/{plan.name}"):
        page = read(browser, address)
        assert not {"script", "style", "img", "iframe"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
        assert all(link.startswith(("/", "#", "data:,")) for link in page.addresses)


def test_hostile_titles_and_names_stay_words(store: Store, browser: TestClient) -> None:
    hostile = "<script>alert(1)</script>"
    add_dataset(store, area_name=hostile)
    (plan,) = add_plans(store, 1, title=hostile)
    for address in ("/", "/plans", f"/areas/{AREA}", f"/{plan.name}", f"/{plan.name}/report.html"):
        page = read(browser, address)
        assert "script" not in page.tags
        assert hostile in page.words


def test_the_sample_is_marked_wherever_it_shows(store: Store, browser: TestClient) -> None:
    add_dataset(store, synthetic=True)
    assert "synthetic sample" in read(browser, "/").words
    assert "SYNTHETIC SAMPLE" in read(browser, f"/areas/{AREA}/datasets/ds-4be14be14be1").words
