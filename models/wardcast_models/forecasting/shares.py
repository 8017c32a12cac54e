"""Ward shares as known at past origins, and how far the counts that followed scattered around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.pool import Pool, ward_shares
from wardcast_models.forecasting.ward_spread import WardSpread, ward_spread

_CHECK_EVERY_MONTHS = 6
_CHECK_ORIGINS = 12
_CHECK_MONTHS = 12
_FIRST_CHECK_MONTH = 12


@dataclass(frozen=True, kw_only=True)
class KnownShares:
    """Shares of P wards in one category's pool as known at N origins, in time order, the last one now.

    Attributes:
        n_months: Months seen by each origin, shape (N,).
        shares: Shape (N, P); each row adds up to 1.
    """

    n_months: NDArray[np.intp]
    shares: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class AreaShares:
    """Shares of the area's W wards in the pools of C categories.

    Attributes:
        latest: As known now, shape (W, C).
        spread: Scatter of ward counts around the shares known at past origins, given the pool's true total; length C.
    """

    latest: NDArray[np.float64]
    spread: tuple[WardSpread, ...]


def weighted_shares(pool: Pool, prior: NDArray[np.float64]) -> KnownShares:
    """Return exponentially weighted shares (`pool.ward_shares`) at half-yearly origins up to now.

    Args:
        pool: The pooled category.
        prior: Share of all crime, shape (P,), adding up to 1.

    Returns:
        The shares.
    """
    n_months = len(pool.total)
    origins = [n for n in range(n_months, _FIRST_CHECK_MONTH - 1, -_CHECK_EVERY_MONTHS) if _any_seen(pool, n)]
    origins = origins[: _CHECK_ORIGINS + _CHECK_MONTHS // _CHECK_EVERY_MONTHS][::-1]
    return KnownShares(
        n_months=np.array(origins, dtype=np.intp),
        shares=np.stack([ward_shares(pool, prior, n) for n in origins]),
    )


def area_shares(pools: Sequence[Pool], known: Sequence[KnownShares], area_rows: NDArray[np.intp]) -> AreaShares:
    """Take the area's part of every category's shares.

    Args:
        pools: One a category.
        known: The shares of each pool's wards.
        area_rows: Positions of the area's wards in the panel.

    Returns:
        Shares and spread of the area's wards.
    """
    rows = [np.searchsorted(pool.rows, area_rows) for pool in pools]
    return AreaShares(
        latest=np.stack([one.shares[-1, place] for one, place in zip(known, rows, strict=True)], axis=1),
        spread=tuple(_past_spread(pool, one, place) for pool, one, place in zip(pools, known, rows, strict=True)),
    )


def _any_seen(pool: Pool, n_months: int) -> bool:
    """Say whether any of the first months is observed."""
    return not np.isnan(pool.total[:n_months]).all()


def _past_spread(pool: Pool, known: KnownShares, rows: NDArray[np.intp]) -> WardSpread:
    """Compare the counts after past origins with the shares known there, given the pool's true total."""
    complete = known.n_months <= len(pool.total) - _CHECK_MONTHS
    origins = np.flatnonzero(complete & (known.n_months >= _FIRST_CHECK_MONTH))[-_CHECK_ORIGINS:]
    shape = (len(origins), len(pool.rows), _CHECK_MONTHS)
    actual, expected = np.full(shape, np.nan), np.full(shape, np.nan)
    for number, origin in enumerate(origins):
        start = known.n_months[origin]
        ahead = slice(start, start + _CHECK_MONTHS)
        expected[number] = known.shares[origin, :, None] * pool.total[ahead] * pool.index[:, ahead]
        actual[number] = pool.counts[:, ahead] * pool.index[:, ahead]
    return ward_spread(actual, expected, pool.boroughs, rows=rows)
