"""Names in a request are known ones, each used once; an unknown one is told with the nearest."""

from __future__ import annotations

import pytest

from tests.plans import POLICE, make_request
from tests.request_problems import LOCKED, RING_FENCE, problem_with
from wardcast_models.allocation.request.file import parse_request
from wardcast_models.allocation.request.names import check_groups, check_wards
from wardcast_models.errors import WardcastError


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
    problem = problem_with({**POLICE, **fields})
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
    problem = problem_with(POLICE, **fields)
    assert problem.where == f"request.yaml: {where}"
    assert problem.mend == f"Did you mean `{hint}`?"


def test_a_name_like_no_other_is_not_guessed_at() -> None:
    assert problem_with({**POLICE, "type": "magic"}).mend == "Use one of these."


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
