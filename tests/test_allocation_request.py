"""Requests are read strictly, and every mistake says where it is and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plans import POLICE, make_request
from tests.request_problems import LOCKED, RING_FENCE, problem_with
from wardcast_models.allocation.request.file import parse_request, read_request
from wardcast_models.errors import ErrorKind, WardcastError


def test_the_shortest_request_is_three_lines(tmp_path: Path) -> None:
    file = tmp_path / "short.yaml"
    file.write_text("resources:\n  - name: Neighbourhood patrol\n    hours_per_month: 2400\n", encoding="utf-8")
    request = read_request(file)
    assert request.horizon_months == 3
    assert [shift.name for shift in request.shifts] == ["day", "late", "night"]
    assert request.resources[0].agency == "police"


@pytest.mark.parametrize(("kind", "agency"), [("wardens", "council"), ("safe_haven", "partner")])
def test_a_team_belongs_to_the_usual_agency_of_its_type_unless_the_request_says_otherwise(
    kind: str, agency: str
) -> None:
    team = {"name": "Team", "hours_per_month": 100, "type": kind}
    assert make_request(team).resources[0].agency == agency
    assert make_request({**team, "agency": "police"}).resources[0].agency == "police"


@pytest.mark.parametrize(
    ("fields", "where", "hint"),
    [
        ({"limits": {"ward_minimum": 3}}, "limits.ward_minimum", "ward_min_hours_per_month"),
        ({"horizon": 3}, "horizon", "horizon_months"),
        ({"objective": {"harmscale": "ons"}}, "objective.harmscale", "harm_scale"),
        ({"last_plan": {"nam": "assignments.csv"}}, "last_plan.nam", "name"),
        ({"baseline": {"splits": "equal"}}, "baseline.splits", "split"),
        ({"shifts": [{"name": "day", "hour": 8, "hours": 8}]}, "shifts[0].hour", "hours"),
        ({"shift_shares": [{"category": "all", "shares": {}, "share": 1}]}, "shift_shares[0].share", "shares"),
        ({"limits": {"ring_fences": [{**RING_FENCE, "ward": "x"}]}}, "limits.ring_fences[0].ward", "wards"),
        ({"limits": {"locked": [{**LOCKED, "shifts": "day"}]}}, "limits.locked[0].shifts", "shift"),
        ({"limits": {"forbidden": [{"ward": "x", "resorce": "y"}]}}, "limits.forbidden[0].resorce", "resource"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(fields: dict[str, object], where: str, hint: str) -> None:
    problem = problem_with(POLICE, **fields)
    assert problem.where == f"request.yaml: {where}"
    assert hint in problem.mend


def test_an_unknown_key_inside_a_team_is_told_with_its_place() -> None:
    problem = problem_with({**POLICE, "unit_hour": 3})
    assert problem.where == "request.yaml: resources[0].unit_hour"
    assert problem.mend == "Did you mean `unit_hours`?"


def test_an_unknown_key_that_is_near_to_a_lacking_one_names_that() -> None:
    with pytest.raises(WardcastError) as refused:
        parse_request({"resources": [{"name": "Patrol", "hours": 100}]}, where="request.yaml")
    unknown = next(problem for problem in refused.value.problems if "unknown key" in problem.found)
    assert unknown.mend == "Did you mean `hours_per_month`?"


def test_a_wrong_value_says_what_was_expected_and_found() -> None:
    problem = problem_with({**POLICE, "hours_per_month": -5})
    assert problem.where == "request.yaml: resources[0].hours_per_month"
    assert "greater than or equal to 0" in problem.expected
    assert problem.found == "-5"


@pytest.mark.parametrize(
    ("fields", "expected", "found"),
    [
        ({"resources": []}, "at least one in this list", "an empty list"),
        ({"resources": "Patrol"}, "a list", "the text 'Patrol'"),
        ({"resources": [{**POLICE, "wards": "E05014053"}]}, "a list", "the text 'E05014053'"),
        ({"resources": [{**POLICE, "hours_per_month": "many"}]}, "a number", "the text 'many'"),
        ({"resources": [POLICE], "title": 3}, "text", "3"),
        ({"resources": [{**POLICE, "name": ""}]}, "text that is not empty", "nothing"),
        ({"resources": [POLICE], "limits": [1]}, "fields with a value each", "a list ([1])"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_in_plain_words(fields: dict[str, object], expected: str, found: str) -> None:
    with pytest.raises(WardcastError) as refused:
        parse_request(fields, where="request.yaml")
    (problem,) = refused.value.problems
    assert (problem.expected, problem.found, problem.mend) == (expected, found, f"Give {expected}.")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_hours_that_are_no_number_are_refused(number: float) -> None:
    assert problem_with({**POLICE, "hours_per_month": number}).where.endswith("hours_per_month")


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(WardcastError) as refused:
        make_request({**POLICE, "agency": "army"}, horizon_months=40, colour="red")
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", "nothing"),
        (b"resources", "the text 'resources'"),
        (b"resources: [", "line 1"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not UTF-8"),
        (b"title: a\ntitle: b\n", "twice"),
        (b"? [a, b]\n: 1\n", "unhashable"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_request_says_what_it_is(tmp_path: Path, text: bytes, found: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(text)
    with pytest.raises(WardcastError) as refused:
        read_request(file)
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    assert found in str(refused.value)


def test_an_absent_file_is_not_found_and_its_folder_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(WardcastError) as refused:
        read_request(tmp_path / "absent.yaml")
    assert refused.value.kind is ErrorKind.NOT_FOUND
    assert str(tmp_path) not in str(refused.value)
