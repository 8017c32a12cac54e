"""Requests are read strictly, and every mistake says where it is and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plans import POLICE, make_request
from wardcast_models.allocation.request_file import parse_request, read_request
from wardcast_models.allocation.request_names import check_wards
from wardcast_models.errors import ErrorKind, Problem, WardcastError

QUARTER = Path(__file__).parent.parent / "experiments" / "requests" / "quarter.yaml"


def test_the_shortest_request_is_one_team(tmp_path: Path) -> None:
    file = tmp_path / "short.yaml"
    file.write_text("resources:\n  - {name: Patrol, agency: police, hours_per_month: 1200}\n", encoding="utf-8")
    request = read_request(file)
    assert request.horizon_months == 3
    assert [shift.name for shift in request.shifts] == ["day", "late", "night"]


def test_the_example_for_a_quarter_is_a_valid_request_for_any_borough() -> None:
    request = read_request(QUARTER)
    assert len(request.resources) == 4
    assert not any(resource.wards for resource in request.resources)


@pytest.mark.parametrize(
    ("fields", "where", "hint"),
    [
        ({"limits": {"ward_minimum": 3}}, "limits.ward_minimum", "ward_min_hours_per_month"),
        ({"horizon": 3}, "horizon", "horizon_months"),
        ({"objective": {"harmscale": "ons"}}, "objective.harmscale", "harm_scale"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(fields: dict[str, object], where: str, hint: str) -> None:
    problem = _problem(POLICE, **fields)
    assert problem.where == f"request.yaml: {where}"
    assert hint in problem.mend


def test_an_unknown_key_inside_a_team_is_told_with_its_place() -> None:
    problem = _problem({**POLICE, "hours": 3})
    assert problem.where == "request.yaml: resources[0].hours"
    assert "hours_per_month" in problem.mend


def test_a_wrong_value_says_what_was_expected_and_found() -> None:
    problem = _problem({**POLICE, "hours_per_month": -5})
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


def test_an_effect_on_a_category_that_presence_cannot_touch_is_refused() -> None:
    problem = _problem({**POLICE, "effectiveness": {"rape": 1, "burglary_residential": 0.5, "homicide": 0}})
    assert problem.where == "request.yaml: resources[0].effectiveness.rape"
    assert "change nothing" in problem.mend


def test_a_name_like_no_other_is_not_guessed_at() -> None:
    assert _problem({**POLICE, "type": "magic"}).mend == "Use one of these."


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_hours_that_are_no_number_are_refused(number: float) -> None:
    assert _problem({**POLICE, "hours_per_month": number}).where.endswith("hours_per_month")


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(WardcastError) as refused:
        make_request({**POLICE, "agency": "army"}, horizon_months=40, colour="red")
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("fields", "where", "hint"),
    [
        ({"shifts": ["nite"]}, "resources[0].shifts", "night"),
        ({"effectiveness": {"robbery_persona": 1}}, "resources[0].effectiveness", "robbery_personal"),
        ({"type": "visible_patrl"}, "resources[0].type", "visible_patrol"),
    ],
)
def test_an_unknown_name_in_a_team_names_the_nearest(fields: dict[str, object], where: str, hint: str) -> None:
    problem = _problem({**POLICE, **fields})
    assert problem.where == f"request.yaml: {where}"
    assert hint in problem.mend


def test_an_unknown_priority_is_refused() -> None:
    problem = _problem(POLICE, objective={"priority_weights": {"burglry": 2}})
    assert problem.where == "request.yaml: objective.priority_weights"
    assert "`burglary`" in problem.mend


def test_two_teams_of_one_name_are_refused() -> None:
    with pytest.raises(WardcastError, match="a name used once"):
        make_request(POLICE, POLICE)


def test_a_ward_outside_the_area_is_refused_and_a_ward_name_is_turned_into_its_code() -> None:
    request = make_request({**POLICE, "wards": ["Abbey", "E05099999"]})
    with pytest.raises(WardcastError) as refused:
        check_wards(request, {"E05014053": "Abbey"}, area_name="Barking and Dagenham")
    first, second = refused.value.problems
    assert "E05014053" in first.mend
    assert second.found == "E05099999"


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


def _problem(*resources: dict[str, object], **fields: object) -> Problem:
    with pytest.raises(WardcastError) as refused:
        make_request(*resources, **fields)
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    assert len(refused.value.problems) == 1
    return refused.value.problems[0]
