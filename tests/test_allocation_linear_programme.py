"""A linear programme that is solved again and again has its full time for each solve."""

from __future__ import annotations

import time

import numpy as np

from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.linear_programme import LinearProgramme

LIMIT_SECONDS = 0.3


def test_many_quick_solves_do_not_use_up_the_time_of_a_later_one() -> None:
    n = 300
    rng = np.random.default_rng(0)
    programme = LinearProgramme(time_limit_seconds=LIMIT_SECONDS)
    columns = programme.columns(np.full(n, 1.0), -rng.random(n))
    row = np.zeros(n, dtype=np.intp)
    programme.rows(np.full(1, -np.inf), np.full(1, n / 3), (row, columns, rng.uniform(0.5, 1.5, n)))
    spent = 0.0
    while spent < 2 * LIMIT_SECONDS:
        started = time.perf_counter()
        outcome = programme.solve()
        spent += time.perf_counter() - started
        assert outcome.status is SolutionStatus.OPTIMAL
        programme.set_costs(columns, -rng.random(n))
