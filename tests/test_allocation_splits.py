"""Simple splits spend what the plan spends, and the verdict on them is right either way."""

from __future__ import annotations

import numpy as np
import pytest

from tests.panels import make_panel
from tests.plans import POLICE, make_forecast, make_instance, make_request
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.effect import Effect
from wardcast_models.allocation.splits import Name, Split, verdict


@pytest.mark.parametrize("like_shifts", [True, False])
def test_a_split_shares_out_exactly_the_hours_of_each_team_and_month_that_it_is_given(like_shifts: bool) -> None:
    instance = make_instance(seed=2, like_shifts=like_shifts, n_resources=3)
    spent = np.round(instance.capacity * 0.37, 2)
    for hours in (instance.proportional(spent), instance.equal(spent)):
        assert np.allclose(hours.sum(axis=(0, 2)), spent)
        assert (hours[~np.broadcast_to(instance.allowed[:, None], hours.shape)] == 0).all()


def test_hours_that_a_limit_leaves_idle_are_not_spent_by_the_splits_either() -> None:
    alike = make_forecast(ward_weights=[1.0, 1.0, 1.0, 1.0], n_paths=400, monthly_mean=200.0)
    request = make_request({**POLICE, "hours_per_month": 2400}, limits={"ward_max_hours_per_month": 60})
    plan = allocate(forecast=alike, panel=make_panel(), request=request)
    assert sum(row.hours for row in plan.assignments) == pytest.approx(4 * 60 * 3)
    avoided = {split.name: split.harm_avoided.mean for split in plan.comparisons}
    assert avoided["equal"] == pytest.approx(avoided["plan"], rel=1e-3)
    assert avoided["proportional"] == pytest.approx(avoided["plan"], rel=0.02)
    assert all(split.feasible for split in plan.comparisons if split.name == "equal")


def test_the_verdict_says_by_how_much_a_split_wins() -> None:
    said = verdict((_split("plan", 100.0), _split("proportional", 150.0), _split("equal", 80.0)))
    assert "The proportional split is expected to avoid 50% more weighted harm than the plan, so prefer it." in said
    assert "The plan is expected to avoid 25% more weighted harm than the equal split of the same hours." in said


def _split(name: Name, harm: float) -> Split:
    draws = np.full((10, 1), harm)
    return Split(name=name, label=name, effect=Effect(harm=draws, crimes=draws), feasible=True)
