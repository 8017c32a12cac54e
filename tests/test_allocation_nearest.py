"""Among equally good plans the one nearest to the proportional split is taken, and always the same one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.drawn_problems import drawn
from tests.limit_rows import LimitFigures
from tests.plans import make_instance
from tests.problems import solved_again
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.linear_programme import Outcome
from wardcast_models.allocation.programme.nearest import Nearest, nearest
from wardcast_models.allocation.programme.programme import Programme
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.errors import ErrorKind, WardcastError

Array = NDArray[np.float64]

NOTHING = Outcome(status=SolutionStatus.NOT_SOLVED, values=np.zeros(0), row_duals=np.zeros(0), minimum=0.0)

LIMITED: LimitFigures = {"ward_min": 20.0, "ward_max_share": 0.4, "floor": 0.3}


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_chosen_is_as_good_as_the_optimum_and_no_farther_from_the_proportional_split(seed: int) -> None:
    instance = drawn(seed + 40)
    try:
        solution = solve(instance)
    except WardcastError as refused:
        assert refused.kind is ErrorKind.INFEASIBLE
        return
    small = solution.joined.instance
    first, target = solved_again(solution).solve(), small.proportional(small.capacity)
    chosen = nearest(small, first.hours, target).hours
    kept = replace(small, limits=tuple(limit for limit in small.limits if limit.avoided is None))
    assert kept.worst_breach(chosen) <= 1e-6
    held = Programme(with_hours(small, chosen), solution.breakpoints).solve()
    assert held.avoided >= first.avoided * (1 - 1e-7)
    assert distance(chosen, target) <= distance(first.hours, target) * (1 + 1e-6) + 1e-6


def test_repeating_a_solve_gives_the_same_hours_to_the_last_digit() -> None:
    for instance in (
        make_instance(seed=4, like_shifts=False, n_resources=3),
        make_instance(seed=4, cvar_weight=0.5, protection=0.6, **LIMITED),
    ):
        once, again = solve(instance), solve(instance)
        assert np.array_equal(once.hours, again.hours)
        assert np.array_equal(once.unrounded, again.unrounded)
        assert once.objective == again.objective


def test_like_shifts_get_like_hours() -> None:
    hours = solve(make_instance(seed=1)).unrounded
    assert np.allclose(hours[:, :, 0], hours[:, :, 2])


def test_teams_that_do_the_same_are_spread_alike() -> None:
    instance = make_instance(seed=1, n_resources=3)
    alike = replace(instance, dose_per_hour=np.tile(instance.dose_per_hour[:1], (3, 1)))
    hours = solve(alike).unrounded
    share = hours / alike.capacity[None, :, None, :]
    assert np.abs(share - share[..., :1]).max() < 1e-6


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
    flooded = flooded_with_hours(instance, 1000.0)
    solution = solve(flooded)
    top = float(flooded.response.fall(np.array([1e9]))[0]) * instance.value.sum()
    assert solution.objective == pytest.approx(top, rel=1e-3)
    assert np.allclose(solution.unrounded, flooded.proportional(flooded.capacity), rtol=1e-2)


def test_a_month_for_which_none_nearer_is_found_keeps_its_hours_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "wardcast_models.allocation.programme.linear_programme.LinearProgramme.solve", lambda _: NOTHING
    )
    instance = make_instance(seed=1)
    hours = instance.equal(instance.capacity)
    chosen = nearest(instance, hours, instance.proportional(instance.capacity))
    assert chosen.months_as_found == instance.months
    assert np.array_equal(chosen.hours, hours)


def test_what_could_not_be_chosen_is_noted_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = make_instance(seed=1)
    assert solve(instance).notes == ()
    monkeypatch.setattr(
        "wardcast_models.allocation.programme.solve.nearest",
        lambda _, hours, __: Nearest(hours=hours, months_as_found=("2022-02",)),
    )
    (note,) = solve(instance).notes
    assert note.startswith("In 2022-02 the hours are the first found of equally good ones.")


def with_hours(instance: Instance, hours: Array) -> Instance:
    """Return the problem in which each cell can have at most the hours given, and nothing else is asked."""
    rows = [np.nonzero(instance.allowed.reshape(-1))[0]]
    capacity = instance.limits[0]
    size = instance.allowed.size
    each = replace(
        capacity,
        hours=type(capacity.hours)(
            (np.ones(rows[0].size), (np.arange(rows[0].size), rows[0])), shape=(rows[0].size, size)
        ),
        bound=hours.reshape(-1)[rows[0]],
        step=np.ones(rows[0].size),
        places=("",) * rows[0].size,
    )
    return replace(instance, limits=(each,))


def distance(hours: Array, target: Array) -> float:
    return float(np.abs(hours - target).sum())


def flooded_with_hours(instance: Instance, factor: float) -> Instance:
    limits = tuple(replace(limit, bound=limit.bound * factor) for limit in instance.limits)
    return replace(instance, capacity=instance.capacity * factor, limits=limits)
