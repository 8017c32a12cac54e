"""Who does what, as sheets of the workbook: the summary, the warnings, the hours and the wards."""

from __future__ import annotations

from wardcast.pack.answer import answer, total_hours
from wardcast.pack.asb import asb_sheet
from wardcast.pack.assignments_file import sorted_assignments
from wardcast.pack.internal import INTERNAL_MARK
from wardcast.pack.names import ward_names
from wardcast.pack.sheet import Cell, Column, Sheet, range_columns
from wardcast.pack.wording import need_label
from wardcast_models.allocation.limits.month_spans import month_spans
from wardcast_models.allocation.plan import Plan, Provenance


def plan_sheets(plan: Plan, provenance: Provenance) -> tuple[Sheet, ...]:
    """Return the sheets.

    Args:
        plan: The plan.
        provenance: Ids and times of the run that made it.

    Returns:
        `Summary`, `Warnings`, `Assignments`, `Teams`, `Wards`, `Wards and teams`, `Ward categories` and
        `Anti-social behaviour`.
    """
    return (
        _summary(plan, provenance),
        Sheet(
            name="Warnings",
            columns=(Column(header="Number", kind="integer", width=8), Column(header="Warning", width=110)),
            rows=list(enumerate(plan.warnings, start=1)),
        ),
        _assignments(plan),
        _teams(plan),
        _wards(plan),
        _ward_teams(plan),
        _ward_categories(plan),
        asb_sheet(plan),
    )


def synthetic_note(plan: Plan) -> str:
    """Return what marks the workbook of made-up data, "" for recorded data."""
    return "SYNTHETIC SAMPLE: made-up data, not for use" if plan.synthetic else ""


def _summary(plan: Plan, provenance: Provenance) -> Sheet:
    said = answer(plan, ward_names(plan))
    rows: list[tuple[str, Cell]] = [
        ("Title", plan.title),
        ("Data", synthetic_note(plan) or f"Made from {said.based_on}"),
        ("Who may see it", INTERNAL_MARK),
        ("Area", f"{plan.area_name} ({plan.area_code}), wards {plan.vintage}"),
        ("Months", ", ".join(plan.months)),
        ("Data up to", plan.until),
        ("Who gets most", said.who),
        ("Hours asked for and placed", said.unassigned or "All hours asked for are placed."),
        ("Today's presence", said.presence or "As given by the person who asked."),
        ("Expected effect", said.effect),
        ("If patrols have no effect", said.no_effect),
        ("Against simpler splits", said.verdict),
        ("How sure the ranking is", said.sure or "Not worked out."),
        ("What would change it most", said.change or "No other assumption was tried."),
        ("What it costs elsewhere", said.elsewhere),
        ("Officer hours", total_hours(plan)),
        ("Officer hours asked for that stay unassigned", plan.unassigned_hours),
        ("Whole units only", "yes" if plan.whole_units else "no"),
        (
            "Cost of the planned hours, pounds",
            "not every cost is given" if plan.cost_pounds is None else plan.cost_pounds,
        ),
        ("Harm unit", plan.harm_unit),
        ("Harm avoided", plan.effect.mean),
        ("Harm avoided, 5 % point", plan.effect.q05),
        ("Harm avoided, 95 % point", plan.effect.q95),
        ("Crimes avoided", plan.effect_crimes.mean),
        ("Crimes avoided, 5 % point", plan.effect_crimes.q05),
        ("Crimes avoided, 95 % point", plan.effect_crimes.q95),
        ("Total that the plan makes as large as possible", plan.objective_value),
        ("Harm left, on average", plan.risk.residual_mean),
        ("Harm left in the worst tenth of the futures", plan.risk.residual_cvar),
        ("Weight of that worst tenth", plan.risk.cvar_weight),
        ("Futures simulated", plan.risk.draws),
        ("Risk in words", plan.risk.statement),
        ("Most that any limit is broken by, hours, before rounding", plan.certificate.worst_breach_hours),
        ("The same after rounding", plan.certificate.worst_breach_rounded_hours),
        ("Most that any plan could avoid beyond this one, share", plan.certificate.optimality_gap),
        ("Most that straight lines fall short of the curve, share", plan.certificate.chord_error),
        ("Checks in words", plan.certificate.statement),
        ("Anti-social behaviour", plan.asb.statement),
        ("Hours credited to it", plan.asb.credited_hours),
        ("Council hours kept for it a month", plan.asb.floor_hours_per_month),
        (
            "Months since it was first observed without a full count of it",
            ", ".join(month_spans(plan.asb.unobserved_months)) or "none",
        ),
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
        columns=(Column(header="Item", width=44), Column(header="Value", kind="number", width=100)),
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


def _teams(plan: Plan) -> Sheet:
    return Sheet(
        name="Teams",
        columns=(
            Column(header="Team", width=30),
            Column(header="Employer"),
            Column(header="Kind", width=36),
            Column(header="Hours available", kind="hours"),
            Column(header="Hours planned", kind="hours"),
            Column(header="Hours delivered", kind="hours"),
            Column(header="Cost", kind="pounds"),
            *range_columns("Harm avoided"),
            Column(header="Why", width=90),
        ),
        rows=[
            (
                team.resource,
                team.agency,
                team.label,
                team.hours_available,
                team.hours_planned,
                team.hours_delivered,
                team.cost_pounds,
                *(team.harm_avoided.mean, team.harm_avoided.q05, team.harm_avoided.q95),
                " ".join(team.reasons),
            )
            for team in plan.resources
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
            *range_columns("Harm avoided"),
            *range_columns("Crimes avoided"),
            Column(header="Residents against fitting window", kind="share"),
            Column(header="Crime against a year earlier", kind="share"),
            Column(header="Group of wards", width=20),
            Column(header="Protection (harm avoided per unit of need)", kind="number", width=20),
            Column(header="Burden (enforcement hours a month per 1,000 people)", kind="number", width=20),
            Column(header="Among the quarter with most hours"),
            Column(header="Futures in which it belongs there", kind="share"),
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
                w.group,
                w.protection,
                w.burden_hours_per_1000,
                "yes" if w.in_top_group else "no",
                w.top_group_share,
                " ".join(w.drivers),
            )
            for w in plan.wards
        ],
    )


def _ward_teams(plan: Plan) -> Sheet:
    return Sheet(
        name="Wards and teams",
        columns=(
            Column(header="Ward code"),
            Column(header="Ward", width=30),
            Column(header="Team", width=30),
            Column(header="Hours", kind="hours"),
            Column(header="Share of the team's hours", kind="share"),
            Column(header="Rank of the ward for the team", kind="integer"),
            Column(header="Why", width=90),
        ),
        rows=[
            (
                ward.ward_code,
                ward.ward_name,
                share.resource,
                share.hours,
                share.share,
                share.rank,
                " ".join(share.reasons),
            )
            for ward in plan.wards
            for share in ward.resources
        ],
    )


def _ward_categories(plan: Plan) -> Sheet:
    return Sheet(
        name="Ward categories",
        columns=(
            Column(header="Ward code"),
            Column(header="Ward", width=30),
            Column(header="Category", width=36),
            Column(header="Expected", kind="number"),
            Column(header="Harm", kind="number"),
            Column(header="Harm patrols can touch", kind="number"),
            Column(header="Too few to be read in one ward"),
        ),
        rows=[
            (
                ward.ward_code,
                ward.ward_name,
                part.label,
                part.expected_count,
                part.weighted_harm,
                part.preventable_harm,
                "yes" if part.too_few else "no",
            )
            for ward in plan.wards
            for part in ward.categories
        ],
    )
