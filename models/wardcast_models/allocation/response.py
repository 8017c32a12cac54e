"""What presence does to preventable crime: the claimed fall, its concave approximation and response groups.

The claimed fall of the preventable share at a delivered dose of e officer hours over a baseline of b is
min(cap, 1 - (1 + e / b) ** -elasticity). The elasticity is that of Draca, Machin and Witt (2011), AER 101(5);
the cap keeps any plan from claiming more than trials at hot spots have shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Response:
    """The claimed fall as a function of the relative dose x = e / b.

    Attributes:
        elasticity: Elasticity of preventable crime to presence; 0 claims nothing.
        cap: Largest fall claimed, in (0, 1).
    """

    elasticity: float
    cap: float

    @property
    def saturation(self) -> float:
        """Relative dose at which the cap is reached; infinite where nothing is claimed."""
        if self.elasticity == 0:
            return float("inf")
        with np.errstate(over="ignore"):
            return float(np.power(1 - self.cap, -1 / np.float64(self.elasticity)) - 1)

    def fall(self, relative_dose: Array) -> Array:
        """Return the claimed fall of the preventable share.

        Args:
            relative_dose: Delivered effective hours over baseline hours, at least 0, any shape.

        Returns:
            Fall in [0, cap], same shape.
        """
        return np.minimum(self.cap, -np.expm1(-self.elasticity * np.log1p(relative_dose)))

    def breakpoints(self, reach: Array, segments: int) -> Array:
        """Return breakpoints whose chords all have about the same error.

        The spacing is proportional to |f''| ** -1/2, which the closed form below integrates.

        Args:
            reach: Largest relative dose that matters on each curve, positive, shape (N,).
            segments: Number of segments K.

        Returns:
            Increasing relative doses from 0, shape (N, K + 1).
        """
        end = np.minimum(reach, self.saturation)[:, None]
        steps = np.linspace(0.0, 1.0, segments + 1)[None, :]
        if self.elasticity == 0:
            return np.asarray(end * steps)
        half = self.elasticity / 2
        points = np.asarray(np.power(1 - steps * (1 - np.power(1 + end, -half)), -1 / half) - 1)
        points[:, 0], points[:, -1] = 0.0, end[:, 0]
        return points

    def slopes(self, breakpoints: Array) -> Array:
        """Return the slope of the chord of each segment, never increasing along a curve.

        Args:
            breakpoints: Increasing relative doses, shape (N, K + 1); segments may have no length.

        Returns:
            Fall per unit of relative dose, shape (N, K).
        """
        width = np.diff(breakpoints, axis=1)
        rise = np.diff(self.fall(breakpoints), axis=1)
        tangent = self.elasticity * np.power(1 + breakpoints[:, :-1], -self.elasticity - 1)
        chord = np.divide(rise, width, out=tangent, where=width > SHORTEST_SEGMENT)
        return np.minimum.accumulate(chord, axis=1)

    def chord_error(self, breakpoints: Array) -> float:
        """Return how far the chords lie below the curve at most, as a share of preventable crime.

        Args:
            breakpoints: Increasing relative doses, shape (N, K + 1).

        Returns:
            Largest fall missed; the chords never claim more than the curve.
        """
        if self.elasticity == 0:
            return 0.0
        slope = self.slopes(breakpoints)
        left = breakpoints[:, :-1]
        touch = np.power(self.elasticity / slope, 1 / (self.elasticity + 1)) - 1
        touch = np.clip(touch, left, breakpoints[:, 1:])
        gap = self.fall(touch) - self.fall(left) - slope * (touch - left)
        return float(max(gap.max(initial=0.0), 0.0))


SHORTEST_SEGMENT = 1e-9
"""Relative doses closer than this are one breakpoint."""


def refine(*, coarse: Array, centre: Array, radius: Array, segments: int) -> Array:
    """Add equally spaced breakpoints around a dose on each curve.

    Args:
        coarse: Breakpoints kept everywhere, shape (N, K + 1).
        centre: Relative dose to look at closely, shape (N,).
        radius: How far to either side, shape (N,).
        segments: Number of segments added.

    Returns:
        Increasing relative doses, shape (N, K + 2 + segments).
    """
    steps = np.linspace(-1.0, 1.0, segments + 1)[None, :]
    fine = np.clip(centre[:, None] + radius[:, None] * steps, coarse[:, :1], coarse[:, -1:])
    return np.sort(np.concatenate([coarse, fine], axis=1), axis=1)


@dataclass(frozen=True, kw_only=True)
class ResponseGroups:
    """Categories that respond alike share one curve.

    Attributes:
        dose_per_hour: Effective delivered hours per planned hour, shape (R, G).
        group_of: Group of each category, -1 where no resource affects it, shape (C,).
    """

    dose_per_hour: Array
    group_of: NDArray[np.intp]


def response_groups(effect: Array) -> ResponseGroups:
    """Group categories by the resources' effects on them.

    Args:
        effect: Effective delivered hours per planned hour by resource and category, shape (R, C).

    Returns:
        The groups, in the order in which the categories first show them.
    """
    patterns: dict[tuple[float, ...], int] = {}
    group_of = np.full(effect.shape[1], -1, dtype=np.intp)
    for category in range(effect.shape[1]):
        pattern = tuple(effect[:, category].tolist())
        if any(pattern):
            group_of[category] = patterns.setdefault(pattern, len(patterns))
    columns = np.array(list(patterns), dtype=np.float64).reshape(len(patterns), effect.shape[0])
    return ResponseGroups(dose_per_hour=columns.T, group_of=group_of)
