"""Means with their ranges, one row each, on one axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.labels import wrapped
from wardcast.pack.charts.palette import DARK_BLUE, GREY, INK, PAPER
from wardcast.pack.charts.ranked_bars import shortened
from wardcast.pack.charts.scale import scale_over
from wardcast.pack.charts.svg import drawing, element, line, text
from wardcast.pack.charts.zero_axis import BELOW_ROWS, zero_axis
from wardcast.pack.wording import amount

WIDTH = 700.0
LABEL_WIDTH = 235.0
ROW_HEIGHT = 46.0
LABEL_SIZE = 13
LINE_HEIGHT = 16.0


@dataclass(frozen=True, kw_only=True)
class IntervalRow:
    """One mean with its range.

    Attributes:
        label: Name at the left.
        mean: Expected value.
        low: Lower end of the range.
        high: Upper end of the range.
        emphasised: Drawn in colour; the others in grey.
    """

    label: str
    mean: float
    low: float
    high: float
    emphasised: bool


def interval_plot(
    rows: Sequence[IntervalRow],
    *,
    axis_label: str,
    key: str,
    title: str,
    description: str,
    write: Callable[[float], str] = amount,
) -> Markup:
    """Draw the rows in the order given, with 0 on the axis.

    Args:
        rows: The intervals.
        axis_label: What the axis measures, with its unit.
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.
        write: How people read a value.

    Returns:
        The drawing.
    """
    scale = scale_over(
        low=min((row.low for row in rows), default=0.0),
        high=max((row.high for row in rows), default=0.0),
        start=LABEL_WIDTH,
        end=WIDTH - 30,
    )
    top = 8.0
    bottom = top + len(rows) * ROW_HEIGHT
    axis = zero_axis(scale, top=top, bottom=bottom, label=axis_label, tick_label=write)
    drawn = [_row(row, top + (i + 0.5) * ROW_HEIGHT, scale.at, write) for i, row in enumerate(rows)]
    return drawing(key, WIDTH, bottom + BELOW_ROWS, title, description, *axis.grid, axis.zero, *drawn, axis.caption)


def _row(row: IntervalRow, y: float, at: Callable[[float], float], write: Callable[[float], str]) -> Markup:
    colour = DARK_BLUE if row.emphasised else GREY
    weight = "bold" if row.emphasised else "normal"
    low, mean, high = at(row.low), at(row.mean), at(row.high)
    drawn = [
        element("title", f"{row.label}: {write(row.mean)}, range {write(row.low)} to {write(row.high)}"),
        *_name(row.label, y, weight),
    ]
    if row.high > row.low:
        drawn.append(line(low, y, high, y, stroke=colour, stroke_width=3))
        drawn.extend(line(end, y - 6, end, y + 6, stroke=colour, stroke_width=2) for end in (low, high))
    drawn.append(element("circle", cx=float(mean), cy=float(y), r=6, fill=colour))
    drawn.append(
        text(
            write(row.mean),
            mean,
            y - 10,
            font_size=13,
            font_weight=weight,
            fill=INK,
            text_anchor="middle",
            # the line at zero may run behind it
            stroke=PAPER,
            stroke_width=3,
            stroke_linejoin="round",
            paint_order="stroke",
        )
    )
    return element("g", *drawn)


def _name(label: str, y: float, weight: str) -> list[Markup]:
    """Write a name on one line or two, whole; a longer one is cut."""
    width = LABEL_WIDTH - 14
    lines = wrapped(label, font_size=LABEL_SIZE, width=width, most_lines=2) or (shortened(label, 30),)
    top = y + 4.5 - (len(lines) - 1) * LINE_HEIGHT / 2
    return [
        text(
            words,
            width,
            top + number * LINE_HEIGHT,
            font_size=LABEL_SIZE,
            font_weight=weight,
            fill=INK,
            text_anchor="end",
        )
        for number, words in enumerate(lines)
    ]
