"""Measures of point forecasts, quantiles and sample paths, each with its definition.

Actual counts that are not known are NaN and are left out. Definitions agree with Nixtla's utilsforecast (`mase`,
`rmsse`, `nd`, `quantile_loss`, `mqloss`, `scaled_crps`, `winkler_score`, `coverage`) and with scoringrules
(`crps_ensemble`, `crps_quantile`, `quantile_score`, `interval_score`); tests hold them to 1e-9.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEASON_MONTHS = 12

Floats = NDArray[np.float64]


def seasonal_scale(history: Floats, *, season: int = SEASON_MONTHS, power: int = 1) -> Floats:
    """Return the mean seasonal difference of a history, the scale of MASE (power 1) and RMSSE (power 2).

    Args:
        history: Counts, shape (..., T); NaN where not observed.
        season: Months of a season.
        power: 1 for absolute, 2 for squared differences.

    Returns:
        Mean of |y(t) - y(t - season)| ^ power over the known differences, shape (...); NaN where there is none.
    """
    difference = np.abs(history[..., season:] - history[..., :-season]) ** power
    known = ~np.isnan(difference)
    total, number = np.where(known, difference, 0.0).sum(axis=-1), known.sum(axis=-1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def mase(actual: Floats, forecast: Floats, scale: Floats) -> float:
    """Mean absolute scaled error: mean over series of mean |actual - forecast| over the series' scale.

    Hyndman and Koehler (2006). Series without a positive scale, or without a known actual, are left out.

    Args:
        actual: Counts, shape (N, H) for N series.
        forecast: Forecasts, same shape.
        scale: `seasonal_scale(history)`, shape (N,).

    Returns:
        The measure; NaN where no series can be scaled.
    """
    return _mean_of_scaled(_series_mean(np.abs(actual - forecast)), scale)


def rmsse(actual: Floats, forecast: Floats, squared_scale: Floats) -> float:
    """Root mean squared scaled error: mean over series of the root of mean squared error over the series' scale.

    Args:
        actual: Counts, shape (N, H).
        forecast: Forecasts, same shape.
        squared_scale: `seasonal_scale(history, power=2)`, shape (N,).

    Returns:
        The measure; NaN where no series can be scaled.
    """
    error = _series_mean(np.square(actual - forecast))
    return _mean_of_scaled(np.sqrt(error), np.sqrt(squared_scale))


def wape(actual: Floats, forecast: Floats) -> float:
    """Weighted absolute percentage error: sum |actual - forecast| / sum actual, over all known cells.

    Args:
        actual: Counts.
        forecast: Forecasts, same shape.

    Returns:
        The measure; NaN where the actual counts add up to 0.
    """
    known = ~np.isnan(actual)
    return _ratio(np.abs(actual - forecast)[known].sum(), actual[known].sum())


def bias(actual: Floats, forecast: Floats) -> float:
    """Relative bias: sum (forecast - actual) / sum actual, over all known cells; positive means too high.

    Args:
        actual: Counts.
        forecast: Forecasts, same shape.

    Returns:
        The measure; NaN where the actual counts add up to 0.
    """
    known = ~np.isnan(actual)
    return _ratio((forecast - actual)[known].sum(), actual[known].sum())


def crps(actual: Floats, paths: NDArray[np.number]) -> Floats:
    """Continuous ranked probability score of every cell, from sample paths.

    mean |X - y| - mean |X - X'| / 2 over all pairs of paths (Gneiting and Raftery 2007, the energy form), computed from
    the sorted sample.

    Args:
        actual: Counts, shape (...).
        paths: Sample paths, shape (S, ...).

    Returns:
        Scores, shape (...), in counts.
    """
    sample = np.sort(paths, axis=0)
    n_paths = len(sample)
    weight = (2.0 * np.arange(1, n_paths + 1) - n_paths - 1.0) / n_paths**2
    apart = np.tensordot(weight, sample, axes=1)
    return np.asarray(np.abs(sample - actual[None]).mean(axis=0) - apart)


def scaled_score(actual: Floats, scores: Floats) -> float:
    """Scores in counts, made comparable: sum of the scores / sum of the actual counts, over all known cells.

    Of `crps` this is the scaled CRPS; of twice the mean pinball loss its approximation from quantiles (Rangapuram et
    al. 2021); of `winkler` the scaled interval score.

    Args:
        actual: Counts.
        scores: Scores in counts, same shape.

    Returns:
        The measure; NaN where the actual counts add up to 0, or where a known cell has no score.
    """
    known = ~np.isnan(actual)
    return _ratio(scores[known].sum(), actual[known].sum())


def pinball(actual: Floats, quantiles: Floats, levels: tuple[float, ...]) -> Floats:
    """Pinball (quantile) loss of every cell, averaged over the levels.

    Args:
        actual: Counts, shape (...).
        quantiles: Forecast quantiles, shape (Q, ...).
        levels: Their levels; length Q.

    Returns:
        Losses, shape (...), in counts.
    """
    level = np.asarray(levels).reshape((-1,) + (1,) * actual.ndim)
    short = actual[None] - quantiles
    return np.asarray(np.maximum(level * short, (level - 1.0) * short).mean(axis=0))


def winkler(actual: Floats, lower: Floats, upper: Floats, *, level: float) -> Floats:
    """Winkler (interval) score of every cell: the interval's width, and what a miss costs.

    (upper - lower) + 2 / (1 - level) x the distance to the interval (Winkler 1972; Gneiting and Raftery 2007).

    Args:
        actual: Counts, shape (...).
        lower: Lower ends, same shape.
        upper: Upper ends, same shape.
        level: Nominal share inside, e.g. 0.8 for the interval of the 10 % and 90 % quantiles.

    Returns:
        Scores, shape (...), in counts.
    """
    miss = np.maximum(lower - actual, 0.0) + np.maximum(actual - upper, 0.0)
    return np.asarray(upper - lower + 2.0 / (1.0 - level) * miss)


def coverage(actual: Floats, lower: Floats, upper: Floats) -> float:
    """Share of known actual counts inside the closed interval [lower, upper].

    Integers over-cover: a closed interval between integer quantiles holds more than its nominal share, and a perfect
    forecaster is above it too.

    Args:
        actual: Counts.
        lower: Lower ends, same shape.
        upper: Upper ends, same shape.

    Returns:
        The share; NaN where nothing is known.
    """
    known = ~np.isnan(actual)
    inside = (actual >= lower) & (actual <= upper)
    return float(inside[known].mean()) if known.any() else float("nan")


def randomised_pit(actual: Floats, paths: NDArray[np.number], *, seed: int | np.random.Generator = 0) -> Floats:
    """Randomised probability integral transform: uniform on (0, 1) for a calibrated count forecast.

    The rank of the actual count among the paths, ties broken at random (Czado, Gneiting and Held 2009).

    Args:
        actual: Counts, shape (...).
        paths: Sample paths, shape (S, ...).
        seed: Seed of the tie-breaking, or the generator to draw it from.

    Returns:
        Values in (0, 1), shape (...); NaN where the actual count is.
    """
    below = (paths < actual[None]).sum(axis=0)
    equal = (paths == actual[None]).sum(axis=0)
    uniform = np.random.default_rng(seed).uniform(size=actual.shape)
    return np.where(np.isnan(actual), np.nan, (below + uniform * (equal + 1.0)) / (len(paths) + 1.0))


def _series_mean(errors: Floats) -> Floats:
    """Return the mean over the last axis of the known errors; NaN where none is known."""
    known = ~np.isnan(errors)
    number = known.sum(axis=-1)
    return np.where(number > 0, np.where(known, errors, 0.0).sum(axis=-1) / np.maximum(number, 1), np.nan)


def _mean_of_scaled(errors: Floats, scale: Floats) -> float:
    """Return the mean of errors over scales where the scale is positive and the error known."""
    usable = (scale > 0) & ~np.isnan(errors)
    return float((errors[usable] / scale[usable]).mean()) if usable.any() else float("nan")


def _ratio(numerator: float, denominator: float) -> float:
    """Return a ratio as a plain float; NaN over 0."""
    return float(numerator / denominator) if denominator > 0 else float("nan")
