"""The sheets of the assessment's workbook: plain heads, types and units by column."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from wardcast.pack.assessment.reading import Reading, area_rows
from wardcast.pack.assessment.source_part import KINDS, ordered_findings
from wardcast.pack.assessment.standing import standing
from wardcast.pack.assessment.tables import tables_of
from wardcast.pack.sheet import Cell, Column, Kind, Sheet
from wardcast_models.profile.assessment import REVIEW_COLUMNS, VIEW_COLUMNS

SHEET_NAMES = {
    "measures": "Measures",
    "area": "Area",
    "wards": "Wards",
    "trends": "Trends",
    "rolling": "Rolling 12 months",
    "seasons": "Seasons",
    "hotspots": "Hotspots",
    "clustering": "Clustering",
    "emerging": "Emerging",
    "comparison": "Comparison",
    "harm": "Harm",
    "repeats": "Repeats",
    "volt": "Victim offender place time",
    "underivable": "Cannot be told",
    "published": "Published before",
}
"""Name on the tab by table."""

HEADS: dict[str, tuple[str, Kind, int]] = {
    "measure": ("What (id)", "text", 24),
    "label": ("Name", "text", 34),
    "level": ("Level", "text", 10),
    "crime": ("Recorded crime", "text", 10),
    "source": ("Source", "text", 40),
    "caveat": ("Take care", "text", 60),
    "previous_count": ("Year before", "count", 12),
    "count": ("This year", "count", 12),
    "change_percent": ("Change on the year before", "share", 12),
    "change_low": ("Change, low end of 95% range", "share", 12),
    "change_high": ("Change, high end of 95% range", "share", 12),
    "p_value": ("p-value", "probability", 10),
    "q_value": ("q-value (false discovery)", "probability", 10),
    "significant": ("Clear, not chance", "text", 10),
    "rate_per_1000": ("Rate per 1,000 residents a year", "number", 12),
    "share_of_crime": ("Share of all crime", "share", 10),
    "unlocated_count": ("Recorded without a ward, not in this year", "count", 14),
    "ward_code": ("Ward code", "text", 12),
    "residents": ("Residents", "count", 12),
    "rank": ("Rank by rate, 1 is highest", "integer", 10),
    "many_visitors": ("Many visitors", "text", 10),
    "ratio_to_area": ("Rate against the whole area, times", "number", 12),
    "months": ("Months counted", "integer", 10),
    "categories": ("Adds up (ids)", "text", 30),
    "shown": ("This year: hidden or rounded", "text", 12),
    "previous_shown": ("Year before: hidden or rounded", "text", 12),
    "breaks": ("What else changed in these months", "text", 40),
    "published_percent": ("Change as published", "share", 12),
    "difference_points": ("Difference, percentage points", "number", 12),
    "percent_a_year": ("Change a year", "share", 12),
    "low": ("Low end of 95% range", "number", 12),
    "high": ("High end of 95% range", "number", 12),
    "month": ("Month", "month", 10),
    "count_12_months": ("Sum of the 12 months up to it", "count", 14),
    "calendar_month": ("Calendar month, 1 is January", "integer", 10),
    "index": ("Against a mean month, times", "number", 12),
    "unit": ("Unit", "text", 10),
    "code": ("Code", "text", 12),
    "expected": ("Expected", "number", 12),
    "ratio": ("Against what was expected, times", "number", 12),
    "own_ratio": ("Against expected by itself, times", "number", 12),
    "own_low": ("By itself, low end of 95% range, times", "number", 12),
    "own_high": ("By itself, high end of 95% range, times", "number", 12),
    "own_p_value": ("By itself, p-value of more than twice", "probability", 10),
    "own_q_value": ("By itself, q-value (false discovery)", "probability", 10),
    "stands_out": ("Stands out by itself", "text", 10),
    "count_around": ("This year, with its neighbours", "count", 12),
    "expected_around": ("Expected with its neighbours", "number", 12),
    "shared_months": ("Months that both years hold: year before and change are over these", "integer", 14),
    "z": ("z-score", "number", 10),
    "test": ("Test", "text", 20),
    "statistic": ("Statistic", "number", 12),
    "words": ("In words", "text", 60),
    "recent_months": ("Newest months", "text", 20),
    "place": ("Place code", "text", 12),
    "place_name": ("Place", "text", 24),
    "kind": ("Kind of place", "text", 12),
    "distance": ("How unlike, 0 is alike", "number", 12),
    "category": ("Category (id)", "text", 24),
    "harm": ("Harm, days", "number", 12),
    "share_of_area_harm": ("Share of the area’s harm", "share", 12),
    "share_of_area_count": ("Share of the area’s crimes", "share", 12),
    "subject": ("Who", "text", 10),
    "persons": ("People, counted month by month", "count", 10),
    "repeat_persons": ("Of them repeats", "count", 10),
    "repeat_share": ("Share of repeats", "share", 10),
    "question": ("Question", "text", 12),
    "statement": ("What the counts say", "text", 60),
    "figure": ("Figure", "number", 12),
    "gap": ("What they cannot say", "text", 60),
    "why": ("Why not", "text", 60),
    "instead": ("What is shown instead", "text", 50),
    "basis": ("What the figure is", "text", 30),
    "count_then": ("Then", "count", 10),
    "count_now": ("Now", "count", 10),
    "was_hotspot": ("Was a hotspot", "text", 10),
    "is_hotspot": ("Is a hotspot", "text", 10),
}
"""Head, kind and width by column; the unit is part of the head."""

OF_TABLE: dict[tuple[str, str], tuple[str, Kind, int]] = {
    ("trends", "low"): ("Change a year, low end of 95% range", "share", 12),
    ("trends", "high"): ("Change a year, high end of 95% range", "share", 12),
    ("repeats", "low"): ("Share, low end of 95% range", "share", 12),
    ("repeats", "high"): ("Share, high end of 95% range", "share", 12),
    ("emerging", "count"): ("Counted in the newest months", "count", 12),
    ("emerging", "low"): ("Expected, low end of 95% range", "number", 12),
    ("emerging", "high"): ("Expected, high end of 95% range", "number", 12),
    ("hotspots", "expected"): ("Expected by residents", "number", 12),
    ("hotspots", "significant"): ("Hotspot with its neighbours", "text", 10),
    ("hotspots", "p_value"): ("With its neighbours, p-value", "probability", 10),
    ("hotspots", "q_value"): ("With its neighbours, q-value (false discovery)", "probability", 10),
    ("hotspots", "ratio"): ("With its neighbours against expected, times", "number", 12),
    ("clustering", "expected"): ("Statistic expected of chance", "number", 12),
    ("review", "change_percent"): ("Change since", "share", 12),
}
"""The same where a table means something else by a column."""

MOST_ROWS = 200_000
"""Rows of a sheet; of a longer table the rows about the whole area are kept."""

IN_PERCENT = {
    "change_percent",
    "change_low",
    "change_high",
    "percent_a_year",
    "published_percent",
    ("trends", "low"),
    ("trends", "high"),
}
"""Columns that hold per cent: a cell holds the share, which the spreadsheet shows as per cent."""


def assessment_sheets(reading: Reading) -> tuple[Sheet, ...]:
    """Return the sheets: the summary first, then every table, the views, the review and the findings.

    Args:
        reading: The assessment with what is shown beside it.

    Returns:
        The sheets.
    """
    assessment = reading.assessment
    sheets = [_summary(reading)]
    sheets += [
        _sheet(reading, name, SHEET_NAMES[name], _fitting(frame)) for name, frame in tables_of(assessment).items()
    ]
    sheets.append(_views(reading))
    if assessment.review is not None:
        sheets.append(_sheet(reading, "review", "Review", assessment.review.table, columns=REVIEW_COLUMNS))
    if not reading.is_public:
        sheets.append(_findings(reading))
    return tuple(sheets)


def _summary(reading: Reading) -> Sheet:
    assessment = reading.assessment
    rows: list[tuple[str, Cell]] = [("Read first", words) for words in standing(assessment)]
    rows += [
        ("Area", f"{assessment.area_name} ({assessment.area_code}), wards {assessment.vintage}"),
        ("Year", assessment.year),
        ("First month", assessment.first_month.date()),
        ("Last month", assessment.last_month.date()),
        ("Rates scaled up to a year", _yes(assessment.annualised)),
        ("Fingerprint of the data", reading.data_digest or "not told"),
    ]
    rows += [("Main finding", words) for words in assessment.headlines]
    if assessment.review is not None:
        rows += [("Review", words) for words in assessment.review.findings]
    rows += [("Note", words) for words in assessment.notes]
    rows += [
        (
            "Left out here",
            f"{SHEET_NAMES[name]}: {len(frame):,} rows are too many; only those about the whole area are here.",
        )
        for name, frame in tables_of(assessment).items()
        if _too_long(frame)
    ]
    columns = (Column(header="What", width=26), Column(header="Value", kind="month", width=110))
    return Sheet(name="Summary", columns=columns, rows=rows)


def _too_long(frame: pd.DataFrame) -> bool:
    return len(frame) > MOST_ROWS and "ward_code" in frame.columns


def _fitting(frame: pd.DataFrame) -> pd.DataFrame:
    return area_rows(frame) if _too_long(frame) else frame


def _sheet(
    reading: Reading, table: str, name: str, frame: pd.DataFrame, *, columns: Iterable[str] | None = None
) -> Sheet:
    """Return a table as a sheet: names are put beside the ids of measures, categories and wards."""
    shown = list(columns or frame.columns)
    heads: list[Column] = []
    cells: list[list[Cell]] = []
    for column in shown:
        heads.append(_head(table, column))
        cells.append([_cell(value, percent=_in_percent(table, column)) for value in frame[column]])
        if column in {"measure", "category"} and "label" not in shown:
            heads.append(Column(header="What" if column == "measure" else "Category", width=34))
            cells.append([reading.label(str(value)) if value else "all kinds" for value in frame[column]])
        elif column == "ward_code":
            heads.append(Column(header="Ward", width=26))
            cells.append([reading.place(str(value)) for value in frame[column]])
    return Sheet(name=name, columns=tuple(heads), rows=list(zip(*cells, strict=True)))


def _head(table: str, column: str) -> Column:
    header, kind, width = OF_TABLE.get((table, column)) or HEADS[column]
    return Column(header=header, kind=kind, width=width)


def _in_percent(table: str, column: str) -> bool:
    return column in IN_PERCENT or (table, column) in IN_PERCENT


def _views(reading: Reading) -> Sheet:
    """Return the views one below the other: their figures first, then what they find and what is missing."""
    rows: list[tuple[Cell, ...]] = []
    blank: tuple[Cell, ...] = (None,) * (len(VIEW_COLUMNS) + 1)
    for view in reading.assessment.views:
        figures = _sheet(reading, "views", "Views", view.table, columns=VIEW_COLUMNS)
        rows += [(view.title, "figure", "", *row) for row in figures.rows]
        told = (("purpose", (view.purpose,)), ("finding", view.findings), ("missing", view.missing))
        rows += [(view.title, kind, words, *blank) for kind, several in told for words in several]
    columns = _sheet(reading, "views", "Views", pd.DataFrame(columns=list(VIEW_COLUMNS)), columns=VIEW_COLUMNS).columns
    heads = (Column(header="View", width=34), Column(header="Row", width=10), Column(header="In words", width=60))
    return Sheet(name="Views", columns=(*heads, *columns), rows=rows)


def _findings(reading: Reading) -> Sheet:
    rows = [
        (KINDS[f.kind], f.message, f.file or "all files", f.rows, f.first_month, f.last_month)
        for f in ordered_findings(reading.findings)
    ]
    columns = (
        Column(header="Kind", width=14),
        Column(header="What was found", width=90),
        Column(header="File", width=40),
        Column(header="Rows", kind="integer", width=10),
        Column(header="First month", width=12),
        Column(header="Last month", width=12),
    )
    return Sheet(name="Findings", columns=columns, rows=rows)


def _cell(value: object, *, percent: bool) -> Cell:
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, bool | np.bool_):
        return _yes(bool(value))
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        number = float(value)
        if not math.isfinite(number):
            return None
        return number / 100 if percent else number
    return str(value)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
