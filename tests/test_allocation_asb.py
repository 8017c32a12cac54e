"""Anti-social behaviour in a plan: a term of its own where it is forecast, else council hours kept for it."""

from __future__ import annotations

import pytest

from tests.panels import make_panel
from tests.plans import CATEGORIES, POLICE, WARDENS, make_forecast, make_plan, make_request

WITH_ASB = (*CATEGORIES, "asb")


def test_anti_social_behaviour_in_the_forecast_is_a_term_of_its_own() -> None:
    forecast = make_forecast(categories=WITH_ASB)
    light = make_plan(make_request(objective={"asb_weight": 0}), forecast)
    heavy = make_plan(make_request(objective={"asb_weight": 50}), forecast)
    assert light.asb.mode == heavy.asb.mode == "forecast"
    assert heavy.objective_value > light.objective_value
    assert heavy.asb.floor_hours_per_month == 0


def test_the_hours_credited_to_anti_social_behaviour_are_its_part_of_the_aim() -> None:
    alone = {"harm_scale": "custom", "harm_weights": {"rape": 1}, "asb_weight": 5}
    plan = make_plan(make_request(POLICE, objective=alone), make_forecast(categories=WITH_ASB))
    assert "100% of the preventable harm aimed at" in plan.asb.statement
    assert "2,400 are credited to it" in plan.asb.statement
    shared = make_plan(make_request(POLICE, objective={"asb_weight": 5}), make_forecast(categories=WITH_ASB))
    assert "2,400 are credited to it" not in shared.asb.statement
    assert "are credited to it" in shared.asb.statement


def test_reports_to_the_council_stand_in_where_the_police_count_no_anti_social_behaviour() -> None:
    with_council = (*CATEGORIES, "council_asb")
    forecast = make_forecast(categories=with_council)
    light = make_plan(make_request(objective={"asb_weight": 0}), forecast)
    heavy = make_plan(make_request(objective={"asb_weight": 50}), forecast)
    assert heavy.asb.mode == "forecast"
    assert "the council's log" in heavy.asb.statement
    assert heavy.objective_value > light.objective_value
    both = make_forecast(categories=(*with_council, "asb"))
    assert "police.uk" in make_plan(make_request(), both).asb.statement


def test_anti_social_behaviour_that_is_not_forecast_keeps_council_hours_by_its_last_known_shares() -> None:
    panel = make_panel(categories=WITH_ASB, monthly_mean=60.0, ward_weights=[1.0, 1.0, 1.0, 7.0], random_seed=None)
    plan = make_plan(make_request(POLICE, WARDENS), panel=panel)
    assert plan.asb.mode == "floor"
    assert plan.asb.floor_hours_per_month == pytest.approx(30)
    assert "2021-01 to 2021-12" in plan.asb.statement
    council = [row for row in plan.assignments if row.resource == "Wardens" and row.ward_name == "Ward 4"]
    assert sum(row.hours for row in council) == pytest.approx(3 * 30 * 0.7, abs=0.03)


def test_without_any_known_anti_social_behaviour_the_floor_names_its_proxy() -> None:
    plan = make_plan(make_request(POLICE, WARDENS))
    assert "proxy" in plan.asb.statement
    assert "criminal damage" in plan.asb.statement


def test_a_plan_without_council_teams_has_no_floor_and_says_so() -> None:
    plan = make_plan(make_request(POLICE))
    assert "No council hours are ring-fenced" in plan.asb.statement
