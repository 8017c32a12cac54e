"""The linear programme, in PuLP and solved by HiGHS. With `frame` the only module that imports pulp.

It is posed as a minimisation of residual weighted harm, which keeps one sign for shadow prices, and its objective is
divided by its largest coefficient, so that tolerances mean the same for every harm scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from wardcast_models.allocation.frame import Frame, key, solver
from wardcast_models.allocation.instance import Instance, LimitKind
from wardcast_models.allocation.plan import SolutionStatus
from wardcast_models.allocation.response import SHORTEST_SEGMENT, Array
from wardcast_models.errors import ErrorKind, WardcastError

HOLD = 1e-9
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

    def __init__(self, instance: Instance, breakpoints: Array) -> None:
        """Build the programme.

        Args:
            instance: The problem.
            breakpoints: Relative doses of each active curve (see `active_curves`), shape (N, K + 1).
        """
        self.instance = instance
        self._frame = Frame(instance)
        terms = _curve_terms(self._frame, instance, breakpoints) + _presence_terms(self._frame, instance)
        self._scale = max((worth for _, worth in terms), default=0.0) or 1.0
        self._worth = [(variable, round(worth / self._scale, 12)) for variable, worth in terms]
        self._frame.problem.setObjective(
            pulp.LpAffineExpression([(variable, -worth) for variable, worth in self._worth])
        )
        self._solver = solver()
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
            self._frame.row(f"near_{key(cell)}", [(variable, 1.0), *parts], pulp.LpConstraintEQ, 0.0)
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
            for place, row in rows.items():
                sign = 1.0 if row.sense == pulp.LpConstraintGE else -1.0
                prices[kind][place] = max(sign * row.pi * self._scale, 0.0)
        avoided = self._scale * sum(variable.varValue * worth for variable, worth in self._worth)
        if status is SolutionStatus.FEASIBLE:
            # A search cut short may count doses that its hours do not give.
            avoided = self.instance.avoided(hours)
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
        The shortage by month; none where the limits can be met.

    Raises:
        WardcastError: The solver's time ran out.
    """
    frame = Frame(instance, elastic=True)
    frame.problem.setObjective(pulp.LpAffineExpression([(short, 1.0) for short in frame.short.values()]))
    frame.problem.solve(solver())
    if frame.problem.sol_status != pulp.LpSolutionOptimal:
        raise WardcastError(ErrorKind.INTERNAL, "The time to check the request's limits ran out.")
    hours = np.zeros(len(instance.months))
    for (_, _, month), short in frame.short.items():
        hours[month] += short.varValue
    clashing = {kind: frame.limit_zeros(kind) for kind in frame.limits}
    for kind, rows in frame.limits.items():
        for cell, row in rows.items():
            clashing[kind][cell] = float(abs(row.pi) > 1e-6)
    return Shortage(hours=hours, clashing=clashing)


def _curve_terms(frame: Frame, instance: Instance, breakpoints: Array) -> list[tuple[Any, float]]:
    """Add one dose row and its segments for every active curve; return what a unit of each segment avoids."""
    slopes = instance.response.slopes(breakpoints)
    widths = np.diff(breakpoints, axis=1)
    terms: list[tuple[Any, float]] = []
    for curve, (ward, month, shift, group) in enumerate(zip(*active_curves(instance), strict=True)):
        base = float(instance.baseline[ward, month, shift])
        worth = float(instance.value[ward, month, shift, group]) / base
        row = []
        for segment, (width, slope) in enumerate(zip(widths[curve].tolist(), slopes[curve].tolist(), strict=True)):
            if width > SHORTEST_SEGMENT:
                part = frame.column(f"dose_{segment:02d}", (ward, month, shift, group), width * base)
                row.append((part, 1.0))
                terms.append((part, slope * worth))
        for resource, rate in enumerate(instance.dose_per_hour[:, group].tolist()):
            hours = frame.hours.get((int(ward), int(month), int(shift), resource))
            if rate and hours is not None:
                row.append((hours, -rate))
        frame.row(f"dose_{key((ward, month, shift, group))}", row, pulp.LpConstraintLE, 0.0)
    return terms


def _presence_terms(frame: Frame, instance: Instance) -> list[tuple[Any, float]]:
    """Return what a planned hour is worth through its presence alone."""
    return [
        (variable, float(instance.presence_value[shift, resource]))
        for (_, _, shift, resource), variable in frame.hours.items()
        if instance.presence_value[shift, resource] > 0
    ]
