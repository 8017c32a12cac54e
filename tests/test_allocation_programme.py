"""The programme finds the optimum, reads its status, prices its limits and keeps every one of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.drawn_problems import drawn
from tests.limit_rows import LimitFigures
from tests.linear_programmes import chords_of, optimum_by_scipy
from tests.plans import make_instance
from tests.problems import solved_again
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.curves import curves_of, first_breakpoints
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.linear_programme import LinearProgramme
from wardcast_models.allocation.programme.programme import Programme
from wardcast_models.allocation.programme.solve import Solution, solve
from wardcast_models.errors import ErrorKind, WardcastError

Array = NDArray[np.float64]

LIMITED: LimitFigures = {"ward_min": 20.0, "ward_max_share": 0.4, "floor": 0.3}

BINDING: dict[LimitKind, LimitFigures] = {
    LimitKind.CAPACITY: {},
    LimitKind.SHIFT_CAPACITY: {"shift_cap": 0.2},
    LimitKind.BUDGET_HOURS: {"budget_share": 0.8},
    LimitKind.BUDGET_POUNDS: {"budget_pounds": 20_000.0},
    LimitKind.WARD_MIN: {"ward_min": 150.0},
    LimitKind.WARD_MAX: {"ward_max": 200.0},
    LimitKind.WARD_MAX_SHARE: {"ward_max_share": 0.3},
    LimitKind.ASB_FLOOR: {"floor": 0.8},
    LimitKind.RING_FENCE: {"ring_fence": 400.0},
    LimitKind.LOCKED: {"locked": 60.0},
    LimitKind.STABILITY_MIN: {"most_change": 40.0},
    LimitKind.STABILITY_MAX: {"most_change": 40.0},
    LimitKind.PROTECTION: {"protection": 0.8},
    LimitKind.BURDEN: {"burden": 50.0},
}
"""Figures that hold the plan of one problem."""


@pytest.mark.parametrize("cvar_weight", [0.0, 0.5])
@pytest.mark.parametrize("kind", LimitKind)
def test_a_shadow_price_lies_between_one_more_and_one_less(kind: LimitKind, cvar_weight: float) -> None:
    instance = make_instance(seed=1, cvar_weight=cvar_weight, **BINDING[kind])
    solution = solve(instance)
    at, limit = next((at, limit) for at, limit in enumerate(instance.limits) if limit.kind is kind)
    price, gain, loss = one_more_and_one_less(solution, at, limit)
    assert loss is not None
    assert abs(price) > 1e-6 * solution.objective
    assert gain - 1e-6 * solution.objective <= price <= loss + 1e-6 * solution.objective
    raised = with_bound(instance, at, limit.bound + step_of(limit))
    by_scipy = optimum_by_scipy(raised, chords_of(solution, instance))
    assert by_scipy == pytest.approx(solution.objective + gain, rel=1e-6)


@pytest.mark.parametrize("seed", [0, 4, 5, 6, 8, 13, 17, 21, 23, 34])
def test_every_price_of_a_problem_with_many_limits_lies_between_its_re_solves(seed: int) -> None:
    instance = drawn(seed)
    solution = solve(instance)
    for at, limit in enumerate(instance.limits):
        price, gain, loss = one_more_and_one_less(solution, at, limit)
        assert gain - 1e-6 * solution.objective <= price
        assert loss is None or price <= loss + 1e-6 * solution.objective


def test_easing_an_inequality_has_no_negative_price() -> None:
    instance = make_instance(seed=8, locked=60.0, most_change=150.0, **LIMITED)
    for limit, prices in zip(instance.limits, solve(instance).prices, strict=True):
        assert prices.shape == limit.bound.shape
        assert limit.sense is Sense.EXACTLY or (prices >= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_every_limit_holds_before_and_after_rounding(seed: int) -> None:
    instance = make_instance(seed=seed, shift_cap=0.25, budget_share=0.9, ring_fence=30.0, **LIMITED)
    solution = solve(instance)
    for hours, slack in ((solution.unrounded, 1e-6), (solution.hours, 0.01 + 1e-9)):
        assert (hours >= 0).all()
        assert not hours[~instance.allowed].any()
        for limit in instance.limits:
            assert limit.avoided is None
            excess = limit.hours @ hours.reshape(-1) - limit.bound
            assert (excess.max() if limit.sense is Sense.AT_MOST else -excess.min()) <= slack
    assert (solution.hours.sum(axis=(0, 2)) <= instance.capacity + 1e-9).all()


def test_the_chosen_plan_avoids_what_the_programme_promises() -> None:
    instance = make_instance(seed=3, **LIMITED)
    solution = solve(instance)
    assert instance.avoided(solution.unrounded) == pytest.approx(solution.objective, rel=1e-6)
    assert instance.avoided(solution.unrounded) >= solution.objective * (1 - 1e-7)


def test_no_random_plan_within_the_limits_avoids_more() -> None:
    instance = make_instance(seed=5)
    most = solve(instance).audit.bound
    rng = np.random.default_rng(0)
    for _ in range(200):
        weight = rng.gamma(0.5, 1.0, instance.shape)
        hours = weight / weight.sum(axis=(0, 2), keepdims=True) * instance.capacity[None, :, None, :]
        assert instance.avoided(hours) <= most


def test_limits_put_back_after_a_what_if_leave_the_optimum_as_it_was() -> None:
    solution = solve(make_instance(seed=8, **LIMITED))
    programme = solved_again(solution)
    before = programme.solve().avoided
    assert before == pytest.approx(solution.objective, rel=1e-9)
    team = solution.joined.instance.limits[0]
    more = programme.avoided_with({0: team.bound * 1.5})
    assert more is not None
    assert more > before
    assert programme.avoided_with({}) == pytest.approx(before, rel=1e-9)


def test_a_what_if_that_clashes_says_so_and_a_later_one_still_works() -> None:
    instance = make_instance(seed=8, **LIMITED)
    solution = solve(instance)
    programme = solved_again(solution)
    minimum = next(at for at, limit in enumerate(instance.limits) if limit.kind is LimitKind.WARD_MIN)
    assert programme.avoided_with({minimum: np.full_like(instance.limits[minimum].bound, 1e5)}) is None
    assert programme.avoided_with({}) == pytest.approx(solution.objective, rel=1e-9)
    assert programme.solve().avoided == pytest.approx(solution.objective, rel=1e-9)


def test_a_what_if_tells_a_clash_from_a_lack_of_time() -> None:
    instance = make_instance(seed=8, **LIMITED)
    solution = solve(instance)
    minimum = next(at for at, limit in enumerate(instance.limits) if limit.kind is LimitKind.WARD_MIN)
    too_much = {minimum: np.full_like(instance.limits[minimum].bound, 1e5)}
    in_time = solved_again(solution)
    assert in_time.avoided_with(too_much) is None
    assert not in_time.timed_out
    hurried = Programme(solution.joined.instance, solution.breakpoints, time_limit_seconds=0.0)
    hurried.solve()
    assert hurried.avoided_with({}) is None
    assert hurried.timed_out


def test_a_programme_without_a_solution_whose_limits_do_not_clash_is_no_lack_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wardcast_models.allocation.programme.solve.clash_of", lambda _: None)
    with pytest.raises(WardcastError, match="do not contradict one another") as refused:
        solve(make_instance(seed=8, ward_min=1e5))
    assert refused.value.kind is ErrorKind.INTERNAL
    assert "seconds" not in refused.value.message
    assert "Ease the tightest limit" in refused.value.message


def test_without_what_bounds_the_hours_there_is_no_optimum_to_tell() -> None:
    solution = solve(make_instance(seed=8, n_resources=1, presence=0.1))
    programme = solved_again(solution)
    assert programme.avoided_without({0}) is None
    assert programme.avoided_with({}) == pytest.approx(solution.objective, rel=1e-9)


def test_values_of_a_programme_without_a_solution_are_not_read() -> None:
    clashing = make_instance(seed=8, ward_min=1e5)
    solved = programme_of(clashing).solve()
    assert solved.status is SolutionStatus.INFEASIBLE
    assert solved.avoided == 0
    assert not solved.hours.any()
    assert not any(prices.any() for prices in solved.prices)


@pytest.mark.parametrize("unit_hours", [None, 8.0])
def test_a_solver_out_of_time_is_not_taken_for_an_optimum(
    monkeypatch: pytest.MonkeyPatch, unit_hours: float | None
) -> None:
    monkeypatch.setattr("wardcast_models.allocation.programme.linear_programme.TIME_LIMIT_SECONDS", 0.0)
    with pytest.raises(WardcastError, match="No plan was found within") as refused:
        solve(make_instance(seed=8, n_wards=8, unit_hours=unit_hours, **LIMITED))
    assert refused.value.kind is ErrorKind.INTERNAL


def test_a_programme_says_that_its_time_ran_out() -> None:
    instance = make_instance(seed=8, n_wards=8, **LIMITED)
    breakpoints = first_breakpoints(curves_of(instance), instance.response)
    solved = Programme(instance, breakpoints, time_limit_seconds=0.0).solve()
    assert solved.status in (SolutionStatus.NOT_SOLVED, SolutionStatus.FEASIBLE)


def test_an_unbounded_programme_says_so_and_has_no_values() -> None:
    programme = LinearProgramme()
    column = programme.columns(np.array([np.inf]), np.array([-1.0]))
    nothing = np.zeros(1, dtype=np.intp)
    programme.rows(np.array([1.0]), np.array([np.inf]), (nothing, column, np.ones(1)))
    outcome = programme.solve()
    assert outcome.status in (SolutionStatus.UNBOUNDED, SolutionStatus.INFEASIBLE)
    assert not outcome.values.any()


def test_chords_that_move_lead_where_a_fresh_programme_does() -> None:
    for instance in (
        make_instance(seed=4, **LIMITED),
        make_instance(seed=4, protection=0.7),
        make_instance(seed=4, cvar_weight=0.4, protection=0.7),
    ):
        solution = solve(instance)
        moved = programme_of(solution.joined.instance)
        moved.solve()
        moved.move(solution.breakpoints)
        assert moved.solve().avoided == pytest.approx(solved_again(solution).solve().avoided, rel=1e-9)


def test_the_approximation_error_is_small_and_stated() -> None:
    solution = solve(make_instance(seed=2))
    assert 0 < solution.chord_error < 5e-4


def programme_of(instance: Instance, breakpoints: Array | None = None) -> Programme:
    points = first_breakpoints(curves_of(instance), instance.response) if breakpoints is None else breakpoints
    return Programme(instance, points)


def step_of(limit: Limit) -> Array:
    """Return one unit more room; one unit of the rows where the figure is no right-hand side."""
    unit = -1.0 if limit.sense is Sense.AT_LEAST else 1.0
    return limit.step if limit.step.any() else np.full_like(limit.bound, unit)


def one_more_and_one_less(solution: Solution, at: int, limit: Limit) -> tuple[float, float, float | None]:
    """Return a limit's price a unit, and what one unit more gains and one less loses by solving again."""
    programme, step = solved_again(solution), step_of(limit)
    more, less = (programme.avoided_with({at: limit.bound + sign * step}) for sign in (1.0, -1.0))
    assert more is not None
    price = float(solution.prices[at] @ (step if limit.sense is Sense.EXACTLY else np.abs(step)))
    return price, more - solution.objective, None if less is None else solution.objective - less


def with_bound(instance: Instance, at: int, bound: Array) -> Instance:
    limits = (replace(limit, bound=bound) if at == each else limit for each, limit in enumerate(instance.limits))
    return replace(instance, limits=tuple(limits))
