"""Writing the pack to a folder, all of it or nothing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from wardcast.pack.assignments_file import assignments_csv
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.report import render_report
from wardcast.pack.workbook import write_workbook
from wardcast_models.errors import Problem, invalid_input

REPORT_NAME = "report.html"
ASSIGNMENTS_NAME = "assignments.csv"
WORKBOOK_NAME = "plan.xlsx"


@dataclass(frozen=True, kw_only=True)
class PackFiles:
    """Where the pack was written.

    Attributes:
        report: The report, one HTML page.
        assignments: The assignments, comma-separated.
        workbook: The workbook.
    """

    report: Path
    assignments: Path
    workbook: Path


def write_pack(inputs: ReportInputs, out_dir: Path) -> PackFiles:
    """Write report, assignments and workbook.

    Every file is finished in a hidden folder beside its place before the first is moved there, so that a reader never
    sees half a file, and a failure leaves an earlier pack as it was.

    Args:
        inputs: The plan with what is shown beside it.
        out_dir: Folder; made where it does not exist. Files of the same names are replaced.

    Returns:
        The paths written.

    Raises:
        WardcastError: The folder cannot be written to.
    """
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out_dir, prefix=".pack-") as name:
            draft = _files(Path(name))
            draft.report.write_text(render_report(inputs), encoding="utf-8", newline="\n")
            draft.assignments.write_text(assignments_csv(inputs.plan), encoding="utf-8", newline="")
            write_workbook(inputs.plan, inputs.provenance, draft.workbook, forecast=inputs.forecast)
            final = _files(out_dir)
            draft.report.replace(final.report)
            draft.assignments.replace(final.assignments)
            draft.workbook.replace(final.workbook)
    except OSError as error:
        raise invalid_input(
            "The plan's files could not be written.",
            Problem(
                where=f"--out {out_dir}",
                expected="a folder that can be written to",
                found=error.strerror or str(error),
                mend="Choose another folder, or close the file where another program has it open.",
            ),
        ) from error
    return final


def _files(folder: Path) -> PackFiles:
    return PackFiles(
        report=folder / REPORT_NAME, assignments=folder / ASSIGNMENTS_NAME, workbook=folder / WORKBOOK_NAME
    )
