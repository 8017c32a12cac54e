"""Command on regimes: what was marked, how far it stepped, and what else stepped."""

from __future__ import annotations

import typer

from wardcast.cli.options import (
    AreaOption,
    DataOption,
    JsonOption,
    QuietOption,
    UntilOption,
    WardsOption,
    optional_month,
)
from wardcast.cli.output import Output


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: The command line.
    """
    app.command(epilog="Example:  wardcast regimes --data downloads --area E09000002")(regimes)


def regimes(
    data: DataOption,
    area: AreaOption,
    until: UntilOption = None,
    wards: WardsOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show marked events with their estimated steps, and changes that nothing marked explains."""
    from wardcast.cli.regime_view import regime_document, show_regimes  # noqa: PLC0415 - keeps `--help` quick
    from wardcast_models.forecasting.detector import proposed_events  # noqa: PLC0415
    from wardcast_models.forecasting.scope import scope_of  # noqa: PLC0415
    from wardcast_models.forecasting.steps import marked_steps  # noqa: PLC0415
    from wardcast_models.panel.ingest import read_folder  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    last = optional_month(until, where="--until")
    with output.progress("reading files") as progress:
        panel = read_folder(data, area=area, wards=wards, progress=lambda f, phrase: progress(0.6 * f, phrase))
        last = panel.last_month if last is None else last
        progress(0.6, "estimating steps")
        steps = {"pool": marked_steps(panel, until=last), "area": marked_steps(panel, until=last, area_only=True)}
        proposals = proposed_events(panel, until=last, progress=lambda f, phrase: progress(0.7 + 0.3 * f, phrase))
    show_regimes(output, panel, steps["pool"], steps["area"], proposals)
    left_out = scope_of(panel.up_to(last)).notes
    if left_out:
        output.say("What cannot be forecast was not looked at:")
    for note in left_out:
        output.say(f"  - {note}")
    output.result(regime_document(panel, steps["pool"], steps["area"], proposals) | {"left_out": list(left_out)})
