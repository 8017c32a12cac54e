"""The last six months beside the assessment they follow."""

from __future__ import annotations

from wardcast.pack.assessment.blocks import Head, Part, ReportTable, Shown
from wardcast.pack.assessment.cells import change_cell, change_words, count_cell, range_cell, true
from wardcast.pack.assessment.certainty import change_certainty
from wardcast.pack.assessment.reading import Reading, Row, area_rows, significant, ward_rows
from wardcast.pack.wording import months_label
from wardcast_models.profile.assessment import Review

MOST_WARD_ROWS = 25
"""Rows of single wards, clear changes only; the workbook has all."""

HOTSPOTS = {
    (True, True): "was one and still is",
    (True, False): "was one, no longer",
    (False, True): "new",
    (False, False): "no",
}
"""Words by whether a place was a hotspot and is one."""


def review_part(reading: Reading, review: Review) -> Part:
    """Tell what changed since.

    Args:
        reading: The assessment.
        review: The six months.

    Returns:
        The part.
    """
    now = months_label((f"{review.first_month:%Y-%m}", f"{review.last_month:%Y-%m}"))
    then = months_label((f"{review.then_first_month:%Y-%m}", f"{review.then_last_month:%Y-%m}"))
    area = reading.in_order(area_rows(review.table))
    main = [row for row in area if row["measure"] in reading.main_measures] or area
    wards = ward_rows(review.table)
    moved = wards["was_hotspot"].map(true) != wards["is_hotspot"].map(true)
    clear = wards[wards.index.isin(significant(wards).index) | moved]
    rows = sorted(reading.in_order(clear), key=lambda row: not true(row["significant"]))
    tables = []
    if main:
        caption = f"{reading.assessment.area_name}: {now} beside {then}"
        tables.append(_table(reading, main, caption, more=len(area) - len(main)))
    if rows:
        tables.append(
            _table(
                reading,
                rows[:MOST_WARD_ROWS],
                "Wards with a clear change, or that became or ceased to be a hotspot",
                more=max(0, len(rows) - MOST_WARD_ROWS),
                by_ward=True,
            )
        )
    return Part(
        title="Review: the last six months",
        key="review",
        paragraphs=(
            f"{now} is held against {then}, the same months in the year of this assessment. What stands out is told "
            "among the main findings.",
        ),
        tables=tuple(tables),
    )


def _table(reading: Reading, rows: list[Row], caption: str, *, more: int, by_ward: bool = False) -> ReportTable:
    heads = [
        Head(label="What"),
        Head(label="Then", is_number=True),
        Head(label="Now", is_number=True),
        Head(label="Change", is_number=True),
        Head(label="Range", is_number=True),
        Head(label="How sure", is_short=True),
    ]
    if by_ward:
        heads = [Head(label="Ward"), *heads, Head(label="Hotspot")]
    return ReportTable(
        caption=caption,
        heads=tuple(heads),
        rows=tuple(_ward_cells(reading, row) if by_ward else _cells(reading, row) for row in rows),
        more=more,
    )


def _ward_cells(reading: Reading, row: Row) -> tuple[Shown, ...]:
    hotspot = HOTSPOTS[true(row["was_hotspot"]), true(row["is_hotspot"])]
    return (reading.place(row["ward_code"]), *_cells(reading, row), hotspot)


def _cells(reading: Reading, row: Row) -> tuple[Shown, ...]:
    return (
        reading.label(row["measure"]),
        count_cell(row["count_then"]),
        count_cell(row["count_now"]),
        change_cell(row["change_percent"]),
        range_cell(row["change_low"], row["change_high"], change_words),
        change_certainty(row),
    )
