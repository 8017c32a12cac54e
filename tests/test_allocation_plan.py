"""A whole plan: hours, reasons, ranges, comparisons, limits and everything taken as given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.plans import CATEGORIES, POLICE, WARDENS, make_forecast, make_plan, make_request
from wardcast_models.allocation.plan import Plan
from wardcast_models.errors import ErrorKind, WardcastError

WITH_ASB = (*CATEGORIES, "asb")


def test_equal_inputs_give_equal_plans() -> None:
    request = make_request(POLICE, WARDENS, limits={"ward_min_hours_per_month": 10})
    assert make_plan(request) == make_plan(request)


def test_assignments_are_whole_hundredths_within_each_teams_hours() -> None:
    plan = make_plan(make_request({**POLICE, "hours_per_month": 777.77, "shifts": ["late", "night"]}))
    for month in plan.months:
        hours = [row.hours for row in plan.assignments if row.month == month]
        assert sum(hours) == pytest.approx(777.77)
    assert {row.shift for row in plan.assignments} == {"late", "night"}
    assert all(row.hours > 0 and round(row.hours, 2) == row.hours for row in plan.assignments)


def test_a_team_works_only_in_its_wards() -> None:
    plan = make_plan(make_request({**POLICE, "wards": ["E05000002"]}))
    assert {row.ward_code for row in plan.assignments} == {"E05000002"}
    assert next(ward for ward in plan.wards if ward.ward_code == "E05000001").hours == 0


def test_wards_are_listed_with_most_hours_first_and_reasons_in_words() -> None:
    plan = make_plan(make_request(limits={"ward_min_hours_per_month": 30, "ward_max_share": 0.5}))
    assert [ward.rank for ward in plan.wards] == [1, 2, 3, 3], "the last two get the minimum, so they share a rank"
    hours = [ward.hours for ward in plan.wards]
    assert hours == sorted(hours, reverse=True)
    first, last = plan.wards[0], plan.wards[-1]
    assert first.ward_name == "Ward 1"
    assert first.drivers[0].startswith("It has ")
    assert "of the harm that patrols can touch (rank 1 of 4) and " in first.drivers[0]
    assert "times the area's harm per hour of today's presence" in first.drivers[0]
    assert (
        "Held down by the largest share a ward may get in 3 of 3 months; at first, each unit that it is eased"
        in first.drivers[0]
    )
    assert "of the hours" not in first.drivers[0], "a result is no reason"
    assert any("ward minimum in 3 of 3 months" in sentence for sentence in last.drivers)
    assert any("above the mean of the last 12 months" in sentence for sentence in first.drivers)
    assert any("4.0% more residents" in sentence for sentence in first.drivers)


def test_rape_is_need_but_draws_no_patrol() -> None:
    forecast = make_forecast(categories=("rape",))
    plan = make_plan(make_request(), forecast)
    ward = plan.wards[0]
    assert ward.preventable_harm == 0
    assert ward.need_harm == pytest.approx(2555 * float(forecast.paths.mean(axis=0)[0, 0].sum()))
    assert plan.effect.q95 == 0
    assert "No effect on crime is claimed" in plan.verdict


def test_the_effect_is_a_range_that_includes_no_effect() -> None:
    plan = make_plan(make_request())
    assert plan.effect.q05 == 0 < plan.effect.mean < plan.effect.q95
    assert plan.effect_crimes.q05 == 0 < plan.effect_crimes.mean
    assert "25% of the simulated futures" in plan.zero_effect_statement
    assert "2,400 hours" in plan.zero_effect_statement
    assert sum(ward.harm_avoided.mean for ward in plan.wards) == pytest.approx(plan.effect.mean)


def test_the_claimed_effect_is_the_formula_of_the_response() -> None:
    forecast = make_forecast(n_wards=1, categories=("robbery_personal",), n_months=1)
    request = make_request(
        {**POLICE, "delivery_rate": 1.0},
        horizon_months=1,
        baseline={"officer_hours_per_month": 4000},
    )
    plan = make_plan(request, forecast, make_panel(n_wards=1))
    robberies = float(forecast.paths.mean(axis=0).sum())
    elasticities = np.array([0, 0.15, 0.30, 0.40])
    expected = robberies * np.mean(1 - (1 + 800 / 4000) ** -elasticities)
    assert plan.effect_crimes.mean == pytest.approx(expected)
    assert plan.effect.mean == pytest.approx(365 * expected)
    assert plan.objective_value == pytest.approx(365 * expected, rel=1e-5)


def test_the_plan_beats_the_simple_splits_on_the_same_draws_or_says_that_it_does_not() -> None:
    plan = make_plan(make_request(baseline={"split": "equal"}))
    avoided = {split.name: split.harm_avoided.mean for split in plan.comparisons}
    assert avoided["plan"] >= avoided["proportional"] >= avoided["equal"] > avoided["none"] == 0
    assert "more than the equal split" in plan.verdict


def test_a_proportional_split_that_does_as_well_is_said_to() -> None:
    like = make_forecast(ward_weights=[1.0, 1.0, 1.0, 1.0], n_paths=2000)
    plan = make_plan(make_request(), like)
    assert "The proportional split does as well" in plan.verdict


def test_a_split_that_breaks_a_limit_is_marked() -> None:
    plan = make_plan(make_request(limits={"ward_max_share": 0.3}))
    feasible = {split.name: split.feasible for split in plan.comparisons}
    assert feasible == {"plan": True, "current": False, "proportional": False, "equal": True, "none": True}


def test_binding_limits_state_their_price_between_one_more_and_one_less() -> None:
    plan = make_plan(make_request(POLICE, WARDENS, limits={"ward_min_hours_per_month": 100, "ward_max_share": 0.5}))
    assert {limit.name for limit in plan.limits} >= {"The hours of Patrol", "The ward minimum"}
    for limit in plan.limits:
        assert limit.gain_from_one_more is not None
        assert limit.loss_from_one_less is not None
        assert limit.shadow_price is not None
        assert limit.gain_from_one_more - 1e-6 <= limit.shadow_price <= limit.loss_from_one_less + 1e-6
        assert limit.shadow_price > 0


def test_the_quarter_of_wards_with_most_hours_is_marked_with_how_sure_that_is() -> None:
    sure = make_plan(make_request(), make_forecast(ward_weights=[9.0, 1.0, 1.0, 1.0], monthly_mean=80))
    top = [ward for ward in sure.wards if ward.in_top_group]
    assert [ward.ward_name for ward in top] == ["Ward 1"]
    assert top[0].top_group_share == 1
    alike = make_plan(make_request(), make_forecast(ward_weights=[1.0, 1.0, 1.0, 1.0], n_paths=400))
    shares = [ward.top_group_share for ward in alike.wards]
    assert sum(shares) == pytest.approx(1), "one ward a path"
    assert max(shares) < 0.5


def test_the_check_after_the_solve_is_stated() -> None:
    plan = make_plan(make_request(POLICE, WARDENS, limits={"ward_min_hours_per_month": 20}))
    assert plan.certificate.worst_breach_hours < 1e-6
    assert plan.certificate.worst_breach_rounded_hours <= 0.01 + 1e-9
    assert 0 <= plan.certificate.optimality_gap < 1e-5
    assert "Checked again without the solver" in plan.certificate.statement


def test_the_baseline_comes_from_the_request_then_the_data_then_an_assumption() -> None:
    rows = [(f"E0500000{ward}", shift, 100.0) for ward in range(1, 5) for shift in ("day", "late", "night")]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    panel = replace(make_panel(), baseline_hours=supplied)
    assumed = _baseline(make_plan(make_request()))
    from_data = _baseline(make_plan(make_request(), panel=panel))
    from_request = _baseline(make_plan(make_request(baseline={"officer_hours_per_month": 900}), panel=panel))
    assert "5,837 officer hours" in assumed
    assert "1,200 officer hours" in from_data
    assert "as supplied by ward and shift" in from_data
    assert "900 officer hours" in from_request
    assert "Other levels of it were tried" in assumed
    assert "Other levels of it were tried" in from_request


def test_a_baseline_that_lacks_a_ward_is_refused() -> None:
    supplied = pd.DataFrame([("E05000001", "day", 10.0)], columns=["ward_code", "shift", "officer_hours_per_month"])
    with pytest.raises(WardcastError, match="E05000002"):
        make_plan(make_request(), panel=replace(make_panel(), baseline_hours=supplied))


def test_hours_that_nothing_calls_for_are_left_to_the_partnership() -> None:
    plan = make_plan(make_request(POLICE, WARDENS))
    topics = {assumption.topic: assumption.statement for assumption in plan.assumptions}
    assert topics["Hours left unassigned: Wardens"].startswith("510 of 600 hours")
    assert plan.unassigned_hours == pytest.approx(510)
    assert plan.unassigned_reason.startswith("no study and no entry in the request says what they affect")
    assert "no effect on crime is claimed" in topics["Effect: Wardens"]


def test_hours_that_the_limits_leave_no_room_for_are_counted_and_explained() -> None:
    plan = make_plan(make_request(limits={"ward_max_hours_per_month": 50}))
    assert plan.unassigned_hours == pytest.approx(3 * (800 - 4 * 50))
    assert plan.unassigned_reason == "the request's limits leave no room for them"
    assert make_plan(make_request()).unassigned_hours == 0


def test_an_effect_entered_by_the_user_is_used_and_marked_as_an_assumption() -> None:
    team = {**WARDENS, "effectiveness": {"criminal_damage": 0.5}}
    plan = make_plan(make_request(team))
    stated = next(assumption for assumption in plan.assumptions if assumption.topic == "Effect: Wardens")
    assert "Criminal damage 0.5" in stated.statement
    assert stated.source == "user (assumed)"
    assert plan.effect.mean > 0


def test_presence_after_dark_moves_hours_into_the_evening() -> None:
    plan = make_plan(make_request(objective={"after_dark_weight": 1000}))
    assert {row.shift for row in plan.assignments} == {"late", "night"}
    assert any(assumption.topic == "Presence after dark" for assumption in plan.assumptions)


def test_a_priority_weight_moves_hours_to_where_that_crime_is() -> None:
    forecast = make_forecast(categories=("violence_with_injury", "burglary_residential"), n_wards=2)
    paths = forecast.paths.copy()
    paths[:, 0, 1] = 0
    paths[:, 1, 0] = 0
    split = replace(forecast, paths=paths)
    panel = make_panel(n_wards=2)
    plain = make_plan(make_request(), split, panel)
    burglary = make_plan(make_request(objective={"priority_weights": {"burglary": 20}}), split, panel)
    assert _hours(burglary, "Ward 2") > _hours(plain, "Ward 2")


@pytest.mark.parametrize("scale", ["cambridge", "ons", "count"])
def test_every_harm_scale_makes_a_plan_and_names_its_unit(scale: str) -> None:
    plan = make_plan(make_request(objective={"harm_scale": scale}), make_forecast(categories=WITH_ASB))
    assert plan.harm_scale == scale
    assert plan.effect.mean > 0
    topics = {assumption.topic: assumption.statement for assumption in plan.assumptions}
    assert ("Categories without a weight" in topics) == (scale == "ons")
    if scale == "ons":
        assert "Residential burglary" in topics["Categories without a weight"]


def test_every_assumption_names_its_source_and_the_forecasts_are_carried_over() -> None:
    plan = make_plan(make_request(POLICE, WARDENS))
    assert all(assumption.source for assumption in plan.assumptions)
    assert any(assumption.statement == "Counts follow a Poisson distribution." for assumption in plan.assumptions)
    assert plan.synthetic


def test_a_forecast_for_other_months_is_refused() -> None:
    with pytest.raises(WardcastError) as refused:
        make_plan(make_request(horizon_months=6))
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    assert refused.value.problems[0].where == "horizon_months"
    with pytest.raises(WardcastError) as refused:
        make_plan(make_request(first_month="2022-03"))
    assert refused.value.problems[0].where == "first_month"


def test_shifts_that_do_not_cover_the_day_leave_the_rest_out_of_reach() -> None:
    half = make_plan(make_request(shifts=[{"name": "evening", "hours": 12}]))
    shifts = next(assumption for assumption in half.assumptions if assumption.topic == "Shifts")
    assert "out of the plan's reach" in shifts.statement


def _baseline(plan: Plan) -> str:
    return next(assumption.statement for assumption in plan.assumptions if assumption.topic == "Baseline presence")


def _hours(plan: Plan, ward_name: str) -> float:
    return next(ward.hours for ward in plan.wards if ward.ward_name == ward_name)
