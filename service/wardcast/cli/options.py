"""Options that several commands share, each defined once."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.places.wards import find_area

if TYPE_CHECKING:
    from wardcast.cli.backend import Backend

_LOCAL_AUTHORITY = re.compile(r"(?:E0[6-9]|N09|S12|W06)[0-9]{6}")

DataOption = Annotated[
    Path,
    typer.Option(
        "--data",
        help="Folder of the files to read, searched with its subfolders; docs/files.md lists what is read.",
        show_default=False,
    ),
]
AreaOption = Annotated[
    str, typer.Option("--area", help="GSS code (E09000002), local authority's name, or London.", show_default=False)
]
WardsOption = Annotated[
    str | None,
    typer.Option("--wards", help="Ward boundaries by their year, such as WD22; the newest in the files by default."),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", help="Last month of data to use, YYYY-MM; the last in the files by default.")
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Forecaster such as mean_12_months (a name that is none lists them all), or champion or challenger; the "
        "champion's by default, else the standard one.",
    ),
]
HorizonOption = Annotated[int, typer.Option("--horizon", min=1, max=36, help="Months ahead.")]
ServerOption = Annotated[
    str | None,
    typer.Option(
        "--server",
        help="HOST:PORT of a running service (wardcast serve) that does the work; it is done here by default.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def month(text: str, *, where: str) -> pd.Timestamp:
    """Parse a month.

    Args:
        text: `YYYY-MM`.
        where: Name of the option, for the error.

    Returns:
        The month's start.

    Raises:
        WardcastError: It is not a month.
    """
    try:
        return pd.Timestamp(pd.to_datetime(text, format="%Y-%m"))
    except ValueError as error:
        raise invalid_input(
            f"{text!r} is not a month.",
            Problem(where=where, expected="YYYY-MM, for example 2025-03", found=text, mend="Write year, dash, month."),
        ) from error


def optional_month(text: str | None, *, where: str) -> pd.Timestamp | None:
    """Parse a month that may be left out.

    Args:
        text: `YYYY-MM` or None.
        where: Name of the option, for the error.

    Returns:
        The month's start, or None.
    """
    return None if text is None else month(text, where=where)


def area_code(area: str) -> str:
    """Return the GSS code of an area as a person named it.

    Args:
        area: GSS code of any local authority, name of a London borough, or `London`.

    Returns:
        Its code.

    Raises:
        WardcastError: No such area.
    """
    code = area.strip().upper()
    if _LOCAL_AUTHORITY.fullmatch(code):
        return code
    found = find_area(area)
    if found is None:
        raise invalid_input(
            f"There is no area {area!r}.",
            Problem(
                where="--area",
                expected="a GSS code such as E09000002, a London borough's name, or London",
                found=area,
                mend="Check the spelling. Outside London give the GSS code: wardcast ingest prints it behind the name.",
            ),
        )
    return found.code


def open_backend(server: str | None) -> AbstractContextManager[Backend]:
    """Open what does the work: this process, or a running service.

    Args:
        server: `HOST:PORT`, or None.

    Returns:
        A context that yields the backend.
    """
    from wardcast.cli.backend import backend  # noqa: PLC0415 - MLflow and gRPC take seconds to import

    return backend(server)
