"""From a forecast and a request to a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.asb_floor import AsbFloor, asb_floor, observed_asb_shares
from wardcast_models.allocation.assembly import Assembled, assemble, resource_assumptions
from wardcast_models.allocation.baseline import BaselinePresence, baseline_presence
from wardcast_models.allocation.demand import demand_of
from wardcast_models.allocation.effect import Effect, beyond_largest_claim, effect_assumptions, effect_of, range_of
from wardcast_models.allocation.explanation import explain_wards
from wardcast_models.allocation.harm_scale import HARM_UNITS
from wardcast_models.allocation.limit_effects import limit_effects
from wardcast_models.allocation.plan import Assignment, Assumption, FindingText, Plan
from wardcast_models.allocation.preventable import preventable_shares
from wardcast_models.allocation.request import PlanRequest
from wardcast_models.allocation.request_names import check_wards
from wardcast_models.allocation.response import Array
from wardcast_models.allocation.shift_hours import shift_hours_assumption
from wardcast_models.allocation.solve import Solution, solve
from wardcast_models.allocation.splits import splits, verdict
from wardcast_models.allocation.trend import crime_trend
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent

AS_PLANNED = "as_planned"
"""The delivery scenario that takes homes as dated."""


def allocate(*, forecast: Forecast, panel: Panel, request: PlanRequest, progress: Progress = silent) -> Plan:
    """Make a plan.

    Args:
        forecast: Sample paths for the area's wards over the months to plan.
        panel: The panel that the forecast was made from.
        request: What is asked for.
        progress: Told how far the work is.

    Returns:
        The plan; equal inputs give equal plans.

    Raises:
        WardcastError: The forecast does not cover the request's months, a ward is unknown, or the limits clash.
    """
    _check_months(forecast, request)
    check_wards(request, dict(zip(forecast.ward_codes, forecast.ward_names, strict=True)), area_name=panel.area.name)
    progress(0.05, "weighing demand")
    past = panel.up_to(forecast.until)
    demand = demand_of(forecast, request, preventable_shares(past))
    baseline = baseline_presence(request, demand, panel.baseline_hours)
    shares = observed_asb_shares(past)
    floor = asb_floor(demand, request, shares)
    problem = assemble(request, demand, baseline, floor)
    solution = solve(problem.instance, progress=lambda fraction, phrase: progress(0.1 + 0.5 * fraction, phrase))
    trend = crime_trend(demand, past)
    progress(0.65, "comparing with simple splits")
    effect = effect_of(solution.hours, problem)
    compared = splits(problem, solution.hours, effect)
    progress(0.75, "asking what each limit costs")
    limits = limit_effects(problem, solution)
    progress(0.95, "explaining the plan")
    spares = _spares(problem, solution.hours)
    return Plan(
        title=request.title,
        area_code=panel.area.code,
        area_name=panel.area.name,
        vintage=panel.vintage,
        synthetic=forecast.synthetic or panel.synthetic,
        until=f"{forecast.until:%Y-%m}",
        months=problem.instance.months,
        shifts=tuple(shift.name for shift in request.shifts),
        harm_scale=request.objective.harm_scale,
        harm_unit=HARM_UNITS[request.objective.harm_scale],
        status=solution.status,
        objective_value=solution.objective,
        assignments=_assignments(problem, solution.hours),
        wards=explain_wards(problem, solution, effect, trend),
        effect=range_of(effect.total_harm),
        effect_crimes=range_of(effect.total_crimes),
        zero_effect_statement=_zero_effect(problem, solution.hours, effect),
        comparisons=tuple(split.comparison() for split in compared),
        verdict=verdict(compared),
        limits=limits,
        unassigned_hours=sum(spare.hours for spare in spares),
        unassigned_reason=_why_unassigned(spares),
        asb=floor.treatment,
        assumptions=(
            *_all_assumptions(problem, solution, baseline, floor, spares),
            trend.assumption(),
            *_scenario(forecast, panel),
        ),
        findings=tuple(
            FindingText(kind=finding.kind.value, file=finding.file, message=finding.message)
            for finding in panel.findings
        ),
        forecast_model=forecast.model,
        panel_digest=forecast.panel_digest,
    )


@dataclass(frozen=True, kw_only=True)
class _Spare:
    """Hours of one resource that the plan leaves to the partnership.

    Attributes:
        resource: The resource.
        hours: Hours not assigned, over all months.
        capacity: Hours asked for, over all months.
        reason: Why, in words that follow `because`.
    """

    resource: str
    hours: float
    capacity: float
    reason: str

    def assumption(self) -> Assumption:
        """State it."""
        return Assumption(
            topic=f"Hours left unassigned: {self.resource}",
            statement=f"{self.hours:,.0f} of {self.capacity:,.0f} hours over the plan are not assigned: {self.reason}.",
            source="computed",
        )


def _check_months(forecast: Forecast, request: PlanRequest) -> None:
    """Refuse a forecast that is not for the months asked for."""
    if len(forecast.months) != request.horizon_months:
        raise invalid_input(
            "The forecast does not cover the months of the request.",
            Problem(
                where="horizon_months",
                expected=f"{len(forecast.months)} months, as forecast",
                found=str(request.horizon_months),
                mend="Forecast as many months as the request plans.",
            ),
        )


def _assignments(problem: Assembled, hours: Array) -> tuple[Assignment, ...]:
    """List the hours above 0 by ward, month, shift of the day and resource."""
    instance = problem.instance
    agency = {resource.name: resource.agency for resource in problem.request.resources}
    order = [instance.shifts.index(shift.name) for shift in problem.request.shifts]
    return tuple(
        Assignment(
            ward_code=code,
            ward_name=instance.ward_names[ward],
            month=month,
            shift=instance.shifts[shift],
            resource=resource,
            agency=agency[resource],
            hours=round(float(hours[ward, m, shift, r]), 2),
        )
        for ward, code in enumerate(instance.wards)
        for m, month in enumerate(instance.months)
        for shift in order
        for r, resource in enumerate(instance.resources)
        if hours[ward, m, shift, r] > 0
    )


def _zero_effect(problem: Assembled, hours: Array, effect: Effect) -> str:
    """Say what is left of the plan if presence changes nothing."""
    dark = np.isin(problem.instance.shifts, [shift.name for shift in problem.request.shifts if shift.after_dark])
    nothing = float((effect.total_harm == 0).mean())
    return (
        f"It may be that these hours change nothing: no effect is certain at ward scale, and {nothing:.0%} of the "
        f"draws behind the ranges assume none. Then no harm is avoided, and what remains is {hours.sum():,.0f} hours "
        f"of planned presence, {hours[:, :, dark].sum():,.0f} of them after dark."
    )


def _all_assumptions(
    problem: Assembled, solution: Solution, baseline: BaselinePresence, floor: AsbFloor, spares: list[_Spare]
) -> list[Assumption]:
    """Gather everything taken as given, and what it matters."""
    stated = [
        *effect_assumptions(problem),
        *beyond_largest_claim(problem, solution.hours),
        _with_sensitivity(baseline.assumption, problem, solution),
        *resource_assumptions(problem.request),
        *problem.demand.assumptions,
        shift_hours_assumption(problem, baseline, solution.hours),
        Assumption(topic="Anti-social behaviour", statement=floor.treatment.statement, source="assumed"),
        *_after_dark(problem),
        _approximation(problem, solution),
        *(spare.assumption() for spare in spares),
    ]
    stated += [
        Assumption(topic="Forecast", statement=sentence, source="assumed")
        for sentence in problem.demand.forecast.assumptions
    ]
    return stated


def _with_sensitivity(stated: Assumption, problem: Assembled, solution: Solution) -> Assumption:
    """Add what the same plan would avoid with half and with twice the baseline."""
    half, double = (
        float(effect_of(solution.hours, problem, baseline_factor=factor).total_harm.mean()) for factor in (0.5, 2.0)
    )
    return stated.model_copy(
        update={
            "statement": f"{stated.statement} With half of it the same plan would avoid {half:,.1f} units of harm, "
            f"with twice {double:,.1f}."
        }
    )


def _approximation(problem: Assembled, solution: Solution) -> Assumption:
    """State how far the programme's chords are from the response curve."""
    exact = problem.instance.avoided(solution.unrounded)
    gap = abs(exact - solution.objective) / exact if exact > 0 else 0.0
    return Assumption(
        topic="Approximation of the response",
        statement="The programme follows the response curve by chords that never claim more than it and fall short "
        f"by at most {solution.largest_error:.3%} of preventable crime; at this plan's hours the objective is off by "
        f"at most {max(gap, 1e-5):.3%}. Effects and comparisons are evaluated on the curve itself.",
        source="computed",
    )


