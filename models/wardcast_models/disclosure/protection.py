"""Which counts to hide so that no small one can be worked out: first the small ones, then what gives them away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.disclosure.bounds import Ranges, Shown, blocks, feasible_ranges, narrow
from wardcast_models.disclosure.cells import Cells
from wardcast_models.disclosure.pattern import cells_to_hide
from wardcast_models.disclosure.rule import Method, SmallNumberRule


@dataclass(frozen=True, kw_only=True)
class Protection:
    """What is shown of a table, and the proof. N cells.

    Attributes:
        shown: What a reader is told of each cell, were it known which ones are hidden for being small.
        rounded: Whether the cell is shown rounded, shape (N,).
        primary: Hidden or rounded because it is small or sensitive, shape (N,).
        complementary: Hidden because others could be worked out from it, shape (N,).
        ranges: What can be worked out about each cell from all that is shown.
    """

    shown: Shown
    rounded: NDArray[np.bool_]
    primary: NDArray[np.bool_]
    complementary: NDArray[np.bool_]
    ranges: Ranges

    @property
    def narrowest(self) -> float:
        """Width of the narrowest range of a cell that is not shown exactly; infinity where all are."""
        widths = self.ranges.width[self.primary | self.complementary]
        return float(widths.min()) if len(widths) else np.inf


def protect(cells: Cells, rule: SmallNumberRule) -> Protection:
    """Choose what to hide, until every hidden count is uncertain enough.

    A cell that could be worked out too closely gets the cheapest company by which the published sums leave it open
    (`pattern`), until the linear programmes of `bounds` prove the rule kept; then each complement that turns out not to
    be needed is shown again, largest first.

    The proof grants a reader more than the tables do: which cells are hidden for being small, and so lie from 1 to the
    threshold less one, and which sensitive ones are hidden though they are not.

    Args:
        cells: The counts and their sums.
        rule: The rule.

    Returns:
        What to show, with the proven ranges.
    """
    rounding = rule.method is Method.ROUND
    small = (cells.counts > 0) & (cells.counts < rule.threshold)
    primary = cells.sensitive & (np.ones(len(cells), dtype=np.bool_) if rounding else small)
    rounded = primary.copy() if rounding else np.zeros(len(cells), dtype=np.bool_)
    complementary = _complements(cells, rule, primary, rounded)
    complementary = _needed(cells, rule, primary, rounded, complementary)
    shown = _shown(cells, rule, primary, rounded, complementary)
    return Protection(
        shown=shown,
        rounded=rounded,
        primary=primary,
        complementary=complementary,
        ranges=feasible_ranges(cells, shown),
    )


def rounded_to(counts: NDArray[np.float64], base: int) -> NDArray[np.float64]:
    """Return counts to the nearest multiple of a base, halves upwards.

    Args:
        counts: 0 or more, any shape.
        base: At least 1.

    Returns:
        Multiples of the base, of the same shape.
    """
    return np.asarray((2 * counts + base) // (2 * base) * base)


def _shown(
    cells: Cells,
    rule: SmallNumberRule,
    primary: NDArray[np.bool_],
    rounded: NDArray[np.bool_],
    complementary: NDArray[np.bool_],
) -> Shown:
    """Return what a reader is told: the count, nothing, that it is small, or the range behind a rounded figure."""
    low, high = cells.counts.copy(), cells.counts.copy()
    hidden = primary | complementary | cells.unpublished
    least, most = _if_hidden(cells, rule)
    low[hidden], high[hidden] = least[hidden], most[hidden]
    if rule.method is Method.SUPPRESS:
        # counts that were carried by shares are no whole numbers: anything above 0 and below the threshold is small
        low[primary] = 1.0 if cells.are_whole else 0.0
        high[primary] = rule.threshold - (1.0 if cells.are_whole else 0.0)
    figure = rounded_to(cells.counts, rule.rounding_base)
    half = rule.rounding_base / 2
    low[rounded] = np.maximum(figure[rounded] - half, 0.0)
    high[rounded] = figure[rounded] + half
    if cells.are_whole:
        low[rounded], high[rounded] = np.ceil(low[rounded]), np.ceil(high[rounded]) - 1.0
    return Shown(exact=~hidden, low=low, high=high)


def _if_hidden(cells: Cells, rule: SmallNumberRule) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the most that each cell can be, were it hidden as a complement.

    A sensitive one is then known not to be small: it is not below the threshold, and one of 0 would hide nothing.
    """
    told = cells.sensitive & (rule.method is Method.SUPPRESS)
    low = np.where(told & (cells.counts >= rule.threshold), float(rule.threshold), 0.0)
    return low, np.where(told & (cells.counts == 0), 0.0, np.inf)


def _complements(
    cells: Cells, rule: SmallNumberRule, primary: NDArray[np.bool_], rounded: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return what else has to be hidden; `rounded` is cleared where a rounded count has to be hidden altogether."""
    complementary = np.zeros(len(cells), dtype=np.bool_)
    while True:
        shown = _shown(cells, rule, primary, rounded, complementary)
        exposed = narrow(cells, shown, np.flatnonzero(~shown.exact), rule.least_width)
        if not len(exposed):
            return complementary
        if rounded[exposed].any():
            rounded[exposed] = False  # the sums give it away, however it is rounded
            continue
        before = int(complementary.sum()) - int(rounded.sum())
        for cell in exposed:
            shown = _shown(cells, rule, primary, rounded, complementary)
            company = cells_to_hide(cells, shown, int(cell), rule.least_width, _if_hidden(cells, rule))
            if company is None:
                rounded[:] = False  # what rounding tells of others leaves no way
                break
            complementary[company] = True
        if int(complementary.sum()) - int(rounded.sum()) == before:
            raise RuntimeError("nothing is left to hide, and a small count can still be worked out")


def _needed(
    cells: Cells,
    rule: SmallNumberRule,
    primary: NDArray[np.bool_],
    rounded: NDArray[np.bool_],
    complementary: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return the complements without those that can be shown after all; only the block of each is looked at again."""
    kept = complementary.copy()
    shown = _shown(cells, rule, primary, rounded, kept)
    for block in list(blocks(cells, shown, np.flatnonzero(~shown.exact))):
        inside = block.cells
        for cell in sorted(inside[complementary[inside]], key=lambda cell: -cells.counts[cell]):
            trial = kept.copy()
            trial[cell] = False
            tried = _shown(cells, rule, primary, rounded, trial)
            if not len(narrow(cells, tried, inside[~tried.exact[inside]], rule.least_width)):
                kept = trial
    return kept
