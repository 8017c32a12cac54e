"""Log-linear models of many monthly count series at once, honest about overdispersion and autocorrelation.

Each series is fitted by quasi-likelihood with the Poisson variance function. Its standard errors are scaled by its
dispersion (Pearson) and widened for the autocorrelation of its residuals (first-order, matched at lags of one to three
months, sandwich form). Both are corrected for what fitting takes out of residuals, by their exact expectation under the
projection of the fit, because three years of months are few and an uncorrected autocorrelation would be too small; one
standard error is added to it for the same reason. The tests of this module show how often it then finds a trend where
there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

_ITERATIONS = 30
_TOLERANCE = 1e-8
_MOST_ETA = 20.0
_RIDGE = 1e-9
_GRID = np.arange(0.0, 0.91, 0.05)
_LAGS = 3
_OWN_SHARE = 0.5
_MARGIN = 1.0
_FEWEST_DEGREES = 3.0
_BLOCK = 1024


@dataclass(frozen=True, kw_only=True)
class CountFit:
    """Fits of S series with P terms each.

    Attributes:
        coefficients: On the log scale, shape (S, P).
        covariance: Of the coefficients, shape (S, P, P).
        dispersion: Variance over mean of the residuals, at least 1, shape (S,).
        autocorrelation: Of the residuals from month to month, at least 0, shape (S,).
        degrees: Degrees of freedom for tests, shape (S,).
        expected: Fitted counts, shape (S, T).
    """

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    dispersion: NDArray[np.float64]
    autocorrelation: NDArray[np.float64]
    degrees: NDArray[np.float64]
    expected: NDArray[np.float64]

    def contrast(self, weights: NDArray[np.float64]) -> Estimate:
        """Estimate a combination of the coefficients.

        Args:
            weights: Shape (P,).

        Returns:
            The estimate of every series.
        """
        value = self.coefficients @ weights
        deviation = np.sqrt(np.einsum("p,spq,q->s", weights, self.covariance, weights))
        return Estimate(value=value, deviation=deviation, degrees=self.degrees)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An estimate on the log scale for each of S series.

    Attributes:
        value: Shape (S,).
        deviation: Standard error, shape (S,).
        degrees: Degrees of freedom, shape (S,).
    """

    value: NDArray[np.float64]
    deviation: NDArray[np.float64]
    degrees: NDArray[np.float64]

    @property
    def p_values(self) -> NDArray[np.float64]:
        """Two-sided p values against 0, shape (S,)."""
        return np.asarray(2.0 * stats.t.sf(np.abs(self.value) / self.deviation, self.degrees), dtype=np.float64)

    @property
    def margin(self) -> NDArray[np.float64]:
        """Half-width of the 95 % interval, shape (S,)."""
        return np.asarray(stats.t.ppf(0.975, self.degrees) * self.deviation, dtype=np.float64)


def fit_counts(
    counts: NDArray[np.float64],
    design: NDArray[np.float64],
    exposure: NDArray[np.float64],
    groups: NDArray[np.intp],
    *,
    pool_dispersion: bool,
    least_autocorrelation: NDArray[np.float64] | None = None,
) -> CountFit:
    """Fit every series with the same terms.

    Args:
        counts: Shape (S, T); NaN where not observed.
        design: Terms, shape (T, P).
        exposure: What a month's mean is proportional to (days), shape (T,).
        groups: Series of one group lend each other half of their autocorrelation, shape (S,).
        pool_dispersion: Whether they lend each other half of their dispersion too (series of like size).
        least_autocorrelation: Below which no series' autocorrelation is put, shape (S,): what more months than these
            showed (see `persistence`). 0 where not given.

    Returns:
        The fits.
    """
    coefficients, expected = _solve(counts, design, np.log(exposure))
    seen = ~np.isnan(counts)
    residuals = np.where(seen, (counts - expected) / np.sqrt(expected), 0.0)
    weighted = np.where(seen[:, :, None], np.sqrt(expected)[:, :, None] * design[None], 0.0)
    information = np.einsum("stp,stq->spq", weighted, weighted) + _RIDGE * np.eye(design.shape[1])
    inverse = np.linalg.inv(information)
    moments = _moments(residuals, seen, weighted, inverse)
    least = np.zeros(len(counts)) if least_autocorrelation is None else least_autocorrelation
    autocorrelation, step, scale = _autocorrelation(residuals, moments, seen, groups, least)
    own = np.sum(residuals**2, axis=1) / scale
    dispersion = np.maximum(1.0, _shrunk(own, groups) if pool_dispersion else own)
    middle = np.empty_like(inverse)
    for at, correlation in enumerate(_correlations(counts.shape[1])):
        of_step = weighted[step == at]
        middle[step == at] = of_step.transpose(0, 2, 1) @ (correlation @ of_step)
    covariance = dispersion[:, None, None] * (inverse @ middle @ inverse)
    free = (seen.sum(axis=1) - design.shape[1]) * (1.0 - autocorrelation) / (1.0 + autocorrelation)
    return CountFit(
        coefficients=coefficients,
        covariance=covariance,
        dispersion=dispersion,
        autocorrelation=autocorrelation,
        degrees=np.maximum(_FEWEST_DEGREES, free),
        expected=expected,
    )


def harmonics(months: pd.DatetimeIndex, number: int = 2) -> NDArray[np.float64]:
    """Return smooth yearly terms.

    Args:
        months: Month starts, length T.
        number: How many waves a year.

    Returns:
        Cosines and sines, shape (T, 2 x number).
    """
    turn = 2.0 * np.pi * (months.month.to_numpy() - 1) / 12.0
    waves = [wave(turn * k) for k in range(1, number + 1) for wave in (np.cos, np.sin)]
    return np.column_stack(waves) if waves else np.empty((len(months), 0))


