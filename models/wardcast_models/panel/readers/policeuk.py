"""Data.police.uk: street files in the archive's layout, and the ward-month table derived from them."""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import StreetMonth, WardMonthAsb
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.source import SourceFile
from wardcast_models.panel.table import read_table

ASB_CRIME_TYPE = "anti-social behaviour"
ASB_SLUG = "anti-social-behaviour"


def read_street(source: SourceFile) -> StreetMonth:
    """Read a street file, keeping counts by small area and nothing about single incidents.

    Args:
        source: A file with `Month, Falls within, LSOA code, Crime type` and more.

    Returns:
        ASB and all incidents by small area and month.

    Raises:
        WardcastError: The file is cut, or a month or small-area code is malformed.
    """
    table = read_table(source)
    table.months("month")
    placed = table.where(bool(code) for code in table.text("lsoa code"))
    placed_months = placed.months("month")
    codes = placed.codes("lsoa code")
    table.problems.raise_if_any()
    asb = [kind.lower() == ASB_CRIME_TYPE for kind in placed.text("crime type")]
    frame = (
        pd.DataFrame({"lsoa_code": codes, "month": placed_months, "asb": asb, "all_incidents": 1})
        .astype({"asb": "int64"})
        .groupby(["lsoa_code", "month"], as_index=False)[["asb", "all_incidents"]]
        .sum()
    )
    all_asb = sum(kind.lower() == ASB_CRIME_TYPE for kind in table.text("crime type"))
    forces = sorted(set(table.text("falls within")))
    return StreetMonth(
        file=source.name,
        force=" and ".join(forces),
        frame=frame,
        unplaced_asb=all_asb - int(frame["asb"].sum()),
        rows=len(table),
    )


def read_ward_months(source: SourceFile) -> WardMonthAsb:
    """Read the table of police.uk incidents by ward and month.

    Args:
        source: A file with `ward_code, month, category, count`.

    Returns:
        ASB and all incidents by ward and month.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a ward, month and category stand twice.
    """
    table = read_table(source)
    frame = pd.DataFrame(
        {
            "ward_code": table.london_wards(),
            "month": table.months("month"),
            "category": [text.lower().replace(" ", "-") for text in table.text("category")],
            "all_incidents": table.counts("count"),
        }
    )
    table.refuse_repeats(frame, ["ward_code", "month", "category"])
    table.problems.raise_if_any()
    frame["asb"] = frame["all_incidents"].where(frame["category"].isin([ASB_SLUG, "asb"]), 0)
    sums = frame.groupby(["ward_code", "month"], as_index=False)[["asb", "all_incidents"]].sum()
    message = (
        f"Police.uk incidents by ward and month: {int(sums['asb'].sum()):,} anti-social behaviour incidents in "
        f"{sums['ward_code'].nunique()} wards. Its other categories are not used."
    )
    findings: tuple[Finding, ...] = (table.read_finding(message, list(sums["month"])),)
    if not sums["asb"].any():
        findings = (
            *findings,
            Finding(kind=FindingKind.CAVEAT, file=source.name, message="It holds no anti-social behaviour rows."),
        )
    return WardMonthAsb(file=source.name, frame=sums, findings=findings)


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
