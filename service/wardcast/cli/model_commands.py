"""Commands on models: forecast, train, models, promote."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wardcast.app.model_choice import check_model
from wardcast.cli.options import (
    AreaOption,
    DataOption,
    HorizonOption,
    JsonOption,
    ModelOption,
    QuietOption,
    ServerOption,
    UntilOption,
    WardsOption,
    area_code,
    open_backend,
    optional_month,
)
from wardcast.cli.output import Output
from wardcast.cli.written import writable_file, writing
from wardcast.tracking.model_record import CHAMPION, ModelRecord
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.evaluation.origins import FEWEST_JUDGED

_GATE = {True: "passed", False: "refused"}


def register(app: typer.Typer) -> None:
    """Add the commands.

    Args:
        app: The command line.
    """
    data = "--data downloads --area E09000002"
    app.command(epilog=f"Example:  wardcast forecast {data} --until 2025-03 --horizon 12 --out forecast.csv")(forecast)
    app.command(epilog=f"Example:  wardcast train {data} --until 2025-03")(train)
    app.command(epilog="Example:  wardcast models --area E09000002")(models)
    app.command(epilog="Example:  wardcast promote 3 --area E09000002")(promote)


def forecast(
    data: DataOption,
    area: AreaOption,
    horizon: HorizonOption,
    out: Annotated[Path, typer.Option("--out", help="CSV file to write.", show_default=False)],
    parts: Annotated[
        Path | None,
        typer.Option(
            "--parts",
            help="CSV file for the parts of each mean: level, season, trend, residents, homes, events.",
            metavar="FILE",
        ),
    ] = None,
    until: UntilOption = None,
    wards: WardsOption = None,
    model: ModelOption = None,
    scenario: Annotated[
        str, typer.Option(help="Delivery of the homes and jobs to come: as_planned, slower or none.")
    ] = "as_planned",
    paths: Annotated[int, typer.Option(min=50, max=5000, help="Sample paths: more make the quantiles smoother.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the paths.")] = 0,
    level: Annotated[
        str, typer.Option("--level", help="Places to add up to: ward, cluster (ward groups, or boroughs) or area.")
    ] = "ward",
    by: Annotated[str, typer.Option("--by", help="Crime to add up to: category, priority or all.")] = "category",
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Forecast every ward and category, or sums of them, with quantiles, to a CSV file.

    With --parts, a second file says what each mean is made of; the parts of a row add up to it.
    """
    from wardcast.cli.forecast_view import precision_sentences, write_parts  # noqa: PLC0415 - keeps `--help` quick
    from wardcast_models.forecasting.grouping import (  # noqa: PLC0415
        CategoryLevel,
        PlaceLevel,
        checked_level,
    )
    from wardcast_models.forecasting.pipeline import check_scenario  # noqa: PLC0415

    check_scenario(scenario, where="--scenario")
    check_model(model, where="--model")
    places = checked_level(level, PlaceLevel, where="--level")
    categories = checked_level(by, CategoryLevel, where="--by")
    output = Output(quiet=quiet, as_json=as_json)
    last = optional_month(until, where="--until")
    _check_parts(parts, out)
    for name, path in (("--out", out), ("--parts", parts)):
        if path is not None:
            writable_file(path, where=name)
    with output.progress("forecasting") as progress, open_backend(server) as backend:
        dataset = backend.ingest(data, area=area, wards=wards, progress=lambda f, phrase: progress(0.3 * f, phrase))
        made = backend.forecast(
            dataset,
            until=last,
            horizon_months=horizon,
            n_paths=paths,
            seed=seed,
            scenario=scenario,
            model=model,
            places=places,
            categories=categories,
            progress=lambda f, phrase: progress(0.3 + 0.7 * f, phrase),
        )
    record, rows = made.record, made.rows
    with writing(out, where="--out"):
        rows.to_csv(out, index=False, float_format="%.4f", lineterminator="\n")
    if parts is not None:
        with writing(parts, where="--parts"):
            write_parts(made.parts, parts)
    if dataset.synthetic:
        output.state("SYNTHETIC SAMPLE: a forecast of counts that were never recorded.")
    output.state(f"Wrote {len(rows):,} rows to {out} ({record.model}, data to {record.until:%Y-%m}).")
    if parts is not None:
        output.state(f"Wrote the parts of each mean to {parts}.")
    for sentence in precision_sentences(rows):
        output.say(sentence)
    output.say("What is not forecast, and what was assumed:")
    for note in made.notes:
        output.say(f"  - {note}")
    output.result(
        {
            "forecast": record.name,
            "model": record.model,
            "run_id": record.run_id,
            "rows": len(rows),
            "out": str(out),
            "parts": None if parts is None else str(parts),
            "notes": list(made.notes),
        }
    )