def _scenario(forecast: Forecast, panel: Panel) -> list[Assumption]:
    """State that a delivery scenario changes nothing where no planned homes are known."""
    if forecast.scenario == AS_PLANNED or panel.pipeline["ward_code"].isin(panel.area.ward_codes).any():
        return []
    return [
        Assumption(
            topic="Delivery scenario",
            statement=f"The scenario `{forecast.scenario}` changes nothing here: the data hold no housing pipeline for "
            f"the wards of {panel.area.name}.",
            source="computed",
        )
    ]


def _after_dark(problem: Assembled) -> list[Assumption]:
    """State the worth of presence after dark where it has any."""
    weight = problem.request.objective.after_dark_weight
    if weight == 0:
        return []
    return [
        Assumption(
            topic="Presence after dark",
            statement=f"Each delivered hour after dark is worth {weight:g} units of harm for the perception of safety, "
            "in whichever ward; this is in the objective but not in the harm avoided.",
            source="user",
        )
    ]


def _spares(problem: Assembled, hours: Array) -> list[_Spare]:
    """Return the hours that are left over, and those beyond any claim, by resource."""
    instance = problem.instance
    capacity = instance.capacity.sum(axis=0)
    spare = capacity - hours.sum(axis=(0, 1, 2))
    return [
        _Spare(
            resource=name,
            hours=round(float(spare[resource]), 2),
            capacity=float(capacity[resource]),
            reason="the request's limits leave no room for them"
            if instance.has_effect[resource]
            else "no study and no entry in the request says what they affect, so beyond the limits that need them "
            "there is no ground for one ward over another: the partnership decides",
        )
        for resource, name in enumerate(instance.resources)
        if spare[resource] >= 0.5
    ]


def _why_unassigned(spares: list[_Spare]) -> str:
    """Join the reasons; each names its resources where there is more than one."""
    resources: dict[str, list[str]] = {}
    for spare in spares:
        resources.setdefault(spare.reason, []).append(spare.resource)
    if len(resources) < 2:
        return "".join(resources)
    return "; ".join(f"{reason} ({', '.join(names)})" for reason, names in resources.items())
