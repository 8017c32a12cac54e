"""The plan as a workbook: every figure, unrounded, in sheets that can be sorted and filtered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from wardcast.pack.answer import answer, total_hours
from wardcast.pack.assignments_file import sorted_assignments
from wardcast.pack.forecast_sheets import forecast_sheets
from wardcast.pack.forecast_view import ForecastView
from wardcast.pack.names import ward_names
from wardcast.pack.sheet import Cell, Column, Kind, Sheet
from wardcast.pack.wording import need_label
from wardcast_models.allocation.plan import Plan, Provenance

FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "hours": {"num_format": "#,##0.00", "valign": "top"},
    "number": {"num_format": "#,##0.0##", "valign": "top"},
    "share": {"num_format": "0.0%", "valign": "top"},
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
                "comments": _synthetic_note(plan),
                "created": datetime.fromisoformat(provenance.created_at),
            }
        )
        formats = {kind: book.add_format(settings) for kind, settings in FORMATS.items()}
        header = book.add_format(HEADER_FORMAT)
        for sheet in (*_sheets(plan, provenance), *(forecast_sheets(forecast) if forecast else ())):
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


def _sheets(plan: Plan, provenance: Provenance) -> tuple[Sheet, ...]:
    return (
        _summary(plan, provenance),
        _assignments(plan),
        _wards(plan),
        _effects(plan),
        _limits(plan),
        Sheet(
            name="Assumptions",
            columns=(
                Column(header="Topic", width=26),
                Column(header="Assumed", width=80),
                Column(header="Source", width=60),
            ),
            rows=[(a.topic, a.statement, a.source) for a in plan.assumptions],
        ),
        Sheet(
            name="Findings",
            columns=(Column(header="Kind"), Column(header="Found", width=90), Column(header="File", width=50)),
            rows=[(f.kind, f.message, f.file) for f in plan.findings],
        ),
    )


def _synthetic_note(plan: Plan) -> str:
    return "SYNTHETIC SAMPLE: made-up data, not for use" if plan.synthetic else ""


def _summary(plan: Plan, provenance: Provenance) -> Sheet:
    said = answer(plan, ward_names(plan))
    rows: list[tuple[str, Cell]] = [
        ("Title", plan.title),
        ("Data", _synthetic_note(plan) or "Police-recorded crime"),
        ("Area", f"{plan.area_name} ({plan.area_code}), wards {plan.vintage}"),
        ("Months", ", ".join(plan.months)),
        ("Data up to", plan.until),
        ("Who gets most", said.who),
        ("Hours asked for and placed", said.unassigned or "All hours asked for are placed."),
        ("Today's presence", said.presence or "As given by the person who asked."),
        ("Expected effect", said.effect),
        ("If patrols have no effect", said.no_effect),
        ("Against simpler splits", said.verdict),
        ("What it costs elsewhere", said.elsewhere),
        ("Officer hours", total_hours(plan)),
        ("Officer hours asked for that stay unassigned", plan.unassigned_hours),
        ("Harm unit", plan.harm_unit),
        ("Harm avoided", plan.effect.mean),
        ("Harm avoided, 5 % point", plan.effect.q05),
        ("Harm avoided, 95 % point", plan.effect.q95),
        ("Crimes avoided", plan.effect_crimes.mean),
        ("Crimes avoided, 5 % point", plan.effect_crimes.q05),
        ("Crimes avoided, 95 % point", plan.effect_crimes.q95),
        ("Total that the plan makes as large as possible", plan.objective_value),
        ("Anti-social behaviour", plan.asb.statement),
        ("Hours set aside for it a month", plan.asb.floor_hours_per_month),
        ("Status of the search", plan.status.value),
        ("Forecast model", plan.forecast_model),
        ("Registered model", provenance.model_version),
        ("Made at", provenance.created_at),
        ("wardcast version", provenance.wardcast_version),
        ("MLflow experiment", provenance.mlflow_experiment),
        ("Run of the plan", provenance.plan_run_id),
        ("Run of the forecast", provenance.forecast_run_id),
        ("Fingerprint of the data", plan.panel_digest),
        ("Fingerprint of the request", provenance.request_digest),
        ("Use", "Supports a decision about places, never people; a person approves it."),
    ]
    return Sheet(
        name="Summary",
        columns=(Column(header="Item", width=34), Column(header="Value", kind="number", width=100)),
        rows=rows,
    )


def _assignments(plan: Plan) -> Sheet:
    return Sheet(
        name="Assignments",
        columns=(
            Column(header="Month"),
            Column(header="Shift"),
            Column(header="Ward code"),
            Column(header="Ward", width=30),
            Column(header="Team", width=30),
            Column(header="Employer"),
            Column(header="Officer hours", kind="hours"),
        ),
        rows=[
            (a.month, a.shift, a.ward_code, a.ward_name, a.resource, a.agency, a.hours)
            for a in sorted_assignments(plan)
        ],
    )


def _wards(plan: Plan) -> Sheet:
    return Sheet(
        name="Wards",
        columns=(
            Column(header="Rank", kind="integer", width=8),
            Column(header="Ward code"),
            Column(header="Ward", width=30),
            Column(header="Officer hours", kind="hours"),
            Column(header=need_label(plan.harm_scale), kind="number"),
            Column(header="Harm patrols can touch", kind="number"),
            Column(header="Share of harm patrols can touch", kind="share"),
            *_range_columns("Harm avoided"),
            *_range_columns("Crimes avoided"),
            Column(header="Residents against fitting window", kind="share"),
            Column(header="Crime against a year earlier", kind="share"),
            Column(header="Why", width=90),
        ),
        rows=[
            (
                w.rank,
                w.ward_code,
                w.ward_name,
                w.hours,
                w.need_harm,
                w.preventable_harm,
                w.preventable_harm_share,
                *(w.harm_avoided.mean, w.harm_avoided.q05, w.harm_avoided.q95),
                *(w.crimes_avoided.mean, w.crimes_avoided.q05, w.crimes_avoided.q95),
                w.growth,
                w.trend,
                " ".join(w.drivers),
            )
            for w in plan.wards
        ],
    )


def _range_columns(name: str) -> tuple[Column, ...]:
    return (
        Column(header=name, kind="number"),
        Column(header=f"{name}, 5 % point", kind="number"),
        Column(header=f"{name}, 95 % point", kind="number"),
    )


def _effects(plan: Plan) -> Sheet:
    return Sheet(
        name="Effects",
        columns=(
            Column(header="Way to share the hours", width=40),
            *_range_columns("Harm avoided"),
            *_range_columns("Crimes avoided"),
            Column(header="Keeps every limit"),
        ),
        rows=[
            (
                s.label,
                *(s.harm_avoided.mean, s.harm_avoided.q05, s.harm_avoided.q95),
                *(s.crimes_avoided.mean, s.crimes_avoided.q05, s.crimes_avoided.q95),
                "–" if s.name == "none" else "yes" if s.feasible else "no",
            )
            for s in plan.comparisons
        ],
    )


def _limits(plan: Plan) -> Sheet:
    return Sheet(
        name="Limits",
        columns=(
            Column(header="Limit", width=60),
            Column(header="Now", kind="hours"),
            Column(header="Unit", width=24),
            Column(header="One unit looser gains", kind="number"),
            Column(header="One unit tighter loses", kind="number"),
            Column(header="Shadow price (gain a unit at the margin)", kind="number", width=24),
            Column(header="Name", width=36),
        ),
        rows=[
            (
                x.description,
                x.limit,
                x.unit,
                x.gain_from_one_more,
                x.loss_from_one_less,
                x.shadow_price,
                x.name,
            )
            for x in plan.limits
        ],
    )
