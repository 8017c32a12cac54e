"""Commands on plans: plan, request-schema, demo."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from wardcast.app.model_choice import check_model
from wardcast.cli.options import (
    AreaOption,
    DataOption,
    JsonOption,
    ModelOption,
    QuietOption,
    ServerOption,
    UntilOption,
    WardsOption,
    open_backend,
    optional_month,
)
from wardcast.cli.output import Output
from wardcast.cli.plan_refusal import named
from wardcast.cli.plan_view import show_plan
from wardcast.cli.written import free_place, writing
from wardcast_models.allocation.request.file import read_request
from wardcast_models.allocation.request.schema import request_schema as published_schema


def register(app: typer.Typer) -> None:
    """Add the commands.

    Args:
        app: The command line.
    """
    example = "wardcast plan --data downloads --area E09000002 --until 2025-03 --request quarter.yaml --out out"
    app.command(epilog=f"Example:  {example}")(plan)
    app.command(epilog="Example:  wardcast request-schema > plan-request.schema.json")(request_schema)
    app.command(epilog="Example:  wardcast demo --out out/demo")(demo)


def plan(
    data: DataOption,
    area: AreaOption,
    request: Annotated[Path, typer.Option("--request", help="YAML file: months, teams, limits.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="Folder to write.", show_default=False)],
    until: UntilOption = None,
    wards: WardsOption = None,
    model: ModelOption = None,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Forecast, then suggest where the hours should go; writes the plan as JSON, CSV, XLSX and a report."""
    output = Output(quiet=quiet, as_json=as_json)
    asked = read_request(request)
    check_model(model, where="--model")
    free_place(out, where="--out")
    last = optional_month(until, where="--until")
    with output.progress("planning") as progress, open_backend(server) as backend:
        dataset = backend.ingest(data, area=area, wards=wards, progress=lambda f, phrase: progress(0.2 * f, phrase))
        with named(request):
            outcome = backend.plan(
                dataset,
                until=last,
                request=asked,
                model=model,
                progress=lambda f, phrase: progress(0.2 + 0.8 * f, phrase),
            )
        with writing(out, where="--out"):
            files = backend.write_plan_files(outcome, out)
    show_plan(output, outcome, files)


def request_schema() -> None:
    """Print the JSON Schema of the file that `plan --request` takes, for editors that check it while it is written."""
    Output(as_json=True).result(published_schema())


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")] = Path("out/demo"),
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run the main job on the embedded synthetic area: sample, train, plan, report."""
    from wardcast_models.sample import write_sample  # noqa: PLC0415 - keeps `--help` quick

    sample_dir = out / "sample"
    if sample_dir.exists():
        shutil.rmtree(sample_dir)
    write_sample(sample_dir)
    request = out / "request.yaml"
    request.write_text(_DEMO_REQUEST, encoding="utf-8")
    plan(
        data=sample_dir,
        area="E09000002",
        request=request,
        out=out,
        until="2025-03",
        wards=None,
        model=None,
        server=None,
        quiet=quiet,
        as_json=as_json,
    )


_DEMO_REQUEST = """\
# A quarter's hours for the embedded synthetic area.
title: Spring quarter, demonstration
horizon_months: 3
resources:
  - {name: Neighbourhood patrol, agency: police, hours_per_month: 1500}
  - name: Council enforcement officers
    agency: council
    type: council_patrol
    hours_per_month: 900
    shifts: [day, late]
    effectiveness: {asb: 0.5, criminal_damage: 0.3}  # the user's assumption, marked so in the plan
limits:
  ward_min_hours_per_month: 40
  ward_max_share: 0.15
"""
