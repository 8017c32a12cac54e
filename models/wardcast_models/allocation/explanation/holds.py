"""Which limits hold the hours of each ward and of each resource in it, in how many months, and at what price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array, Counts
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.binding import BindingLimit, at_bound, binding_limits
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense
from wardcast_models.allocation.programme.solve import Solution

OF_THE_WHOLE = (
    LimitKind.CAPACITY,
    LimitKind.SHIFT_CAPACITY,
    LimitKind.BUDGET_HOURS,
    LimitKind.BUDGET_POUNDS,
)
"""Limits that hold all wards alike, and so are no reason for one ward's hours."""

VERB = {Sense.AT_LEAST: "Held up by", Sense.AT_MOST: "Held down by", Sense.EXACTLY: "Settled by"}


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One limit's hold on W wards and R resources.

    Attributes:
        limit: The limit.
        counts_all: Whether it is about the hours of all resources, rather than of some.
        n_months: Months planned.
        resources: Resource names; length R.
        months: Months in which it holds each resource's hours in each ward, shape (W, R).
        ward_months: Months in which it holds each ward's hours, shape (W,).
        worth: Objective gained by easing it by one unit where it holds a ward, shape (W,); None where not priced.
        is_shared: Whether it is about several wards together, so that it is no reason for the hours of any one.
    """

    limit: Limit
    resources: tuple[str, ...]
    counts_all: bool
    n_months: int
    months: Counts
    ward_months: Counts
    worth: Array | None
    is_shared: bool

    def on_ward(self, ward: int) -> str:
        """Say how it holds a ward's hours; empty where it does not."""
        count = int(self.ward_months[ward])
        if not count:
            return ""
        said = self._said(count)
        if not self.counts_all:
            held = [name for name, months in zip(self.resources, self.months[ward], strict=True) if months]
            said += f" ({', '.join(held)})"
        if self.is_shared or self.worth is None or self.limit.sense is Sense.EXACTLY or not self.worth[ward] > 0:
            return f"{said}."
        return f"{said}; at first, each unit that it is eased by here is worth {self.worth[ward]:,.2g} units of harm."

    def on_resource(self, ward: int, resource: int) -> str:
        """Say how it holds one resource's hours in a ward; empty where it does not."""
        count = int(self.months[ward, resource])
        return f"{self._said(count)}." if count else ""

    def _said(self, count: int) -> str:
        """Say which limit and how often."""
        if self.is_shared:
            return (
                f"Its hours count towards {self.limit.label}, which holds several wards together in {count} of "
                f"{self.n_months} months"
            )
        return f"{VERB[self.limit.sense]} {self.limit.label} in {count} of {self.n_months} months"


def holds_of(problem: Assembled, solution: Solution) -> tuple[Hold, ...]:
    """Find what each limit holds.

    A limit holds hours where it has a price. A minimum also does where it keeps teams in a ward that have no effect:
    nothing else asks for them, and their hours are worth nothing elsewhere.

    Args:
        problem: The problem.
        solution: Its solution.

    Returns:
        The limits that hold single wards, or several of them together, in the order of the problem.
    """
    instance = problem.instance
    priced = {binding.at: binding for binding in binding_limits(instance, solution)}
    found = []
    for at, limit in enumerate(instance.limits):
        if limit.kind in OF_THE_WHOLE:
            continue
        hold = _hold(problem, solution, limit, priced.get(at))
        if hold.ward_months.any():
            found.append(hold)
    return tuple(found)


def _hold(problem: Assembled, solution: Solution, limit: Limit, binding: BindingLimit | None) -> Hold:
    """Find what one limit holds."""
    instance = problem.instance
    n_wards, n_months, _, n_resources = instance.shape
    worth = None if binding is None or binding.row_prices is None else np.zeros(n_wards)
    held = np.zeros(instance.shape, dtype=bool)
    is_shared = _is_shared(limit, n_wards)
    if binding is not None:
        for row in np.nonzero(binding.rows)[0]:
            cells = _cells_of(problem, limit, int(row))
            held |= cells
            if worth is not None and binding.row_prices is not None:
                worth[cells.any(axis=(1, 2, 3))] += binding.row_prices[row] * abs(limit.step[row])
    if limit.sense is not Sense.AT_MOST and limit.avoided is None:
        rows = np.nonzero(at_bound(instance, solution.hours, limit))[0]
        kept = np.zeros(held.size, dtype=bool)
        kept[limit.hours[rows].indices] = True
        held |= kept.reshape(instance.shape) & (solution.hours > 0) & ~instance.has_effect
    would_come = limit.sense is Sense.AT_MOST and not is_shared
    held &= instance.has_effect if would_come else solution.hours > 0  # a minimum holds hours that are there
    return Hold(
        limit=limit,
        resources=instance.resources,
        counts_all=limit.avoided is not None or np.unique(limit.hours.indices % n_resources).size == n_resources,
        n_months=n_months,
        months=held.any(axis=2).sum(axis=1),
        ward_months=held.any(axis=(2, 3)).sum(axis=1),
        worth=worth,
        is_shared=is_shared,
    )


def _cells_of(problem: Assembled, limit: Limit, row: int) -> NDArray[np.bool_]:
    """Return the hours that one row counts or, where it counts harm avoided, those of its own wards.

    Hours that a row weighs its own against are not among them.
    """
    instance = problem.instance
    cells = np.zeros(instance.shape, dtype=bool)
    counted = limit.hours[[row]]
    cells.reshape(-1)[counted.indices[counted.data > 0]] = True
    if limit.avoided is not None:
        claims = limit.avoided[[row]].toarray().reshape(instance.value.shape)
        affecting = (instance.dose_per_hour > 0).any(axis=1)
        own = np.asarray((claims > 0).any(axis=(1, 2, 3)))
        cells |= own[:, None, None, None] & instance.allowed & affecting
    return cells


def _is_shared(limit: Limit, n_wards: int) -> bool:
    """Tell whether any row counts hours, or harm avoided, of more than one ward."""
    counted = (limit.hours if limit.avoided is None else limit.avoided).tocoo()
    rows, cells = (np.asarray(each)[counted.data > 0] for each in counted.coords)
    wards_of_rows = np.unique(rows.astype(np.int64) * n_wards + cells // (counted.shape[1] // n_wards))
    return bool(np.bincount(wards_of_rows // n_wards).max(initial=0) > 1)
