"""What each binding limit costs, and what one unit more or less of it would change, by solving again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.clash import LABEL
from wardcast_models.allocation.instance import LimitKind
from wardcast_models.allocation.plan import LimitEffect
from wardcast_models.allocation.programme import Programme
from wardcast_models.allocation.response import Array
from wardcast_models.allocation.solve import Solution

MOST_SOLVED_AGAIN = 6
"""Only the limits worth most are solved again, to keep a plan quick; the others show their shadow price."""

NO_WORTH = 1e-9
"""Shadow prices below this share of the objective are none."""


@dataclass(frozen=True, kw_only=True)
class _Lever:
    """One figure of the request that limits the plan.

    Attributes:
        kind: Which limit.
        name: What it is called.
        figure: Its value in the request.
        unit: Unit of the figure.
        step: Change of the limit's hours when it is relaxed by one unit, in the shape of the limit.
        hours: The limit's hours now.
        at_least: Whether it is a minimum.
        price: Objective gained per unit of relaxation.
    """

    kind: LimitKind
    name: str
    figure: float
    unit: str
    step: Array
    hours: Array
    at_least: bool
    price: float


def limit_effects(problem: Assembled, solution: Solution) -> tuple[LimitEffect, ...]:
    """Return every limit that binds, the most valuable first.

    All other limits are held as absolute hours when one is changed.

    Args:
        problem: The problem.
        solution: Its solution.

    Returns:
        The limits with their shadow prices, which lie between what one unit more gains and one unit less loses.
    """
    levers = [
        lever for lever in _levers(problem, solution) if lever.price > NO_WORTH * max(abs(solution.objective), 1e-12)
    ]
    levers.sort(key=lambda lever: (-lever.price, lever.name))
    if not levers:
        return ()
    programme = solution.programme()
    programme.solve()
    effects = []
    for position, lever in enumerate(levers):
        again = position < MOST_SOLVED_AGAIN
        gain = _change(programme, lever, solution.objective, relaxed=True) if again else None
        loss = _change(programme, lever, solution.objective, relaxed=False) if again else None
        effects.append(
            LimitEffect(
                name=lever.name,
                description=_describe(problem, solution, lever),
                limit=lever.figure,
                unit=lever.unit,
                shadow_price=lever.price,
                gain_from_one_more=gain,
                loss_from_one_less=loss,
            )
        )
    return tuple(effects)


def _change(programme: Programme, lever: _Lever, objective: float, *, relaxed: bool) -> float | None:
    """Return what one unit more gains or one unit less loses; None where the limits would then clash."""
    hours = lever.hours + (lever.step if relaxed else -lever.step)
    if not lever.at_least and (hours < 0).any():
        return None
    avoided = programme.avoided_with([(lever.kind, np.maximum(hours, 0.0))])
    if avoided is None:
        return None
    return avoided - objective if relaxed else objective - avoided


def _levers(problem: Assembled, solution: Solution) -> list[_Lever]:
    """Return every figure of the request that stands behind a limit."""
    instance, limits = problem.instance, problem.request.limits
    levers = []
    for resource, name in enumerate(instance.resources):
        step = np.zeros_like(instance.capacity)
        step[:, resource] = 1.0
        levers.append(
            _lever(
                solution,
                LimitKind.CAPACITY,
                instance.capacity,
                step,
                name=f"Hours of {name}",
                figure=float(instance.capacity[0, resource]),
                unit="hours a month",
                at_least=False,
            )
        )
    month_total = instance.capacity.sum(axis=1)
    council = sum(team.hours_per_month for team in problem.request.resources if team.agency == "council")
    for limit in instance.ward_limits:
        unit_step, figure, unit = {
            LimitKind.WARD_MIN: (-np.ones_like(limit.hours), limits.ward_min_hours_per_month, "hours a month"),
            LimitKind.WARD_MAX: (
                np.ones_like(limit.hours),
                limits.ward_max_hours_per_month or 0.0,
                "hours a month",
            ),
            LimitKind.WARD_MAX_SHARE: (
                np.broadcast_to(0.01 * month_total, limit.hours.shape),
                100 * (limits.ward_max_share or 0.0),
                "percent of a month's hours",
            ),
            LimitKind.ASB_FLOOR: (
                -0.01 * council * limit.hours / limit.hours.sum(axis=0),
                100 * limits.asb_floor_share,
                "percent of council hours",
            ),
        }[limit.kind]
        levers.append(
            _lever(
                solution,
                limit.kind,
                limit.hours,
                unit_step,
                name=LABEL[limit.kind][0].upper() + LABEL[limit.kind][1:],
                figure=figure,
                unit=unit,
                at_least=limit.at_least,
            )
        )
    return levers


def _lever(
    solution: Solution,
    kind: LimitKind,
    hours: Array,
    step: Array,
    *,
    name: str,
    figure: float,
    unit: str,
    at_least: bool,
) -> _Lever:
    """Price one figure by the shadow prices of the limits that it sets."""
    price = float((solution.prices[kind] * np.abs(step)).sum())
    return _Lever(
        kind=kind, name=name, figure=figure, unit=unit, step=step, hours=hours, at_least=at_least, price=price
    )


def _describe(problem: Assembled, solution: Solution, lever: _Lever) -> str:
    """Say where a limit binds."""
    instance = problem.instance
    if lever.kind is LimitKind.CAPACITY:
        return f"{lever.name}: all {lever.figure:,.0f} a month are used; one hour more is one more in every month."
    wards = np.nonzero((solution.prices[lever.kind] > NO_WORTH).any(axis=1))[0]
    names = ", ".join(instance.ward_names[ward] for ward in wards[:6])
    more = f" and {len(wards) - 6} more" if len(wards) > 6 else ""
    change = "lower" if lever.at_least else "higher"
    return (
        f"{lever.name}: binds in {names}{more}; relaxing it by one unit makes it one unit {change} in every ward "
        "and month."
    )
