"""Victim, offender, location and time; the named views; and what cannot be told."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup

from wardcast.pack.assessment.blocks import Head, Part, ReportTable, Shown
from wardcast.pack.assessment.cells import (
    change_cell,
    count_cell,
    known,
    not_known,
    rate_cell,
    told_range,
    words_or,
)
from wardcast.pack.assessment.certainty import change_certainty
from wardcast.pack.assessment.reading import Reading, Row, area_rows, records, ward_rows
from wardcast.pack.markup import figure
from wardcast.pack.wording import percent
from wardcast_models.profile.assessment import View
from wardcast_models.profile.views.evidence import SURVEY, findings_of

QUESTIONS = {"victim": "Victim", "offender": "Offender", "location": "Location", "time": "Time"}

NOT_TESTED = "not tested"

MOST_WARDS_IN_VIEW = 8
"""Wards listed in a view, those with most; the workbook has all."""

MOST_COLUMNS = 6
"""Measures beside one another in a view's table of wards; the workbook has all."""


def volt_part(reading: Reading) -> Part:
    """Tell what open counts say about victim, offender, location and time.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    rows = records(reading.assessment.volt)
    order = list(QUESTIONS)
    rows.sort(key=lambda row: order.index(row["question"]) if row["question"] in order else len(order))
    return Part(
        title="Victim, offender, location, time",
        key="volt",
        paragraphs=(
            "Open counts are about places, not people. This is as far as they go; each gap says who would have to fill "
            "it.",
        ),
        parts=tuple(
            Part(title=QUESTIONS.get(question, question), key=f"volt-{number}", bullets=_statements(list(group)))
            for number, (question, group) in enumerate(groupby(rows, key=lambda row: row["question"]), start=1)
        ),
    )


def _statements(rows: list[Row]) -> tuple[Shown, ...]:
    """Tell what the counts say with its source, then each gap once."""
    gaps = dict.fromkeys(gap for row in rows if (gap := words_or(row["gap"])))
    told = [_statement(words_or(row["statement"]), words_or(row["source"])) for row in rows]
    return (*told, *(Markup("<b>Gap:</b> {}").format(gap) for gap in gaps))


def _statement(words: str, source: str) -> Shown:
    if source in ("", "none"):
        return words
    return Markup('{} <span class="small">Source: {}.</span>').format(words, source)


def view_parts(reading: Reading) -> Part:
    """Tell each named view.

    Args:
        reading: The assessment.

    Returns:
        The part, with one part a view within.
    """
    return Part(
        title="Views",
        key="views",
        paragraphs=(
            "Each view gathers what the files say about one question. Where a figure stands in for another, "
            "it is called a proxy.",
        ),
        parts=tuple(_view(reading, view) for view in reading.assessment.views),
    )


def _view(reading: Reading, view: View) -> Part:
    missing = tuple(Markup("<b>Not known:</b> {}").format(words) for words in view.missing)
    # the table says these with their ranges
    in_table = set(findings_of(view.table))
    return Part(
        title=view.title,
        key=f"view-{view.view}",
        paragraphs=(view.purpose,),
        bullets=(*(words for words in view.findings if words not in in_table), *missing),
        tables=(*_area_table(reading, view), *_ward_table(reading, view)),
    )


def _area_table(reading: Reading, view: View) -> tuple[ReportTable, ...]:
    rows = records(area_rows(view.table))
    if not rows:
        return ()
    tested = {reading.label(row["measure"]): row for row in records(reading.assessment.area)}
    table = ReportTable(
        caption=f"{view.title}: {reading.assessment.area_name}",
        heads=(
            Head(label="What"),
            Head(label="Year before", is_number=True),
            Head(label="This year", is_number=True),
            Head(label="Change", is_number=True),
            Head(label="Range", is_number=True),
            Head(label="How sure", is_short=True),
            Head(label="Per 1,000 residents", is_number=True),
            Head(label="What the figure is"),
        ),
        rows=tuple(
            (
                words_or(row["label"], row["measure"]),
                _amount(row["previous_count"], row),
                _amount(row["count"], row),
                change_cell(row["change_percent"]),
                *_certainty(row, tested.get(words_or(row["label"]))),
                rate_cell(row["rate_per_1000"]),
                words_or(row["basis"]),
            )
            for row in rows
        ),
    )
    return (table,)


def _certainty(row: Row, tested: Row | None) -> tuple[Shown, Shown]:
    """Return the range of a change and how sure it is, where the year's table tested the same change."""
    if tested is None or tested["change_percent"] != row["change_percent"]:
        # most series of the dashboard are not in that table
        return not_known(), NOT_TESTED if known(row["change_percent"]) else not_known()
    return told_range(tested), change_certainty(tested)


def _ward_table(reading: Reading, view: View) -> tuple[ReportTable, ...]:
    """Return the wards with most of what the view counts by ward, one column a measure."""
    wards = ward_rows(view.table)
    if wards.empty:
        return ()
    labels = dict(zip(wards["measure"], wards["label"], strict=True))
    held = wards.groupby("measure")["ward_code"].nunique()
    # what only some of the wards hold would put these first for no other reason
    first = next(measure for measure in labels if held[measure] == held.max())
    every = len(reading.names)
    only = f", {held.max():,} of {every:,} wards held" if held.max() < every else ""
    counts = {(row["ward_code"], row["measure"]): float(row["count"]) for row in records(wards) if known(row["count"])}
    codes = sorted(dict.fromkeys(wards["ward_code"]), key=lambda code: -counts.get((code, first), 0.0))
    shown = list(labels)[:MOST_COLUMNS]
    table = ReportTable(
        caption=f"{view.title}: this year by ward, most of “{labels[first]}” first{only}",
        heads=(Head(label="Ward"), *(Head(label=words_or(labels[one], one), is_number=True) for one in shown)),
        rows=tuple(
            (reading.place(code), *(count_cell(counts.get((code, one), float("nan"))) for one in shown))
            for code in codes[:MOST_WARDS_IN_VIEW]
        ),
        more=max(0, len(codes) - MOST_WARDS_IN_VIEW),
    )
    return (table,)


def _amount(value: float, row: Row) -> Shown:
    """Write an answer to a survey as per cent, everything else as a count."""
    is_survey = words_or(row["basis"]).startswith(SURVEY)
    return figure(value, lambda points: percent(points / 100)) if is_survey and known(value) else count_cell(value)


def gap_part(reading: Reading) -> Part:
    """Tell what the files of this year cannot give, and why.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    rows = records(reading.assessment.underivable)
    return Part(
        title="What cannot be told, and why",
        key="gaps",
        paragraphs=() if rows else ("Every priority and figure asked for could be drawn from the files.",),
        tables=(
            ReportTable(
                caption="Figures that the files of this year cannot give",
                heads=(Head(label="What"), Head(label="Why"), Head(label="What is shown instead")),
                rows=tuple(
                    (words_or(row["label"], row["measure"]), words_or(row["why"]), words_or(row["instead"], "nothing"))
                    for row in rows
                ),
            ),
        )
        if rows
        else (),
    )
