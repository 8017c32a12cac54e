"""The assignments as a comma-separated file."""

from __future__ import annotations

import csv
from io import StringIO

from wardcast_models.allocation.plan import Assignment, Plan

ASSIGNMENT_COLUMNS = ("month", "shift", "ward_code", "ward_name", "resource", "agency", "hours", "data")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take a text cell for a formula."""


def sorted_assignments(plan: Plan) -> list[Assignment]:
    """Return the assignments by month, shift (in the order of the day), ward code and resource."""
    place = {shift: position for position, shift in enumerate(plan.shifts)}
    return sorted(
        plan.assignments,
        key=lambda a: (a.month, place.get(a.shift, len(place)), a.ward_code, a.resource, a.agency),
    )


def assignments_csv(plan: Plan) -> str:
    """Write the assignments file.

    Equal plans give the same text to the byte. A name that a spreadsheet would run as a formula gets an
    apostrophe before it, because the file is opened in spreadsheets.

    Args:
        plan: The plan.

    Returns:
        Columns `month, shift, ward_code, ward_name, resource, agency, hours, data`; hours to 0.01; `data` is
        `recorded`, or `SYNTHETIC` for the embedded sample.
    """
    data = "SYNTHETIC" if plan.synthetic else "recorded"
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ASSIGNMENT_COLUMNS)
    for row in sorted_assignments(plan):
        names = (row.month, row.shift, row.ward_code, row.ward_name, row.resource, row.agency)
        writer.writerow([*(_as_text(name) for name in names), f"{row.hours:.2f}", data])
    return out.getvalue()


def _as_text(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULA_STARTS) else name
