"""How sure a plan is: ranges over all draws, what is left in the worst tenth, and how often a ward belongs on top."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.panels import make_panel
from tests.plans import POLICE, WARDENS, make_forecast, make_request
from tests.problems import problem_of, some_forecast, some_hours
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.explanation.effect import effect_of, range_of, resource_effects
from wardcast_models.allocation.explanation.top_group import best_shares
from wardcast_models.allocation.plan import Plan
from wardcast_models.allocation.programme.tail import tail_mean
from wardcast_models.allocation.response import Response

SEVERAL = (
    POLICE,
    {**POLICE, "name": "Night patrol", "hours_per_month": 300, "shifts": ["night"]},
    {**WARDENS, "effectiveness": {"criminal_damage": 0.5, "public_order": 1.5}},
)


def test_the_mean_over_all_draws_is_what_the_programme_makes_as_large_as_possible() -> None:
    problem = problem_of(make_request(*SEVERAL))
    hours = some_hours(problem)
    effect = effect_of(hours, problem)
    assert effect.total_harm.mean() == pytest.approx(problem.instance.avoided(hours), rel=1e-12)
    by_ward = problem.instance.avoided_by_curve(hours).sum(axis=(1, 2, 3))
    assert np.allclose(effect.harm.mean(axis=0), by_ward, rtol=1e-12)


def test_every_path_meets_every_elasticity() -> None:
    forecast = some_forecast()
    problem = problem_of(make_request(*SEVERAL), forecast=forecast)
    effect = effect_of(some_hours(problem), problem)
    n_paths = forecast.paths.shape[0]
    assert effect.harm.shape == (4 * n_paths, 4)
    by_elasticity = effect.total_harm.reshape(4, n_paths)
    assert (by_elasticity[0] == 0).all()
    assert (np.diff(by_elasticity, axis=0) > 0).all(), "a larger elasticity claims more on every path"


def test_one_draw_is_the_formula_of_its_path_and_elasticity() -> None:
    forecast = make_forecast(n_wards=1, categories=("robbery_personal",), n_months=1, n_paths=5)
    request = make_request(
        {**POLICE, "delivery_rate": 1.0}, horizon_months=1, baseline={"officer_hours_per_month": 4000}
    )
    plan_hours = 800.0
    problem = problem_of(request, forecast=forecast, panel=make_panel(n_wards=1))
    hours = plan_hours * problem.instance.baseline[..., None] / problem.instance.baseline.sum()
    robberies = forecast.paths[3, 0, 0, 0]
    fall = 1 - (1 + plan_hours / 4000) ** -0.15
    effect = effect_of(hours, problem)
    assert effect.crimes[1 * 5 + 3, 0] == pytest.approx(robberies * fall)
    assert effect.residual[1 * 5 + 3] == pytest.approx(365 * robberies * (1 - fall))


def test_the_parts_of_the_resources_add_up_in_every_draw() -> None:
    problem = problem_of(make_request(*SEVERAL))
    hours = some_hours(problem)
    parts = resource_effects(hours, problem)
    assert np.allclose(parts.sum(axis=1), effect_of(hours, problem).total_harm)
    assert (parts >= 0).all()


@pytest.mark.parametrize("draws", [[5.0], [0.0, 8.0, 9.0], list(range(1, 100))])
def test_every_range_begins_at_no_effect(draws: list[float]) -> None:
    shown = range_of(np.array(draws, dtype=float))
    assert shown.q05 == 0
    assert shown.q05 <= shown.mean <= max(draws)


def test_the_worst_tenth_counts_a_draw_on_its_edge_in_part() -> None:
    assert tail_mean(np.arange(1.0, 21.0)) == pytest.approx((20 + 19) / 2)
    assert tail_mean(np.array([10.0, 4.0, *([0.0] * 13)])) == pytest.approx((10 + 0.5 * 4) / 1.5)
    assert tail_mean(np.array([3.0])) == 3


def test_the_worst_tenth_is_the_smallest_mean_excess_over_any_threshold() -> None:
    harm = np.random.default_rng(0).gamma(2.0, 50.0, 237)
    by_threshold = [t + np.maximum(harm - t, 0).mean() / 0.1 for t in harm]
    assert tail_mean(harm) == pytest.approx(min(by_threshold))


def test_a_plan_says_what_is_left_on_average_and_in_the_worst_tenth() -> None:
    plan = _plan()
    assert plan.risk.draws == 4 * 100
    assert plan.risk.level == 0.9
    assert plan.risk.residual_cvar > plan.risk.residual_mean > 0
    assert "The plan aims at the average only." in plan.risk.statement
    ours = next(split for split in plan.comparisons if split.name == "plan")
    assert ours.residual_cvar == plan.risk.residual_cvar


def test_a_weight_on_the_worst_tenth_is_stated_and_leaves_no_more_there() -> None:
    plain, cautious = _plan(), _plan(cvar_weight=1.0, cvar_paths=100)
    assert cautious.risk.cvar_weight == 1
    assert "the worst tenth has a weight of 100%" in cautious.risk.statement
    assert cautious.risk.residual_cvar <= plain.risk.residual_cvar * 1.001
    assert cautious.effect.mean <= plain.effect.mean + 1e-6
    assert any("worst tenth of the futures only" in warning for warning in cautious.warnings)


@pytest.mark.parametrize("pool", [50.0, 400.0, 3000.0])
def test_hours_shared_out_for_one_path_are_the_best_that_a_solver_finds(pool: float) -> None:
    value, baseline = np.array([900.0, 500.0, 250.0, 0.0]), np.array([400.0, 300.0, 500.0, 300.0])
    hours = best_shares(value[None, :], baseline=baseline, pool=pool, elasticity=0.3, cap=0.2)[0]
    response = Response(elasticities=(0.3,), cap=0.2)
    most = response.saturation * baseline

    def left(given: np.ndarray) -> float:
        return float(-(value * (1 - (1 + given / baseline) ** -0.3)).sum())

    found = minimize(
        left,
        np.minimum(np.full(4, pool / 4), most),
        bounds=[(0, limit) for limit in most],
        constraints={"type": "ineq", "fun": lambda given: pool - given.sum()},
    )
    assert hours.sum() <= pool + 1e-6
    assert left(hours) == pytest.approx(found.fun, rel=1e-5)


def test_a_pool_too_large_to_do_any_more_saturates_every_ward_with_harm() -> None:
    value, baseline = np.array([[10.0, 1.0, 0.0]]), np.array([100.0, 100.0, 100.0])
    hours = best_shares(value, baseline=baseline, pool=1e6, elasticity=0.3, cap=0.2)
    saturation = Response(elasticities=(0.3,), cap=0.2).saturation
    assert hours[0] == pytest.approx([100 * saturation, 100 * saturation, 0])


def test_without_an_effect_no_ward_belongs_on_top() -> None:
    plan = allocate(forecast=make_forecast(), panel=make_panel(), request=make_request(objective={"elasticity": 0}))
    assert {ward.top_group_share for ward in plan.wards} == {0.0}
    assert plan.effect.q95 == 0
    assert "100% of the simulated futures" in plan.zero_effect_statement


def _plan(**objective: float) -> Plan:
    forecast = make_forecast(ward_weights=[3.0, 2.0, 1.0, 1.0])
    return allocate(forecast=forecast, panel=make_panel(), request=make_request(objective=objective))
