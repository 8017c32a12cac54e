"""The assessment as a workbook: every figure, unrounded, in sheets that can be sorted and filtered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from wardcast.pack.assessment.reading import Reading
from wardcast.pack.assessment.sheets import assessment_sheets
from wardcast.pack.assessment.standing import PUBLIC_MARK, standing
from wardcast.pack.book import write_book
from wardcast.pack.internal import INTERNAL_MARK


def write_assessment_workbook(reading: Reading, path: Path) -> None:
    """Write the workbook.

    Its properties date it by its last month, so that equal assessments give equal files.

    Args:
        reading: The assessment with what is shown beside it.
        path: File to be written; its folder exists.
    """
    assessment = reading.assessment
    write_book(
        path,
        assessment_sheets(reading),
        title=f"Strategic assessment {assessment.year}, {assessment.area_name}",
        comments=" ".join(standing(assessment)),
        created=datetime.combine(assessment.last_month.date(), datetime.min.time()),
        mark=_mark(reading),
    )


def _mark(reading: Reading) -> str:
    """Return what every printed page says of itself; a page's head holds little."""
    if reading.assessment.synthetic:
        return "SYNTHETIC SAMPLE: made-up data, not for use"
    return PUBLIC_MARK if reading.is_public else INTERNAL_MARK
