"""From a forecast and a request to a plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.demand.harm_scale import HARM_UNITS
from wardcast_models.allocation.demand.trend import crime_trend
from wardcast_models.allocation.explanation.asb import asb_treatment
from wardcast_models.allocation.explanation.assumptions import plan_assumptions
from wardcast_models.allocation.explanation.certificate import certificate_of
from wardcast_models.allocation.explanation.effect import Effect, effect_of, range_of, resource_effects
from wardcast_models.allocation.explanation.fairness import fairness_of
from wardcast_models.allocation.explanation.holds import holds_of
from wardcast_models.allocation.explanation.limit_effects import limit_effects
from wardcast_models.allocation.explanation.reach import reach_of
from wardcast_models.allocation.explanation.resources import cost_of, explain_resources
from wardcast_models.allocation.explanation.risk import risk_of
from wardcast_models.allocation.explanation.sensitivity import sensitivities_of, sensitivity_assumptions
from wardcast_models.allocation.explanation.spare_hours import spare_hours, why_unassigned
from wardcast_models.allocation.explanation.splits import also_aims, splits, verdict
from wardcast_models.allocation.explanation.top_group import top_group
from wardcast_models.allocation.explanation.ward_resources import ward_resources
from wardcast_models.allocation.explanation.wards import explain_wards
from wardcast_models.allocation.explanation.warnings import plan_warnings
from wardcast_models.allocation.plan import Assignment, FindingText, Plan
from wardcast_models.allocation.premises import Premises, premises_of
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.allocation.request.names import check_wards
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.planned_months import planned_months
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent


def allocate(
    *,
    forecast: Forecast,
    panel: Panel,
    request: PlanRequest,
    alternatives: Sequence[Forecast] = (),
    progress: Progress = silent,
) -> Plan:
    """Make a plan.

    Args:
        forecast: Sample paths for the area's wards over the months to plan.
        panel: The panel that the forecast was made from.
        request: What is asked for.
        alternatives: Forecasts of other delivery scenarios for the same wards and months, to try the plan under.
        progress: Told how far the work is.

    Returns:
        The plan; equal inputs give equal plans.

    Raises:
        WardcastError: The forecast does not cover the request's months, a ward is unknown, the data lack what the
            request needs, or the limits clash.
    """
    for each in (forecast, *alternatives):
        _check_months(each, request)
    check_wards(request, dict(zip(forecast.ward_codes, forecast.ward_names, strict=True)), area_name=panel.area.name)
    progress(0.02, "weighing demand")
    premises = premises_of(forecast=forecast, panel=panel, request=request)
    problem = premises.problem
    solution = solve(problem.instance, progress=lambda fraction, phrase: progress(0.05 + 0.3 * fraction, phrase))
    hours = solution.hours
    progress(0.35, "comparing with simple splits")
    effect = effect_of(hours, problem)
    compared = splits(problem, hours, effect)
    progress(0.4, "asking what each limit costs")
    limits = limit_effects(problem, solution)
    sensitivities = sensitivities_of(
        premises, hours, alternatives, progress=lambda fraction, phrase: progress(0.55 + 0.4 * fraction, phrase)
    )
    progress(0.95, "explaining the plan")
    trend = crime_trend(premises.demand, premises.past)
    reaches = tuple(reach_of(problem, trend, resource) for resource in range(len(problem.instance.resources)))
    holds, fairness, top = holds_of(problem, solution), fairness_of(problem, hours), top_group(problem, hours)
    spares = spare_hours(problem, hours)
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
        assignments=_assignments(problem, hours),
        wards=explain_wards(
            problem,
            hours,
            effect,
            compared=trend,
            holds=holds,
            resources=ward_resources(problem, hours, reaches, holds),
            fairness=fairness,
            top=top,
        ),
        effect=range_of(effect.total_harm),
        effect_crimes=range_of(effect.total_crimes),
        zero_effect_statement=_zero_effect(problem, hours, effect),
        comparisons=tuple(split.comparison() for split in compared),
        verdict=verdict(compared, also_aims(request.objective)),
        limits=limits,
        resources=explain_resources(
            problem, hours, effects=resource_effects(hours, problem), reaches=reaches, spares=spares, limits=limits
        ),
        sensitivities=sensitivities,
        fairness=fairness.groups,
        warnings=plan_warnings(problem, solution, limits, spares),
        risk=risk_of(compared, request.objective.cvar_weight),
        certificate=certificate_of(problem, solution),
        whole_units=solution.whole_units,
        cost_pounds=_cost(premises, hours),
        unassigned_hours=sum(spare.hours for spare in spares),
        unassigned_reason=why_unassigned(spares),
        asb=asb_treatment(premises.floor, problem, hours),
        assumptions=(
            *plan_assumptions(premises, solution, spares, sensitivities),
            trend.assumption(),
            fairness.assumption(),
            top.assumption(),
            *sensitivity_assumptions(premises),
        ),
        findings=tuple(
            FindingText(kind=finding.kind.value, file=finding.file, message=finding.message)
            for finding in panel.findings
        ),
        forecast_model=forecast.model,
        panel_digest=forecast.panel_digest,
    )


def _check_months(forecast: Forecast, request: PlanRequest) -> None:
    """Refuse a forecast that is not for the months asked for."""
    planned = planned_months(request, forecast.until)
    if len(forecast.months) != len(planned):
        raise invalid_input(
            "The forecast does not cover the months of the request.",
            Problem(
                where="horizon_months",
                expected=f"{len(forecast.months)} months, as forecast",
                found=str(request.horizon_months),
                mend="Forecast as many months as the request plans.",
            ),
        )
    if forecast.months[0] != planned[0]:
        raise invalid_input(
            "The forecast does not cover the months of the request.",
            Problem(
                where="first_month",
                expected=f"{forecast.months[0]:%Y-%m}, as forecast",
                found=f"{planned[0]:%Y-%m}",
                mend="Forecast the months that the request plans.",
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
        f"simulated futures assume none. Then no harm is avoided, and what remains is {hours.sum():,.0f} hours "
        f"of planned presence, {hours[:, :, dark].sum():,.0f} of them after dark."
    )


def _cost(premises: Premises, hours: Array) -> float | None:
    """Return what the planned hours cost in pounds, None unless every cost is given."""
    names = premises.problem.instance.resources
    costs = [cost_of(team, float(hours[..., names.index(team.name)].sum())) for team in premises.request.resources]
    known = [cost for cost in costs if cost is not None]
    return round(sum(known), 2) if len(known) == len(costs) else None
