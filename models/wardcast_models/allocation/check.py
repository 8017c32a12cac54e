"""Refusing a request that no plan can meet before any work is done for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.allocation.asb_floor import observed_asb_shares, ward_floor
from wardcast_models.allocation.assembly import in_order, ward_limits, works_in
from wardcast_models.allocation.baseline import supplied_baseline
from wardcast_models.allocation.clash import infeasible
from wardcast_models.allocation.instance import Instance
from wardcast_models.allocation.programme import least_shortage
from wardcast_models.allocation.request import PlanRequest
from wardcast_models.allocation.request_names import check_wards
from wardcast_models.allocation.response import Response
from wardcast_models.forecasting.scope import scope_of
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import ASB

LEAST_CLASH_HOURS = 1e-6


def check_request(request: PlanRequest, panel: Panel) -> None:
    """Refuse what `allocate` would refuse, without a forecast.

    Whether limits clash does not depend on demand, with one exception that is left to `allocate`: a ring-fence for
    anti-social behaviour that is spread by forecast crime, because anti-social behaviour was never observed.

    Args:
        request: The request.
        panel: The panel, cut at the last month of data used.

    Raises:
        WardcastError: A ward is unknown, the baseline in the data is not usable, or the limits clash.
    """
    codes = tuple(sorted(panel.area.ward_codes))
    names = panel.ward_names
    check_wards(request, {code: names[code] for code in codes}, area_name=panel.area.name)
    supplied_baseline(request, codes, panel.baseline_hours)
    for n_months in (1, request.horizon_months):  # one month tells whether they clash, all of them tell where
        instance = _limits_only(request, panel, codes, n_months)
        lacking = any(limit.at_least for limit in instance.ward_limits) and least_shortage(instance).hours.max()
        if not lacking > LEAST_CLASH_HOURS:
            return
    raise infeasible(instance)


def _limits_only(request: PlanRequest, panel: Panel, codes: tuple[str, ...], n_months: int) -> Instance:
    """Return the request's hours and limits, without demand and with the day as one shift."""
    order = in_order(request)
    resources = tuple(request.resources[position] for position in order)
    months = pd.date_range(panel.last_month + pd.offsets.MonthBegin(1), periods=n_months, freq="MS")
    capacity = np.tile([resource.hours_per_month for resource in resources], (n_months, 1)).astype(np.float64)
    shares = None if ASB in scope_of(panel).categories else observed_asb_shares(panel)
    floor = None if shares is None else ward_floor(request, codes, shares.by_ward)
    return Instance(
        wards=codes,
        ward_names=tuple(panel.ward_names[code] for code in codes),
        months=tuple(months.strftime("%Y-%m")),
        shifts=("day and night",),
        resources=tuple(resource.name for resource in resources),
        resource_fields=tuple(f"resources[{position}]" for position in order),
        value=np.zeros((len(codes), n_months, 1, 1)),
        baseline=np.ones((len(codes), n_months, 1)),
        dose_per_hour=np.zeros((len(resources), 1)),
        allowed=np.array([[[works_in(resource, code) for resource in resources]] for code in codes]),
        presence_value=np.zeros((1, len(resources))),
        capacity=capacity,
        ward_limits=ward_limits(request, resources, capacity, len(codes), floor),
        response=Response(elasticity=0.0, cap=0.0),
    )
