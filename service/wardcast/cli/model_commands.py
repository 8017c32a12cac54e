"""Commands on models: forecast, backtest, train, models, promote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardcast.cli.options import (
    AreaOption,
    DataOption,
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
from wardcast.tracking.model_record import CHAMPION, ModelRecord

_HORIZON = typer.Option("--horizon", min=1, max=36, help="Months ahead.")

_SCORES = {
    "model": "forecaster",
    "mase": "MASE",
    "rmsse": "RMSSE",
    "wape": "WAPE",
    "scaled_crps": "CRPS",
    "bias": "bias",
    "pit_80": "inside 80 %",
}
"""Scores shown of a backtest, with their heads; the files hold them all."""


def register(app: typer.Typer) -> None:
    """Add the commands.

    Args:
        app: The command line.
    """
    data = "--data downloads --area E09000002"
    app.command(epilog=f"Example:  wardcast forecast {data} --until 2025-03 --horizon 12 --out forecast.csv")(forecast)
    app.command(epilog=f"Example:  wardcast backtest {data} --origins 5 --horizon 12 --out backtest")(backtest)
    app.command(epilog=f"Example:  wardcast train {data} --until 2025-03")(train)
    app.command(epilog="Example:  wardcast models --area E09000002")(models)
    app.command(epilog="Example:  wardcast promote 3 --area E09000002")(promote)


def forecast(
    data: DataOption,
    area: AreaOption,
    horizon: Annotated[int, _HORIZON],
    out: Annotated[Path, typer.Option("--out", help="CSV file to write.")],
    until: UntilOption = None,
    wards: WardsOption = None,
    model: ModelOption = None,
    scenario: Annotated[str, typer.Option(help="Housing scenario: as_planned, slower or none.")] = "as_planned",
    paths: Annotated[int, typer.Option(min=50, max=5000, help="Sample paths.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the paths.")] = 0,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Forecast every ward and category, with quantiles, to a CSV file."""
    output = Output(quiet=quiet, as_json=as_json)
    last = optional_month(until, where="--until")
    with output.progress("forecasting") as progress, open_backend(server) as backend:
        dataset = backend.ingest(data, area=area, wards=wards, progress=lambda f, phrase: progress(0.3 * f, phrase))
        record, rows = backend.forecast(
            dataset,
            until=last,
            horizon_months=horizon,
            n_paths=paths,
            seed=seed,
            scenario=scenario,
            model=model,
            progress=lambda f, phrase: progress(0.3 + 0.7 * f, phrase),
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    rows.to_csv(out, index=False, float_format="%.4f", lineterminator="\n")
    if dataset.synthetic:
        output.state("SYNTHETIC SAMPLE: a forecast of counts that were never recorded.")
    too_few = rows.loc[rows["status"] == "too_few", ["ward_code", "category"]].drop_duplicates()
    output.state(f"Wrote {len(rows):,} rows to {out} ({record.model}, data to {record.until:%Y-%m}).")
    output.say(f"{len(too_few):,} ward series have too few crimes for a claim at ward level (status too_few).")
    output.result(
        {"forecast": record.name, "model": record.model, "run_id": record.run_id, "rows": len(rows), "out": str(out)}
    )


def backtest(
    data: DataOption,
    area: AreaOption,
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")],
    origins: Annotated[int, typer.Option("--origins", min=1, max=60, help="Number of past origins.")] = 5,
    horizon: Annotated[int, _HORIZON] = 12,
    wards: WardsOption = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", help="Forecaster; repeat for several; all by default.")
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare forecasters on past origins, each seeing only what came before."""
    from wardcast.app.backtests import compare  # noqa: PLC0415 - keeps `--help` quick
    from wardcast.app.datasets import ingest  # noqa: PLC0415
    from wardcast.app.workspace import Workspace  # noqa: PLC0415
    from wardcast.settings import Settings  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    workspace = Workspace.open(Settings.read())
    with output.progress("backtesting") as progress:
        dataset = ingest(workspace, data_dir=data, area=area, wards=wards, progress=lambda f, p: progress(0.1 * f, p))
        result = compare(
            workspace,
            dataset,
            n_origins=origins,
            horizon_months=horizon,
            forecasters=tuple(model or ()),
            progress=lambda f, phrase: progress(0.1 + 0.9 * f, phrase),
        )
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in (("cells", result.cells), ("summary", result.summary), ("per_horizon", result.per_horizon)):
        frame.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
    (out / "notes.txt").write_text("\n".join(result.notes) + "\n", encoding="utf-8")
    output.table(
        f"{dataset.panel.area.name}: {origins} origins, {horizon} months ahead",
        tuple(_SCORES.values()),
        [[_score(row[name]) for name in _SCORES] for row in result.summary.to_dict("records")],
    )
    output.say("Lower is better but for bias (0 is right) and inside 80 % (0.80 is right).")
    for note in result.notes:
        output.say(note)
    output.state(f"Wrote cells.csv, summary.csv, per_horizon.csv and notes.txt to {out}.")
    output.result({"summary": result.summary.to_dict("records"), "notes": list(result.notes), "out": str(out)})


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
    last = optional_month(until, where="--until")
    with output.progress("training") as progress, open_backend(server) as backend:
        dataset = backend.ingest(data, area=area, wards=wards, progress=lambda f, phrase: progress(0.3 * f, phrase))
        record = backend.train(
            dataset, until=last, model=model, progress=lambda f, phrase: progress(0.3 + 0.7 * f, phrase)
        )
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
    version: Annotated[int, typer.Argument(min=1, help="Version, as listed by `wardcast models`.")],
    area: AreaOption,
    alias: Annotated[str, typer.Option(help="champion or challenger.")] = CHAMPION,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a version the champion; forecasts and plans then use its forecaster."""
    output = Output(quiet=quiet, as_json=as_json)
    with open_backend(server) as backend:
        _show_models(output, [backend.promote(area_code(area), version, alias=alias)])


def _show_models(output: Output, records: list[ModelRecord]) -> None:
    rows = [
        (
            record.version,
            record.forecaster,
            record.until,
            "SYNTHETIC" if record.synthetic else "recorded",
            ", ".join(record.aliases),
            record.created_at[:16].replace("T", " "),
        )
        for record in records
    ]
    title = f"Models of {records[0].area_code}" if records else "No model was trained for this area yet"
    output.table(title, ("", "forecaster", "data to", "data", "aliases", "trained (UTC)"), rows)
    output.result([vars(record) for record in records])


def _score(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
