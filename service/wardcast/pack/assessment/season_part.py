"""The calendar months that stand out."""

from __future__ import annotations

from wardcast.pack.assessment.blocks import Part, ReportFigure
from wardcast.pack.assessment.cells import calendar_month, known, true
from wardcast.pack.assessment.reading import Reading, of, records
from wardcast.pack.charts.season_panel import SeasonMonth, season_panel
from wardcast_models.profile.wording import signed_percent
from wardcast_models.words import listed

MOST_NAMED = 2
"""Months named above the usual and as many below it; the drawing shows all."""


def season_part(reading: Reading) -> Part:
    """Tell when in the year it happens.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    panels = [figure for measure in reading.main_measures if (figure := _figure(reading, measure)) is not None]
    words = (
        "Each dot compares a calendar month with a mean month, over the years in the files. The line through it is the "
        "range of chance. Filled dots stand out; hollow ones could be chance."
        if panels
        else "The files hold too few years to tell a seasonal pattern."
    )
    return Part(title="When in the year", key="seasons", paragraphs=(words,), panels=tuple(panels))


def _figure(reading: Reading, measure: str) -> ReportFigure | None:
    rows = records(of(reading.assessment.seasons, measure=measure))
    months = [
        SeasonMonth(
            calendar_month=int(row["calendar_month"]),
            percent=_percent(row["index"]),
            low=_percent(row["low"] if known(row["low"]) else row["index"]),
            high=_percent(row["high"] if known(row["high"]) else row["index"]),
            significant=true(row["significant"]),
        )
        for row in rows
        if known(row["index"])
    ]
    if not months:
        return None
    words = season_words(months)
    label = reading.label(measure)
    chart = season_panel(months, key=f"season-{measure}", title=f"{label} by calendar month", description=words)
    return ReportFigure(caption=label, chart=chart, note=words)


def season_words(months: list[SeasonMonth]) -> str:
    """Say which calendar months stand out.

    Args:
        months: The months.

    Returns:
        A sentence or two.
    """
    clear = [month for month in months if month.significant]
    high = sorted((m for m in clear if m.percent > 0), key=lambda m: -m.percent)
    low = sorted((m for m in clear if m.percent < 0), key=lambda m: m.percent)
    said = []
    for kind, found in (("More", high), ("Fewer", low)):
        if found:
            named = [
                f"{calendar_month(month.calendar_month)} ({signed_percent(month.percent)})"
                for month in found[:MOST_NAMED]
            ]
            said.append(f"{kind} than usual: {listed(named)}.")
    return " ".join(said) or "No month stands out."


def _percent(index: float) -> float:
    """Turn a ratio to the mean month into per cent above or below it."""
    return 100 * (float(index) - 1)
