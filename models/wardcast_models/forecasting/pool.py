"""Pooling: a category's total over many wards, and each ward's slowly moving share of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.scope import SHORTEST_HISTORY_MONTHS

SHARE_MEMORY = 0.03
"""Weight of the newest month in a ward's exponentially weighted share (about three years of memory)."""

BOROUGH_MEMORY = 0.12
"""Weight of the newest month in a borough's share of the pool (about eight months of memory): its counts are large
enough to follow faster. Chosen on origins from 2012 to 2017 over all of London."""

_OF_WARDS, _OF_BOROUGHS = (1e-3, 1e3), (1e-4, 1e3)
"""Least and largest variance of the true ratios to what is expected, among wards and among boroughs."""

LEAST_COVERAGE = 0.75
"""All wards are pooled only where they are observed together in this share of the area's observed months."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """One category pooled over wards, at today's exposure.

    P wards in the pool, T months.

    Attributes:
        rows: Positions of the pool's wards in the panel; length P.
        counts: Counts over exposure index, shape (P, T); NaN in months where the pool is not complete.
        total: Their sum, shape (T,); NaN likewise.
        index: Exposure of each ward and month over that of the last month, shape (P, T).
        boroughs: Borough number of each ward, shape (P,).
    """

    rows: NDArray[np.intp]
    counts: NDArray[np.float64]
    total: NDArray[np.float64]
    index: NDArray[np.float64]
    boroughs: NDArray[np.intp]


def pool_category(
    counts: NDArray[np.float64],
    index: NDArray[np.float64],
    area_rows: NDArray[np.intp],
    boroughs: NDArray[np.intp],
) -> Pool:
    """Pool one category over all wards where they are observed together, else over the area's.

    Counts are divided by the exposure index first: what each month would have been with today's residents. Trend
    and shares are then free of past growth, and only future growth moves the forecast.

    Args:
        counts: Counts of the category, shape (W, T); NaN where unobserved.
        index: Exposure over that of the last month, shape (W, T).
        area_rows: Positions of the area's wards.
        boroughs: Borough number of each ward, shape (W,).

    Returns:
        The pool.
    """
    observed = ~np.isnan(counts)
    rows = area_rows
    complete: NDArray[np.bool_] = np.asarray(observed[area_rows].all(axis=0))
    last = int(np.flatnonzero(complete)[-1])
    everywhere = np.flatnonzero(observed[:, last])
    together: NDArray[np.bool_] = np.asarray(observed[everywhere].all(axis=0))
    enough = max(SHORTEST_HISTORY_MONTHS, LEAST_COVERAGE * complete.sum())
    if len(everywhere) > len(area_rows) and together.sum() >= enough:
        rows, complete = everywhere, together
    at_today = np.where(complete[None, :], counts[rows] / index[rows], np.nan)
    return Pool(rows=rows, counts=at_today, total=at_today.sum(axis=0), index=index[rows], boroughs=boroughs[rows])


def memory_weights(n_months: int, memory: float = SHARE_MEMORY) -> NDArray[np.float64]:
    """Return the exponential weight of each month, the newest 1, shape (T,)."""
    return np.asarray((1.0 - memory) ** np.arange(n_months)[::-1], dtype=np.float64)


def ward_shares(pool: Pool, prior: NDArray[np.float64], n_months: int) -> NDArray[np.float64]:
    """Return each pooled ward's share of the category, as known after the first `n_months` months.

    The weighted counts are a ratio of sums, so that months without any crime do no harm, and are shrunk towards the
    ward's share of all crime by a gamma-Poisson model whose variance is estimated over the wards (empirical Bayes):
    a category too rare to say where it happens happens where crime happens. The boroughs' shares are then brought up
    to date in the same way from their latest months.

    Args:
        pool: The pooled category.
        prior: Share of all crime, shape (P,), adding up to 1.
        n_months: Months to learn from.

    Returns:
        Shares, shape (P,), adding up to 1.
    """
    found = _information(pool, n_months, SHARE_MEMORY)
    relative = _shrunk_ratio(found, prior * found.sum(), *_OF_WARDS)
    shares = prior * relative / (prior @ relative)
    member = np.eye(int(pool.boroughs.max()) + 1)[pool.boroughs]
    lately = member.T @ _information(pool, n_months, BOROUGH_MEMORY)
    shares = shares * _shrunk_ratio(lately, shares @ member * lately.sum(), *_OF_BOROUGHS)[pool.boroughs]
    return np.asarray(shares / shares.sum())


def _information(pool: Pool, n_months: int, memory: float) -> NDArray[np.float64]:
    """Return the wards' weighted counts, shape (P,), in units in which they vary like Poisson counts.

    Weighting shrinks a Poisson sum's variance more than its mean.
    """
    weights = np.where(np.isnan(pool.total[:n_months]), 0.0, memory_weights(n_months, memory))
    return np.asarray(weights.sum() / np.square(weights).sum() * (np.nan_to_num(pool.counts[:, :n_months]) @ weights))


def _shrunk_ratio(
    found: NDArray[np.float64], expected: NDArray[np.float64], least: float, most: float
) -> NDArray[np.float64]:
    """Return counts over what was expected, shrunk towards 1 by a gamma-Poisson model (empirical Bayes).

    Args:
        found: Counts, shape (N,).
        expected: Expected counts, shape (N,), adding up to the same.
        least: Least variance of the true ratios.
        most: Largest such variance.

    Returns:
        Ratios, shape (N,); positive.
    """
    expected = np.maximum(expected, 1e-12)
    variance = (np.square(found - expected) - found).sum() / np.square(expected).sum()
    strength = 1.0 / np.clip(variance, least, most)
    return np.asarray((found + strength) / (expected + strength))
