"""A problem's limits made elastic: by how much they clash, which of them, and what would end it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array, Positions
from wardcast_models.allocation.limits.limit import Limit, Sense
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.programme.curves import curves_of, first_breakpoints
from wardcast_models.allocation.programme.hours_columns import Entries, HoursColumns
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.linear_programme import LinearProgramme
from wardcast_models.allocation.programme.segments import Segments
from wardcast_models.errors import ErrorKind, WardcastError

Rows = NDArray[np.bool_]

CLASH_HOURS = 1e-6
"""Limits short by no more than this do not clash."""


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """The least by which chosen rows cannot all be met.

    Attributes:
        hours: In all, in officer hours.
        by_row: Of each row of all limits, one after the other, in officer hours.
        needed: Rows whose price shows that they stand in the way.
    """

    hours: float
    by_row: Array
    needed: Rows


class ElasticLimits:
    """Hours and limits of one problem in which every row may fall short, at a price an hour.

    Attributes:
        limits: The limits.
        n_rows: Number of their rows.
        rows_of: Where the rows of each limit stand among those of all, one limit after the other.
    """

    def __init__(self, instance: Instance, limits: tuple[Limit, ...]) -> None:
        """Build the programme.

        Args:
            instance: The problem.
            limits: The limits of it that are looked at, at least one.
        """
        self._lp = LinearProgramme()
        self.limits = limits
        hours = HoursColumns(self._lp, instance, np.zeros((1, 1)))
        asked = any(limit.avoided is not None for limit in limits)
        segments = _segments(self._lp, instance, hours) if asked else None
        self._short: list[Positions] = []
        self._units: dict[str, Positions] = {}
        self._rows: list[Positions] = []
        for limit in limits:
            short = self._lp.columns(np.full(2 * limit.bound.size, np.inf), np.zeros(2 * limit.bound.size))
            if limit.field not in self._units:
                self._units[limit.field] = self._lp.columns(np.zeros(2), np.zeros(2))
            entries = _elastic_entries(limit, short, self._units[limit.field])
            rows = (
                hours.add_limit(limit, *entries) if segments is None else segments.add_limit(limit, hours, *entries)[0]
            )
            self._short.append(short.reshape(2, -1))
            self._rows.append(rows)
        self._hours_per_unit = np.concatenate([hours_per_unit(limit) for limit in self.limits])
        self.n_rows = self._hours_per_unit.size
        ends = np.cumsum([limit.bound.size for limit in limits]).tolist()
        self.rows_of = tuple(slice(start, end) for start, end in zip([0, *ends], ends, strict=False))
        self._lp.solve()  # builds the programme; only then can it be changed

    def shortage(self, chosen: Rows) -> Shortage:
        """Find the least by which rows cannot be met; the others may fall short for nothing.

        Args:
            chosen: Rows of all limits, one after the other, shape (n,).

        Returns:
            The shortage; 0 hours where they can be met.
        """
        self._set_prices(np.where(chosen, self._hours_per_unit, 0.0), free=True)
        outcome = self._lp.solve()
        if outcome.status is not SolutionStatus.OPTIMAL:
            raise WardcastError(ErrorKind.INTERNAL, "The time to check the request's limits ran out.")
        short = np.concatenate([outcome.values[columns].sum(axis=0) for columns in self._short])
        duals = np.concatenate([outcome.row_duals[rows] for rows in self._rows])
        return Shortage(
            hours=outcome.minimum,
            by_row=np.where(chosen, short * self._hours_per_unit, 0.0),
            needed=chosen & (np.abs(duals) > CLASH_HOURS * np.maximum(self._hours_per_unit, 1e-12)),
        )

    def units_to_mend(self, field: str) -> float | None:
        """Find by how many units one figure alone would have to be relaxed, in all the limits that it sets.

        Args:
            field: The field of the request that holds it.

        Returns:
            Units of the figure, below 0 where an equation's has to be lowered; None where no change is enough.
        """
        units = self._units[field]
        self._set_prices(np.zeros(self.n_rows), free=False)
        self._lp.set_uppers(units, np.full(2, np.inf))
        self._lp.set_costs(units, np.ones(2))
        outcome = self._lp.solve()
        self._lp.set_uppers(units, np.zeros(2))
        self._lp.set_costs(units, np.zeros(2))
        if outcome.status is not SolutionStatus.OPTIMAL:
            return None
        more, less = outcome.values[units].tolist()
        return float(more - less)

    def _set_prices(self, prices: Array, *, free: bool) -> None:
        """Set what falling short costs, and whether it is allowed at all."""
        columns = np.concatenate([columns.reshape(-1) for columns in self._short])
        by_column = np.concatenate([np.tile(prices[rows], 2) for rows in self.rows_of])
        self._lp.set_costs(columns, by_column)
        self._lp.set_uppers(columns, np.full(columns.size, np.inf if free else 0.0))


def _segments(programme: LinearProgramme, instance: Instance, hours: HoursColumns) -> Segments:
    """Add the curves, for limits on what is claimed."""
    curves = curves_of(instance)
    breakpoints = first_breakpoints(curves, instance.response)
    dose = hours.dose_entries(curves)
    return Segments(programme, curves, instance, breakpoints, dose=dose, scale=1.0, aimed_at=False)


def _elastic_entries(limit: Limit, short: Positions, unit: Positions) -> tuple[Entries, ...]:
    """Let each row fall short or go over, and the whole figure be relaxed, where its sense allows.

    An equation's figure may be raised or lowered.
    """
    rows = np.arange(limit.bound.size)
    below, above = short.reshape(2, -1)
    up = 0.0 if limit.sense is Sense.AT_MOST else 1.0
    down = 0.0 if limit.sense is Sense.AT_LEAST else -1.0
    return (
        (rows, below, np.full(rows.size, up)),
        (rows, above, np.full(rows.size, down)),
        (rows, np.full(rows.size, unit[0]), -limit.step),
        (rows, np.full(rows.size, unit[1]), limit.step if limit.sense is Sense.EXACTLY else np.zeros(rows.size)),
    )


def hours_per_unit(limit: Limit) -> Array:
    """Return how many hours one unit of each row is: rows in pounds, or per person, count by their mean coefficient.

    A row of a ward's share is in hours: one of them moved to another ward is one less.

    Args:
        limit: A limit on hours; a limit on what is claimed counts 1 for each unit of harm.

    Returns:
        Shape (N,).
    """
    counts = np.diff(limit.hours.indptr)
    if limit.weighs_hours_against_others:
        return np.ones(counts.size)
    totals = np.asarray(abs(limit.hours).sum(axis=1)).reshape(-1)
    return np.asarray(np.divide(counts, totals, out=np.ones(counts.size), where=totals > 0))
