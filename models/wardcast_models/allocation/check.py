"""Refusing a request that no plan can meet before any work is done for it."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.area_facts import AreaFacts, facts_of
from wardcast_models.allocation.demand.baseline import supplied_baseline
from wardcast_models.allocation.layout import Layout, lay_out
from wardcast_models.allocation.limits.asb_floor import ward_floor
from wardcast_models.allocation.limits.asb_record import known_asb
from wardcast_models.allocation.limits.of_request import limits_of_request
from wardcast_models.allocation.programme.clash import clash_of
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.request.figures import check_months
from wardcast_models.allocation.request.names import check_wards
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.planned_months import planned_months
from wardcast_models.allocation.response import Response
from wardcast_models.forecasting.scope import scope_of
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import asb_aim


def check_request(request: PlanRequest, panel: Panel) -> None:
    """Refuse what `allocate` would refuse, without a forecast.

    Whether limits clash does not depend on demand, with two exceptions that are left to `allocate`: a protection floor,
    and a ring-fence for anti-social behaviour that is spread by forecast crime, because anti-social behaviour was never
    observed.

    Args:
        request: The request.
        panel: The panel, cut at the last month of data used.

    Raises:
        WardcastError: A ward or month is not of this plan, the data lack what the request needs, or the limits clash.
    """
    codes = tuple(sorted(panel.area.ward_codes))
    names = panel.ward_names
    check_wards(request, {code: names[code] for code in codes}, area_name=panel.area.name)
    supplied_baseline(request, codes, panel.baseline_hours)
    planned = planned_months(request, panel.last_month)
    months = tuple(planned.strftime("%Y-%m"))
    check_months(request, months)
    facts = facts_of(panel, request, codes=codes, months=planned, until=panel.last_month, scenario=request.scenario)
    layout = lay_out(request, codes=codes, names=tuple(names[code] for code in codes), months=months)
    clash = clash_of(_limits_only(layout, facts, _floor_hours(layout, panel)))
    if clash is not None:
        raise clash.error()


def _floor_hours(layout: Layout, panel: Panel) -> Array | None:
    """Return the council hours ring-fenced for anti-social behaviour, as far as that needs no forecast."""
    forecast = scope_of(panel).categories
    record = None if asb_aim(forecast) is not None else known_asb(panel, forecast)
    return None if record is None else ward_floor(layout, record.by_ward)


def _limits_only(layout: Layout, facts: AreaFacts, floor_hours: Array | None) -> Instance:
    """Return the request's hours and limits, without demand."""
    n_wards, n_months, n_shifts, n_resources = layout.shape
    return Instance(
        wards=layout.codes,
        ward_names=layout.names,
        months=layout.months,
        shifts=layout.shift_names,
        resources=tuple(resource.name for resource in layout.resources),
        value=np.zeros((n_wards, n_months, n_shifts, 0)),
        baseline=np.ones((n_wards, n_months, n_shifts)),
        dose_per_hour=np.zeros((n_resources, 0)),
        allowed=layout.allowed,
        presence_value=np.zeros((n_shifts, n_resources)),
        capacity=layout.capacity,
        limits=limits_of_request(layout, facts, floor_hours=floor_hours, stake=None),
        response=Response(elasticities=(0.0,), cap=0.0),
    )
