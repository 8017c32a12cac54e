"""Command on releases: which one gave which months, how far each moved what was said before, what was known when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from wardcast.cli.options import AreaOption, DataOption, JsonOption, QuietOption, WardsOption
from wardcast.cli.output import Output
from wardcast.cli.written import writable_file, writing
from wardcast_models.errors import Problem, WardcastError, invalid_input


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: The command line.
    """
    app.command(epilog="Example:  wardcast releases --data downloads --area E09000002 --out revisions.csv")(releases)


def releases(
    data: DataOption,
    area: AreaOption,
    wards: WardsOption = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="Also tell what was known on a day, YYYY-MM-DD.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV file to write: what each release said of each month.")
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the releases behind the counts: what each gave, how far it moved earlier figures, what was known when."""
    from wardcast.cli.release_view import releases_document, show_releases  # noqa: PLC0415 - keeps `--help` quick
    from wardcast_models.panel.counts.revision_history import revision_history  # noqa: PLC0415
    from wardcast_models.panel.counts.revisions import as_known_on  # noqa: PLC0415
    from wardcast_models.panel.ingest import read_folder  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    day = None if known_on is None else _day(known_on)
    if out is not None:
        writable_file(out, where="--out")
    with output.progress("reading files") as progress:
        panel = read_folder(data, area=area, wards=wards, progress=progress)
    if day is not None and day < panel.first_month:
        raise _before_the_data(day, panel.first_month)
    history = revision_history(panel)
    known = None if day is None else as_known_on(panel, day)
    if out is not None:
        with writing(out, where="--out"):
            history.to_csv(out, index=False, date_format="%Y-%m-%d")
    show_releases(output, panel, history, known)  # after the file: a pager that is left early must not cost it
    if out is not None:
        output.state(f"Wrote {out}")
    output.result(releases_document(panel, history, known) | {"files": [] if out is None else [str(out)]})


def _before_the_data(day: pd.Timestamp, first_month: pd.Timestamp) -> WardcastError:
    expected = f"a day from {first_month:%Y-%m-%d} on"
    problem = Problem(where="--known-on", expected=expected, found=f"{day:%Y-%m-%d}", mend="Choose a later day.")
    return invalid_input("Nothing was known on a day before the data begin.", problem)


def _day(text: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(pd.to_datetime(text, format="%Y-%m-%d"))
    except ValueError as error:
        raise invalid_input(
            f"{text!r} is not a day.",
            Problem(where="--known-on", expected="YYYY-MM-DD", found=text, mend="Write it like 2024-03-31."),
        ) from error
