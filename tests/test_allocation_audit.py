"""The check without the solver is right: its bound holds, and it notices whatever is wrong with a solution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.drawn_problems import drawn
from tests.limit_rows import LimitFigures
from tests.linear_programmes import fine_chords, optimum_by_scipy
from tests.plans import make_instance
from tests.problems import solved_again
from wardcast_models.allocation.limits.limit import LimitKind
from wardcast_models.allocation.programme.audit import Audit, audit, exact_value
from wardcast_models.allocation.programme.curves import curves_of
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.programme import Solved
from wardcast_models.allocation.programme.solve import solve

Array = NDArray[np.float64]

CLOSE = 1e-6

OPTIONS: list[LimitFigures | dict[str, float]] = [
    {},
    {"ward_min": 60.0, "ward_max_share": 0.4, "floor": 0.3},
    {"budget_share": 0.8, "protection": 0.7, "burden": 150.0},
    {"spill_over": 0.2, "presence": 0.05, "locked": 60.0},
    {"cvar_weight": 0.5, "ward_min": 60.0},
    {"cvar_weight": 0.5, "spill_over": 0.2, "protection": 0.7, "most_change": 300.0},
]


def solved_for(instance: Instance) -> tuple[Instance, Solved]:
    """Solve a problem whose shifts differ, so that the problem solved is the one given."""
    solution = solve(instance)
    assert solution.joined.instance is instance
    return instance, solved_again(solution).solve()


def make(options: LimitFigures | dict[str, float], seed: int = 1) -> Instance:
    instance = make_instance(seed=seed, **options)  # type: ignore[arg-type] # figures and options alike
    hours = np.ones((1, 1, instance.shape[2], 1)) * np.linspace(1.0, 1.3, instance.shape[2])[:, None]
    futures = instance.futures
    return replace(
        instance,
        value=instance.value * hours,
        futures=None if futures is None else replace(futures, value=futures.value * hours),
    )


def random_plan(instance: Instance, rng: np.random.Generator) -> Array:
    """Return hours within the teams' hours and the places where they can work."""
    weight = rng.gamma(0.4, 1.0, instance.shape) * instance.allowed
    used = instance.capacity * rng.uniform(0.5, 1.0, instance.capacity.shape)
    return np.asarray(weight / weight.sum(axis=(0, 2), keepdims=True) * used[None, :, None, :])


@pytest.mark.parametrize("options", OPTIONS)
def test_an_optimum_passes_with_hardly_any_gap(options: LimitFigures) -> None:
    checked = audit(*solved_for(make(options)))
    assert checked.gap <= 10 * CLOSE
    assert checked.worst_breach_hours <= 1e-3
    assert checked.value <= checked.bound * (1 + 1e-9)


@pytest.mark.parametrize("options", OPTIONS)
def test_very_fine_chords_in_scipy_reach_almost_the_bound_and_never_more(options: LimitFigures) -> None:
    instance, solved = solved_for(make(options))
    bound = audit(instance, solved).bound
    fine = optimum_by_scipy(instance, fine_chords(instance, 300))
    assert fine is not None
    assert bound * (1 - 3e-4) <= fine <= bound * (1 + 1e-7)


@pytest.mark.parametrize("options", [OPTIONS[0], {"spill_over": 0.2, "presence": 0.05}, {"cvar_weight": 0.5}])
def test_no_random_plan_that_keeps_the_limits_is_above_the_bound(options: LimitFigures) -> None:
    instance, solved = solved_for(make(options))
    bound = audit(instance, solved).bound
    rng = np.random.default_rng(3)
    values = [exact_value(instance, random_plan(instance, rng)) for _ in range(300)]
    assert max(values) <= bound
    assert max(values) > 0.5 * bound


@pytest.mark.parametrize("seed", range(6))
def test_any_prices_give_a_bound_if_a_worse_one(seed: int) -> None:
    instance, solved = solved_for(make(OPTIONS[seed % len(OPTIONS)]))
    best = optimum_by_scipy(instance, fine_chords(instance, 200))
    assert best is not None
    rng = np.random.default_rng(seed)
    for _ in range(20):
        prices = tuple(price * rng.uniform(0.2, 3.0, price.shape) for price in solved.prices)
        dose_prices = solved.dose_prices * rng.uniform(0.2, 3.0, solved.dose_prices.shape)
        wrong = replace(solved, prices=prices, dose_prices=dose_prices)
        assert audit(instance, wrong).bound >= best * (1 - 1e-9)


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
def test_prices_that_are_off_open_a_gap(factor: float) -> None:
    instance, solved = solved_for(make(OPTIONS[1]))
    fair = audit(instance, solved)
    teams = replace(solved, prices=(solved.prices[0] * factor, *solved.prices[1:]))
    doses = replace(solved, dose_prices=solved.dose_prices * factor)
    for wrong in (audit(instance, teams), audit(instance, doses)):
        assert wrong.gap > 1e-3
        assert wrong.gap > 100 * fair.gap


def test_hours_moved_to_a_worse_place_open_a_gap() -> None:
    instance, solved = solved_for(make({}))
    per_ward = solved.hours.sum(axis=(1, 2, 3))
    hours = solved.hours.copy()
    hours[int(per_ward.argmax())] *= 0.5
    worse = audit(instance, replace(solved, hours=hours))
    assert worse.worst_breach_hours <= 1e-9
    assert worse.gap > 1e-2


