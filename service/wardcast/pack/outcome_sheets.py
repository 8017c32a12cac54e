"""What the plan does and what it rests on, as sheets of the workbook."""

from __future__ import annotations

from wardcast.pack.limits import warned_limits
from wardcast.pack.packaged_figures import evidence_effect
from wardcast.pack.sheet import Cell, Column, Sheet, range_columns
from wardcast_models.allocation.plan import Plan
from wardcast_models.reference.evidence import evidence


def outcome_sheets(plan: Plan) -> tuple[Sheet, ...]:
    """Return the sheets.

    Args:
        plan: The plan.

    Returns:
        `Effects`, `Limits`, `Changes`, `Fairness`, `Assumptions`, `Evidence` and `Findings`.
    """
    return (
        _effects(plan),
        _limits(plan),
        _changes(plan),
        _fairness(plan),
        Sheet(
            name="Assumptions",
            columns=(
                Column(header="Topic", width=26),
                Column(header="Assumed", width=80),
                Column(header="Source", width=60),
            ),
            rows=[(a.topic, a.statement, a.source) for a in plan.assumptions],
        ),
        _evidence(),
        Sheet(
            name="Findings",
            columns=(Column(header="Kind"), Column(header="Found", width=90), Column(header="File", width=50)),
            rows=[(f.kind, f.message, f.file) for f in plan.findings],
        ),
    )


def _effects(plan: Plan) -> Sheet:
    return Sheet(
        name="Effects",
        columns=(
            Column(header="Way to share the hours", width=40),
            *range_columns("Harm avoided"),
            *range_columns("Crimes avoided"),
            Column(header="Harm left in the worst tenth", kind="number"),
            Column(header="Keeps every limit"),
        ),
        rows=[
            (
                s.label,
                *(s.harm_avoided.mean, s.harm_avoided.q05, s.harm_avoided.q95),
                *(s.crimes_avoided.mean, s.crimes_avoided.q05, s.crimes_avoided.q95),
                s.residual_cvar,
                "–" if s.name == "none" else "yes" if s.feasible else "no",
            )
            for s in plan.comparisons
        ],
    )


def _limits(plan: Plan) -> Sheet:
    warned = warned_limits(plan)
    return Sheet(
        name="Limits",
        columns=(
            Column(header="Limit", width=60),
            Column(header="Now", kind="hours"),
            Column(header="Unit", width=24),
            Column(header="One unit looser gains", kind="number"),
            Column(header="One unit tighter loses", kind="number"),
            Column(header="Shadow price (gain a unit at the margin)", kind="number", width=24),
            Column(header="Total without it would be higher by", kind="share", width=24),
            Column(header="Warning"),
            Column(header="Set by", width=36),
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
                x.cost_share,
                "look at this" if x.name in warned else "",
                x.field,
                x.name,
            )
            for x in plan.limits
        ],
    )


def _changes(plan: Plan) -> Sheet:
    """Return one row for each ward whose rank changes, and one for an assumption that changes none."""
    rows: list[tuple[Cell, ...]] = []
    for tried in plan.sensitivities:
        about: tuple[Cell, ...] = (
            tried.topic,
            tried.label,
            tried.hours_moved_share,
            tried.harm_avoided_by_this_plan,
            tried.harm_avoided,
            tried.harm_unit,
        )
        rows += [
            (*about, c.ward_code, c.ward_name, c.rank_now, c.rank_then, c.hours_now, c.hours_then, tried.statement)
            for c in tried.changes
        ] or [(*about, *(None,) * 6, tried.statement)]
    return Sheet(
        name="Changes",
        columns=(
            Column(header="About", width=20),
            Column(header="If this held instead", width=44),
            Column(header="Hours that would move", kind="share"),
            Column(header="This plan would avoid", kind="number"),
            Column(header="The plan made for it would avoid", kind="number"),
            Column(header="Unit", width=30),
            Column(header="Ward code"),
            Column(header="Ward", width=30),
            Column(header="Rank now", kind="integer"),
            Column(header="Rank then", kind="integer"),
            Column(header="Hours now", kind="hours"),
            Column(header="Hours then", kind="hours"),
            Column(header="In words", width=90),
        ),
        rows=rows,
    )


def _fairness(plan: Plan) -> Sheet:
    return Sheet(
        name="Fairness",
        columns=(
            Column(header="Group of wards", width=30),
            Column(header="Wards", kind="integer"),
            Column(header="Hours", kind="hours"),
            Column(header="Protection (harm avoided per unit of need)", kind="number", width=24),
            Column(header="Burden (enforcement hours a month per 1,000 people)", kind="number", width=24),
        ),
        rows=[(g.group, g.wards, g.hours, g.protection, g.burden_hours_per_1000) for g in plan.fairness],
    )


def _evidence() -> Sheet:
    return Sheet(
        name="Evidence",
        columns=(
            Column(header="Study", width=50),
            Column(header="Published in", width=50),
            Column(header="Scale", width=24),
            Column(header="Country"),
            Column(header="Quality", width=40),
            Column(header="Effect", width=50),
            Column(header="Note", width=60),
            Column(header="How it is used", width=60),
        ),
        rows=[
            (s.title, s.citation, s.scale, s.country, s.quality, evidence_effect(s), s.note, s.use)
            for s in evidence().values()
        ],
    )
