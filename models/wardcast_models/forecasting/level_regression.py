"""Regression of a series' logarithm beside a level that wanders: how large a step is, and how strong any other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

_RATIOS = np.concatenate([[0.0], np.geomspace(3e-4, 16.0, 13)])
"""Variance of a month's change of level over that of a month's noise: from a fixed level to one that is all change."""

_WANDERING_SD = 0.05
"""Prior standard deviation of a month's change of level: London's totals wander by 0.02 to 0.1 a month."""

_FOURIER_ORDER = 5
_LEAST_INFORMATION = 1e-6


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """Regression coefficients of N series, as logarithms: K regressors.

    Attributes:
        mean: Shape (N, K).
        sd: Standard errors, same shape.
        noise: Variance of a month's noise, shape (N,).
        wandering: Variance of a month's change of level, shape (N,).
    """

    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    noise: NDArray[np.float64]
    wandering: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What each of J further regressors would add to the explanation of N series, one at a time.

    Attributes:
        size: Coefficient, a logarithm, shape (N, J).
        sd: Its standard error, same shape.
        strength: Square root of the likelihood ratio, with the sign of the size, same shape; 0 for a regressor that the
            others already hold. Like a standard score, but the largest of many is larger than 2 by chance.
    """

    size: NDArray[np.float64]
    sd: NDArray[np.float64]
    strength: NDArray[np.float64]


class _Whitened(NamedTuple):
    """One ratio's Cholesky factor, and the QR factors of the regressors whitened by it."""

    ratio: float
    factor: NDArray[np.float64]
    basis: NDArray[np.float64]
    triangle: NDArray[np.float64]
    log_determinant: float


@dataclass(frozen=True, kw_only=True)
class LevelRegression:
    """Generalised least squares with errors that are monthly noise plus a random walk.

    The structural model of intervention analysis (Harvey and Durbin, Journal of the Royal Statistical Society A 149,
    1986): level, straight trend, season and interventions. The ratio of the two variances is found on a grid, so that
    one preparation serves any number of series over the same months, and a scan over all months estimates it afresh for
    each: a step that is not in the model would otherwise pass for a level that wanders.

    Attributes:
        places: Position of each observed month on the calendar, from 0, shape (T,).
        regressors: Regressors in those months, shape (T, K), of full rank.
    """

    places: NDArray[np.intp]
    regressors: NDArray[np.float64]

    def estimates(self, log: NDArray[np.float64], least_variance: NDArray[np.float64]) -> Estimates:
        """Estimate the regressors' coefficients, the ratio by restricted maximum likelihood.

        Args:
            log: Logarithms of N series, shape (N, T).
            least_variance: Variance of a month's noise that counting alone makes, shape (N,).

        Returns:
            Coefficients and standard errors.
        """
        n_months, n_regressors = self.regressors.shape
        likelihood, means, sds, noise = [], [], [], []
        for one in self._whitened:
            target = solve_triangular(one.factor, log.T, lower=True)
            found = one.basis.T @ target
            squares = np.square(target - one.basis @ found).sum(axis=0)
            log_determinant = one.log_determinant + 2.0 * np.log(np.abs(np.diag(one.triangle))).sum()
            ratio, degrees = one.ratio, n_months - n_regressors
            value, variance = _likelihood(squares, degrees, log_determinant, ratio, least_variance)
            inverse = solve_triangular(one.triangle, np.eye(n_regressors))
            likelihood.append(value)
            means.append((inverse @ found).T)
            sds.append(np.sqrt(variance[:, None] * np.square(inverse).sum(axis=1)))
            noise.append(variance)
        best, rows = np.argmax(likelihood, axis=0), np.arange(len(log))
        mean, sd, variance = (np.array(values)[best, rows] for values in (means, sds, noise))
        return Estimates(mean=mean, sd=sd, noise=variance, wandering=_RATIOS[best] * variance)

    def scan(self, log: NDArray[np.float64], further: NDArray[np.float64], least_variance: NDArray[np.float64]) -> Scan:
        """Try further regressors one at a time.

        Args:
            log: Logarithms of N series, shape (N, T).
            further: J further regressors, shape (T, J).
            least_variance: Variance of a month's noise that counting alone makes, shape (N,).

        Returns:
            Size and strength of each.
        """
        degrees = self.regressors.shape[0] - self.regressors.shape[1]
        shape = (len(log), further.shape[1])
        without = np.full(len(log), -np.inf)
        best, size, sd = np.full(shape, -np.inf), np.zeros(shape), np.ones(shape)
        for one in self._whitened:
            target, tried = (solve_triangular(one.factor, x, lower=True) for x in (log.T, further))
            whole = np.square(tried).sum(axis=0)
            target -= one.basis @ (one.basis.T @ target)
            tried -= one.basis @ (one.basis.T @ tried)
            information = np.square(tried).sum(axis=0)
            is_new = information > _LEAST_INFORMATION * whole
            information = np.where(is_new, information, 1.0)
            squares = np.square(target).sum(axis=0)
            found = np.where(is_new, (target.T @ tried) / information, 0.0)
            left = squares[:, None] - np.square(found) * information
            terms = one.log_determinant, one.ratio
            without = np.maximum(without, _likelihood(squares, degrees, *terms, least_variance)[0])
            value, variance = _likelihood(left, degrees, *terms, least_variance[:, None])
            better = (value > best) & is_new
            best = np.where(better, value, best)
            size, sd = np.where(better, found, size), np.where(better, np.sqrt(variance / information), sd)
        gain = np.maximum(2.0 * (best - without[:, None]), 0.0)
        return Scan(size=size, sd=sd, strength=np.sqrt(gain) * np.sign(size))

    @cached_property
    def _whitened(self) -> tuple[_Whitened, ...]:
        """The regressors under every ratio; so many months since the first is the walk's variance."""
        walk = np.minimum.outer(self.places, self.places) + 1.0
        prepared = []
        for ratio in _RATIOS:
            factor = np.linalg.cholesky(np.eye(len(walk)) + ratio * walk)
            basis, triangle = np.linalg.qr(solve_triangular(factor, self.regressors, lower=True))
            log_determinant = 2.0 * float(np.log(np.diag(factor)).sum())
            prepared.append(_Whitened(float(ratio), factor, basis, triangle, log_determinant))
        return tuple(prepared)


def _likelihood(
    squares: NDArray[np.float64],
    degrees: int,
    log_determinant: float,
    ratio: float,
    least_variance: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the log likelihood with a normal prior on the walk's standard deviation, and the noise variance."""
    variance = np.maximum(squares / degrees, least_variance)
    value = -0.5 * (degrees * np.log(variance) + squares / variance + log_determinant)
    return value - 0.5 * ratio * variance / _WANDERING_SD**2, variance


def trend_and_season(months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return the regressors that every series has: a constant, a straight trend and a season of any shape.

    Args:
        months: Month starts, length T.

    Returns:
        Shape (T, 13).
    """
    number = months.month.to_numpy(dtype=np.float64)
    angle = 2.0 * np.pi * np.outer(number, np.arange(1, _FOURIER_ORDER + 1)) / 12.0
    years = (months.year.to_numpy(dtype=np.float64) - months.year[0]) + number / 12.0
    alternating = np.cos(np.pi * number)
    return np.column_stack([np.ones(len(months)), years, np.cos(angle), np.sin(angle), alternating])
