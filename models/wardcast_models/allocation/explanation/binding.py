"""Which limits hold a plan, where, and at what price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.limits.limit import Limit, Sense
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.solve import Solution

NO_WORTH = 1e-9
"""Shadow prices below this share of the objective are none."""

AT_LIMIT = 0.02
"""A row within this of its bound, in its own unit, is at it (hours are rounded)."""


@dataclass(frozen=True, kw_only=True)
class BindingLimit:
    """A limit that holds the plan in at least one of its N rows.

    Attributes:
        at: Its position among the problem's limits.
        limit: The limit.
        rows: Rows that hold the plan, shape (N,).
        row_prices: Objective gained per unit of each row's right-hand side, shape (N,); None in a plan of whole units.
    """

    at: int
    limit: Limit
    rows: Mask
    row_prices: Array | None

    def price(self, step: Array) -> float | None:
        """Return the objective gained per unit of the limit's figure.

        Args:
            step: Change of the right-hand sides with one unit more, shape (N,).

        Returns:
            Positive where relaxing helps; of an equation, where raising it does.
        """
        if self.row_prices is None:
            return None
        steps = step if self.limit.sense is Sense.EXACTLY else np.abs(step)
        return float(self.row_prices @ steps)


def binding_limits(instance: Instance, solution: Solution) -> tuple[BindingLimit, ...]:
    """Find the limits that hold the plan.

    A row holds it where it has a price. In a plan of whole units, which has no prices, it does where the plan is within
    one unit of it.

    Args:
        instance: The problem.
        solution: Its solution.

    Returns:
        The limits, in the order of the problem.
    """
    if solution.prices:
        worth = NO_WORTH * max(abs(solution.objective), 1e-12)
        found = [
            BindingLimit(at=at, limit=limit, rows=np.abs(prices * _unit(limit)) > worth, row_prices=prices)
            for at, (limit, prices) in enumerate(zip(instance.limits, solution.prices, strict=True))
        ]
    else:
        found = [
            BindingLimit(at=at, limit=limit, rows=within_a_unit(instance, solution.hours, limit), row_prices=None)
            for at, limit in enumerate(instance.limits)
        ]
    return tuple(binding for binding in found if binding.rows.any())


def at_bound(instance: Instance, hours: Array, limit: Limit) -> Mask:
    """Return the rows of a limit that a plan is at.

    Args:
        instance: The problem.
        hours: The plan's hours, shape (W, H, S, R).
        limit: The limit.

    Returns:
        Shape (N,).
    """
    return np.asarray(np.abs(_spare(instance, hours, limit)) <= AT_LIMIT)


def within_a_unit(instance: Instance, hours: Array, limit: Limit) -> Mask:
    """Return the rows of a limit that one whole unit more or less of some team would bring a plan to, or past.

    Args:
        instance: The problem.
        hours: The plan's hours, shape (W, H, S, R).
        limit: The limit.

    Returns:
        Shape (N,); the rows that the plan is at, where hours do not come in whole units.
    """
    if instance.unit_hours is None:
        return at_bound(instance, hours, limit)
    units = np.broadcast_to(instance.unit_hours, instance.shape).reshape(-1)
    reach = _most_of_a_row(csr_array(limit.hours.multiply(units)))
    if limit.avoided is not None:
        reach = reach + _most_of_a_row(csr_array((limit.avoided @ _avoided_per_hour(instance, hours)).multiply(units)))
    return np.asarray(np.abs(_spare(instance, hours, limit)) <= AT_LIMIT + reach)


def _spare(instance: Instance, hours: Array, limit: Limit) -> Array:
    """Return how far each row is from its bound, shape (N,)."""
    return limit.used(hours, instance.avoided_by_curve(hours)) - limit.bound


def _most_of_a_row(matrix: csr_array) -> Array:
    """Return the largest size of an entry in each row, shape (N,)."""
    return np.asarray(abs(matrix).max(axis=1).toarray()).reshape(-1)


def _avoided_per_hour(instance: Instance, hours: Array) -> csr_array:
    """Return what one hour more avoids on each curve of its own ward: curves by cells, both flattened."""
    relative = instance.relative_dose(hours)
    per_dose = instance.value * instance.response.slope(relative) / instance.baseline[..., None]
    rate = per_dose[..., :, None] * instance.dose_per_hour.T * instance.allowed[..., None, :]  # (W, H, S, G, R)
    curves, cells = np.arange(per_dose.size), np.arange(instance.allowed.size)
    by_place = curves.reshape(*per_dose.shape, 1), cells.reshape(*instance.shape[:3], 1, -1)
    row, column = (np.broadcast_to(each, rate.shape).reshape(-1) for each in by_place)
    return csr_array((rate.reshape(-1), (row, column)), shape=(curves.size, cells.size))


def _unit(limit: Limit) -> Array:
    """Return what one unit of the figure changes in each row, 1 where that is not constant, shape (N,)."""
    return np.asarray(np.where(limit.step == 0, 1.0, np.abs(limit.step)))
