"""What each limit costs: prices that re-solving confirms, for every kind of limit, and warnings where it is much."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from tests.plans import POLICE, WARDENS, make_forecast, make_request
from tests.problems import COUNCIL, PATROL, PERSONS, WARDS, grouped, panel_with_persons, some_forecast
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.plan import LimitEffect, Plan
from wardcast_models.panel.panel import Panel

BY_KIND: dict[str, tuple[dict[str, Any], str]] = {
    "a budget in hours": ({"limits": {"budget_hours": 1500}}, "The budget in hours"),
    "a budget in pounds": ({"limits": {"budget_pounds": 60_000}}, "The budget in pounds"),
    "the least in a ward": ({"limits": {"ward_min_hours_per_month": 150}}, "The ward minimum"),
    "the most in a ward": ({"limits": {"ward_max_hours_per_month": 260}}, "The ward maximum"),
    "the largest share": ({"limits": {"ward_max_share": 0.35}}, "The largest share a ward may get"),
    "protection": ({"limits": {"protection_floor": 0.6}}, "The protection floor"),
    "burden": ({"limits": {"burden_ceiling_hours_per_1000": 20}}, "The burden ceiling"),
    "a ring-fence": (
        {"limits": {"ring_fences": [{"name": "Quiet", "hours_per_month": 250, "wards": [WARDS[3]]}]}},
        'The ring-fence "Quiet"',
    ),
    "locked hours": (
        {"limits": {"locked": [{"ward": WARDS[3], "resource": "Patrol", "hours_per_month": 200}]}},
        "The locked hours of Patrol in Ward 4",
    ),
    "stability": (
        {
            "limits": {"most_change_hours_per_month": 20},
            "last_plan": {"ward_hours_per_month": dict.fromkeys(WARDS, 200.0)},
        },
        "The most change from the last plan",
    ),
}


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_kind_of_limit_has_a_price_between_one_more_and_one_less(kind: str) -> None:
    fields, name = BY_KIND[kind]
    plan = _plan(fields)
    limit = _limit(plan, name)
    assert limit.field.startswith("limits.")
    assert limit.cost_share is not None
    assert limit.cost_share > 0
    _assert_priced(plan)


def test_a_weight_on_the_worst_tenth_keeps_prices_between_one_more_and_one_less() -> None:
    fields = {"objective": {"cvar_weight": 0.5, "cvar_paths": 50}, "limits": {"ward_max_share": 0.35}}
    _assert_priced(_plan(fields))


def test_presence_after_dark_keeps_prices_between_one_more_and_one_less() -> None:
    _assert_priced(_plan({"objective": {"after_dark_weight": 0.2}, "limits": {"ward_min_hours_per_month": 150}}))


def test_each_resources_hours_bind_apart_and_name_their_field() -> None:
    second = {**PATROL, "name": "Night patrol", "hours_per_month": 100, "shifts": ["night"]}
    plan = allocate(forecast=make_forecast(), panel=panel_with_persons(), request=make_request(PATROL, second))
    assert _limit(plan, "The hours of Patrol").field == "resources[0].hours_per_month"
    assert _limit(plan, "The hours of Night patrol").field == "resources[1].hours_per_month"
    assert all(limit.cost_share is None for limit in plan.limits), "without its hours there is no team"


def test_hours_that_all_go_to_one_ward_still_have_a_price() -> None:
    team = {**PATROL, "wards": [WARDS[0]]}
    plan = allocate(forecast=make_forecast(), panel=panel_with_persons(), request=make_request(team))
    limit = _limit(plan, "The hours of Patrol")
    assert limit.shadow_price is not None
    assert limit.shadow_price > 0
    _assert_priced(plan)


def test_a_limit_that_holds_nothing_back_is_not_listed() -> None:
    plan = _plan({"limits": {"ward_max_share": 1.0, "budget_hours": 100_000}})
    assert {limit.name for limit in plan.limits} == {"The hours of Patrol"}


def test_locked_hours_that_are_too_many_lose_by_one_more() -> None:
    locked = [{"ward": WARDS[3], "resource": "Patrol", "hours_per_month": 600}]
    limit = _limit(_plan({"limits": {"locked": locked}}), "The locked hours of Patrol in Ward 4")
    assert limit.shadow_price is not None
    assert limit.gain_from_one_more is not None
    assert limit.gain_from_one_more <= limit.shadow_price < 0


def test_a_plan_of_whole_units_reports_what_was_solved_again_and_no_price() -> None:
    team = {**POLICE, "unit_hours": 8}
    request = make_request(team, whole_units=True, limits={"ward_max_share": 0.4})
    plan = allocate(forecast=make_forecast(), panel=panel_with_persons(), request=request)
    limit = _limit(plan, "The hours of Patrol")
    assert plan.whole_units
    assert {limit.shadow_price for limit in plan.limits} == {None}
    assert limit.gain_from_one_more is not None
    assert limit.loss_from_one_less is not None
    assert 0 < limit.gain_from_one_more <= limit.loss_from_one_less + 1e-3 * plan.objective_value
    assert "one whole unit of 8 hours" in limit.description


def test_a_limit_that_costs_more_than_the_stated_share_is_warned_of() -> None:
    limits = {"budget_hours": 1000}
    warned = _plan({"limits": limits})
    assert any(
        said.startswith("The budget in hours (1,000 hours over the plan) makes the plan") for said in warned.warnings
    )
    share = _limit(warned, "The budget in hours").cost_share
    assert share is not None
    tolerant = _plan({"limits": {**limits, "warn_share": min(share + 0.01, 1.0)}})
    assert not any(
        said.startswith("The budget in hours (2,000 hours over the plan) makes") for said in tolerant.warnings
    )


def test_the_most_change_is_one_figure_though_it_holds_wards_up_and_down() -> None:
    last = {"ward_hours_per_month": {WARDS[0]: 120.0, **dict.fromkeys(WARDS[1:], 300.0)}}
    limits = {"most_change_hours_per_month": 20, "asb_floor_share": 0}
    plan = _plan({"limits": limits, "last_plan": last})
    of_field = [limit for limit in plan.limits if limit.field == "limits.most_change_hours_per_month"]
    assert [limit.name for limit in of_field] == ["The most change from the last plan"]
    limit = of_field[0]
    assert "Ward 1" in limit.description, "held down"
    assert "Ward 4" in limit.description, "held up"
    _assert_priced(plan)
    free = _plan({"limits": {"asb_floor_share": 0}})
    assert limit.cost_share == pytest.approx(free.objective_value / plan.objective_value - 1, abs=0.002)
    wider = _plan({"limits": {**limits, "most_change_hours_per_month": 21}, "last_plan": last})
    assert limit.gain_from_one_more == pytest.approx(wider.objective_value - plan.objective_value, rel=0.01)


def test_a_most_change_that_costs_much_is_warned_of() -> None:
    last = {"ward_hours_per_month": dict.fromkeys(WARDS, 200.0)}
    plan = _plan({"limits": {"most_change_hours_per_month": 20}, "last_plan": last})
    assert any(
        said.startswith("The most change from the last plan (20 hours a month) makes the plan worse")
        for said in plan.warnings
    )


def test_in_whole_units_a_limit_is_near_where_one_unit_of_a_team_that_it_counts_would_reach_it() -> None:
    teams = {**PATROL, "unit_hours": 8}, {**COUNCIL, "unit_hours": 40, "enforcement": False}
    limits = {
        "budget_pounds": 60_000,
        "burden_ceiling_hours_per_1000": 20,
        "protection_floor": 0.3,
        "asb_floor_share": 0,
    }
    request = make_request(*teams, whole_units=True, limits=limits)
    plan = allocate(forecast=some_forecast(), panel=panel_with_persons(), request=request)
    assert plan.cost_pounds is not None
    assert 60_000 - plan.cost_pounds <= max(8 * 45, 40 * 25)
    assert "is within one unit of it in the whole plan" in _limit(plan, "The budget in pounds").description
    burden = _limit(plan, "The burden ceiling").description
    hours: defaultdict[tuple[str, str], float] = defaultdict(float)
    for cell in plan.assignments:
        if cell.resource == "Patrol":
            hours[cell.ward_name, cell.month] += cell.hours
    for name, persons in zip(("Ward 1", "Ward 2", "Ward 3", "Ward 4"), PERSONS, strict=True):
        nearest = min(20 - 1000 * hours[name, month] / persons for month in plan.months)
        assert (name in burden) == (nearest <= 8 * 1000 / persons + 0.02), name


def test_a_budget_that_leaves_hours_unused_is_warned_of() -> None:
    plan = _plan({"limits": {"budget_hours": 1000}})
    assert any(
        "leaves 1,490 of 2,400 available hours of teams with an effect unused" in sentence for sentence in plan.warnings
    )


def test_minimums_that_settle_nearly_all_hours_are_warned_of() -> None:
    request = make_request(limits={"ward_min_hours_per_month": 199})
    plan = allocate(forecast=make_forecast(), panel=panel_with_persons(), request=request)
    assert any("little is left for need to decide" in sentence for sentence in plan.warnings)
    assert not any("little is left" in sentence for sentence in _plan({}).warnings)


def test_hours_with_nowhere_to_go_and_hours_that_claim_nothing_more_are_warned_of() -> None:
    forbidden = [{"ward": code, "resource": "Wardens"} for code in WARDS]
    nowhere = _plan({"limits": {"forbidden": forbidden, "asb_floor_share": 0}})
    assert any(said.startswith("Wardens has 600 hours, but the request leaves nowhere") for said in nowhere.warnings)
    flood = allocate(
        forecast=make_forecast(),
        panel=panel_with_persons(),
        request=make_request({**POLICE, "hours_per_month": 90_000}),
    )
    assert any("No further effect is claimed" in sentence for sentence in flood.warnings)


def test_presence_after_dark_that_outweighs_all_harm_is_warned_of() -> None:
    plan = _plan({"objective": {"after_dark_weight": 1000}})
    assert any(sentence.startswith("Presence after dark is ") for sentence in plan.warnings)


def test_a_plan_that_nothing_speaks_against_has_no_warnings() -> None:
    plan = allocate(forecast=make_forecast(), panel=panel_with_persons(), request=make_request(POLICE))
    assert plan.warnings == ()
    assert (
        allocate(forecast=make_forecast(), panel=panel_with_persons(), request=make_request(WARDENS))
        .warnings[0]
        .startswith("No effect is claimed for the teams behind 100% of the planned hours")
    )


def _plan(fields: dict[str, Any], panel: Panel | None = None) -> Plan:
    forecast = some_forecast()
    panel = panel or grouped(panel_with_persons(), "north", "north", "south", "south")
    return allocate(forecast=forecast, panel=panel, request=make_request(PATROL, COUNCIL, **fields))


def _limit(plan: Plan, name: str) -> LimitEffect:
    return next(limit for limit in plan.limits if limit.name == name)


def _assert_priced(plan: Plan) -> None:
    """Every price lies between what one more gains and one less loses, as far as the solver can tell."""
    slack = 1e-6 * plan.objective_value
    for limit in plan.limits:
        assert limit.shadow_price is not None
        assert limit.gain_from_one_more is not None
        assert limit.gain_from_one_more <= limit.shadow_price + slack, limit.name
        if limit.loss_from_one_less is not None:
            assert limit.shadow_price <= limit.loss_from_one_less + slack, limit.name
