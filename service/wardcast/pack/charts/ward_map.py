"""A map of places coloured by an amount: officer hours, crimes, a rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from wardcast.pack.charts.labels import LabelPlace, label_place, wrapped
from wardcast.pack.charts.palette import GREY, INK, PAPER, RULE, SEQUENCE
from wardcast.pack.charts.projection import Ring, path_data, project
from wardcast.pack.charts.scale import ROUND_STEPS, round_up
from wardcast.pack.charts.svg import drawing, element, number, rectangle, text

WIDTH = 700.0
MAX_HEIGHT = 660.0
LABEL_FORMS = ((13.0, True), (11.0, True), (11.0, False))
"""Font size, and whether the value stands below the name: the first form that fits is used."""
LINE_SPACING = 1.12
MOST_NAME_LINES = 3
LEGEND_COLUMN = 115.0
"""Width of a legend entry; entries that do not fit beside one another go below."""
LEGEND_LINE = 26.0
STEPS = 20
"""Round steps between the least and the most, on which classes end."""
SAME = 1e-9
"""Values closer than this, relative to their size, are one."""
OUTLINE = "outline "
"""What the keys of outlines start with, so that none is taken for a place."""


@dataclass(frozen=True, kw_only=True)
class MapWard:
    """One place of the map: a ward, or a small area.

    Attributes:
        code: Its code.
        name: Its name.
        rank: Rank by the value, 1 for the most.
        value: What it is coloured by; not negative.
        value_label: The value with its unit, as people read it.
        below: What is written below the name where it fits, or "".
        labelled: Whether to write into it at all.
        marked: Whether it gets a thick border, for example as a hotspot.
    """

    code: str
    name: str
    rank: int
    value: float
    value_label: str
    below: str
    labelled: bool
    marked: bool = False


@dataclass(frozen=True, kw_only=True)
class MapWords:
    """The words of a map.

    Attributes:
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.
        legend: What the colours stand for.
        none: What a hatched place has, for example `No hours`.
        marked: What a thick border stands for, or "" where no place can have one.
    """

    key: str
    title: str
    description: str
    legend: str
    none: str
    marked: str = ""


def ward_map(
    wards: Sequence[MapWard],
    polygons: Mapping[str, Mapping[str, Any]],
    words: MapWords,
    *,
    outlines: Mapping[str, Mapping[str, Any]] | None = None,
    width: float = WIDTH,
) -> Markup | None:
    """Draw the map: darker means more, hatched means none.

    A ward carries its rank, name and value where they fit, else less; a table or bars beside the map name them all.

    Args:
        wards: The places.
        polygons: GeoJSON geometry by code.
        words: The words.
        outlines: GeoJSON geometry by name of larger places, drawn as lines with their names.
        width: Width of the drawing in user units; words keep their size, so a small map holds fewer.

    Returns:
        The drawing, or None where no place can be drawn.
    """
    known = {ward.code: polygons[ward.code] for ward in wards if ward.code in polygons}
    if not known:
        return None
    around = {OUTLINE + name: shape for name, shape in (outlines or {}).items()}
    shapes = project(known | around, width=width - 4, max_height=MAX_HEIGHT)
    tops = class_tops([ward.value for ward in wards])
    drawn = [ward for ward in wards if ward.code in shapes.rings]
    if not drawn:
        return None
    areas = [_area(ward, shapes.rings[ward.code], tops, words) for ward in drawn]
    borders = [_border(shapes.rings[ward.code]) for ward in drawn if ward.marked]
    lines = [_outline(shapes.rings[key]) for key in around if key in shapes.rings]
    names = [_outline_name(key, shapes.rings[key]) for key in around if key in shapes.rings]
    labels = [_label(ward, shapes.rings[ward.code], tops) for ward in drawn if ward.labelled]
    legend, legend_height = _legend(tops, words, top=shapes.height + 26, width=width)
    return drawing(
        words.key,
        width,
        shapes.height + legend_height + 30,
        words.title,
        words.description,
        _hatching(words.key),
        element("g", *areas, *lines, *borders, *labels, *names, transform="translate(2 2)"),
        legend,
    )


def class_tops(values: Sequence[float]) -> tuple[float, ...]:
    """Return the upper end of each colour class, narrow for little and wide for much.

    Hours and crimes are skewed: equal steps would leave one dark ward among pale ones, and classes with as many wards
    each would hide the one that stands out. The square root of what a place has beyond the least is therefore cut into
    equal steps, at round numbers.

    Args:
        values: Values of the places.

    Returns:
        Increasing round numbers, the last at least the largest value, at most as many as there are colours; empty where
        every value is 0.
    """
    some = [value for value in values if value > 0]
    if not some:
        return ()
    least, most = min(some), max(some)
    if most - least < SAME * most:
        return (round_up(most),)
    step = round_up((most - least) / STEPS, ROUND_STEPS)
    shares = [(number / len(SEQUENCE)) ** 2 for number in range(1, len(SEQUENCE) + 1)]
    return tuple(sorted({math.ceil((least + (most - least) * share) / step - SAME) * step for share in shares}))


def class_of(value: float, tops: Sequence[float]) -> int:
    """Return the position of the first class that reaches up to the value."""
    return next((index for index, top in enumerate(tops[:-1]) if value <= top), len(tops) - 1)


def _colour(index: int, tops: Sequence[float]) -> int:
    """Spread fewer classes than colours over the whole range from light to dark."""
    return len(SEQUENCE) - 1 if len(tops) == 1 else round(index * (len(SEQUENCE) - 1) / (len(tops) - 1))


def _pattern(key: str) -> str:
    """Return the id of the hatching, one a map: a page may hold several."""
    return f"{key}-none"


def _hatching(key: str) -> Markup:
    stripes = element("path", d="M0 6L6 0", stroke=RULE, stroke_width=1, fill="none")
    tile = element(
        "pattern",
        rectangle(0, 0, 6, 6, fill=PAPER),
        stripes,
        id=_pattern(key),
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", tile)


def _fill(value: float, tops: Sequence[float], key: str) -> str:
    return SEQUENCE[_colour(class_of(value, tops), tops)] if value > 0 else f"url(#{_pattern(key)})"


def _darkest(value: float, tops: Sequence[float]) -> bool:
    return value > 0 and _colour(class_of(value, tops), tops) == len(SEQUENCE) - 1


def _area(ward: MapWard, rings: Sequence[Ring], tops: Sequence[float], words: MapWords) -> Markup:
    said = f"{ward.name}: {ward.value_label}"
    if ward.marked and words.marked:
        said += f" ({words.marked})"
    return element(
        "path",
        element("title", said),
        d=path_data(rings),
        fill=_fill(ward.value, tops, words.key),
        fill_rule="evenodd",
        # a border that shows on the darkest as on the lightest fill
        stroke=RULE if _darkest(ward.value, tops) else GREY,
        stroke_width=1,
        stroke_linejoin="round",
    )


def _border(rings: Sequence[Ring]) -> Markup:
    """Draw a thick dark line within a light one, which shows on every fill and in grey print."""
    d = path_data(rings)
    return element(
        "g",
        element("path", d=d, fill="none", stroke=PAPER, stroke_width=6, stroke_linejoin="round"),
        element("path", d=d, fill="none", stroke=INK, stroke_width=3, stroke_linejoin="round"),
    )


def _outline(rings: Sequence[Ring]) -> Markup:
    return element(
        "path", d=path_data(rings), fill="none", stroke=INK, stroke_width=1.4, stroke_linejoin="round", opacity=0.7
    )


def _outline_name(key: str, rings: Sequence[Ring]) -> Markup:
    return _written(key.removeprefix(OUTLINE), "", rings, forms=((11.0, False),), dark=False) or Markup("")


def _label(ward: MapWard, rings: Sequence[Ring], tops: Sequence[float]) -> Markup:
    dark = _darkest(ward.value, tops)
    written = _written(f"{ward.rank}.\u00a0{ward.name}", ward.below, rings, forms=LABEL_FORMS, dark=dark)
    if written is not None:
        return written
    size = LABEL_FORMS[0][0]
    place = label_place(rings, height=size)
    if place is None or place.width < len(str(ward.rank)) * size * 0.6:
        return Markup("")
    return _lines((str(ward.rank),), "", place, size=size, dark=dark)


def _written(
    name: str, below: str, rings: Sequence[Ring], *, forms: Sequence[tuple[float, bool]], dark: bool
) -> Markup | None:
    """Write a name, and what stands below it, in the first form that fits; None where none does."""
    for size, with_below in forms:
        for lines in range(1, MOST_NAME_LINES + 1):
            place = label_place(rings, height=(lines + with_below) * size * LINE_SPACING)
            if place is None:
                break
            words = wrapped(name, font_size=size, width=place.width, most_lines=lines)
            if words is not None:
                return _lines(words, below if with_below else "", place, size=size, dark=dark)
    return None


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


def _legend(tops: Sequence[float], words: MapWords, *, top: float, width: float) -> tuple[Markup, float]:
    """Draw the legend and return its height."""
    entries = [(words.none, f"url(#{_pattern(words.key)})")]
    for index, end in enumerate(tops):
        label = f"{tops[index - 1]:,g} to {end:,g}" if index else f"up to {end:,g}"
        entries.append((label, SEQUENCE[_colour(index, tops)]))
    columns = max(1, int((width - 4) / LEGEND_COLUMN))
    parts = [text(words.legend, 2, top, font_size=13, font_weight="bold", fill=INK)]
    lines = -(-len(entries) // columns)
    for i, (label, fill) in enumerate(entries):
        x, y = 2 + (i % columns) * (width - 4) / columns, top + (i // columns) * LEGEND_LINE
        parts.append(rectangle(x, y + 10, 22, 16, fill=fill, stroke=GREY, stroke_width=1))
        parts.append(text(label, x + 28, y + 23, font_size=13, fill=INK))
    if words.marked:
        y = top + lines * LEGEND_LINE
        parts.append(rectangle(4, y + 11.5, 19, 13, fill=PAPER, stroke=INK, stroke_width=3))
        parts.append(text(f"thick border: {words.marked}", 30, y + 23, font_size=13, fill=INK))
        lines += 1
    return element("g", *parts), lines * LEGEND_LINE + 10
