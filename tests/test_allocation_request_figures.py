"""Figures of a request fit one another, the teams' hours and the months of the plan."""

from __future__ import annotations

import pytest

from tests.plans import POLICE, make_request
from tests.request_problems import RING_FENCE, problem_with
from wardcast_models.allocation.request.figures import check_months
from wardcast_models.errors import WardcastError


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
    problem = problem_with(POLICE, **fields)
    assert problem.where == f"request.yaml: {where}"
    assert expected in problem.expected


def test_an_effect_on_a_category_that_presence_cannot_touch_is_refused() -> None:
    problem = problem_with({**POLICE, "effectiveness": {"rape": 1, "burglary_residential": 0.5, "homicide": 0}})
    assert problem.where == "request.yaml: resources[0].effectiveness.rape"
    assert "change nothing" in problem.mend


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"shifts": ["day"], "hours_by_shift": {"night": 20}}, "resources[0].hours_by_shift"),
        ({"months": ["2025-04"], "hours_by_month": {"2025-05": 20}}, "resources[0].hours_by_month"),
    ],
)
def test_hours_where_the_team_does_not_work_are_refused(fields: dict[str, object], where: str) -> None:
    assert problem_with({**POLICE, **fields}).where == f"request.yaml: {where}"


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
    problem = problem_with(POLICE, first_month="2025-12", limits=limits)
    assert problem.where == "request.yaml: limits.ring_fences[0].months"
    assert problem.expected == "a month of the plan: 2025-12, 2026-01, 2026-02"
    assert problem.found == "`2026-03`"


def test_a_month_outside_the_plan_is_refused_once_the_months_are_known() -> None:
    request = make_request({**POLICE, "hours_by_month": {"2025-03": 100, "2025-04": 100}})
    with pytest.raises(WardcastError) as refused:
        check_months(request, ("2025-04", "2025-05"))
    (problem,) = refused.value.problems
    assert (problem.where, problem.found) == ("resources[0].hours_by_month", "`2025-03`")
