"""Rolling sums of twelve months, and how fast they go."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wardcast.pack.assessment.blocks import Head, Part, ReportFigure, ReportTable
from wardcast.pack.assessment.cells import change_cell, change_words, known, range_cell, range_words, true, words_or
from wardcast.pack.assessment.reading import Reading, Row, area_rows, of, records, significant, ward_rows
from wardcast.pack.charts.line_panel import line_panel
from wardcast.pack.wording import month_label, plain_number
from wardcast_models.panel.findings import counted

MOST_TRENDS = 20
"""Trends in the table, the fastest first; the workbook has all."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """A rolling sum on months without gaps.

    Attributes:
        months: `YYYY-MM`.
        values: Sum of the twelve months up to each, None where one of them was not observed.
    """

    months: tuple[str, ...]
    values: tuple[float | None, ...]


def trend_part(reading: Reading) -> Part:
    """Tell where things are going.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    trends = reading.assessment.trends
    by_measure = {row["measure"]: row for row in records(area_rows(trends))}
    panels = [
        figure
        for measure in reading.main_measures
        if (figure := _figure(reading, measure, by_measure.get(measure))) is not None
    ]
    wards = ward_rows(trends)
    clear_wards = significant(wards)
    clear = [
        row
        for row in sorted(records(significant(trends)), key=lambda row: -abs(row["percent_a_year"]))
        if row["ward_code"] or row["measure"] not in reading.main_measures
    ]
    paragraphs = [
        "Each point is the sum of the twelve months up to it, so that the seasons do not show. A line that breaks "
        "means that a month was not observed. The year of this assessment is shaded.",
    ]
    if not wards.empty:
        paragraphs.append(
            f"By ward, {counted(len(wards), 'trend')} {'was' if len(wards) == 1 else 'were'} looked at; "
            f"{len(clear_wards) or 'none':} {'is' if len(clear_wards) <= 1 else 'are'} clear."
        )
    return Part(
        title="Where it is going",
        key="trends",
        paragraphs=tuple(paragraphs),
        panels=tuple(panels),
        tables=(_table(reading, clear),) if clear else (),
    )


def trend_words(row: Row | None) -> str:
    """Put the trend of one series into words.

    Args:
        row: Its row of the trends, or None where it was not worked out.

    Returns:
        A sentence.
    """
    if row is None or not known(row["percent_a_year"]):
        return "Trend not known."
    span = f"over {counted(int(row['months']), 'month')}" if known(row["months"]) else "over the last months"
    if not true(row["significant"]):
        return f"No clear trend {span}."
    direction = "rising" if row["percent_a_year"] > 0 else "falling"
    ends = range_words(row["low"], row["high"], change_words)
    told = f"Clearly {direction}: {change_words(row['percent_a_year'])} a year {span} (range {ends})."
    breaks = words_or(row["breaks"])
    return f"{told} Part of it may be recording: {breaks}." if breaks else told


def rolling_series(rolling: pd.DataFrame, measure: str, ward_code: str = "") -> Series | None:
    """Put a rolling sum on months without gaps.

    Args:
        rolling: The assessment's rolling sums.
        measure: Measure.
        ward_code: Ward, or "" for the whole area.

    Returns:
        The series, or None where there is none.
    """
    found = of(rolling, measure=measure, ward_code=ward_code).dropna(subset=["count_12_months"])
    if found.empty:
        return None
    by_month = dict(zip(pd.DatetimeIndex(found["month"]), found["count_12_months"].astype(float), strict=True))
    months = pd.date_range(min(by_month), max(by_month), freq="MS")
    return Series(months=tuple(months.strftime("%Y-%m")), values=tuple(by_month.get(month) for month in months))


def _figure(reading: Reading, measure: str, trend: Row | None) -> ReportFigure | None:
    series = rolling_series(reading.assessment.rolling, measure)
    if series is None:
        return None
    known_values = [value for value in series.values if value is not None]
    words = trend_words(trend)
    first, last = f"{reading.assessment.first_month:%Y-%m}", f"{reading.assessment.last_month:%Y-%m}"
    inside = [place for place, month in enumerate(series.months) if first <= month <= last]
    label = reading.label(measure)
    description = (
        f"Sums of twelve months from {month_label(series.months[0])} to {month_label(series.months[-1])}: first "
        f"{plain_number(known_values[0])}, lowest {plain_number(min(known_values))}, highest "
        f"{plain_number(max(known_values))}, last {plain_number(known_values[-1])}. {words}"
    )
    chart = line_panel(
        series.months,
        series.values,
        key=f"trend-{measure}",
        title=f"{label}: sums of twelve months",
        description=description,
        shaded=(inside[0], inside[-1]) if inside else None,
    )
    return ReportFigure(caption=label, chart=chart, note=words)


def _table(reading: Reading, clear: list[Row]) -> ReportTable:
    return ReportTable(
        caption="Further clear trends, the fastest first",
        heads=(
            Head(label="Where"),
            Head(label="What"),
            Head(label="Change a year", is_number=True),
            Head(label="Range", is_number=True),
            Head(label="What else changed"),
        ),
        rows=tuple(
            (
                reading.place(row["ward_code"]),
                reading.label(row["measure"]),
                change_cell(row["percent_a_year"]),
                range_cell(row["low"], row["high"], change_words),
                words_or(row["breaks"], "–"),
            )
            for row in clear[:MOST_TRENDS]
        ),
        more=max(0, len(clear) - MOST_TRENDS),
    )
