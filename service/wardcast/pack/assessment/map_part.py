"""Maps of the wards, and the table that names every figure of theirs."""

from __future__ import annotations

from wardcast.pack.assessment.blocks import Head, Part, ReportFigure, ReportTable, Shown
from wardcast.pack.assessment.cells import (
    count_cell,
    known,
    rate_cell,
    rate_words,
    status_of,
    told_change,
    told_count,
    told_figure,
    told_range,
    true,
)
from wardcast.pack.assessment.certainty import change_certainty
from wardcast.pack.assessment.reading import MOST_WARDS, Reading, Row, flagged, of, records
from wardcast.pack.assessment.small_area_maps import MARKED
from wardcast.pack.charts.ward_map import MapWard, MapWords, ward_map
from wardcast.pack.wording import plain_number
from wardcast_models.disclosure.public import SHOWN
from wardcast_models.panel.findings import counted
from wardcast_models.panel.panel import APPROXIMATE
from wardcast_models.words import listed

SMALL_MAP_WIDTH = 300.0
LEAST_DRAWN = 0.5
"""Share of the wards with a boundary below which a map would show an area in pieces."""

MOST_TABLE_MEASURES = 6
"""Measures beside all crime in the table of wards, as many as a page is wide."""


def map_part(reading: Reading) -> Part:
    """Show where it happens, ward by ward.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    drawn = _drawn_share(reading) >= LEAST_DRAWN
    measures = reading.main_measures if drawn else ()
    maps = [figure for measure in measures if (figure := _map(reading, measure, small=True)) is not None]
    large = _map(reading, measures[0], small=False) if measures else None
    # the first measure has the large map
    small = maps[1:] if large is not None else maps
    hotspots = (
        ""
        if reading.is_public
        else " A thick border marks a ward that stands out by itself, or that is a hotspot with its neighbours; the "
        "part on hotspots explains both."
    )
    paragraphs: list[Shown] = [
        f"Darker wards have more.{hotspots} Numbers in the wards are ranks, 1 for the most.",
        "A rate per 1,000 residents misleads where many people work, shop or travel but few live. Such wards are "
        "marked “many visitors”.",
    ]
    if not drawn and reading.ward_polygons:
        held = sum(code in reading.ward_polygons for code in reading.names)
        paragraphs = [
            f"There is no map: the files hold the boundaries of only {held:,} of the {len(reading.names):,} wards. The "
            "tables have every ward.",
            *paragraphs[1:],
        ]
    elif not maps:
        paragraphs = ["No ward boundaries were given, so there are no maps.", *paragraphs[1:]]
    elif missing := [name for code, name in reading.names.items() if code not in reading.ward_polygons]:
        paragraphs.append(f"No boundary was given for {_some(missing)}, so the maps leave them out.")
    if maps and _approximate(reading):
        paragraphs.append("By their file’s own words, the ward boundaries drawn are approximate.")
    return Part(
        title="Where it happens",
        key="where",
        paragraphs=tuple(paragraphs),
        figures=() if large is None else (large,),
        panels=tuple(small),
        tables=_tables(reading),
    )


def _drawn_share(reading: Reading) -> float:
    """Return the share of the wards that have a boundary."""
    return sum(code in reading.ward_polygons for code in reading.names) / max(len(reading.names), 1)


def _some(names: list[str]) -> str:
    return listed(names if len(names) <= 8 else [*names[:7], f"{len(names) - 7:,} more"])


def _approximate(reading: Reading) -> bool:
    shapes = [reading.ward_polygons[code] for code in reading.names if code in reading.ward_polygons]
    return any(shape.get(APPROXIMATE) is True for shape in shapes)


def _map(reading: Reading, measure: str, *, small: bool) -> ReportFigure | None:
    rows = records(of(reading.assessment.wards, measure=measure))
    by_rate = any(known(row["rate_per_1000"]) for row in rows)
    column = "rate_per_1000" if by_rate else "count"
    write = rate_words if by_rate else plain_number
    rows = sorted((row for row in rows if known(row[column])), key=lambda row: -row[column])
    spots = of(reading.assessment.hotspots, measure=measure, unit="ward")
    alone, hot = (set(flagged(spots, flag)["ward_code"]) for flag in ("stands_out", "significant"))
    unit = "per 1,000 residents" if by_rate else "in the year"
    key = f"map-{'small-' if small else ''}{measure}"
    places = [
        MapWard(
            code=row["ward_code"],
            name=reading.place(row["ward_code"]),
            rank=rank,
            value=float(row[column]),
            value_label=f"{write(row[column])} {unit}",
            below=write(row[column]),
            labelled=rank <= MOST_WARDS,
            marked=row["ward_code"] in alone | hot,
        )
        for rank, row in enumerate(rows, start=1)
    ]
    most = listed([f"{place.name} ({place.below})" for place in places[:3]])
    named = _named(reading, "By itself stands out", alone) + _named(reading, "Hotspots with their neighbours", hot)
    named = named or " No ward stands out by itself or is a hotspot with its neighbours."
    if reading.is_public:
        hidden = sum(status_of(row, "count") != SHOWN for row in records(of(reading.assessment.wards, measure=measure)))
        named = f" {counted(hidden, 'ward')} left out: small numbers." if hidden else ""
    label = reading.label(measure)
    chart = ward_map(
        places,
        reading.ward_polygons,
        MapWords(
            key=key,
            title=f"Map of {label} by ward",
            description=f"Most: {most}.{named} The table of wards gives figures.",
            legend=f"{label if len(label) < 40 else 'Recorded'}, {unit}" if not small else unit[:1].upper() + unit[1:],
            none="None",
            marked=MARKED if alone | hot else "",
        ),
        width=SMALL_MAP_WIDTH if small else 700.0,
    )
    return None if chart is None else ReportFigure(caption=label, chart=chart, note=f"Most: {most}.{named}")


def _named(reading: Reading, what: str, codes: set[str]) -> str:
    return f" {what}: {_some([reading.place(code) for code in sorted(codes)])}." if codes else ""


def _tables(reading: Reading) -> tuple[ReportTable, ...]:
    """Return the wards with all crime (what else is held, where that is not) in full, and counts of the others."""
    wards = reading.assessment.wards
    if not reading.main_measures or wards.empty:
        return ()
    by_ward = set(wards[wards["count"].notna()]["measure"])
    held = [measure for measure in reading.main_measures if measure in by_ward]
    if not held:
        return ()
    first, *others = held[: MOST_TABLE_MEASURES + 1]
    by_measure = {
        measure: {row["ward_code"]: row for row in records(of(wards, measure=measure))} for measure in (first, *others)
    }
    rows = sorted(by_measure[first].values(), key=lambda row: row["rank"] if known(row["rank"]) else 0)
    main = ReportTable(
        caption=f"{reading.label(first)} by ward",
        heads=(
            Head(label="Ward"),
            Head(label="Rank", is_number=True),
            Head(label="Year before", is_number=True),
            Head(label="This year", is_number=True),
            Head(label="Change", is_number=True),
            Head(label="Range", is_number=True),
            Head(label="How sure", is_short=True),
            Head(label="Residents", is_number=True),
            Head(label="Per 1,000 residents", is_number=True),
        ),
        rows=tuple(_in_full(reading, row) for row in rows[:MOST_WARDS]),
        more=max(0, len(rows) - MOST_WARDS),
    )
    if not others:
        return (main,)
    counts = ReportTable(
        caption="This year by ward: counts",
        heads=(Head(label="Ward"), *(Head(label=reading.label(measure), is_number=True) for measure in others)),
        rows=tuple(
            (
                reading.place(row["ward_code"]),
                *(_told(by_measure[measure].get(row["ward_code"])) for measure in others),
            )
            for row in rows[:MOST_WARDS]
        ),
        more=max(0, len(rows) - MOST_WARDS),
    )
    return main, counts


def _told(row: Row | None) -> Shown:
    return count_cell(float("nan")) if row is None else told_count(row)


def _in_full(reading: Reading, row: Row) -> tuple[Shown, ...]:
    name = reading.place(row["ward_code"])
    return (
        f"{name} (many visitors)" if true(row["many_visitors"]) else name,
        count_cell(row["rank"]),
        told_count(row, "previous_count"),
        told_count(row),
        told_change(row),
        told_range(row),
        change_certainty(row),
        count_cell(row["residents"]),
        told_figure(row, "rate_per_1000", rate_cell),
    )
