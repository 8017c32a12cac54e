"""What a partnership should look at before it approves a plan: only what the figures show."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.certificate import beyond
from wardcast_models.allocation.explanation.effect_assumptions import beyond_largest_claim
from wardcast_models.allocation.explanation.spare_hours import SpareHours
from wardcast_models.allocation.limits.limit import LimitKind, Sense
from wardcast_models.allocation.plan import LimitEffect, SolutionStatus
from wardcast_models.allocation.programme.audit import harm_left
from wardcast_models.allocation.programme.solve import Solution

MOST_SETTLED = 0.8
"""Warn where limits settle more of the hours than this."""

MOST_BEYOND = 0.05
"""Warn where more of the hours than this go beyond the largest claim."""

MOST_AFTER_DARK = 0.5
"""Warn where presence after dark is more of the objective than this."""

MOST_GAP = 0.001
"""Warn where a plan may fall short of the best by more than this."""

BUDGETS = (LimitKind.BUDGET_HOURS, LimitKind.BUDGET_POUNDS)


def plan_warnings(
    problem: Assembled, solution: Solution, limits: tuple[LimitEffect, ...], spares: tuple[SpareHours, ...]
) -> tuple[str, ...]:
    """Write the warnings.

    Args:
        problem: The problem.
        solution: Its solution.
        limits: The limits that bind.
        spares: Hours left over.

    Returns:
        Sentences, what makes the plan worse first.
    """
    return (
        *_costly_limits(problem, limits),
        *_unproven(solution),
        *solution.notes,
        *_nothing_claimed(problem, solution.hours),
        *_after_dark(problem, solution.hours),
        *_settled(problem, solution.hours),
        *_beyond_claim(problem, solution.hours),
        *_budgets(problem, limits, spares),
        *_nowhere(problem),
        *_worst_tenth(problem, solution.hours),
    )


def _costly_limits(problem: Assembled, limits: tuple[LimitEffect, ...]) -> Iterator[str]:
    """Warn of limits that cost much."""
    share = problem.request.limits.warn_share
    costly = [limit for limit in limits if limit.cost_share is not None and limit.cost_share > share]
    for limit in sorted(costly, key=lambda limit: -(limit.cost_share or 0.0)):
        yield (
            f"{limit.name} ({limit.limit:,.10g} {limit.unit}) makes the plan worse: without it the plan would reach "
            f"{limit.cost_share:.0%} more of what it aims at."
        )


def _unproven(solution: Solution) -> Iterator[str]:
    """Warn of a plan that may not be the best."""
    if solution.status is SolutionStatus.FEASIBLE:
        yield "The time to solve ran out: the plan keeps every limit, but a better one may exist."
    if solution.audit.gap > MOST_GAP:
        more = beyond(solution.audit.gap)
        amount = f"up to {more:.1%} more" if math.isfinite(more) else "more"
        yield f"Another plan might reach {amount} of what this one aims at."


def _nothing_claimed(problem: Assembled, hours: Array) -> Iterator[str]:
    """Warn where most hours have no claimed effect, or where there are none."""
    total = float(hours.sum())
    if total == 0:
        yield "The plan assigns no hours: the request gives none, or nothing in it asks for them anywhere."
    idle = float(hours[..., ~problem.instance.has_effect].sum())
    if total > 0 and idle > 0.5 * total:
        yield (
            f"No effect is claimed for the teams behind {idle / total:.0%} of the planned hours: where they go is "
            "decided by limits, not by need."
        )


def _after_dark(problem: Assembled, hours: Array) -> Iterator[str]:
    """Warn where presence after dark outweighs harm avoided."""
    presence = float((hours * problem.instance.presence_value).sum())
    total = problem.instance.avoided(hours)
    if total > 0 and presence > MOST_AFTER_DARK * total:
        yield (
            f"Presence after dark is {presence / total:.0%} of what the plan aims at, more than the harm it avoids: "
            "its weight (objective.after_dark_weight) decides the plan."
        )


def _settled(problem: Assembled, hours: Array) -> Iterator[str]:
    """Warn where limits from below settle nearly everything, ward by ward, and name them."""
    instance, total = problem.instance, float(hours.sum())
    least = np.zeros(instance.shape[:2])
    named: dict[str, None] = {}
    for limit in instance.limits:
        if limit.sense is Sense.AT_MOST or limit.avoided is not None:
            continue
        for row, bound in enumerate(limit.bound.tolist()):
            wards, months, _, _ = np.unravel_index(limit.hours[[row]].indices, instance.shape)
            if np.unique(wards).size == 1 and np.unique(months).size == 1 and bound > least[wards[0], months[0]]:
                least[wards[0], months[0]] = bound
                named[limit.label] = None
    share = float(least.sum()) / total if total > 0 else 0.0
    if share > MOST_SETTLED:
        yield (
            f"At least {min(share, 1.0):.0%} of the planned hours are settled ward by ward by {', '.join(named)}: "
            "little is left for need to decide."
        )


def _beyond_claim(problem: Assembled, hours: Array) -> Iterator[str]:
    """Warn of hours that avoid nothing more."""
    total, beyond = float(hours.sum()), beyond_largest_claim(problem, hours)
    if total > 0 and beyond > MOST_BEYOND * total:
        yield (
            f"About {beyond:,.0f} planned hours ({beyond / total:.0%}) go beyond the presence at which the largest "
            "fall is claimed. No further effect is claimed for them."
        )


def _budgets(problem: Assembled, limits: tuple[LimitEffect, ...], spares: tuple[SpareHours, ...]) -> Iterator[str]:
    """Warn of a budget that leaves hours unused; hours that nothing asks for would be unused without it too."""
    binding = {limit.field for limit in limits}
    has_effect = dict(zip(problem.instance.resources, problem.instance.has_effect.tolist(), strict=True))
    for limit in problem.instance.limits:
        unused = sum(spare.hours for spare in spares if has_effect[spare.resource])
        if limit.kind in BUDGETS and limit.field in binding and unused > 0:
            available = float(problem.instance.capacity[:, problem.instance.has_effect].sum())
            yield (
                f"{limit.label[0].upper()}{limit.label[1:]} ({limit.figure:,.0f} {limit.unit}) leaves {unused:,.0f} of "
                f"{available:,.0f} available hours of teams with an effect unused."
            )


def _nowhere(problem: Assembled) -> Iterator[str]:
    """Warn of resources that cannot work anywhere."""
    instance = problem.instance
    for resource, name in enumerate(instance.resources):
        hours = float(instance.capacity[:, resource].sum())
        if hours > 0 and not instance.allowed[..., resource].any():
            yield f"{name} has {hours:,.0f} hours, but the request leaves nowhere and no time in which it can work."


def _worst_tenth(problem: Assembled, hours: Array) -> Iterator[str]:
    """Warn where only the worst tenth counts, and where no hours change anything in it."""
    if problem.request.objective.cvar_weight == 1:
        yield "The plan aims at the worst tenth of the futures only; what happens in all others has no weight."
    futures = problem.instance.futures
    if futures is None:
        return
    left, untouched = harm_left(problem.instance, futures, hours), futures.value.sum(axis=(1, 2, 3, 4))
    size = math.ceil((1 - futures.level) * len(left) - 1e-9)
    worst = np.argsort(-left, kind="stable")[:size]
    if hours.any() and (left[worst] >= untouched[worst] * (1 - 1e-12)).all():
        yield (
            "The worst tenth of futures are those in which patrols change nothing, so the weight on them "
            "(objective.cvar_weight) moves no hours."
        )
