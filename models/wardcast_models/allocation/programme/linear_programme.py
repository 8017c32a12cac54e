"""A linear programme in PuLP, solved by HiGHS: built once from arrays, changed and solved as often as asked.

The only module that imports pulp. PuLP holds the programme and hands it to HiGHS; figures that change between two
solves (costs, bounds, right-hand sides, slopes) are changed in HiGHS's own copy, which then goes on from its last
basis.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from wardcast_models.allocation.arrays import Array, Positions
from wardcast_models.allocation.plan import SolutionStatus

TIME_LIMIT_SECONDS = 60.0
"""A solve stops here; what it then has counts only if it is proven to keep every limit."""

_STATUS = {
    highspy.HighsModelStatus.kOptimal: SolutionStatus.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: SolutionStatus.INFEASIBLE,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: SolutionStatus.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: SolutionStatus.UNBOUNDED,
}


_LOST = (highspy.HighsModelStatus.kUnknown, highspy.HighsModelStatus.kSolveError)
"""Neither an answer nor the end of the time: the solver lost its way."""

Basis = tuple[NDArray[np.int8], NDArray[np.int8]]
"""Which columns and which rows are basic (HiGHS's numbers), to go on from in a programme of the same shape."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a solve found; the arrays are zero unless the status says that there is a solution.

    Attributes:
        status: Outcome, as HiGHS tells it, never from values.
        values: Value of every column.
        row_duals: Change of the minimum per unit of each row's right-hand side; zero with whole columns.
        minimum: Value of the objective.
    """

    status: SolutionStatus
    values: Array
    row_duals: Array
    minimum: float


class _Problem(pulp.LpProblem):  # type: ignore[misc]
    """PuLP's problem, told its variables once: PuLP itself looks for them in every row, several times a solve."""

    def hold(self, variables: list[Any]) -> None:
        """Take the variables, in order."""
        self._variables = variables

    def variables(self) -> list[Any]:
        """Return the variables, in order."""
        return self._variables

    def _add_variables(self, variables: Any) -> None:
        """Look for no variables: `hold` has them all."""


class _Solver(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS, which can go on from a basis."""

    start: Basis | None = None

    def callSolver(self, lp: Any) -> None:  # noqa: N802 - PuLP's name
        """Set the basis, if there is one, and solve."""
        if self.start is not None:
            basis = highspy.HighsBasis()
            basis.col_status, basis.row_status = (
                [highspy.HighsBasisStatus(status) for status in part.tolist()] for part in self.start
            )
            basis.valid = basis.alien = True
            lp.solverModel.setBasis(basis)
        lp.solverModel.run()


class LinearProgramme:
    """A minimisation whose columns are at least 0."""

    def __init__(self, *, time_limit_seconds: float | None = None, relative_gap: float = 0.0) -> None:
        """Begin an empty programme.

        Args:
            time_limit_seconds: A solve stops here; None takes `TIME_LIMIT_SECONDS`.
            relative_gap: With whole columns, how close to the proven best is close enough.
        """
        self._costs: list[Array] = []
        self._uppers: list[Array] = []
        self._whole: list[NDArray[np.bool_]] = []
        self._entries: list[tuple[Positions, Positions, Array]] = []
        self._lows: list[Array] = []
        self._highs: list[Array] = []
        self._n_columns = self._n_rows = 0
        self._highs_model: Any = None
        self._start: Basis | None = None
        self._time_limit_seconds = TIME_LIMIT_SECONDS if time_limit_seconds is None else time_limit_seconds
        self._relative_gap = relative_gap

    def columns(self, upper: Array, cost: Array, *, whole: bool = False) -> Positions:
        """Add columns.

        Args:
            upper: Upper bounds, `inf` for none, shape (n,).
            cost: Costs, shape (n,).
            whole: Only whole numbers are allowed.

        Returns:
            Their positions, shape (n,).
        """
        self._costs.append(np.asarray(cost, dtype=np.float64))
        self._uppers.append(np.asarray(upper, dtype=np.float64))
        self._whole.append(np.full(len(upper), whole))
        first, self._n_columns = self._n_columns, self._n_columns + len(upper)
        return np.arange(first, self._n_columns)

    def rows(self, low: Array, high: Array, *entries: tuple[Positions, Positions, Array]) -> Positions:
        """Add rows `low <= sum of coefficients * columns <= high`, each with one side infinite or both equal.

        Args:
            low: Shape (n,).
            high: Shape (n,).
            entries: Row (0 to n - 1), column and coefficient of entries.

        Returns:
            Their positions, shape (n,).
        """
        first, self._n_rows = self._n_rows, self._n_rows + len(low)
        self._lows.append(np.asarray(low, dtype=np.float64))
        self._highs.append(np.asarray(high, dtype=np.float64))
        self._entries += [(rows + first, columns, values) for rows, columns, values in entries]
        return np.arange(first, self._n_rows)

    def solve(self) -> Outcome:
        """Solve: the first time from scratch, later from the last basis.

        Returns:
            The outcome.
        """
        if self._highs_model is None:
            self._build()
        else:
            self._run()
        if self._highs_model.getModelStatus() in _LOST and not self._is_whole:
            self._run_with_presolve()
        return self._outcome()

    def start_from(self, basis: Basis) -> None:
        """Let the first solve go on from a basis, which need not be complete.

        Args:
            basis: Status of every column and every row.
        """
        self._start = basis

    @property
    def basis(self) -> Basis:
        """The basis of the last solve."""
        basis = self._highs_model.getBasis()
        columns, rows = ([int(status) for status in part] for part in (basis.col_status, basis.row_status))
        return np.array(columns, dtype=np.int8), np.array(rows, dtype=np.int8)

    def set_costs(self, columns: Positions, costs: Array) -> None:
        """Change costs; the programme has been solved before, as for all changes."""
        self._highs_model.changeColsCost(columns.size, columns.astype(np.int32), costs)

    def set_uppers(self, columns: Positions, uppers: Array) -> None:
        """Change upper bounds."""
        self._highs_model.changeColsBounds(columns.size, columns.astype(np.int32), np.zeros(columns.size), uppers)

    def set_row_bounds(self, rows: Positions, low: Array, high: Array) -> None:
        """Change what rows may add up to; both sides may become infinite, which drops the row."""
        self._highs_model.changeRowsBounds(rows.size, rows.astype(np.int32), low, high)

    def set_coefficients(self, rows: Positions, columns: Positions, values: Array) -> None:
        """Change coefficients that the rows already have."""
        for row, column, value in zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True):
            self._highs_model.changeCoeff(row, column, value)

    def _run(self) -> None:
        """Solve again; HiGHS counts its time from the first solve on, so the limit moves with it."""
        model = self._highs_model
        model.setOptionValue("time_limit", model.getRunTime() + self._time_limit_seconds)
        model.run()

    def _run_with_presolve(self) -> None:
        """Solve once more from scratch, simplified first: some programmes at the edge of a clash need it."""
        model = self._highs_model
        model.clearSolver()
        model.setOptionValue("presolve", "on")
        self._run()
        model.setOptionValue("presolve", "off")

    def _build(self) -> None:
        """Write the programme in PuLP and let it be solved."""
        problem: Any = _Problem("allocation", pulp.LpMinimize)
        variables = self._variables(problem)
        problem.hold(variables)
        costs = np.concatenate(self._costs).tolist()
        problem.setObjective(pulp.LpAffineExpression(dict(zip(variables, costs, strict=True))))
        low, high = np.concatenate(self._lows), np.concatenate(self._highs)
        matrix = self._matrix()
        columns = [variables[column] for column in matrix.indices.tolist()]
        values = matrix.data.tolist()
        starts = pairwise(matrix.indptr.tolist())
        for row, ((start, end), least, most) in enumerate(zip(starts, low.tolist(), high.tolist(), strict=True)):
            sense, right = _sense(least, most)
            expression = pulp.LpAffineExpression(dict(zip(columns[start:end], values[start:end], strict=True)))
            problem.addConstraint(pulp.LpConstraint(expression, sense, rhs=right), f"r{row:07d}")
        problem.solve(self._solver())
        self._highs_model = problem.solverModel

    def _variables(self, problem: Any) -> list[Any]:
        """Return PuLP's variables, named so that PuLP, which sorts by name, keeps them in their order."""
        uppers, whole = np.concatenate(self._uppers).tolist(), np.concatenate(self._whole).tolist()
        return [
            problem.add_variable(
                f"c{column:07d}",
                0.0,
                None if upper == np.inf else upper,
                cat=pulp.LpInteger if integer else pulp.LpContinuous,
            )
            for column, (upper, integer) in enumerate(zip(uppers, whole, strict=True))
        ]

    def _matrix(self) -> csr_array:
        """Return the coefficients by row."""
        if not self._entries:
            return csr_array((self._n_rows, self._n_columns))
        rows, columns, values = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        return coo_array((values, (rows, columns)), shape=(self._n_rows, self._n_columns)).tocsr()

    def _solver(self) -> Any:
        """Return PuLP's HiGHS: quiet, one thread; for plain programmes dual simplex without presolve.

        HiGHS checks its time limit in the simplex method but not in presolve, which takes minutes where the hours
        available do not bind; without presolve a solve cannot outlast its limit.
        """
        options: dict[str, Any] = {} if self._is_whole else {"solver": "simplex", "presolve": "off"}
        solver = _Solver(msg=False, threads=1, timeLimit=self._time_limit_seconds, gapRel=self._relative_gap, **options)
        solver.start = self._start
        return solver

    @property
    def _is_whole(self) -> bool:
        """Whether any column has to be whole."""
        return any(whole.any() for whole in self._whole)

    def _status(self) -> SolutionStatus:
        """Read the status; HiGHS does not look at the rows of a programme without columns."""
        found = self._highs_model.getModelStatus()
        if found == highspy.HighsModelStatus.kModelEmpty:
            rows = self._highs_model.getLp()
            kept = (np.array(rows.row_lower_) <= 0).all() and (np.array(rows.row_upper_) >= 0).all()
            return SolutionStatus.OPTIMAL if kept else SolutionStatus.INFEASIBLE
        return _STATUS.get(found, SolutionStatus.NOT_SOLVED)

    def _outcome(self) -> Outcome:
        """Read the outcome; values of programmes without a solution are never looked at."""
        model = self._highs_model
        info, solution = model.getInfo(), model.getSolution()
        status = self._status()
        if status is SolutionStatus.NOT_SOLVED and info.primal_solution_status == int(highspy.kSolutionStatusFeasible):
            status = SolutionStatus.FEASIBLE
        if not status.has_solution:
            nothing, no_duals = np.zeros(self._n_columns), np.zeros(self._n_rows)
            return Outcome(status=status, values=nothing, row_duals=no_duals, minimum=0.0)
        return Outcome(
            status=status,
            values=np.maximum(np.array(solution.col_value), 0.0),
            row_duals=np.zeros(self._n_rows) if self._is_whole else np.array(solution.row_dual),
            minimum=float(info.objective_function_value),
        )


def _sense(low: float, high: float) -> tuple[int, float]:
    """Return PuLP's sense and right-hand side of a row."""
    if low == high:
        return pulp.LpConstraintEQ, low
    return (pulp.LpConstraintLE, high) if low == -np.inf else (pulp.LpConstraintGE, low)
