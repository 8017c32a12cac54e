"""The worked requests, the published schema and the last plan's file are what a user can build on."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command_line import CommandLine
from wardcast_models.allocation.request.file import read_request
from wardcast_models.allocation.request.schema import request_schema
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.reference.response_library import resource_types

REQUESTS = Path(__file__).parent.parent / "experiments" / "requests"
WORKED = sorted(path.name for path in REQUESTS.glob("*.yaml"))
SCHEMA_FILE = REQUESTS / "plan-request.schema.json"

SHORT = "resources:\n  - name: Patrol\n    hours_per_month: 100\n"
HEADER = "month,shift,ward_code,ward_name,resource,agency,hours,data\n"


def test_there_are_three_worked_requests() -> None:
    assert WORKED == ["budget-cut.yaml", "quarter.yaml", "summer-asb-push.yaml"]


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_request_holds_for_any_borough_and_names_its_schema(name: str) -> None:
    request = read_request(REQUESTS / name)
    limits = request.limits
    assert not any(resource.wards for resource in request.resources)
    assert not (limits.locked or limits.forbidden or request.last_plan)
    assert "group" not in {
        limits.protection_by,
        limits.burden_by,
        *(fence.group and "group" for fence in limits.ring_fences),
    }
    first_line = (REQUESTS / name).read_text(encoding="utf-8").splitlines()[0]
    assert first_line == f"# yaml-language-server: $schema={SCHEMA_FILE.name}"


def test_the_budget_cut_is_the_quarter_with_a_fifth_less_money() -> None:
    quarter, cut = read_request(REQUESTS / "quarter.yaml"), read_request(REQUESTS / "budget-cut.yaml")
    assert quarter.limits.budget_pounds is not None
    assert cut.limits.budget_pounds == pytest.approx(0.8 * quarter.limits.budget_pounds)
    less = {"limits": quarter.limits.model_copy(update={"budget_pounds": cut.limits.budget_pounds})}
    assert cut == quarter.model_copy(update={**less, "title": cut.title})


def test_the_notes_on_what_the_quarter_costs_are_right() -> None:
    quarter = read_request(REQUESTS / "quarter.yaml")
    pounds = (
        sum(team.hours_per_month * (team.cost_per_hour or 0) for team in quarter.resources) * quarter.horizon_months
    )
    assert f"would cost {pounds:,.0f}" in (REQUESTS / "quarter.yaml").read_text(encoding="utf-8")


def test_the_summer_push_uses_the_environment_projects() -> None:
    kinds = {team.type for team in read_request(REQUESTS / "summer-asb-push.yaml").resources}
    assert {"safe_haven", "street_space", "community_payback", "pspo_patrol"} <= kinds


def test_the_published_schema_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = CommandLine(tmp_path, monkeypatch, capsys)("request-schema")
    assert done.exit_code == 0, done.err
    assert done.out == SCHEMA_FILE.read_text(encoding="utf-8"), (
        "The request has changed. Publish its schema again: "
        "wardcast request-schema > experiments/requests/plan-request.schema.json"
    )


def test_the_schema_asks_for_resources_only_and_refuses_unknown_keys_everywhere() -> None:
    schema = request_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["resources"]
    assert schema["$defs"]["Resource"]["required"] == ["name", "hours_per_month"]
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False, part["title"]


def test_the_schema_lists_the_kinds_of_team() -> None:
    assert request_schema()["$defs"]["Resource"]["properties"]["type"]["enum"] == list(resource_types())


@pytest.mark.parametrize("name", WORKED)
def test_the_schema_knows_every_key_of_a_worked_request(name: str) -> None:
    schema = request_schema()
    document = yaml.safe_load((REQUESTS / name).read_text(encoding="utf-8"))
    assert list(_unknown_keys(document, schema, schema["$defs"])) == []


def test_the_last_plans_hours_are_read_from_its_file_beside_the_request(tmp_path: Path) -> None:
    rows = (
        "2025-01,day,E05014053,Abbey,Patrol,police,10.00,recorded\n"
        "2025-01,late,E05014053,Abbey,Wardens,council,4.00,recorded\n"
        "2025-02,day,E05014053,Abbey,Patrol,police,8.00,recorded\n"
        "2025-02,day,E05014054,Alibon,Patrol,police,5.00,recorded\n"
    )
    request = _with_last_plan(tmp_path, HEADER + rows, name="../plans/assignments.csv")
    assert request == {"E05014053": 11.0, "E05014054": 2.5}


TWO_MONTHS = (
    HEADER
    + "2025-01,day,E05014053,Abbey,Patrol,police,10.00,recorded\n"
    + "2025-02,day,E05014053,Abbey,Patrol,police,8.00,recorded\n"
)


def test_a_month_without_hours_counts_where_the_plan_beside_its_assignments_has_it(tmp_path: Path) -> None:
    assert _with_last_plan(tmp_path, TWO_MONTHS) == {"E05014053": 9.0}
    (tmp_path / "requests" / "plan.json").write_text(_plan_json("2025-01", "2025-02", "2025-03"), encoding="utf-8")
    assert _with_last_plan(tmp_path, TWO_MONTHS) == {"E05014053": 6.0}


def test_the_last_plan_may_be_named_by_its_json(tmp_path: Path) -> None:
    text = _plan_json("2025-01", "2025-02", "2025-03")
    assert _with_last_plan(tmp_path, text, name="plan.json") == {"E05014053": 6.0}


def test_assignments_beside_the_json_of_another_plan_are_refused(tmp_path: Path) -> None:
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "plan.json").write_text(_plan_json("2024-01", "2024-02"), encoding="utf-8")
    with pytest.raises(WardcastError, match="not of one plan") as refused:
        _with_last_plan(tmp_path, TWO_MONTHS)
    assert refused.value.problems[0].found == "2025-01"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("month,hours", "plan.json"),
        ("[1, 2]", "plan.json"),
        ('{"months": [], "assignments": []}', "plan.json: months"),
        ('{"months": ["2025-01"]}', "plan.json: assignments"),
        (
            '{"months": ["2025-01"], "assignments": [{"wardCode": "E05014053", "hours": "NaN"}]}',
            "plan.json: assignments[0].hours",
        ),
    ],
)
def test_a_json_file_that_is_no_plan_is_refused_with_its_field(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(WardcastError) as refused:
        _with_last_plan(tmp_path, text, name="plan.json")
    assert refused.value.problems[0].where == where


def test_a_packed_file_and_one_saved_by_a_spreadsheet_read_the_same(tmp_path: Path) -> None:
    text = HEADER + "2025-01,day,E05014053,Abbey,Patrol,police,10.00,recorded\n"
    saved = "\ufeff" + text.replace(",", ";").replace("\n", "\r\n")
    assert _with_last_plan(tmp_path, saved) == _with_last_plan(tmp_path, gzip.compress(text.encode()))


def test_the_name_of_a_plan_in_a_service_is_left_to_the_service(tmp_path: Path) -> None:
    file = tmp_path / "request.yaml"
    file.write_text(SHORT + "last_plan: {name: areas/E09000002/plans/pl-0193f2ab7c1d8f3e2a1b9c}\n", encoding="utf-8")
    last_plan = read_request(file).last_plan
    assert last_plan is not None
    assert not last_plan.ward_hours_per_month


def test_hours_that_are_given_are_not_looked_for_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "request.yaml"
    file.write_text(SHORT + "last_plan: {name: Spring, ward_hours_per_month: {E05014053: 40}}\n", encoding="utf-8")
    last_plan = read_request(file).last_plan
    assert last_plan is not None
    assert last_plan.ward_hours_per_month == {"E05014053": 40}


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("month,ward_code\n2025-01,E05014053\n", "assignments.csv, row 1", "a column hours"),
        (HEADER, "assignments.csv", "rows below the header"),
        (HEADER + "2025-01,day,E05014053,Abbey,P,police,many,r\n", "assignments.csv, row 2, column hours", "a number"),
        (HEADER + "2025-01,day,E05014053,Abbey,P,police,-1,r\n", "assignments.csv, row 2, column hours", "0 or more"),
        (HEADER + "January,day,E05014053,Abbey,P,police,1,r\n", "assignments.csv, row 2, column month", "YYYY-MM"),
        (HEADER + "2025-01,day,Abbey,Abbey,P,police,1,r\n", "assignments.csv, row 2, column ward_code", "GSS code"),
        (HEADER + "2025-01,day\n", "assignments.csv, row 2", "8 fields"),
        ("", "assignments.csv", "the assignments of a plan"),
        (b"PK\x03\x04 a workbook", "assignments.csv", "a whole zip archive or workbook"),
        (b"%PDF a letter", "assignments.csv", "the assignments of a plan"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_row_and_column(
    tmp_path: Path, text: str | bytes, where: str, expected: str
) -> None:
    with pytest.raises(WardcastError) as refused:
        _with_last_plan(tmp_path, text)
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    assert refused.value.problems[0].where == where
    assert expected in refused.value.problems[0].expected


@pytest.mark.parametrize(("name", "found"), [("absent.csv", "not there"), (".", "a folder")])
def test_an_absent_last_plan_is_not_found_and_its_folder_is_not_shown(tmp_path: Path, name: str, found: str) -> None:
    file = tmp_path / "request.yaml"
    file.write_text(SHORT + f"last_plan: {{name: {name}}}\n", encoding="utf-8")
    with pytest.raises(WardcastError) as refused:
        read_request(file)
    assert refused.value.kind is ErrorKind.NOT_FOUND
    assert refused.value.problems[0].where == "request.yaml: last_plan.name"
    assert found in refused.value.problems[0].found
    assert str(tmp_path) not in str(refused.value)


def test_a_last_plan_of_unlikely_size_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardcast_models.allocation.request.last_plan_file.MOST_BYTES", 40)
    with pytest.raises(WardcastError, match="bytes"):
        _with_last_plan(tmp_path, HEADER)


def _with_last_plan(folder: Path, content: str | bytes, *, name: str = "assignments.csv") -> dict[str, float]:
    """Write a request and its last plan, and return the hours by ward that the request is read with."""
    (folder / "requests").mkdir(exist_ok=True)
    request = folder / "requests" / "request.yaml"
    request.write_text(SHORT + f"last_plan: {{name: {name}}}\n", encoding="utf-8")
    plan = request.parent / name
    plan.parent.mkdir(exist_ok=True)
    plan.write_bytes(content.encode() if isinstance(content, str) else content)
    last_plan = read_request(request).last_plan
    assert last_plan is not None
    return last_plan.ward_hours_per_month


def _plan_json(*months: str) -> str:
    """Write a plan of 10 hours in one ward in January and 8 in February, as `wardcast plan` does."""
    assigned = [{"wardCode": "E05014053", "month": "2025-01", "hours": 10.0, "resource": "Patrol"}]
    assigned.append({**assigned[0], "month": "2025-02", "hours": 8.0})
    return json.dumps({"name": "areas/E09000002/plans/pl-0001", "months": months, "assignments": assigned})


def _unknown_keys(value: Any, schema: dict[str, Any], parts: dict[str, Any]) -> Iterator[str]:
    """Return the keys of a document that its schema has no property for."""
    schema = parts[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(value, list):
        for item in value:
            yield from _unknown_keys(item, schema["items"], parts)
    elif isinstance(value, dict) and "properties" in schema:
        for key, inner in value.items():
            if key in schema["properties"]:
                yield from _unknown_keys(inner, schema["properties"][key], parts)
            else:
                yield key
