"""A small chart of one series over months."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from wardcast.pack.charts.palette import GREY, SEQUENCE
from wardcast.pack.charts.scale import Scale, scale_over
from wardcast.pack.charts.series import broken_line, value_grid
from wardcast.pack.charts.svg import drawing, rectangle, text
from wardcast.pack.wording import short_month

WIDTH = 300.0
HEIGHT = 130.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 8.0, 8.0, 24.0


def line_panel(
    months: Sequence[str],
    values: Sequence[float | None],
    *,
    key: str,
    title: str,
    description: str,
    shaded: tuple[int, int] | None = None,
) -> Markup:
    """Draw one series from 0 up.

    Args:
        months: `YYYY-MM` without gaps, at least one.
        values: One value a month; None where it is not known, which breaks the line.
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.
        shaded: First and last position of months to set off behind the line, or None.

    Returns:
        The drawing.
    """
    across = Scale(low=0.0, high=float(max(1, len(months) - 1)), start=LEFT, end=WIDTH - RIGHT, ticks=())
    highest = max((value for value in values if value is not None), default=0.0)
    up = scale_over(low=0.0, high=highest, start=HEIGHT - BOTTOM, end=TOP, parts=3)
    behind = []
    if shaded is not None:
        start, end = across.at(max(0, shaded[0])), across.at(min(len(months) - 1, shaded[1]))
        behind.append(rectangle(start, TOP, max(end - start, 1.0), HEIGHT - BOTTOM - TOP, fill=SEQUENCE[0]))
    style: dict[str, str | int] = {"font_size": 12, "fill": GREY}
    ends = [text(short_month(months[0]), LEFT, HEIGHT - 7, **style)]
    if len(months) > 1:
        ends.append(text(short_month(months[-1]), WIDTH - RIGHT, HEIGHT - 7, text_anchor="end", **style))
    grid = value_grid(up, left=LEFT, right=WIDTH - RIGHT)
    return drawing(key, WIDTH, HEIGHT, title, description, *behind, *grid, *broken_line(values, across, up), *ends)
