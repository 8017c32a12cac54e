"""The places that stand out by themselves, as a table."""

from __future__ import annotations

import pandas as pd

from wardcast.pack.assessment.blocks import Head, ReportTable, Shown
from wardcast.pack.assessment.cells import count_cell, range_cell, ratio_cell, ratio_words, words_or
from wardcast.pack.assessment.reading import Reading, Row, records
from wardcast_models.profile.measures import ALL_CRIME

UNITS = {"ward": "ward", "lsoa": "small area", "point": "map point"}
"""Names of the units for people; another unit goes by its own name."""

MOST_ROWS = 25
"""Places listed in a table; the workbook has all."""


def alone_table(reading: Reading, found: pd.DataFrame, caption: str) -> ReportTable:
    """List what stands out by itself: all crime first, then by how many times what is expected.

    Args:
        reading: The assessment.
        found: Rows of the hotspots that stand out, of one unit.
        caption: Caption.

    Returns:
        The table.
    """
    order = found.assign(first=found["measure"] == ALL_CRIME).sort_values(["first", "own_ratio"], ascending=False)
    rows = records(order)
    by_area = bool((found["unit"] != "ward").any())
    return ReportTable(
        caption=caption,
        heads=(
            Head(label="Small area" if by_area else "Ward"),
            Head(label="What"),
            Head(label="This year", is_number=True),
            Head(label="Expected", is_number=True),
            Head(label="Against expected", is_number=True),
            Head(label="Range (95%)", is_number=True),
        ),
        rows=tuple(_cells(reading, row) for row in rows[:MOST_ROWS]),
        more=max(len(rows) - MOST_ROWS, 0),
    )


def place_words(reading: Reading, row: Row) -> str:
    """Name the place of a row of the hotspots: a small area, or a ward told apart from others of its name."""
    if row["unit"] == "ward":
        return reading.place(row["code"])
    return words_or(row["label"], row["code"])


def _cells(reading: Reading, row: Row) -> tuple[Shown, ...]:
    return (
        place_words(reading, row),
        reading.label(row["measure"]),
        count_cell(row["count"]),
        count_cell(round(row["expected"])),
        ratio_cell(row["own_ratio"]),
        range_cell(row["own_low"], row["own_high"], lambda ratio: ratio_words(ratio).removesuffix(" times")),
    )
