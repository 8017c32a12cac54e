"""What must be true of every plan, whatever the problem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.drawn_problems import drawn
from tests.plans import CATEGORIES, make_forecast, make_instance, make_request, totals
from tests.problems import PATROL, problem_of, solved_again
from wardcast_models.allocation.limits.limit import LimitKind
from wardcast_models.allocation.programme.curves import curves_of, first_breakpoints
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.programme import Programme
from wardcast_models.allocation.programme.solve import Solution, solve
from wardcast_models.errors import ErrorKind, WardcastError
from wardcast_models.forecasting.forecast import Forecast

Array = NDArray[np.float64]

few = settings(max_examples=20, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)


@few
@given(seed=seeds, more=st.floats(0.5, 500.0))
def test_a_larger_budget_never_lowers_the_optimum(seed: int, more: float) -> None:
    instance = make_instance(seed=seed, budget_share=0.6, ward_min=5.0, ward_max_share=0.5, shift_cap=0.3)
    programme = Programme(instance, first_breakpoints(curves_of(instance), instance.response))
    before = programme.solve().avoided
    for at, limit in enumerate(instance.limits):
        if limit.kind in (LimitKind.BUDGET_HOURS, LimitKind.CAPACITY, LimitKind.SHIFT_CAPACITY):
            richer = programme.avoided_with({at: limit.bound + more})
            assert richer is not None
            assert richer >= before * (1 - 1e-9)


@few
@given(seed=seeds, more=st.floats(0.5, 500.0))
def test_a_plan_with_a_larger_budget_avoids_no_less_but_for_the_stated_gap(seed: int, more: float) -> None:
    instance = make_instance(seed=seed, budget_share=0.6, ward_min=5.0, ward_max_share=0.5)
    raised = tuple(
        replace(limit, bound=limit.bound + more) if limit.kind is LimitKind.BUDGET_HOURS else limit
        for limit in instance.limits
    )
    first, richer = solve(instance), solve(replace(instance, limits=raised))
    assert richer.audit.bound >= first.audit.value * (1 - 1e-12)
    assert richer.audit.value >= first.audit.value * (1 - richer.audit.gap - 1e-12)
    assert richer.audit.gap < 1e-4


@few
@given(seed=seeds)
def test_dropping_any_limit_never_lowers_the_objective(seed: int) -> None:
    instance, solution = drawn(seed), solved_or_refused(seed)
    assume(solution is not None)
    assert solution is not None
    programme = solved_again(solution)
    for at in range(len(instance.limits)):
        without = programme.avoided_without((at,))
        assert without is None or without >= solution.objective * (1 - 1e-9)


@few
@given(seed=seeds, factor=st.floats(1e-3, 1e3), cvar_weight=st.sampled_from([0.0, 0.4]))
def test_the_unit_of_harm_does_not_move_the_hours(seed: int, factor: float, cvar_weight: float) -> None:
    instance = make_instance(
        seed=seed, n_months=1, ward_min=5.0, presence=0.02, cvar_weight=cvar_weight, protection=0.1, n_futures=20
    )
    futures = instance.futures
    scaled = replace(
        instance,
        value=instance.value * factor,
        presence_value=instance.presence_value * factor,
        limits=tuple(
            limit if limit.avoided is None else replace(limit, bound=limit.bound * factor, step=limit.step * factor)
            for limit in instance.limits
        ),
        futures=None if futures is None else replace(futures, value=futures.value * factor),
    )
    assert np.abs(solve(scaled).unrounded - solve(instance).unrounded).max() <= 1e-6


@few
@given(seed=seeds, factor=st.floats(1.0, 5.0), like_shifts=st.booleans())
def test_one_teams_hours_never_fall_where_demand_rises(seed: int, factor: float, like_shifts: bool) -> None:
    instance = one_team(seed, like_shifts=like_shifts)
    risen = with_demand(instance, factor)
    breakpoints = first_breakpoints(curves_of(instance), instance.response)
    before, after = (Programme(problem, breakpoints).solve().hours for problem in (instance, risen))
    assert totals(after)[0] >= totals(before)[0] - 1e-6


@few
@given(seed=seeds, factor=st.floats(1.0, 5.0), like_shifts=st.booleans())
def test_one_teams_planned_hours_fall_by_no_more_than_the_width_of_a_chord_where_demand_rises(
    seed: int, factor: float, like_shifts: bool
) -> None:
    instance = one_team(seed, like_shifts=like_shifts)
    before, after = solve(instance), solve(with_demand(instance, factor))
    width = max(widest_chord_hours(before), widest_chord_hours(after))
    assert totals(after.unrounded)[0] >= totals(before.unrounded)[0] - width - 1e-6


@few
@given(wards=st.permutations(range(4)), kinds=st.permutations(range(len(CATEGORIES))), seed=seeds)
def test_the_order_of_input_rows_does_not_change_the_plan(wards: list[int], kinds: list[int], seed: int) -> None:
    forecast = make_forecast(seed=seed, n_paths=20)
    teams = [PATROL, {"name": "Team B", "agency": "police", "hours_per_month": 250, "shifts": ["late"]}]
    locked = [
        {"ward": "E05000001", "resource": "Patrol", "hours_per_month": 40},
        {"ward": "E05000003", "resource": "Team B", "hours_per_month": 10},
    ]
    first = problem_of(
        make_request(*teams, limits={"ward_min_hours_per_month": 20, "locked": locked}), forecast=forecast
    )
    second = problem_of(
        make_request(*teams[::-1], limits={"ward_min_hours_per_month": 20, "locked": locked[::-1]}),
        forecast=reordered(forecast, wards, kinds),
    )
    assert first.instance.wards == second.instance.wards
    assert first.instance.resources == second.instance.resources
    assert np.array_equal(solve(first.instance).hours, solve(second.instance).hours)


def solved_or_refused(seed: int) -> Solution | None:
    try:
        return solve(drawn(seed))
    except WardcastError as refused:
        assert refused.kind is ErrorKind.INFEASIBLE
        return None


def one_team(seed: int, *, like_shifts: bool) -> Instance:
    """Return a problem with one team, its hours and bounds on wards, and no spill-over."""
    return make_instance(
        seed=seed, n_months=1, n_resources=1, like_shifts=like_shifts, ward_min=5.0, ward_max_share=0.6
    )


def with_demand(instance: Instance, factor: float) -> Instance:
    """Multiply the first ward's whole demand."""
    factors = np.array([factor, 1.0, 1.0, 1.0])[:, None, None, None]
    return replace(instance, value=instance.value * factors)


