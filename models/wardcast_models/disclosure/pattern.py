"""What else to hide so that one count stays uncertain: the cheapest other truth that the published sums allow.

A count is uncertain by w where the published sums still hold with it changed by w. Which further counts have to change
with it, at least cost, is a linear programme (Kelly, Golden and Assad 1992, Networks 22(4)); those that do are hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import hstack

from wardcast_models.disclosure.bounds import Shown
from wardcast_models.disclosure.cells import Cells

_TOLERANCE = 1e-6
_OF_HIDDEN = 1e-3
_OF_TOTALS = 4.0
_OF_AREA = 100.0
_PLACES = 24
"""Places that are looked at before all are."""


def cells_to_hide(
    cells: Cells,
    shown: Shown,
    cell: int,
    least_width: float,
    if_hidden: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.intp] | None:
    """Find the cells to hide so that one hidden cell has a range at least so wide.

    The cells of its own smallest sum, in the places where it costs least, are tried first: mostly they will do, and
    they are few. Then all measures of those places, then everything.

    Args:
        cells: The counts and their sums.
        shown: What is shown of each so far.
        cell: The hidden cell.
        least_width: The width asked for.
        if_hidden: The least and the most that each open cell could be, were it hidden, shape (N,) each.

    Returns:
        Positions of open cells; None where what is shown of the hidden ones leaves no way.
    """
    up = min(shown.high[cell] - cells.counts[cell], least_width)
    moves = [move for move in (up, up - least_width) if abs(move) > _TOLERANCE]
    hidden = np.flatnonzero(~shown.exact)
    could_be = Shown(
        exact=shown.exact,
        low=np.where(shown.exact, if_hidden[0], shown.low),
        high=np.where(shown.exact, if_hidden[1], shown.high),
    )
    cost = _cost(cells, shown.exact)
    for among in _places_to_look(cells, hidden, cell, cost):
        patterns = [_cheapest(cells, could_be, among, cell=cell, move=move, cost=cost) for move in moves]
        if all(pattern is not None for pattern in patterns):
            moved = np.concatenate([among[pattern] for pattern in patterns if pattern is not None])
            return np.unique(moved[shown.exact[moved]])
    return None


def _cost(cells: Cells, exact: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return what it costs a reader that each cell is hidden, shape (N,): next to nothing where it is already."""
    cost = 1.0 + np.log1p(cells.counts)
    cost *= np.where(cells.is_total, _OF_TOTALS, 1.0) * np.where(cells.is_whole_area, _OF_AREA, 1.0)
    return np.where(exact, cost, _OF_HIDDEN)


def _places_to_look(
    cells: Cells, hidden: NDArray[np.intp], cell: int, cost: NDArray[np.float64]
) -> Iterator[NDArray[np.intp]]:
    """Yield the cells among which to look, few first, all in the end."""
    places, measures = cells.place_numbers, cells.measure_numbers
    same_slot = cells.slot_numbers == cells.slot_numbers[cell]
    rows = [cells.equations[[row]].indices for row in cells.sums_with[[cell]].indices]
    if rows:
        alike = same_slot & np.isin(measures, measures[min(rows, key=len)])
        by_place = np.bincount(places[alike], cost[alike], minlength=places.max() + 1)
        held = np.unique(places[alike & ~cells.is_whole_area])
        cheapest = held[np.argsort(by_place[held], kind="stable")[:_PLACES]]
        near = np.isin(places, [places[cell], *cheapest]) | cells.is_whole_area
        yield np.union1d(np.flatnonzero(alike & near), hidden)
        yield np.union1d(np.flatnonzero(same_slot & near), hidden)
    yield np.arange(len(cells))


def _cheapest(
    cells: Cells,
    shown: Shown,
    among: NDArray[np.intp],
    *,
    cell: int,
    move: float,
    cost: NDArray[np.float64],
) -> NDArray[np.bool_] | None:
    """Return which of the cells change, at least cost, where one changes by so much; None where it cannot."""
    counts = cells.counts[among]
    most = np.column_stack([shown.high[among] - counts, counts - shown.low[among]])
    least = np.zeros_like(most)
    least[among == cell] = most[among == cell] = max(move, 0.0), max(-move, 0.0)
    matrix = cells.equations[:, among]
    matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
    result = linprog(
        np.concatenate([cost[among], cost[among]]),
        A_eq=hstack([matrix, -matrix], format="csr"),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([least.T.ravel(), most.T.ravel()]).tolist(),
        method="highs",
    )
    if result.x is None:
        return None
    up, down = np.split(np.asarray(result.x), 2)
    return np.asarray(np.abs(up - down) > _TOLERANCE)
