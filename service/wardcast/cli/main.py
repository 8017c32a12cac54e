"""The `wardcast` command."""

from __future__ import annotations

import logging
import os
import sys

import typer

from wardcast.cli import (
    data_commands,
    experiment_commands,
    fetch_commands,
    model_commands,
    plan_commands,
    profile_commands,
    regime_commands,
    release_commands,
    serve_command,
)
from wardcast.cli.output import Output
from wardcast_models.errors import ErrorKind, WardcastError

_EPILOG = "Examples:  wardcast demo  |  wardcast ingest DATA --area E09000002  |  wardcast plan --help"

app = typer.Typer(
    name="wardcast",
    help="Ward-level forecasts of crime and anti-social behaviour, and patrol plans that can be defended.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    data_commands,
    fetch_commands,
    profile_commands,
    release_commands,
    regime_commands,
    model_commands,
    experiment_commands,
    plan_commands,
    serve_command,
):
    module.register(app)


def run() -> None:
    """Run the command line: a failure is told in words, with the exit code of its kind."""
    # Read when gRPC is imported: what goes wrong is told once, in our words.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    output = Output(as_json="--json" in sys.argv)
    try:
        app()
    except WardcastError as error:
        sys.exit(output.failure(error))
    except Exception as error:  # the last resort: a person gets a sentence, the log gets the rest
        logging.getLogger("wardcast").debug("unexpected failure", exc_info=True)
        message = f"This is a fault of wardcast, not of your input ({type(error).__name__}: {error})."
        sys.exit(output.failure(WardcastError(ErrorKind.INTERNAL, message)))


if __name__ == "__main__":
    run()
