"""Planned hours as columns of a linear programme, and the limits on them as its rows."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array

from wardcast_models.allocation.arrays import Array, Positions
from wardcast_models.allocation.limits.limit import Limit, Sense
from wardcast_models.allocation.programme.curves import Curves
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.linear_programme import LinearProgramme

Entries = tuple[Positions, Positions, Array]
"""Row, column and coefficient of entries."""


class HoursColumns:
    """The hours of one problem in a linear programme: columns for each cell where a resource can work.

    A cell has one column, or several pieces that fill up one after the other where hours cost more the more there are.
    With whole units a column counts units, else hours.

    Attributes:
        cells: Flat positions in (W, H, S, R) of the cells, shape (n,).
        columns: Positions of the columns in the programme, shape (P, n).
        per_column: Hours of one unit of each cell's columns, shape (n,).
    """

    def __init__(
        self, programme: LinearProgramme, instance: Instance, cost_per_hour: Array, *, uppers: Array | None = None
    ) -> None:
        """Add the columns.

        Args:
            programme: The programme.
            instance: The problem.
            cost_per_hour: Cost of a planned hour in each piece of each cell, shape (P, n).
            uppers: Hours within each piece, same shape; None for a single piece without end.
        """
        self._programme = programme
        self._instance = instance
        self.cells = open_cells(instance)
        units = instance.unit_hours
        self.per_column = np.ones(self.cells.size) if units is None else units[self.cells % instance.shape[3]]
        cost = np.broadcast_to(cost_per_hour, (len(cost_per_hour), self.cells.size)) * self.per_column
        upper = np.full(cost.shape, np.inf) if uppers is None else uppers / self.per_column
        self.columns = programme.columns(upper.reshape(-1), cost.reshape(-1), whole=units is not None).reshape(
            cost.shape
        )
        self._position_of = np.full(instance.allowed.size, -1, dtype=np.intp)
        self._position_of[self.cells] = np.arange(self.cells.size)

    def add_limit(self, limit: Limit, *further: Entries, scale: float = 1.0) -> Positions:
        """Add a limit's rows.

        Args:
            limit: The limit.
            further: Entries of other columns, already divided by the scale.
            scale: What the rows are divided by.

        Returns:
            Positions of the rows, shape (N,).
        """
        # Rounded, so that the unit of harm leaves no trace.
        low, high = sides(limit.sense, (limit.bound / scale).round(9))
        return self._programme.rows(low, high, self._entries(limit.hours.tocoo(), scale), *further)

    def sum_entries(self, weights: Array) -> Entries:
        """Return entries of one row that sums hours by weights.

        Args:
            weights: Shape (W, H, S, R).

        Returns:
            The entries, all in row 0.
        """
        return self._entries(coo_array(weights.reshape(1, -1)), 1.0)

    def dose_entries(self, curves: Curves) -> Entries:
        """Return what each column adds to the dose of each curve.

        Args:
            curves: The curves.

        Returns:
            Curve (0 to N - 1), column, and effective delivered hours per unit of the column.
        """
        instance = self._instance
        ward, month, shift, group = curves.place
        rows, cells, rates = [], [], []
        for source, curve, part in _sources(instance, ward):
            for resource, by_group in enumerate(instance.dose_per_hour):
                rate = by_group[group[curve]] * part
                touched = np.nonzero(rate > 0)[0]
                chosen = curve[touched]
                place = (source[touched], month[chosen], shift[chosen], np.full(touched.size, resource))
                rows.append(chosen)
                cells.append(np.ravel_multi_index(place, instance.shape))
                rates.append(rate[touched])
        flat = coo_array(
            (np.concatenate(rates), (np.concatenate(rows), np.concatenate(cells))),
            shape=(curves.size, instance.allowed.size),
        )
        return self._entries(flat, 1.0)

    def read(self, values: Array) -> Array:
        """Return the hours in a programme's values.

        Args:
            values: Value of every column of the programme.

        Returns:
            Planned hours, shape (W, H, S, R).
        """
        hours = np.zeros(self._instance.allowed.size)
        found = values[self.columns].sum(axis=0)
        if self._instance.unit_hours is not None:
            found = np.round(found)
        hours[self.cells] = found * self.per_column
        return hours.reshape(self._instance.shape)

    def _entries(self, matrix: coo_array, scale: float) -> Entries:
        """Return a matrix over cells as entries over the columns there are."""
        rows, cells = (np.asarray(coordinates, dtype=np.intp) for coordinates in matrix.coords)
        at = self._position_of[cells]
        is_open = at >= 0
        rows, at = rows[is_open], at[is_open]
        values = matrix.data[is_open] * self.per_column[at] / scale
        n_pieces = len(self.columns)
        return np.tile(rows, n_pieces), self.columns[:, at].reshape(-1), np.tile(values, n_pieces)


def open_cells(instance: Instance) -> Positions:
    """Return the cells where a resource can work.

    Args:
        instance: The problem.

    Returns:
        Flat positions in (W, H, S, R), shape (n,).
    """
    return np.nonzero(instance.allowed.reshape(-1))[0]


def sides(sense: Sense, bound: Array) -> tuple[Array, Array]:
    """Return the lower and the upper side of rows.

    Args:
        sense: Side that a plan has to stay on.
        bound: Right-hand sides, shape (N,).

    Returns:
        Two arrays of shape (N,), infinite where a row has no such side.
    """
    low = np.full(bound.shape, -np.inf) if sense is Sense.AT_MOST else bound
    high = np.full(bound.shape, np.inf) if sense is Sense.AT_LEAST else bound
    return low, high


def _sources(instance: Instance, ward: Positions) -> list[tuple[Positions, Positions, Array]]:
    """Return the wards whose hours reach each curve's ward: source ward, curve, and part of the dose that arrives."""
    curve = np.arange(ward.size)
    found = [(ward, curve, np.ones(ward.size))]
    if instance.spill is not None:
        sources, targets = np.nonzero(instance.spill)
        for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
            reached = curve[ward == target]
            part = np.full(reached.size, instance.spill[source, target])
            found.append((np.full(reached.size, source), reached, part))
    return found
