"""Among equally good plans, the one nearest to a target: a second linear programme.

What every curve claims is held, so the objective is (to 1e-7 of it), and so is the worth of presence; limits on what is
claimed hold with it. Only the hours may move.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.curves import LARGE_PROBLEM_CURVES, curves_of
from wardcast_models.allocation.programme.hours_columns import HoursColumns, open_cells
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.like_teams import spread_alike
from wardcast_models.allocation.programme.linear_programme import LinearProgramme
from wardcast_models.allocation.programme.months import one_month

HOLD = 1e-9
"""Share of each dose, and of the worth of presence, that may be given up to the solver's noise."""


@dataclass(frozen=True, kw_only=True)
class Distance:
    """A convex distance from target hours, in pieces.

    Attributes:
        ratios: Where the pieces begin, as hours over target hours, shape (P,).
        slopes: Cost of an hour more in each piece: below 0 up to the target, above 0 beyond, shape (P,).
        slopes_without_effect: The same for resources without any effect, always above 0: they only meet the limits that
            need them, spread like the target, shape (P,).
    """

    ratios: Array
    slopes: Array
    slopes_without_effect: Array


FINE = Distance(
    ratios=np.array([0.0, 0.5, 1.0, 2.0]),
    slopes=np.array([-0.75, -0.25, 0.5, 2.0]),
    slopes_without_effect=np.array([0.25, 0.75, 1.5, 3.0]),
)

COARSE = Distance(ratios=np.array([0.0, 1.0]), slopes=np.array([-0.5, 1.0]), slopes_without_effect=np.array([0.5, 2.0]))
"""For large problems, to be built and solved in time."""


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """The plan chosen.

    Attributes:
        hours: Planned hours, shape (W, H, S, R).
        months_as_found: Months, `YYYY-MM`, whose hours stayed as they were, because the solver found none nearer.
    """

    hours: Array
    months_as_found: tuple[str, ...]


def nearest(instance: Instance, hours: Array, target: Array) -> Nearest:
    """Return the plan nearest to a target among those as good as one found, month by month.

    Args:
        instance: The problem.
        hours: An optimum, shape (W, H, S, R).
        target: Hours to stay near, same shape.

    Returns:
        The hours; a month for which the solver finds none keeps those given.
    """
    chosen, as_found = hours.copy(), []
    without_futures = replace(instance, futures=None)
    distance = COARSE if curves_of(instance).size > LARGE_PROBLEM_CURVES else FINE
    for at in range(len(instance.months)):
        here = slice(at, at + 1)
        month, _ = one_month(without_futures, at, hours=hours)
        found = _nearest_in_month(month, hours[:, here], target[:, here], distance, instance.has_effect)
        if found is None:
            as_found.append(instance.months[at])
        else:
            chosen[:, here] = found
    return Nearest(hours=spread_alike(instance, chosen), months_as_found=tuple(as_found))


def _nearest_in_month(
    month: Instance, hours: Array, target: Array, distance: Distance, has_effect: Mask
) -> Array | None:
    """Return the nearest hours of one month, or None where the solver found none."""
    programme = LinearProgramme()
    cells = open_cells(month)
    if cells.size == 0:
        return hours
    size = np.maximum(target.reshape(-1)[cells], max(float(target.mean()), 1.0) * 1e-3)
    slopes = distance.slopes[:, None], distance.slopes_without_effect[:, None]
    widths = np.append(np.diff(distance.ratios), np.inf)[:, None] * size
    columns = HoursColumns(programme, month, np.where(has_effect[cells % month.shape[3]], *slopes), uppers=widths)
    for limit in month.limits:
        if limit.avoided is None:  # the others ask for claims, which are held below
            columns.add_limit(limit)
    curves = curves_of(month)
    most = month.response.saturation * curves.baseline
    least = np.minimum(month.dose(hours)[curves.place], most) * (1 - HOLD)
    programme.rows(least, np.full(least.size, np.inf), columns.dose_entries(curves))
    if month.presence_value.any():
        presence = np.broadcast_to(month.presence_value / month.presence_value.max(), month.shape)
        worth = np.array([float((presence * hours).sum()) * (1 - HOLD)])
        programme.rows(worth, np.full(1, np.inf), columns.sum_entries(presence))
    outcome = programme.solve()
    return columns.read(outcome.values) if outcome.status is SolutionStatus.OPTIMAL else None
