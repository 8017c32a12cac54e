"""Simple exponential smoothing of every ward series by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.forecasting.baseline import at_least_a_little, past_origins
from wardcast_models.forecasting.expectation import YEAR, Expectation
from wardcast_models.forecasting.fitting import Fitting
from wardcast_models.forecasting.model import Learned, Model
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS
from wardcast_models.forecasting.smoothing import Smoothed, smooth
from wardcast_models.forecasting.spread import spread_of
from wardcast_models.forecasting.ward_spread import WardSpread, ward_spread

_ALPHAS = np.array([0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3])
"""Weights of the newest month to choose from: above these a single ward's noise would be followed."""


@dataclass(frozen=True, kw_only=True)
class SimpleSmoothing(Model):
    """Every ward series at its exponentially smoothed level, with the weight that would have served it best.

    Attributes:
        name: Name in the registry.
        per_exposure: Smooth counts per exposure and let the level grow with future exposure.
    """

    name: str = "simple_smoothing"
    per_exposure: bool = True

    def parameters(self) -> dict[str, str | int | float | bool]:
        """Return the parameters to be logged with a run."""
        return {"alpha_least": _ALPHAS.min(), "alpha_most": _ALPHAS.max(), "per_exposure": self.per_exposure}

    def expect(self, fitting: Fitting) -> Learned:
        """Learn from a fitting.

        Args:
            fitting: The panel up to an origin and what models share of it; only the area's wards are used.

        Returns:
            What the model expects of the area's wards, and how sure it is.
        """
        index = fitting.index[fitting.past.area_rows] if self.per_exposure else np.ones(fitting.counts.shape[1:])
        boroughs = fitting.boroughs[fitting.past.area_rows]
        level, parts = [], []
        for counts in fitting.counts:
            smoothed = smooth(counts / index, _ALPHAS)
            level.append(at_least_a_little(smoothed.levels[:, -1:], counts / index)[:, 0])
            parts.append(_past_spread(counts, index, smoothed, boroughs))
        nothing = np.zeros((1, len(level), LONGEST_HORIZON_MONTHS))
        return Learned(
            expectation=Expectation(
                level=np.stack(level, axis=1),
                season=nothing,
                trend=nothing,
                events=nothing,
                follows_growth=self.per_exposure,
            ),
            spread=spread_of(parts),
            assumptions=("Every month is expected to be like the exponentially smoothed past of its ward series.",),
        )


def _past_spread(
    counts: NDArray[np.float64], index: NDArray[np.float64], smoothed: Smoothed, boroughs: NDArray[np.intp]
) -> WardSpread:
    """Compare the counts (W, T) after past origins with the levels known there, at the exposure of each month."""
    expected = at_least_a_little(smoothed.levels, counts)
    ahead = [(origin - 1, slice(origin, origin + YEAR)) for origin in past_origins(counts.shape[1])]
    return ward_spread(
        np.stack([counts[:, months] for _, months in ahead]),
        np.stack([expected[:, last, None] * index[:, months] for last, months in ahead]),
        boroughs,
    )


SIMPLE_SMOOTHING = SimpleSmoothing()
