"""Plans say what their hours and changes rest on, and stay quick with far more hours than can do anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.plans import POLICE, make_forecast, make_request
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.plan import Plan
from wardcast_models.allocation.request import PlanRequest
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel


def test_expected_crime_is_compared_with_the_same_months_a_year_earlier() -> None:
    categories = ("violence_with_injury", "burglary_residential")
    past = make_panel()
    counts = past.counts.copy()
    counts[:, :, -12:-9] = 5.0  # January to March are quiet: the other months must not count
    plan = _plan(make_request(), make_forecast(categories=categories), replace(past, counts=counts))
    first = next(ward for ward in plan.wards if ward.ward_name == "Ward 1")
    assert first.trend == pytest.approx(6.0, rel=0.05)
    assert any("above the same months a year earlier (60 against 10 a month)" in said for said in first.drivers)
    counts[0, 0, -11] = np.nan
    plan = _plan(make_request(), make_forecast(categories=categories), replace(past, counts=counts))
    assert next(ward for ward in plan.wards if ward.ward_name == "Ward 1").trend == pytest.approx(1.1, rel=0.05)
    assert "in 1 of 4 wards these were not observed" in _stated(plan, "Change in crime")


def test_the_plan_says_what_decides_the_hours_of_each_shift() -> None:
    assert "the shift table, not data, decides" in _stated(_plan(make_request()), "Hours by shift")
    rows = [
        (f"E0500000{ward}", shift, hours) for ward in range(1, 5) for shift, hours in (("day", 900.0), ("late", 90.0))
    ]
    rows += [(f"E0500000{ward}", "night", 900.0) for ward in range(1, 5)]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    plan = _plan(make_request(), panel=replace(make_panel(), baseline_hours=supplied))
    said = _stated(plan, "Hours by shift")
    assert "late 88%" in said
    assert "the baseline by shift decides" in said
    assert not any("shift table, not data" in assumption.statement for assumption in plan.assumptions)


@pytest.mark.timeout(60)  # it once never ended
@pytest.mark.parametrize("hours", [20_000, 100_000, 10_000_000])
def test_far_more_hours_than_can_do_anything_are_planned_at_once(hours: float) -> None:
    forecast, panel = make_forecast(n_wards=9), make_panel(n_wards=9)
    by_shift = {"day": 900.0, "late": 600.0, "night": 300.0}
    rows = [
        (code, shift, hours_there * (1 + ward / 7))
        for ward, code in enumerate(panel.area.ward_codes)
        for shift, hours_there in by_shift.items()
    ]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    request = make_request({**POLICE, "hours_per_month": hours})
    plan = _plan(request, forecast, replace(panel, baseline_hours=supplied))
    assert plan.status == "optimal"
    if hours > 1e6:
        assert "Nothing more is claimed" in _stated(plan, "Hours beyond the largest claim")


def _plan(request: PlanRequest, forecast: Forecast | None = None, panel: Panel | None = None) -> Plan:
    return allocate(forecast=forecast or make_forecast(), panel=panel or make_panel(), request=request)


def _stated(plan: Plan, topic: str) -> str:
    return next(assumption.statement for assumption in plan.assumptions if assumption.topic == topic)
