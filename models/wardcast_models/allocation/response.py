"""What presence does to preventable crime: the claimed fall, its concave approximation and response groups.

At one elasticity the claimed fall of the preventable share at a delivered dose of e officer hours over a baseline of b
is min(cap, 1 - (1 + e / b) ** -elasticity). The central elasticity is that of Draca, Machin and Witt (2011), AER
101(5); the cap keeps any plan from claiming more than trials at hot spots have shown. A plan aims at the mean of the
curves of several elasticities, drawn in equal parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array

SHORTEST_SEGMENT = 1e-9
"""Relative doses closer than this are one breakpoint."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """The claimed fall as a function of the relative dose x = e / b.

    Attributes:
        elasticities: Elasticities of preventable crime to presence, each at least 0, in equal parts; 0 claims nothing.
        cap: Largest fall claimed at any of them, in (0, 1).
    """

    elasticities: tuple[float, ...]
    cap: float

    @property
    def saturations(self) -> tuple[float, ...]:
        """Relative doses at which the cap is reached, increasing; none for elasticities of 0."""
        positive = sorted({value for value in self.elasticities if value > 0}, reverse=True)
        with np.errstate(over="ignore"):
            return tuple(float(np.power(1 - self.cap, -1 / np.float64(value)) - 1) for value in positive)

    @property
    def saturation(self) -> float:
        """Relative dose beyond which nothing more is claimed; infinite where nothing is claimed at all."""
        return self.saturations[-1] if self.saturations else float("inf")

    @property
    def parts(self) -> tuple[Response, ...]:
        """The response at each elasticity alone."""
        return tuple(Response(elasticities=(value,), cap=self.cap) for value in self.elasticities)

    def fall(self, relative_dose: Array) -> Array:
        """Return the claimed fall of the preventable share.

        Args:
            relative_dose: Delivered effective hours over baseline hours, at least 0, any shape.

        Returns:
            Fall in [0, cap], same shape.
        """
        growth = np.log1p(relative_dose)
        total = np.zeros_like(growth)
        for value in self.elasticities:
            total += np.minimum(self.cap, -np.expm1(-value * growth))
        return total / len(self.elasticities)

    def slope(self, relative_dose: Array) -> Array:
        """Return the derivative of the fall, from the right at the doses where a cap is reached.

        Args:
            relative_dose: At least 0, any shape.

        Returns:
            Fall per unit of relative dose, same shape.
        """
        growth = np.log1p(relative_dose)
        total = np.zeros_like(growth)
        for value in self.elasticities:
            below = -np.expm1(-value * growth) < self.cap
            total += np.where(below, value * np.exp(-(value + 1) * growth), 0.0)
        return total / len(self.elasticities)

    def dose_at(self, slope: Array, reach: Array) -> Array:
        """Return the relative dose at which the slope falls to a given one.

        Args:
            slope: Fall per unit of relative dose, at least 0, any shape.
            reach: Largest relative dose looked at, same shape.

        Returns:
            Relative dose in [0, reach], same shape, to 60 halvings.
        """
        low, high = np.zeros_like(reach), reach.copy()
        for _ in range(60):
            middle = (low + high) / 2
            steep = self.slope(middle) > slope
            low, high = np.where(steep, middle, low), np.where(steep, high, middle)
        return low

    def breakpoints(self, reach: Array, segments: int) -> Array:
        """Return breakpoints whose chords have about the same error, the doses where a cap is reached among them.

        The spacing is that of the central elasticity: proportional to |f''| ** -1/2, integrated in closed form.

        Args:
            reach: Largest relative dose that matters on each curve, positive, shape (N,).
            segments: Number of segments K before those that begin where a cap is reached.

        Returns:
            Never decreasing relative doses from 0, shape (N, K + 1 + number of caps).
        """
        end = np.minimum(reach, self.saturation)[:, None]
        steps = np.linspace(0.0, 1.0, segments + 1)[None, :]
        half = float(np.mean(self.elasticities)) / 2
        if half == 0:
            return np.asarray(end * steps)
        points = np.asarray(np.power(1 - steps * (1 - np.power(1 + end, -half)), -1 / half) - 1)
        points[:, 0], points[:, -1] = 0.0, end[:, 0]
        caps = np.minimum(np.array(self.saturations)[None, :], end)
        return np.sort(np.concatenate([points, caps], axis=1), axis=1)

    def slopes(self, breakpoints: Array) -> Array:
        """Return the slope of the chord of each segment, never increasing along a curve.

        Args:
            breakpoints: Never decreasing relative doses, shape (N, K + 1); segments may have no length.

        Returns:
            Fall per unit of relative dose, shape (N, K).
        """
        width = np.diff(breakpoints, axis=1)
        rise = np.diff(self.fall(breakpoints), axis=1)
        tangent = self.slope(breakpoints[:, :-1])
        chord = np.divide(rise, width, out=tangent, where=width > SHORTEST_SEGMENT)
        return np.minimum.accumulate(chord, axis=1)

    def chord_error(self, breakpoints: Array) -> float:
        """Return how far the chords lie below the curve at most, as a share of preventable crime.

        Args:
            breakpoints: Never decreasing relative doses, shape (N, K + 1).

        Returns:
            Largest fall missed; the chords never claim more than the curve.
        """
        slope = self.slopes(breakpoints)
        left, right = breakpoints[:, :-1], breakpoints[:, 1:]
        touch = np.clip(self.dose_at(slope, np.broadcast_to(right, slope.shape)), left, right)
        gap = self.fall(touch) - self.fall(left) - slope * (touch - left)
        return float(max(gap.max(initial=0.0), 0.0))


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
