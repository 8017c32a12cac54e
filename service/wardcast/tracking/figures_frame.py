"""What all figures share: size, title, and the word that marks the synthetic sample."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS = (
    *("tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple"),
    *("tab:brown", "tab:pink", "tab:grey", "tab:olive", "tab:cyan"),
)
"""One a line, in order; used again from the first where there are more lines."""


def new_figure(title: str, *, synthetic: bool, width: float = 8.0, height: float = 4.0) -> Figure:
    """Return an empty figure with a title.

    Args:
        title: What it shows.
        synthetic: Whether it is about the embedded sample, which the title then says.
        width: Inches.
        height: Inches.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    figure.suptitle(f"SYNTHETIC SAMPLE: {title}" if synthetic else title, fontsize="medium")
    return figure


def panels(figure: Figure, number: int, *, columns: int = 3) -> list[Axes]:
    """Return a grid of axes; places that are not needed stay empty.

    Args:
        figure: The figure.
        number: Number of axes.
        columns: Most of them in a row.

    Returns:
        The axes.
    """
    columns = min(columns, number)
    grid = figure.subplots(-(-number // columns), columns, squeeze=False).ravel()
    for spare in grid[number:]:
        spare.set_visible(False)
    return list(grid[:number])
