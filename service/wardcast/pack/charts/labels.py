"""Where a label fits inside a polygon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardcast.pack.charts.projection import Ring

SCAN_LINES = 40
NEARLY_EQUAL_WIDTH = 8.0
"""User units that make no difference to how a label reads."""
CHARACTER_WIDTH = 0.54
"""Mean width of an Arial character over the font size, on the safe side."""


@dataclass(frozen=True, kw_only=True)
class LabelPlace:
    """A level strip inside a polygon.

    Attributes:
        x: Middle of the strip.
        y: Middle of the strip.
        width: Free width over the strip's whole height.
    """

    x: float
    y: float
    width: float


def label_place(rings: Sequence[Ring], *, height: float) -> LabelPlace | None:
    """Find the widest level strip of a given height inside a polygon.

    The polygon is cut by level lines; the widest inside piece common to all lines within the strip wins.

    Args:
        rings: Rings in user units, holes under the even-odd rule.
        height: Height the label needs.

    Returns:
        The strip, or None where the polygon is not that tall or nowhere that even.
    """
    top = min(y for ring in rings for _, y in ring)
    bottom = max(y for ring in rings for _, y in ring)
    step = (bottom - top) / SCAN_LINES
    if step <= 0:
        return None
    levels = [top + (i + 0.5) * step for i in range(SCAN_LINES)]
    pieces = [_inside_pieces(rings, level) for level in levels]
    lines = max(1, round(height / step))

    def worth(place: LabelPlace) -> tuple[int, float]:
        # of strips about as wide, the one nearest the middle
        return round(place.width / NEARLY_EQUAL_WIDTH), -abs(place.y - (top + bottom) / 2)

    best: LabelPlace | None = None
    for first in range(SCAN_LINES - lines + 1):
        common = pieces[first]
        for other in pieces[first + 1 : first + lines]:
            common = [(max(a, c), min(b, d)) for a, b in common for c, d in other if min(b, d) > max(a, c)]
        for left, right in common:
            middle = (levels[first] + levels[first + lines - 1]) / 2
            place = LabelPlace(x=(left + right) / 2, y=middle, width=right - left)
            if best is None or worth(place) > worth(best):
                best = place
    return best


def _inside_pieces(rings: Sequence[Ring], level: float) -> list[tuple[float, float]]:
    crossings = sorted(
        x1 + (level - y1) / (y2 - y1) * (x2 - x1)
        for ring in rings
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (y1 > level) != (y2 > level)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def wrapped(words: str, *, font_size: float, width: float, most_lines: int) -> tuple[str, ...] | None:
    """Break words into lines of a width.

    Args:
        words: The words, apart by plain spaces.
        font_size: Font size in user units.
        width: Width of a line in user units.
        most_lines: Most lines allowed.

    Returns:
        The lines, or None where they do not fit.
    """
    lines: list[str] = []
    for word in words.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and len(joined) * font_size * CHARACTER_WIDTH <= width:
            lines[-1] = joined
        elif len(word) * font_size * CHARACTER_WIDTH <= width:
            lines.append(word)
        else:
            return None
    return tuple(lines) if lines and len(lines) <= most_lines else None
