"""A second formulation, written for scipy from the problem alone, finds the same optimum on hundreds of problems."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from tests.drawn_problems import drawn
from tests.linear_programmes import chords_of, fine_chords, optimum_by_scipy
from wardcast_models.allocation.limits.limit import LimitKind
from wardcast_models.allocation.programme.solve import Solution, solve
from wardcast_models.errors import ErrorKind, WardcastError

N_PROBLEMS = 230
"""Drawn; some of them no plan can meet, and at least 200 have an optimum."""


@cache
def answer(seed: int) -> Solution | WardcastError:
    """Solve a drawn problem, or return why it is refused."""
    try:
        return solve(drawn(seed))
    except WardcastError as refused:
        return refused


@pytest.mark.parametrize("seed", range(N_PROBLEMS))
def test_the_same_optimum_or_the_same_refusal(seed: int) -> None:
    instance, found = drawn(seed), answer(seed)
    if isinstance(found, WardcastError):
        assert found.kind is ErrorKind.INFEASIBLE
        assert optimum_by_scipy(instance, fine_chords(instance, 20)) is None
    else:
        assert optimum_by_scipy(instance, chords_of(found, instance)) == pytest.approx(found.objective, rel=1e-6)


def test_the_problems_are_of_every_kind() -> None:
    solved = {seed: found for seed in range(N_PROBLEMS) if isinstance(found := answer(seed), Solution)}
    assert len(solved) >= 200
    problems = {seed: drawn(seed) for seed in solved}
    binds = Counter(
        kind
        for seed, found in solved.items()
        for kind in {
            limit.kind
            for limit, prices in zip(problems[seed].limits, found.prices, strict=True)
            if np.abs(prices).max() > 1e-6 * found.objective
        }
    )
    assert {kind for kind, count in binds.items() if count >= 5} >= set(LimitKind)
    for option in (
        lambda problem: problem.futures is None,
        lambda problem: problem.spill is None,
        lambda problem: not problem.presence_value.any(),
        lambda problem: np.ptp(problem.value, axis=2).max() == 0,
    ):
        with_it = sum(option(problem) for problem in problems.values())
        assert 40 <= with_it <= len(problems) - 40
    for axis, sizes in enumerate([range(2, 7), range(1, 4), range(1, 4), range(1, 5)]):
        assert {problem.shape[axis] for problem in problems.values()} == set(sizes)


@pytest.mark.parametrize("seed", range(40))
def test_the_months_solved_first_one_by_one_lead_to_the_same_optimum(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = answer(seed)
    monkeypatch.setattr("wardcast_models.allocation.programme.month_start.LARGE_PROBLEM_CURVES", 0)
    if isinstance(found, WardcastError):
        with pytest.raises(WardcastError) as refused:
            solve(drawn(seed))
        assert str(refused.value) == str(found)
    else:
        assert solve(drawn(seed)).objective == pytest.approx(found.objective, rel=1e-5)


@pytest.mark.parametrize("seed", [0, *range(2, 10)])
def test_fine_chords_that_know_nothing_of_the_plan_promise_no_more_than_the_audits_bound(seed: int) -> None:
    instance, found = drawn(seed), answer(seed)
    assert isinstance(found, Solution)
    by_scipy = optimum_by_scipy(instance, fine_chords(instance, 400))
    assert by_scipy is not None
    assert by_scipy <= found.audit.bound * (1 + 1e-7)
    assert by_scipy == pytest.approx(found.audit.bound, rel=2e-4)
