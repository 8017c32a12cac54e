"""Bars to both sides of zero: what each part adds or takes away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.palette import DARK_BLUE, INK, ORANGE
from wardcast.pack.charts.ranked_bars import shortened
from wardcast.pack.charts.scale import scale_over
from wardcast.pack.charts.svg import drawing, element, rectangle, text
from wardcast.pack.charts.zero_axis import BELOW_ROWS, zero_axis

WIDTH = 700.0
LABEL_WIDTH = 215.0
VALUE_WIDTH = 62.0
ROW_HEIGHT = 30.0
BAR_HEIGHT = 18.0


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One bar.

    Attributes:
        label: Name at the left.
        value: How far, either way.
        value_label: The same as people read it.
    """

    label: str
    value: float
    value_label: str


def change_bars(rows: Sequence[ChangeRow], *, axis_label: str, key: str, title: str, description: str) -> Markup:
    """Draw the bars in the order given, more to the right of zero and less to the left.

    Args:
        rows: The bars.
        axis_label: What the axis measures, with its unit.
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.

    Returns:
        The drawing.
    """
    scale = scale_over(
        low=min((row.value for row in rows), default=0.0),
        high=max((row.value for row in rows), default=0.0),
        start=LABEL_WIDTH + VALUE_WIDTH,
        end=WIDTH - VALUE_WIDTH,
    )
    top = 8.0
    bottom = top + len(rows) * ROW_HEIGHT
    axis = zero_axis(scale, top=top, bottom=bottom, label=axis_label, tick_label=_tick)
    bars = [_bar(row, top + i * ROW_HEIGHT, scale.at) for i, row in enumerate(rows)]
    return drawing(key, WIDTH, bottom + BELOW_ROWS, title, description, *axis.grid, *bars, axis.zero, axis.caption)


def _bar(row: ChangeRow, top: float, at: Callable[[float], float]) -> Markup:
    middle = top + ROW_HEIGHT / 2 + 4.5
    left, right = sorted((at(0), at(row.value)))
    is_more = row.value >= 0
    return element(
        "g",
        element("title", f"{row.label}: {row.value_label}"),
        text(shortened(row.label), LABEL_WIDTH - 8, middle, font_size=13, fill=INK, text_anchor="end"),
        rectangle(left, top + 6, right - left, BAR_HEIGHT, fill=DARK_BLUE if is_more else ORANGE),
        text(
            row.value_label,
            right + 6 if is_more else left - 6,
            middle,
            font_size=13,
            fill=INK,
            text_anchor="start" if is_more else "end",
        ),
    )


def _tick(value: float) -> str:
    return f"{value:,g}".replace("-", "−")
