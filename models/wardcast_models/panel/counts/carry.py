"""Counts carried from the wards of one vintage to those of another, in whole numbers that keep every total.

How uncertain a carried count is comes from the packaged `carry_share_error.csv`. `experiments/study_carry.py` measures
and writes that table, on MPS releases of one borough (Barking and Dagenham, 24 months) that were published on both ward
sets; wards of other boroughs may be off by more or less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.tables import packaged_rows

_DECIMALS = 9


@dataclass(frozen=True, kw_only=True)
class CarriedCounts:
    """Counts on other wards. N wards, C categories, T months.

    Attributes:
        ward_codes: The wards that could be carried to, sorted; length N.
        counts: Shape (N, C, T); NaN where a ward that it comes from was not observed.
        relative_sd: Standard deviation of a carried month over its expected count, shape (N, C); 0 where nothing was
            divided.
    """

    ward_codes: tuple[str, ...]
    counts: NDArray[np.float64]
    relative_sd: NDArray[np.float64]


def carry_counts(
    ward_codes: Sequence[str], categories: Sequence[str], counts: NDArray[np.float64], shares: pd.DataFrame
) -> CarriedCounts:
    """Divide each ward's counts over other wards by the shares of its residents.

    Every ward's count of a category and month is kept exactly. What is lost to whole numbers in one month is made good
    in the next, so that a ward with a small share of a rare category gets its part over the months.

    Args:
        ward_codes: Wards of the counts; length W.
        categories: Analysis category ids; length C.
        counts: Counts, shape (W, C, T); NaN where not observed.
        shares: `from_code, to_code, share`: share of `from_code`'s residents who live in `to_code`, adding up to 1.

    Returns:
        The counts on the wards of `to_code` that only receive from wards of the counts.
    """
    position = {code: row for row, code in enumerate(ward_codes)}
    known = shares["from_code"].isin(position)
    partly = set(shares["to_code"][~known])
    targets = sorted(set(shares["to_code"]) - partly)
    row_of = {code: row for row, code in enumerate(targets)}
    carried = np.zeros((len(targets), *counts.shape[1:]))
    expected, variance = np.zeros((2, len(targets), len(categories)))
    for code, group in shares[known].groupby("from_code", sort=True):
        block = counts[position[str(code)]]  # (C, T)
        share = group["share"].to_numpy(dtype=np.float64)
        share = share / share.sum()
        divided, (mean, spread) = _divided(block, share), _spread(block, categories, share)
        for place, target in enumerate(group["to_code"]):
            if target in row_of:
                carried[row_of[target]] += divided[place]
                expected[row_of[target]] += mean[place]
                variance[row_of[target]] += spread[place]
    relative = np.sqrt(variance) / np.where(expected > 0, expected, 1.0)
    return CarriedCounts(ward_codes=tuple(targets), counts=carried, relative_sd=relative)


def _divided(counts: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide whole counts (C, T) by shares (K,) into whole counts (K, C, T), by largest remainders carried forward."""
    if len(share) == 1:
        return counts[None].copy()
    observed = np.where(np.isnan(counts), 0.0, counts)
    result = np.zeros((len(share), *counts.shape))
    owed = np.zeros((len(share), counts.shape[0]))
    for month in range(counts.shape[1]):
        total = observed[:, month]
        wanted = np.round(share[:, None] * total + owed, _DECIMALS)
        result[:, :, month] = given = _whole(wanted, total)
        owed = wanted - given
    result[:, np.isnan(counts)] = np.nan
    return result


def _whole(wanted: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round amounts (K, C) to whole numbers, 0 or more, that add up to the totals (C,); largest remainders first."""
    given = np.floor(np.maximum(wanted, 0.0))
    columns = np.arange(wanted.shape[1])
    while True:
        short = total - given.sum(axis=0)
        if not short.any():
            return given
        gain = np.argmax(wanted - given, axis=0)
        loss = np.argmin(np.where(given > 0, wanted - given, np.inf), axis=0)
        given[gain, columns] += short > 0
        given[loss, columns] -= short < 0


def _spread(
    counts: NDArray[np.float64], categories: Sequence[str], share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and variance (K, C) of a month's carried count of one ward.

    Which of n crimes fell where is multinomial, n s (1 - s); and crime does not follow residents exactly, so that the
    share itself errs by a standard deviation of e times sqrt(s (1 - s)), e measured (see `share_error`).
    """
    observed = np.where(np.isnan(counts), 0.0, counts)
    n_months = np.maximum((~np.isnan(counts)).sum(axis=1), 1)
    monthly = observed.sum(axis=1) / n_months  # (C,)
    squared = (observed**2).sum(axis=1) / n_months
    error = np.array([share_error(category, size) for category, size in zip(categories, monthly, strict=True)])
    return share[:, None] * monthly, (share * (1.0 - share))[:, None] * (monthly + error**2 * squared)


def share_error(category: str, monthly_count: float) -> float:
    """Return how far a ward's share of a category is off its share of residents, over sqrt(s (1 - s)).

    Args:
        category: Analysis category id.
        monthly_count: Mean monthly count of the category in the ward that is divided; it stands in for categories that
            were not measured.

    Returns:
        The error, from `carry_share_error.csv`.
    """
    rows = _share_errors()
    own = [error for name, _, error in rows if name == category]
    return own[0] if own else next(error for name, below, error in rows if not name and monthly_count < below)


@cache
def _share_errors() -> tuple[tuple[str, float, float], ...]:
    """Return category, count below which the row holds, and error; category "" stands for any."""
    return tuple(
        (row["category"], float(row["monthly_count_below"]), float(row["share_error"]))
        for row in packaged_rows("carry_share_error.csv")
    )
