"""The plan as a workbook: every figure, unrounded, in sheets that can be sorted and filtered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from wardcast.pack.book import write_book
from wardcast.pack.forecast_sheets import forecast_sheets
from wardcast.pack.forecast_view import ForecastView
from wardcast.pack.internal import INTERNAL_MARK
from wardcast.pack.outcome_sheets import outcome_sheets
from wardcast.pack.plan_sheets import plan_sheets, synthetic_note
from wardcast_models.allocation.plan import Plan, Provenance


def write_workbook(plan: Plan, provenance: Provenance, path: Path, *, forecast: ForecastView | None = None) -> None:
    """Write the workbook.

    Equal plans with equal provenance give equal files.

    Args:
        plan: The plan.
        provenance: Ids and times of the run that made it.
        path: File to be written; its folder exists.
        forecast: What is shown of the forecast; None leaves its sheets out.
    """
    note = synthetic_note(plan)
    of_the_plan = (*plan_sheets(plan, provenance), *outcome_sheets(plan))
    write_book(
        path,
        (*of_the_plan, *(forecast_sheets(forecast) if forecast else ())),
        title=plan.title,
        comments=note,
        created=datetime.fromisoformat(provenance.created_at),
        mark=f"{note}. {INTERNAL_MARK}" if note else INTERNAL_MARK,
    )
