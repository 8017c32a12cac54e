"""A plan on a terminal: what to look at, who gets what, how sure, what it costs; on one screen."""

from __future__ import annotations

import dataclasses
from io import StringIO
from pathlib import Path

from rich.console import Console

from tests.plan_examples import many_wards, plan_example
from tests.record_examples import plan_record_example
from wardcast.cli.output import Output
from wardcast.cli.plan_outcome import PlanOutcome
from wardcast.cli.plan_view import show_plan
from wardcast_models.allocation.plan import Plan


def printed(plan: Plan) -> list[str]:
    written = StringIO()
    output = Output(console=Console(file=written, width=120, soft_wrap=True))
    record = dataclasses.replace(plan_record_example(), plan=plan)
    show_plan(output, PlanOutcome(record=record, pack_dir=None, run_address="mlflow"), {"report.html": Path("out")})
    return written.getvalue().splitlines()


def test_warnings_come_before_the_table_and_cost_and_certainty_after_it() -> None:
    plan = plan_example()
    lines = printed(plan)
    assert lines[0] == f"Look at this first: {plan.warnings[0]}"
    said = "\n".join(lines)
    assert "in top 5" in said
    (abbey,) = [line for line in lines if "Abbey" in line and "98 %" in line]
    assert "866" in abbey
    assert (
        "How sure the ranking is, by need alone and free of the request's limits: of the 5 wards with most hours, Abbey"
        in said
    )
    assert "What would change it most" in said
    assert "The planned hours cost £105,240." in said


def test_a_plan_fits_on_one_screen_however_large_the_area() -> None:
    plan = plan_example(wards=many_wards(679))
    lines = printed(plan.model_copy(update={"warnings": plan.warnings * 10}))
    assert len(lines) < 60
    assert "15 more warnings are in the files." in lines
    assert "654 more wards are in the files." in lines
