"""What goes with the counts: population, homes, groups, hours, polygons and borough series of one panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import pandas as pd

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import (
    BaselineHours,
    BoroughSeries,
    Census,
    Estimates,
    MarkedEvents,
    Part,
    Pipeline,
    Polygons,
    Projection,
    Visitors,
    WardGroups,
    WardLookup,
    WardTable,
)
from wardcast_models.panel.wards import ward_register

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


def ward_tables(
    parts: Sequence[Part], ward_codes: tuple[str, ...], vintage: str
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Gather the tables that are keyed by ward, keeping the panel's wards.

    The projection is kept whole, on its own wards: they need not be of the panel's vintage. Estimates are kept on
    the panel's wards and on the older wards that a lookup leads from.

    Args:
        parts: All parts.
        ward_codes: The panel's wards.
        vintage: Their vintage.

    Returns:
        Frames by the name of the panel's field, and findings on rows and files that play no part.

    Raises:
        WardcastError: Two files disagree about the same ward, or a user's file mixes ward vintages.
    """
    findings: list[Finding] = []

    older = {code for lookup in _lookups_to(parts, vintage) for code in lookup.frame["old_code"]}

    def ours(kind: type[WardTable], *keys: str) -> pd.DataFrame:
        kept = [_in_panel(table, ward_codes, vintage, findings) for table in of_kind(parts, kind)]
        return _merged([table for table in kept if not table.frame.empty], [*keys])

    def estimates() -> pd.DataFrame:
        usable = (*ward_codes, *sorted(older))
        kept = [_in_panel(table, usable, vintage, findings) for table in of_kind(parts, Estimates)]
        return _merged([table for table in kept if not table.frame.empty], ["ward_code", "reference_date"])

    frames = {
        "census": ours(Census, "ward_code"),
        "estimates": estimates(),
        "projection": _merged(of_kind(parts, Projection), ["ward_code", "year"]),
        "pipeline": ours(Pipeline, "scheme", "ward_code", "first_completion", "last_completion"),
        "visitors": ours(Visitors, "ward_code", "month"),
        "ward_groups": ours(WardGroups, "ward_code"),
        "baseline_hours": ours(BaselineHours, "ward_code", "shift"),
    }
    return {name: shaped(name, frame) for name, frame in frames.items()}, findings


def _in_panel(table: WardTable, ward_codes: tuple[str, ...], vintage: str, findings: list[Finding]) -> WardTable:
    """Return a table's rows of the panel's wards; a user's table that mixes ward vintages is refused."""
    inside = table.frame["ward_code"].isin(ward_codes)
    strangers = sorted(set(table.frame["ward_code"][~inside]))
    if not inside.any():
        message = "None of its wards is in this panel (another ward vintage or another place): not used."
        findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=table.file, message=message))
    elif strangers and not isinstance(table, Census | Estimates):
        known = ward_register()
        if not all(vintage in known[code].vintages for code in strangers):
            raise _mixed_vintages(table, strangers, vintage)
        message = f"Rows on wards without crime counts ({int((~inside).sum())}) were left out."
        findings.append(Finding(kind=FindingKind.CAVEAT, file=table.file, message=message))
    return WardTable(file=table.file, frame=table.frame[inside])


def _mixed_vintages(table: WardTable, strangers: list[str], vintage: str) -> WardcastError:
    more = f" and {len(strangers) - _SHOWN} more" if len(strangers) > _SHOWN else ""
    return invalid_input(
        f"{table.file} mixes ward vintages.",
        Problem(
            where=f"{table.file}, column ward_code",
            expected=f"{vintage} wards, like its other rows and the crime files",
            found=", ".join(strangers[:_SHOWN]) + more,
            mend="Use one ward vintage in the file.",
        ),
    )


def _merged(tables: Sequence[WardTable], keys: list[str]) -> pd.DataFrame:
    """Stack tables; a row in two files counts once, and two files that disagree are refused."""
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
                expected=f"one row for {', '.join(str(first[key]) for key in keys)}",
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
        if lookup.new_vintage != vintage:
            message = f"It leads to {lookup.new_vintage} wards and the panel is of {vintage}: not used."
            findings.append(Finding(kind=FindingKind.LEFT_ASIDE, file=lookup.file, message=message))
    chosen = [WardTable(file=lookup.file, frame=lookup.frame) for lookup in _lookups_to(parts, vintage)]
    return shaped("ward_lookup", _merged(chosen, ["old_code", "new_code"])), findings


def _lookups_to(parts: Sequence[Part], vintage: str) -> list[WardLookup]:
    """Return the lookups that lead to a vintage."""
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
    return shaped("events", _merged(tables, ["event", "first_month", "category"]))


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