def train(
    data: DataOption,
    area: AreaOption,
    until: UntilOption = None,
    wards: WardsOption = None,
    model: ModelOption = None,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Train a forecaster, log the run and register the version in MLflow."""
    output = Output(quiet=quiet, as_json=as_json)
    check_model(model, where="--model")
    last = optional_month(until, where="--until")
    with output.progress("training") as progress, open_backend(server) as backend:
        dataset = backend.ingest(data, area=area, wards=wards, progress=lambda f, phrase: progress(0.3 * f, phrase))
        record = backend.train(
            dataset, until=last, model=model, progress=lambda f, phrase: progress(0.3 + 0.7 * f, phrase)
        )
    output.say(f"Run {record.run_id} in MLflow; `wardcast rerun {record.run_id}` does it again.")
    _show_models(output, [record])


def models(
    area: AreaOption,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """List an area's registered models, newest first."""
    output = Output(quiet=quiet, as_json=as_json)
    with open_backend(server) as backend:
        _show_models(output, backend.models(area_code(area)))


def promote(
    version: Annotated[int, typer.Argument(min=1, help="Version, as listed by `wardcast models`.", metavar="VERSION")],
    area: AreaOption,
    alias: Annotated[str, typer.Option(help="champion or challenger; a challenger is not judged.")] = CHAMPION,
    gate_origins: Annotated[
        int | None,
        typer.Option(
            min=FEWEST_JUDGED,
            max=60,
            help=f"Past months to judge from, six months apart, {FEWEST_JUDGED} to 60; 4 by default.",
            metavar="N",
        ),
    ] = None,
    without_gate: Annotated[
        str | None,
        typer.Option(help="Make it the champion without being judged; the reason is kept with it.", metavar="REASON"),
    ] = None,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a version the champion, whose forecaster forecasts and plans then use, if it deserves it.

    It is judged first on months held back: it has to forecast better than the champion (or, where there is none, than
    the best simple method), its ranges have to hold what they promise, and no group of wards may fare worse.
    """
    output = Output(quiet=quiet, as_json=as_json)
    code, reason = area_code(area), _reason(without_gate)
    if gate_origins is not None and (alias != CHAMPION or reason):
        raise invalid_input(
            "Nothing is judged here.",
            Problem(
                where="--gate-origins",
                expected="a promotion to champion through the gate",
                found="--without-gate" if reason else f"--alias {alias}",
                mend="Leave one of the two out.",
            ),
        )
    with open_backend(server) as backend:
        if alias == CHAMPION and not reason:
            with output.progress("judging") as progress:
                judged = backend.judge(code, version, n_origins=gate_origins, progress=progress)
            for check in judged.gate.checks if judged.gate else ():
                output.say(f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.found}.")
        _show_models(output, [backend.promote(code, version, alias=alias, without_gate_reason=reason)])


def _check_parts(parts: Path | None, out: Path) -> None:
    """Refuse to write the parts over the forecast."""
    if parts is not None and parts.resolve() == out.resolve():
        raise invalid_input(
            "Two files cannot be written to one place.",
            Problem(where="--parts", expected="another file than --out", found=str(parts), mend="Name another."),
        )


def _reason(text: str | None) -> str:
    """Return the reason to do without the gate, empty where none was given; a blank one is refused."""
    if text is not None and not text.strip():
        raise invalid_input(
            "Doing without the promotion gate needs a reason.",
            Problem(
                where="--without-gate",
                expected="a reason in words",
                found="nothing",
                mend="Say why: it is kept with the version.",
            ),
        )
    return (text or "").strip()


def _show_models(output: Output, records: list[ModelRecord]) -> None:
    rows = [
        (
            record.version,
            record.forecaster,
            record.until,
            "SYNTHETIC" if record.synthetic else "recorded",
            ", ".join(record.aliases),
            "without" if record.without_gate_reason else _GATE[record.gate.passed] if record.gate else "",
            record.created_at[:16].replace("T", " "),
        )
        for record in records
    ]
    title = f"Models of {records[0].area_code}" if records else "No model was trained for this area yet"
    output.table(title, ("", "forecaster", "data to", "data", "aliases", "gate", "trained (UTC)"), rows)
    output.result([asdict(record) for record in records])
