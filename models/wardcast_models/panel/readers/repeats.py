"""Repeat victims and repeat callers, as ward counts: never anything about one of them.

ward_code       GSS code of the ward
month           month as YYYY-MM
subject         `victim` or `caller`
category        an analysis category such as `burglary_residential`; empty or no column for all together
persons         how many were victims (or callers) in the month
repeat_persons  how many of them had been one before in the twelve months up to it
"""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.findings import counted
from wardcast_models.panel.parts import Repeats
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.personal_columns import refuse_personal_columns
from wardcast_models.panel.text.table import read_table
from wardcast_models.reference.taxonomy import taxonomy

_SUBJECTS = {"victim": "victim", "victims": "victim", "caller": "caller", "callers": "caller"}


def read_repeats(source: SourceFile) -> Repeats:
    """Read repeat victims and callers.

    Args:
        source: A file with the columns above.

    Returns:
        Persons and repeat persons by ward, month, subject and category.

    Raises:
        WardcastError: The file has columns about people, is cut, a cell is wrong, repeats exceed persons, or a ward,
            month, subject and category stand twice.
    """
    refuse_personal_columns(source)
    table = read_table(source)

    def category(cell: str) -> str:
        if cell and cell not in taxonomy():
            raise ValueError(cell)
        return cell

    expected = "a category such as burglary_residential, or nothing for all"
    frame = pd.DataFrame(
        {
            "ward_code": table.wards(),
            "month": table.counted_months("month"),
            "subject": table.convert("subject", _subject, expected="victim or caller", default="victim"),
            "category": table.convert("category", category, expected=expected, default="")
            if "category" in table.columns
            else "",
            "persons": table.counts("persons"),
            "repeat_persons": table.counts("repeat_persons"),
        }
    )
    table.problems.raise_if_any()  # a cell that is no number stands as 0 here
    for position in frame.index[frame["repeat_persons"] > frame["persons"]]:
        table.problems.add(
            row=table.lines[position],
            column=table.names["repeat_persons"],
            expected=f"no more than the {frame.loc[position, 'persons']} persons of the row",
            found=str(frame.loc[position, "repeat_persons"]),
            mend="Correct the row: repeat persons are among the persons.",
        )
    table.refuse_repeats(frame, ["ward_code", "month", "subject", "category"])
    table.problems.raise_if_any()
    subjects = " and ".join(f"repeat {subject}s" for subject in sorted(set(frame["subject"]), reverse=True))
    message = f"Counts of {subjects} in {counted(frame['ward_code'].nunique(), 'ward')}."
    return Repeats(
        file=source.name,
        frame=frame,
        first_lines=table.first_lines(list(frame["ward_code"])),
        findings=(table.read_finding(message, list(frame["month"])),),
    )


def _subject(cell: str) -> str:
    """Return the subject that a cell names; raises ValueError where it names none."""
    if cell.casefold() not in _SUBJECTS:
        raise ValueError(cell)
    return _SUBJECTS[cell.casefold()]


READER = Reader(
    what="repeat victims and callers",
    recognises=has_columns("ward_code", "month", "subject", "persons", "repeat_persons"),
    read=read_repeats,
)
