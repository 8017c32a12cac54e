"""Rounding hours to 0.01 so that capacities still hold and every other limit stays within a hundredth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, csr_array, vstack

from wardcast_models.allocation.arrays import Array, Positions
from wardcast_models.allocation.limits.limit import Limit, LimitKind
from wardcast_models.allocation.programme.instance import Instance

Rows = tuple[csr_array, Array, Array]
"""Coefficients of the cells that may go up, and the least and the most that they may add up to."""

UNITS_PER_HOUR = 100
SNAP = 1e-4
"""Units this close to a whole number are taken as that number (solver noise)."""

MOST_NODES = 20_000
"""Nodes of one month's search, which then takes the best found. Unlike a time, they end it alike everywhere."""

MOST_SECONDS = 300.0
"""Time for one month's search: a last resort."""

HOURS_OF_TEAMS = (LimitKind.CAPACITY, LimitKind.SHIFT_CAPACITY)
BUDGETS = (LimitKind.BUDGET_HOURS, LimitKind.BUDGET_POUNDS)


@dataclass(frozen=True, kw_only=True)
class Rounded:
    """Rounded hours.

    Attributes:
        hours: In whole hundredths, shape (W, H, S, R).
        within: Whether rounding misses no limit by more than a hundredth of an hour.
    """

    hours: Array
    within: bool


def round_hours(hours: Array, instance: Instance) -> Rounded:
    """Round to 0.01 hours by largest remainder.

    Each cell goes down or up to the next hundredth, and so does each sum of a month's hours that a limit is about.
    The teams' hours and the budgets are never exceeded. Among such roundings the one that goes up where the remainders
    are largest is taken.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        instance: The problem whose limits they keep.

    Returns:
        The rounded hours, and whether they keep all this: where they cannot, only the teams' hours and the budgets.
    """
    units = _snapped(hours * UNITS_PER_HOUR).reshape(-1)
    down = np.floor(units)
    month_of = np.broadcast_to(np.arange(hours.shape[1])[None, :, None, None], hours.shape).reshape(-1)
    rounded = down.copy()
    for month in range(hours.shape[1]):
        cells = np.nonzero((units > down) & (month_of == month))[0]
        if cells.size:
            rounded[cells] += _choose_up(units, down, cells, instance)
    in_hours = np.asarray((rounded / UNITS_PER_HOUR).reshape(hours.shape))
    return Rounded(hours=in_hours, within=all(_within(limit, hours, in_hours) for limit in instance.limits))


def _within(limit: Limit, before: Array, after: Array) -> bool:
    """Tell whether rounding misses a limit on hours by a hundredth of an hour at most."""
    if limit.avoided is not None:  # too small a part of what is claimed to be told
        return True
    none = np.zeros(0)
    most = limit.breach(before, none) + max(float(abs(limit.hours).max()), 1.0) / UNITS_PER_HOUR
    return bool((limit.breach(after, none) <= most + SNAP / UNITS_PER_HOUR).all())


def _choose_up(units: Array, down: Array, cells: Positions, instance: Instance) -> Array:
    """Choose which of a month's cells go up, 1 or 0 each."""
    remainder = (units - down)[cells]
    strict: list[Rows] = []
    within: list[Rows] = []
    for limit in instance.limits:
        matrix = csc_array(limit.hours)[:, cells].tocsr()
        touched = np.nonzero(np.diff(matrix.indptr))[0]
        if touched.size == 0:
            continue
        rows = csr_array(matrix[touched])
        if limit.kind in HOURS_OF_TEAMS:
            strict.append(_sums_within_teams_hours(rows, limit, touched, remainder, down))
        elif limit.kind in BUDGETS:
            strict.append(_within_budget(rows, limit, remainder, units, len(instance.months)))
        elif limit.weighs_hours_against_others:
            within += _shares(rows, remainder)
        elif np.ptp(rows.data) == 0:
            within.append(_sums(rows, remainder))
        else:
            within += [_sums(_indicator(csr_array(rows[[row]])), remainder) for row in range(rows.shape[0])]
    no_more = [(rows, np.full(high.shape, -np.inf), high) for rows, _, high in strict]
    # Hours of a team may go unused before a limit is missed, and a limit may be missed before a team has too few.
    for chosen in ([*strict, *within], [*no_more, *within], no_more):
        up = _largest_remainders(remainder, chosen)
        if up is not None:
            return up
    return np.zeros(cells.size)


def _sums(rows: csr_array, remainder: Array) -> Rows:
    """Let sums of hours go down or up to the next hundredth."""
    each = _indicator(rows)
    total = _snapped(each @ remainder)
    return each, np.floor(total), np.ceil(total)


def _shares(rows: csr_array, remainder: Array) -> list[Rows]:
    """Let the sums that are weighed against the whole go up only so far that no share grows by over a hundredth."""
    own = csr_array(rows.multiply(rows > 0))
    own.eliminate_zeros()
    each, low, high = _sums(own, remainder)
    whole, whole_low, whole_high = _sums(csr_array(rows[[0]]), remainder)
    falls_by = _snapped(whole @ remainder) - whole_low
    most = np.floor(_snapped(each @ remainder + 1.0 + rows.data.min() * falls_by))
    return [(each, low, np.minimum(high, most)), (whole, whole_low, whole_high)]


def _sums_within_teams_hours(rows: csr_array, limit: Limit, touched: Positions, remainder: Array, down: Array) -> Rows:
    """Do the same, but never beyond what a team has."""
    each, low, high = _sums(rows, remainder)
    spare = np.floor(_snapped(limit.bound[touched] * UNITS_PER_HOUR)) - limit.hours[touched] @ down
    high = np.minimum(high, spare)
    return each, np.minimum(low, high), high


def _within_budget(rows: csr_array, limit: Limit, remainder: Array, units: Array, n_months: int) -> Rows:
    """Let a month's part of a budget go up by no more than its part of what is spare."""
    spare = np.maximum(limit.bound * UNITS_PER_HOUR - limit.hours @ units, 0.0) / n_months
    high = _snapped(rows @ remainder + spare)
    return rows, np.full(high.shape, -np.inf), high


def _largest_remainders(remainder: Array, rows: list[Rows]) -> Array | None:
    """Choose the cells that go up, largest remainders first; None where no way is found to keep all sums."""
    if not rows:
        return np.round(remainder)
    matrix = vstack([one[0] for one in rows]).tocsr()
    result = milp(
        -remainder,
        constraints=LinearConstraint(
            matrix, np.concatenate([r[1] for r in rows]), np.concatenate([r[2] for r in rows])
        ),
        bounds=Bounds(0, 1),
        integrality=np.ones(remainder.size, dtype=np.intp),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES, "time_limit": MOST_SECONDS},
    )
    return None if result.x is None else np.round(result.x)


def _indicator(rows: csr_array) -> csr_array:
    """Return rows that count each of their cells once."""
    return csr_array((np.ones(rows.data.size), rows.indices, rows.indptr), shape=rows.shape)


def _snapped(units: Array) -> Array:
    """Return units with solver noise around whole numbers removed."""
    whole = np.round(units)
    return np.asarray(np.where(np.abs(units - whole) < SNAP, whole, units))
