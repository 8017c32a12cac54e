"""The linear programme, in PuLP and solved by HiGHS. The only module that imports pulp.

It is posed as a minimisation of residual weighted harm, which keeps one sign for shadow prices, and its objective is
divided by its largest coefficient, so that tolerances mean the same for every harm scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from wardcast_models.allocation.instance import Instance, LimitKind
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.response import Array

LARGE_COLUMNS = 60_000
"""From this many columns the interior-point method is quicker than the simplex method."""

HOLD = 1e-7
"""Share of the objective that the choice among optima may give up."""

CLEAR_REDUCED_COST = 1e-6
"""Scaled reduced costs above this are not solver noise."""

CLOSENESS_RATIOS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0)
"""Breakpoints of the convex distance from the proportional split, as hours over proportional hours."""

_STATUS = {
    pulp.LpSolutionOptimal: SolutionStatus.OPTIMAL,
    pulp.LpSolutionIntegerFeasible: SolutionStatus.FEASIBLE,
    pulp.LpSolutionInfeasible: SolutionStatus.INFEASIBLE,
    pulp.LpSolutionUnbounded: SolutionStatus.UNBOUNDED,
    pulp.LpSolutionNoSolutionFound: SolutionStatus.NOT_SOLVED,
}


@dataclass(frozen=True, kw_only=True)
class Solved:
    """What the solver returned; the arrays are zero unless the status says that there is a solution.

    Attributes:
        status: Outcome, read from `sol_status`.
        avoided: Weighted harm avoided plus presence terms, by the approximated curves.
        hours: Planned hours, shape (W, H, S, R).
        prices: By limit: objective gained per hour of relaxation, at least 0; shape (H, R) for capacity, else (W, H).
    """

    status: SolutionStatus
    avoided: float
    hours: Array
    prices: dict[LimitKind, Array]


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """By how much the limits clash.

    Attributes:
        hours: Least hours a month by which the minimums cannot be met, shape (H,).
        clashing: By limit, where it takes part in the clash; shape (H, R) for capacity, else (W, H).
    """

    hours: Array
    clashing: dict[LimitKind, Array]


class Programme:
    """The programme of one problem with given breakpoints, built once and solved as often as limits change."""

    def __init__(self, instance: Instance, breakpoints: Array, *, time_limit_seconds: float = 120.0) -> None:
        """Build the programme.

        Args:
            instance: The problem.
            breakpoints: Relative doses of each active curve (see `active_curves`), shape (N, K + 1).
            time_limit_seconds: The solver stops here.
        """
        self.instance = instance
        self._frame = _Frame(instance)
        terms = _curve_terms(self._frame, instance, breakpoints) + _presence_terms(self._frame, instance)
        self._scale = max((worth for _, worth in terms), default=0.0) or 1.0
        self._worth = [(variable, round(worth / self._scale, 12)) for variable, worth in terms]
        self._frame.problem.setObjective(
            pulp.LpAffineExpression([(variable, -worth) for variable, worth in self._worth])
        )
        self._solver = _solver(self._frame.columns, time_limit_seconds)
        self._built = False

    def solve(self) -> Solved:
        """Minimise the residual weighted harm.

        Returns:
            The solution.
        """
        self._run()
        return self._read()

    def avoided_with(self, changes: Iterable[tuple[LimitKind, Array]]) -> float | None:
        """Solve again with some limits changed, then put them back.

        Args:
            changes: Each limit with its new hours.

        Returns:
            Weighted harm avoided plus presence terms, or None where the changed limits clash.
        """
        changes = list(changes)
        before = [(kind, self._frame.limit_hours(kind)) for kind, _ in changes]
        self._set(changes)
        self._run()
        solved = self._read()
        self._set(before)
        return solved.avoided if solved.status is SolutionStatus.OPTIMAL else None

    def nearest(self, target: Array) -> Solved:
        """Among the optima just found, take the one nearest to a target; ends this programme's use.

        Resources without any effect are not drawn to their target: they only meet the limits that need them.

        Args:
            target: Hours to stay near, shape (W, H, S, R).

        Returns:
            The solution; `avoided` is what it avoids.
        """
        self._hold_optimum()
        self._frame.problem.setObjective(pulp.LpAffineExpression(self._distance_terms(target)))
        self._built = False
        self._run()
        return self._read()

    def _hold_optimum(self) -> None:
        """Confine the programme to solutions that avoid as much as the one just found.

        By complementary slackness every optimum keeps a column with a reduced cost at its bound, so these are
        fixed; one row holds what the others avoid.
        """
        problem = self._frame.problem
        for column in problem.variables():
            if abs(column.dj) > CLEAR_REDUCED_COST:
                at_most = column.upBound is not None and column.dj < 0
                column.lowBound = column.upBound = column.upBound if at_most else 0.0
        least = sum(column.varValue * worth for column, worth in self._worth)
        free = [(column, worth) for column, worth in self._worth if column.lowBound != column.upBound]
        fixed = sum(column.upBound * worth for column, worth in self._worth if column.lowBound == column.upBound)
        self._frame.row("hold_objective", free, pulp.LpConstraintGE, least - fixed - HOLD * least)

    def _distance_terms(self, target: Array) -> list[tuple[Any, float]]:
        """Add a convex distance from the target for every cell and return its cost terms."""
        ratios = np.array(CLOSENESS_RATIOS)
        middles = np.append((ratios[:-1] + ratios[1:]) / 2, ratios[-1] + 1)
        smallest = max(float(target.mean()), 1.0) * 1e-3
        terms: list[tuple[Any, float]] = []
        for cell, variable in self._frame.hours.items():
            if variable.upBound == 0:
                continue
            size = max(float(target[cell]), smallest)
            slopes = middles - 1.0 if self.instance.has_effect[cell[3]] else middles
            parts = []
            for step, slope in enumerate(slopes):
                room = None if step == len(ratios) - 1 else size * float(ratios[step + 1] - ratios[step])
                part = self._frame.column(f"near_{step:02d}", cell, room)
                parts.append((part, -1.0))
                terms.append((part, float(slope)))
            self._frame.row(f"near_{_key(cell)}", [(variable, 1.0), *parts], pulp.LpConstraintEQ, 0.0)
        return terms

    def _set(self, changes: Iterable[tuple[LimitKind, Array]]) -> None:
        """Change the right-hand sides of limits, in the solver's copy too."""
        for kind, hours in changes:
            for cell, row in self._frame.limits[kind].items():
                row.changeRHS(float(hours[cell]))
                if self._built:
                    low, high = row.getLb(), row.getUb()
                    self._frame.problem.solverModel.changeRowBounds(
                        row.index, -np.inf if low is None else low, np.inf if high is None else high
                    )

    def _run(self) -> None:
        """Solve from scratch, or go on from the last basis when only right-hand sides changed."""
        problem = self._frame.problem
        if not self._built:
            problem.solve(self._solver)
            self._built = True
        else:
            self._solver.callSolver(problem)
            problem.assignStatus(*self._solver.findSolutionValues(problem))

    def _read(self) -> Solved:
        """Read the outcome; values of programmes without a solution are never looked at."""
        frame = self._frame
        status = _STATUS[frame.problem.sol_status]
        hours = np.zeros(self.instance.shape)
        prices = {kind: frame.limit_zeros(kind) for kind in frame.limits}
        if status not in (SolutionStatus.OPTIMAL, SolutionStatus.FEASIBLE):
            return Solved(status=status, avoided=0.0, hours=hours, prices=prices)
        for cell, variable in frame.hours.items():
            hours[cell] = max(variable.varValue, 0.0)
        for kind, rows in frame.limits.items():
            for cell, row in rows.items():
                sign = 1.0 if row.sense == pulp.LpConstraintGE else -1.0
                prices[kind][cell] = max(sign * row.pi * self._scale, 0.0)
        avoided = self._scale * sum(variable.varValue * worth for variable, worth in self._worth)
        return Solved(status=status, avoided=avoided, hours=hours, prices=prices)


