"""Every limit of a request, recomputed from hours alone, and which requests no plan can meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.plans import make_request
from tests.problems import COUNCIL, PATROL, PERSONS, WARDS, grouped, panel_with_persons, problem_of, some_hours
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.check import check_request
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense
from wardcast_models.errors import WardcastError

Array = NDArray[np.float64]

MONTHS = ("2022-01", "2022-02", "2022-03")
YOUTH = {
    "name": "Youth workers",
    "type": "youth_outreach",
    "hours_per_month": 120,
    "cost_per_hour": 30.0,
    "effectiveness": {"criminal_damage": 0.5},
    "shifts": ["late"],
}
LATE, NIGHT = 1, 2


def test_a_teams_hours_are_those_of_each_month_in_which_it_works() -> None:
    team = {**PATROL, "hours_by_month": {"2022-02": 500}, "months": ["2022-01", "2022-02"]}
    problem = problem_of(make_request(team))
    limit = only(problem, LimitKind.CAPACITY)
    assert list(limit.bound) == [800, 500]
    assert limit.places == ("2022-01", "2022-02")
    assert (limit.field, limit.label) == ("resources[0].hours_per_month", "the hours of Patrol")
    assert list(problem.instance.capacity[:, 0]) == [800, 500, 0]
    assert not problem.instance.allowed[:, 2].any()
    hours = some_hours(problem)
    assert used(problem, limit, hours) == pytest.approx(hours.sum(axis=(0, 2, 3))[:2])


def test_each_limit_names_the_team_by_its_place_in_the_request_though_teams_are_sorted() -> None:
    problem = problem_of(make_request(COUNCIL, PATROL))
    fields = {limit.label: limit.field for limit in problem.instance.limits if limit.kind is LimitKind.CAPACITY}
    assert fields == {
        "the hours of Wardens": "resources[0].hours_per_month",
        "the hours of Patrol": "resources[1].hours_per_month",
    }


def test_hours_given_for_a_shift_bound_that_shift_in_every_month() -> None:
    problem = problem_of(make_request({**PATROL, "hours_by_shift": {"late": 300}}, COUNCIL))
    limit = only(problem, LimitKind.SHIFT_CAPACITY)
    assert limit.field == "resources[0].hours_by_shift.late"
    hours = some_hours(problem)
    assert used(problem, limit, hours) == pytest.approx(hours[:, :, LATE, team_at(problem, "Patrol")].sum(axis=0))
    assert list(limit.bound) == [300, 300, 300]


def test_budgets_count_all_hours_and_their_pounds_once() -> None:
    problem = problem_of(make_request(PATROL, COUNCIL, YOUTH, limits={"budget_hours": 1500, "budget_pounds": 60_000}))
    hours = some_hours(problem)
    in_hours, in_pounds = only(problem, LimitKind.BUDGET_HOURS), only(problem, LimitKind.BUDGET_POUNDS)
    assert used(problem, in_hours, hours) == pytest.approx([hours.sum()])
    by_team = dict(zip(problem.instance.resources, hours.sum(axis=(0, 1, 2)), strict=True))
    pounds = 45 * by_team["Patrol"] + 25 * by_team["Wardens"] + 30 * by_team["Youth workers"]
    assert used(problem, in_pounds, hours) == pytest.approx([pounds])
    assert (in_pounds.bound[0], in_pounds.figure, in_pounds.places) == (60_000, 60_000, ("the whole plan",))


def test_ward_limits_hold_in_every_ward_and_month() -> None:
    limits = {"ward_min_hours_per_month": 40, "ward_max_hours_per_month": 400, "ward_max_share": 0.3}
    problem = problem_of(make_request({**PATROL, "hours_by_month": {"2022-02": 400}}, COUNCIL, limits=limits))
    hours = some_hours(problem)
    by_ward = hours.sum(axis=(2, 3)).reshape(-1)
    least, most = only(problem, LimitKind.WARD_MIN), only(problem, LimitKind.WARD_MAX)
    share = only(problem, LimitKind.WARD_MAX_SHARE)
    for limit in (least, most):
        assert used(problem, limit, hours) == pytest.approx(by_ward)
    of_month = np.tile(hours.sum(axis=(0, 2, 3)), len(WARDS))
    assert used(problem, share, hours) - share.bound == pytest.approx(by_ward - 0.3 * of_month)
    assert (least.sense, most.sense) == (Sense.AT_LEAST, Sense.AT_MOST)
    assert list(share.step[:3]) == pytest.approx([10, 6, 10]), "one percentage point of that month's hours available"
    assert share.figure == pytest.approx(30)
    assert least.places[:2] == ("Ward 1, 2022-01", "Ward 1, 2022-02")


def test_the_ring_fence_for_anti_social_behaviour_follows_each_months_council_hours() -> None:
    council = {**COUNCIL, "hours_by_month": {"2022-02": 100}, "wards": list(WARDS[:2])}
    problem = problem_of(make_request(PATROL, council, limits={"asb_floor_share": 0.2}), asb=(0.3, 0.1, 0.4, 0.2))
    limit = only(problem, LimitKind.ASB_FLOOR)
    bounds = dict(zip(limit.places, limit.bound, strict=True))
    assert bounds == pytest.approx(
        {f"Ward {w}, {month}": hours * 0.2 * part for w, part in ((1, 0.75), (2, 0.25))
         for month, hours in zip(MONTHS, (200, 100, 200), strict=True)}
    )  # fmt: skip
    hours = some_hours(problem)
    assert used(problem, limit, hours) == pytest.approx(
        hours[:2, :, :, team_at(problem, "Wardens")].sum(axis=2).reshape(-1)
    )
    one_point_less = only(
        problem_of(make_request(PATROL, council, limits={"asb_floor_share": 0.19}), asb=(0.3, 0.1, 0.4, 0.2)),
        LimitKind.ASB_FLOOR,
    )
    assert limit.bound + limit.step == pytest.approx(one_point_less.bound)


def test_no_floor_falls_on_a_ward_that_the_council_may_not_enter() -> None:
    forbidden = [{"ward": WARDS[0], "resource": "Wardens"}]
    problem = problem_of(make_request(PATROL, COUNCIL, limits={"forbidden": forbidden}), asb=(0.7, 0.1, 0.1, 0.1))
    limit = only(problem, LimitKind.ASB_FLOOR)
    assert not any(place.startswith("Ward 1") for place in limit.places)
    assert limit.bound.sum() == pytest.approx(3 * 0.15 * 200)


def test_a_ring_fence_counts_the_wards_teams_and_shifts_it_names() -> None:
    fence = {
        "name": "Town centre late",
        "hours_per_month": 60,
        "agency": "council",
        "group": "centre",
        "shifts": ["late", "night"],
        "months": ["2022-02"],
    }
    panel = grouped(panel_with_persons(), "centre", "centre", "rest", "rest")
    problem = problem_of(make_request(PATROL, COUNCIL, limits={"ring_fences": [fence]}), panel=panel)
    limit = only(problem, LimitKind.RING_FENCE)
    hours = some_hours(problem)
    council = hours[:2, 1, LATE : NIGHT + 1, team_at(problem, "Wardens")].sum()
    assert used(problem, limit, hours) == pytest.approx([council])
    assert (limit.field, limit.label) == ("limits.ring_fences[0].hours_per_month", 'the ring-fence "Town centre late"')
    assert (list(limit.bound), list(limit.step), limit.places) == ([60], [-1], ("2022-02",))


def test_locked_hours_are_neither_more_nor_less_and_hold_while_the_team_works() -> None:
    team = {**PATROL, "months": ["2022-02", "2022-03"]}
    lock = {"ward": WARDS[2], "resource": "Patrol", "hours_per_month": 80, "shift": "night"}
    problem = problem_of(make_request(team, COUNCIL, limits={"locked": [lock]}))
    limit = only(problem, LimitKind.LOCKED)
    hours = some_hours(problem)
    assert limit.sense is Sense.EXACTLY
    assert limit.label == "the locked hours of Patrol in Ward 3 (night shift)"
    assert used(problem, limit, hours) == pytest.approx(hours[2, 1:, NIGHT, team_at(problem, "Patrol")])
    avoided = problem.instance.avoided_by_curve(hours)
    assert limit.breach(hours, avoided) == pytest.approx(np.abs(hours[2, 1:, NIGHT, team_at(problem, "Patrol")] - 80))


def test_a_team_is_not_allowed_where_it_is_forbidden_and_nowhere_else() -> None:
    forbidden = [
        {"ward": WARDS[0], "resource": "Wardens", "shift": "night"},
        {"ward": WARDS[3], "months": ["2022-03"]},
    ]
    instance = problem_of(make_request(PATROL, COUNCIL, limits={"forbidden": forbidden})).instance
    expected = np.ones_like(instance.allowed)
    expected[0, :, NIGHT, instance.resources.index("Wardens")] = False
    expected[3, 2] = False
    assert np.array_equal(instance.allowed, expected)


def test_little_change_keeps_each_ward_near_the_last_plan_from_both_sides() -> None:
    last = {"ward_hours_per_month": {WARDS[0]: 300, WARDS[1]: 40}}
    request = make_request(PATROL, COUNCIL, last_plan=last, limits={"most_change_hours_per_month": 50})
    problem = problem_of(request)
    least, most = only(problem, LimitKind.STABILITY_MIN), only(problem, LimitKind.STABILITY_MAX)
    assert dict(zip(least.places, least.bound, strict=True)) == {f"Ward 1, {month}": 250 for month in MONTHS}
    assert list(most.bound) == [350] * 3 + [90] * 3 + [50] * 6
    assert (least.step[0], most.step[0]) == (-1, 1)
    hours = some_hours(problem)
    assert used(problem, most, hours) == pytest.approx(hours.sum(axis=(2, 3)).reshape(-1))
    assert used(problem, least, hours) == pytest.approx(hours[0].sum(axis=(1, 2)))


@pytest.mark.parametrize("by", ["ward", "group"])
def test_protection_compares_harm_avoided_per_need_with_the_proportional_splits(by: str) -> None:
    panel = grouped(panel_with_persons(), "north", "south", "north", "south")
    limits = {"protection_floor": 0.6, "protection_by": by}
    problem = problem_of(make_request(PATROL, COUNCIL, limits=limits), panel=panel)
    instance = problem.instance
    limit = only(problem, LimitKind.PROTECTION)
    hours = instance.proportional(instance.capacity) * np.array([0.05, 1, 0.05, 1])[:, None, None, None]
    by_ward = instance.avoided_by_curve(hours).sum(axis=(1, 2, 3))
    need = problem.demand.need_harm.sum(axis=(1, 2))
    units = [[0], [1], [2], [3]] if by == "ward" else [[0, 2], [1, 3]]
    ratio = np.array([by_ward[unit].sum() / need[unit].sum() for unit in units])
    proportional = instance.avoided_by_curve(instance.proportional(instance.capacity)).sum() / need.sum()
    kept = ratio >= 0.6 * proportional
    assert kept.any()
    assert not kept.all()
    assert list(limit.breach(hours, instance.avoided_by_curve(hours)) <= 1e-9) == list(kept)
    assert limit.places == (("Ward 1", "Ward 2", "Ward 3", "Ward 4") if by == "ward" else ("north", "south"))


def test_relaxing_the_protection_floor_by_a_unit_lowers_it_by_a_percentage_point() -> None:
    at = [
        only(problem_of(make_request(PATROL, COUNCIL, limits={"protection_floor": share})), LimitKind.PROTECTION)
        for share in (0.51, 0.5)
    ]
    assert at[0].bound + at[0].step == pytest.approx(at[1].bound)


@pytest.mark.parametrize("by", ["ward", "group"])
def test_the_burden_ceiling_counts_enforcement_hours_per_thousand_persons(by: str) -> None:
    panel = grouped(panel_with_persons(), "north", "south", "north", "south")
    wardens = {**COUNCIL, "enforcement": False}
    limits = {"burden_ceiling_hours_per_1000": 30, "burden_by": by}
    problem = problem_of(make_request(PATROL, wardens, YOUTH, limits=limits), panel=panel)
    limit = only(problem, LimitKind.BURDEN)
    hours = some_hours(problem)
    patrol = hours[..., team_at(problem, "Patrol")].sum(axis=2)  # (W, H)
    units = [[0], [1], [2], [3]] if by == "ward" else [[0, 2], [1, 3]]
    burden = [1000 * patrol[unit].sum(axis=0) / np.array(PERSONS)[unit].sum() for unit in units]
    assert used(problem, limit, hours) == pytest.approx(np.concatenate(burden))
    assert set(limit.bound) == {30}


@pytest.mark.parametrize(
    ("limits", "fields"),
    [
        (
            {"ring_fences": [{"name": "Late", "hours_per_month": 900, "shifts": ["late"], "resources": ["Patrol"]}]},
            {"limits.ring_fences[0].hours_per_month", "resources[0].hours_per_month"},
        ),
        (
            {"ward_min_hours_per_month": 100, "budget_pounds": 30_000},
            {"limits.ward_min_hours_per_month", "limits.budget_pounds"},
        ),
        (
            {
                "locked": [{"ward": WARDS[0], "resource": "Patrol", "hours_per_month": 90, "months": ["2022-02"]}],
                "forbidden": [{"ward": WARDS[0]}],
            },
            {"limits.locked[0].hours_per_month"},
        ),
        (
            {"ward_min_hours_per_month": 60, "burden_ceiling_hours_per_1000": 2},
            {"limits.ward_min_hours_per_month", "limits.burden_ceiling_hours_per_1000"},
        ),
    ],
)
def test_limits_that_no_plan_can_keep_are_refused_before_anything_is_forecast(
    limits: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(WardcastError) as refused:
        check_request(make_request(PATROL, limits=limits), panel_with_persons())
    assert {problem.where for problem in refused.value.problems} == fields


def test_limits_that_leave_room_pass_and_so_does_what_only_demand_can_tell() -> None:
    limits = {
        "ward_min_hours_per_month": 40,
        "budget_hours": 1000,
        "locked": [{"ward": WARDS[0], "resource": "Patrol", "hours_per_month": 50}],
        "protection_floor": 1.0,
        "burden_ceiling_hours_per_1000": 50,
        "most_change_hours_per_month": 200,
    }
    last = {"ward_hours_per_month": dict.fromkeys(WARDS, 200)}
    check_request(
        make_request(PATROL, COUNCIL, limits=limits, last_plan=last, first_month="2022-03"), panel_with_persons()
    )


def used(problem: Assembled, limit: Limit, hours: Array) -> Array:
    return limit.used(hours, problem.instance.avoided_by_curve(hours))


def only(problem: Assembled, kind: LimitKind) -> Limit:
    found = [limit for limit in problem.instance.limits if limit.kind is kind]
    assert len(found) == 1
    return found[0]


def team_at(problem: Assembled, name: str) -> int:
    return problem.instance.resources.index(name)
