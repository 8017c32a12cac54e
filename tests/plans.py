"""Forecasts, requests and allocation problems for tests: small, seeded, with known shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.limit_rows import LimitFigures, make_limits
from tests.panels import AREA_CODE, make_panel
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.elasticity import elasticity_scenarios
from wardcast_models.allocation.plan import Plan
from wardcast_models.allocation.programme.instance import Futures, Instance
from wardcast_models.allocation.request.file import parse_request
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.response import Response
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel

CATEGORIES = ("violence_with_injury", "burglary_residential", "criminal_damage", "rape", "weapons_possession")
POLICE = {"name": "Patrol", "agency": "police", "hours_per_month": 800}
WARDENS = {"name": "Wardens", "agency": "council", "hours_per_month": 200, "type": "council_patrol"}


def all_level(expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the components of expected counts (W, C, H) that have a level and nothing else."""
    return np.concatenate([expected[None], np.zeros((len(COMPONENTS) - 1, *expected.shape))])


def make_forecast(
    *,
    n_wards: int = 4,
    categories: Sequence[str] = CATEGORIES,
    n_months: int = 3,
    n_paths: int = 100,
    monthly_mean: float = 20.0,
    ward_weights: Sequence[float] | None = None,
    seed: int = 0,
    until: str = "2021-12",
) -> Forecast:
    """Build a forecast of Poisson paths for the wards of `make_panel`."""
    weights = np.linspace(2.0, 0.5, n_wards) if ward_weights is None else np.asarray(ward_weights, dtype=float)
    by_category = monthly_mean / np.arange(1, len(categories) + 1)
    means = np.repeat((weights[:, None] * by_category[None, :])[:, :, None], n_months, axis=2)
    paths = np.random.default_rng(seed).poisson(means, size=(n_paths, *means.shape)).astype(np.int32)
    last = pd.Timestamp(f"{until}-01")
    return Forecast(
        area_code=AREA_CODE,
        area_name="The area",
        ward_codes=tuple(f"E0500000{number}" for number in range(1, n_wards + 1)),
        ward_names=tuple(f"Ward {number}" for number in range(1, n_wards + 1)),
        categories=tuple(categories),
        months=pd.date_range(last + pd.offsets.MonthBegin(1), periods=n_months, freq="MS"),
        paths=paths,
        components=all_level(means),
        member_weights=(("fake", 1.0),),
        demand_history=means[:, :, 0] / 1.1,
        exposure_growth=np.full((n_wards, n_months), 1.04),
        until=last,
        model="fake",
        seed=seed,
        scenario="as_planned",
        panel_digest="test",
        synthetic=True,
        assumptions=("Counts follow a Poisson distribution.",),
    )


def make_request(*resources: dict[str, Any], **fields: Any) -> PlanRequest:
    """Check a request; one police patrol where no resources are given."""
    return parse_request({"resources": list(resources) or [POLICE], **fields}, where="request.yaml")


def make_instance(
    *,
    n_wards: int = 4,
    n_months: int = 2,
    n_shifts: int = 3,
    n_resources: int = 2,
    seed: int = 0,
    like_shifts: bool = True,
    presence: float = 0.0,
    elasticity: float = 0.3,
    spill_over: float = 0.0,
    unit_hours: float | None = None,
    cvar_weight: float = 0.0,
    n_futures: int = 40,
    **figures: Unpack[LimitFigures],
) -> Instance:
    """Build a random allocation problem whose limits leave room for a plan.

    Args:
        n_wards: Wards.
        n_months: Months.
        n_shifts: Shifts.
        n_resources: Resources; the first is the council's, the last the only one without enforcement.
        seed: Of everything drawn.
        like_shifts: Whether nothing tells the shifts apart.
        presence: Worth of an hour in all shifts but the first.
        elasticity: Central elasticity.
        spill_over: Share of dose that reaches the next and the previous ward.
        unit_hours: Hours of one whole unit.
        cvar_weight: Weight of the worst tenth.
        n_futures: Futures that it is taken from.
        figures: Limits beside the resources' hours.
    """
    rng = np.random.default_rng(seed)
    wards, months, shifts, resources = (range(n) for n in (n_wards, n_months, n_shifts, n_resources))
    spread = np.ones(n_shifts) if like_shifts else rng.uniform(0.3, 2.0, n_shifts)
    value = rng.gamma(1.5, 300.0, (n_wards, n_months, 1, 2)) * spread[None, None, :, None]
    baseline = np.repeat(rng.uniform(200.0, 800.0, (n_wards, 1, 1)), n_months, axis=1).repeat(n_shifts, axis=2)
    dose = np.round(rng.uniform(0.2, 1.0, (n_resources, 2)), 2)
    workable = np.ones((n_wards, n_shifts, n_resources), dtype=bool)
    if not like_shifts:
        workable = rng.random(workable.shape) < 0.7
        workable[:, :, 0] = True
    allowed = np.repeat(workable[:, None], n_months, axis=1)
    capacity = np.round(rng.uniform(100.0, 600.0, (n_months, n_resources)), 1)
    response = Response(elasticities=elasticity_scenarios(elasticity), cap=0.2)
    futures = None
    if cvar_weight > 0:
        futures = Futures(
            value=value * rng.gamma(4.0, 0.25, (n_futures, *value.shape)),
            response=rng.permutation(np.arange(n_futures, dtype=np.intp) % len(response.parts)),
            responses=response.parts,
            weight=cvar_weight,
            level=0.9,
        )
    beside = np.eye(n_wards, k=1) + np.eye(n_wards, k=-1)
    return Instance(
        wards=tuple(f"E0500000{ward + 1}" for ward in wards),
        ward_names=tuple(f"Ward {ward + 1}" for ward in wards),
        months=tuple(f"2022-0{month + 1}" for month in months),
        shifts=tuple(f"shift {shift}" for shift in shifts),
        resources=tuple(f"team {resource}" for resource in resources),
        value=value,
        baseline=baseline,
        dose_per_hour=dose,
        allowed=allowed,
        presence_value=presence * np.outer(np.arange(n_shifts) > 0, np.ones(n_resources)),
        capacity=capacity,
        limits=make_limits(allowed, capacity, value, figures),
        response=response,
        spill=spill_over * beside / beside.sum(axis=1, keepdims=True) if spill_over > 0 else None,
        unit_hours=np.full(n_resources, unit_hours) if unit_hours is not None else None,
        futures=futures,
    )


def totals(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return hours by ward."""
    return np.asarray(hours.sum(axis=(1, 2, 3)))


def make_plan(request: PlanRequest, forecast: Forecast | None = None, panel: Panel | None = None) -> Plan:
    """Allocate the hours of a request over the wards of `make_panel`."""
    return allocate(forecast=forecast or make_forecast(), panel=panel or make_panel(), request=request)