def widest_chord_hours(solution: Solution) -> float:
    """Return the planned hours of one team that the chords around the first ward's doses span, over all shifts."""
    small = solution.joined.instance
    curves = curves_of(small)
    hours = np.zeros(small.shape[2])
    doses = np.minimum(curves.doses(small, solved_again(solution).solve().hours), solution.breakpoints[:, -1])
    for curve, (ward, _, shift, group) in enumerate(zip(*curves.place, strict=True)):
        points = solution.breakpoints[curve]
        touching = (points[:-1] <= doses[curve] + 1e-9) & (points[1:] >= doses[curve] - 1e-9)
        width = float(np.diff(points)[touching].max(initial=0.0)) * curves.baseline[curve]
        if ward == 0:
            hours[shift] = max(hours[shift], width / small.dose_per_hour[0, group])
    return float(hours.sum())


def reordered(forecast: Forecast, wards: list[int], kinds: list[int]) -> Forecast:
    """Return the same forecast with its wards and categories in another order."""
    return replace(
        forecast,
        ward_codes=tuple(forecast.ward_codes[ward] for ward in wards),
        ward_names=tuple(forecast.ward_names[ward] for ward in wards),
        categories=tuple(forecast.categories[kind] for kind in kinds),
        paths=forecast.paths[:, wards][:, :, kinds],
        components=forecast.components[:, wards][:, :, kinds],
        demand_history=forecast.demand_history[wards][:, kinds],
        exposure_growth=forecast.exposure_growth[wards],
    )
