"""The programme finds the optimum, reads its status, prices its limits and keeps every one of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.linear_programmes import optimum_by_scipy
from tests.plans import make_instance, totals
from wardcast_models.allocation.frame import solver
from wardcast_models.allocation.instance import Instance, LimitKind
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme import Programme, active_curves
from wardcast_models.allocation.solve import Solution, solve
from wardcast_models.errors import ErrorKind, WardcastError

LIMITED = {"ward_min": 20.0, "ward_max_share": 0.4, "floor": 0.3}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("like_shifts", [True, False])
def test_a_second_formulation_in_scipy_finds_the_same_optimum(seed: int, like_shifts: bool) -> None:
    limits = LIMITED if seed % 2 and like_shifts else {}
    instance = make_instance(
        seed=seed, like_shifts=like_shifts, n_resources=1 + seed % 3, presence=0.05 * (seed % 2), **limits
    )
    solution = solve(instance)
    assert solution.status is SolutionStatus.OPTIMAL
    assert solution.objective == pytest.approx(optimum_by_scipy(instance, solution), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_every_limit_holds_before_and_after_rounding(seed: int) -> None:
    instance = make_instance(seed=seed, **LIMITED)
    solution = solve(instance)
    for hours, slack in ((solution.unrounded, 1e-6), (solution.hours, 0.01)):
        assert (hours >= 0).all()
        assert (hours[~np.broadcast_to(instance.allowed[:, None], hours.shape)] == 0).all()
        for limit in instance.ward_limits:
            used = hours[..., limit.counts].sum(axis=(2, 3))
            excess = limit.hours - used if limit.at_least else used - limit.hours
            assert excess.max() <= slack
    assert (solution.hours.sum(axis=(0, 2)) <= instance.capacity + 1e-9).all()


def test_the_chosen_plan_avoids_what_the_programme_promises() -> None:
    instance = make_instance(seed=3, **LIMITED)
    solution = solve(instance)
    assert instance.avoided(solution.unrounded) == pytest.approx(solution.objective, rel=1e-5)
    assert instance.avoided(solution.unrounded) >= solution.objective * (1 - 1e-6)


def test_no_random_plan_within_the_limits_avoids_more() -> None:
    instance = make_instance(seed=5)
    best = solve(instance).objective
    rng = np.random.default_rng(0)
    for _ in range(200):
        weight = rng.gamma(0.5, 1.0, instance.shape)
        hours = weight / weight.sum(axis=(0, 2), keepdims=True) * instance.capacity[None, :, None, :]
        assert instance.avoided(hours) <= best * (1 + 1e-3)


@pytest.mark.parametrize(
    "kind", [LimitKind.CAPACITY, LimitKind.WARD_MIN, LimitKind.WARD_MAX_SHARE, LimitKind.ASB_FLOOR]
)
def test_a_shadow_price_lies_between_one_more_and_one_less(kind: LimitKind) -> None:
    instance = make_instance(seed=8, **(LIMITED if kind is not LimitKind.WARD_MIN else {"ward_min": 60.0}))
    solution = solve(instance)
    sign = -1.0 if kind in (LimitKind.WARD_MIN, LimitKind.ASB_FLOOR) else 1.0
    price = float(solution.prices[kind].sum())
    assert price > 0
    gain = _optimum_with(instance, solution, kind, sign) - solution.objective
    loss = solution.objective - _optimum_with(instance, solution, kind, -sign)
    assert gain - 1e-6 <= price <= loss + 1e-6
    by_scipy = optimum_by_scipy(_with(instance, kind, _hours(instance, kind) + sign), solution)
    assert gain == pytest.approx(by_scipy - solution.objective, abs=1e-5 * solution.objective)


def test_limits_put_back_after_a_what_if_leave_the_optimum_as_it_was() -> None:
    solution = solve(make_instance(seed=8, **LIMITED))
    programme = solution.programme()
    before = programme.solve().avoided
    programme.avoided_with([(LimitKind.CAPACITY, solution.joined.instance.capacity * 1.5)])
    assert programme.avoided_with([]) == pytest.approx(before, rel=1e-9)


def test_a_what_if_that_clashes_says_so_and_a_later_one_still_works() -> None:
    solution = solve(make_instance(seed=8, **LIMITED))
    programme = solution.programme()
    minimum = np.full((4, 2), 1e5)
    assert programme.avoided_with([(LimitKind.WARD_MIN, minimum)]) is None
    assert programme.avoided_with([]) == pytest.approx(solution.objective, rel=1e-9)


def test_values_of_a_programme_without_a_solution_are_not_read() -> None:
    clashing = make_instance(seed=8, ward_min=1e5)
    reach = np.ones(len(active_curves(clashing)[0]))
    solved = Programme(clashing, clashing.response.breakpoints(reach, 3)).solve()
    assert solved.status is SolutionStatus.INFEASIBLE
    assert solved.avoided == 0
    assert not solved.hours.any()


def test_a_solver_out_of_time_is_not_taken_for_an_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardcast_models.allocation.programme.solver", lambda: solver(0.0))
    with pytest.raises(WardcastError, match="No plan was found within") as refused:
        solve(make_instance(seed=8, n_wards=8, **LIMITED))
    assert refused.value.kind is ErrorKind.INTERNAL


def test_the_approximation_error_is_small_and_stated() -> None:
    solution = solve(make_instance(seed=2))
    assert 0 < solution.largest_error < 5e-4


def test_repeating_a_solve_gives_the_same_hours_to_the_last_digit() -> None:
    instance = make_instance(seed=4, like_shifts=False, n_resources=3)
    assert np.array_equal(solve(instance).hours, solve(instance).hours)


def test_like_shifts_get_like_hours() -> None:
    hours = solve(make_instance(seed=1)).unrounded
    assert np.allclose(hours[:, :, 0], hours[:, :, 2])


def test_without_any_claimed_effect_the_plan_is_the_proportional_split() -> None:
    instance = make_instance(seed=1, elasticity=0.0)
    solution = solve(instance)
    assert solution.objective == 0
    assert np.allclose(solution.unrounded, instance.proportional(instance.capacity), atol=1e-6)


def test_a_resource_without_effect_is_assigned_only_where_a_limit_asks_for_it() -> None:
    instance = make_instance(seed=1, floor=0.3)
    instance = replace(instance, dose_per_hour=instance.dose_per_hour * np.array([[0.0], [1.0]]))
    hours = solve(instance).unrounded
    assert np.allclose(hours[..., 0].sum(axis=(0, 2)), 0.3 * instance.capacity[:, 0])
    assert np.allclose(hours[..., 1].sum(axis=(0, 2)), instance.capacity[:, 1])


def test_hours_beyond_the_cap_follow_the_proportional_split() -> None:
    instance = make_instance(seed=1, n_resources=1)
    flooded = replace(instance, capacity=instance.capacity * 1000)
    solution = solve(flooded)
    assert solution.objective == pytest.approx(0.2 * instance.value.sum(), rel=1e-6)
    assert np.allclose(solution.unrounded, flooded.proportional(flooded.capacity), rtol=1e-3)


def test_twice_the_harm_in_one_ward_never_lowers_its_hours() -> None:
    instance = make_instance(seed=6, n_resources=1)
    doubled = replace(instance, value=instance.value * np.array([1.0, 2.0, 1.0, 1.0])[:, None, None, None])
    assert totals(solve(doubled).hours)[1] >= totals(solve(instance).hours)[1] - 0.05


def _hours(instance: Instance, kind: LimitKind) -> np.ndarray:
    if kind is LimitKind.CAPACITY:
        return instance.capacity
    return next(limit.hours for limit in instance.ward_limits if limit.kind is kind)


def _with(instance: Instance, kind: LimitKind, hours: np.ndarray) -> Instance:
    if kind is LimitKind.CAPACITY:
        return replace(instance, capacity=hours)
    limits = tuple(replace(limit, hours=hours) if limit.kind is kind else limit for limit in instance.ward_limits)
    return replace(instance, ward_limits=limits)


def _optimum_with(instance: Instance, solution: Solution, kind: LimitKind, change: float) -> float:
    programme = solution.programme()
    programme.solve()
    avoided = programme.avoided_with([(kind, _hours(instance, kind) + change)])
    assert avoided is not None
    return avoided