def test_a_broken_limit_is_told_by_how_much() -> None:
    instance, solved = solved_for(make({}))
    most = np.unravel_index(int(solved.hours.argmax()), solved.hours.shape)
    more = solved.hours.copy()
    more[most] += 7.0
    assert audit(instance, replace(solved, hours=more)).worst_breach_hours == pytest.approx(7.0, abs=1e-6)
    negative = solved.hours.copy()
    negative[most] = -3.0
    assert audit(instance, replace(solved, hours=negative)).worst_breach_hours == pytest.approx(3.0)


def test_hours_where_no_team_may_work_are_a_breach() -> None:
    instance, solved = solved_for(make({}))
    allowed = instance.allowed.copy()
    place = np.unravel_index(int(solved.hours.argmax()), solved.hours.shape)
    allowed[place] = False
    found = audit(replace(instance, allowed=allowed), solved)
    assert found.worst_breach_hours >= float(solved.hours.max())


@pytest.mark.parametrize(
    ("figures", "kind"),
    [
        ({"ward_min": 150.0}, LimitKind.WARD_MIN),
        ({"budget_share": 0.7}, LimitKind.BUDGET_HOURS),
        ({"locked": 60.0}, LimitKind.LOCKED),
        ({"protection": 0.9}, LimitKind.PROTECTION),
    ],
)
def test_a_plan_made_without_a_limit_is_found_to_break_it(figures: LimitFigures, kind: LimitKind) -> None:
    instance = make(figures)
    free = replace(instance, limits=tuple(limit for limit in instance.limits if limit.kind is not kind))
    _, solved = solved_for(free)
    nothing = tuple(np.zeros(limit.bound.size) for limit in instance.limits if limit.kind is kind)
    left_out = replace(solved, prices=(*solved.prices, *nothing))
    found = audit(instance, left_out)
    own = [limit.breach(solved.hours, instance.avoided_by_curve(solved.hours)).max() for limit in instance.limits]
    assert found.worst_breach_hours == pytest.approx(max(own))
    assert found.worst_breach_hours > 1.0


@pytest.mark.parametrize("seed", [0, 2, 3, 5, 7, 10])
def test_the_bound_recomputed_by_another_way_is_the_same(seed: int) -> None:
    instance = drawn(seed)
    solution = solve(instance)
    small, solved = solution.joined.instance, solved_again(solution).solve()
    if small.futures is None:
        assert audit(small, solved).bound == pytest.approx(lagrangian(small, solved), rel=1e-6)


def test_the_worth_of_hours_counts_the_worst_tenth_as_its_mean() -> None:
    instance = make({"cvar_weight": 0.4})
    futures = instance.futures
    assert futures is not None
    hours = random_plan(instance, np.random.default_rng(0))
    relative = instance.dose(hours) / instance.baseline[..., None]
    left = np.array(
        [
            (value * (1 - futures.responses[part].fall(relative))).sum()
            for value, part in zip(futures.value, futures.response, strict=True)
        ]
    )
    before = futures.value.sum(axis=(1, 2, 3, 4))
    tenth = len(left) // 10
    fallen = np.sort(before)[-tenth:].mean() - np.sort(left)[-tenth:].mean()
    mean = float((instance.value * instance.response.fall(relative)).sum())
    assert exact_value(instance, hours) == pytest.approx(0.6 * mean + 0.4 * fallen)


def test_nothing_to_avoid_leaves_no_gap() -> None:
    assert Audit(worst_breach_hours=0.0, value=0.0, bound=0.0).gap == 0.0
    without_effect = drawn(422)  # its worst futures are those in which presence changes nothing
    solution = solve(without_effect)
    assert solution.objective == pytest.approx(0.0, abs=1e-9)
    assert solution.audit.gap == 0.0


def lagrangian(instance: Instance, solved: Solved) -> float:
    """Return the most that hours and doses are worth at prices, cell by cell and on a fine grid of doses."""
    n_wards = instance.shape[0]
    reaching = np.eye(n_wards) + (0.0 if instance.spill is None else instance.spill)
    dose_price = np.zeros(instance.value.shape)
    dose_price[curves_of(instance).place] = solved.dose_prices
    total = 0.0
    worth = np.zeros(instance.shape) + instance.presence_value
    worth += np.einsum("vw,whsg,rg->vhsr", reaching, dose_price, instance.dose_per_hour)
    claim = np.ones(instance.value.size)
    for limit, prices in zip(instance.limits, solved.prices, strict=True):
        signed = prices if limit.sense.value == "at_least" else -prices
        total -= float(signed @ limit.bound)
        worth += (limit.hours.T @ signed).reshape(instance.shape)
        claim += 0.0 if limit.avoided is None else limit.avoided.T @ signed
    most = np.broadcast_to(instance.capacity[None, :, None, :], instance.shape)
    total += float(np.maximum(worth * most, 0.0)[instance.allowed].sum())
    reach = instance.dose(instance.allowed * most) / instance.baseline[..., None]
    for place in zip(*curves_of(instance).place, strict=True):
        doses = np.linspace(0.0, 1.0, 20_001) ** 2 * reach[place]
        weight = instance.value[place] * claim[np.ravel_multi_index(place, instance.value.shape)]
        gained = weight * instance.response.fall(doses) - dose_price[place] * instance.baseline[place[:3]] * doses
        total += float(gained.max())
    return total
