"""Census ward populations, mid-year estimates and GLA ward projections."""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.panel.findings import Finding, counted
from wardcast_models.panel.parts import Census, Estimates, KnownUnused, Part, Projection
from wardcast_models.panel.places.wards import borough_codes, plain_name
from wardcast_models.panel.readers.age_bands import has_sex_bands
from wardcast_models.panel.readers.mid_years import NOT_TOLD, told_mid_year
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import Table, read_table

_WARD_COLUMN = re.compile(r"ward_code|(?:ward|wd)[0-9]{2}cd|ward 20[0-9]{2} code")
_TOTAL = "total"

CENSUS_DATE = pd.Timestamp("2021-03-21")
"""Census Day 2021 in England and Wales; the residence-type table exists for that census only."""

CENSUS_SOURCE = "Census 2021, residents by residence type (ONS)"
ESTIMATES_SOURCE = "ONS mid-year estimates"
PROJECTION_SOURCE = "GLA housing-linked ward projection"


def read_census(source: SourceFile) -> Census:
    """Read Census residents, summed over residence types.

    Args:
        source: A file with `ward_code, ward_name, restype_code, restype, count`.

    Returns:
        Residents by ward.

    Raises:
        WardcastError: The file is cut, or a code or count is wrong, or a residence type stands twice for a ward.
    """
    table = read_table(source)
    frame = pd.DataFrame(
        {
            "ward_code": table.codes("ward_code"),
            "restype": table.text("restype_code"),
            "persons": table.counts("count"),
        }
    )
    table.refuse_repeats(frame, ["ward_code", "restype"])
    table.problems.raise_if_any()
    persons = frame.groupby("ward_code", as_index=False)["persons"].sum()
    persons = persons.assign(reference_date=CENSUS_DATE, source=CENSUS_SOURCE)
    message = f"Census 2021 residents of {len(persons)} wards."
    return Census(file=source.name, frame=persons, findings=(table.read_finding(message),))


def recognises_estimates(source: SourceFile) -> bool:
    """Tell whether a file gives residents by ward, at one date or several."""
    return bool(_ward_column(source)) and _persons_column(source) is not None


def read_estimates(source: SourceFile) -> Part:
    """Read mid-year estimates, or other dated residents, by ward.

    Args:
        source: A file with a ward code (`ward_code`, or such as `ward22cd` or `Ward 2023 Code`), `population`,
            `persons` or `Total` beside bands of age and sex, and the date as a column `year` (its 30 June) or
            `reference_date`; without these the year is taken from `mid2019` or `Mid-2019` in the name of the file or
            sheet or in a title, and the file is left aside where none of them says it.

    Returns:
        Dated residents by ward.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a ward and date stand twice.
    """
    table = read_table(source)
    dates, by_name = _reference_dates(source, table)
    if dates is None:
        return KnownUnused(file=source.name, what="residents by ward", why=NOT_TOLD)
    frame = pd.DataFrame(
        {
            "ward_code": table.codes(_ward_column(source)),
            "persons": table.numbers(_persons_column(source) or _TOTAL),
            "reference_date": dates,
            "source": ESTIMATES_SOURCE,
        }
    )
    table.refuse_repeats(frame, ["ward_code", "reference_date"])
    table.problems.raise_if_any()
    days = ", ".join(f"{day.day} {day:%B %Y}" for day in sorted(set(frame["reference_date"])))
    read = table.read_finding(f"Residents of {counted(frame['ward_code'].nunique(), 'ward')} on {days}.")
    return Estimates(file=source.name, frame=frame, findings=(read, *by_name))


def _ward_column(source: SourceFile) -> str:
    """Return the name of the one ward code column, or "" where there is none or more than one."""
    found = [name for name in source.columns if _WARD_COLUMN.fullmatch(name)]
    return found[0] if len(found) == 1 else ""


def _persons_column(source: SourceFile) -> str | None:
    """Return the name of the column of all residents, None where there is none."""
    for name in ("population", "persons"):
        if name in source.columns:
            return name
    return _TOTAL if _TOTAL in source.columns and has_sex_bands(source.columns) else None


def _reference_dates(source: SourceFile, table: Table) -> tuple[list[pd.Timestamp] | None, tuple[Finding, ...]]:
    """Return the date of each row, None where nothing says it, and the finding that a name or title said it."""
    if "reference_date" in table.columns:
        return table.dates("reference_date"), ()
    if "year" in table.columns:
        return [day - pd.Timedelta(days=1) for day in table.mid_years("year")], ()
    told = told_mid_year(source)
    return (None, ()) if told is None else ([told[0]] * len(table), (told[1],))


def read_projection(source: SourceFile) -> Projection:
    """Read a GLA ward projection.

    Args:
        source: A file with `Code, Borough, Ward_Name, Year, Population` and more.

    Returns:
        Residents by ward and year.

    Raises:
        WardcastError: The file is cut, a cell is wrong, a borough unknown, or a ward and year stand twice.
    """
    table = read_table(source)

    def borough_code(name: str) -> str:
        if plain_name(name) not in borough_codes():
            raise ValueError(name)
        return borough_codes()[plain_name(name)]

    frame = pd.DataFrame(
        {
            "ward_code": table.codes("code"),
            "area_code": table.convert("borough", borough_code, expected="a London borough", default=""),
            "area_name": table.text("borough"),
            "year": table.counts("year"),
            "persons": table.numbers("population"),
        }
    ).assign(source=PROJECTION_SOURCE)
    table.refuse_repeats(frame, ["ward_code", "year"])
    table.problems.raise_if_any()
    message = (
        f"GLA ward projection for {counted(frame['ward_code'].nunique(), 'ward')}, "
        f"{frame['year'].min()} to {frame['year'].max()}."
    )
    return Projection(
        file=source.name,
        frame=frame,
        first_lines=table.first_lines(list(frame["ward_code"])),
        findings=(table.read_finding(message),),
    )


CENSUS = Reader(
    what="Census ward populations",
    recognises=has_columns("ward_code", "restype_code", "restype", "count"),
    read=read_census,
)
ESTIMATES = Reader(what="mid-year residents by ward", recognises=recognises_estimates, read=read_estimates)
PROJECTION = Reader(
    what="a GLA ward projection",
    recognises=has_columns("code", "borough", "ward_name", "year", "population"),
    read=read_projection,
)
