"""What must be true of every plan, whatever the problem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.panels import empty, make_panel
from tests.plans import make_forecast, make_instance, make_request, totals
from wardcast_models.allocation.asb_floor import asb_floor
from wardcast_models.allocation.assembly import assemble
from wardcast_models.allocation.baseline import baseline_presence
from wardcast_models.allocation.demand import demand_of
from wardcast_models.allocation.instance import Instance
from wardcast_models.allocation.preventable import preventable_shares
from wardcast_models.allocation.rounding import round_hours
from wardcast_models.allocation.solve import solve
from wardcast_models.forecasting.forecast import Forecast

few = settings(max_examples=12, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)


@few
@given(seed=seeds, more=st.floats(0.5, 500.0))
def test_a_larger_budget_never_hurts(seed: int, more: float) -> None:
    instance = make_instance(seed=seed, n_months=1, ward_min=5.0, ward_max_share=0.5)
    richer = replace(instance, capacity=instance.capacity + more)
    assert solve(richer).objective >= solve(instance).objective * (1 - 1e-3)


@few
@given(seed=seeds)
def test_dropping_the_limits_never_lowers_the_objective(seed: int) -> None:
    instance = make_instance(seed=seed, n_months=1, ward_min=10.0, ward_max_share=0.4, floor=0.3)
    free = replace(instance, ward_limits=())
    assert solve(free).objective >= solve(instance).objective * (1 - 1e-3)


@few
@given(seed=seeds, factor=st.floats(1e-3, 1e3))
def test_the_unit_of_harm_does_not_move_the_hours(seed: int, factor: float) -> None:
    instance = make_instance(seed=seed, n_months=1, ward_min=5.0)
    scaled = replace(instance, value=instance.value * factor, presence_value=instance.presence_value * factor)
    assert np.abs(solve(scaled).unrounded - solve(instance).unrounded).max() <= 1e-6


@few
@given(seed=seeds)
def test_one_teams_hours_never_fall_where_demand_rises(seed: int) -> None:
    instance = make_instance(seed=seed, n_months=1, n_resources=1)
    factors = np.array([3.0, 1.0, 1.0, 1.0])[:, None, None, None]
    risen = replace(instance, value=instance.value * factors)
    assert totals(solve(risen).unrounded)[0] >= totals(solve(instance).unrounded)[0] - 5.0


@few
@given(order=st.permutations(range(4)), seed=seeds)
def test_the_order_of_input_rows_does_not_change_the_plan(order: list[int], seed: int) -> None:
    forecast = make_forecast(seed=seed, n_paths=20)
    shuffled = replace(
        forecast,
        ward_codes=tuple(forecast.ward_codes[ward] for ward in order),
        ward_names=tuple(forecast.ward_names[ward] for ward in order),
        paths=forecast.paths[:, order],
        components=forecast.components[:, order],
        demand_history=forecast.demand_history[order],
        exposure_growth=forecast.exposure_growth[order],
    )
    teams = [
        {"name": "Patrol", "agency": "police", "hours_per_month": 500},
        {"name": "Team B", "agency": "police", "hours_per_month": 250, "shifts": ["late"]},
    ]
    first = _instance(forecast, teams)
    second = _instance(shuffled, teams[::-1])
    assert first.wards == second.wards
    assert np.array_equal(solve(first).hours, solve(second).hours)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=seeds)
def test_rounding_moves_no_cell_by_a_hundredth_and_keeps_capacities_and_whole_totals(seed: int) -> None:
    instance = make_instance(seed=seed, n_months=1, n_resources=3, ward_min=10.0)
    rng = np.random.default_rng(seed)
    weight = rng.gamma(0.5, 1.0, instance.shape)
    hours = weight / weight.sum(axis=(0, 2), keepdims=True) * instance.capacity[None, :, None, :]
    rounded = round_hours(hours, instance)
    assert np.abs(rounded - hours).max() < 0.01
    assert np.allclose(rounded * 100, np.round(rounded * 100))
    assert np.allclose(rounded.sum(axis=(0, 2)), instance.capacity)
    assert np.abs(rounded.sum(axis=(2, 3)) - hours.sum(axis=(2, 3))).max() < 0.01


def test_capacities_that_are_not_whole_hundredths_are_never_exceeded() -> None:
    instance = make_instance(n_wards=1, n_months=1, n_shifts=1, n_resources=2)
    instance = replace(instance, capacity=np.full((1, 2), 100.005))
    rounded = round_hours(np.full((1, 1, 1, 2), 100.005), instance)
    assert (rounded.sum(axis=(0, 2)) <= instance.capacity).all()


def _instance(forecast: Forecast, teams: list[dict[str, object]]) -> Instance:
    request = make_request(*teams)
    demand = demand_of(forecast, request, preventable_shares(make_panel()))
    baseline = baseline_presence(request, demand, empty("ward_code", "shift", "officer_hours_per_month"))
    return assemble(request, demand, baseline, asb_floor(demand, request, None)).instance
