"""The year against the year before, by measure."""

from __future__ import annotations

from markupsafe import Markup

from wardcast.pack.assessment.blocks import Head, Part, ReportFigure, ReportTable, Shown
from wardcast.pack.assessment.cells import (
    change_cell,
    change_words,
    count_cell,
    has_unlocated,
    held,
    known,
    point_cell,
    rate_cell,
    share_cell,
    told_change,
    told_count,
    told_figure,
    told_range,
    words_or,
)
from wardcast.pack.assessment.certainty import change_certainty
from wardcast.pack.assessment.reading import Reading, Row, records
from wardcast.pack.charts.interval_plot import IntervalRow, interval_plot
from wardcast_models.panel.findings import counted
from wardcast_models.profile.wording import over_months
from wardcast_models.words import listed

LEVELS_FIRST = ("all", "priority", "family")
"""Levels of the first table; the second has the single categories."""

WIDEST_CHANGE = 300.0
"""Per cent; an interval that reaches further says only that counts are small, and would flatten the others."""


def year_part(reading: Reading) -> Part:
    """Tell how each measure changed.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    level = dict(
        zip(reading.assessment.measures["measure"], reading.assessment.measures["level"], strict=True),
    )
    rows = reading.in_order(reading.assessment.area)
    first = [row for row in rows if level.get(row["measure"]) in LEVELS_FIRST]
    every_single = [row for row in rows if level.get(row["measure"]) not in LEVELS_FIRST]
    single = [row for row in every_single if held(row)]
    missing = [reading.label(row["measure"]) for row in every_single if not held(row)]
    tables = [
        _table(reading, of_level, caption)
        for of_level, caption in (
            (first, "All crime, priorities and families of crime"),
            (single, "Single kinds of crime and incident"),
        )
        if of_level
    ]
    if not reading.assessment.published.empty:
        tables.append(_published(reading))
    chart = _chart(reading, [row for row in rows if row["measure"] in reading.main_measures])
    return Part(
        title="The year in figures",
        key="year",
        paragraphs=(
            "Each line compares the year with the same months of the year before. The range shows how far the change "
            "could differ by chance alone. A clear rise or fall is more than chance would do; the rest could be "
            "chance, however large it looks. “Possible, not clear” means that the range leaves out no change, but that "
            "among so many figures some do so by luck.",
            *reading.assessment.unusual,
            *([f"Held in neither year, and not in the table of single kinds: {listed(missing)}."] if missing else ()),
        ),
        figures=() if chart is None else (chart,),
        tables=tuple(tables),
    )


def _table(reading: Reading, rows: list[Row], caption: str) -> ReportTable:
    """Return measures, one a row; what was recorded without a ward has a column only where there is any."""
    beside = has_unlocated(rows)
    return ReportTable(
        caption=caption,
        heads=(
            Head(label="What"),
            Head(label="Year before", is_number=True),
            Head(label="This year", is_number=True),
            *((Head(label="Beside it, without a ward", is_number=True),) if beside else ()),
            Head(label="Change", is_number=True),
            Head(label="Range", is_number=True),
            Head(label="How sure", is_short=True),
            Head(label="Per 1,000 residents", is_number=True),
            Head(label="Share of crime", is_number=True),
        ),
        rows=tuple(_cells(reading, row, beside=beside) for row in rows),
    )


def _published(reading: Reading) -> ReportTable:
    """Set what the area's own plan published beside what was found here."""
    rows = records(reading.assessment.published)
    every = dict.fromkeys(row["source"] for row in rows)
    # of one source with and without a remark, the one with it
    sources = [one for one in every if not any(other != one and other.startswith(one) for other in every)]
    return ReportTable(
        caption=f"Changes that were published before, beside these ({'; '.join(sources)})",
        heads=(
            Head(label="What"),
            Head(label="Published", is_number=True),
            Head(label="Here", is_number=True),
            Head(label="Difference, percentage points", is_number=True),
        ),
        rows=tuple(
            (
                words_or(row["label"], row["measure"]),
                change_cell(row["published_percent"]),
                change_cell(row["change_percent"]),
                point_cell(row["difference_points"]),
            )
            for row in rows
        ),
    )


def _cells(reading: Reading, row: Row, *, beside: bool) -> tuple[Shown, ...]:
    return (
        _named(reading, row),
        _year_before(row),
        told_count(row),
        *((count_cell(row["unlocated_count"]),) if beside else ()),
        told_change(row),
        told_range(row),
        change_certainty(row),
        told_figure(row, "rate_per_1000", rate_cell),
        told_figure(row, "share_of_crime", share_cell),
    )


def _year_before(row: Row) -> Shown:
    """Return the count of the year before, with how many months it is of where the year itself has more."""
    told = told_count(row, "previous_count")
    if not (known(row["previous_count"]) and over_months(row)):
        return told
    return Markup('{} <span class="small">({})</span>').format(told, counted(int(row["shared_months"]), "month"))


def _named(reading: Reading, row: Row) -> str:
    """Name a measure, with its months where the files have fewer of them than of the year."""
    label = reading.label(row["measure"])
    fewer = known(row["months"]) and 0 < row["months"] < reading.assessment.months_covered
    return f"{label} ({counted(int(row['months']), 'month')} only)" if fewer else label


def _chart(reading: Reading, rows: list[Row]) -> ReportFigure | None:
    """Draw the changes of the main measures with their ranges."""
    drawn = [row for row in rows if all(known(row[end]) for end in ("change_percent", "change_low", "change_high"))]
    drawn = [row for row in drawn if row["change_high"] <= WIDEST_CHANGE]
    if not drawn:
        return None
    words = [
        f"{reading.label(row['measure'])}: {change_words(row['change_percent'])}, range "
        f"{change_words(row['change_low'])} to {change_words(row['change_high'])}, "
        f"{change_certainty(row)}."
        for row in drawn
    ]
    caption = "Change on the year before, with the range of chance"
    chart = interval_plot(
        [
            IntervalRow(
                label=reading.label(row["measure"]),
                mean=row["change_percent"],
                low=row["change_low"],
                high=row["change_high"],
                emphasised=change_certainty(row).startswith("clear"),
            )
            for row in drawn
        ],
        axis_label="Change on the year before, per cent",
        key="year-changes",
        title=caption,
        description=" ".join(words),
        write=_whole_change,
    )
    return ReportFigure(
        caption=caption,
        chart=chart,
        note="Blue: a clear rise or fall. Grey: could be chance, or, where the line does not reach 0, possible but not "
        "clear. A line that crosses 0 says that rise and fall are both possible.",
    )


def _whole_change(value: float) -> str:
    return f"{value:+.0f}%".replace("-", "−") if round(value) else "0%"
