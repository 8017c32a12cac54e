"""The same programme written a second time, as the matrices that HiGHS takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.limits.limit import Sense
from wardcast_models.allocation.programme.curves import Curves, curves_of
from wardcast_models.allocation.programme.instance import Futures, Instance
from wardcast_models.allocation.response import Response

INFINITE = np.inf


@dataclass(frozen=True, kw_only=True)
class Direct:
    """What HiGHS found, and what it took.

    Attributes:
        build_seconds: Making the matrices and handing them over.
        solve_seconds: HiGHS's own run.
        avoided: As `Solved.avoided`.
    """

    build_seconds: float
    solve_seconds: float
    avoided: float


def solve_direct(instance: Instance, breakpoints: Array) -> Direct:
    """Build and solve the programme of a problem with given chords; its hours may be any fraction.

    Args:
        instance: The problem.
        breakpoints: Relative doses of each curve, shape (N, K + 1).

    Returns:
        What was found.

    Raises:
        RuntimeError: HiGHS found no optimum.
    """
    started = time.perf_counter()
    curves = curves_of(instance)
    first = curves.value / curves.baseline * instance.response.slope(np.zeros(curves.size))
    matrices = _Matrices(instance, curves, breakpoints, scale=float(first.max()))
    model = matrices.model()
    built = time.perf_counter()
    model.run()
    solved = time.perf_counter()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS by itself says {model.modelStatusToString(model.getModelStatus())}.")
    gained = matrices.without_hours - model.getInfo().objective_function_value
    return Direct(build_seconds=built - started, solve_seconds=solved - built, avoided=matrices.scale * gained)


class _Matrices:
    """Columns in blocks: hours, chords and, with futures, what each part of the response claims, then the worst tenth.

    Attributes:
        scale: Harm that one unit of the objective stands for.
        without_hours: Minimum of the objective where no hours are planned.
    """

    def __init__(self, instance: Instance, curves: Curves, breakpoints: Array, *, scale: float) -> None:
        self.scale, self.without_hours = scale, 0.0
        self._curves, self._breakpoints = curves, breakpoints
        self._cells = np.nonzero(instance.allowed.reshape(-1))[0]
        widths = np.diff(breakpoints, axis=1) * curves.baseline[:, None]
        self._chord_sum = sparse.kron(sparse.eye(curves.size), np.ones((1, widths.shape[1])), format="csr")
        presence = np.broadcast_to(instance.presence_value, instance.shape).reshape(-1)[self._cells]
        mean = self._claimed(instance.response)
        self._costs = [-presence / scale, -np.asarray(mean.sum(axis=0)).reshape(-1)]
        self._uppers = [np.full(self._cells.size, INFINITE), widths.reshape(-1)]
        self._blocks: list[list[Any]] = []
        self._lows: list[Array] = []
        self._highs: list[Array] = []
        if instance.futures is not None:
            self._add_futures(instance.futures)
            n_parts = len(instance.futures.responses)
            mean = sparse.hstack([sparse.eye(curves.size) / n_parts] * n_parts)
        self._add_limits(instance, mean)
        dose = sparse.kron(sparse.eye(np.prod(instance.shape[1:3])), instance.dose_per_hour.T)
        reach = np.eye(instance.shape[0]) if instance.spill is None else np.eye(instance.shape[0]) + instance.spill.T
        dose = sparse.kron(reach, dose, format="csr")[self._flat(instance)][:, self._cells]
        none = np.full(curves.size, -INFINITE)
        self._add(none, np.zeros(curves.size), -dose, self._chord_sum)

    def model(self) -> Any:
        """Return the HiGHS model, with the options that the product sets."""
        matrix = sparse.block_array(self._blocks, format="csc")
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = matrix.shape
        lp.col_cost_, lp.col_upper_ = np.concatenate(self._costs), np.concatenate(self._uppers)
        lp.col_lower_ = np.zeros(matrix.shape[1])
        lp.row_lower_, lp.row_upper_ = np.concatenate(self._lows), np.concatenate(self._highs)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        model = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex"), ("presolve", "off")):
            model.setOptionValue(option, value)
        model.passModel(lp)
        return model

    def _flat(self, instance: Instance) -> Any:
        """Return the flat positions of the curves, shape (N,)."""
        return np.ravel_multi_index(self._curves.place, instance.value.shape)

    def _claimed(self, response: Response) -> Any:
        """Return what an hour of dose within each chord claims, in units of the scale, shape (N, N * K)."""
        per_hour = self._curves.value / self._curves.baseline / self.scale
        return self._chord_sum @ sparse.diags((response.slopes(self._breakpoints) * per_hour[:, None]).reshape(-1))

    def _add(self, low: Array, high: Array, *blocks: Any) -> None:
        """Add rows; blocks that are left out are zero."""
        self._lows.append(low)
        self._highs.append(high)
        self._blocks.append([*blocks, *[None] * (len(self._costs) - len(blocks))])

    def _add_limits(self, instance: Instance, mean: Any) -> None:
        """Add the limits; with futures what is claimed is in the third block of columns, else in the second."""
        between = [None] * (instance.futures is not None)
        for limit in instance.limits:
            unit = 1.0 if limit.avoided is None else self.scale
            low = np.full(limit.bound.size, -INFINITE) if limit.sense is Sense.AT_MOST else limit.bound / unit
            high = np.full(limit.bound.size, INFINITE) if limit.sense is Sense.AT_LEAST else limit.bound / unit
            claims = [] if limit.avoided is None else [limit.avoided[:, self._flat(instance)] @ mean]
            self._add(low, high, limit.hours[:, self._cells] / unit, *(between if claims else []), *claims)

    def _add_futures(self, futures: Futures) -> None:
        """Add claims by part, the threshold and the excesses, and take the mean's cost from the chords."""
        n_futures, n_parts, n_curves = len(futures.value), len(futures.responses), self._curves.size
        most = futures.weight / ((1 - futures.level) * n_futures)
        self._costs[1] = np.zeros_like(self._costs[1])
        self._costs += [
            np.full(n_curves * n_parts, -(1 - futures.weight) / n_parts),
            np.concatenate([[futures.weight], np.full(n_futures, most)]),
        ]
        self._uppers += [np.full(cost.size, INFINITE) for cost in self._costs[2:]]
        claimed = sparse.vstack([self._claimed(part) for part in futures.responses])
        nothing = np.zeros(n_curves * n_parts)
        self._add(np.full(nothing.size, -INFINITE), nothing, None, -claimed, sparse.eye(nothing.size))
        share = futures.value[(slice(None), *self._curves.place)] / self._curves.value
        by_part = [share * (futures.response == part)[:, None] for part in range(n_parts)]
        harm = futures.value.sum(axis=(1, 2, 3, 4)) / self.scale
        excess = sparse.hstack([np.ones((n_futures, 1)), sparse.eye(n_futures)])
        self._add(harm, np.full(n_futures, INFINITE), None, None, sparse.csr_array(np.hstack(by_part)), excess)
        worst = np.sort(harm)[::-1]
        part = np.clip((1 - futures.level) * n_futures - np.arange(n_futures), 0, 1)
        self.without_hours = futures.weight * float(worst @ part) / ((1 - futures.level) * n_futures)
