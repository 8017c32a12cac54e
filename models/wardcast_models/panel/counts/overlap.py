"""Overlapping releases laid over one another: each ward and month whole from the first release that has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Release

NO_RELEASE = -1
"""Source of a cell that no release holds."""

REFILED_SHARE = 0.5
"""A category that one release lacks was filed elsewhere in it, where another of its categories is larger than in the
release that lists the category by at least this share of the category's crimes."""


@dataclass(frozen=True, kw_only=True)
class Overlaid:
    """Counts put together from releases. W wards, C categories, T months.

    Attributes:
        counts: Shape (W, C, T); NaN where no release holds the cell.
        source: Which release each cell is from, its place in the order of preference, `NO_RELEASE` where none; int16,
            shape (W, C, T).
    """

    counts: NDArray[np.float64]
    source: NDArray[np.int16]


def overlay(preferred: Sequence[Release], *, shape: tuple[int, int, int], months: pd.DatetimeIndex) -> Overlaid:
    """Take every ward and month whole from the first release that has it.

    A category that this release lacks there is taken from the next that lists it, but only where it was left out. Where
    it was filed under another label, that other category is as much larger than in the release that lists it, and
    taking both would count the crimes twice: such cells stay unobserved.

    Args:
        preferred: Releases on these axes, the one to be preferred first.
        shape: Wards, categories and months.
        months: Month starts without gaps; length T.

    Returns:
        The counts and where each is from.
    """
    counts = np.full(shape, np.nan)
    source = np.full(shape, NO_RELEASE, dtype=np.int16)
    for place, release in enumerate(preferred):
        start = int(months.get_indexer(release.months[:1])[0])
        span = slice(start, start + release.counts.shape[2])
        now, origin = counts[:, :, span], source[:, :, span]
        free = np.isnan(now) & ~np.isnan(release.counts)
        taken = (origin != NO_RELEASE).any(axis=1)
        fill = free & ~taken[:, None, :]
        missing = free & taken[:, None, :]
        for category in np.flatnonzero(missing.any(axis=(0, 2))):
            if not _refiled(now, release.counts, category, missing[:, category]):
                fill[:, category] |= missing[:, category]
        now[fill] = release.counts[fill]
        origin[fill] = place
    return Overlaid(counts=counts, source=source)


def _refiled(
    preferred: NDArray[np.float64], other: NDArray[np.float32], category: np.intp, where: NDArray[np.bool_]
) -> bool:
    """Tell whether crimes of a category that the preferred counts lack stand under another of their categories.

    Args:
        preferred: Counts of shape (W, C, T), NaN in the category where it is missing.
        other: Counts of the release that lists it, same shape.
        category: Its position.
        where: The wards and months where it is missing; shape (W, T).

    Returns:
        Whether another category has grown by at least half of it there.
    """
    crimes = float(other[:, category][where].sum())
    excess = np.moveaxis(preferred - other, 1, 0)[:, where]
    return crimes > 0 and bool((np.nansum(excess, axis=1) >= REFILED_SHARE * crimes).any())