def days_in(months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return the days of each month, shape (T,)."""
    return months.days_in_month.to_numpy().astype(np.float64)


def _solve(
    counts: NDArray[np.float64], design: NDArray[np.float64], offset: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Iterate weighted least squares (McCullagh and Nelder 1989) over all series together."""
    seen = ~np.isnan(counts)
    known = np.where(seen, counts, 0.0)
    rate = (known.sum(axis=1) + 0.5) / (seen * np.exp(offset)).sum(axis=1)
    mean = np.maximum((known + rate[:, None] * np.exp(offset)) / 2.0, 0.1)
    eta = np.log(mean)
    coefficients = np.zeros((len(counts), design.shape[1]))
    ridge = _RIDGE * np.eye(design.shape[1])
    for _ in range(_ITERATIONS):
        mean = np.exp(eta)
        weight = np.where(seen, mean, 0.0)
        working = eta - offset + (known - mean) / mean
        left = np.einsum("st,tp,tq->spq", weight, design, design, optimize=True) + ridge
        right = np.einsum("st,tp->sp", weight * working, design, optimize=True)
        fresh = np.linalg.solve(left, right[:, :, None])[:, :, 0]
        moved = np.abs(fresh - coefficients).max(initial=0.0)
        coefficients = fresh
        eta = np.clip(offset + coefficients @ design.T, -_MOST_ETA, _MOST_ETA)
        if moved < _TOLERANCE:
            break
    return coefficients, np.exp(eta)


def _correlations(length: int) -> NDArray[np.float64]:
    """Return first-order autocorrelation matrices for every step of the grid, shape (G, T, T)."""
    apart = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    return np.asarray(_GRID[:, None, None] ** apart)


@dataclass(frozen=True, kw_only=True)
class _Moments:
    """What residuals show, and what they would show at every step G of the grid of autocorrelations."""

    products: NDArray[np.float64]  # of residuals 1 to 3 months apart, summed, shape (S,)
    squares_expected: NDArray[np.float64]  # sum of squares of unit residuals after the fit, shape (S, G)
    products_expected: NDArray[np.float64]  # the same of their products, shape (S, G)


def _moments(
    residuals: NDArray[np.float64],
    seen: NDArray[np.bool_],
    weighted: NDArray[np.float64],
    inverse: NDArray[np.float64],
) -> _Moments:
    length = residuals.shape[1]
    grid = _correlations(length).reshape(len(_GRID), -1).T
    products = np.empty(len(residuals))
    expected = np.empty((2, len(residuals), len(_GRID)))
    # In blocks: a square of months for each of the thousands of series of all London would not fit in memory.
    for start in range(0, len(residuals), _BLOCK):
        block = slice(start, start + _BLOCK)
        shown = seen[block]
        terms = weighted[block]
        kept = np.eye(length)[None] * shown[:, :, None] - terms @ inverse[block] @ terms.transpose(0, 2, 1)
        pairs = np.zeros((len(shown), length, length))
        for lag in range(1, min(_LAGS, length - 1) + 1):
            steps = np.arange(length - lag)
            pairs[:, steps, steps + lag] = pairs[:, steps + lag, steps] = (shown[:, lag:] & shown[:, :-lag]) / 2.0
        products[block] = ((residuals[block, None] @ pairs)[:, 0] * residuals[block]).sum(axis=1)
        expected[0, block] = kept.reshape(len(shown), -1) @ grid
        expected[1, block] = (kept @ pairs @ kept).reshape(len(shown), -1) @ grid
    return _Moments(products=products, squares_expected=expected[0], products_expected=expected[1])


def _autocorrelation(
    residuals: NDArray[np.float64],
    moments: _Moments,
    seen: NDArray[np.bool_],
    groups: NDArray[np.intp],
    least: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
    """Find the autocorrelation whose expected residuals match those seen.

    Returns:
        Autocorrelation (S,), its step on the grid (S,), and the sum of squares expected of unit residuals (S,).
    """
    expected = moments.products_expected / moments.squares_expected
    total = np.sum(residuals**2, axis=1)
    found = moments.products / np.where(total > 0, total, 1.0)
    # The excess over what white noise would leave is comparable between series; it is what groups share. Groups hold
    # related series, so their number counts by its root only.
    shared = _shrunk(found - expected[:, 0], groups) + expected[:, 0]
    shared = shared + _MARGIN / np.sqrt(seen.sum(axis=1) * np.sqrt(np.bincount(groups)[groups]))
    step = np.array(
        [np.interp(value, row, np.arange(len(_GRID))) for value, row in zip(shared, expected, strict=True)]
    ).reshape(len(residuals))
    nearest = np.maximum(np.ceil(step - 1e-9), np.searchsorted(_GRID, least - 1e-9)).astype(np.intp)
    nearest = np.minimum(nearest, len(_GRID) - 1)
    return _GRID[nearest], nearest, moments.squares_expected[np.arange(len(residuals)), nearest]


def _shrunk(values: NDArray[np.float64], groups: NDArray[np.intp]) -> NDArray[np.float64]:
    """Move each value half way to its group's mean."""
    sums = np.bincount(groups, weights=values)
    means = sums / np.maximum(np.bincount(groups), 1)
    return _OWN_SHARE * values + (1.0 - _OWN_SHARE) * means[groups]