def active_curves(instance: Instance) -> tuple[np.ndarray[Any, np.dtype[np.intp]], ...]:
    """Return the indices (ward, month, shift, group) of the curves that can gain anything.

    Args:
        instance: The problem.

    Returns:
        Four arrays of length N.
    """
    reach = np.einsum("wsr,hr,rg->whsg", instance.allowed, instance.capacity, instance.dose_per_hour)
    return np.nonzero((instance.value > 0) & (reach > 0))


def least_shortage(instance: Instance) -> Shortage:
    """Find the least hours by which the minimums cannot be met, and the limits that stand in the way.

    Every minimum may fall short at a price of one per hour; the shadow prices of that relaxation name the clash.

    Args:
        instance: A problem without a solution.

    Returns:
        The shortage by month.
    """
    frame = _Frame(instance, elastic=True)
    frame.problem.setObjective(pulp.LpAffineExpression([(short, 1.0) for short in frame.short.values()]))
    frame.problem.solve(_solver(frame.columns, 120.0))
    hours = np.zeros(len(instance.months))
    for (_, _, month), short in frame.short.items():
        hours[month] += short.varValue
    clashing = {kind: frame.limit_zeros(kind) for kind in frame.limits}
    for kind, rows in frame.limits.items():
        for cell, row in rows.items():
            clashing[kind][cell] = float(abs(row.pi) > 1e-6)
    return Shortage(hours=hours, clashing=clashing)


