"""What a plan says of itself is true: its check, its warnings, its shifts, and figures that change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from tests.panels import make_panel
from tests.plans import CATEGORIES, POLICE, WARDENS, make_forecast, make_request
from tests.problems import PATROL, mapped, panel_with_persons, problem_of
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.explanation.certificate import certificate_of
from wardcast_models.allocation.explanation.shift_hours import shift_hours_assumption
from wardcast_models.allocation.explanation.warnings import plan_warnings
from wardcast_models.allocation.explanation.without_effect import without_effect
from wardcast_models.allocation.premises import premises_of
from wardcast_models.allocation.programme.audit import Audit
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel

NOT_DATA = "the shift table, not data, decides"


def test_the_check_writes_small_figures_as_what_they_stay_below() -> None:
    problem = problem_of(make_request())
    said = certificate_of(problem, solve(problem.instance)).statement
    assert "before rounding no limit is broken by as much as 0.01, after it by" in said
    assert "in the limit's own unit (hours, pounds, harm or hours per 1,000 persons)" in said
    assert "no plan can reach as much as 0.001% beyond this one" in said
    assert "e-" not in said


def test_the_check_of_whole_units_rests_on_prices_that_hold_for_fractions_too() -> None:
    problem = problem_of(make_request({**POLICE, "unit_hours": 40}, whole_units=True))
    said = certificate_of(problem, solve(problem.instance)).statement
    assert "prices alone prove that no plan, in whole units or fractions, can reach more than" in said


def test_what_may_be_missing_is_told_as_a_share_of_this_plan_not_of_the_best() -> None:
    problem = problem_of(make_request())
    solution = solve(problem.instance)
    half = replace(solution, audit=Audit(worst_breach_hours=0.234, value=50.0, bound=100.0))
    assert any("up to 100.0% more" in said for said in plan_warnings(problem, half, (), ()))
    certificate = certificate_of(problem, half)
    assert certificate.optimality_gap == 0.5
    assert "can reach more than 100.000% beyond this one" in certificate.statement
    assert "before rounding no limit is broken by more than 0.24" in certificate.statement
    nothing = replace(solution, audit=Audit(worst_breach_hours=0.0, value=0.0, bound=100.0))
    assert any("might reach more of what" in said for said in plan_warnings(problem, nothing, (), ()))


@pytest.mark.parametrize(
    ("team", "fields", "named"),
    [
        ({"hours_by_shift": {"late": 100}}, {}, "at most so many hours a month in single shifts (late 100)"),
        ({"shifts": ["late"]}, {}, "Patrol works in late only"),
        (
            {},
            {"limits": {"ring_fences": [{"name": "Evenings", "hours_per_month": 40, "shifts": ["late"]}]}},
            "ring-fenced for Evenings in late",
        ),
        (
            {},
            {
                "limits": {
                    "locked": [
                        {"ward": "E05000001", "resource": "Patrol", "hours_per_month": 8, "shift": "night"},
                    ]
                }
            },
            "hours are locked in night",
        ),
        (
            {},
            {"limits": {"forbidden": [{"ward": "E05000001", "shift": "day"}]}},
            "work is forbidden somewhere in day",
        ),
        ({}, {"objective": {"after_dark_weight": 1}}, "which draws hours to late, night"),
    ],
)
def test_what_a_request_says_of_shifts_is_named_as_what_decides(
    team: dict[str, Any], fields: dict[str, Any], named: str
) -> None:
    said = _shift_hours(team, fields)
    assert named in said
    assert NOT_DATA not in said


def test_where_a_request_says_nothing_of_shifts_the_shift_table_decides() -> None:
    assert NOT_DATA in _shift_hours({}, {})
    shares = {"shift_shares": [{"category": "all", "shares": {"late": 1.0}}]}
    assert "table of how crime falls on the shifts decides" in _shift_hours({}, shares)


def test_without_a_claimed_effect_no_ward_is_said_to_need_its_hours() -> None:
    plan = allocate(forecast=make_forecast(), panel=make_panel(), request=make_request(objective={"elasticity": 0}))
    said = [sentence for ward in plan.wards for sentence in ward.drivers]
    assert not any("than on average" in sentence or "simulated futures" in sentence for sentence in said)
    assert sum("no effect is claimed, so no ward belongs there by need" in sentence for sentence in said) == 1
    assert any("no ward belongs there by need" in each.statement for each in plan.assumptions)


def test_a_split_of_presence_that_the_data_give_has_no_effect_and_the_plan_says_so() -> None:
    rows = [(f"E0500000{ward}", shift, 100.0) for ward in range(1, 5) for shift in ("day", "late", "night")]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    baseline = {"baseline": {"split": "equal"}}
    given = _idle(baseline, panel=replace(make_panel(), baseline_hours=supplied))
    assert given == ["`baseline.split` has no effect here, because the data give today's presence ward by ward."]
    assert _idle(baseline) == []


def test_hours_kept_for_anti_social_behaviour_have_no_effect_where_it_is_forecast() -> None:
    limits = {"limits": {"asb_floor_share": 0.4}}
    (said,) = _idle(limits, forecast=make_forecast(categories=(*CATEGORIES, "asb")))
    assert said.startswith("`limits.asb_floor_share` has no effect here, because anti-social behaviour is forecast")
    assert _idle(limits) == []


def test_a_ceiling_on_enforcement_has_no_effect_without_a_team_that_enforces() -> None:
    limits = {"limits": {"burden_ceiling_hours_per_1000": 5}}
    assert _idle(limits, {**PATROL, "enforcement": True}, panel=panel_with_persons()) == []
    (said,) = _idle(limits, {**PATROL, "enforcement": False}, panel=panel_with_persons())
    assert said.endswith("because no team of the request enforces.")


def test_effects_spill_over_nowhere_where_no_ward_borders_another() -> None:
    objective = {"objective": {"spill_over": 0.2}}
    apart = mapped(make_panel(), [box(10 * ward, 0, 10 * ward + 1, 1) for ward in range(4)])
    in_a_row = mapped(make_panel(), [box(ward, 0, ward + 1, 1) for ward in range(4)])
    (said,) = _idle(objective, panel=apart)
    assert said == "`objective.spill_over` has no effect here, because no ward of the area borders another."
    assert _idle(objective, panel=in_a_row) == []


@pytest.mark.parametrize(("monthly_mean", "warned"), [(50_000.0, True), (0.5, False)])
def test_a_worst_tenth_that_patrols_cannot_change_is_warned_of(monthly_mean: float, warned: bool) -> None:
    request = make_request(POLICE, WARDENS, objective={"cvar_weight": 0.5, "cvar_paths": 100})
    problem = problem_of(request, forecast=make_forecast(monthly_mean=monthly_mean))
    said = plan_warnings(problem, solve(problem.instance), (), ())
    assert any("those in which patrols change nothing" in sentence for sentence in said) == warned


def _shift_hours(team: dict[str, Any], fields: dict[str, Any]) -> str:
    request = make_request({**POLICE, **team}, **fields)
    premises = premises_of(forecast=make_forecast(), panel=make_panel(), request=request)
    return shift_hours_assumption(
        premises.problem, premises.baseline, np.ones(premises.problem.instance.shape)
    ).statement


def _idle(
    fields: dict[str, Any], *teams: dict[str, Any], panel: Panel | None = None, forecast: Forecast | None = None
) -> list[str]:
    """Return what is said of figures without effect."""
    premises = premises_of(
        forecast=forecast or make_forecast(), panel=panel or make_panel(), request=make_request(*teams, **fields)
    )
    return [each.statement for each in without_effect(premises)]


def test_a_plan_without_hours_is_warned_of() -> None:
    nothing = {"name": "Patrol", "hours_per_month": 0}
    plan = allocate(forecast=make_forecast(), panel=panel_with_persons(), request=make_request(nothing))
    assert any(sentence.startswith("The plan assigns no hours") for sentence in plan.warnings)
