"""What changed in the newest months."""

from __future__ import annotations

from wardcast.pack.assessment.blocks import Head, Part, ReportTable
from wardcast.pack.assessment.cells import count_cell, range_cell, ratio_cell
from wardcast.pack.assessment.reading import Reading, records, significant
from wardcast.pack.wording import months_label, plain_number
from wardcast_models.panel.findings import counted

MOST_ROWS = 25
"""Rows of the table, the strongest first; the workbook has all."""


def emerging_part(reading: Reading) -> Part:
    """Tell what the newest months show that a place's own past did not lead one to expect.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    emerging = reading.assessment.emerging
    rows = sorted(records(significant(emerging)), key=lambda row: row["q_value"])
    if emerging.empty:
        told = "The files do not reach back far enough to tell what to expect."
    else:
        months = months_label(str(emerging["recent_months"].iloc[0]).split(" to "))
        told = (
            f"The newest months of the year ({months}) were held against what each place’s own past leads one to "
            f"expect, in {counted(len(emerging), 'series', 'series')} of counts. "
        )
        told += (
            f"{len(rows):,} {'stands' if len(rows) == 1 else 'stand'} out."
            if rows
            else "Nothing stands out: the differences could be chance."
        )
    return Part(
        title="What is emerging",
        key="emerging",
        paragraphs=(told,),
        tables=()
        if not rows
        else (
            ReportTable(
                caption="Newest months that stand out, the surest first",
                heads=(
                    Head(label="Where"),
                    Head(label="What"),
                    Head(label="Counted", is_number=True),
                    Head(label="Expected", is_number=True),
                    Head(label="Range expected", is_number=True),
                    Head(label="Against what was expected", is_number=True),
                    Head(label="Direction"),
                ),
                rows=tuple(
                    (
                        reading.place(row["ward_code"]),
                        reading.label(row["measure"]),
                        count_cell(row["count"]),
                        count_cell(row["expected"]),
                        range_cell(row["low"], row["high"], plain_number),
                        ratio_cell(row["ratio"]),
                        "more" if row["count"] > row["expected"] else "fewer",
                    )
                    for row in rows[:MOST_ROWS]
                ),
                more=max(0, len(rows) - MOST_ROWS),
            ),
        ),
    )
