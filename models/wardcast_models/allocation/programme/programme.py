"""The allocation programme: hours, limits, curves by chords, and the worst tenth of futures where it has a weight.

It is posed as a minimisation of residual weighted harm, which keeps one sign for shadow prices, and its objective is
divided by its largest coefficient, so that tolerances mean the same for every harm scale.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.limits.limit import Sense
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.curves import curves_of
from wardcast_models.allocation.programme.hours_columns import HoursColumns, open_cells, sides
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.linear_programme import LinearProgramme, Outcome
from wardcast_models.allocation.programme.segments import Segments
from wardcast_models.allocation.programme.worst_futures import WorstFutures

Statuses = NDArray[np.int8]

WHOLE_UNITS_GAP = 1e-3
"""A plan of whole units this close to the proven best, as a share of what it avoids, is good enough."""


@dataclass(frozen=True, kw_only=True)
class Solved:
    """What the solver returned; the arrays are zero unless the status says that there is a solution.

    Attributes:
        status: Outcome.
        avoided: Weighted harm avoided plus presence terms, by the chords; where the worst tenth of futures has a
            weight, that part of it is what the tenth's mean residual harm falls by.
        hours: Planned hours, shape (W, H, S, R).
        prices: For each limit, what is gained per unit of each row's right-hand side: as it is relaxed where the row
            is an inequality (at least 0), as it is raised where it is an equation. Empty for whole units.
        dose_prices: Worth of one hour of dose on each curve, shape (N,).
        future_weights: Weight of each future in the worst tenth, adding up to 1, shape (P,); empty without one.
    """

    status: SolutionStatus
    avoided: float
    hours: Array
    prices: tuple[Array, ...]
    dose_prices: Array
    future_weights: Array


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a programme can go on from: status in the basis (HiGHS's numbers) of columns and rows, by what they are of.

    Attributes:
        hours: Shape (W, H, S, R).
        segments: Shape (W, H, S, G, K).
        dose_rows: Shape (W, H, S, G).
        limits: For each limit, shape (N,).
    """

    hours: Statuses
    segments: Statuses
    dose_rows: Statuses
    limits: tuple[Statuses, ...]


