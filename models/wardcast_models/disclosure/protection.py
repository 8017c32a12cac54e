"""Which counts to hide so that no small one can be worked out: first the small ones, then what gives them away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.disclosure.bounds import Ranges, Shown, blocks, feasible_ranges
from wardcast_models.disclosure.cells import Cells
from wardcast_models.disclosure.pattern import cells_to_hide
from wardcast_models.disclosure.rule import Method, SmallNumberRule
from wardcast_models.disclosure.truths import OtherTruths
from wardcast_models.errors import ErrorKind, Problem, WardcastError

_TOLERANCE = 1e-6
_MOST_NAMED = 5


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
    (`pattern`), until `truths` finds none any more; then each complement that turns out not to
    be needed is shown again, largest first.

    The proof grants a reader more than the tables do: which cells are hidden for being small, and so lie from 1 to the
    threshold less one, and which sensitive ones are hidden though they are not.

    Args:
        cells: The counts and their sums.
        rule: The rule.

    Returns:
        What to show, with the proven ranges.

    Raises:
        WardcastError: There is no way: nothing may be published.
    """
    rounding = rule.method is Method.ROUND
    small = (cells.counts > 0) & (cells.counts < rule.threshold)
    primary = cells.sensitive & (np.ones(len(cells), dtype=np.bool_) if rounding else small)
    rounded = primary.copy() if rounding else np.zeros(len(cells), dtype=np.bool_)
    complementary = _complements(cells, rule, primary, rounded)
    complementary = _needed(cells, rule, primary, rounded, complementary)
    shown = _shown(cells, rule, primary, rounded, complementary)
    ranges = feasible_ranges(cells, shown)
    too_narrow = np.flatnonzero((primary | complementary) & (ranges.width < rule.least_width - _TOLERANCE))
    if len(too_narrow):
        raise _cannot_be_protected(cells, too_narrow)
    return Protection(shown=shown, rounded=rounded, primary=primary, complementary=complementary, ranges=ranges)


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
    low[hidden], high[hidden] = _as_known(cells, low, high)[:, hidden]
    return Shown(exact=~hidden, low=low, high=high)


def _if_hidden(cells: Cells, rule: SmallNumberRule) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the most that each cell can be, were it hidden as a complement.

    A sensitive one is then known not to be small: it is not below the threshold, and one of 0 would hide nothing.
    """
    told = cells.sensitive & (rule.method is Method.SUPPRESS)
    low = np.where(told & (cells.counts >= rule.threshold), float(rule.threshold), 0.0)
    high = np.where(told & (cells.counts == 0), 0.0, np.inf)
    low, high = _as_known(cells, low, high)
    return low, high


def _as_known(cells: Cells, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ends no wider than earlier publications leave them, shape (2, N)."""
    if cells.earlier is None:
        return np.stack([low, high])
    return np.stack([np.maximum(low, cells.earlier.low), np.minimum(high, cells.earlier.high)])


def _complements(
    cells: Cells, rule: SmallNumberRule, primary: NDArray[np.bool_], rounded: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return what else has to be hidden; `rounded` is cleared where a rounded count has to be hidden altogether."""
    complementary = _hidden_before(cells, primary)
    while True:
        shown = _shown(cells, rule, primary, rounded, complementary)
        exposed = _exposed(cells, shown, rule.least_width)
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
            raise _cannot_be_protected(cells, exposed)


def _hidden_before(cells: Cells, primary: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what is hidden for no other reason than that an earlier publication hid it, shape (N,)."""
    if cells.earlier is None:
        return np.zeros(len(cells), dtype=np.bool_)
    return cells.earlier.hidden & ~primary


def _cannot_be_protected(cells: Cells, exposed: NDArray[np.intp]) -> WardcastError:
    named = cells.names.iloc[exposed[:_MOST_NAMED]].astype(str).to_dict("records")
    places = [
        f"{row['measure']} in {row['ward_code'] or 'the whole area'} ({row['slot'].replace('_', ' ')})" for row in named
    ]
    more = f" and {len(exposed) - len(places):,} more" if len(exposed) > len(places) else ""
    mend = "Raise the threshold or lower least_width in the rule."
    if cells.earlier is not None:
        mend = "What has been published cannot be hidden any more: do not publish these wards again as they are."
    return WardcastError(
        ErrorKind.INFEASIBLE,
        "Nothing was published: a small count could be worked out whatever else is hidden.",
        [
            Problem(
                where="--public",
                expected="a way to hide every small count",
                found=f"none for {', '.join(places)}{more}",
                mend=mend,
            )
        ],
    )


def _exposed(cells: Cells, shown: Shown, least_width: float) -> NDArray[np.intp]:
    """Return the hidden cells that can be worked out too closely."""
    found = [
        block.cells[OtherTruths(block, cells, least_width).narrow()]
        for block in blocks(cells, shown, np.flatnonzero(~shown.exact))
    ]
    return np.concatenate([*found, np.zeros(0, dtype=np.intp)])


def _needed(
    cells: Cells,
    rule: SmallNumberRule,
    primary: NDArray[np.bool_],
    rounded: NDArray[np.bool_],
    complementary: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return the complements without those that can be shown after all, largest first."""
    kept = complementary.copy()
    shown = _shown(cells, rule, primary, rounded, kept)
    for block in blocks(cells, shown, np.flatnonzero(~shown.exact)):
        truths = OtherTruths(block, cells, rule.least_width)
        mine = np.flatnonzero((complementary & ~_hidden_before(cells, primary))[block.cells])
        for position in sorted(mine, key=lambda position: -cells.counts[block.cells[position]]):
            if truths.allows_showing(int(position)):
                truths.show(int(position))
                kept[block.cells[position]] = False
    return kept
