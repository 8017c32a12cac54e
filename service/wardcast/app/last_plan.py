"""The plan that is being followed now, where a request gives it as the name of a kept plan."""

from __future__ import annotations

from wardcast.store.identifiers import parse_resource_name, resource_name
from wardcast.store.store import Store
from wardcast_models.allocation.request.mean_hours import mean_monthly_hours
from wardcast_models.allocation.request.plan_request import LastPlan, PlanRequest
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input

_FIELD = "last_plan.name"


def with_last_plan(store: Store, request: PlanRequest, area_code: str) -> PlanRequest:
    """Fill in the hours of a last plan that is given by its resource name.

    Args:
        store: Where plans are kept.
        request: The request.
        area_code: GSS code of the area that is planned for.

    Returns:
        The request, with each ward's mean monthly hours in the kept plan; as it is where the hours are given or there
        is no last plan.

    Raises:
        WardcastError: The name is not a plan's, or of another area, or no such plan is kept.
    """
    last = request.last_plan
    if last is None or last.ward_hours_per_month or not last.name:
        return request
    named_area, plan_id = _parsed(last.name)
    if named_area != area_code:
        raise _refused(f"a plan of this area, {resource_name(area_code, 'plans', '{id}')}", last.name)
    kept = store.plans.find(plan_id)
    if kept is None or kept.area_code != area_code:
        raise WardcastError(
            ErrorKind.NOT_FOUND,
            f"The last plan `{last.name}` is not kept here.",
            [
                Problem(
                    where=_FIELD,
                    expected="the resource name of a kept plan",
                    found=last.name,
                    mend="Choose a name from the list of plans, or give `last_plan.ward_hours_per_month`.",
                )
            ],
        )
    assigned = ((each.ward_code, each.hours) for each in kept.plan.assignments)
    hours = mean_monthly_hours(assigned, n_months=len(kept.plan.months))
    return request.model_copy(update={"last_plan": LastPlan(name=last.name, ward_hours_per_month=hours)})


def _parsed(name: str) -> tuple[str, str]:
    if not name.startswith("areas/"):
        raise _refused("the resource name of a kept plan, areas/{area}/plans/{id}", name)
    return parse_resource_name(name, "plans", where=_FIELD)


def _refused(expected: str, found: str) -> WardcastError:
    return invalid_input(
        "The last plan's hours cannot be found by its name.",
        Problem(
            where=_FIELD,
            expected=expected,
            found=found,
            mend="Give that name, or the hours themselves in `last_plan.ward_hours_per_month`.",
        ),
    )
