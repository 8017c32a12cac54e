"""Linear scales with round ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
ROUND_NUMBERS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def round_up(value: float, numbers: Sequence[float] = ROUND_NUMBERS) -> float:
    """Return the smallest round number that is not below a value.

    Args:
        value: Greater than 0.
        numbers: What counts as round, between 1 and 10; powers of ten apart are round as well.

    Returns:
        The round number.
    """
    power = 10.0 ** math.floor(math.log10(value))
    return next(number * power for number in numbers if number * power >= value * (1 - 1e-9))


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A linear scale from values to positions.

    Attributes:
        low: Value at `start`.
        high: Value at `end`.
        start: Position of `low`, user units.
        end: Position of `high`, user units.
        ticks: Round values within the scale.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Return the position of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def scale_over(*, low: float, high: float, start: float, end: float, parts: int = 5) -> Scale:
    """Return a scale that covers `low` to `high` and 0, ending on round ticks.

    Args:
        low: Smallest value shown.
        high: Largest value shown.
        start: Position of the low end.
        end: Position of the high end.
        parts: Most steps between ticks.

    Returns:
        The scale; one unit wide where all values are 0 or next to it.
    """
    bottom, top = min(low, 0.0), max(high, 0.0)
    if top - bottom < 1e-9:
        top = 1.0
    step = round_up((top - bottom) / parts, ROUND_STEPS)
    first, last = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
    ticks = tuple(index * step for index in range(first, last + 1))
    return Scale(low=ticks[0], high=ticks[-1], start=start, end=end, ticks=ticks)
