"""What the report is made of: parts with sentences, figures and tables, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

Shown = Markup | str
"""Words as a reader sees them; a plain string is escaped when the page is made."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of one column.

    Attributes:
        label: What stands in it.
        is_number: Whether its cells are figures, set right.
        is_short: Whether its cells are a few words that are kept on one line.
    """

    label: str
    is_number: bool = False
    is_short: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """One table; the first cell of a row is its head.

    Attributes:
        caption: What it shows.
        heads: The columns.
        rows: Cells by row.
        more: How many further rows the workbook has.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Shown, ...], ...]
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class ReportFigure:
    """One drawing.

    Attributes:
        caption: Heading.
        chart: The drawing.
        note: What a reader should see in it, or "".
    """

    caption: str
    chart: Markup
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the report: each kind of content in the order of the attributes.

    Attributes:
        title: Heading; "" for a part that goes on without one.
        key: Id of the heading.
        paragraphs: Sentences.
        bullets: Findings, each a sentence or two.
        figures: Drawings over the whole width.
        pairs: Drawings two beside one another.
        panels: Small drawings beside one another.
        tables: Tables.
        terms: Pairs of a term and its explanation.
        parts: Parts within.
    """

    title: str
    key: str = ""
    paragraphs: tuple[Shown, ...] = ()
    bullets: tuple[Shown, ...] = ()
    figures: tuple[ReportFigure, ...] = ()
    pairs: tuple[ReportFigure, ...] = ()
    panels: tuple[ReportFigure, ...] = ()
    tables: tuple[ReportTable, ...] = ()
    terms: tuple[tuple[str, Shown], ...] = ()
    parts: tuple[Part, ...] = ()
