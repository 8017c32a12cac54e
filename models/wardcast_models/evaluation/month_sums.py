"""A model's errors summed by target month: all that a resample of months needs to give its measures anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.evaluation.summary import series_of

MEASURES: tuple[str, ...] = ("mase", "rmsse", "scaled_crps_19", "wape", "bias")
"""Measures that can be resampled, as `summarise` defines them."""

CELL_COLUMNS: tuple[str, ...] = ("actual", "mean", "median", "pinball", "scale", "squared_scale")
"""Columns of the cells that are summed."""

_CHUNK_VALUES = 1_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class _Origin:
    """Squared errors of one origin: H target months, N series.

    Attributes:
        months: Positions of its target months among all months, shape (H,).
        squared: Squared errors over the squared scale, 0 where there is no cell, shape (H, N).
        known: 1 where there is a cell, else 0, shape (H, N), or (H, 1) where every series has every month.
    """

    months: NDArray[np.intp]
    squared: Floats
    known: Floats


@dataclass(frozen=True, kw_only=True)
class MonthSums:
    """What the cells of one model add up to, by target month.

    Attributes:
        ratios: Numerator and denominator by measure, each of shape (M,): the measure is the ratio of their sums.
        origins: What RMSSE needs, a mean of roots over series and so no ratio of sums.
    """

    ratios: Mapping[str, tuple[Floats, Floats]]
    origins: tuple[_Origin, ...]

    @classmethod
    def of(cls, part: pd.DataFrame, months: pd.DatetimeIndex) -> MonthSums:
        """Sum the cells of one model.

        Args:
            part: Its cells.
            months: All target months, sorted; length M.

        Returns:
            The sums.
        """
        month = months.get_indexer(pd.DatetimeIndex(part["month"]))
        actual, mean, median, pinball, scale, squared_scale = (
            part[name].to_numpy(dtype=np.float64) for name in CELL_COLUMNS
        )
        series, _ = series_of(part)

        def by_month(values: Floats) -> Floats:
            return np.bincount(month, values, minlength=len(months)).astype(np.float64)

        # MASE is a mean over series of means over their cells: a cell counts as one over its series' cells.
        share = np.where(scale > 0.0, 1.0 / np.bincount(series)[series], 0.0)
        scaled = np.abs(actual - median) / np.where(scale > 0.0, scale, 1.0)
        recorded = by_month(actual)
        return cls(
            ratios={
                "mase": (by_month(scaled * share), by_month(share)),
                "scaled_crps_19": (by_month(2.0 * pinball), recorded),
                "wape": (by_month(np.abs(actual - median)), recorded),
                "bias": (by_month(mean - actual), recorded),
            },
            origins=_by_origin(part, month, np.square(actual - mean), squared_scale),
        )

    def measure(self, name: str, weights: Floats) -> Floats:
        """Return a measure of every resample.

        Args:
            name: One of `MEASURES`.
            weights: How often each month is drawn, shape (B, M).

        Returns:
            The measure, shape (B,); NaN where nothing of what it needs was drawn.
        """
        if name == "rmsse":
            return self._rmsse(weights)
        numerator, denominator = (weights @ sums for sums in self.ratios[name])
        return ratio_or_nan(numerator, denominator)

    def _rmsse(self, weights: Floats) -> Floats:
        """Return the mean over series of the root of the mean squared scaled error, for every resample."""
        total, number = np.zeros(len(weights)), np.zeros(len(weights))
        for origin in self.origins:
            step = max(_CHUNK_VALUES // max(origin.squared.shape[1], 1), 1)
            for first in range(0, len(weights), step):  # a few MB at a time stay in the processor's cache
                rows = slice(first, first + step)
                drawn = weights[rows, origin.months]
                cells = drawn @ origin.known
                # A series of which no month was drawn has neither an error nor a share in the mean.
                errors = np.sqrt(drawn @ origin.squared / np.maximum(cells, 1.0))
                total[rows] += errors.sum(axis=1)
                number[rows] += np.broadcast_to(cells > 0.0, errors.shape).sum(axis=1)
        return ratio_or_nan(total, number)


def _by_origin(
    part: pd.DataFrame, month: NDArray[np.intp], squared_error: Floats, squared_scale: Floats
) -> tuple[_Origin, ...]:
    """Return squared scaled errors as matrices of target months by series, one a origin."""
    origins = []
    usable_origin = part["origin"].where(squared_scale > 0.0)
    for origin in usable_origin.dropna().unique():
        usable = np.flatnonzero(usable_origin == origin)
        series, n_series = series_of(part.take(usable))
        targets, place = np.unique(month[usable], return_inverse=True)
        squared, known = np.zeros((len(targets), n_series)), np.zeros((len(targets), n_series))
        squared[place, series] = squared_error[usable] / squared_scale[usable]
        known[place, series] = 1.0
        origins.append(_Origin(months=targets, squared=squared, known=known[:, :1] if known.all() else known))
    return tuple(origins)


def ratio_or_nan(numerator: Floats, denominator: Floats) -> Floats:
    """Return a ratio, element by element.

    Args:
        numerator: Upper numbers.
        denominator: Lower numbers, same shape.

    Returns:
        Their ratio; NaN where the lower number is not above 0.
    """
    return np.asarray(np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0.0))
