"""The sample's MPS ward releases: an all-months historical file and a most-recent-24-months file.

Like the real ones they differ in column order, letter case and labels, and carry quirks that a reader has to stand:
stalking and harassment is split out in the historical file only, residential burglary is relabelled in 2023, and the
24-month file starts with a 25th column of left-over rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.tables import packaged_rows
from wardcast_models.sample.place import AREA_NAME, PACKAGE
from wardcast_models.sample.process import SampleTruth

HISTORICAL_FILE = "MPS Ward Level Crime (Historical) SYNTHETIC.csv"
RECENT_FILE = "MPS Ward Level Crime (most recent 24 months) SYNTHETIC.csv"
RECENT_MONTHS = 24

HISTORICAL_LAG_MONTHS = 13
"""The historical file ends this many months before the last one."""

BURGLARY_RELABELLED = pd.Timestamp("2023-05-01")
"""First month of the new labels of residential burglary."""

_LEFT_OVER_ROWS = 2

Minors = dict[tuple[str, str], NDArray[np.int64]]
"""Counts by major and minor label, each of shape (W, T)."""


def release_files(truth: SampleTruth) -> dict[str, str]:
    """Return the two releases.

    Args:
        truth: The sample.

    Returns:
        Text by file name.
    """
    historical, recent = release_minors(truth)
    last = len(truth.months) - HISTORICAL_LAG_MONTHS
    return {
        HISTORICAL_FILE: _historical_text(truth, historical, last),
        RECENT_FILE: _recent_text(truth, recent, len(truth.months) - RECENT_MONTHS),
    }


def release_minors(truth: SampleTruth) -> tuple[Minors, Minors]:
    """Split the counts over the labels of the two releases; the same truth gives the same split.

    Args:
        truth: The sample.

    Returns:
        Counts by label of the historical and of the recent release, all months.
    """
    rng = np.random.default_rng([truth.seed, 1])
    historical: Minors = {}
    recent: Minors = {}
    for category in truth.categories:
        labels = [row for row in packaged_rows("labels.csv", package=PACKAGE) if row["category"] == category]
        if labels:
            counts = truth.counts[:, truth.categories.index(category)]
            for row, values in zip(labels, _split(rng, counts, labels, truth.months), strict=True):
                historical[row["major"], row["minor"]] = values
                label = (row["major"].title(), row["recent_minor"].title())
                recent[label] = recent.get(label, 0) + values
    return historical, recent


def _split(
    rng: np.random.Generator, counts: NDArray[np.int64], labels: list[dict[str, str]], months: pd.DatetimeIndex
) -> list[NDArray[np.int64]]:
    """Split a category's counts (W, T) over its labels; what comes out adds up to what went in."""
    before, after = (
        np.array([float(row[column]) for row in labels]) for column in ("share_to_2023_04", "share_from_2023_05")
    )
    parts = np.concatenate(
        [
            rng.multinomial(counts[:, months < BURGLARY_RELABELLED], before),
            rng.multinomial(counts[:, months >= BURGLARY_RELABELLED], after),
        ],
        axis=1,
    )  # (W, T, labels)
    return [parts[:, :, label] for label in range(len(labels))]


def _historical_text(truth: SampleTruth, minors: Minors, n_months: int) -> str:
    """Return the historical release; rows without a crime are left out, as in the real one."""
    lines = [["WardName", "WardCode", "MajorText", "MinorText", "LookUp_BoroughName"]]
    lines[0] += list(truth.months[:n_months].strftime("%Y%m"))
    for row, (code, name) in enumerate(zip(truth.ward_codes, truth.ward_names, strict=True)):
        for (major, minor), counts in minors.items():
            values = counts[row, :n_months]
            if values.any():
                lines.append([name, code, major, minor, AREA_NAME, *map(str, values)])
    return _text(lines)


def _recent_text(truth: SampleTruth, minors: Minors, first: int) -> str:
    """Return the 24-month release, led by a month that is left over."""
    lines = [["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName"]]
    lines[0] += list(truth.months[first - 1 :].strftime("%Y%m"))
    for (major, minor), counts in minors.items():
        for row, (code, name) in enumerate(zip(truth.ward_codes, truth.ward_names, strict=True)):
            values = counts[row, first:]
            if values.any():
                left_over = "1" if len(lines) <= _LEFT_OVER_ROWS else "0"
                lines.append([major, minor, name, code, AREA_NAME, left_over, *map(str, values)])
    return _text(lines)


def _text(lines: list[list[str]]) -> str:
    return "".join(",".join(line) + "\n" for line in lines)
