"""Which year a table of mid-year residents is for, where no column of it says so."""

from __future__ import annotations

import re
from itertools import islice

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.sources.source import SourceFile

NOT_TOLD = (
    "neither a column year nor the name of the file or sheet (such as mid2020) nor a title above the table says which "
    "year it is for; add one of them, and it is used"
)
"""Why a table without a year is left aside."""

_MID_YEAR = re.compile(r"mid[-_ ]?(20[0-9]{2})", re.IGNORECASE)


def told_mid_year(source: SourceFile) -> tuple[pd.Timestamp, Finding] | None:
    """Return the 30 June that a table's names or title tell.

    The sheet of a workbook, or the file in an archive, goes before the file that holds it, and names before titles; a
    name with two years (`mid2021andmid2022`) tells none.

    Args:
        source: The file.

    Returns:
        The day, and the finding that it was taken from there; None where nothing tells one year.
    """
    titles = islice(source.stream(), source.header_line - 1)
    told = [(source.name.rpartition(": ")[2], "name"), (source.name, "name"), (" ".join(titles), "title")]
    for text, where in told:
        years = set(_MID_YEAR.findall(text))
        if len(years) == 1:
            day = pd.Timestamp(f"{years.pop()}-06-30")
            message = (
                f"Nothing in it says which year it is for; by its {where} its residents are taken as those of "
                f"{day.day} {day:%B %Y}."
            )
            return day, Finding(kind=FindingKind.CAVEAT, file=source.name, message=message)
    return None
