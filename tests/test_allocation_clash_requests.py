"""Requests that cannot be met are refused in the words of their own fields, before any forecast where possible."""

from __future__ import annotations

from typing import Any

import pytest

from tests.panels import make_panel
from tests.plans import POLICE, WARDENS, make_forecast, make_request
from tests.problems import panel_with_persons, some_forecast
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.check import check_request
from wardcast_models.allocation.request.file import parse_request
from wardcast_models.errors import ErrorKind, WardcastError


@pytest.mark.parametrize(
    ("resources", "limits", "fields"),
    [
        (
            [POLICE],
            {"ward_min_hours_per_month": 300},
            {"limits.ward_min_hours_per_month", "resources[0].hours_per_month"},
        ),
        (
            [POLICE],
            {"ward_min_hours_per_month": 100, "ward_max_hours_per_month": 60},
            {"limits.ward_min_hours_per_month", "limits.ward_max_hours_per_month"},
        ),
        (
            [{**POLICE, "wards": ["E05000001", "E05000002", "E05000003"]}],
            {"ward_min_hours_per_month": 10},
            {"limits.ward_min_hours_per_month"},
        ),
        (
            [POLICE, WARDENS],
            {"locked": [{"ward": "E05000002", "resource": "Patrol", "hours_per_month": 900}]},
            {"limits.locked[0].hours_per_month", "resources[0].hours_per_month"},
        ),
        (
            [POLICE, WARDENS],
            {"forbidden": [{"ward": "E05000002"}], "ward_min_hours_per_month": 20},
            {"limits.ward_min_hours_per_month"},
        ),
        (
            [POLICE, WARDENS],
            {"forbidden": [{"ward": f"E0500000{ward}"} for ward in range(1, 5)], "ward_min_hours_per_month": 20},
            {"limits.ward_min_hours_per_month"},
        ),
        (
            [POLICE, WARDENS],
            {"budget_hours": 500, "ward_min_hours_per_month": 100},
            {"limits.budget_hours", "limits.ward_min_hours_per_month"},
        ),
        (
            [{**POLICE, "wards": ["E05000001"]}],
            {"ring_fences": [{"name": "Night", "hours_per_month": 50, "wards": ["E05000002"]}]},
            {"limits.ring_fences[0].hours_per_month"},
        ),
        (
            [POLICE],
            {"burden_ceiling_hours_per_1000": 1, "ward_min_hours_per_month": 100},
            {"limits.burden_ceiling_hours_per_1000", "limits.ward_min_hours_per_month"},
        ),
    ],
)
def test_a_request_is_refused_before_any_forecast_in_the_words_of_the_plan(
    resources: list[dict[str, Any]], limits: dict[str, Any], fields: set[str]
) -> None:
    request = make_request(*resources, limits=limits)
    with pytest.raises(WardcastError) as early:
        check_request(request, panel_with_persons())
    with pytest.raises(WardcastError) as late:
        allocate(forecast=some_forecast(), panel=panel_with_persons(), request=request)
    assert early.value.kind is late.value.kind is ErrorKind.INFEASIBLE
    assert str(early.value) == str(late.value)
    assert {problem.where for problem in early.value.problems} == fields


@pytest.mark.parametrize(
    ("resources", "limits", "fields"),
    [
        (
            [{**POLICE, "hours_per_month": 0}, WARDENS],
            {"asb_floor_share": 1.0, "ward_max_share": 0.26},
            {
                "limits.asb_floor_share",
                "limits.ward_max_share",
                "resources[0].hours_per_month",
                "resources[1].hours_per_month",
            },
        ),
        (
            [POLICE],
            {"protection_floor": 0.9, "locked": [{"ward": "E05000001", "resource": "Patrol", "hours_per_month": 790}]},
            {"limits.protection_floor", "limits.locked[0].hours_per_month", "resources[0].hours_per_month"},
        ),
    ],
)
def test_what_depends_on_demand_is_refused_with_the_forecast(
    resources: list[dict[str, Any]], limits: dict[str, Any], fields: set[str]
) -> None:
    request = make_request(*resources, limits=limits)
    check_request(request, panel_with_persons())
    with pytest.raises(WardcastError, match="cannot be met") as refused:
        allocate(forecast=some_forecast(), panel=panel_with_persons(), request=request)
    assert {problem.where for problem in refused.value.problems} == fields


