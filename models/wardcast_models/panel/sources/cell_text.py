"""Typed cells of sheets and parquet tables as the text of a CSV file, row for row."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from datetime import date, datetime, time

from wardcast_models.panel.sources.limits import Limits
from wardcast_models.panel.sources.refusals import holds_too_much

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_WHOLE_LIMIT = 1e15
"""Floats below it hold every whole number exactly."""


def cell_text(value: object) -> str:
    """Return a cell's text.

    Args:
        value: A text, number, truth value, date, time, or None for an empty cell.

    Returns:
        Whole floats as integers, dates in ISO form (a midnight as its day), line breaks as spaces, so that a row of the
        table is a line of the text; an empty cell as "".
    """
    match value:
        case str():
            return on_one_line(value)
        case bool():
            return str(value).upper()
        case float():
            return _number_text(value)
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
        case date() | time():
            return value.isoformat()
    return "" if value is None else str(value)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE_LIMIT else repr(value)


def on_one_line(text: str) -> str:
    """Return a text with spaces for line breaks."""
    return " ".join(_LINE_BREAK.split(text)) if "\n" in text or "\r" in text else text


def csv_bytes(rows: Iterable[list[str]], *, name: str, limits: Limits) -> bytes:
    """Return rows as UTF-8 CSV; an empty row is an empty line, so that the lines are the rows.

    Args:
        rows: Texts of each row, without line breaks.
        name: The file's name, for the error.
        limits: Most bytes of one source.

    Returns:
        The text.

    Raises:
        WardcastError: The text would be too long.
    """
    out = io.BytesIO()
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        if any(row):
            writer.writerow(row)
        else:
            text.write("\n")
        if out.tell() > limits.source_bytes:
            raise holds_too_much(name, f"a table of at most {limits.source_bytes:,} bytes as text")
    text.flush()
    return out.getvalue()
