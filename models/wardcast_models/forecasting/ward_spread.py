"""How far ward counts scatter below their pool: by borough, by ward and by single month, learned from past origins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.band_width import band_factors, ward_factors

SMALLEST_VARIANCE = 1e-4
"""No ward or month is taken to be surer than this (1 %)."""

_SPREAD_OF_PLACES = 0.5
"""Boroughs' variances differ from the pool's, and wards' from their borough's, by about half of it (assumed)."""
_LEAST_OWN_PART = 0.1
"""A ward's own variance is never cut to less than a tenth of what moments say."""
_OVERLAP = 2.0
"""Origins half a year apart share half of the year that follows, so they count for half as many."""


@dataclass(frozen=True, kw_only=True)
class WardSpread:
    """Relative variances of one category below the pool (see `spread.Spread`), for W wards.

    Attributes:
        borough: Of a borough's share of the pool over the months ahead.
        ward: Of a ward's share of its borough over the months ahead, shape (W,).
        month: Dispersion of a single ward and month, shape (W,).
    """

    borough: float
    ward: NDArray[np.float64]
    month: NDArray[np.float64]

    def of_wards(self, rows: NDArray[np.intp]) -> WardSpread:
        """Return the spread of some of the wards.

        Args:
            rows: Their positions.
        """
        return WardSpread(borough=self.borough, ward=self.ward[rows], month=self.month[rows])

    @property
    def total(self) -> NDArray[np.float64]:
        """Relative variance of a ward's month, all parts together, shape (W,)."""
        return self.borough + self.ward + self.month

    def widened(self, factor: NDArray[np.float64]) -> WardSpread:
        """Return the spread with the total of each ward multiplied by a factor, shape (W,).

        The borough's part, which all its wards share, is left as it is, and the rest makes up for it as far as it can.
        """
        own = self.ward + self.month
        scale = np.maximum(factor * self.total - self.borough, _LEAST_OWN_PART * own) / own
        return WardSpread(borough=self.borough, ward=scale * self.ward, month=scale * self.month)


