"""A small chart of one series: observed months, then the forecast's fan."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from wardcast.pack.charts.palette import DARK_BLUE, GREY, SEQUENCE
from wardcast.pack.charts.scale import Scale, scale_over
from wardcast.pack.charts.series import broken_line, path_of, value_grid
from wardcast.pack.charts.svg import drawing, element, line, rectangle, text
from wardcast.pack.trends import Trend
from wardcast.pack.wording import short_month

WIDTH = 300.0
HEIGHT = 150.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 8.0, 8.0, 24.0


def trend_panel(trend: Trend, *, key: str, description: str) -> Markup:
    """Draw one series from 0 up: a line for what was observed, bands for 90 % and 50 %, a dashed median.

    Args:
        trend: The series.
        key: Id of the drawing within the page.
        description: The image in words.

    Returns:
        The drawing.
    """
    n_observed, n_forecast = len(trend.observed_months), len(trend.forecast_months)
    highest = max([value for value in trend.observed if value is not None] + list(trend.q95), default=0.0)
    across = Scale(low=0.0, high=float(max(1, n_observed + n_forecast - 1)), start=LEFT, end=WIDTH - RIGHT, ticks=())
    up = scale_over(low=0.0, high=highest, start=HEIGHT - BOTTOM, end=TOP, parts=3)
    ahead = [float(n_observed + i) for i in range(n_forecast)]
    fan = [
        _band(ahead, (trend.q05, trend.q95), across, up, colour=SEQUENCE[1]),
        _band(ahead, (trend.q25, trend.q75), across, up, colour=SEQUENCE[2]),
        element(
            "path",
            d=path_of([(across.at(x), up.at(y)) for x, y in zip(ahead, trend.q50, strict=True)]),
            fill="none",
            stroke=DARK_BLUE,
            stroke_width=2,
            stroke_dasharray="4 3",
        ),
    ]
    return drawing(
        key,
        WIDTH,
        HEIGHT,
        trend.label,
        description,
        *value_grid(up, left=LEFT, right=WIDTH - RIGHT),
        *fan,
        *broken_line(trend.observed, across, up),
        *_month_labels(trend, across),
    )


def _band(
    ahead: Sequence[float],
    ends: tuple[Sequence[float], Sequence[float]],
    across: Scale,
    up: Scale,
    *,
    colour: str,
) -> Markup:
    low, high = ends
    if len(ahead) == 1:
        x = across.at(ahead[0])
        return rectangle(x - 4, up.at(high[0]), 8, max(up.at(low[0]) - up.at(high[0]), 0.5), fill=colour)
    edge = [(across.at(x), up.at(y)) for x, y in zip(ahead, high, strict=True)]
    back = [(across.at(x), up.at(y)) for x, y in zip(ahead, low, strict=True)]
    return element("path", d=f"{path_of([*edge, *reversed(back)])}z", fill=colour)


def _month_labels(trend: Trend, across: Scale) -> list[Markup]:
    y = HEIGHT - 7
    style: dict[str, str | int] = {"font_size": 12, "fill": GREY}
    labels = [text(short_month(trend.forecast_months[-1]), WIDTH - RIGHT, y, text_anchor="end", **style)]
    if trend.observed_months:
        labels.append(text(short_month(trend.observed_months[0]), LEFT, y, **style))
        start = across.at(len(trend.observed_months) - 0.5)
        labels.append(line(start, TOP, start, HEIGHT - BOTTOM, stroke=GREY, stroke_width=1, stroke_dasharray="2 2"))
    return labels
