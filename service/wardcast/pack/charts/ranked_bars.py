"""Ranked horizontal bars, one row a ward, stacked by who does the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.palette import GREY, INK, PAPER, RULE
from wardcast.pack.charts.scale import scale_over
from wardcast.pack.charts.svg import drawing, element, line, rectangle, text

WIDTH = 700.0
LABEL_WIDTH = 215.0
VALUE_WIDTH = 62.0
ROW_HEIGHT = 24.0
BAR_HEIGHT = 16.0
LONGEST_LABEL = 32


@dataclass(frozen=True, kw_only=True)
class BarRow:
    """One bar.

    Attributes:
        label: Name at the left; cut with an ellipsis where too long, the full name stays in the tooltip.
        values: Length of each part, in the order of the parts.
        value_label: The whole as people read it.
    """

    label: str
    values: tuple[float, ...]
    value_label: str


@dataclass(frozen=True, kw_only=True)
class BarPart:
    """What one part of every bar stands for.

    Attributes:
        label: Name in the legend.
        colour: Fill colour.
    """

    label: str
    colour: str


def shortened(label: str, most: int = LONGEST_LABEL) -> str:
    """Cut a label to a number of characters, ending in an ellipsis where something was cut."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def ranked_bars(rows: Sequence[BarRow], parts: Sequence[BarPart], *, key: str, title: str, description: str) -> Markup:
    """Draw the bars in the order given.

    Args:
        rows: The bars.
        parts: What the parts of every bar stand for; a legend is drawn.
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.

    Returns:
        The drawing.
    """
    top = 30.0
    scale = scale_over(
        low=0.0,
        high=max((sum(row.values) for row in rows), default=0.0),
        start=LABEL_WIDTH,
        end=WIDTH - VALUE_WIDTH,
    )
    bars = [_bar(row, parts, top + i * ROW_HEIGHT, scale.at) for i, row in enumerate(rows)]
    bottom = top + len(rows) * ROW_HEIGHT
    axis = line(scale.start, top - 4, scale.start, bottom, stroke=GREY, stroke_width=1)
    return drawing(key, WIDTH, bottom + 6, title, description, legend(parts), *bars, axis)


def legend(parts: Sequence[BarPart], *, x: float = LABEL_WIDTH, y: float = 14.0) -> Markup:
    """Draw a legend of filled squares in one row.

    Args:
        parts: The entries.
        x: Left end.
        y: Baseline of the words.

    Returns:
        The legend as a group.
    """
    drawn = []
    for part in parts:
        drawn.append(rectangle(x, y - 11, 13, 13, fill=part.colour, stroke=INK, stroke_width=0.5))
        drawn.append(text(part.label, x + 19, y, font_size=13, fill=INK))
        x += 19 + 8 * len(part.label) + 18
    return element("g", *drawn)


def _bar(row: BarRow, parts: Sequence[BarPart], top: float, at: Callable[[float], float]) -> Markup:
    middle = top + ROW_HEIGHT / 2 + 4.5
    drawn = [
        element("title", f"{row.label}: {row.value_label}"),
        text(shortened(row.label), LABEL_WIDTH - 8, middle, font_size=13, fill=INK, text_anchor="end"),
    ]
    done = 0.0
    for value, part in zip(row.values, parts, strict=True):
        if value > 0:
            left, right = at(done), at(done + value)
            drawn.append(
                rectangle(left, top + 4, right - left, BAR_HEIGHT, fill=part.colour, stroke=PAPER, stroke_width=0.5)
            )
        done += value
    drawn.append(text(row.value_label, at(done) + 6, middle, font_size=13, fill=INK))
    drawn.append(line(8, top + ROW_HEIGHT, WIDTH, top + ROW_HEIGHT, stroke=RULE, stroke_width=0.4))
    return element("g", *drawn)
