"""Maps of the small areas."""

from __future__ import annotations

import pandas as pd

from wardcast.pack.assessment.blocks import ReportFigure
from wardcast.pack.assessment.cells import known, true, words_or
from wardcast.pack.assessment.reading import Reading, Row, of, records
from wardcast.pack.charts.ward_map import MapWard, MapWords, ward_map
from wardcast.pack.wording import plain_number
from wardcast_models.panel.findings import counted

MOST_SMALL_AREA_MAPS = 4
"""Maps, those with most small areas marked."""

MARKED = "stands out, or hotspot"
"""What a thick border means on a map, of wards too."""

SMALL_AREA_MAP_WIDTH = 460.0


def small_area_maps(reading: Reading, once: pd.DataFrame) -> tuple[ReportFigure, ...]:
    """Draw the measures of which most small areas stand out or are hotspots.

    Args:
        reading: The assessment.
        once: The hotspots, told once.

    Returns:
        At most `MOST_SMALL_AREA_MAPS` maps.
    """
    small = of(once, unit="lsoa")
    found = small[[_marked(row) for row in records(small)]]
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
    wards = {row["ward_code"] for row in rows}
    label = reading.label(measure)
    marked = [place for place in places if place.marked]
    most = ", ".join(f"{place.name} ({place.below})" for place in marked[:5])
    alone = sum(true(row["stands_out"]) for row in rows)
    together = sum(true(row["significant"]) for row in rows)
    note = (
        f"{counted(len(marked), 'small area')} marked: {alone:,} by {'itself' if alone == 1 else 'themselves'}, "
        f"{together:,} with {'its' if together == 1 else 'their'} neighbours."
    )
    chart = ward_map(
        places,
        reading.small_area_polygons,
        MapWords(
            key=f"small-areas-{measure}",
            title=f"Map of {label} by small area",
            description=f"{note} Among them: {most}. Thin lines are wards.",
            legend="In the year",
            none="None",
            marked=MARKED,
        ),
        outlines={
            reading.names[code]: shape
            for code, shape in reading.ward_polygons.items()
            if code in wards and code in reading.names
        },
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
        marked=_marked(row),
    )


def _marked(row: Row) -> bool:
    return true(row["significant"]) or true(row["stands_out"])
