"""What changes the answer: every other assumption is solved again, and the plan says which wards then change rank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.plans import POLICE, make_forecast, make_plan, make_request
from tests.problems import PATROL, panel_with_persons, problem_of, some_forecast
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.explanation.sensitivity import sensitivity
from wardcast_models.allocation.explanation.variations import Variation, variations
from wardcast_models.allocation.plan import Plan, Sensitivity
from wardcast_models.allocation.premises import premises_of
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.solve import Solution, solve
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.forecasting.forecast import Forecast

TWO = ("violence_with_injury", "burglary_residential")


def test_a_plan_is_tried_under_other_harm_scales_elasticities_and_baselines() -> None:
    tried = [(each.topic, each.label) for each in make_plan(make_request()).sensitivities]
    assert tried == [
        ("harm scale", "the ONS Crime Severity Score"),
        ("harm scale", "every crime counted as one"),
        ("elasticity", "an elasticity of 0 for certain"),
        ("elasticity", "an elasticity of 0.15 for certain"),
        ("elasticity", "an elasticity of 0.4 for certain"),
        ("baseline presence", "half of today's presence"),
        ("baseline presence", "twice today's presence"),
        ("baseline presence", "today's presence spread over the wards equally"),
        ("baseline presence", "today's presence spread over the wards in proportion to crime"),
    ]


def test_the_requests_own_weights_are_held_against_all_three_packaged_scales() -> None:
    objective = {"harm_scale": "custom", "harm_weights": {"violence_with_injury": 3, "burglary_residential": 1}}
    plan = make_plan(make_request(objective=objective))
    assert sum(each.topic == "harm scale" for each in plan.sensitivities) == 3


def test_presence_that_was_supplied_is_not_spread_otherwise() -> None:
    rows = [(f"E0500000{ward}", shift, 100.0) for ward in range(1, 5) for shift in ("day", "late", "night")]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    plan = make_plan(make_request(), panel=replace(make_panel(), baseline_hours=supplied))
    labels = [each.label for each in plan.sensitivities if each.topic == "baseline presence"]
    assert labels == ["half of today's presence", "twice today's presence"]


def test_a_harm_scale_that_weighs_another_crime_moves_hours_and_names_the_wards() -> None:
    plan = make_plan(make_request(), _violent_and_burgled(), make_panel(n_wards=2))
    scale = _tried(plan, "every crime counted as one")
    assert scale.hours_moved_share > 0.1
    assert scale.harm_avoided > scale.harm_avoided_by_this_plan
    assert {ward.ward_name for ward in scale.changes} == {"Ward 1", "Ward 2"}
    first = scale.changes[0]
    assert (first.rank_now, first.rank_then) in {(1, 2), (2, 1)}
    assert "2 of 2 wards would change rank" in scale.statement
    assert "of the harm that the other would" in scale.statement
    assert scale.harm_unit == "crimes, each counted as one"


@pytest.mark.parametrize(
    "label", ["the ONS Crime Severity Score", "an elasticity of 0.15 for certain", "half of today's presence"]
)
def test_no_plan_avoids_less_by_its_own_assumption_than_this_one_does(label: str) -> None:
    forecast = make_forecast(ward_weights=[5.0, 2.0, 1.0, 1.0])
    plan = make_plan(make_request({**POLICE, "hours_per_month": 2000}), forecast)
    tried = _tried(plan, label)
    assert tried.harm_avoided >= tried.harm_avoided_by_this_plan * (1 - 1e-5) > 0


def test_without_any_effect_only_limits_and_the_tie_break_decide_and_the_plan_says_so() -> None:
    nothing = _tried(make_plan(make_request()), "an elasticity of 0 for certain")
    assert nothing.harm_avoided == nothing.harm_avoided_by_this_plan == 0
    assert "no plan avoids any harm" in nothing.statement
    assert "proportional split would decide" in nothing.statement


def test_other_delivery_scenarios_are_tried_where_forecasts_of_them_are_given() -> None:
    late = replace(make_forecast(ward_weights=[0.2, 0.2, 0.2, 4.0]), scenario="slower")
    plan = allocate(forecast=make_forecast(), panel=make_panel(), request=make_request(), alternatives=[late])
    scenario = plan.sensitivities[-1]
    assert (scenario.topic, scenario.label) == ("delivery scenario", "the delivery scenario `slower`")
    assert scenario.hours_moved_share > 0.3
    top = next(ward for ward in scenario.changes if ward.ward_name == "Ward 4")
    assert top.rank_then == 1
    assert top.hours_then > top.hours_now


def test_a_floor_of_protection_moves_with_what_can_be_claimed() -> None:
    request = make_request(PATROL, limits={"protection_floor": 0.6})
    plan = allocate(forecast=some_forecast(), panel=panel_with_persons(), request=request)
    assert all("no plan could keep" not in each.statement for each in plan.sensitivities)
    assert _tried(plan, "an elasticity of 0 for certain").harm_avoided == 0


def test_presence_after_dark_keeps_its_worth_on_another_scale() -> None:
    plan = make_plan(make_request(objective={"after_dark_weight": 5}))
    assert "keeps its worth relative to all preventable harm" in _tried(plan, "every crime counted as one").statement


def test_the_weight_of_anti_social_behaviour_does_not_leave_the_requests_own_scale() -> None:
    objective = {"harm_scale": "custom", "harm_weights": {"violence_with_injury": 3}, "asb_weight": 0.5}
    premises = premises_of(
        forecast=make_forecast(categories=(*TWO, "asb")), panel=make_panel(), request=make_request(objective=objective)
    )
    scales = [each for each in variations(premises) if each.topic == "harm scale"]
    assert [each.problem.request.objective.asb_weight for each in scales] == [10, 10, 10]
    assert all("Anti-social behaviour takes its packaged weight, 10," in each.note for each in scales)


@pytest.mark.parametrize("whole_units", [False, True])
def test_an_assumption_that_cannot_be_worked_out_leaves_the_plan_standing(
    monkeypatch: pytest.MonkeyPatch, whole_units: bool
) -> None:
    def fail(_: Instance) -> Solution:
        raise WardcastError(ErrorKind.INTERNAL, "No plan was found within 60 seconds.")

    monkeypatch.setattr("wardcast_models.allocation.explanation.sensitivity.solve", fail)
    plan = make_plan(make_request({**POLICE, "unit_hours": 8}, whole_units=whole_units))
    assert plan.effect.mean > 0
    failed = _tried(plan, "half of today's presence")
    assert failed.statement == ("With half of today's presence: not worked out: No plan was found within 60 seconds.")
    assert (failed.hours_moved_share, failed.harm_avoided, failed.changes) == (0, 0, ())


def test_a_small_share_of_hours_that_would_move_is_not_written_as_none() -> None:
    problem = problem_of(make_request())
    shifted = solve(problem.instance).hours.copy()
    moved = 0.004 * shifted.sum()
    shifted[0, 0, 0, 0] -= moved
    shifted[3, 0, 0, 0] += moved
    tried = sensitivity(Variation(topic="test", label="the same", problem=problem), problem, shifted)
    assert "With the same less than 1% of the hours would go to other wards" in tried.statement


def test_a_plan_of_whole_units_is_compared_without_them() -> None:
    request = make_request({**POLICE, "unit_hours": 8}, whole_units=True)
    plan = make_plan(request)
    stated = next(each.statement for each in plan.assumptions if each.topic == "What changes the answer")
    assert "without whole units" in stated
    assert _tried(plan, "an elasticity of 0.15 for certain").hours_moved_share < 0.1


def test_in_a_large_area_only_harm_scales_are_tried_and_the_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("variations", "sensitivity"):
        monkeypatch.setattr(f"wardcast_models.allocation.explanation.{module}.MOST_WARDS", 3)
    plan = make_plan(make_request())
    assert {each.topic for each in plan.sensitivities} == {"harm scale"}
    assert any("only other harm scales were tried" in each.statement for each in plan.assumptions)


def _violent_and_burgled() -> Forecast:
    """Return a forecast of two wards: little but violent crime in one, much burglary in the other."""
    forecast = make_forecast(categories=TWO, n_wards=2, ward_weights=[1.0, 1.0])
    paths = np.zeros_like(forecast.paths)
    paths[:, 0, 0] = 30
    paths[:, 1, 1] = 60
    return replace(forecast, paths=paths)


def _tried(plan: Plan, label: str) -> Sensitivity:
    return next(each for each in plan.sensitivities if each.label == label)
