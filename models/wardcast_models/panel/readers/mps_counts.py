"""Counts of one MPS release by place, analysis category and month."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding
from wardcast_models.panel.readers.mps_months import complete_months
from wardcast_models.panel.readers.mps_rows import MpsRows
from wardcast_models.reference.taxonomy import taxonomy


@dataclass(frozen=True, kw_only=True)
class MpsCounts:
    """Counts of a release. P places, C categories, T complete months.

    Attributes:
        places: Codes, sorted; length P.
        categories: Analysis category ids that the release lists, in taxonomy order; length C.
        months: Month starts, sorted; length T.
        counts: int64, shape (P, C, T).
        dropped: A finding for each month column that was left over or unfinished.
        content_digest: SHA-256 of all this.
    """

    places: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.int64]
    dropped: tuple[Finding, ...]
    content_digest: str


def count(release: MpsRows, places: Sequence[str], categories: NDArray[np.object_]) -> MpsCounts:
    """Sum the rows of a release by place and category.

    Args:
        release: The rows; N of them.
        places: Code of each row's place, "" where the row is not counted; length N.
        categories: Analysis category of each row, None where the row is not counted; length N.

    Returns:
        The counts. Every place is kept, also where none of its rows is counted.
    """
    codes = np.asarray(places, dtype=object)
    counted = np.flatnonzero((codes != "") & (categories != None))  # noqa: E711 - compares element by element
    known = tuple(sorted(set(places) - {""}))
    met = set(categories[counted])
    listed = tuple(category for category in taxonomy() if category in met)
    counts = np.zeros((len(known), len(listed), len(release.months)), dtype=np.int64)
    index = (
        pd.Index(known).get_indexer(pd.Index(codes[counted])),
        pd.Index(listed).get_indexer(pd.Index(categories[counted])),
    )
    np.add.at(counts, index, release.values[counted])
    keep, dropped = complete_months(release.file, release.months, counts.sum(axis=(0, 1)))
    months, counts = release.months[keep], np.ascontiguousarray(counts[:, :, keep])
    names = "|".join((*known, *listed, *months.strftime("%Y-%m")))
    return MpsCounts(
        places=known,
        categories=listed,
        months=months,
        counts=counts,
        dropped=dropped,
        content_digest=hashlib.sha256(names.encode() + counts.astype("<i8").tobytes()).hexdigest(),
    )
