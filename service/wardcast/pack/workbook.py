"""The plan as a workbook: every figure, unrounded, in sheets that can be sorted and filtered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from wardcast.pack.forecast_sheets import forecast_sheets
from wardcast.pack.forecast_view import ForecastView
from wardcast.pack.outcome_sheets import outcome_sheets
from wardcast.pack.plan_sheets import plan_sheets, synthetic_note
from wardcast.pack.sheet import Kind, Sheet
from wardcast_models.allocation.plan import Plan, Provenance

FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "hours": {"num_format": "#,##0.00", "valign": "top"},
    "number": {"num_format": "#,##0.0##", "valign": "top"},
    "share": {"num_format": "0.0%", "valign": "top"},
    "pounds": {"num_format": "£#,##0.00", "valign": "top"},
    "integer": {"num_format": "0", "valign": "top"},
}
HEADER_FORMAT = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}


def write_workbook(plan: Plan, provenance: Provenance, path: Path, *, forecast: ForecastView | None = None) -> None:
    """Write the workbook.

    Text is always written as text: a name that starts with `=`, `+`, `-` or `@` never becomes a formula, and an
    address never becomes a link. Equal plans with equal provenance give equal files.

    Args:
        plan: The plan.
        provenance: Ids and times of the run that made it.
        path: File to be written; its folder exists.
        forecast: What is shown of the forecast; None leaves its sheets out.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": plan.title,
                "comments": synthetic_note(plan),
                "created": datetime.fromisoformat(provenance.created_at),
            }
        )
        formats = {kind: book.add_format(settings) for kind, settings in FORMATS.items()}
        header = book.add_format(HEADER_FORMAT)
        of_the_plan = (*plan_sheets(plan, provenance), *outcome_sheets(plan))
        for sheet in (*of_the_plan, *(forecast_sheets(forecast) if forecast else ())):
            _write_sheet(book, sheet, formats, header)


def _write_sheet(book: Any, sheet: Sheet, formats: dict[Kind, Any], header: Any) -> None:
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
            elif cell is not None:
                page.write_number(row, at, cell, formats[column.kind])
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
