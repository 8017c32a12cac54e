"""A table to be published: its counts, and the sums by which any of them could be worked out from the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array


@dataclass(frozen=True, kw_only=True)
class Sum:
    """One count that is the sum of others, known to every reader.

    Attributes:
        total: Position of the sum.
        members: Positions of what it is the sum of.
    """

    total: int
    members: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What earlier publications have told. N cells.

    Attributes:
        low: Least value that each cell can have by them, shape (N,).
        high: Largest such value, infinity where they tell none, shape (N,).
        hidden: Whether one of them hid it: it stays hidden, shape (N,).
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    hidden: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Every count that a publication holds. N cells, R sums.

    Attributes:
        names: What each cell is, `measure, ward_code, slot`, one row a cell; `ward_code` is "" for the whole area.
        counts: 0 or more, shape (N,); whole numbers, but for counts carried between wards by shares.
        sensitive: Whether a small count there has to be hidden, shape (N,).
        unpublished: Whether it stands in no table, only in the way of a sum (what a total has beside its parts),
            shape (N,).
        sums: The sums among them.
        earlier: What a reader knows of them already, where earlier publications are taken into account.
    """

    names: pd.DataFrame
    counts: NDArray[np.float64]
    sensitive: NDArray[np.bool_]
    unpublished: NDArray[np.bool_]
    sums: tuple[Sum, ...]
    earlier: Earlier | None = None

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def equations(self) -> csr_array:
        """The sums as rows: 1 for each member, -1 for the total; shape (R, N). Rows times counts are 0."""
        lengths = [len(one.members) + 1 for one in self.sums]
        columns = [cell for one in self.sums for cell in (*one.members, one.total)]
        signs = [sign for one in self.sums for sign in (*[1.0] * len(one.members), -1.0)]
        rows = np.repeat(np.arange(len(self.sums)), lengths)
        return csr_array((signs, (rows, columns)), shape=(len(self.sums), len(self)), dtype=np.float64)

    @cached_property
    def sums_with(self) -> csr_array:
        """For each cell the sums that it is in, shape (N, R)."""
        return self.equations.T.tocsr()

    @cached_property
    def is_total(self) -> NDArray[np.bool_]:
        """Which cells are sums of others, shape (N,)."""
        totals = np.zeros(len(self), dtype=np.bool_)
        totals[[one.total for one in self.sums]] = True
        return totals

    @cached_property
    def is_whole_area(self) -> NDArray[np.bool_]:
        """Which cells are of the whole area, shape (N,)."""
        return (self.names["ward_code"] == "").to_numpy()

    @cached_property
    def measure_numbers(self) -> NDArray[np.intp]:
        """A number for each measure, shape (N,)."""
        return np.asarray(pd.factorize(self.names["measure"])[0])

    @cached_property
    def place_numbers(self) -> NDArray[np.intp]:
        """A number for each ward and the area, shape (N,)."""
        return np.asarray(pd.factorize(self.names["ward_code"])[0])

    @cached_property
    def slot_numbers(self) -> NDArray[np.intp]:
        """A number for each year, shape (N,)."""
        return np.asarray(pd.factorize(self.names["slot"])[0])

    @cached_property
    def are_whole(self) -> bool:
        """Whether every count is a whole number, which a reader then knows."""
        return bool(np.array_equal(self.counts, np.rint(self.counts)))
