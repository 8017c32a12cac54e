"""Limits on what there is: the hours of each resource, and budgets in hours and pounds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.layout import Layout
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense
from wardcast_models.allocation.limits.rows import A_MONTH, Figure

WHOLE_PLAN = "the whole plan"


def supply_limits(layout: Layout) -> Iterator[Limit | None]:
    """Make the limits on hours and money.

    Args:
        layout: The request, laid out; where it has a budget in pounds, every resource has a cost.

    Yields:
        Each resource's hours, then its hours in single shifts, then the budgets; None for one without rows.
    """
    for resource in range(len(layout.resources)):
        yield _hours_of(layout, resource)
        yield from _hours_in_shifts(layout, resource)
    yield from _budgets(layout)


def _hours_of(layout: Layout, resource: int) -> Limit | None:
    """Limit the hours of one resource; its figure is the mean over the months in which it can work."""
    team = layout.resources[resource]
    works = layout.in_months(team.months)
    own = np.array([month not in team.hours_by_month for month in layout.months]) & works
    field = "hours_per_month" if own.any() or not works.any() else "hours_by_month"
    figure = Figure(
        kind=LimitKind.CAPACITY,
        field=f"resources[{layout.positions[resource]}].{field}",
        label=f"the hours of {team.name}",
        value=float(layout.capacity[works, resource].mean()) if works.any() else 0.0,
        unit=A_MONTH,
        sense=Sense.AT_MOST,
    )
    mine = np.arange(len(layout.resources)) == resource
    return figure.by_month(layout, cells=mine, months=works, bound=layout.capacity[:, resource])


def _hours_in_shifts(layout: Layout, resource: int) -> Iterator[Limit | None]:
    """Limit the hours of one resource in the shifts for which the request gives them."""
    team = layout.resources[resource]
    mine = np.arange(len(layout.resources)) == resource
    for shift, hours in sorted(team.hours_by_shift.items()):
        figure = Figure(
            kind=LimitKind.SHIFT_CAPACITY,
            field=f"resources[{layout.positions[resource]}].hours_by_shift.{shift}",
            label=f"the hours of {team.name} in the {shift} shift",
            value=hours,
            unit=A_MONTH,
            sense=Sense.AT_MOST,
        )
        here = np.array([name == shift for name in layout.shift_names])
        yield figure.by_month(
            layout,
            cells=here[:, None] & mine[None, :],
            months=layout.in_months(team.months),
            bound=np.full(len(layout.months), hours),
        )


def _budgets(layout: Layout) -> Iterator[Limit | None]:
    """Limit the hours and the pounds of the whole plan."""
    limits = layout.request.limits
    if limits.budget_hours is not None:
        figure = Figure(
            kind=LimitKind.BUDGET_HOURS,
            field="limits.budget_hours",
            label="the budget in hours",
            value=limits.budget_hours,
            unit="hours over the plan",
            sense=Sense.AT_MOST,
        )
        yield _over_the_plan(layout, figure, np.ones(len(layout.resources)))
    if limits.budget_pounds is not None:
        figure = Figure(
            kind=LimitKind.BUDGET_POUNDS,
            field="limits.budget_pounds",
            label="the budget in pounds",
            value=limits.budget_pounds,
            unit="pounds over the plan",
            sense=Sense.AT_MOST,
        )
        yield _over_the_plan(layout, figure, np.array([team.cost_per_hour or 0.0 for team in layout.resources]))


def _over_the_plan(layout: Layout, figure: Figure, weight: Array) -> Limit | None:
    """Make a limit of one row over all hours, each resource's with its weight."""
    return figure.limit(
        cells=layout.allowed & (weight > 0),
        row_of=np.zeros((1, 1, 1, 1), dtype=np.intp),
        places=(WHOLE_PLAN,),
        bound=np.array([figure.value]),
        step=np.ones(1),
        weight=weight,
    )
