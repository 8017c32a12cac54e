"""What a model expects, in factors that can be told apart and counts that add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import exprel

COMPONENTS: tuple[str, ...] = ("level", "season", "trend", "residents", "homes", "events")
"""The parts of an expected count, in the order in which they are kept."""

YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """Expected counts of an area's wards as level x exp(season + trend + events), and growth where they follow it.

    W wards, C categories, H months ahead. The logarithms are zero where a model has no such part.

    Attributes:
        level: Counts a month at the exposure of the last month of data, over a whole year, shape (W, C); not below 0.
        season: Logarithm, shape (1 or W, C, H); see `season_and_level` for what makes `level` the year-round one.
        trend: Logarithm, since the last month of data, shape (1 or W, C, H).
        events: Logarithm of what marked events still do, shape (1 or W, C, H).
        follows_growth: Whether counts were taken per exposure, so that future exposure multiplies the expectation.
    """

    level: NDArray[np.float64]
    season: NDArray[np.float64]
    trend: NDArray[np.float64]
    events: NDArray[np.float64]
    follows_growth: bool

    def expected(self, *, residents: NDArray[np.float64], homes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the expected counts under future growth.

        Args:
            residents: Log growth by residents since the last month of data, shape (W, K) for the first K months ahead.
            homes: Log growth by homes, same shape.

        Returns:
            Counts, shape (W, C, K).
        """
        total = np.sum(self._logarithms(residents, homes), axis=0)
        return np.asarray(self.level[:, :, None] * np.exp(total))

    def components(self, *, residents: NDArray[np.float64], homes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Split the expected counts into parts that add up to them.

        Args:
            residents: Log growth by residents since the last month of data, shape (W, K) for the first K months ahead.
            homes: Log growth by homes, same shape.

        Returns:
            Counts, shape (6, W, C, K), in the order of `COMPONENTS`: the level, and what each factor adds to it.
        """
        return divided(self.level[:, :, None], self._logarithms(residents, homes))

    def _logarithms(self, residents: NDArray[np.float64], homes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithms of the factors after the level, shape (5, W, C, K)."""
        ahead = residents.shape[1]
        follows = 1.0 if self.follows_growth else 0.0
        parts = (
            self.season[:, :, :ahead],
            self.trend[:, :, :ahead],
            follows * residents[:, None, :],
            follows * homes[:, None, :],
            self.events[:, :, :ahead],
        )
        shape = (*self.level.shape, ahead)
        return np.stack([np.broadcast_to(part, shape) for part in parts])


def divided(level: NDArray[np.float64], logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide level x exp(sum of logarithms) among the level and the factors, additively and without remainder.

    The logarithmic mean Divisia index (LMDI I; Ang, Energy Policy 32, 2004): factor k adds L(mean, level) x its
    logarithm, L(a, b) = (a - b) / log(a / b) and L(a, a) = a. No factor is favoured by standing first, and factors
    that do nothing add nothing.

    Args:
        level: Counts, shape (...).
        logarithms: Logarithms of K factors, shape (K, ...).

    Returns:
        Counts, shape (K + 1, ...), the level first.
    """
    # L(mean, level) = level x (exp(x) - 1) / x with x the sum of logarithms; written so, x may be 0.
    logarithmic_mean = level * exprel(logarithms.sum(axis=0))
    return np.concatenate([np.broadcast_to(level, logarithms.shape[1:])[None], logarithmic_mean * logarithms])


def season_and_level(season: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Split a season into one whose factors average 1 over a year, and what the level has to be multiplied by.

    Args:
        season: Logarithms, shape (..., H), H at least 12.

    Returns:
        The centred season, shape (..., H), and the logarithm to be added to that of the level, shape (...).
    """
    shift = np.log(np.exp(season[..., :YEAR]).mean(axis=-1))
    return season - shift[..., None], shift
