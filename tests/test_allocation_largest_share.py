"""The largest share that a ward may get is one of the hours planned, and told where it cannot be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tests.plans import make_request
from tests.problems import COUNCIL, PATROL, WARDS, panel_with_persons, problem_of, some_forecast, some_hours
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.check import check_request
from wardcast_models.allocation.limits.limit import LimitKind
from wardcast_models.errors import WardcastError


def test_no_ward_gets_more_than_its_share_of_the_hours_planned_though_a_budget_leaves_hours_idle() -> None:
    limits = {"ward_max_share": 0.3, "budget_hours": 900}
    request = make_request(PATROL, COUNCIL, limits=limits)
    plan = allocate(forecast=some_forecast(), panel=panel_with_persons(), request=request)
    by_ward = dict.fromkeys(product(WARDS, plan.months), 0.0)
    planned = dict.fromkeys(plan.months, 0.0)
    for cell in plan.assignments:
        by_ward[cell.ward_code, cell.month] += cell.hours
        planned[cell.month] += cell.hours
    assert sum(planned.values()) == pytest.approx(900, abs=0.1)
    assert max(hours - 0.3 * planned[month] for (_, month), hours in by_ward.items()) <= 0.01
    assert any(hours > 0.29 * planned[month] for (_, month), hours in by_ward.items()), "the share holds some ward"


def test_in_very_many_wards_the_largest_share_is_one_of_the_hours_available(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wardcast_models.allocation.limits.ward.MOST_WARDS_OF_PLANNED", 3)
    problem = problem_of(make_request(PATROL, COUNCIL, limits={"ward_max_share": 0.3}))
    limit = next(limit for limit in problem.instance.limits if limit.kind is LimitKind.WARD_MAX_SHARE)
    hours = some_hours(problem)
    assert limit.used(hours, np.zeros(0)) == pytest.approx(hours.sum(axis=(2, 3)).reshape(-1))
    assert list(limit.bound[:3]) == pytest.approx([300, 300, 300])
    assert limit.unit == "percent of a month's available hours"


def test_a_share_too_small_for_the_wards_that_teams_may_enter_is_refused() -> None:
    team = {**PATROL, "wards": list(WARDS[:2])}
    with pytest.raises(WardcastError, match="teams may work in 2 wards") as refused:
        check_request(make_request(team, limits={"ward_max_share": 0.4}), panel_with_persons())
    assert [(problem.where, problem.expected) for problem in refused.value.problems] == [
        ("limits.ward_max_share", "at least 0.5")
    ]
    check_request(make_request(team, limits={"ward_max_share": 0.5}), panel_with_persons())
