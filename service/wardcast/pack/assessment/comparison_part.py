"""The area beside London and beside similar boroughs."""

from __future__ import annotations

from wardcast.pack.assessment.blocks import Head, Part, ReportFigure, ReportTable, Shown
from wardcast.pack.assessment.cells import change_cell, known, rate_cell, rate_words
from wardcast.pack.assessment.reading import Reading, Row, of, records
from wardcast.pack.charts.palette import DARK_BLUE, ORANGE, SEQUENCE
from wardcast.pack.charts.ranked_bars import BarPart, BarRow, ranked_bars
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.origin import in_london
from wardcast_models.words import listed

KINDS = {"area": "This area", "london": "London", "similar": "Similar place"}
"""Names of the kinds of place, in the order of the legend."""

_HEADS = (
    ("area", "Rate here"),
    ("london", "Rate in London"),
    ("similar", "Rates in similar places"),
    ("area", "Change here"),
    ("london", "Change in London"),
    ("similar", "Middle change of similar places"),
)
"""Kind of place and head of each column of figures; a kind that is not compared has no columns."""

COLOURS = {"area": DARK_BLUE, "london": ORANGE, "similar": SEQUENCE[1]}


def comparison_part(reading: Reading) -> Part:
    """Tell how the area stands beside others.

    Args:
        reading: The assessment.

    Returns:
        The part.
    """
    comparison = reading.assessment.comparison
    similar = _similar(records(of(comparison, kind="similar")))
    places = "borough" if in_london(reading.assessment.area_code) else "district"
    if comparison[comparison["kind"] != "area"].empty:
        return Part(
            title=_title(reading),
            key="comparison",
            paragraphs=(
                f"There is nothing to compare with: the files hold no other {places}, or the area is no single one.",
            ),
        )
    paragraphs = ["Rates are per 1,000 residents in the year. They mislead where many people come from elsewhere."]
    paragraphs += _other_rate(reading)
    if similar:
        paragraphs.append(
            f"Similar {places}s are those whose crime and residents are most like this area’s: {listed(similar)}."
        )
    chart = _chart(reading)
    return Part(
        title=_title(reading),
        key="comparison",
        paragraphs=tuple(paragraphs),
        figures=() if chart is None else (chart,),
        tables=(_table(reading),),
    )


def _title(reading: Reading) -> str:
    if not in_london(reading.assessment.area_code):
        return "Beside similar districts"
    return "Beside London and similar boroughs"


def _other_rate(reading: Reading) -> list[str]:
    """Say why the area's rate differs from that of the year, where it does."""
    comparison, area = reading.assessment.comparison, reading.assessment.area
    here = _value(_one(records(of(comparison, measure=ALL_CRIME)), "area"), "rate_per_1000")
    own = _value(next(iter(records(of(area, measure=ALL_CRIME))), None), "rate_per_1000")
    if not (known(here) and known(own)) or rate_words(here) == rate_words(own):
        return []
    return [
        "So that places compare, rates here are by residents that every one of them has. The year in figures goes by "
        f"the nearest residents held for this area: all crime is {rate_words(own)} per 1,000 there and "
        f"{rate_words(here)} here."
    ]


def _similar(rows: list[Row]) -> list[str]:
    """Return the names of the similar boroughs, the most similar first."""
    nearest: dict[str, float] = {}
    for row in rows:
        distance = float(row["distance"]) if known(row["distance"]) else float("inf")
        nearest[row["place_name"]] = min(distance, nearest.get(row["place_name"], float("inf")))
    return sorted(nearest, key=lambda name: (nearest[name], name))


def _chart(reading: Reading) -> ReportFigure | None:
    """Draw the rate of the first main measure in each place."""
    if not reading.main_measures:
        return None
    measure = reading.main_measures[0]
    rows = [row for row in records(of(reading.assessment.comparison, measure=measure)) if known(row["rate_per_1000"])]
    if not rows:
        return None
    rows.sort(key=lambda row: -row["rate_per_1000"])
    kinds = [kind for kind in KINDS if any(row["kind"] == kind for row in rows)]
    label = reading.label(measure)
    caption = f"{label} per 1,000 residents"
    chart = ranked_bars(
        [
            BarRow(
                label=row["place_name"],
                values=tuple(row["rate_per_1000"] if row["kind"] == kind else 0.0 for kind in kinds),
                value_label=rate_words(row["rate_per_1000"]),
            )
            for row in rows
        ],
        [BarPart(label=KINDS[kind], colour=COLOURS[kind]) for kind in kinds],
        key="comparison-rates",
        title=caption,
        description=" ".join(f"{row['place_name']}: {rate_words(row['rate_per_1000'])}." for row in rows),
    )
    return ReportFigure(caption=caption, chart=chart)


def _table(reading: Reading) -> ReportTable:
    """Set the area beside London and the range of the similar boroughs, measure by measure."""
    comparison = reading.assessment.comparison
    measures = [measure for measure in reading.labels if measure in set(comparison["measure"])]
    shown = [measure for measure in measures if measure in reading.main_measures] or measures[:10]
    kinds = set(comparison["kind"])
    heads = [head for kind, head in _HEADS if kind in kinds]
    rows: list[tuple[Shown, ...]] = []
    for measure in shown:
        found = records(of(comparison, measure=measure))
        here, london = _one(found, "area"), _one(found, "london")
        rates = [r["rate_per_1000"] for r in found if r["kind"] == "similar" and known(r["rate_per_1000"])]
        changes = [r["change_percent"] for r in found if r["kind"] == "similar" and known(r["change_percent"])]
        cells: tuple[Shown, ...] = (
            rate_cell(_value(here, "rate_per_1000")),
            rate_cell(_value(london, "rate_per_1000")),
            f"{rate_words(min(rates))} to {rate_words(max(rates))}" if rates else "not known",
            change_cell(_value(here, "change_percent")),
            change_cell(_value(london, "change_percent")),
            _median_change(changes),
        )
        held = [cell for (kind, _), cell in zip(_HEADS, cells, strict=True) if kind in kinds]
        rows.append((reading.label(measure), *held))
    return ReportTable(
        caption="Rates per 1,000 residents, and change on the year before",
        heads=(
            Head(label="What"),
            *(Head(label=head, is_number=True) for head in heads),
        ),
        rows=tuple(rows),
        more=len(measures) - len(shown),
    )


def _one(rows: list[Row], kind: str) -> Row | None:
    return next((row for row in rows if row["kind"] == kind), None)


def _value(row: Row | None, column: str) -> float:
    return float("nan") if row is None or not known(row[column]) else float(row[column])


def _median_change(changes: list[float]) -> Shown:
    ordered = sorted(changes)
    if not ordered:
        return change_cell(float("nan"))
    middle = len(ordered) // 2
    return change_cell(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)
