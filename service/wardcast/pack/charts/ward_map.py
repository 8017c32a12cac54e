"""A map of wards coloured by officer hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from wardcast.pack.charts.labels import LabelPlace, label_place, wrapped
from wardcast.pack.charts.palette import GREY, INK, PAPER, RULE, SEQUENCE
from wardcast.pack.charts.projection import Ring, path_data, project
from wardcast.pack.charts.scale import round_up
from wardcast.pack.charts.svg import drawing, element, number, rectangle, text

WIDTH = 700.0
MAX_HEIGHT = 660.0
LABEL_FORMS = ((13.0, True), (11.0, True), (11.0, False))
"""Font size, and whether the hours stand below the name: the first form that fits is used."""
LINE_SPACING = 1.12
MOST_NAME_LINES = 3
LEGEND_HEIGHT = 62.0
NO_HOURS_PATTERN = "no-hours"


@dataclass(frozen=True, kw_only=True)
class MapWard:
    """One ward of the map.

    Attributes:
        code: Ward code.
        name: Ward name.
        rank: Rank by hours, 1 for the most.
        hours: Officer hours.
        hours_label: The hours as people read them.
        labelled: Whether to write into the ward at all.
    """

    code: str
    name: str
    rank: int
    hours: float
    hours_label: str
    labelled: bool


def ward_map(
    wards: Sequence[MapWard], polygons: Mapping[str, Mapping[str, Any]], *, title: str, description: str
) -> Markup | None:
    """Draw the map: darker means more hours, hatched means none.

    A ward carries its rank, name and hours where they fit, else less; the bars below name them all.

    Args:
        wards: The wards with hours.
        polygons: GeoJSON geometry by ward code.
        title: Name of the image.
        description: The image in words.

    Returns:
        The drawing, or None where no ward can be drawn.
    """
    known = {ward.code: polygons[ward.code] for ward in wards if ward.code in polygons}
    shapes = project(known, width=WIDTH - 4, max_height=MAX_HEIGHT)
    if not shapes.rings:
        return None
    tops = class_tops([ward.hours for ward in wards])
    drawn = [ward for ward in wards if ward.code in shapes.rings]
    areas = [_area(ward, shapes.rings[ward.code], tops) for ward in drawn]
    labels = [_label(ward, shapes.rings[ward.code], tops) for ward in drawn if ward.labelled]
    return drawing(
        "ward-map",
        WIDTH,
        shapes.height + LEGEND_HEIGHT + 4,
        title,
        description,
        _hatching(),
        element("g", *areas, *labels, transform="translate(2 2)"),
        _legend(tops, shapes.height + 26),
    )


def class_tops(hours: Sequence[float]) -> tuple[float, ...]:
    """Return the upper end of each colour class, narrow for few hours and wide for many.

    Hours are skewed: equal steps would leave one dark ward among pale ones, and classes with as many wards each would
    hide the one that stands out. The square root of the hours is therefore cut into equal steps, at round numbers.

    Args:
        hours: Officer hours of the wards.

    Returns:
        Increasing round numbers, the last at least the largest value, at most as many as there are colours; empty where
        no ward has hours.
    """
    most = max(hours, default=0.0)
    if most <= 0:
        return ()
    classes = len(SEQUENCE)
    tops = {round_up(most * (k / classes) ** 2) for k in range(1, classes + 1)}
    return tuple(sorted(tops))


def class_of(hours: float, tops: Sequence[float]) -> int:
    """Return the position of the first class that reaches up to the hours."""
    return next(index for index, top in enumerate(tops) if hours <= top)


def _colour(index: int, tops: Sequence[float]) -> int:
    """Spread fewer classes than colours over the whole range from light to dark."""
    return len(SEQUENCE) - 1 if len(tops) == 1 else round(index * (len(SEQUENCE) - 1) / (len(tops) - 1))


def _hatching() -> Markup:
    stripes = element("path", d="M0 6L6 0", stroke=RULE, stroke_width=1, fill="none")
    tile = element(
        "pattern",
        rectangle(0, 0, 6, 6, fill=PAPER),
        stripes,
        id=NO_HOURS_PATTERN,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", tile)


def _fill(hours: float, tops: Sequence[float]) -> str:
    return SEQUENCE[_colour(class_of(hours, tops), tops)] if hours > 0 else f"url(#{NO_HOURS_PATTERN})"


def _area(ward: MapWard, rings: Sequence[Ring], tops: Sequence[float]) -> Markup:
    # a border that shows on the darkest as on the lightest fill
    border = RULE if _fill(ward.hours, tops) == SEQUENCE[-1] else GREY
    return element(
        "path",
        element("title", f"{ward.name}: {ward.hours_label} officer hours"),
        d=path_data(rings),
        fill=_fill(ward.hours, tops),
        fill_rule="evenodd",
        stroke=border,
        stroke_width=1,
        stroke_linejoin="round",
    )


def _label(ward: MapWard, rings: Sequence[Ring], tops: Sequence[float]) -> Markup:
    dark = _fill(ward.hours, tops) == SEQUENCE[-1]
    name = f"{ward.rank}.\u00a0{ward.name}"
    for size, with_hours in LABEL_FORMS:
        for lines in range(1, MOST_NAME_LINES + 1):
            place = label_place(rings, height=(lines + with_hours) * size * LINE_SPACING)
            if place is None:
                break
            words = wrapped(name, font_size=size, width=place.width, most_lines=lines)
            if words is not None:
                below = f"{ward.hours_label}\u00a0h" if with_hours else ""
                return _lines(words, below, place, size=size, dark=dark)
    size = LABEL_FORMS[0][0]
    place = label_place(rings, height=size)
    if place is None or place.width < len(str(ward.rank)) * size * 0.6:
        return Markup("")
    return _lines((str(ward.rank),), "", place, size=size, dark=dark)


def _lines(name: Sequence[str], below: str, place: LabelPlace, *, size: float, dark: bool) -> Markup:
    lines = [(words, "bold") for words in name] + ([(below, "normal")] if below else [])
    top = place.y - (len(lines) - 1) * size * LINE_SPACING / 2 + size * 0.35
    spans = [
        element("tspan", words, x=place.x, y=top + i * size * LINE_SPACING, font_weight=weight)
        for i, (words, weight) in enumerate(lines)
    ]
    return element(
        "text",
        *spans,
        text_anchor="middle",
        font_size=number(size),
        fill=PAPER if dark else INK,
        stroke=SEQUENCE[-1] if dark else PAPER,
        stroke_width=2.5,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _legend(tops: Sequence[float], top: float) -> Markup:
    entries = [("No hours", f"url(#{NO_HOURS_PATTERN})")]
    for index, end in enumerate(tops):
        label = f"{tops[index - 1]:,g} to {end:,g}" if index else f"up to {end:,g}"
        entries.append((label, SEQUENCE[_colour(index, tops)]))
    width = (WIDTH - 4) / (len(SEQUENCE) + 1)
    parts = [text("Officer hours in the ward", 2, top, font_size=13, font_weight="bold", fill=INK)]
    for i, (label, fill) in enumerate(entries):
        x = 2 + i * width
        parts.append(rectangle(x, top + 10, 22, 16, fill=fill, stroke=GREY, stroke_width=1))
        parts.append(text(label, x + 28, top + 23, font_size=13, fill=INK))
    return element("g", *parts)
