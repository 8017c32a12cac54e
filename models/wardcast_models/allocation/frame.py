"""Hours and limits in PuLP: what every programme of a problem has in common.

With `programme` the only module that imports pulp.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pulp

from wardcast_models.allocation.instance import Instance, LimitKind, WardLimit
from wardcast_models.allocation.response import Array

TIME_LIMIT_SECONDS = 60.0
"""A solve stops here; what it then has counts only if it is proven to keep every limit."""


class Frame:
    """The hours and the limits of one problem, with room for an objective.

    Attributes:
        problem: The PuLP problem, a minimisation.
        hours: Planned hours by (ward, month, shift, resource), only where the resource can work.
        limits: The row of each limit by (month, resource) for capacity, else by (ward, month).
        short: In an elastic frame, by how much each minimum falls short, by (kind, ward, month).
    """

    def __init__(self, instance: Instance, *, elastic: bool = False) -> None:
        """Add the hours and the limits.

        Args:
            instance: The problem.
            elastic: Let minimums fall short.
        """
        self.problem = pulp.LpProblem("allocation", pulp.LpMinimize)
        self.short: dict[tuple[LimitKind, int, int], Any] = {}
        self._instance = instance
        n_wards, n_months, _, _ = instance.shape
        self.hours = {
            (ward, month, shift, resource): self.column("hours", (ward, month, shift, resource), None)
            for ward, shift, resource in np.argwhere(instance.allowed).tolist()
            for month in range(n_months)
        }
        self.limits: dict[LimitKind, dict[tuple[int, int], Any]] = {LimitKind.CAPACITY: self._capacity_rows()}
        by_ward: dict[tuple[int, int], list[tuple[int, Any]]] = {}
        for (ward, month, _, resource), variable in self.hours.items():
            by_ward.setdefault((ward, month), []).append((resource, variable))
        for limit in instance.ward_limits:
            self.limits[limit.kind] = {
                place: self._ward_row(limit, place, by_ward.get(place, []), elastic=elastic)
                for place in np.ndindex(n_wards, n_months)
            }

    def _capacity_rows(self) -> dict[tuple[int, int], Any]:
        """Add the hours available of each resource in each month."""
        instance = self._instance
        terms: dict[tuple[int, int], list[tuple[Any, float]]] = {}
        for (_, month, _, resource), variable in self.hours.items():
            terms.setdefault((month, resource), []).append((variable, 1.0))
        return {
            (month, resource): self.row(
                f"capacity_{key((month, resource))}_{instance.resources[resource]}_{instance.months[month]}",
                terms.get((month, resource), []),
                pulp.LpConstraintLE,
                float(instance.capacity[month, resource]),
            )
            for month, resource in np.ndindex(instance.capacity.shape)
        }

    def _ward_row(
        self, limit: WardLimit, place: tuple[int, int], hours: list[tuple[int, Any]], *, elastic: bool
    ) -> Any:
        """Add a limit of one ward and month."""
        terms = [(variable, 1.0) for resource, variable in hours if limit.counts[resource]]
        if elastic and limit.at_least:
            short = self.column(f"short_{limit.kind}", place, None)
            self.short[limit.kind, *place] = short
            terms.append((short, 1.0))
        ward, month = place
        return self.row(
            f"{limit.kind}_{key(place)}_{self._instance.wards[ward]}_{self._instance.months[month]}",
            terms,
            pulp.LpConstraintGE if limit.at_least else pulp.LpConstraintLE,
            float(limit.hours[place]),
        )

    def column(self, kind: str, cell: tuple[int, ...], room: float | None) -> Any:
        """Add a column.

        Args:
            kind: First part of its name.
            cell: Last part of its name.
            room: Upper bound, or None; the lower bound is 0.

        Returns:
            The PuLP variable.
        """
        return self.problem.add_variable(f"{kind}_{key(cell)}", 0.0, room)

    def row(self, name: str, terms: list[tuple[Any, float]], sense: int, rhs: float) -> Any:
        """Add a row.

        Args:
            name: Its name, used once.
            terms: Columns with their coefficients.
            sense: PuLP's constant for its sense.
            rhs: Right-hand side.

        Returns:
            The PuLP constraint.
        """
        constraint = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, rhs=float(rhs))
        self.problem.addConstraint(constraint, name)
        return constraint

    def limit_zeros(self, kind: LimitKind) -> Array:
        """Return zeros in the shape of a limit.

        Args:
            kind: The limit.

        Returns:
            Shape (H, R) for capacity, else (W, H).
        """
        n_wards, n_months, _, n_resources = self._instance.shape
        return np.zeros((n_months, n_resources) if kind is LimitKind.CAPACITY else (n_wards, n_months))

    def limit_hours(self, kind: LimitKind) -> Array:
        """Return a limit's hours as they now stand in the programme.

        Args:
            kind: The limit.

        Returns:
            Hours, in the limit's shape.
        """
        hours = self.limit_zeros(kind)
        for cell, row in self.limits[kind].items():
            hours[cell] = -row.constant
        return hours


def key(cell: Iterable[int]) -> str:
    """Return a name part that sorts as the cell does.

    Args:
        cell: Positions.

    Returns:
        The positions with leading zeros.
    """
    return "_".join(f"{part:03d}" for part in cell)


def solver(time_limit_seconds: float = TIME_LIMIT_SECONDS) -> Any:
    """Return the solver: quiet, one thread, dual simplex, no presolve.

    HiGHS checks its time limit in the simplex method but not in presolve, which takes minutes where the hours
    available do not bind; without presolve a solve cannot outlast its limit.

    Measured on a problem of London's size (679 wards, 3 months, 8 resources): 2 to 4 s a solve, and a basis to go on
    from when a limit changes.

    Args:
        time_limit_seconds: It stops here.

    Returns:
        PuLP's HiGHS solver.
    """
    return pulp.HiGHS(msg=False, threads=1, timeLimit=time_limit_seconds, solver="simplex", presolve="off")