@dataclass(frozen=True, kw_only=True)
class _Sums:
    """Weighted sums over origins, of wards or of groups of wards; all of one shape (N,).

    Attributes:
        each: Squared error of single months less what counting makes of it.
        summed: The same of the year's sum.
        within: Squared expectation of single months.
        between: Squared expectation of the year.
        months: Number of months compared.
        level: Sum of the expectations.
    """

    each: NDArray[np.float64]
    summed: NDArray[np.float64]
    within: NDArray[np.float64]
    between: NDArray[np.float64]
    months: NDArray[np.float64]
    level: NDArray[np.float64]

    def by(self, member: NDArray[np.float64]) -> _Sums:
        """Add up by group, `member` (N, G) saying who belongs where."""
        names = ("each", "summed", "within", "between", "months", "level")
        return _Sums(**{name: getattr(self, name) @ member for name in names})

    def variances(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Solve for the lasting and the month's relative variance, each (N,); 0 where nothing can be said."""
        apart = self.between - self.within
        said = (self.within > 0) & (apart > 0)
        lasting = np.where(said, (self.summed - self.each) / np.where(said, apart, 1.0), 0.0)
        lasting = np.maximum(lasting, 0.0)
        month = np.where(said, self.each / np.where(said, self.within, 1.0) - lasting, 0.0)
        return lasting, np.maximum(month, 0.0)


def ward_spread(
    actual: NDArray[np.float64],
    expected: NDArray[np.float64],
    boroughs: NDArray[np.intp],
    *,
    rows: NDArray[np.intp] | None = None,
) -> WardSpread:
    """Estimate the scatter of ward counts around what past origins expected.

    With r = actual - expected of one origin and ward over K months, E and E2 the sums of the expectation and its
    square, the model says: mean of the summed r^2 is E + (lasting + month) E2, mean of (sum of r)^2 is
    E + lasting E^2 + month E2. Both are solved with weights 1 / E for all wards together, and the borough's part of the
    lasting variance from the borough sums likewise. Each borough's own solution then moves the common one as far as
    its counts are informative, and each ward's that of its borough (normal shrinkage of moments): where crime comes in
    bouts differs from place to place. Last, the width is calibrated by count band (`band_width`), on all wards and
    then on those asked for.

    Args:
        actual: Counts, shape (O, W, K) for O origins; NaN where unknown.
        expected: Expected counts, same shape.
        boroughs: Borough number of each ward, shape (W,).
        rows: Positions of the wards asked for; None for all.

    Returns:
        The relative variances of the wards asked for.
    """
    spread = _of_moments(actual, expected, boroughs)
    factors = band_factors(actual, expected, spread.total)
    if rows is not None and len(rows) < len(boroughs):
        actual, expected, spread = actual[:, rows], expected[:, rows], spread.of_wards(rows)
        factors = band_factors(actual, expected, spread.total, prior=factors)
    return spread.widened(ward_factors(factors, actual, expected))


def _of_moments(actual: NDArray[np.float64], expected: NDArray[np.float64], boroughs: NDArray[np.intp]) -> WardSpread:
    """Estimate the relative variances by moments; arguments as of `ward_spread`."""
    known = ~np.isnan(actual) & ~np.isnan(expected) & (expected > 0)
    mean = np.where(known, expected, 0.0)
    error = np.where(known, actual - mean, 0.0)
    total, squares, error_sum = mean.sum(axis=2), np.square(mean).sum(axis=2), error.sum(axis=2)
    weight = 1.0 / np.maximum(total, 1.0)
    wards = _Sums(
        each=(weight * (np.square(error).sum(axis=2) - total)).sum(axis=0),
        summed=(weight * (np.square(error_sum) - total)).sum(axis=0),
        within=(weight * squares).sum(axis=0),
        between=(weight * np.square(total)).sum(axis=0),
        months=known.sum(axis=(0, 2)).astype(np.float64),
        level=total.sum(axis=0),
    )
    member = np.eye(int(boroughs.max()) + 1)[boroughs]
    lasting, month = (float(one[0]) for one in wards.by(np.ones((len(boroughs), 1))).variances())
    borough = _borough_part(error_sum, total, squares, boroughs, lasting=lasting, month=month)
    n_months = actual.shape[2]
    of_boroughs = _moved(wards.by(member), np.full(member.shape[1], lasting), np.full(member.shape[1], month), n_months)
    of_wards = _moved(wards, of_boroughs[0][boroughs], of_boroughs[1][boroughs], n_months)
    return WardSpread(
        borough=borough,
        ward=np.maximum(of_wards[0] - borough, SMALLEST_VARIANCE),
        month=np.maximum(of_wards[1], SMALLEST_VARIANCE),
    )


def _moved(
    sums: _Sums, lasting: NDArray[np.float64], month: NDArray[np.float64], n_months: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move common variances (N,) towards the places' own, as far as these are informative.

    A single month's squared relative error has the variance 2 (1 / E + month)^2 about its mean, a year's
    2 (1 / 12 E + month / 12 + lasting)^2.
    """
    own_lasting, own_month = sums.variances()
    count = np.maximum(sums.level / np.maximum(sums.months, 1.0), 1e-6)
    n_cells = np.maximum(sums.months / _OVERLAP, 1e-6)
    noise_month = 2.0 * np.square(1.0 / count + month) / n_cells
    noise_lasting = 2.0 * np.square((1.0 / count + month) / n_months + lasting) / (n_cells / n_months)
    return _between(own_lasting, noise_lasting, lasting), _between(own_month, noise_month, month)


def _between(own: NDArray[np.float64], noise: NDArray[np.float64], common: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the posterior mean between a common value and a noisy own one, each (N,)."""
    spread = np.square(_SPREAD_OF_PLACES * common) + 1e-12
    weight = spread / (spread + noise)
    return np.asarray(weight * own + (1.0 - weight) * common)


def _borough_part(
    error_sum: NDArray[np.float64],
    total: NDArray[np.float64],
    squares: NDArray[np.float64],
    boroughs: NDArray[np.intp],
    *,
    lasting: float,
    month: float,
) -> float:
    """Return the part of the lasting variance that all wards of a borough share; arrays are (O, W)."""
    member = np.eye(int(boroughs.max()) + 1)[boroughs]
    error_b, total_b = error_sum @ member, total @ member
    wards_b, squares_b = np.square(total) @ member, squares @ member
    weight = 1.0 / np.maximum(total_b, 1.0)
    excess = (weight * (np.square(error_b) - total_b - lasting * wards_b - month * squares_b)).sum()
    leverage = (weight * (np.square(total_b) - wards_b)).sum()
    return float(np.clip(excess / leverage, 0.0, lasting)) if leverage > 0 else 0.0
