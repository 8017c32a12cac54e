"""What goes with the counts: population, homes, groups, hours, polygons and borough series of one panel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import (
    BoroughSeries,
    MarkedEvents,
    Part,
    WardLookup,
    WardTable,
)
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.polygon_parts import Polygons
from wardcast_models.panel.text.cells import key_text

_PartT = TypeVar("_PartT", bound=Part)
_TEXT, _NUMBER, _WHOLE, _TIME = "str", "float64", "int64", "datetime64[us]"
_SHOWN = 5


COLUMNS: dict[str, dict[str, str]] = {
    "wards": {"ward_code": _TEXT, "ward_name": _TEXT, "area_code": _TEXT, "area_name": _TEXT},
    "census": {"ward_code": _TEXT, "persons": _NUMBER, "reference_date": _TIME, "source": _TEXT},
    "estimates": {"ward_code": _TEXT, "persons": _NUMBER, "reference_date": _TIME, "source": _TEXT},
    "projection": {
        "ward_code": _TEXT,
        "area_code": _TEXT,
        "area_name": _TEXT,
        "year": _WHOLE,
        "persons": _NUMBER,
        "source": _TEXT,
    },
    "ward_lookup": {"old_code": _TEXT, "new_code": _TEXT, "share_of_old": _NUMBER},
    "pipeline": {
        "scheme": _TEXT,
        "ward_code": _TEXT,
        "homes": _NUMBER,
        "first_completion": _TIME,
        "last_completion": _TIME,
        "probability": _NUMBER,
        "persons_per_home": _NUMBER,
        "source": _TEXT,
        "jobs": _NUMBER,
        "homes_in_projection": _NUMBER,
        "known_from": _TIME,
    },
    "visitors": {
        "ward_code": _TEXT,
        "month": _TIME,
        "jobs": _NUMBER,
        "visitors": _NUMBER,
        "source": _TEXT,
        "known_from": _TIME,
    },
    "ward_groups": {"ward_code": _TEXT, "group": _TEXT},
    "baseline_hours": {"ward_code": _TEXT, "shift": _TEXT, "officer_hours_per_month": _NUMBER},
    "events": {
        "event": _TEXT,
        "first_month": _TIME,
        "last_month": _TIME,
        "category": _TEXT,
        "label": _TEXT,
        "source": _TEXT,
    },
    "borough_series": {"area_code": _TEXT, "series": _TEXT, "month": _TIME, "count": _NUMBER},
    "unlocated": {"place": _TEXT, "category": _TEXT, "month": _TIME, "count": _NUMBER, "source": _TEXT},
    "carried": {
        "ward_code": _TEXT,
        "category": _TEXT,
        "first_month": _TIME,
        "last_month": _TIME,
        "from_vintage": _TEXT,
        "relative_sd": _NUMBER,
    },
}
"""Columns and types of the panel's frames; an empty frame has them too."""


def shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of the panel with its columns, types and row order fixed.

    Args:
        name: Which frame, a key of `COLUMNS`.
        frame: At least its columns; may be without columns where it is empty.

    Returns:
        The frame, sorted by all its columns.
    """
    columns = COLUMNS[name]
    if frame.empty:
        frame = pd.DataFrame({column: [] for column in columns})
    typed = frame[list(columns)].astype(columns)
    return typed.sort_values(list(columns), ignore_index=True)


def of_kind(parts: Sequence[Part], kind: type[_PartT]) -> list[_PartT]:
    """Return the parts of one kind.

    Args:
        parts: All parts.
        kind: The kind.

    Returns:
        Those parts, in order.
    """
    return [part for part in parts if isinstance(part, kind)]


def refuse_unknown_wards(table: WardTable, places: Gazetteer) -> None:
    """Refuse a user's table that names wards that are not known.

    Args:
        table: The table.
        places: The known wards.

    Raises:
        WardcastError: It names others.
    """
    unknown = sorted(set(table.frame["ward_code"]).difference(places.wards))
    if not unknown:
        return
    more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    raise invalid_input(
        f"{table.file} names wards that are not known.",
        Problem(
            where=where_first(table, unknown),
            expected="the code of a London ward, or of a ward in one of the folder's lookups from LSOA to ward",
            found=", ".join(unknown[:_SHOWN]) + more,
            mend="Correct the codes, or add the lookup that lists these wards.",
        ),
    )


def where_first(table: WardTable, codes: Iterable[str]) -> str:
    """Return where the first of some wards stands in a table, for a message.

    Args:
        table: The table.
        codes: Ward codes in it.

    Returns:
        The file, the row as far as the reader told it, and the column.
    """
    first = min((table.first_lines[code] for code in codes if code in table.first_lines), default=None)
    row = "" if first is None else f", row {first}"
    return f"{table.file}{row}, column ward_code"


def merged(tables: Sequence[WardTable], keys: list[str]) -> pd.DataFrame:
    """Stack tables; a row in two files counts once.

    Args:
        tables: Tables of one kind.
        keys: Columns that together tell rows apart.

    Returns:
        The rows; without columns where there is no table.

    Raises:
        WardcastError: Two files disagree about a row.
    """
    if not tables:
        return pd.DataFrame()
    stacked = pd.concat([table.frame.assign(file=table.file) for table in tables], ignore_index=True)
    columns = [column for column in stacked.columns if column != "file"]
    distinct = stacked.drop_duplicates(columns)
    clash = distinct[distinct.duplicated(keys, keep=False)].sort_values(keys)
    if not clash.empty:
        first = clash.iloc[0]
        files = sorted(set(clash["file"]))
        raise invalid_input(
            f"{' and '.join(files)} disagree.",
            Problem(
                where=" and ".join(files),
                expected=f"one row for {', '.join(key_text(first[key]) for key in keys)}",
                found="different values",
                mend="Keep one of the files.",
            ),
        )
    return distinct[columns]


def lookup_to(parts: Sequence[Part], vintage: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Gather the lookups from older wards to the panel's.

    Args:
        parts: All parts.
        vintage: The panel's ward vintage.

    Returns:
        `Panel.ward_lookup`, and findings on lookups that lead elsewhere.

    Raises:
        WardcastError: Two lookups disagree.
    """
    findings: list[Finding] = []
    for lookup in of_kind(parts, WardLookup):
        ends = (lookup.old_vintage, lookup.new_vintage)
        if vintage not in ends:
            message = f"It leads from {ends[0]} to {ends[1]} wards and the panel is of {vintage}: not used."
            findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=lookup.file, message=message))
    chosen = [WardTable(file=lookup.file, frame=lookup.frame) for lookup in lookups_to(parts, vintage)]
    return shaped("ward_lookup", merged(chosen, ["old_code", "new_code"])), findings


def lookups_to(parts: Sequence[Part], vintage: str) -> list[WardLookup]:
    """Return the lookups that lead to a ward vintage."""
    return [lookup for lookup in of_kind(parts, WardLookup) if lookup.new_vintage == vintage]


def events_of(parts: Sequence[Part]) -> pd.DataFrame:
    """Gather the events that the user marks.

    Args:
        parts: All parts.

    Returns:
        `Panel.events`.

    Raises:
        WardcastError: Two files disagree about an event.
    """
    tables = [WardTable(file=part.file, frame=part.frame) for part in of_kind(parts, MarkedEvents)]
    return shaped("events", merged(tables, ["event", "first_month", "category"]))


def polygons_of(parts: Sequence[Part], ward_codes: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Gather the polygons of the panel's wards; of two files the more detailed wins, ward by ward.

    Args:
        parts: All parts.
        ward_codes: The panel's wards.

    Returns:
        GeoJSON geometry by ward code, sorted by code.
    """
    best: dict[str, tuple[int, str, dict[str, Any]]] = {}
    for polygons in of_kind(parts, Polygons):
        for code, geometry in polygons.geometries.items():
            candidate = (polygons.vertices[code], str(geometry), geometry)
            if code not in best or candidate[:2] > best[code][:2]:
                best[code] = candidate
    return {code: best[code][2] for code in ward_codes if code in best}


def newest_series(parts: Sequence[Part]) -> pd.DataFrame:
    """Gather the borough series, each month from the newest release that has it.

    Args:
        parts: All parts.

    Returns:
        `Panel.borough_series`.
    """
    frames = [part.frame for part in of_kind(parts, BoroughSeries)]
    if not frames:
        return shaped("borough_series", pd.DataFrame())
    stacked = pd.concat(frames, ignore_index=True).sort_values(["release", "count"])
    return shaped("borough_series", stacked.drop_duplicates(["area_code", "series", "month"], keep="last"))
