"""One row a ward: its rank now, and its ranks under other assumptions, told apart by shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.palette import DARK_BLUE, GREY, INK, PAPER, RULE
from wardcast.pack.charts.ranked_bars import LABEL_WIDTH, WIDTH, shortened
from wardcast.pack.charts.scale import ROUND_STEPS, Scale, round_up
from wardcast.pack.charts.svg import drawing, element, line, text

ROW_HEIGHT = 34.0
LEGEND_HEIGHT = 20.0
LONGEST_LEGEND = 76

SHAPES = (
    "M-5 -5h10v10h-10z",
    "M0 -7l7 7l-7 7l-7 -7z",
    "M0 -6.5l7 12h-14z",
    "M0 6.5l7 -12h-14z",
    "M-2 -6h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
)
"""Outlines of the marks around their middle: square, diamond, triangle up, triangle down, cross."""

MOST_SERIES = len(SHAPES)
"""Assumptions that one drawing can tell apart."""


@dataclass(frozen=True, kw_only=True)
class RankRow:
    """One ward's ranks, 1 for the most hours.

    Attributes:
        label: Ward name.
        now: Rank in the plan.
        then: Rank under each other assumption.
    """

    label: str
    now: int
    then: tuple[int, ...]


def rank_dots(
    rows: Sequence[RankRow], labels: Sequence[str], *, last_rank: int, key: str, title: str, description: str
) -> Markup:
    """Draw the rows in the order given, rank 1 at the left.

    Args:
        rows: The wards.
        labels: The other assumptions, at most `MOST_SERIES`.
        last_rank: Rank of the last ward of all; the axis ends there or at the last rank shown.
        key: Id of the drawing within the page.
        title: Name of the image.
        description: The image in words.

    Returns:
        The drawing.
    """
    top = LEGEND_HEIGHT * (len(labels) + 1) + 30
    bottom = top + len(rows) * ROW_HEIGHT
    scale = _ranks(max(last_rank, *(max(row.now, *row.then) for row in rows), 2))
    grid = [
        element(
            "g",
            line(scale.at(tick), top - 4, scale.at(tick), bottom, stroke=RULE, stroke_width=0.8),
            text(f"{tick:,.0f}", scale.at(tick), top - 10, font_size=12, fill=GREY, text_anchor="middle"),
        )
        for tick in scale.ticks
    ]
    axis = text("Rank by hours", LABEL_WIDTH - 12, top - 10, font_size=12, fill=GREY, text_anchor="end")
    drawn = [_row(row, labels, top + (i + 0.5) * ROW_HEIGHT, scale.at) for i, row in enumerate(rows)]
    return drawing(key, WIDTH, bottom + 6, title, description, _legend(labels), axis, *grid, *drawn)


def _ranks(last: int) -> Scale:
    step = round_up(max(1.0, last / 8), (1.0, *ROUND_STEPS[1:2], 5.0, 10.0))
    ticks = (1.0, *(step * i for i in range(1, int(last / step) + 1) if step * i > 1))
    return Scale(low=1.0, high=float(last), start=LABEL_WIDTH + 8, end=WIDTH - 24, ticks=ticks)


def _row(row: RankRow, labels: Sequence[str], y: float, at: Callable[[float], float]) -> Markup:
    positions = [at(rank) for rank in (row.now, *row.then)]
    words = "; ".join(f"{label}: {rank:,}" for label, rank in zip(labels, row.then, strict=True))
    # marks of equal rank would hide each other on one line, so those of the other assumptions stand around it
    spread = [(i - (len(row.then) - 1) / 2) * 4 for i in range(len(row.then))]
    return element(
        "g",
        element("title", f"{row.label}: rank {row.now:,} in this plan; {words}"),
        text(shortened(row.label), LABEL_WIDTH - 12, y + 4.5, font_size=13, fill=INK, text_anchor="end"),
        line(min(positions), y, max(positions), y, stroke=GREY, stroke_width=1.5),
        _disc(positions[0], y),
        *(
            _mark(shape, x, y + dy)
            for shape, x, dy in zip(SHAPES, positions[1:], spread, strict=False)
            if x != positions[0]
        ),
    )


def _disc(x: float, y: float) -> Markup:
    return element("circle", cx=float(x), cy=float(y), r=6, fill=DARK_BLUE)


def _mark(shape: str, x: float, y: float) -> Markup:
    return element("path", d=shape, transform=f"translate({x:.1f} {y:.1f})", fill=PAPER, stroke=INK, stroke_width=1.5)


def _legend(labels: Sequence[str]) -> Markup:
    entries = [_disc(LABEL_WIDTH - 4, 12), text("This plan", LABEL_WIDTH + 10, 16.5, font_size=13, fill=INK)]
    for i, (shape, label) in enumerate(zip(SHAPES, labels, strict=False), start=1):
        y = 12 + i * LEGEND_HEIGHT
        entries.append(_mark(shape, LABEL_WIDTH - 4, y))
        words = shortened(label, LONGEST_LEGEND)
        entries.append(text(words, LABEL_WIDTH + 10, y + 4.5, font_size=13, fill=INK))
    return element("g", *entries)
