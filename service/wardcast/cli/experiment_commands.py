"""Commands on experiments: backtest, rerun."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wardcast.cli.options import DataOption, JsonOption, QuietOption, WardsOption
from wardcast.cli.output import NOT_THE_SAME, Output
from wardcast.cli.written import made_folder, writing
from wardcast_models.errors import Problem, invalid_input

if TYPE_CHECKING:
    from wardcast.app.reruns import Rerun
    from wardcast_models.evaluation.comparison import Comparison
    from wardcast_models.panel.panel import Panel

_HEADLINES = ("mase", "rmsse", "wape", "scaled_crps_19", "bias", "pit_80")
"""Numbers of a rerun that are shown although they are the same."""
_MOST_ROWS = 40
_DEFAULT_ORIGINS, _DEFAULT_HORIZON_MONTHS = 5, 12


def register(app: typer.Typer) -> None:
    """Add the commands.

    Args:
        app: The command line.
    """
    data = "--data downloads --area E09000002"
    example = f"Example:  wardcast backtest {data} --origins 5 --horizon 12 --out backtest"
    by_file = "wardcast backtest --config experiments/comparisons/lbbd.yaml --data downloads --out backtest"
    app.command(epilog=f"{example}  |  {by_file}")(backtest)
    app.command(epilog="Example:  wardcast rerun 0c3f8e21d3f54c1f8d6a7b9e2f1a4c5d")(rerun)


def backtest(
    data: DataOption,
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")],
    area: Annotated[
        str | None,
        typer.Option(
            "--area", help="GSS code (E09000002), local authority's name, or London; needed without --config."
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="YAML file that says what to compare, instead of the options.")
    ] = None,
    origins: Annotated[
        int | None,
        typer.Option("--origins", min=1, max=60, help=f"Number of past origins; {_DEFAULT_ORIGINS} by default."),
    ] = None,
    horizon: Annotated[
        int | None,
        typer.Option("--horizon", min=1, max=36, help=f"Months ahead; {_DEFAULT_HORIZON_MONTHS} by default."),
    ] = None,
    wards: WardsOption = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            help="Forecaster such as mean_12_months (a name that is none lists them all); repeat for several; "
            "all by default.",
        ),
    ] = None,
    cells: Annotated[
        bool, typer.Option(help="Write cells.csv, a row for every single forecast (a gigabyte for London).")
    ] = True,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare forecasters on past origins, each seeing only what came before."""
    from wardcast.app.backtests import compare  # noqa: PLC0415 - keeps `--help` quick
    from wardcast.app.datasets import ingest  # noqa: PLC0415
    from wardcast.app.workspace import Workspace  # noqa: PLC0415
    from wardcast.cli.backtest_view import document, show, write_tables  # noqa: PLC0415
    from wardcast.settings import Settings  # noqa: PLC0415
    from wardcast_models.evaluation.comparison import read_comparison  # noqa: PLC0415
    from wardcast_models.forecasting.registry import forecaster  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    _check_options(config, {"--area": area, "--origins": origins, "--horizon": horizon, "--model": model})
    asked = read_comparison(config) if config else None
    for name in model or ():
        forecaster(name, where="--model")
    made_folder(out, where="--out")
    workspace = Workspace.open(Settings.read())
    with output.progress("backtesting") as progress:
        place = asked.area if asked else str(area)
        dataset = ingest(workspace, data_dir=data, area=place, wards=wards, progress=lambda f, p: progress(0.1 * f, p))
        comparison = asked or _comparison(dataset.panel, origins, horizon, model)
        logged = compare(
            workspace,
            dataset,
            comparison,
            progress=lambda fraction, phrase: progress(0.1 + 0.9 * fraction, phrase),
        )
    result = logged.result
    n_origins, n_months = len(comparison.origins), comparison.horizon_months
    show(output, result, title=f"{dataset.panel.area.name}: {n_origins} origins, {n_months} months ahead")
    output.state(f"Run {logged.run_id}: {workspace.tracker.view_address(logged.run_id)}")
    with writing(out, where="--out"):  # all but the cells is in the run, whatever comes of the files
        written = write_tables(result, out, cells=cells)
    output.state(f"Wrote {', '.join(written)} to {out}.")
    output.result({"run_id": logged.run_id, **document(result), "out": str(out)})


