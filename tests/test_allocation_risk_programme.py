"""The worst tenth of futures goes into the programme together with the mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.plans import make_instance
from tests.problems import solved_again
from wardcast_models.allocation.programme.audit import exact_value
from wardcast_models.allocation.programme.instance import Futures, Instance
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.allocation.programme.worst_futures import tail_mean

Array = NDArray[np.float64]


def risky(weight: float, *, n_futures: int = 40) -> Instance:
    """Return a problem whose worst futures lie in one ward."""
    instance = make_instance(seed=3, n_months=1, cvar_weight=1.0, n_futures=n_futures)
    futures = instance.futures
    assert futures is not None
    storms = np.where(np.arange(n_futures) < n_futures // 8, 6.0, 0.3)
    value = futures.value.copy()
    value[:, -1] = instance.value[-1] * storms[:, None, None, None]
    return with_weight(replace(instance, futures=replace(futures, value=value)), weight)


def with_weight(instance: Instance, weight: float) -> Instance:
    assert instance.futures is not None
    return replace(instance, futures=None if weight == 0 else replace(instance.futures, weight=weight))


def futures_of(instance: Instance) -> Futures:
    assert instance.futures is not None
    return instance.futures


def residual(instance: Instance, futures: Futures, hours: Array) -> Array:
    """Return what is left in each future, shape (P,)."""
    relative = instance.dose(hours) / instance.baseline[..., None]
    falls = np.array([response.fall(relative) for response in futures.responses])
    return np.asarray((futures.value * (1 - falls[futures.response])).sum(axis=(1, 2, 3, 4)))


def test_the_worst_tenth_is_the_mean_of_the_largest() -> None:
    harm = np.random.default_rng(0).gamma(2.0, 10.0, 200)
    assert tail_mean(harm, 0.9) == pytest.approx(np.sort(harm)[-20:].mean())


def test_a_future_that_the_tenth_cuts_through_counts_in_part() -> None:
    harm = np.arange(15.0)
    assert tail_mean(harm, 0.9) == pytest.approx((14.0 + 0.5 * 13.0) / 1.5)


def test_more_weight_on_the_worst_tenth_leaves_less_in_it_and_more_on_the_mean() -> None:
    futures = futures_of(risky(1.0))
    tails, means = [], []
    for weight in (0.0, 0.3, 0.7, 1.0):
        instance = risky(weight)
        hours = solve(instance).unrounded
        tails.append(tail_mean(residual(instance, futures, hours), 0.9))
        means.append(float(instance.avoided_by_curve(hours).sum()))
    assert (np.diff(tails) <= 1e-6 * tails[0]).all()
    assert (np.diff(means) <= 1e-6 * means[0]).all()
    assert tails[-1] < tails[0] * (1 - 1e-3)
    assert means[-1] < means[0] * (1 - 1e-3)


def test_hours_go_where_the_worst_futures_lie() -> None:
    calm, careful = (solve(risky(weight)).hours[-1].sum() for weight in (0.0, 1.0))
    assert careful > 1.2 * calm


@pytest.mark.parametrize("weight", [0.3, 1.0])
def test_the_objective_is_what_the_plan_is_worth_on_the_curves(weight: float) -> None:
    instance = risky(weight)
    solution = solve(instance)
    futures = futures_of(instance)
    before = tail_mean(futures.value.sum(axis=(1, 2, 3, 4)), 0.9)
    fallen = before - tail_mean(residual(instance, futures, solution.unrounded), 0.9)
    mean = float(instance.avoided_by_curve(solution.unrounded).sum())
    worth = (1 - weight) * mean + weight * fallen
    assert worth == pytest.approx(exact_value(instance, solution.unrounded))
    assert worth == pytest.approx(solution.objective, rel=1e-5)
    assert solution.audit.gap < 1e-4


@pytest.mark.parametrize("n_futures", [40, 44])
def test_no_future_weighs_more_than_its_part_of_the_tenth(n_futures: int) -> None:
    solution = solve(risky(0.6, n_futures=n_futures))
    weights = solved_again(solution).solve().future_weights
    assert weights.shape == (n_futures,)
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() >= 0
    assert weights.max() <= 1 / (0.1 * n_futures) + 1e-6
    left = residual(risky(0.6, n_futures=n_futures), futures_of(risky(0.6, n_futures=n_futures)), solution.unrounded)
    assert weights @ left == pytest.approx(tail_mean(left, 0.9), rel=1e-3)


def test_futures_that_are_all_the_mean_change_nothing() -> None:
    instance = risky(0.5)
    futures = replace(
        futures_of(instance),
        value=np.repeat(instance.value[None], 40, axis=0),
        response=np.zeros(40, dtype=np.intp),
        responses=(instance.response,),
    )
    certain = replace(instance, futures=futures)
    without = replace(instance, futures=None)
    assert solve(certain).objective == pytest.approx(solve(without).objective, rel=1e-5)


def test_a_floor_on_protection_holds_on_the_curves_whatever_the_weight() -> None:
    for weight in (0.5, 1.0):
        instance = make_instance(seed=3, cvar_weight=weight, protection=0.6)
        assert solve(instance).audit.worst_breach_hours < 0.01
