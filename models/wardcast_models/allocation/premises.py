"""What a plan is made from, put together so that one thing can be changed while the rest stays."""

from __future__ import annotations

from dataclasses import dataclass

from wardcast_models.allocation.assembly import Assembled, assemble
from wardcast_models.allocation.demand.area_facts import AreaFacts, area_facts
from wardcast_models.allocation.demand.baseline import BaselinePresence, baseline_presence, supplied_baseline
from wardcast_models.allocation.demand.demand import Demand, demand_of
from wardcast_models.allocation.demand.preventable import preventable_shares
from wardcast_models.allocation.limits.asb_floor import AsbFloor, asb_floor
from wardcast_models.allocation.limits.asb_record import known_asb
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel


@dataclass(frozen=True, kw_only=True)
class Premises:
    """A forecast and a request, and the problem that they pose.

    Attributes:
        forecast: The forecast.
        panel: The panel that it was made from.
        past: The panel, cut at the last month of data used.
        request: The request.
        demand: What the plan aims at.
        baseline: Presence that it does not move.
        floor: How anti-social behaviour enters.
        problem: The problem.
    """

    forecast: Forecast
    panel: Panel
    past: Panel
    request: PlanRequest
    demand: Demand
    baseline: BaselinePresence
    floor: AsbFloor
    problem: Assembled

    @property
    def baseline_is_split(self) -> bool:
        """Whether how the baseline is spread over the wards is assumed rather than supplied."""
        codes = self.demand.forecast.ward_codes
        return supplied_baseline(self.request, codes, self.panel.baseline_hours) is None

    def with_request(self, request: PlanRequest) -> Premises:
        """Return the premises of another request, everything else the same."""
        return premises_of(forecast=self.forecast, panel=self.panel, request=request, facts=self.problem.facts)


def premises_of(*, forecast: Forecast, panel: Panel, request: PlanRequest, facts: AreaFacts | None = None) -> Premises:
    """Put together what a plan is made from.

    Args:
        forecast: Sample paths for the area's wards over the months to plan.
        panel: The panel that the forecast was made from.
        request: The request; its wards are already checked.
        facts: What is known of the area; None gathers it from the panel.

    Returns:
        The premises.

    Raises:
        WardcastError: The request needs something that the data lack.
    """
    past = panel.up_to(forecast.until)
    demand = demand_of(forecast, request, preventable_shares(past))
    baseline = baseline_presence(request, demand, panel.baseline_hours)
    floor = asb_floor(demand, request, known_asb(past, demand.forecast.categories))
    facts = area_facts(panel, demand, request) if facts is None else facts
    return Premises(
        forecast=forecast,
        panel=panel,
        past=past,
        request=request,
        demand=demand,
        baseline=baseline,
        floor=floor,
        problem=assemble(request, demand, baseline, floor, facts),
    )
