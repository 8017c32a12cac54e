"""The report: one self-contained page for people who decide."""

from __future__ import annotations

from wardcast.pack.answer import answer, total_hours
from wardcast.pack.assumed import told_once
from wardcast.pack.changes import change_topics
from wardcast.pack.checks import checks
from wardcast.pack.figures import (
    approximately_drawn,
    effect_chart,
    hours_bars,
    hours_map,
    need_chart,
    trend_figures,
    without_polygon,
)
from wardcast.pack.forecast_section import forecast_section
from wardcast.pack.glossary import glossary
from wardcast.pack.hours_table import HoursTable, hours_tables, team_totals
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.internal import INTERNAL_MARK
from wardcast.pack.limits import limits_that_matter, warned_limits
from wardcast.pack.names import WardNames, ward_names
from wardcast.pack.sections import sections
from wardcast.pack.templating import template
from wardcast.pack.trends import FORECAST_CRIME
from wardcast.pack.ward_cards import ward_cards
from wardcast_models.allocation.plan import FindingText, Plan
from wardcast_models.reference.area_profile import area_profile
from wardcast_models.reference.evidence import evidence

MOST_WARDS_IN_DETAIL = 40
"""Wards with rows, bars and reasons of their own; a longer report would not be read."""

MOST_CARDS = 6
"""Wards with all their reasons in the open, those with most hours; each other ward has its main reason there."""

MOST_LIMITS = 8
"""Limits listed, those with the largest effect first; the workbook has all."""

MOST_WARNINGS = 8
"""Warnings told at the top; the workbook has all."""

FINDING_LABELS = {
    "caveat": "Take care",
    "missing": "Not supplied",
    "mended": "Put right",
    "left_aside": "Left aside",
    "read": "Read",
}
"""Kinds of finding in the order a reader needs them, with their names for people."""

CAUTIONS = (FINDING_LABELS["caveat"], FINDING_LABELS["missing"])
"""Those that a meeting has to know; the others are for whoever checks the files."""


def render_report(inputs: ReportInputs) -> str:
    """Render the report.

    The page asks for nothing from anywhere (its own policy forbids it), needs no script, and prints on A4.

    Args:
        inputs: The plan with what is shown beside it.

    Returns:
        A whole HTML document; the same inputs give the same text.
    """
    plan = inputs.plan
    names = ward_names(plan)
    detailed = plan.wards[:MOST_WARDS_IN_DETAIL]
    codes = [ward.ward_code for ward in detailed]
    hours = total_hours(plan)
    shown = set(codes)
    monthly = _monthly(plan, names)
    findings = _findings(plan)
    return template("report.html").render(
        plan=plan,
        contents=sections(with_months=bool(monthly)),
        provenance=inputs.provenance,
        names=names,
        answer=answer(plan, names),
        hours=hours,
        need=sum(ward.need_harm for ward in plan.wards),
        detailed=detailed,
        others=plan.wards[MOST_WARDS_IN_DETAIL:],
        cards=ward_cards(plan, detailed),
        most_cards=MOST_CARDS,
        by_name=sorted(plan.wards, key=lambda ward: (names[ward.ward_code].casefold(), ward.ward_code)),
        teams=team_totals(plan),
        all_months=hours_tables(plan, names, listed=codes),
        monthly=monthly,
        ward_map=hours_map(inputs, names),
        unmapped=without_polygon(inputs, names),
        approximate=approximately_drawn(inputs),
        hours_bars=hours_bars(plan, detailed, names),
        need_chart=need_chart(plan, detailed, names, hours=hours),
        effect_chart=effect_chart(plan) if plan.comparisons else None,
        limits=limits_that_matter(plan)[:MOST_LIMITS],
        internal_mark=INTERNAL_MARK,
        most_warnings=MOST_WARNINGS,
        warned_limits=warned_limits(plan),
        topics=change_topics(plan, names),
        assumptions=told_once(plan.assumptions),
        checks=checks(plan),
        evidence=evidence().values(),
        profile=area_profile(plan.area_code).values(),
        crime_label=next((trend.label for trend in inputs.trends if trend.scope == "area"), FORECAST_CRIME),
        area_trends=trend_figures([trend for trend in inputs.trends if trend.scope != "ward"]),
        ward_trends=trend_figures([trend for trend in inputs.trends if trend.scope == "ward" and trend.key in shown]),
        section=None if inputs.forecast is None else forecast_section(inputs.forecast),
        findings=findings,
        cautions=[group for group in findings if group[0] in CAUTIONS],
        routine=[group for group in findings if group[0] not in CAUTIONS],
        routine_findings=sum(len(found) for label, found in findings if label not in CAUTIONS),
        glossary=glossary(plan),
    )


def _monthly(plan: Plan, names: WardNames) -> list[tuple[str, tuple[HoursTable, ...]]]:
    """Return the tables of each month; none where one month is all there is, or where they would fill a book."""
    if len(plan.months) == 1 or len(plan.wards) > MOST_WARDS_IN_DETAIL:
        return []
    codes = [ward.ward_code for ward in plan.wards]
    return [(month, hours_tables(plan, names, listed=codes, month=month)) for month in plan.months]


def _findings(plan: Plan) -> list[tuple[str, list[FindingText]]]:
    """Group the findings by kind, in the order a reader needs them."""
    kinds = [*FINDING_LABELS, *sorted({finding.kind for finding in plan.findings} - set(FINDING_LABELS))]
    groups = [(FINDING_LABELS.get(kind, kind), [f for f in plan.findings if f.kind == kind]) for kind in kinds]
    return [(label, found) for label, found in groups if found]
