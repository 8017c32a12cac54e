"""Requests that cannot be met say which limits clash, and by how many hours."""

from __future__ import annotations

from typing import Any

import pytest

from tests.panels import make_panel
from tests.plans import POLICE, WARDENS, make_forecast, make_request
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.check import check_request
from wardcast_models.allocation.request_file import parse_request
from wardcast_models.errors import ErrorKind, WardcastError


def test_ward_minimums_beyond_the_hours_available() -> None:
    error = _refusal(POLICE, limits={"ward_min_hours_per_month": 300})
    assert error.kind is ErrorKind.INFEASIBLE
    assert "1,200 h against 800 h" in error.message
    assert "short by 400 h a month" in error.message
    fields = {problem.where: problem for problem in error.problems}
    assert set(fields) == {"limits.ward_min_hours_per_month", "resources[0].hours_per_month"}
    assert "at most 200 h a ward" in fields["limits.ward_min_hours_per_month"].expected
    assert "at least 1,200 h" in fields["resources[0].hours_per_month"].expected


def test_a_minimum_above_the_maximum() -> None:
    error = _refusal(POLICE, limits={"ward_min_hours_per_month": 100, "ward_max_hours_per_month": 60})
    assert {problem.where for problem in error.problems} == {
        "limits.ward_min_hours_per_month",
        "limits.ward_max_hours_per_month",
    }
    assert "short by 160 h a month" in error.message


def test_a_ward_that_no_team_may_enter() -> None:
    team = {**POLICE, "wards": ["E05000001", "E05000002", "E05000003"]}
    error = _refusal(team, limits={"ward_min_hours_per_month": 10})
    assert "short by 10 h a month" in error.message
    assert any(problem.where == "resources[].wards" and "Ward 4" in problem.expected for problem in error.problems)


def test_a_ring_fence_against_a_small_largest_share() -> None:
    error = _refusal({**POLICE, "hours_per_month": 0}, WARDENS, limits={"asb_floor_share": 1.0, "ward_max_share": 0.2})
    assert {"limits.asb_floor_share", "limits.ward_max_share"} <= {problem.where for problem in error.problems}


def test_only_teams_that_take_part_in_the_clash_are_named() -> None:
    elsewhere = {"name": "Elsewhere", "agency": "police", "hours_per_month": 5000, "wards": ["E05000001"]}
    error = _refusal(elsewhere, POLICE, limits={"ward_min_hours_per_month": 300})
    assert "resources[0].hours_per_month" not in {problem.where for problem in error.problems}
    assert "short by 100 h a month" in error.message


def test_several_teams_are_told_once_by_how_much_to_raise_their_hours() -> None:
    others = [{**POLICE, "name": f"Patrol {number}", "hours_per_month": 10} for number in range(5)]
    error = _refusal(POLICE, *others, limits={"ward_min_hours_per_month": 300})
    assert str(error).count("Raise them by 350 h") == 1
    assert len(error.problems) == 2


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"limits": {"ward_min_hours_per_month": 300}}, ErrorKind.INFEASIBLE),
        ({"limits": {"ward_min_hours_per_month": 100, "ward_max_hours_per_month": 60}}, ErrorKind.INFEASIBLE),
        ({"resources": [{**POLICE, "wards": ["E05099999"]}]}, ErrorKind.INVALID_INPUT),
    ],
)
def test_a_request_is_refused_before_any_forecast_in_the_words_of_the_plan(
    fields: dict[str, Any], kind: ErrorKind
) -> None:
    request = parse_request({"resources": [POLICE], **fields}, where="request.yaml")
    with pytest.raises(WardcastError) as early:
        check_request(request, make_panel())
    with pytest.raises(WardcastError) as late:
        allocate(forecast=make_forecast(), panel=make_panel(), request=request)
    assert early.value.kind is kind
    assert str(early.value) == str(late.value)


def test_a_request_that_can_be_met_passes_the_early_check() -> None:
    check_request(make_request(POLICE, WARDENS, limits={"ward_min_hours_per_month": 200}), make_panel())


def _refusal(*resources: dict[str, Any], limits: dict[str, float]) -> WardcastError:
    request = make_request(*resources, limits=limits)
    with pytest.raises(WardcastError) as refused:
        allocate(forecast=make_forecast(), panel=make_panel(), request=request)
    return refused.value
