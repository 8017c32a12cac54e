"""The command that runs the service: gRPC, workers and the page in one process group."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from wardcast.cli.options import QuietOption, WardsOption
from wardcast.cli.output import Output
from wardcast_models.errors import Problem, invalid_input


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: The command line.
    """
    app.command(epilog="Example:  wardcast serve --data downloads --area E09000002")(serve)


def serve(
    data: Annotated[Path | None, typer.Option("--data", help="Folder of official files to read first.")] = None,
    area: Annotated[str | None, typer.Option("--area", help="Area of those files.")] = None,
    wards: WardsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Serve gRPC and the page until ctrl-C; addresses are settings (WARDCAST_GRPC_PORT, WARDCAST_PAGE_PORT, ...)."""
    from wardcast.app.datasets import ingest  # noqa: PLC0415 - keeps `--help` quick
    from wardcast.app.workspace import Workspace  # noqa: PLC0415
    from wardcast.cli.process_group import serve_all  # noqa: PLC0415
    from wardcast.settings import Settings  # noqa: PLC0415

    output = Output(quiet=quiet)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    workspace = Workspace.open(Settings.read())
    if (data is None) != (area is None):
        raise invalid_input(
            "--data and --area go together.",
            Problem(
                where="--data, --area", expected="both or neither", found="one of them", mend="Give the other too."
            ),
        )
    if data is not None and area is not None:
        with output.progress("reading files") as progress:
            dataset = ingest(workspace, data_dir=data, area=area, wards=wards, progress=progress)
        output.say(f"Serving {dataset.record.name}.")
    asyncio.run(serve_all(workspace, output.say))
    output.say("Ended.")
