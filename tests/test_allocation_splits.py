"""Simple splits spend what the plan spends, and the verdict on them is right either way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.plans import POLICE, make_forecast, make_instance, make_request
from tests.problems import problem_of
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.explanation.effect import Effect
from wardcast_models.allocation.explanation.splits import Name, Split, also_aims, current_split, verdict


@pytest.mark.parametrize("like_shifts", [True, False])
def test_a_split_shares_out_exactly_the_hours_of_each_team_and_month_that_it_is_given(like_shifts: bool) -> None:
    instance = make_instance(seed=2, like_shifts=like_shifts, n_resources=3)
    spent = np.round(instance.capacity * 0.37, 2)
    for hours in (instance.proportional(spent), instance.equal(spent)):
        assert np.allclose(hours.sum(axis=(0, 2)), spent)
        assert (hours[~instance.allowed] == 0).all()


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
    splits = (_split("plan", 100.0), _split("current", 100.0), _split("proportional", 150.0), _split("equal", 80.0))
    said = verdict(splits)
    assert "The current split does as well (within 1%): choose whichever is easier to run." in said
    assert "The proportional split is expected to avoid 50% more weighted harm than the plan, so prefer it." in said
    assert "Of weighted harm the plan is expected to avoid 25% more than the equal split of the same hours." in said
    assert "it does better than the proportional split, the best of these, in 0% of the simulated futures" in said
    assert "the difference is between -50.0 and -50.0 units of harm" in said


def test_the_splits_that_do_worse_are_told_in_one_sentence() -> None:
    splits = (_split("plan", 100.0), _split("current", 80.0), _split("proportional", 50.0), _split("equal", 0.0))
    said = verdict(splits)
    assert "avoid 25% more than the current split and 100% more than the proportional split of the same hours." in said
    assert "avoided by the plan only, none by the equal split." in said
    assert said.count("expected to avoid") == 1


def test_a_split_is_not_recommended_for_harm_alone_where_the_plan_aims_at_more() -> None:
    splits = (_split("plan", 100.0), _split("current", 100.0), _split("proportional", 150.0), _split("equal", 80.0))
    objective = make_request(objective={"after_dark_weight": 1, "cvar_weight": 0.5}).objective
    said = verdict(splits, also_aims(objective))
    assert "The proportional split is expected to avoid 50% more weighted harm than the plan." in said
    assert "prefer" not in said
    assert "choose whichever" not in said
    assert "The plan also aims at presence after dark and less harm in the worst tenth of futures, which this" in said
    assert also_aims(make_request().objective) == ()


def test_the_current_split_follows_the_last_plan_and_without_one_todays_presence() -> None:
    rows = [(f"E0500000{ward}", shift, 100.0 * ward) for ward in range(1, 5) for shift in ("day", "late", "night")]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    panel = replace(make_panel(), baseline_hours=supplied)
    last_plan = {"ward_hours_per_month": {"E05000001": 300, "E05000003": 100}}
    cases: tuple[tuple[dict[str, Any], list[float]], ...] = (
        ({}, [0.1, 0.2, 0.3, 0.4]),
        ({"last_plan": last_plan}, [0.75, 0.0, 0.25, 0.0]),
    )
    for fields, shares in cases:
        request = make_request(POLICE, {**POLICE, "name": "Second", "shifts": ["late"]}, **fields)
        problem = problem_of(request, panel=panel)
        spent = np.full(problem.instance.capacity.shape, 120.0)
        hours = current_split(problem, spent)
        assert np.allclose(hours.sum(axis=(0, 2)), spent)
        assert np.allclose(hours.sum(axis=(1, 2, 3)) / hours.sum(), shares)
        assert (hours[~problem.instance.allowed] == 0).all()


def test_all_splits_are_judged_on_the_same_draws_with_what_is_left_in_the_worst_tenth() -> None:
    plan = allocate(forecast=make_forecast(n_paths=300), panel=make_panel(), request=make_request())
    left = {split.name: split.residual_cvar for split in plan.comparisons}
    assert list(left) == ["plan", "current", "proportional", "equal", "none"]
    assert left["plan"] < left["equal"] < left["none"]


def _split(name: Name, harm: float) -> Split:
    draws = np.full((10, 1), harm)
    return Split(name=name, label=name, effect=Effect(harm=draws, crimes=draws, residual=draws[:, 0]), feasible=True)
