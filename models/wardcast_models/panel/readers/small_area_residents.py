"""Residents by small area (LSOA) and age: ONS mid-year estimates and Census 2021."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import repeat

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import KnownUnused, Part, SmallAreaResidents
from wardcast_models.panel.readers.age_bands import ALL, census_bands, estimates_bands, first_age
from wardcast_models.panel.readers.mid_years import NOT_TOLD, told_mid_year
from wardcast_models.panel.readers.populations import CENSUS_DATE, ESTIMATES_SOURCE
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import Table, read_table

AGES_SOURCE = "Census 2021, residents by age (ONS)"

_LSOA_COLUMN = re.compile(r"lsoa[0-9]{2}cd|lsoa 20[0-9]{2} code")
_SMALL_AREA = ("E01", "W01")


def recognises_estimates(source: SourceFile) -> bool:
    """Tell whether a file gives residents by small area and age band, as ONS mid-year estimates do."""
    return _lsoa_column(source) != "" and ALL in estimates_bands(source.columns).values()


def read_estimates(source: SourceFile) -> Part:
    """Read mid-year estimates by small area.

    Args:
        source: A file with a code such as `LSOA11CD`, `Persons_All-Ages` and bands such as `Persons_0-15`; or, as ONS
            has published them since 2023, `LSOA 2021 Code`, `Total` and bands by sex such as `F0 to 15` or single
            years such as `F0`. The year is a column `year` or stands in the name of the file or sheet, or in a title,
            as `mid2019` or `Mid-2019`.

    Returns:
        Residents by small area and age band, or why they cannot be used.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a small area stands twice.
    """
    bands = estimates_bands(source.columns)
    code_column = _lsoa_column(source)
    table = read_table(source, only=(code_column, "year", *bands))
    if "year" in table.columns:
        dates = [day - pd.Timedelta(days=1) for day in table.mid_years("year")]
        return _residents(table, code_column, bands, dates, ESTIMATES_SOURCE)
    told = told_mid_year(source)
    if told is None:
        return KnownUnused(file=source.name, what="residents by small area", why=NOT_TOLD)
    day, by_name = told
    part = _residents(table, code_column, bands, list(repeat(day, len(table))), ESTIMATES_SOURCE)
    return replace(part, findings=(*part.findings, by_name))


def read_census(source: SourceFile) -> Part:
    """Read Census 2021 residents by age, as Nomis gives them.

    Args:
        source: A file with `date, geography code, Age: Total` and bands such as `Age: Aged 5 to 9 years`.

    Returns:
        Residents by small area and age band, or why they cannot be used.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a small area stands twice.
    """
    bands = census_bands(source.columns)
    table = read_table(source, only=("date", "geography code", *bands))
    if not any(text.upper().startswith(_SMALL_AREA) for text in table.text("geography code")):
        why = "its places are no small areas (LSOA), and ages are used by small area"
        return KnownUnused(file=source.name, what="Census residents by age", why=why)
    years = set(table.text("date")) if "date" in table.columns else set()
    if years != {str(CENSUS_DATE.year)}:
        table.problems.add(
            column="date",
            expected=f"the Census of {CENSUS_DATE.year} in every row",
            found=", ".join(sorted(years)) or "no such column",
            mend="Supply the table of one Census.",
        )
    dates = list(repeat(CENSUS_DATE, len(table)))
    return _residents(table, "geography code", bands, dates, AGES_SOURCE)


def _lsoa_column(source: SourceFile) -> str:
    return next((name for name in sorted(source.columns) if _LSOA_COLUMN.fullmatch(name)), "")


def _residents(
    table: Table, code_column: str, bands: dict[str, str], dates: list[pd.Timestamp], source: str
) -> SmallAreaResidents:
    """Return residents by small area and band, with how far the bands add up to everybody."""
    codes = table.small_areas(code_column)
    keys = pd.DataFrame({"lsoa_code": codes, "reference_date": dates})
    table.refuse_repeats(keys, ["lsoa_code", "reference_date"])
    persons: dict[str, NDArray[np.int64]] = {}
    for name, band in sorted(bands.items()):
        persons[band] = persons.get(band, 0) + np.array(table.counts(name), dtype=np.int64)
    frames = [
        keys.assign(age_band=band, persons=persons[band], source=source) for band in sorted(persons, key=first_age)
    ]
    table.problems.raise_if_any()
    frame = pd.concat(frames, ignore_index=True)[["lsoa_code", "age_band", "persons", "reference_date", "source"]]
    everybody = frame["age_band"] == ALL
    total, by_band = int(frame["persons"][everybody].sum()), int(frame["persons"][~everybody].sum())
    days = sorted(set(dates))
    message = (
        f"Residents of {len(set(codes)):,} small areas (LSOA) in {len(persons) - 1} age bands on "
        f"{', '.join(f'{day.day} {day:%B %Y}' for day in days)}: {total:,}."
    )
    findings = [table.read_finding(message)]
    if not everybody.all() and by_band != total:
        message = (
            f"Its age bands add up to {by_band:,} and its totals to {total:,}: small counts are changed a little "
            "before publication, so that nobody can be told from them."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file=table.file, message=message))
    return SmallAreaResidents(file=table.file, frame=frame, findings=tuple(findings))


ESTIMATES = Reader(what="mid-year residents by small area", recognises=recognises_estimates, read=read_estimates)
CENSUS = Reader(
    what="Census residents by age and small area",
    recognises=has_columns("geography code", "age: total"),
    read=read_census,
)
