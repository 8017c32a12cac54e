"""Which hidden counts stay uncertain enough, shown by other counts that could just as well be true.

Every set of counts that the published sums allow is a witness for all cells that differ in it. Witnesses are kept: one
that leaves a cell as it is stays one when that cell is shown after all, so most questions need no programme of their
own. Programmes look for the witness that changes few counts, for it is good for longest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from wardcast_models.disclosure.bounds import Block, tidied
from wardcast_models.disclosure.cells import Cells

_TOLERANCE = 1e-6
_OF_OTHERS = 1e-4
"""What it costs that another count changes with the one in question, which gains 1."""


class OtherTruths:
    """Witnesses for one block of hidden cells, found as they are asked for. K cells."""

    def __init__(self, block: Block, cells: Cells, least_width: float) -> None:
        """Start without any.

        Args:
            block: Hidden cells that sums tie together.
            cells: The counts.
            least_width: How uncertain each has to be.
        """
        self._counts = cells.counts[block.cells]
        self._asked = np.flatnonzero(~cells.unpublished[block.cells])
        self._whole = cells.are_whole
        self._least_width = least_width
        matrix = csr_array(block.matrix)
        # the type stubs of linprog know no sparse arrays
        self._matrix: Any = hstack([matrix, -matrix], format="csr")
        self._room = np.maximum(
            np.column_stack([block.limits[:, 1] - self._counts, self._counts - block.limits[:, 0]]), 0.0
        )
        self._shown = np.zeros(len(self._counts), dtype=np.bool_)
        self._found = np.zeros((0, len(self._counts)))

    def show(self, position: int) -> None:
        """Show a cell: it can change no more.

        Args:
            position: Its place in the block.
        """
        self._found = self._found[np.abs(self._found[:, position]) <= _TOLERANCE]
        self._shown[position] = True

    def allows_showing(self, position: int) -> bool:
        """Tell whether every other hidden cell would stay uncertain enough, were one shown.

        Args:
            position: Its place in the block.
        """
        shown = self._shown.copy()
        shown[position] = True
        return next(self._narrow(shown), None) is None

    def narrow(self) -> NDArray[np.intp]:
        """Return the places in the block of the hidden cells that can be worked out too closely."""
        return np.array(list(self._narrow(self._shown)), dtype=np.intp)

    def _narrow(self, shown: NDArray[np.bool_]) -> Iterator[int]:
        """Yield such cells, with some shown that are hidden so far."""
        still = self._found[(np.abs(self._found[:, shown]) <= _TOLERANCE).all(axis=1)]
        lowest = still.min(axis=0, initial=0.0)
        highest = still.max(axis=0, initial=0.0)
        for position in self._asked.tolist():
            if shown[position]:
                continue
            for sign in (1.0, -1.0):
                if not self._is_wide(position, lowest, highest):
                    move = self._farthest(position, sign, shown)
                    self._found = np.vstack([self._found, move])
                    np.minimum(lowest, move, out=lowest)
                    np.maximum(highest, move, out=highest)
            if not self._is_wide(position, lowest, highest):
                yield position

    def _is_wide(self, position: int, lowest: NDArray[np.float64], highest: NDArray[np.float64]) -> bool:
        count = self._counts[position]
        low, high = tidied(count + lowest[position], count + highest[position], whole=self._whole)
        return high - low >= self._least_width - (0.0 if self._whole else _TOLERANCE)

    def _farthest(self, position: int, sign: float, shown: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return changes that the sums allow and that take one count far enough up (sign 1) or down, shape (K,)."""
        room = np.where(shown[:, None], 0.0, self._room)
        ahead, back = (0, 1) if sign > 0 else (1, 0)
        room[position, back] = 0.0
        room[position, ahead] = min(room[position, ahead], self._least_width)
        cost = np.full_like(room, _OF_OTHERS)
        cost[position] = -1.0
        result = linprog(
            cost.T.ravel(),
            A_eq=self._matrix,
            b_eq=np.zeros(self._matrix.shape[0]),
            bounds=np.column_stack([np.zeros(room.size), room.T.ravel()]).tolist(),
            method="highs",
        )
        if result.x is None:
            raise RuntimeError(f"what else could be true could not be worked out: {result.message}")
        up, down = np.split(np.asarray(result.x, dtype=np.float64), 2)
        return up - down
