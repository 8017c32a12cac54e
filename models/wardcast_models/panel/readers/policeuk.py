"""Data.police.uk: street files in the archive's layout, and the ward-month table derived from them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import Coverage, StreetMonth, WardIncidents
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import Table, read_table
from wardcast_models.reference.taxonomy import ASB, category_by_policeuk_type

WARD_MONTH_SOURCE = "police.uk incidents by ward and month"

_EAST_LIMIT_DEGREES, _NORTH_LIMIT_DEGREES = 180.0, 90.0
_TYPES_SHOWN = 3


def read_street(source: SourceFile) -> StreetMonth:
    """Read a street file, keeping counts by map point and nothing about single incidents.

    Args:
        source: A file with `Month, Falls within, Longitude, Latitude, LSOA code, Crime type` and more.

    Returns:
        Incidents by map point, small area, month and category; those without a small area apart.

    Raises:
        WardcastError: The file is cut, or a month, a small-area code or a coordinate is malformed.
    """
    table = read_table(source, "longitude", "latitude")
    categories, unknown = _categories(table.text("crime type"), ASB)
    frame = pd.DataFrame(
        {
            "lsoa_code": _codes_if_any(table),
            "longitude": _degrees(table, "longitude", _EAST_LIMIT_DEGREES),
            "latitude": _degrees(table, "latitude", _NORTH_LIMIT_DEGREES),
            "month": table.counted_months("month"),
            "category": categories,
        }
    )
    table.problems.raise_if_any()
    known = frame[frame["category"] != ""]
    placed = known["lsoa_code"] != ""
    keys = ["lsoa_code", "longitude", "latitude", "month", "category"]
    forces = sorted(set(table.text("falls within")))
    return StreetMonth(
        file=source.name,
        force=" and ".join(forces),
        frame=_counted(known[placed], keys),
        unlocated=_counted(known[~placed], ["month", "category"]),
        rows=len(table),
        findings=_unknown_types(source.name, unknown),
    )


def read_ward_months(source: SourceFile) -> WardIncidents:
    """Read the table of police.uk incidents by ward and month.

    Args:
        source: A file with `ward_code, month, category, count`; the category is a police.uk crime type.

    Returns:
        Incidents by ward, month and category.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a ward, month and category stand twice.
    """
    table = read_table(source)
    categories, unknown = _categories(table.text("category"), ASB)
    frame = pd.DataFrame(
        {
            "ward_code": table.wards(),
            "month": table.counted_months("month"),
            "type": [text.casefold() for text in table.text("category")],
            "category": categories,
            "count": table.counts("count"),
        }
    )
    table.refuse_repeats(frame, ["ward_code", "month", "type"])
    table.problems.raise_if_any()
    unknown = _summed(frame[frame["category"] == ""])
    kept = frame[frame["category"] != ""].groupby(["ward_code", "category", "month"])["count"].sum().reset_index()
    asb = int(kept["count"][kept["category"] == ASB].sum())
    message = (
        f"Police.uk incidents by ward and month: {int(kept['count'].sum()):,} incidents in "
        f"{counted(kept['ward_code'].nunique(), 'ward')}, {asb:,} of them anti-social behaviour."
    )
    findings: tuple[Finding, ...] = (table.read_finding(message, list(frame["month"])),)
    if not asb:
        message = "It holds no anti-social behaviour rows."
        findings = (*findings, Finding(kind=FindingKind.CAVEAT, file=source.name, message=message))
    return WardIncidents(
        file=source.name,
        frame=kept,
        coverage=Coverage.ANY_INCIDENT,
        unlocated=pd.DataFrame({"category": [], "month": [], "count": []}),
        source=WARD_MONTH_SOURCE,
        first_lines=table.first_lines(list(frame["ward_code"])),
        findings=(*findings, *_unknown_types(source.name, unknown)),
    )


def _categories(types: list[str], *already: str) -> tuple[list[str], Counter[str]]:
    """Return the category of each crime type, "" where it is unknown, and how often each unknown type stands.

    Args:
        types: Crime types as written.
        *already: Category ids that stand for themselves.
    """
    known = {**category_by_policeuk_type(), **{category: category for category in already}}
    by_text = {text: known.get("-".join(text.casefold().replace("-", " ").split()), "") for text in set(types)}
    return [by_text[text] for text in types], Counter(text for text in types if not by_text[text])


def _summed(rows: pd.DataFrame) -> Counter[str]:
    """Return the incidents of each type."""
    return Counter({str(text): int(part["count"].sum()) for text, part in rows.groupby("type")})


def _codes_if_any(table: Table) -> list[str]:
    """Return the small area of each row, "" where it names none."""
    filled = [bool(text) for text in table.text("lsoa code")]
    codes = iter(table.where(filled).small_areas("lsoa code"))
    return [next(codes) if is_filled else "" for is_filled in filled]


def _degrees(table: Table, column: str, most: float) -> list[float]:
    """Return a coordinate as published, NaN where the row has none."""

    def parse(cell: str) -> float:
        value = float(cell) if cell else np.nan
        if abs(value) > most:
            raise ValueError(cell)
        return value

    return table.convert(column, parse, expected=f"degrees from -{most:g} to {most:g}", default=np.nan)


def _counted(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return how many rows share the keys; a point without coordinates is a point of its own."""
    return rows.groupby(keys, as_index=False, dropna=False).size().rename(columns={"size": "count"})


def _unknown_types(file: str, unknown: Counter[str]) -> tuple[Finding, ...]:
    """Tell the crime types that the taxonomy does not know, and how many incidents they are."""
    if not unknown:
        return ()
    shown = "; ".join(f"{text!r} ({number:,})" for text, number in unknown.most_common(_TYPES_SHOWN))
    more = f" and {len(unknown) - _TYPES_SHOWN} more types" if len(unknown) > _TYPES_SHOWN else ""
    message = (
        f"{sum(unknown.values()):,} incidents are of a crime type that is not known and were left out: {shown}{more}."
    )
    return (Finding(kind=FindingKind.CAVEAT, file=file, message=message, rows=sum(unknown.values())),)


STREET = Reader(
    what="a data.police.uk street file",
    recognises=has_columns("month", "falls within", "lsoa code", "crime type"),
    read=read_street,
)
WARD_MONTHS = Reader(
    what="a police.uk ward-month table",
    recognises=has_columns("ward_code", "month", "category", "count"),
    read=read_ward_months,
)
