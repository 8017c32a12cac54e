"""What somebody who knows everything published can still work out about a hidden count: its feasible range.

The range is found by two linear programmes a cell: the smallest and the largest value it can have, given that all
counts are 0 or more and that every published sum holds (the attacker's problem of complementary suppression: Fischetti
and Salazar-González 2001, Management Science 47(7)). Hidden cells that no chain of sums ties together are solved apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from wardcast_models.disclosure.cells import Cells

_TOLERANCE = 1e-6
_BEYOND = 1e7
"""More than any published count: a hidden cell that can be this large is limited by nothing published."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a reader is told of each cell. N cells.

    Attributes:
        exact: Whether the count itself is shown, shape (N,).
        low: Least value that the cell can have by what is shown of it alone, shape (N,); the count where exact.
        high: Largest such value, infinity where nothing is shown, shape (N,); the count where exact.
    """

    exact: NDArray[np.bool_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """Feasible values of every cell, shape (N,) each; whole numbers where the counts are.

    Attributes:
        low: The smallest.
        high: The largest; infinity where nothing bounds it.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def width(self) -> NDArray[np.float64]:
        """Largest minus smallest, shape (N,)."""
        return self.high - self.low


@dataclass(frozen=True, kw_only=True)
class Block:
    """Hidden cells that published sums tie together: K cells, R sums.

    Attributes:
        cells: Their positions, shape (K,).
        matrix: Shape (R, K).
        constants: What each sum leaves for the hidden cells, shape (R,).
        limits: Least and largest value of each cell by what is shown of it alone, shape (K, 2).
    """

    cells: NDArray[np.intp]
    matrix: NDArray[np.float64]
    constants: NDArray[np.float64]
    limits: NDArray[np.float64]


def feasible_ranges(cells: Cells, shown: Shown) -> Ranges:
    """Work out every cell's feasible range from all that is shown.

    Args:
        cells: The counts and their sums.
        shown: What is shown of each.

    Returns:
        The ranges; exact cells have width 0.
    """
    low, high = shown.low.copy(), shown.high.copy()
    for block in blocks(cells, shown, np.flatnonzero(~shown.exact)):
        for position, cell in enumerate(block.cells):
            if not cells.unpublished[cell]:
                ends = [_solved(block, position, sign)[position] for sign in (1.0, -1.0)]
                low[cell], high[cell] = tidied(ends[0], ends[1], whole=cells.are_whole)
    return Ranges(low=low, high=high)


def blocks(cells: Cells, shown: Shown, among: NDArray[np.intp]) -> Iterator[Block]:
    """Yield the hidden cells in the blocks that sums tie together; cells that no sum holds are in none.

    Args:
        cells: The counts and their sums.
        shown: What is shown of each.
        among: Hidden cells, with all hidden ones that sums tie to them.

    Yields:
        Blocks.
    """
    matrix = cells.equations[:, among]
    rows = np.flatnonzero(np.diff(matrix.indptr))
    matrix = matrix[rows]
    constants = -(cells.equations[rows] @ np.where(shown.exact, cells.counts, 0.0))
    limits = np.column_stack([shown.low[among], np.minimum(shown.high[among], _BEYOND)])
    number, labels = connected_components(abs(matrix).T @ abs(matrix), directed=False)
    row_labels = labels[matrix.indices[matrix.indptr[:-1]]]
    for label in range(number):
        inside, tied = np.flatnonzero(labels == label), np.flatnonzero(row_labels == label)
        if len(tied):
            part = matrix[tied][:, inside].toarray()
            yield Block(cells=among[inside], matrix=part, constants=constants[tied], limits=limits[inside])


def _solved(block: Block, position: int, sign: float) -> NDArray[np.float64]:
    """Return counts that could be true with one cell as small (sign 1) or as large (sign -1) as can be, shape (K,)."""
    cost = np.zeros(len(block.cells))
    cost[position] = sign
    limits = [(float(low), float(high)) for low, high in block.limits]
    result = linprog(cost, A_eq=block.matrix, b_eq=block.constants, bounds=limits, method="highs")
    if result.x is None:
        raise RuntimeError(f"the range of a hidden cell could not be worked out: {result.message}")
    return np.asarray(result.x, dtype=np.float64)


def tidied(low: float, high: float, *, whole: bool) -> tuple[float, float]:
    """Return the ends of a range without the solver's last digits, as whole numbers where counts are.

    Args:
        low: Smallest value found.
        high: Largest.
        whole: Whether counts are whole numbers.

    Returns:
        Smallest and largest; infinity where nothing bounds it.
    """
    if whole:
        low, high = float(np.ceil(low - _TOLERANCE)) + 0.0, float(np.floor(high + _TOLERANCE)) + 0.0
    return low, np.inf if high >= _BEYOND - 1.0 else high
