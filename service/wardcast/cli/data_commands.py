"""Commands on data: sample, ingest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardcast.cli.options import (
    AreaOption,
    JsonOption,
    QuietOption,
    ServerOption,
    WardsOption,
    open_backend,
)
from wardcast.cli.output import Output
from wardcast.store.records import DatasetRecord
from wardcast_models.panel.findings import Finding, FindingKind, by_sentence, listed_files

_FINDING_HEADINGS = {
    FindingKind.LEFT_ASIDE: "Left aside",
    FindingKind.READ: "Read",
    FindingKind.MENDED: "Mended",
    FindingKind.MISSING: "Missing",
    FindingKind.CAVEAT: "To know before using the figures",
}
"""Headings of the findings, what matters most last, where a terminal ends."""


def register(app: typer.Typer) -> None:
    """Add the commands.

    Args:
        app: The command line.
    """
    app.command(epilog="Example:  wardcast sample my-sample")(sample)
    app.command(epilog="Example:  wardcast ingest downloads --area E09000002")(ingest)


def sample(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write; created where absent.")],
    seed: Annotated[int | None, typer.Option(help="Seed; the packaged sample's by default.")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the embedded area, a synthetic Barking and Dagenham, in the official file layouts."""
    from wardcast_models.sample import write_sample  # noqa: PLC0415 - keeps `--help` quick

    output = Output(quiet=quiet, as_json=as_json)
    truth = write_sample(directory) if seed is None else write_sample(directory, seed=seed)
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    output.state(f"Wrote {len(files)} files of SYNTHETIC data for {len(truth.ward_codes)} wards to {directory}.")
    output.say(f"Next:  wardcast ingest {directory} --area E09000002")
    output.result({"directory": str(directory), "files": len(files), "wards": len(truth.ward_codes), "synthetic": True})


def ingest(
    data_dir: Annotated[
        Path, typer.Argument(metavar="DATA_DIR", help="Folder of the files to read; docs/files.md lists what is read.")
    ],
    area: AreaOption,
    wards: WardsOption = None,
    server: ServerOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read, check and keep official files, and print what was found in them.

    A file that is recognised and broken refuses the whole reading; what is not recognised is listed and left aside.
    """
    output = Output(quiet=quiet, as_json=as_json)
    with output.progress("reading files") as progress, open_backend(server) as backend:
        record = backend.ingest(data_dir, area=area, wards=wards, progress=progress)
    show_dataset(output, record)
    output.result(
        {
            "dataset": record.name,
            "area": record.area_code,
            "vintage": record.vintage,
            "first_month": f"{record.first_month:%Y-%m}",
            "last_month": f"{record.last_month:%Y-%m}",
            "wards": record.n_wards,
            "categories": list(record.categories),
            "synthetic": record.synthetic,
            "digest": record.digest,
            "findings": [vars(finding) for finding in record.findings],
        }
    )


def _lines(same: tuple[Finding, ...]) -> list[str]:
    """Return a sentence with its file before it, or with the several files that it is told of below it."""
    files = list(dict.fromkeys(_in_months(finding) for finding in same if finding.file))
    if len(files) > 1:
        return [f"  - {same[0].message}", f"    In {listed_files(files)}."]
    return [f"  - {': '.join([*files, same[0].message])}"]


def _in_months(finding: Finding) -> str:
    """Return a finding's file with the months that it is about."""
    if not finding.first_month:
        return finding.file
    only = finding.first_month == finding.last_month
    return f"{finding.file} ({finding.first_month if only else f'{finding.first_month} to {finding.last_month}'})"


def show_dataset(output: Output, record: DatasetRecord) -> None:
    """Print a dataset and its findings.

    Args:
        output: Where to.
        record: The dataset.
    """
    if record.synthetic:
        output.state("SYNTHETIC SAMPLE: none of these counts was ever recorded.")
    for kind, heading in _FINDING_HEADINGS.items():
        found = by_sentence(finding for finding in record.findings if finding.kind is kind)
        if found:
            output.say(f"\n{heading}")
        for same in found:
            for line in _lines(same):
                output.say(line)
    output.say()
    output.state(
        f"{record.area_name} ({record.area_code}): {record.n_wards} wards of {record.vintage}, "
        f"{len(record.categories)} categories, {record.first_month:%Y-%m} to {record.last_month:%Y-%m}. "
        f"Kept as {record.name}."
    )
