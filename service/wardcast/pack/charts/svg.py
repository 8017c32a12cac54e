"""SVG markup from Python: every text and attribute is escaped on the way in."""

from __future__ import annotations

from markupsafe import Markup, escape

Child = Markup | str
Attribute = str | int | float


def number(value: float) -> str:
    """Write a coordinate with at most one decimal.

    Args:
        value: Coordinate in user units.

    Returns:
        The shortest text of the value rounded to 0.1.
    """
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def element(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """Build one element.

    Args:
        tag: Element name.
        *children: Markup is kept, plain strings are escaped.
        **attributes: Underscores become hyphens; a trailing underscore is dropped (`class_`).

    Returns:
        The element as markup.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(
            name.rstrip("_").replace("_", "-"), number(value) if isinstance(value, float) else value
        )
        for name, value in attributes.items()
    )
    body = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(tag, written, body)


def text(content: str, x: float, y: float, **attributes: Attribute) -> Markup:
    """Build a text element.

    Args:
        content: The words; escaped.
        x: Anchor, user units.
        y: Baseline, user units.
        **attributes: Further attributes.

    Returns:
        The element as markup.
    """
    return element("text", content, x=float(x), y=float(y), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Attribute) -> Markup:
    """Build a straight line between two points in user units."""
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **attributes)


def rectangle(x: float, y: float, width: float, height: float, **attributes: Attribute) -> Markup:
    """Build a rectangle from its top left corner and size in user units."""
    return element("rect", x=float(x), y=float(y), width=float(width), height=float(height), **attributes)


def drawing(key: str, width: float, height: float, title: str, description: str, *children: Child) -> Markup:
    """Build a whole drawing that assistive technology reads as one image with a name and a description.

    Args:
        key: Unique within the page; the ids of title and description are made from it.
        width: Width in user units.
        height: Height in user units.
        title: Name of the image.
        description: What the image shows, in words; carries the main figures.
        *children: The content.

    Returns:
        The `svg` element as markup.
    """
    title_id, description_id = f"{key}-title", f"{key}-desc"
    return element(
        "svg",
        element("title", title, id=title_id),
        element("desc", description, id=description_id),
        *children,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{title_id} {description_id}",
        class_="chart",
    )