class Programme:
    """The programme of one problem with given breakpoints, built once and solved as often as figures change.

    Attributes:
        instance: The problem.
        curves: Its curves.
        timed_out: Whether the last what-if (`avoided_with`, `avoided_without`) stopped for time, so that its `None`
            says nothing of the limits.
    """

    def __init__(self, instance: Instance, breakpoints: Array, *, time_limit_seconds: float | None = None) -> None:
        """Build the programme.

        Args:
            instance: The problem.
            breakpoints: Relative doses of each curve (see `curves`), shape (N, K + 1).
            time_limit_seconds: A solve stops here; None takes the usual limit.
        """
        self.instance = instance
        self.curves = curves_of(instance)
        self.timed_out = False
        per_hour = self.curves.value / self.curves.baseline * instance.response.slope(np.zeros(self.curves.size))
        self._scale = float(per_hour.max(initial=0.0)) or float(instance.presence_value.max(initial=0.0)) or 1.0
        self._lp = LinearProgramme(
            time_limit_seconds=time_limit_seconds,
            relative_gap=0.0 if instance.unit_hours is None else WHOLE_UNITS_GAP,
        )
        presence = np.broadcast_to(instance.presence_value, instance.shape).reshape(-1)[open_cells(instance)]
        self._hours = HoursColumns(self._lp, instance, -presence[None, :] / self._scale)
        self._segments = Segments(
            self._lp, self.curves, instance, breakpoints, dose=self._hours.dose_entries(self.curves), scale=self._scale
        )
        added = [self._segments.add_limit(limit, self._hours) for limit in instance.limits]
        self._limit_rows, self._row_scales = [rows for rows, _ in added], [scale for _, scale in added]
        futures = instance.futures
        self._worst = None if futures is None else WorstFutures(self._lp, futures, self._segments, scale=self._scale)

    def solve(self) -> Solved:
        """Minimise the residual weighted harm.

        Returns:
            The solution.
        """
        return self._read(self._lp.solve())

    def move(self, breakpoints: Array) -> None:
        """Let the chords meet elsewhere; the next solve goes on from the last one.

        Args:
            breakpoints: Relative doses of each curve, in the shape of those before.
        """
        self._segments.move(breakpoints)

    def start(self) -> Start:
        """Return where another programme of the same shape can go on from; the programme has no futures."""
        columns, rows = self._lp.basis
        segments = np.zeros((*self.instance.value.shape, self._segments.columns.shape[1]), dtype=np.int8)
        segments[self.curves.place] = columns[self._segments.columns]
        dose_rows = np.zeros(self.instance.value.shape, dtype=np.int8)
        dose_rows[self.curves.place] = rows[self._segments.dose_rows]
        hours = np.zeros(self.instance.allowed.size, dtype=np.int8)
        hours[self._hours.cells] = columns[self._hours.columns[0]]
        limits = tuple(rows[of_limit] for of_limit in self._limit_rows)
        return Start(hours=hours.reshape(self.instance.shape), segments=segments, dose_rows=dose_rows, limits=limits)

    def start_from(self, start: Start) -> None:
        """Let the first solve go on from where another programme ended.

        Args:
            start: Where.
        """
        columns = np.zeros(self._hours.columns.size + self._segments.columns.size, dtype=np.int8)
        columns[self._hours.columns[0]] = start.hours.reshape(-1)[self._hours.cells]
        columns[self._segments.columns] = start.segments[self.curves.place]
        rows = np.zeros(self._segments.dose_rows.size + sum(part.size for part in self._limit_rows), dtype=np.int8)
        rows[self._segments.dose_rows] = start.dose_rows[self.curves.place]
        for of_limit, statuses in zip(self._limit_rows, start.limits, strict=True):
            rows[of_limit] = statuses
        self._lp.start_from((columns, rows))

    def avoided_with(self, bounds: Mapping[int, Array]) -> float | None:
        """Solve again with the right-hand sides of some limits changed, then put them back.

        Args:
            bounds: New right-hand sides by position of the limit in the problem.

        Returns:
            As `Solved.avoided`, or None where the changed limits clash, or where `timed_out` tells that time ran out.
        """
        return self._avoided_under({at: self._sides(at, bound) for at, bound in bounds.items()})

    def avoided_without(self, limits: Collection[int]) -> float | None:
        """Solve again without some limits, then put them back.

        Args:
            limits: Positions of limits in the problem.

        Returns:
            As `Solved.avoided`, or None where nothing else bounds the plan, or where `timed_out` tells that time ran
            out.
        """
        nothing = {at: np.full(self._limit_rows[at].size, np.inf) for at in limits}
        return self._avoided_under({at: (-infinite, infinite) for at, infinite in nothing.items()})

    def _avoided_under(self, changed: Mapping[int, tuple[Array, Array]]) -> float | None:
        """Solve with other sides of some limits, then put them back."""
        for at, (low, high) in changed.items():
            self._lp.set_row_bounds(self._limit_rows[at], low, high)
        outcome = self._lp.solve()
        self.timed_out = outcome.status in (SolutionStatus.FEASIBLE, SolutionStatus.NOT_SOLVED)
        for at in changed:
            self._lp.set_row_bounds(self._limit_rows[at], *self._sides(at, self.instance.limits[at].bound))
        return self._gained(outcome.minimum) if outcome.status is SolutionStatus.OPTIMAL else None

    def _sides(self, at: int, bound: Array) -> tuple[Array, Array]:
        """Return the sides of a limit's rows as they stand in the programme."""
        return sides(self.instance.limits[at].sense, bound / self._row_scales[at])

    def _gained(self, minimum: float) -> float:
        """Return what is avoided, against no hours at all, from the minimum of the objective."""
        return self._scale * ((0.0 if self._worst is None else self._worst.without_hours) - minimum)

    def _read(self, outcome: Outcome) -> Solved:
        """Read the outcome; values of programmes without a solution are never looked at."""
        instance, found = self.instance, outcome.status.has_solution
        duals = outcome.row_duals * self._scale
        whole = instance.unit_hours is not None
        return Solved(
            status=outcome.status,
            avoided=self._gained(outcome.minimum) if found else 0.0,
            hours=self._hours.read(outcome.values) if found else np.zeros(instance.shape),
            prices=() if whole else tuple(self._price(at, duals[rows]) for at, rows in enumerate(self._limit_rows)),
            dose_prices=np.maximum(-duals[self._segments.dose_rows], 0.0),
            future_weights=np.zeros(0) if self._worst is None else self._worst.weights(outcome.row_duals),
        )

    def _price(self, at: int, duals: Array) -> Array:
        """Return the prices of a limit's rows from their duals (change of the minimum per unit of bound)."""
        sense = self.instance.limits[at].sense
        duals = duals / self._row_scales[at]
        if sense is Sense.EXACTLY:
            return -duals
        return np.asarray(np.maximum(duals if sense is Sense.AT_LEAST else -duals, 0.0))
