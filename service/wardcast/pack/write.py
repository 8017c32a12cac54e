"""Writing the pack to a folder, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wardcast.pack.assignments_file import assignments_csv
from wardcast.pack.folder import written_together
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.report import render_report
from wardcast.pack.workbook import write_workbook

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

    Every file is finished before the first is moved to its place.

    Args:
        inputs: The plan with what is shown beside it.
        out_dir: Folder; made where it does not exist. Files of the same names are replaced.

    Returns:
        The paths written.

    Raises:
        WardcastError: The folder cannot be written to.
    """
    with written_together(out_dir, what="The plan's files") as folder:
        draft = _files(folder)
        draft.report.write_text(render_report(inputs), encoding="utf-8", newline="\n")
        draft.assignments.write_text(assignments_csv(inputs.plan), encoding="utf-8", newline="")
        write_workbook(inputs.plan, inputs.provenance, draft.workbook, forecast=inputs.forecast)
    return _files(out_dir)


def _files(folder: Path) -> PackFiles:
    return PackFiles(
        report=folder / REPORT_NAME, assignments=folder / ASSIGNMENTS_NAME, workbook=folder / WORKBOOK_NAME
    )
