"""Plans of whole units: nothing but whole units, none better, and no prices."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.plans import make_instance
from wardcast_models.allocation.programme.audit import exact_value
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.programme import WHOLE_UNITS_GAP
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.errors import ErrorKind, WardcastError

Array = NDArray[np.float64]

OPTIONS = [
    {},
    {"ward_min": 20.0, "ward_max_share": 0.6},
    {"budget_share": 0.7, "shift_cap": 0.4},
    {"presence": 0.05, "spill_over": 0.2},
    {"cvar_weight": 0.5},
    {"protection": 0.4},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_hours_are_whole_units_that_keep_the_limits_and_never_beat_the_hours_of_any_size(
    options: dict[str, float],
) -> None:
    whole = make_instance(seed=1, unit_hours=8.0, n_months=1, **options)  # type: ignore[arg-type] # numbers all
    solution, any_size = solve(whole), solve(replace(whole, unit_hours=None))
    assert np.array_equal(solution.hours / 8.0, np.round(solution.hours / 8.0))
    assert whole.worst_breach(solution.hours) < 1e-2
    assert exact_value(whole, solution.hours) <= any_size.audit.bound * (1 + 1e-9)
    assert solution.objective <= any_size.audit.bound * (1 + 1e-9)
    assert solution.objective >= 0.9 * any_size.objective
    assert solution.whole_units
    assert solution.prices == ()


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_all_plans_counted_out_is_found(seed: int) -> None:
    instance = tiny(seed)
    best = max(exact_value(instance, hours) for hours in every_plan(instance))
    solution = solve(instance)
    assert exact_value(instance, solution.hours) >= best * (1 - WHOLE_UNITS_GAP) - best * 2e-3
    assert solution.audit.bound >= best * (1 - 1e-9)
    assert solution.audit.gap >= 1 - exact_value(instance, solution.hours) / solution.audit.bound - 1e-9


def test_each_team_has_units_of_its_own() -> None:
    instance = replace(make_instance(seed=2, n_months=1, unit_hours=1.0), unit_hours=np.array([8.0, 30.0]))
    hours = solve(instance).hours
    assert np.array_equal(hours[..., 0] % 8, np.zeros(hours.shape[:3]))
    assert np.array_equal(hours[..., 1] % 30, np.zeros(hours.shape[:3]))
    assert hours[..., 1].any()


def test_repeating_a_plan_of_whole_units_gives_the_same_hours() -> None:
    instance = make_instance(seed=1, unit_hours=8.0, n_months=1)
    assert np.array_equal(solve(instance).hours, solve(instance).hours)


def test_limits_that_only_whole_units_break_are_a_clash_in_words() -> None:
    instance = make_instance(seed=1, n_months=1, unit_hours=50.0, ward_min=60.0, ward_max=80.0)
    solve(replace(instance, unit_hours=None))
    with pytest.raises(WardcastError, match="cannot be met") as refused:
        solve(instance)
    assert refused.value.kind is ErrorKind.INFEASIBLE
    assert {problem.where for problem in refused.value.problems} == {"test.ward_min", "test.ward_max"}
    assert "The reason is the units" in refused.value.message
    mend = " ".join(problem.mend for problem in refused.value.problems)
    assert "Lower the ward min to 50 hours" in mend
    assert "Raise the ward max to 100 hours" in mend


def test_settled_hours_between_two_whole_units_are_told_with_both_neighbours() -> None:
    instance = make_instance(seed=1, n_months=1, unit_hours=8.0, locked=10.0)
    with pytest.raises(WardcastError, match="in fractions of units but not in whole units of 8 hours") as refused:
        solve(instance)
    assert refused.value.kind is ErrorKind.INFEASIBLE
    (problem,) = refused.value.problems
    assert problem.where == "test.locked"
    assert problem.mend.startswith("Give 8 or 16 hours a month")
    for neighbour in (8.0, 16.0):
        assert solve(make_instance(seed=1, n_months=1, unit_hours=8.0, locked=neighbour)).whole_units


def test_limits_that_clash_in_any_units_are_not_blamed_on_the_units() -> None:
    with pytest.raises(WardcastError, match="cannot be met") as refused:
        solve(make_instance(seed=1, n_months=1, unit_hours=8.0, locked=10.0, ward_min=400.0))
    assert "units" not in refused.value.message


def test_where_no_clash_of_whole_units_is_found_in_time_the_figures_that_ask_for_hours_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = make_instance(seed=1, n_months=1, unit_hours=50.0, ward_min=60.0, ward_max=80.0)
    monkeypatch.setattr("wardcast_models.allocation.programme.unit_clash.clash_of", lambda _: None)
    with pytest.raises(WardcastError, match="but not in whole units of 50 hours") as refused:
        solve(instance)
    assert refused.value.kind is ErrorKind.INFEASIBLE
    assert [problem.where for problem in refused.value.problems] == ["test.ward_min"]


def tiny(seed: int) -> Instance:
    """Return a problem with few enough plans to count out."""
    instance = make_instance(seed=seed, n_wards=3, n_months=1, n_shifts=1, n_resources=2, unit_hours=1.0)
    return replace(instance, unit_hours=np.floor(instance.capacity[0] / 4))


def every_plan(instance: Instance) -> list[Array]:
    """Return every plan of at most four units of each team."""
    assert instance.unit_hours is not None
    splits = [split for split in product(range(5), repeat=3) if sum(split) <= 4]
    return [
        np.stack([np.array(first) * instance.unit_hours[0], np.array(second) * instance.unit_hours[1]], axis=1)[
            :, None, None, :
        ]
        for first, second in product(splits, splits)
    ]