def rerun(
    run_id: Annotated[str, typer.Argument(help="Id of a training or backtest, as MLflow shows it.", metavar="RUN_ID")],
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Do a training or backtest again from what it logged, and say whether the numbers are the same."""
    from wardcast.app.reruns import rerun as run_again  # noqa: PLC0415 - keeps `--help` quick
    from wardcast.app.workspace import Workspace  # noqa: PLC0415
    from wardcast.settings import Settings  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    workspace = Workspace.open(Settings.read())
    with output.progress("running again") as progress:
        done = run_again(workspace, run_id, progress=progress)
    _show_rerun(output, done)
    output.state(f"Run {done.new_run_id}: {workspace.tracker.view_address(done.new_run_id)}")
    output.result(
        {
            "run_id": done.run_id,
            "new_run_id": done.new_run_id,
            "same": done.same,
            "numbers": len(done.numbers),
            "different": [vars(number) for number in done.different],
            "warnings": list(done.warnings),
        }
    )
    if not done.same:
        raise typer.Exit(NOT_THE_SAME)


def _check_options(config: Path | None, options: dict[str, object]) -> None:
    """Refuse options beside a file that says the same, and a comparison of no area."""
    given = [name for name, value in options.items() if value is not None] if config else []
    if given:
        raise invalid_input(
            "The configuration file says what is compared.",
            *[
                Problem(where=name, expected="no such option beside --config", found=name, mend="Put it in the file.")
                for name in given
            ],
        )
    if not config and options["--area"] is None:
        raise invalid_input(
            "The area is missing.",
            Problem(
                where="--area",
                expected="a GSS code such as E09000002, a London borough's name, or London",
                found="nothing",
                mend="Name it, or give a --config file that does.",
            ),
        )


def _comparison(panel: Panel, origins: int | None, horizon: int | None, models: list[str] | None) -> Comparison:
    """Return the comparison that the options ask for."""
    from wardcast_models.evaluation.comparison import Comparison  # noqa: PLC0415 - keeps `--help` quick
    from wardcast_models.evaluation.origins import default_origins  # noqa: PLC0415
    from wardcast_models.forecasting.registry import forecaster_names  # noqa: PLC0415

    horizon_months = horizon or _DEFAULT_HORIZON_MONTHS
    return Comparison(
        area=panel.area.code,
        origins=default_origins(panel, origins or _DEFAULT_ORIGINS, horizon_months),
        forecasters=tuple(dict.fromkeys(models or forecaster_names())),
        horizon_months=horizon_months,
    )


def _show_rerun(output: Output, done: Rerun) -> None:
    for warning in done.warnings:
        output.state(f"Note: {warning}")
    headlines = [number for number in done.numbers if number.same and _is_headline(number.name)]
    shown = [*done.different, *headlines]
    output.table(
        f"Run {done.run_id}, then and now",
        ("number", "then", "now", ""),
        [[one.name, _told(one.then), _told(one.now), "same" if one.same else "DIFFERS"] for one in shown[:_MOST_ROWS]],
    )
    if len(shown) > _MOST_ROWS:
        output.say(f"... and {len(shown) - _MOST_ROWS} more.")
    if done.same:
        output.state(f"same: all {len(done.numbers):,} numbers")
    else:
        output.state(f"not the same: {len(done.different):,} of {len(done.numbers):,} numbers differ")


def _is_headline(name: str) -> bool:
    """Tell whether a number is one of the main scores, overall and not by month ahead."""
    return name.rpartition(": ")[2].removeprefix("holdout_") in _HEADLINES


def _told(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
