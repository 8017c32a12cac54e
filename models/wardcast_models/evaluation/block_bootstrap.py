"""Resampling months in blocks, so that errors that follow each other stay together."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def moving_block_weights(n_months: int, *, block_months: int, n_resamples: int, seed: int) -> NDArray[np.float64]:
    """Return how often each month is drawn in every resample of a moving-block bootstrap.

    Blocks of consecutive months are drawn with replacement, every block equally likely, laid end to end and cut to
    the length of the data (Kuensch 1989; Liu and Singh 1992).

    Args:
        n_months: Number of months, M, in order of time.
        block_months: Months of a block.
        n_resamples: Number of resamples, B.
        seed: Seed.

    Returns:
        Weights, shape (B, M); every row adds up to M. With fewer than two blocks of months there is nothing to draw
        from, and no resample: shape (0, M).
    """
    if n_months < 2 * block_months:
        return np.empty((0, n_months))
    n_blocks = -(-n_months // block_months)
    starts = np.random.default_rng(seed).integers(n_months - block_months + 1, size=(n_resamples, n_blocks, 1))
    drawn = (starts + np.arange(block_months)).reshape(n_resamples, -1)[:, :n_months]
    cells = (drawn + n_months * np.arange(n_resamples)[:, None]).reshape(-1)
    return np.bincount(cells, minlength=n_resamples * n_months).reshape(n_resamples, n_months).astype(np.float64)


def interval_ends(
    drawn: NDArray[np.float64], *, level: float = 0.95, n_blocks: float | None = None
) -> tuple[float, float]:
    """Return the ends of a percentile interval.

    Args:
        drawn: A statistic's values over the resamples, shape (B,); NaN where a resample does not give it.
        level: Nominal coverage.
        n_blocks: Number of blocks in the data, for the expanded percentile interval (Hesterberg 2015), which reads
            further out by as much as Student's t for so few blocks is wider than the normal; None for the plain one.

    Returns:
        Lower and upper end; NaN where no resample gives the statistic.
    """
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    tail = (1.0 - level) / 2.0
    if n_blocks is not None:
        tail = float(stats.norm.sf(stats.t.isf(tail, n_blocks - 1.0) * sqrt(n_blocks / (n_blocks - 1.0))))
    lower, upper = np.quantile(known, (tail, 1.0 - tail))
    return float(lower), float(upper)
