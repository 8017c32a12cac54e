"""Hotspots: whether crime clusters at all, and where."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from wardcast.pack.assessment.alone_table import MOST_ROWS, UNITS, alone_table, place_words
from wardcast.pack.assessment.blocks import Head, Part, ReportTable, Shown
from wardcast.pack.assessment.cells import count_cell, ratio_cell, ratio_words, true, words_or
from wardcast.pack.assessment.certainty import excess_certainty
from wardcast.pack.assessment.reading import Reading, Row, flagged, of, records, significant
from wardcast.pack.assessment.small_area_maps import small_area_maps
from wardcast_models.panel.findings import counted
from wardcast_models.profile.excess import TIMES_EXPECTED
from wardcast_models.profile.hotspot import told_once
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.words import listed

MOST_NAMED = 5
"""Places named in a sentence."""

_NOT_LOOKED_AT = {
    "ward": "No ward was looked at: for that the files must tell which wards are neighbours.",
    "lsoa": "Small areas were not looked at: the files do not hold their counts for the year.",
}


def hotspot_part(reading: Reading) -> Part:
    """Tell where more happens than chance would bring: in a place by itself, and together with its neighbours.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    hot = reading.assessment.hotspots
    once = told_once(hot, reading.assessment.measures)
    found, alone = significant(once), flagged(once, "stands_out")
    paragraphs = [
        f"A place stands out by itself where its own count is clearly more than {TIMES_EXPECTED:g} times what is "
        "expected of it.",
        "A hotspot with its neighbours is a place which, together with those around it, has more than chance would "
        "bring there: a busy ward among quiet ones may be none.",
        "A sum of several kinds of crime is listed only where none of those kinds is listed itself; all crime always "
        "is.",
        *_exposure(reading),
        *(_told(reading, once, unit) for unit in ("ward", "lsoa")),
    ]
    clustering = _clustering(reading)
    return Part(
        title="Hotspots and clustering",
        key="hotspots",
        paragraphs=tuple(paragraphs),
        pairs=small_area_maps(reading, once),
        tables=(
            *_tables(reading, alone, "that stand out by themselves", alone_table),
            *_tables(reading, found, "that are hotspots with their neighbours", _table),
            *((clustering,) if clustering else ()),
        ),
    )


def _tables(
    reading: Reading, found: pd.DataFrame, what: str, make: Callable[[Reading, pd.DataFrame, str], ReportTable]
) -> tuple[ReportTable, ...]:
    """Return a table of the wards and one of the small areas, those that there are."""
    units = (("ward", "Wards"), ("lsoa", "Small areas"))
    chosen = [(name, of(found, unit=unit)) for unit, name in units]
    return tuple(make(reading, rows, f"{name} {what}") for name, rows in chosen if not rows.empty)


def _exposure(reading: Reading) -> tuple[str, ...]:
    """Say what the expected figures are, and where they mislead."""
    wards = reading.assessment.wards.drop_duplicates("ward_code")
    if wards.empty or wards["residents"].isna().any():
        return ("Residents are not known, so each place is expected to have an even share.",)
    busy = [reading.place(code) for code in wards.loc[wards["many_visitors"].map(true), "ward_code"]]
    told = "Expected is the share of the total that a place would have by its residents."
    if busy:
        told += f" {listed(busy)} {'has' if len(busy) == 1 else 'have'} many visitors: more is to be expected there."
    return (f"{told} So it is where many homes were built since residents were counted.",)


def _told(reading: Reading, hot: pd.DataFrame, unit: str) -> str:
    """Say how many places stand out, and where not all wards could be looked at, in how many of them they lie."""
    looked_at = of(hot, unit=unit)
    if looked_at.empty:
        return _NOT_LOOKED_AT[unit]
    places = looked_at["code"].nunique()
    within, every = looked_at["ward_code"].nunique(), len(reading.names)
    only = f" held, which lie in {within:,} of the {every:,} wards," if within < every else ""
    alone, together = flagged(looked_at, "stands_out"), significant(looked_at)
    of_all = f"the {counted(places, UNITS[unit])}{only}"
    if looked_at["own_p_value"].isna().all():
        first = f"Too few months are held to tell which of {of_all} stand out by themselves."
    elif alone.empty:
        first = f"None of {of_all} stands out by itself for anything looked at."
    else:
        number = alone["code"].nunique()
        first = (
            f"{number:,} of {of_all} {'stand' if number > 1 else 'stands'} out by "
            f"{'themselves' if number > 1 else 'itself'} for at least one thing looked at"
            f"{_of_crime(reading, alone)}."
        )
    number = together["code"].nunique()
    if not number:
        return f"{first} No {UNITS[unit]} is a hotspot with its neighbours."
    are = "are hotspots with their" if number > 1 else "is a hotspot with its"
    return f"{first} {number:,} {are} neighbours of at least one thing."


def _of_crime(reading: Reading, alone: pd.DataFrame) -> str:
    """Name the places that stand out for all crime."""
    rows = records(of(alone, measure=ALL_CRIME).sort_values("own_ratio", ascending=False))[:MOST_NAMED]
    named = [f"{place_words(reading, row)} ({ratio_words(row['own_ratio'])} what is expected)" for row in rows]
    return f", and for all crime: {listed(named)}" if named else ""


def _table(reading: Reading, found: pd.DataFrame, caption: str) -> ReportTable:
    by_area = bool((found["unit"] != "ward").any())
    rows = records(found.sort_values("z", ascending=False)) if by_area else reading.in_order(found)
    shown = rows[:MOST_ROWS]
    return ReportTable(
        caption=f"{caption}, the surest first" if by_area else caption,
        heads=(
            Head(label="Small area" if by_area else "Ward"),
            Head(label="What"),
            Head(label="This year, here", is_number=True),
            Head(label="Expected here", is_number=True),
            Head(label="With its neighbours", is_number=True),
            Head(label="Expected with them", is_number=True),
            Head(label="With its neighbours, against expected", is_number=True),
        ),
        rows=tuple(_cells(reading, row) for row in shown),
        more=len(rows) - len(shown),
    )


def _cells(reading: Reading, row: Row) -> tuple[Shown, ...]:
    return (
        place_words(reading, row),
        reading.label(row["measure"]),
        count_cell(row["count"]),
        count_cell(round(row["expected"])),
        count_cell(row["count_around"]),
        count_cell(round(row["expected_around"])),
        ratio_cell(row["ratio"]),
    )


def _clustering(reading: Reading) -> ReportTable | None:
    rows = reading.in_order(reading.assessment.clustering)
    shown = [row for row in rows if row["measure"] in reading.main_measures]
    if not shown:
        return None
    return ReportTable(
        caption="Does it cluster at all?",
        heads=(
            Head(label="What"),
            Head(label="Looked at by"),
            Head(label="How sure", is_short=True),
            Head(label="In words"),
        ),
        rows=tuple(
            (
                reading.label(row["measure"]),
                UNITS.get(str(row["unit"]), str(row["unit"])),
                excess_certainty(row["significant"], row["q_value"], clear="clear"),
                words_or(row["words"]),
            )
            for row in shown
        ),
        more=len(rows) - len(shown),
    )
