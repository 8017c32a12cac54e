"""Harm, which weighs crimes by how serious they are, and people who were victims or called more than once."""

from __future__ import annotations

import pandas as pd

from wardcast.pack.assessment.blocks import Head, Part, ReportTable
from wardcast.pack.assessment.cells import count_cell, range_cell, share_cell
from wardcast.pack.assessment.reading import MOST_WARDS, Reading, area_rows, of, records, ward_rows
from wardcast.pack.wording import percent

MOST_CATEGORIES = 12
"""Kinds of crime listed, those with most harm; the workbook has all."""

MOST_REPEAT_WARDS = 10
"""Rows of wards about repeat victims, and as many about callers; the workbook has all."""

SUBJECTS = {"victim": "victims", "caller": "callers"}


def harm_part(reading: Reading) -> Part:
    """Tell what does most harm, and where.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    harm = reading.assessment.harm
    paragraphs = (
        "Counting crimes treats a theft and a rape alike. Harm does not: each crime counts as the days in prison that "
        "sentencing guidelines start from for it (Cambridge Crime Harm Index). Incidents that are no crimes, such as "
        "anti-social behaviour, have no weight."
        if not harm.empty
        else "Harm was not worked out.",
    )
    return Part(
        title="Harm and repeats",
        key="harm",
        paragraphs=paragraphs,
        tables=() if harm.empty else (_by_category(reading, harm), *_by_ward(reading, harm)),
        parts=(repeat_part(reading),),
    )


def _by_category(reading: Reading, harm: pd.DataFrame) -> ReportTable:
    rows = area_rows(harm)
    if rows.empty:
        sums = ["count", "harm", "share_of_area_harm", "share_of_area_count"]
        rows = harm.groupby("category", as_index=False)[sums].sum()
    ordered = records(rows[rows["category"] != ""].sort_values("harm", ascending=False))
    return ReportTable(
        caption="Kinds of crime by harm",
        heads=(
            Head(label="Kind of crime"),
            Head(label="This year", is_number=True),
            Head(label="Harm, days", is_number=True),
            Head(label="Share of harm", is_number=True),
            Head(label="Share of crimes", is_number=True),
        ),
        rows=tuple(
            (
                reading.label(row["category"]),
                count_cell(row["count"]),
                count_cell(row["harm"]),
                share_cell(row["share_of_area_harm"]),
                share_cell(row["share_of_area_count"]),
            )
            for row in ordered[:MOST_CATEGORIES]
        ),
        more=max(0, len(ordered) - MOST_CATEGORIES),
    )


def _by_ward(reading: Reading, harm: pd.DataFrame) -> tuple[ReportTable, ...]:
    wards = ward_rows(harm)
    if wards.empty:
        return ()
    totals = wards[wards["category"] == ""]
    if totals.empty:
        sums = ["count", "harm", "share_of_area_harm", "share_of_area_count"]
        totals = wards.groupby("ward_code", as_index=False)[sums].sum()
    ordered = records(totals.sort_values("harm", ascending=False))
    return (
        ReportTable(
            caption="Wards by harm",
            heads=(
                Head(label="Ward"),
                Head(label="Harm, days", is_number=True),
                Head(label="Share of harm", is_number=True),
                Head(label="Share of crimes", is_number=True),
            ),
            rows=tuple(
                (
                    reading.place(row["ward_code"]),
                    count_cell(row["harm"]),
                    share_cell(row["share_of_area_harm"]),
                    share_cell(row["share_of_area_count"]),
                )
                for row in ordered[:MOST_WARDS]
            ),
            more=max(0, len(ordered) - MOST_WARDS),
        ),
    )


def repeat_part(reading: Reading) -> Part:
    """Tell how many victims and callers had been one before.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    repeats = reading.assessment.repeats
    if repeats.empty:
        return Part(
            title="Repeat victims and callers",
            key="repeats",
            paragraphs=("The files hold no counts of repeat victims or callers.",),
        )
    return Part(
        title="Repeat victims and callers",
        key="repeats",
        paragraphs=(
            "A repeat victim or caller is someone who had been one before within twelve months. People are counted "
            "month by month and added up over the year, so someone counted in two months counts twice. Nobody can be "
            "told from these counts.",
        ),
        tables=tuple(_repeats_of(reading, str(subject)) for subject in dict.fromkeys(repeats["subject"])),
    )


def _repeats_of(reading: Reading, subject: str) -> ReportTable:
    """Return the repeats of victims or of callers: those of the area, then the wards with most."""
    repeats = of(reading.assessment.repeats, subject=subject)
    wards = records(ward_rows(repeats).sort_values("repeat_persons", ascending=False))
    name = SUBJECTS.get(subject, subject)
    return ReportTable(
        caption=f"Repeat {name}, the wards with most first",
        heads=(
            Head(label="Where"),
            Head(label="What"),
            Head(label=f"{name.capitalize()}, month by month", is_number=True),
            Head(label="Repeats", is_number=True),
            Head(label="Share", is_number=True),
            Head(label="Range", is_number=True),
        ),
        rows=tuple(
            (
                reading.place(row["ward_code"]),
                reading.label(row["category"]) if row["category"] else "all kinds",
                count_cell(row["persons"]),
                count_cell(row["repeat_persons"]),
                share_cell(row["repeat_share"]),
                range_cell(row["low"], row["high"], percent),
            )
            for row in (*records(area_rows(repeats)), *wards[:MOST_REPEAT_WARDS])
        ),
        more=max(0, len(wards) - MOST_REPEAT_WARDS),
    )
