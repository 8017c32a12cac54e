"""Hotspots: whether crime clusters at all, and where."""

from __future__ import annotations

import pandas as pd

from wardcast.pack.assessment.blocks import Head, Part, ReportFigure, ReportTable, Shown
from wardcast.pack.assessment.cells import count_cell, known, ratio_cell, true, words_or
from wardcast.pack.assessment.certainty import excess_certainty
from wardcast.pack.assessment.reading import Reading, Row, of, records, significant
from wardcast.pack.charts.ward_map import MapWard, MapWords, ward_map
from wardcast.pack.wording import plain_number
from wardcast_models.panel.findings import counted
from wardcast_models.profile.hotspot import told_once
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.words import listed

UNITS = {"ward": "ward", "lsoa": "small area", "point": "map point"}
"""Names of the units for people; another unit goes by its own name."""

MOST_ROWS = 25
"""Hotspots listed in a table; the workbook has all."""

MOST_SMALL_AREA_MAPS = 4
"""Maps of small areas, those with most hotspots."""

SMALL_AREA_MAP_WIDTH = 460.0


def hotspot_part(reading: Reading) -> Part:
    """Tell where more happens than chance would bring.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    hot = reading.assessment.hotspots
    found = significant(told_once(hot, reading.assessment.measures))
    wards, small = of(found, unit="ward"), of(found, unit="lsoa")
    paragraphs = [
        "A hotspot is a place which, together with its neighbours, has more than chance would bring there. High counts "
        "alone do not make one: a busy ward among quiet ones may be none. A sum of several kinds of crime is listed "
        "only where none of those kinds is listed itself.",
        *_exposure(reading),
        _told(hot, "ward", wards),
    ]
    if not of(hot, unit="lsoa").empty:
        paragraphs.append(_told(hot, "lsoa", small))
    else:
        paragraphs.append("Small areas were not looked at: the files do not hold their counts for the year.")
    tables = [
        _table(reading, chosen, caption, by_area=by_area)
        for chosen, caption, by_area in (
            (wards, "Wards that are hotspots", False),
            (small, "Small areas that are hotspots, the strongest first", True),
        )
        if not chosen.empty
    ]
    clustering = _clustering(reading)
    return Part(
        title="Hotspots and clustering",
        key="hotspots",
        paragraphs=tuple(paragraphs),
        pairs=_small_area_maps(reading, small),
        tables=(*tables, *((clustering,) if clustering else ())),
    )


def _exposure(reading: Reading) -> tuple[str, ...]:
    """Say what the expected figures are, and where they mislead."""
    wards = of(reading.assessment.wards, measure=ALL_CRIME)
    if wards.empty or wards["residents"].isna().any():
        return ("Residents are not known, so each place is expected to have an even share.",)
    busy = [reading.place(code) for code in wards.loc[wards["many_visitors"].map(true), "ward_code"]]
    told = "Expected is the share of the total that a place would have by its residents."
    if busy:
        told += f" {listed(busy)} {'has' if len(busy) == 1 else 'have'} many visitors: more is to be expected there."
    return (told,)


def _told(hot: pd.DataFrame, unit: str, found: pd.DataFrame) -> str:
    looked_at = of(hot, unit=unit)
    if looked_at.empty:
        return f"No {UNITS[unit]} was looked at."
    places = looked_at["code"].nunique()
    if found.empty:
        return f"None of the {counted(places, UNITS[unit])} is a hotspot of anything looked at."
    here = found["code"].nunique()
    return (
        f"{here:,} of the {counted(places, UNITS[unit])} {'is a hotspot' if here == 1 else 'are hotspots'} of at least "
        "one thing looked at."
    )


def _table(reading: Reading, found: pd.DataFrame, caption: str, *, by_area: bool) -> ReportTable:
    rows = records(found.sort_values("z", ascending=False)) if by_area else reading.in_order(found)
    shown = rows[:MOST_ROWS]
    return ReportTable(
        caption=caption,
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
        _where(reading, row),
        reading.label(row["measure"]),
        count_cell(row["count"]),
        count_cell(round(row["expected"])),
        count_cell(row["count_around"]),
        count_cell(round(row["expected_around"])),
        ratio_cell(row["ratio"]),
    )


def _where(reading: Reading, row: Row) -> str:
    """Name the place: a small area, or a ward told apart from others of its name."""
    if row["unit"] == "ward":
        return reading.place(row["code"])
    return words_or(row["label"], row["code"])


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


def _small_area_maps(reading: Reading, found: pd.DataFrame) -> tuple[ReportFigure, ...]:
    """Draw the measures with most small hotspots."""
    if not reading.small_area_polygons or found.empty:
        return ()
    measures = found["measure"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return tuple(
        figure
        for measure in measures.index[:MOST_SMALL_AREA_MAPS]
        if (figure := _small_area_map(reading, str(measure))) is not None
    )


def _small_area_map(reading: Reading, measure: str) -> ReportFigure | None:
    rows = records(of(reading.assessment.hotspots, measure=measure, unit="lsoa").sort_values("count", ascending=False))
    places = [_place(reading, row, rank) for rank, row in enumerate(rows, start=1) if known(row["count"])]
    label = reading.label(measure)
    hot = [place for place in places if place.marked]
    most = ", ".join(f"{place.name} ({place.below})" for place in hot[:5])
    note = f"{counted(len(hot), 'small area')} marked as {'a hotspot' if len(hot) == 1 else 'hotspots'}."
    chart = ward_map(
        places,
        reading.small_area_polygons,
        MapWords(
            key=f"small-areas-{measure}",
            title=f"Map of {label} by small area",
            description=f"{note} Among them: {most}. Thin lines are wards.",
            legend="In the year",
            none="None",
            marked="hotspot",
        ),
        outlines={reading.names[code]: shape for code, shape in reading.ward_polygons.items() if code in reading.names},
        width=SMALL_AREA_MAP_WIDTH,
    )
    return None if chart is None else ReportFigure(caption=f"{label}, small areas", chart=chart, note=note)


def _place(reading: Reading, row: Row, rank: int) -> MapWard:
    count = plain_number(row["count"])
    return MapWard(
        code=row["code"],
        name=words_or(row["label"], row["code"]),
        rank=rank,
        value=float(row["count"]),
        value_label=f"{count} in the year, {reading.place(row['ward_code'])}",
        below=count,
        labelled=False,
        marked=true(row["significant"]),
    )
