"""Limits on the hours of a plan: each one figure of the request, as rows of the programme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardcast_models.allocation.arrays import Array, Positions


class LimitKind(StrEnum):
    """The limits that a request can set; the value begins the names of their rows."""

    CAPACITY = "capacity"
    SHIFT_CAPACITY = "shift_capacity"
    BUDGET_HOURS = "budget_hours"
    BUDGET_POUNDS = "budget_pounds"
    WARD_MIN = "ward_min"
    WARD_MAX = "ward_max"
    WARD_MAX_SHARE = "ward_max_share"
    ASB_FLOOR = "asb_floor"
    RING_FENCE = "ring_fence"
    LOCKED = "locked"
    STABILITY_MIN = "stability_min"
    STABILITY_MAX = "stability_max"
    PROTECTION = "protection"
    BURDEN = "burden"


class Sense(StrEnum):
    """Which side of a limit a plan has to stay on."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXACTLY = "exactly"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One figure of the request that bounds the plan, in N rows: `hours @ h + avoided @ a` against `bound`.

    h are planned hours and a is the harm that is claimed to be avoided, both flattened from their arrays in C order.

    Attributes:
        kind: Which limit.
        field: Field of the request that holds the figure, for example `limits.ward_max_share`.
        label: What it is called inside a sentence, for example `the ward minimum`.
        figure: The figure, as a person gave it, in `unit`.
        unit: Its unit, for example `hours a month`.
        sense: Side that a plan has to stay on.
        hours: Coefficients of planned hours, shape (N, W * H * S * R).
        avoided: Coefficients of harm avoided on each curve, shape (N, W * H * S * G), or None where it does not count.
        bound: Right-hand sides, shape (N,).
        step: Change of the right-hand sides when the figure is relaxed by one unit, shape (N,).
        places: Where each row holds, in words, for example `Abbey, 2025-04`; length N.
    """

    kind: LimitKind
    field: str
    label: str
    figure: float
    unit: str
    sense: Sense
    hours: csr_array
    bound: Array
    step: Array
    places: tuple[str, ...]
    avoided: csr_array | None = None

    @property
    def relaxed_by_raising(self) -> bool:
        """Whether a larger figure leaves more room; not told of an equation, which is moved and not relaxed."""
        return self.sense is Sense.AT_MOST or self.kind is LimitKind.STABILITY_MIN

    @property
    def weighs_hours_against_others(self) -> bool:
        """Whether rows weigh some hours against others, as a share does; their bound may then be below 0."""
        return bool(self.hours.data.min(initial=0.0) < 0)

    def breach(self, hours: Array, avoided: Array) -> Array:
        """Return by how much each row is broken, 0 where it is kept.

        Args:
            hours: Planned hours, shape (W, H, S, R).
            avoided: Harm avoided by curve, shape (W, H, S, G).

        Returns:
            Shape (N,), in the unit of the rows.
        """
        used = self.used(hours, avoided)
        over = used - self.bound
        if self.sense is Sense.EXACTLY:
            return np.asarray(np.abs(over))
        return np.asarray(np.maximum(-over if self.sense is Sense.AT_LEAST else over, 0.0))

    def used(self, hours: Array, avoided: Array) -> Array:
        """Return the left-hand side of each row.

        Args:
            hours: Planned hours, shape (W, H, S, R).
            avoided: Harm avoided by curve, shape (W, H, S, G).

        Returns:
            Shape (N,).
        """
        used = self.hours @ hours.reshape(-1)
        if self.avoided is not None:
            used = used + self.avoided @ avoided.reshape(-1)
        return np.asarray(used)

    def only(self, rows: NDArray[np.intp]) -> Limit:
        """Return the limit with some of its rows.

        Args:
            rows: Which, shape (M,).

        Returns:
            A limit of M rows.
        """
        return replace(
            self,
            hours=self.hours[rows],
            avoided=None if self.avoided is None else self.avoided[rows],
            bound=self.bound[rows],
            step=self.step[rows],
            places=tuple(self.places[row] for row in rows.tolist()),
        )


def counts_alike(matrix: csr_array, first: Positions, second: Positions) -> bool:
    """Tell whether a limit's coefficients are the same for two sets of cells.

    Args:
        matrix: Coefficients, shape (N, cells).
        first: Flat positions of some cells.
        second: Flat positions of as many others, in the same order.

    Returns:
        True where no row tells them apart.
    """
    by_column = matrix.tocsc()
    return not abs(by_column[:, first.reshape(-1)] - by_column[:, second.reshape(-1)]).sum() > 0


def rows_of(cells: NDArray[np.bool_], row_of: NDArray[np.intp], n_rows: int, weight: Array | None = None) -> csr_array:
    """Return a matrix whose rows sum chosen cells.

    Args:
        cells: Which cells count, shape (W, H, S, R).
        row_of: Row that each cell counts in, broadcast to the shape of `cells`.
        n_rows: Number of rows N.
        weight: Coefficient of each cell, broadcast to the shape of `cells`; None means 1.

    Returns:
        Shape (N, W * H * S * R).
    """
    chosen = np.nonzero(cells.reshape(-1))[0]
    rows = np.broadcast_to(row_of, cells.shape).reshape(-1)[chosen]
    values = np.ones(chosen.size) if weight is None else np.broadcast_to(weight, cells.shape).reshape(-1)[chosen]
    return csr_array((values, (rows, chosen)), shape=(n_rows, cells.size))
