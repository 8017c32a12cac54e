"""A plan as tables on a terminal."""

from __future__ import annotations

import json
from pathlib import Path

from wardcast.cli.output import Output
from wardcast.cli.plan_outcome import PlanOutcome
from wardcast.pack.agencies import AGENCY_LABELS
from wardcast.pack.answer import answer
from wardcast.pack.certainty import top_group
from wardcast.pack.names import ward_names
from wardcast_models.allocation.plan import Plan

_WARDS_SHOWN = 25
_WARNINGS_SHOWN = 5
"""A plan fits on one screen; its files hold the rest."""


def show_plan(output: Output, outcome: PlanOutcome, files: dict[str, Path]) -> None:
    """Print a plan, what it is expected to do, and where its files and its run are.

    Args:
        output: Where to.
        outcome: The plan and the address of its run.
        files: Path of each file written, by name.
    """
    plan = outcome.record.plan
    if plan.synthetic:
        output.state("SYNTHETIC SAMPLE: a plan for an area whose counts were never recorded.")
    for warning in plan.warnings[:_WARNINGS_SHOWN]:
        output.state(f"Look at this first: {warning}")
    if len(plan.warnings) > _WARNINGS_SHOWN:
        output.state(f"{len(plan.warnings) - _WARNINGS_SHOWN} more warnings are in the files.")
    hours = _hours_by_ward_and_agency(plan)
    agencies = [agency for agency in AGENCY_LABELS if any(agency == worked for _, worked in hours)]
    total_hours = sum(ward.hours for ward in plan.wards)
    group = top_group(plan)
    rows = [
        [
            ward.rank,
            ward.ward_name,
            *(round(hours.get((ward.ward_code, agency), 0.0)) for agency in agencies),
            round(ward.hours),
            f"{100 * ward.hours / max(total_hours, 1e-9):.0f} %",
            f"{100 * ward.preventable_harm_share:.0f} %",
            *([f"{100 * ward.top_group_share:.0f} %"] if group else []),
        ]
        for ward in plan.wards[:_WARDS_SHOWN]
    ]
    title = f"{plan.title}: {plan.area_name}, officer hours {plan.months[0]} to {plan.months[-1]}"
    sure = [f"in top {len(group)}"] if group else []
    columns = ["", "ward", *agencies, "all", "of hours", "of harm", *sure]
    output.table(title, columns, rows)
    if len(plan.wards) > _WARDS_SHOWN:
        output.say(f"{len(plan.wards) - _WARDS_SHOWN} more wards are in the files.")
    compared = [
        (
            split.label,
            split.harm_avoided.mean,
            split.harm_avoided.q05,
            split.harm_avoided.q95,
            split.crimes_avoided.mean,
        )
        for split in plan.comparisons
    ]
    output.table(f"Expected effect, {plan.harm_unit}", ("split", "mean", "5 %", "95 %", "crimes avoided"), compared)
    said = answer(plan, ward_names(plan))
    told = (plan.verdict, plan.zero_effect_statement, said.unassigned, said.presence, said.asb, said.sure, said.change)
    for sentence in (*told, said.cost):
        if sentence:
            output.state(sentence)
    output.say(plan.asb.statement)
    output.say()
    for name, path in files.items():
        output.state(f"{name:<16} {path}")
    output.state(f"{'MLflow run':<16} {outcome.run_address}")
    if output.as_json:
        output.result(json.loads(files["plan.json"].read_text(encoding="utf-8")))


def _hours_by_ward_and_agency(plan: Plan) -> dict[tuple[str, str], float]:
    hours: dict[tuple[str, str], float] = {}
    for item in plan.assignments:
        key = (item.ward_code, item.agency)
        hours[key] = hours.get(key, 0.0) + item.hours
    return hours
