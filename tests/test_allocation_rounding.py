"""Rounding to a hundredth of an hour keeps the teams' hours, the budgets and, within a hundredth, everything else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import milp

from tests.drawn_problems import drawn
from tests.limit_rows import LimitFigures
from tests.plans import make_instance
from wardcast_models.allocation.limits.limit import LimitKind
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.rounding import BUDGETS, HOURS_OF_TEAMS, MOST_NODES, round_hours
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.errors import ErrorKind, WardcastError

Array = NDArray[np.float64]

TIGHT: LimitFigures = {"ward_min": 70.01, "budget_share": 0.9}


@pytest.mark.parametrize("seed", range(40))
def test_a_rounded_plan_keeps_every_limit_that_the_plan_kept(seed: int) -> None:
    instance = drawn(seed + 100)
    try:
        solution = solve(instance)
    except WardcastError as refused:
        assert refused.kind is ErrorKind.INFEASIBLE
        return
    hours, before = solution.hours, solution.unrounded
    assert is_whole_hundredths(hours)
    assert np.abs(hours - before).max() < 0.01
    for limit in instance.limits:
        if limit.avoided is not None:
            continue
        broken, broken_before = (float(limit.breach(each, np.zeros(0)).max()) for each in (hours, before))
        if limit.kind in (*HOURS_OF_TEAMS, *BUDGETS):
            assert broken <= 1e-6
        else:
            per_hour = max(float(abs(limit.hours).max()), 1.0)
            assert broken <= broken_before + 0.01 * per_hour


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_rounding_moves_no_cell_by_a_hundredth_and_keeps_capacities_and_whole_totals(seed: int) -> None:
    instance = make_instance(seed=seed, n_months=1, n_resources=3, ward_min=10.0)
    hours = all_hours_at_random(instance, seed)
    rounded = round_hours(hours, instance).hours
    assert np.abs(rounded - hours).max() < 0.01
    assert is_whole_hundredths(rounded)
    assert np.allclose(rounded.sum(axis=(0, 2)), instance.capacity)
    assert np.abs(rounded.sum(axis=(2, 3)) - hours.sum(axis=(2, 3))).max() < 0.01


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), share=st.floats(0.3, 1.0))
def test_a_budget_that_is_spent_to_the_last_penny_is_never_exceeded(seed: int, share: float) -> None:
    instance = make_instance(seed=seed, n_months=2, budget_pounds=1.0, budget_share=1.0)
    hours = all_hours_at_random(instance, seed) * share
    spent = tuple(
        replace(limit, bound=limit.hours @ hours.reshape(-1)) if limit.kind in BUDGETS else limit
        for limit in instance.limits
    )
    rounded = round_hours(hours, replace(instance, limits=spent)).hours
    for limit in spent:
        if limit.kind in BUDGETS:
            assert (limit.hours @ rounded.reshape(-1) <= limit.bound + 1e-4).all()
    assert np.abs(rounded - hours).max() < 0.01


def test_capacities_that_are_not_whole_hundredths_are_never_exceeded() -> None:
    instance = make_instance(n_wards=1, n_months=1, n_shifts=1, n_resources=2)
    limits = tuple(replace(limit, bound=np.full(1, 100.005)) for limit in instance.limits)
    instance = replace(instance, capacity=np.full((1, 2), 100.005), limits=limits)
    rounded = round_hours(np.full((1, 1, 1, 2), 100.005), instance).hours
    assert (rounded.sum(axis=(0, 2)) <= instance.capacity).all()


def test_the_largest_remainders_go_up() -> None:
    instance = make_instance(n_wards=4, n_months=1, n_shifts=1, n_resources=1)
    limits = (replace(instance.limits[0], bound=np.array([40.02])),)
    instance = replace(instance, capacity=np.array([[40.02]]), limits=limits)
    hours = np.array([10.001, 10.003, 10.007, 10.009]).reshape(4, 1, 1, 1)
    assert round_hours(hours, instance).hours.reshape(-1).tolist() == [10.0, 10.0, 10.01, 10.01]


def test_hours_that_are_whole_hundredths_stay_as_they_are() -> None:
    instance = make_instance(seed=2)
    hours = np.floor(all_hours_at_random(instance, 2) * 100) / 100
    assert np.array_equal(round_hours(hours, instance).hours, np.round(hours * 100) / 100)


def test_the_solvers_noise_is_no_remainder() -> None:
    instance = make_instance(seed=2)
    hours = np.floor(all_hours_at_random(instance, 2) * 100) / 100
    noisy = np.maximum(hours + np.random.default_rng(0).uniform(-1e-8, 1e-8, hours.shape), 0.0)
    assert np.allclose(round_hours(noisy, instance).hours, hours, atol=1e-9)


def test_rounding_again_gives_the_same_hours() -> None:
    instance = drawn(8)
    unrounded = solve(instance).unrounded
    assert np.array_equal(round_hours(unrounded, instance).hours, round_hours(unrounded, instance).hours)


def test_limits_that_cannot_all_be_rounded_together_still_leave_teams_and_budgets_whole() -> None:
    instance = make_instance(seed=0, shift_cap=0.25, budget_share=0.9, ring_fence=30.0, ward_min=20.0, floor=0.3)
    solution = solve(instance)
    for limit in instance.limits:
        slack = 1e-9 if limit.kind in (*HOURS_OF_TEAMS, *BUDGETS) else 0.01
        assert limit.breach(solution.hours, np.zeros(0)).max() <= slack
    assert {limit.kind for limit in instance.limits} >= {LimitKind.BUDGET_HOURS, LimitKind.RING_FENCE}


def test_the_search_ends_alike_everywhere_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, Any]] = []

    def kept(*arguments: Any, options: Any, **others: Any) -> Any:
        given.append(dict(options))  # SciPy empties it
        return milp(*arguments, options=options, **others)

    monkeypatch.setattr("wardcast_models.allocation.programme.rounding.milp", kept)
    assert solve(make_instance(seed=1, **TIGHT)).rounding_within
    assert given
    assert all(options["node_limit"] == MOST_NODES and options["mip_rel_gap"] == 0 for options in given)


def test_where_no_rounding_is_found_the_solution_says_so_and_the_teams_hours_still_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = make_instance(seed=1, **TIGHT)
    assert solve(instance).notes == ()
    monkeypatch.setattr("wardcast_models.allocation.programme.rounding.milp", lambda *_, **__: SimpleNamespace(x=None))
    solution = solve(instance)
    assert not solution.rounding_within
    assert any("hundredth of an hour" in note for note in solution.notes)
    for limit in instance.limits:
        if limit.kind in (*HOURS_OF_TEAMS, *BUDGETS):
            assert limit.breach(solution.hours, np.zeros(0)).max() <= 1e-6


def all_hours_at_random(instance: Instance, seed: int) -> Array:
    weight = np.random.default_rng(seed).gamma(0.5, 1.0, instance.shape)
    return np.asarray(weight / weight.sum(axis=(0, 2), keepdims=True) * instance.capacity[None, :, None, :])


def is_whole_hundredths(hours: Array) -> bool:
    return bool(np.allclose(hours * 100, np.round(hours * 100), atol=1e-6))
