"""Season and events of one total, told apart from a level that wanders: what ETS and Theta are applied to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.smoothing import innovations, levels_of

_FOURIER_ORDER = 3
_ALPHAS = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7])
_SEASON_SD, _EVENT_SD, _DRIFT_SD = 0.3, 0.5, 0.2
"""Prior standard deviations of a season's waves, an event's step and a year's drift, as logarithms."""
_LEAST_VARIANCE = 1e-6


@dataclass(frozen=True, kw_only=True)
class SeasonAndEvents:
    """The parts of one total's logarithm that come back or are marked.

    Attributes:
        season: Shape (T + H,); adds up to about nothing over a year.
        events: Shape (T + H,).
    """

    season: NDArray[np.float64]
    events: NDArray[np.float64]


def season_and_events(log: NDArray[np.float64], months: pd.DatetimeIndex, events: pd.DataFrame) -> SeasonAndEvents:
    """Estimate season and events beside a wandering level.

    A local level with regressors: the total and every regressor are smoothed exponentially with the same weight, and
    the innovations of the one are regressed on those of the others (generalised least squares; Harvey 1989, 3.4), so
    that a slow change of level is not taken for an event. The weight with the least squared error is taken. Normal
    priors keep a short or sparse series from inventing effects.

    Args:
        log: Logarithm of the total, shape (T,); NaN where unobserved.
        months: Month starts of past and future, length T + H.
        events: Regressors of the marked events, one row per month of `months`.

    Returns:
        Season and events of past and future.
    """
    n_months = len(log)
    waves = _waves(months)
    drift = np.arange(len(months), dtype=np.float64)[:, None] / 12.0
    marked = events.to_numpy(dtype=np.float64)
    regressors = np.hstack([waves, drift, marked])
    prior = np.repeat([_SEASON_SD, _DRIFT_SD, _EVENT_SD], [waves.shape[1], 1, marked.shape[1]])
    together = np.vstack([log, np.where(np.isnan(log), np.nan, regressors[:n_months].T)])
    every = np.tile(together, (len(_ALPHAS), 1))
    found = innovations(every, levels_of(every, np.repeat(_ALPHAS, len(together))))
    fits = [_regression(one, prior) for one in np.split(found, len(_ALPHAS))]
    best = min(fits, key=lambda fit: fit[1])[0]
    n_waves = waves.shape[1]
    return SeasonAndEvents(season=waves @ best[:n_waves], events=marked @ best[n_waves + 1 :])


def _waves(months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return the yearly Fourier terms, shape (T + H, 6)."""
    angle = 2.0 * np.pi * np.outer(months.month.to_numpy() - 1, np.arange(1, _FOURIER_ORDER + 1)) / 12.0
    return np.hstack([np.sin(angle), np.cos(angle)])


def _regression(found: NDArray[np.float64], prior: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Regress the first row of innovations on the others.

    Args:
        found: Innovations of the total and of K regressors, shape (1 + K, N).
        prior: Prior standard deviations, shape (K,).

    Returns:
        Coefficients, shape (K,), and the squared error.
    """
    target, matrix = found[0], found[1:].T
    variance = float(target.var())
    coefficients = np.zeros(len(prior))
    for _ in range(2):  # the noise first from the total itself, then from what is left of it
        penalty = np.diag(max(variance, _LEAST_VARIANCE) / np.square(prior))
        coefficients = np.linalg.solve(matrix.T @ matrix + penalty, matrix.T @ target)
        variance = float(np.square(target - matrix @ coefficients).mean())
    return coefficients, variance
