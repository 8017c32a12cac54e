"""A small chart of the twelve calendar months against a mean month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.palette import DARK_BLUE, GREY, INK, PAPER, RULE
from wardcast.pack.charts.scale import Scale, scale_over
from wardcast.pack.charts.svg import drawing, element, line, text
from wardcast.pack.wording import MONTH_NAMES

WIDTH = 300.0
HEIGHT = 140.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 10.0, 24.0


@dataclass(frozen=True, kw_only=True)
class SeasonMonth:
    """One calendar month.

    Attributes:
        calendar_month: 1 to 12.
        percent: How far above or below a mean month, per cent.
        low: Lower end of the 95 % interval, per cent.
        high: Upper end.
        significant: Whether it stands out; drawn filled, the others hollow.
    """

    calendar_month: int
    percent: float
    low: float
    high: float
    significant: bool


def season_panel(months: Sequence[SeasonMonth], *, key: str, title: str, description: str) -> Markup:
    """Draw a dot and its range for each calendar month, above or below the line of a mean month.

    Args:
        months: The months with a known value.
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.

    Returns:
        The drawing.
    """
    up = scale_over(
        low=min((month.low for month in months), default=0.0),
        high=max((month.high for month in months), default=0.0),
        start=HEIGHT - BOTTOM,
        end=TOP,
        parts=4,
    )
    across = Scale(low=1.0, high=12.0, start=LEFT + 10, end=WIDTH - RIGHT, ticks=())
    grid = [
        element(
            "g",
            line(
                LEFT, up.at(tick), WIDTH - RIGHT + 6, up.at(tick), stroke=INK if tick == 0 else RULE, stroke_width=0.8
            ),
            text(_percent(tick), LEFT - 5, up.at(tick) + 4, font_size=12, fill=GREY, text_anchor="end"),
        )
        for tick in up.ticks
    ]
    initials = [
        text(name[0], across.at(number), HEIGHT - 7, font_size=12, fill=GREY, text_anchor="middle")
        for number, name in enumerate(MONTH_NAMES, start=1)
    ]
    dots = [_dot(month, across.at(month.calendar_month), up) for month in months]
    return drawing(key, WIDTH, HEIGHT, title, description, *grid, *initials, *dots)


def _dot(month: SeasonMonth, x: float, up: Scale) -> Markup:
    name = MONTH_NAMES[month.calendar_month - 1]
    words = f"{name}: {_percent(month.percent)}, range {_percent(month.low)} to {_percent(month.high)}"
    return element(
        "g",
        element("title", words),
        line(x, up.at(month.low), x, up.at(month.high), stroke=DARK_BLUE, stroke_width=1.6),
        element(
            "circle",
            cx=float(x),
            cy=float(up.at(month.percent)),
            r=4,
            fill=DARK_BLUE if month.significant else PAPER,
            stroke=DARK_BLUE,
            stroke_width=1.6,
        ),
    )


def _percent(value: float) -> str:
    return f"{value:+.0f}%".replace("-", "−") if round(value) else "0%"
