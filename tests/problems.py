"""Allocation problems that a request poses over four wards, for tests of single parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import Polygon, mapping

from tests.panels import make_panel
from tests.plans import CATEGORIES, POLICE, WARDENS, make_forecast
from wardcast_models.allocation.assembly import Assembled, assemble
from wardcast_models.allocation.demand.area_facts import area_facts
from wardcast_models.allocation.demand.baseline import baseline_presence
from wardcast_models.allocation.demand.demand import demand_of
from wardcast_models.allocation.demand.preventable import preventable_shares
from wardcast_models.allocation.limits.asb_floor import asb_floor
from wardcast_models.allocation.limits.asb_record import AsbRecord
from wardcast_models.allocation.programme.programme import Programme
from wardcast_models.allocation.programme.solve import Solution
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel

Array = NDArray[np.float64]

WARDS = tuple(f"E0500000{number}" for number in range(1, 5))
PERSONS = (10_000.0, 5_000.0, 8_000.0, 20_000.0)
PATROL = {**POLICE, "cost_per_hour": 45.0}
COUNCIL = {**WARDENS, "cost_per_hour": 25.0}


def problem_of(
    request: PlanRequest,
    *,
    panel: Panel | None = None,
    forecast: Forecast | None = None,
    asb: tuple[float, ...] | None = None,
) -> Assembled:
    """Build the problem that a request poses over four wards and three months.

    Args:
        request: The request.
        panel: The data; wards with `PERSONS` residents where not given.
        forecast: The forecast; `some_forecast` where not given.
        asb: Share of anti-social behaviour by ward; a proxy where not given.
    """
    panel, forecast = panel or panel_with_persons(), forecast or some_forecast()
    record = None
    if asb is not None:
        by_ward = dict(zip(WARDS, asb, strict=True))
        record = AsbRecord(category="asb", observed=("2019-12",), unobserved=(), months_ago=24, by_ward=by_ward)
    demand = demand_of(forecast, request, preventable_shares(panel))
    baseline = baseline_presence(request, demand, panel.baseline_hours)
    floor = asb_floor(demand, request, record)
    return assemble(request, demand, baseline, floor, area_facts(panel, demand, request))


def some_forecast() -> Forecast:
    """Return a forecast of the packaged test categories and a proxy of anti-social behaviour."""
    return make_forecast(categories=(*CATEGORIES, "public_order"))


def panel_with_persons() -> Panel:
    """Return a panel whose wards have `PERSONS` residents."""
    return make_panel(census_persons=PERSONS)


def grouped(panel: Panel, *groups: str) -> Panel:
    """Put the four wards in groups, "" for none."""
    named = [(code, group) for code, group in zip(WARDS, groups, strict=True) if group]
    return replace(panel, ward_groups=pd.DataFrame(named, columns=["ward_code", "group"]))


def mapped(panel: Panel, polygons: list[Polygon]) -> Panel:
    """Give the four wards polygons."""
    return replace(panel, polygons={code: mapping(shape) for code, shape in zip(WARDS, polygons, strict=True)})


def some_hours(problem: Assembled) -> Array:
    """Return hours of no meaning wherever a team may work, the same for equal shapes."""
    drawn = np.random.default_rng(1).uniform(0.0, 60.0, problem.instance.shape)
    return np.asarray(drawn * problem.instance.allowed)


def solved_again(solution: Solution) -> Programme:
    """Build a solution's programme afresh and solve it."""
    programme = Programme(solution.joined.instance, solution.breakpoints)
    programme.solve()
    return programme
