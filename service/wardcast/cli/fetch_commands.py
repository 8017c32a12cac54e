"""The command that downloads official files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wardcast.cli.options import JsonOption, QuietOption, month
from wardcast.cli.output import Output
from wardcast_models.errors import Problem, invalid_input

if TYPE_CHECKING:
    from wardcast.fetch.addresses import Address
    from wardcast.fetch.fetch import FetchReport

NOT_ALL_FETCHED = 6
"""Exit code where some files failed; the rest is kept."""

_NOT_CALLED = (
    "None of these addresses could be called while this table was written. Confirmed means that public evidence (a "
    "document, or a program that uses the address) says that it is right. If one has moved, give the new one with "
    "--addresses FILE."
)


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: The command line.
    """
    app.command(epilog="Example:  wardcast fetch --area E09000002 --out downloads")(fetch)


def fetch(
    area: Annotated[
        str | None,
        typer.Option("--area", help="GSS code (E09000002) or London borough's name, or London.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to download to; created where absent.", show_default=False)
    ] = None,
    sources: Annotated[
        str | None, typer.Option("--sources", help="Ids with commas; the standard ones by default (see --list).")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="First month of street files, YYYY-MM; 36 months by default.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Last month of street files, YYYY-MM; the newest by default.")
    ] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Fetch again what is here and unchanged.")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="Show the address table and fetch nothing.")] = False,
    proxy: Annotated[
        str | None, typer.Option("--proxy", help="Proxy such as http://proxy:8080; HTTPS_PROXY's by default.")
    ] = None,
    own_addresses: Annotated[
        Path | None,
        typer.Option("--addresses", help="CSV with id and the columns to replace, for addresses that have moved."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Download the official files of an area: crime, small areas, boundaries, residents, surveys and fires."""
    from wardcast.fetch.addresses import addresses, choose  # noqa: PLC0415 - keeps `--help` quick
    from wardcast.fetch.area import fetch_area  # noqa: PLC0415
    from wardcast.fetch.connection import Connection  # noqa: PLC0415
    from wardcast.fetch.failure import LATER  # noqa: PLC0415
    from wardcast.fetch.fetch import fetch as fetch_files  # noqa: PLC0415

    output = Output(quiet=quiet, as_json=as_json)
    table = addresses(own_addresses)
    if show_list:
        _show_table(output, table, place=None if area is None else fetch_area(area))
        return
    if area is None or out is None:
        missing = "--area" if area is None else "--out"
        problem = Problem(where=missing, expected="a value", found="nothing", mend="Add it, or use --list.")
        raise invalid_input("Say what to fetch and where to.", problem)
    place = fetch_area(area)
    asked = None if sources is None else [name.strip() for name in sources.split(",") if name.strip()]
    rows = choose(table, area=place, sources=asked)
    first, last = _months(since, until)
    try:
        with output.progress("asking") as progress, Connection(proxy=proxy) as connection:
            report = fetch_files(
                rows,
                table=table,
                area=place,
                folder=out,
                connection=connection,
                since=first,
                until=last,
                refresh=refresh,
                progress=progress,
            )
    except KeyboardInterrupt:
        output.error_console.print(f"Stopped. {LATER}", markup=False, highlight=False)
        raise
    _show_report(output, report)
    if not report.complete:
        raise typer.Exit(NOT_ALL_FETCHED)


def _months(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Check the span of months asked for."""
    if since is not None:
        month(since, where="--since")
    if until is not None:
        month(until, where="--until")
    if since is not None and until is not None and since > until:
        problem = Problem(where="--since", expected=f"a month up to {until}", found=since, mend="Swap the two.")
        raise invalid_input("The first month is later than the last.", problem)
    return since, until


def _show_table(output: Output, table: tuple[Address, ...], *, place: Any) -> None:
    """Show the address table, of one area or of all."""
    rows = [row for row in table if place is None or row.is_for(place)]
    output.table(
        "Official files that wardcast fetch knows",
        ["id", "for", "standard", "confirmed"],
        [[row.id, row.areas, _standard(row), _yes(row.confirmed)] for row in rows],
    )
    for row in rows:
        output.state(f"\n  {row.id}: {row.title}\n    {row.gives}. {row.source}, {row.licence}.\n    {row.address}")
        output.state(f"    {row.notes} Evidence ({row.checked}): {row.evidence}")
    output.state(f"\n{_NOT_CALLED}")
    output.result([vars(row) for row in rows])


def _show_report(output: Output, report: FetchReport) -> None:
    """Show what became of each file, and what to type next."""
    from wardcast.fetch.visit import Status  # noqa: PLC0415 - keeps `--help` quick

    output.table(
        f"Files for {report.area.name}",
        ["id", "file", "status", "bytes"],
        [[result.id, _shown(result.file), result.status, result.bytes] for result in report.results],
    )
    for result in report.results:
        if result.note:
            output.say(f"  - {_shown(result.file)}: {result.note}")
    for result in report.of(Status.FAILED):
        if result.problem is not None:
            _show_failure(output, result.problem)
    counts = ", ".join(
        f"{len(report.of(status))} {status}" for status in Status if report.of(status) or status is Status.FETCHED
    )
    written = sum(result.bytes for result in report.of(Status.FETCHED))
    output.state(f"{counts}; {written:,} bytes written to {report.folder}, {report.received_bytes:,} downloaded.")
    older = sum(1 for result in report.results if result.older)
    if older:
        output.state(f"Earlier files kept beside newer ones: {older}.")
    usable = len(report.of(Status.FETCHED)) + len(report.of(Status.UNCHANGED))
    if not report.complete:
        output.state(f"{'What arrived is kept. ' if usable else ''}Run the same command again for the rest.")
    if usable:
        output.say(f"Next:  wardcast ingest {report.folder} --area {report.area.code}")
    output.result(
        {
            "area": report.area.code,
            "directory": str(report.folder),
            "complete": report.complete,
            "received_bytes": report.received_bytes,
            "files": [
                {**vars(result), "problem": None if result.problem is None else vars(result.problem)}
                for result in report.results
            ],
        }
    )


def _show_failure(output: Output, problem: Problem) -> None:
    """Tell one failure on standard error, as other problems are told."""
    for text in (
        problem.where,
        f"  expected  {problem.expected}",
        f"  found     {problem.found}",
        f"  to mend   {problem.mend}",
    ):
        output.error_console.print(text, markup=False, highlight=False)


def _shown(file: str) -> str:
    """Return a file's path; a dash where its title is not known yet."""
    return "-" if "{" in file else file


def _standard(row: Address) -> str:
    """Tell whether a row is fetched without being named; rows that others ask are never named."""
    return "part of others" if not row.file else "yes" if row.standard else "only with --sources"


def _yes(value: bool) -> str:
    return "yes" if value else "NO"