def test_ward_minimums_beyond_the_hours_available() -> None:
    error = refusal(POLICE, limits={"ward_min_hours_per_month": 300})
    assert "short by 1,200 h in all" in error.message  # 400 h in each of three months
    assert "lower the ward minimum to 200 hours a month" in error.message
    expected = {problem.where: problem.expected for problem in error.problems}
    assert expected["limits.ward_min_hours_per_month"] == "at most 200 hours a month"
    assert expected["resources[0].hours_per_month"] == "at least 1,200 hours a month"


def test_a_clash_of_every_month_is_told_of_the_first_and_of_the_others() -> None:
    message = refusal(POLICE, limits={"ward_min_hours_per_month": 300}).message
    assert "in Ward 1, Ward 2 and Ward 3 in 2022-01" in message
    assert "and likewise in 2022-02 and 2022-03; short by" in message


def test_a_clash_of_one_month_is_told_of_no_other() -> None:
    team = {**POLICE, "hours_by_month": {"2022-01": 800, "2022-02": 100, "2022-03": 800}}
    message = refusal(team, limits={"ward_min_hours_per_month": 100}).message
    assert "2022-02" in message
    assert "likewise" not in message
    assert "2022-01" not in message


def test_the_share_that_would_end_a_clash_is_one_of_the_hours_that_can_be_planned() -> None:
    locked = [{"ward": "E05000001", "resource": "Patrol", "hours_per_month": 200}]
    limits = {"ward_max_share": 0.3, "budget_hours": 900, "locked": locked}
    error = refusal(POLICE, limits=limits)
    (share,) = [problem for problem in error.problems if problem.where == "limits.ward_max_share"]
    least = float(share.expected.split()[2])
    assert least == pytest.approx(100 * 200 / 300, abs=0.02)
    check_request(make_request(POLICE, limits={**limits, "ward_max_share": least / 100}), make_panel())
    too_little = make_request(POLICE, limits={**limits, "ward_max_share": least / 100 - 0.001})
    with pytest.raises(WardcastError, match="cannot be met"):
        check_request(too_little, make_panel())


def test_a_share_that_no_figure_of_its_own_can_mend_says_so() -> None:
    locked = [{"ward": "E05000001", "resource": "Patrol", "hours_per_month": 900}]
    error = refusal(POLICE, limits={"ward_max_share": 0.3, "locked": locked})
    assert "limits.ward_max_share" not in {problem.where for problem in error.problems}


def test_a_ward_that_no_team_may_enter() -> None:
    team = {**POLICE, "wards": ["E05000001", "E05000002", "E05000003"]}
    error = refusal(team, limits={"ward_min_hours_per_month": 10})
    assert "Ward 4" in error.message
    assert "no team may work there" in error.message
    assert "Or let a team work there" in error.problems[0].mend


def test_only_teams_that_take_part_in_the_clash_are_named() -> None:
    elsewhere = {"name": "Elsewhere", "agency": "police", "hours_per_month": 5000, "wards": ["E05000001"]}
    error = refusal(elsewhere, POLICE, limits={"ward_min_hours_per_month": 300})
    assert "resources[0].hours_per_month" not in {problem.where for problem in error.problems}
    assert "raise the hours of Patrol to 900 hours a month" in error.message


def test_a_request_for_an_unknown_ward_is_no_clash() -> None:
    request = parse_request({"resources": [{**POLICE, "wards": ["E05099999"]}]}, where="request.yaml")
    with pytest.raises(WardcastError) as refused:
        check_request(request, make_panel())
    assert refused.value.kind is ErrorKind.INVALID_INPUT


def test_a_request_that_can_be_met_passes_the_early_check() -> None:
    check_request(make_request(POLICE, WARDENS, limits={"ward_min_hours_per_month": 200}), make_panel())


def refusal(*resources: dict[str, Any], limits: dict[str, Any]) -> WardcastError:
    request = make_request(*resources, limits=limits)
    with pytest.raises(WardcastError) as refused:
        allocate(forecast=make_forecast(), panel=make_panel(), request=request)
    assert refused.value.kind is ErrorKind.INFEASIBLE
    return refused.value
