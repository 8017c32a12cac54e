"""Requests are read strictly, and every mistake says where it is and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plans import POLICE, make_request
from wardcast_models.allocation.request.figures import check_months
from wardcast_models.allocation.request.file import parse_request, read_request
from wardcast_models.allocation.request.names import check_groups, check_wards
from wardcast_models.errors import ErrorKind, Problem, WardcastError

RING_FENCE = {"name": "Evenings", "hours_per_month": 40}
LOCKED = {"ward": "E05014053", "resource": "Patrol", "hours_per_month": 8}


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
    problem = _problem(POLICE, **fields)
    assert problem.where == f"request.yaml: {where}"
    assert hint in problem.mend


def test_an_unknown_key_inside_a_team_is_told_with_its_place() -> None:
    problem = _problem({**POLICE, "unit_hour": 3})
    assert problem.where == "request.yaml: resources[0].unit_hour"
    assert problem.mend == "Did you mean `unit_hours`?"


def test_an_unknown_key_that_is_near_to_a_lacking_one_names_that() -> None:
    with pytest.raises(WardcastError) as refused:
        parse_request({"resources": [{"name": "Patrol", "hours": 100}]}, where="request.yaml")
    unknown = next(problem for problem in refused.value.problems if "unknown key" in problem.found)
    assert unknown.mend == "Did you mean `hours_per_month`?"


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
        ({"hours_by_shift": {"nite": 100}}, "resources[0].hours_by_shift", "night"),
    ],
)
def test_an_unknown_name_in_a_team_names_the_nearest(fields: dict[str, object], where: str, hint: str) -> None:
    problem = _problem({**POLICE, **fields})
    assert problem.where == f"request.yaml: {where}"
    assert hint in problem.mend


@pytest.mark.parametrize(
    ("fields", "where", "hint"),
    [
        ({"objective": {"priority_weights": {"burglry": 2}}}, "objective.priority_weights", "burglary"),
        (
            {"objective": {"harm_scale": "custom", "harm_weights": {"robbery_persona": 9, "arson": 1}}},
            "objective.harm_weights",
            "robbery_personal",
        ),
        ({"shift_shares": [{"category": "al", "shares": {"day": 1}}]}, "shift_shares[0].category", "all"),
        ({"shift_shares": [{"category": "all", "shares": {"dai": 1}}]}, "shift_shares[0].shares", "day"),
        (
            {"limits": {"ring_fences": [{**RING_FENCE, "resources": ["Patrl"]}]}},
            "limits.ring_fences[0].resources",
            "Patrol",
        ),
        ({"limits": {"ring_fences": [{**RING_FENCE, "shifts": ["lte"]}]}}, "limits.ring_fences[0].shifts", "late"),
        ({"limits": {"locked": [{**LOCKED, "resource": "Patrool"}]}}, "limits.locked[0].resource", "Patrol"),
        ({"limits": {"locked": [{**LOCKED, "shift": "nigt"}]}}, "limits.locked[0].shift", "night"),
        ({"limits": {"forbidden": [{"ward": "x", "resource": "Patro"}]}}, "limits.forbidden[0].resource", "Patrol"),
        ({"limits": {"forbidden": [{"ward": "x", "shift": "dy"}]}}, "limits.forbidden[0].shift", "day"),
    ],
)
def test_an_unknown_name_elsewhere_names_the_nearest(fields: dict[str, object], where: str, hint: str) -> None:
    problem = _problem(POLICE, **fields)
    assert problem.where == f"request.yaml: {where}"
    assert problem.mend == f"Did you mean `{hint}`?"


@pytest.mark.parametrize(
    "fields",
    [
        {"resources": [POLICE, POLICE]},
        {"resources": [POLICE], "shifts": [{"name": "day", "hours": 8}] * 2},
        {"resources": [POLICE], "limits": {"ring_fences": [RING_FENCE, RING_FENCE]}},
        {"resources": [POLICE], "shift_shares": [{"category": "asb", "shares": {"day": 1}}] * 2},
    ],
)
def test_a_name_given_twice_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(WardcastError, match="used once"):
        parse_request(fields, where="request.yaml")


@pytest.mark.parametrize(
    ("fields", "where", "expected"),
    [
        ({"objective": {"harm_weights": {"arson": 3}}}, "objective.harm_weights", "`harm_scale: custom`"),
        ({"objective": {"harm_scale": "custom"}}, "objective.harm_weights", "above 0"),
        (
            {"objective": {"harm_scale": "custom", "harm_weights": {"arson": 0}}},
            "objective.harm_weights",
            "above 0",
        ),
        (
            {"objective": {"harm_scale": "custom", "harm_weights": {"arson": 1, "asb": 1}}},
            "objective.harm_weights.asb",
            "`asb_weight`",
        ),
        (
            {"shift_shares": [{"category": "all", "shares": {"day": 0.6, "late": 0.5}}]},
            "shift_shares[0].shares",
            "at most 1",
        ),
        ({"shift_shares": [{"category": "all", "shares": {}}]}, "shift_shares[0].shares", "above 0"),
        ({"limits": {"budget_pounds": 1000}}, "resources[0].cost_per_hour", "`limits.budget_pounds`"),
        ({"whole_units": True}, "resources[0].unit_hours", "`whole_units`"),
        (
            {"limits": {"most_change_hours_per_month": 10}},
            "last_plan",
            "`limits.most_change_hours_per_month`",
        ),
        ({"last_plan": {}}, "last_plan", "`ward_hours_per_month`"),
        ({"objective": {"cvar_weight": 0.5}, "n_paths": 100}, "objective.cvar_paths", "`n_paths` (100)"),
        (
            {"objective": {"after_dark_weight": 2}, "shifts": [{"name": "day", "hours": 8}]},
            "objective.after_dark_weight",
            "a shift with `after_dark: true`",
        ),
        (
            {"limits": {"ring_fences": [{**RING_FENCE, "agency": "partner"}]}},
            "limits.ring_fences[0].agency",
            "police",
        ),
    ],
)
def test_a_field_that_does_not_fit_the_others_is_refused_with_the_one_it_clashes_with(
    fields: dict[str, object], where: str, expected: str
) -> None:
    problem = _problem(POLICE, **fields)
    assert problem.where == f"request.yaml: {where}"
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"shifts": ["day"], "hours_by_shift": {"night": 20}}, "resources[0].hours_by_shift"),
        ({"months": ["2025-04"], "hours_by_month": {"2025-05": 20}}, "resources[0].hours_by_month"),
    ],
)
def test_hours_where_the_team_does_not_work_are_refused(fields: dict[str, object], where: str) -> None:
    assert _problem({**POLICE, **fields}).where == f"request.yaml: {where}"


def test_figures_that_fit_together_are_accepted() -> None:
    request = make_request(
        {**POLICE, "cost_per_hour": 40, "unit_hours": 8},
        whole_units=True,
        n_paths=100,
        shift_shares=[{"category": "all", "shares": dict.fromkeys(("day", "late", "night"), 1 / 3)}],
        objective={"harm_scale": "custom", "harm_weights": {"robbery_personal": 5}, "cvar_paths": 200},
        limits={"budget_pounds": 20_000, "most_change_hours_per_month": 4},
        last_plan={"ward_hours_per_month": {"E05014053": 30}},
    )
    assert request.objective.harm_weights == {"robbery_personal": 5}


def test_a_month_outside_the_plan_is_refused_where_the_first_month_is_given() -> None:
    limits = {"ring_fences": [{**RING_FENCE, "months": ["2025-12", "2026-01", "2026-03"]}]}
    problem = _problem(POLICE, first_month="2025-12", limits=limits)
    assert problem.where == "request.yaml: limits.ring_fences[0].months"
    assert problem.expected == "a month of the plan: 2025-12, 2026-01, 2026-02"
    assert problem.found == "`2026-03`"


def test_a_month_outside_the_plan_is_refused_once_the_months_are_known() -> None:
    request = make_request({**POLICE, "hours_by_month": {"2025-03": 100, "2025-04": 100}})
    with pytest.raises(WardcastError) as refused:
        check_months(request, ("2025-04", "2025-05"))
    (problem,) = refused.value.problems
    assert (problem.where, problem.found) == ("resources[0].hours_by_month", "`2025-03`")


def test_a_ward_outside_the_area_is_refused_and_a_ward_name_is_turned_into_its_code() -> None:
    request = make_request({**POLICE, "wards": ["Abbey", "E05099999"]})
    with pytest.raises(WardcastError) as refused:
        check_wards(request, {"E05014053": "Abbey"}, area_name="Barking and Dagenham")
    first, second = refused.value.problems
    assert "E05014053" in first.mend
    assert second.found == "E05099999"


def test_wards_are_checked_wherever_a_request_names_them() -> None:
    away = "E05099999"
    request = make_request(
        POLICE,
        limits={
            "ring_fences": [{**RING_FENCE, "wards": ["E05014053", away]}],
            "locked": [{**LOCKED, "ward": away}],
            "forbidden": [{"ward": away}],
        },
        last_plan={"ward_hours_per_month": {away: 10}},
    )
    with pytest.raises(WardcastError) as refused:
        check_wards(request, {"E05014053": "Abbey"}, area_name="Barking and Dagenham")
    assert [problem.where for problem in refused.value.problems] == [
        "limits.ring_fences[0].wards",
        "limits.locked[0].ward",
        "limits.forbidden[0].ward",
        "last_plan.ward_hours_per_month",
    ]


def test_a_group_that_the_data_do_not_have_is_refused_with_the_nearest() -> None:
    request = make_request(POLICE, limits={"ring_fences": [{**RING_FENCE, "group": "most deprivd"}]})
    with pytest.raises(WardcastError) as refused:
        check_groups(request, ["most deprived", "others", ""], area_name="Barking and Dagenham")
    assert refused.value.problems[0].where == "limits.ring_fences[0].group"
    assert "`most deprived`" in refused.value.problems[0].mend


def test_fairness_by_group_needs_groups_in_the_data() -> None:
    limits = {"protection_floor": 0.5, "protection_by": "group", "burden_ceiling_hours_per_1000": 9}
    request = make_request(POLICE, limits=limits)
    check_groups(request, ["most deprived", ""], area_name="Barking and Dagenham")
    with pytest.raises(WardcastError) as refused:
        check_groups(request, ["", ""], area_name="Barking and Dagenham")
    (problem,) = refused.value.problems
    assert problem.where == "limits.protection_by"
    assert "`ward_code, group`" in problem.mend


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
