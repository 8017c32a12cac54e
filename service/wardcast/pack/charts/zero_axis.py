"""The axis below rows that are drawn to both sides of zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.labels import CHARACTER_WIDTH
from wardcast.pack.charts.palette import GREY, INK, RULE
from wardcast.pack.charts.scale import Scale
from wardcast.pack.charts.svg import element, line, text

CAPTION_SIZE = 13.0
BELOW_ROWS = 46.0
"""Height of tick labels and caption."""


@dataclass(frozen=True, kw_only=True)
class ZeroAxis:
    """Parts of an axis, to be drawn below and above the rows.

    Attributes:
        grid: A line and its label for each tick.
        zero: The line at zero.
        caption: What the axis measures.
    """

    grid: tuple[Markup, ...]
    zero: Markup
    caption: Markup


def zero_axis(scale: Scale, *, top: float, bottom: float, label: str, tick_label: Callable[[float], str]) -> ZeroAxis:
    """Draw the axis of rows between `top` and `bottom`.

    Args:
        scale: Where values lie.
        top: Upper end of the rows.
        bottom: Their lower end; the axis takes `BELOW_ROWS` more.
        label: What is measured, with its unit.
        tick_label: Writes a tick's value.

    Returns:
        The axis.
    """
    return ZeroAxis(
        grid=tuple(
            element(
                "g",
                line(scale.at(tick), top, scale.at(tick), bottom, stroke=RULE, stroke_width=0.8),
                text(tick_label(tick), scale.at(tick), bottom + 17, font_size=12, fill=GREY, text_anchor="middle"),
            )
            for tick in scale.ticks
        ),
        zero=line(scale.at(0), top, scale.at(0), bottom, stroke=INK, stroke_width=1.5),
        caption=_caption(label, scale, bottom + 38),
    )


def _caption(label: str, scale: Scale, y: float) -> Markup:
    """Write what is measured below the middle of the axis; a longer label ends where the axis does."""
    fits = len(label) * CAPTION_SIZE * CHARACTER_WIDTH <= scale.end - scale.start
    x, anchor = ((scale.start + scale.end) / 2, "middle") if fits else (scale.end, "end")
    return text(label, x, y, font_size=CAPTION_SIZE, fill=INK, text_anchor=anchor)
