"""Writing sheets to a workbook: text stays text, equal sheets give equal files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from wardcast.pack.sheet import Kind, Sheet

FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "hours": {"num_format": "#,##0.00", "valign": "top"},
    "number": {"num_format": "#,##0.0##", "valign": "top"},
    "count": {"num_format": "#,##0.0#", "valign": "top"},
    "share": {"num_format": "0.0%", "valign": "top"},
    "probability": {"num_format": "0.0000", "valign": "top"},
    "pounds": {"num_format": "£#,##0.00", "valign": "top"},
    "integer": {"num_format": "0", "valign": "top"},
    "month": {"num_format": "yyyy-mm", "valign": "top"},
}
WHOLE_COUNT = {"num_format": "#,##0", "valign": "top"}
"""Of a count that is a whole number: an optional decimal would leave it a point at its end (`19,352.`)."""

HEADER_FORMAT = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}


def write_book(
    path: Path, sheets: Iterable[Sheet], *, title: str, comments: str, created: datetime, mark: str = ""
) -> None:
    """Write a workbook.

    Text is always written as text: a name that starts with `=`, `+`, `-` or `@` never becomes a formula, and an
    address never becomes a link.

    Args:
        path: File to be written; its folder exists.
        sheets: The sheets in order; at least one.
        title: Title in the file's properties.
        comments: Comments there.
        created: Time of creation there.
        mark: What stands on every printed page, for example that it is internal.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "comments": comments, "created": created})
        formats = {kind: book.add_format(settings) for kind, settings in FORMATS.items()}
        whole = book.add_format(WHOLE_COUNT)
        header = book.add_format(HEADER_FORMAT)
        for sheet in sheets:
            page = _write_sheet(book, sheet, formats, whole=whole, header=header)
            if mark:
                page.set_header(f"&C{mark.replace('&', '&&')}")


def _write_sheet(book: Any, sheet: Sheet, formats: dict[Kind, Any], *, whole: Any, header: Any) -> Any:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, column.header, header)
    for row, cells in enumerate(sheet.rows, start=1):
        for at, (column, cell) in enumerate(zip(sheet.columns, cells, strict=True)):
            if isinstance(cell, str):
                page.write_string(row, at, cell, formats["text"])
            elif isinstance(cell, date):
                page.write_datetime(row, at, datetime.combine(cell, time()), formats[column.kind])
            elif cell is not None:
                of_kind = whole if column.kind == "count" and cell == round(cell) else formats[column.kind]
                page.write_number(row, at, cell, of_kind)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    return page
