"""Parts of small charts over months: grid, and lines that break where nothing was observed."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from wardcast.pack.charts.palette import GREY, INK, RULE
from wardcast.pack.charts.scale import Scale
from wardcast.pack.charts.svg import element, line, number, text
from wardcast.pack.wording import whole_hours


def path_of(points: Sequence[tuple[float, float]]) -> str:
    """Write points as the `d` of an SVG path."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def value_grid(up: Scale, *, left: float, right: float) -> list[Markup]:
    """Draw a level line and its label at each tick.

    Args:
        up: Scale of the values.
        left: Left end of the lines; the labels stand before it.
        right: Right end.

    Returns:
        One group a tick.
    """
    return [
        element(
            "g",
            line(left, up.at(tick), right, up.at(tick), stroke=RULE, stroke_width=0.7),
            text(tick_label(tick), left - 5, up.at(tick) + 4, font_size=12, fill=GREY, text_anchor="end"),
        )
        for tick in up.ticks
    ]


def tick_label(value: float) -> str:
    """Write the value of a tick."""
    return whole_hours(value) if value == int(value) else f"{value:g}"


def broken_line(values: Sequence[float | None], across: Scale, up: Scale) -> list[Markup]:
    """Draw a line over months, broken where a month was not observed.

    Args:
        values: One value a month, None where not observed.
        across: Scale of the months, from 0.
        up: Scale of the values.

    Returns:
        One path a run of months; a month alone between gaps is a dot.
    """
    runs: list[list[tuple[float, float]]] = [[]]
    for month, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((across.at(month), up.at(value)))
    return [
        element("circle", cx=run[0][0], cy=run[0][1], r=1.6, fill=INK)
        if len(run) == 1
        else element("path", d=path_of(run), fill="none", stroke=INK, stroke_width=1.6, stroke_linejoin="round")
        for run in runs
        if run
    ]
