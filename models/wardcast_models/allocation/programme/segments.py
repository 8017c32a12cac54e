"""The response curves in a linear programme: chords as columns that fill up one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array, Positions
from wardcast_models.allocation.limits.limit import Limit
from wardcast_models.allocation.programme.curves import Curves
from wardcast_models.allocation.programme.hours_columns import Entries, HoursColumns
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.linear_programme import LinearProgramme
from wardcast_models.allocation.response import Response


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Rows of a limit that ask what curves claim: row, curve and coefficient of each entry, and the rows' positions."""

    rows: Positions
    curves: Positions
    values: Array
    programme_rows: Positions


class Segments:
    """The chords of N curves: what their dose claims, in the objective and wherever else it is asked for.

    A column holds the hours of dose within a chord. Where futures differ in their elasticity, a further column holds
    what each curve claims by each part of the response.

    Attributes:
        columns: Columns of the chords, shape (N, K).
        dose_rows: Rows that bound a curve's chords by its dose, shape (N,).
        claims: For each part of the response, the columns with what each curve claims by it, in units of the
            programme's scale, shape (N,); empty without futures.
        curves: The curves.
    """

    def __init__(
        self,
        programme: LinearProgramme,
        curves: Curves,
        instance: Instance,
        breakpoints: Array,
        *,
        dose: Entries,
        scale: float,
        aimed_at: bool = True,
    ) -> None:
        """Add the chords.

        Args:
            programme: The programme.
            curves: The curves.
            instance: The problem.
            breakpoints: Relative doses of each curve, shape (N, K + 1).
            dose: What each hours column adds to the dose of each curve.
            scale: Harm that one unit of the objective stands for.
            aimed_at: Whether claims count in the objective.
        """
        self._programme = programme
        self._instance = instance
        self._scale = scale
        self.curves = curves
        futures = instance.futures
        self._parts: tuple[Response, ...] = () if futures is None else futures.responses
        self._mean_weight = (1.0 if futures is None else 1.0 - futures.weight) * aimed_at
        self._breakpoints = breakpoints
        chords = (curves.size, breakpoints.shape[1] - 1)
        uppers = self._uppers(breakpoints)
        costs = self._costs(breakpoints) if aimed_at and futures is None else np.zeros(uppers.size)
        self.columns = programme.columns(uppers, costs).reshape(chords)
        self._curve_of = np.repeat(np.arange(curves.size), chords[1])
        filled = (self._curve_of, self.columns.reshape(-1), np.ones(uppers.size))
        hours = (dose[0], dose[1], -dose[2])
        none, nothing = np.full(curves.size, -np.inf), np.zeros(curves.size)
        self.dose_rows = programme.rows(none, nothing, filled, hours)
        self.claims: tuple[Positions, ...] = ()
        self._claim_rows: tuple[Positions, ...] = ()
        self._asked: list[_Asked] = []
        if futures is not None:
            self._add_claims(breakpoints)

    def move(self, breakpoints: Array) -> None:
        """Let the chords meet elsewhere.

        Args:
            breakpoints: Relative doses of each curve, in the shape of those before.
        """
        self._breakpoints = breakpoints
        columns = self.columns.reshape(-1)
        self._programme.set_uppers(columns, self._uppers(breakpoints))
        if not self._parts:
            self._programme.set_costs(columns, self._costs(breakpoints))
        for part, rows in zip(self._parts, self._claim_rows, strict=True):
            self._programme.set_coefficients(rows[self._curve_of], columns, -self._worth(part, breakpoints))
        for asked in self._asked:
            rows, columns, values = self._on_chords(asked.rows, asked.curves, asked.values)
            self._programme.set_coefficients(asked.programme_rows[rows], columns, values)

    def add_limit(self, limit: Limit, hours: HoursColumns, *further: Entries) -> tuple[Positions, float]:
        """Add a limit's rows, divided by the programme's scale where they ask what curves claim.

        Args:
            limit: The limit.
            hours: The hours in the programme.
            further: Entries of other columns, in the limit's own unit.

        Returns:
            Positions of the rows, shape (M,), and what they are divided by.
        """
        if limit.avoided is None:
            return hours.add_limit(limit, *further), 1.0
        place = np.ravel_multi_index(self.curves.place, self._instance.value.shape)
        at_curves = limit.avoided.tocsc()[:, place].tocoo()
        rows, curves = (np.asarray(coordinates, dtype=np.intp) for coordinates in at_curves.coords)
        scaled = [(row, column, value / self._scale) for row, column, value in further]
        # By chords even where futures tell parts of the response apart: a part that none of the worst futures has is
        # worth nothing, and what it claims would be left out of the row at no cost.
        on_chords = self._on_chords(rows, curves, at_curves.data)
        added = hours.add_limit(limit, *scaled, on_chords, scale=self._scale)
        self._asked.append(_Asked(rows=rows, curves=curves, values=at_curves.data, programme_rows=added))
        return added, self._scale

    def _on_chords(self, rows: Positions, curves: Positions, values: Array) -> Entries:
        """Return entries of what curves claim as entries of their chords."""
        worth = self._worth(self._instance.response, self._breakpoints).reshape(self.columns.shape)
        n_chords = self.columns.shape[1]
        return (
            np.repeat(rows, n_chords),
            self.columns[curves].reshape(-1),
            (worth[curves] * values[:, None]).reshape(-1),
        )

    def _add_claims(self, breakpoints: Array) -> None:
        """Add a column and a row for what each curve claims by each part of the response."""
        size = self.curves.size
        cost = np.full(size, -self._mean_weight / len(self._parts))
        for part in self._parts:
            columns = self._programme.columns(np.full(size, np.inf), cost)
            claimed = (np.arange(size), columns, np.ones(size))
            chords = (self._curve_of, self.columns.reshape(-1), -self._worth(part, breakpoints))
            rows = self._programme.rows(np.full(size, -np.inf), np.zeros(size), claimed, chords)
            self.claims += (columns,)
            self._claim_rows += (rows,)

    def _uppers(self, breakpoints: Array) -> Array:
        """Return the hours of dose within each chord."""
        return np.asarray((np.diff(breakpoints, axis=1) * self.curves.baseline[:, None]).reshape(-1))

    def _costs(self, breakpoints: Array) -> Array:
        """Return what an hour of dose within each chord costs, which is less than nothing."""
        return -self._worth(self._instance.response, breakpoints)

    def _worth(self, response: Response, breakpoints: Array) -> Array:
        """Return what an hour of dose within each chord claims, in units of the programme's scale."""
        per_hour = self.curves.value / self.curves.baseline / self._scale
        return np.asarray((response.slopes(breakpoints) * per_hour[:, None]).reshape(-1).round(12))
