"""One row a ward with several shares as marks: where hours follow need, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.palette import DARK_BLUE, GREY, INK, ORANGE, PAPER, RULE, TURQUOISE
from wardcast.pack.charts.ranked_bars import LABEL_WIDTH, ROW_HEIGHT, WIDTH, shortened
from wardcast.pack.charts.scale import scale_over
from wardcast.pack.charts.svg import drawing, element, line, rectangle, text
from wardcast.pack.wording import percent

HOURS_LABEL = "Share of hours"
PREVENTABLE_LABEL = "Share of harm patrols can touch"
NEED_LABEL = "Share of all harm"


@dataclass(frozen=True, kw_only=True)
class ShareRow:
    """One ward's shares of the area, each 0 to 1.

    Attributes:
        label: Ward name.
        hours: Share of planned hours.
        preventable: Share of forecast harm that patrols can touch.
        need: Share of all forecast harm.
    """

    label: str
    hours: float
    preventable: float
    need: float


def share_dots(rows: Sequence[ShareRow], *, key: str, title: str, description: str) -> Markup:
    """Draw the rows in the order given; marks differ in shape as well as in colour.

    Args:
        rows: The wards.
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.

    Returns:
        The drawing.
    """
    top = 52.0
    largest = max((max(row.hours, row.preventable, row.need) for row in rows), default=0.0)
    scale = scale_over(low=0.0, high=largest, start=LABEL_WIDTH, end=WIDTH - 24)
    bottom = top + len(rows) * ROW_HEIGHT
    grid = [
        element(
            "g",
            line(scale.at(tick), top - 4, scale.at(tick), bottom, stroke=RULE, stroke_width=0.8),
            text(f"{100 * tick:g}%", scale.at(tick), top - 10, font_size=12, fill=GREY, text_anchor="middle"),
        )
        for tick in scale.ticks
    ]
    drawn = []
    for i, row in enumerate(rows):
        y = top + i * ROW_HEIGHT + ROW_HEIGHT / 2
        positions = [scale.at(share) for share in (row.hours, row.preventable, row.need)]
        words = (
            f"{row.label}: {percent(row.hours)} of hours, {percent(row.preventable)} of harm patrols can touch, "
            f"{percent(row.need)} of all harm"
        )
        drawn.append(
            element(
                "g",
                element("title", words),
                text(shortened(row.label), LABEL_WIDTH - 12, y + 4.5, font_size=13, fill=INK, text_anchor="end"),
                line(min(positions), y, max(positions), y, stroke=GREY, stroke_width=1.5),
                _diamond(positions[2], y),
                _square(positions[1], y),
                _disc(positions[0], y),
            )
        )
    return drawing(key, WIDTH, bottom + 6, title, description, _legend(), *grid, *drawn)


def _disc(x: float, y: float) -> Markup:
    return element("circle", cx=float(x), cy=float(y), r=6, fill=DARK_BLUE, stroke=PAPER, stroke_width=1)


def _square(x: float, y: float) -> Markup:
    return rectangle(x - 5, y - 5, 10, 10, fill=TURQUOISE, stroke=PAPER, stroke_width=1)


def _diamond(x: float, y: float) -> Markup:
    return element("path", d=f"M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7 -7z", fill=ORANGE, stroke=PAPER, stroke_width=1)


def _legend() -> Markup:
    return element(
        "g",
        _disc(LABEL_WIDTH - 100, 10),
        text(HOURS_LABEL, LABEL_WIDTH - 88, 14.5, font_size=13, fill=INK),
        _square(LABEL_WIDTH + 40, 10),
        text(PREVENTABLE_LABEL, LABEL_WIDTH + 52, 14.5, font_size=13, fill=INK),
        _diamond(LABEL_WIDTH + 290, 10),
        text(NEED_LABEL, LABEL_WIDTH + 303, 14.5, font_size=13, fill=INK),
    )
