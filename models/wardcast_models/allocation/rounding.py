"""Rounding hours to 0.01 so that every total stays within a hundredth and capacities still hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, vstack

from wardcast_models.allocation.instance import Instance, Mask
from wardcast_models.allocation.response import Array

Positions = NDArray[np.intp]

UNITS_PER_HOUR = 100
SNAP = 1e-4
"""Units this close to a whole number are taken as that number (solver noise)."""

MOST_SECONDS = 20.0
"""Time for one month's choice; after it, cells are only kept within the teams' hours."""


def round_hours(hours: Array, instance: Instance) -> Array:
    """Round to 0.01 hours by largest remainder.

    Each cell goes down or up to the next hundredth, and so does each total that a limit is about (a resource in a
    month, a ward in a month, the hours of one ward that a limit counts), which keeps capacities whole. Among such
    roundings the one that goes up where the remainders are largest is taken. The totals are two nested families
    of cells, so the relaxation of this choice has whole solutions.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        instance: The problem whose limits they keep.

    Returns:
        Hours in whole hundredths, same shape.
    """
    rounded = np.zeros(hours.shape)
    for month in range(hours.shape[1]):
        rounded[:, month] = _round_month(hours[:, month], instance, instance.capacity[month])
    return rounded


def _round_month(hours: Array, instance: Instance, capacity: Array) -> Array:
    """Round one month's hours, shape (W, S, R)."""
    units = _snapped(hours * UNITS_PER_HOUR)
    down = np.floor(units)
    remainder = units - down
    open_cells = np.nonzero(remainder > 0)
    if open_cells[0].size == 0:
        return np.asarray(down / UNITS_PER_HOUR)
    ward, _, resource = open_cells
    n_wards, n_resources = hours.shape[0], hours.shape[2]
    counted = {tuple(np.ones(n_resources, dtype=bool))} | {tuple(limit.counts) for limit in instance.ward_limits}
    rows, low, high = [_membership(resource, n_resources)], [], []
    spare = np.floor(_snapped(capacity * UNITS_PER_HOUR)) - down.sum(axis=(0, 1))
    total = _snapped(_sums(resource, remainder[open_cells], n_resources))
    low.append(np.minimum(np.floor(total), spare))
    high.append(np.minimum(np.ceil(total), spare))
    for counts in sorted(counted):
        part = np.array(counts)[resource]
        rows.append(_membership(ward, n_wards, part))
        total = _snapped(_sums(ward[part], remainder[open_cells][part], n_wards))
        low.append(np.floor(total))
        high.append(np.ceil(total))
    up = _choose_up(remainder[open_cells], rows, low, high)
    if up is None:
        up = _choose_up(remainder[open_cells], rows[:1], low[:1], high[:1])
    down[open_cells] += np.zeros(ward.size) if up is None else up
    return np.asarray(down / UNITS_PER_HOUR)


def _choose_up(remainder: Array, rows: list[coo_array], low: list[Array], high: list[Array]) -> Array | None:
    """Choose the cells that go up, largest remainders first; None where the totals cannot all be kept.

    That happens only where capacities are themselves not in whole hundredths, or time runs out.
    """
    result = milp(
        -remainder,
        constraints=LinearConstraint(vstack(rows).tocsr(), np.concatenate(low), np.concatenate(high)),
        bounds=Bounds(0, 1),
        integrality=np.ones(remainder.size, dtype=np.intp),
        options={"time_limit": MOST_SECONDS},
    )
    return np.round(result.x) if result.success else None


def _sums(group: Positions, amounts: Array, n_groups: int) -> Array:
    """Return the sum of the amounts of each group."""
    return np.bincount(group, amounts, n_groups).astype(np.float64)


def _membership(group: Positions, n_groups: int, part: Mask | None = None) -> coo_array:
    """Return a matrix whose rows sum the cells of each group."""
    cells = np.arange(group.size) if part is None else np.nonzero(part)[0]
    return coo_array((np.ones(cells.size), (group[cells], cells)), shape=(n_groups, group.size))


def _snapped(units: Array) -> Array:
    """Return units with solver noise around whole numbers removed."""
    whole = np.round(units)
    return np.asarray(np.where(np.abs(units - whole) < SNAP, whole, units))