class _Frame:
    """The hours and the limits, common to every programme of a problem."""

    def __init__(self, instance: Instance, *, elastic: bool = False) -> None:
        self.problem = pulp.LpProblem("allocation", pulp.LpMinimize)
        self.columns = 0
        self.short: dict[tuple[LimitKind, int, int], Any] = {}
        self._instance = instance
        n_wards, n_months, _, n_resources = instance.shape
        self.hours = {
            (ward, month, shift, resource): self.column("hours", (ward, month, shift, resource), None)
            for ward, shift, resource in np.argwhere(instance.allowed).tolist()
            for month in range(n_months)
        }
        self.limits: dict[LimitKind, dict[tuple[int, int], Any]] = {LimitKind.CAPACITY: {}}
        by_capacity: dict[tuple[int, int], list[Any]] = {}
        by_ward: dict[tuple[int, int], list[tuple[int, Any]]] = {}
        for (ward, month, _, resource), variable in self.hours.items():
            by_capacity.setdefault((month, resource), []).append((variable, 1.0))
            by_ward.setdefault((ward, month), []).append((resource, variable))
        for month in range(n_months):
            for resource in range(n_resources):
                name = f"capacity_{_key((month, resource))}_{instance.resources[resource]}_{instance.months[month]}"
                self.limits[LimitKind.CAPACITY][month, resource] = self.row(
                    name,
                    by_capacity.get((month, resource), []),
                    pulp.LpConstraintLE,
                    instance.capacity[month, resource],
                )
        for limit in instance.ward_limits:
            rows = self.limits.setdefault(limit.kind, {})
            sense = pulp.LpConstraintGE if limit.at_least else pulp.LpConstraintLE
            for ward in range(n_wards):
                for month in range(n_months):
                    terms = [(v, 1.0) for r, v in by_ward.get((ward, month), []) if limit.counts[r]]
                    if elastic and limit.at_least:
                        short = self.column(f"short_{limit.kind}", (ward, month), None)
                        self.short[limit.kind, ward, month] = short
                        terms.append((short, 1.0))
                    name = f"{limit.kind}_{_key((ward, month))}_{instance.wards[ward]}_{instance.months[month]}"
                    rows[ward, month] = self.row(name, terms, sense, limit.hours[ward, month])

    def column(self, kind: str, cell: tuple[int, ...], room: float | None) -> Any:
        """Add a column from 0 to `room`."""
        self.columns += 1
        return self.problem.add_variable(f"{kind}_{_key(cell)}", 0.0, room)

    def row(self, name: str, terms: list[tuple[Any, float]], sense: int, rhs: float) -> Any:
        """Add a named row and return it."""
        constraint = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, rhs=float(rhs))
        self.problem.addConstraint(constraint, name)
        return constraint

    def limit_zeros(self, kind: LimitKind) -> Array:
        """Return zeros in the shape of a limit."""
        n_wards, n_months, _, n_resources = self._instance.shape
        return np.zeros((n_months, n_resources) if kind is LimitKind.CAPACITY else (n_wards, n_months))

    def limit_hours(self, kind: LimitKind) -> Array:
        """Return a limit's hours as they now stand in the programme."""
        hours = self.limit_zeros(kind)
        for cell, row in self.limits[kind].items():
            hours[cell] = -row.constant
        return hours


def _curve_terms(frame: _Frame, instance: Instance, breakpoints: Array) -> list[tuple[Any, float]]:
    """Add one dose row and its segments for every active curve; return what a unit of each segment avoids."""
    slopes = instance.response.slopes(breakpoints)
    widths = np.diff(breakpoints, axis=1)
    terms: list[tuple[Any, float]] = []
    for curve, (ward, month, shift, group) in enumerate(zip(*active_curves(instance), strict=True)):
        base = float(instance.baseline[ward, month, shift])
        worth = float(instance.value[ward, month, shift, group]) / base
        row = []
        for segment, (width, slope) in enumerate(
            zip(widths[curve].tolist(), slopes[curve].tolist(), strict=True)
        ):
            if width > 0:
                part = frame.column(f"dose_{segment:02d}", (ward, month, shift, group), width * base)
                row.append((part, 1.0))
                terms.append((part, slope * worth))
        for resource, rate in enumerate(instance.dose_per_hour[:, group].tolist()):
            hours = frame.hours.get((int(ward), int(month), int(shift), resource))
            if rate and hours is not None:
                row.append((hours, -rate))
        frame.row(f"dose_{_key((ward, month, shift, group))}", row, pulp.LpConstraintLE, 0.0)
    return terms


def _presence_terms(frame: _Frame, instance: Instance) -> list[tuple[Any, float]]:
    """Return what a planned hour is worth through its presence alone."""
    return [
        (variable, float(instance.presence_value[shift, resource]))
        for (_, _, shift, resource), variable in frame.hours.items()
        if instance.presence_value[shift, resource] > 0
    ]


def _key(cell: Iterable[int]) -> str:
    """Return a name part that sorts as the cell does."""
    return "_".join(f"{part:03d}" for part in cell)


def _solver(columns: int, time_limit_seconds: float) -> Any:
    """Return the solver: one thread, quiet, interior point for large programmes."""
    method = "simplex"
    return pulp.HiGHS(msg=False, threads=1, timeLimit=time_limit_seconds, solver=method, run_crossover="off" if method=="ipm" else "on")
