"""A sheet of the workbook: a table with typed columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["text", "hours", "number", "count", "share", "probability", "pounds", "integer", "month"]
Cell = str | float | date | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a sheet.

    Attributes:
        header: Heading.
        kind: How its cells are written.
        width: Width in characters.
    """

    header: str
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: a table with a heading row.

    Attributes:
        name: Name on the tab.
        columns: The columns.
        rows: One cell a column; None leaves a cell empty.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


def range_columns(name: str) -> tuple[Column, ...]:
    """Return the columns of a mean with its 90 % range.

    Args:
        name: What the figures are.

    Returns:
        Three columns of numbers: mean, 5 % point and 95 % point.
    """
    return (
        Column(header=name, kind="number"),
        Column(header=f"{name}, 5 % point", kind="number"),
        Column(header=f"{name}, 95 % point", kind="number"),
    )
