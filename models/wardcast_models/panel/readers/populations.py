"""Census ward populations and GLA ward projections."""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.parts import Census, Projection
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.source import SourceFile
from wardcast_models.panel.table import read_table
from wardcast_models.panel.wards import boroughs, plain_name

CENSUS_DATE = pd.Timestamp("2021-03-21")
"""Census Day 2021 in England and Wales; the residence-type table exists for that census only."""

CENSUS_SOURCE = "Census 2021, residents by residence type (ONS)"
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
    code_of = {plain_name(name): code for name, code in boroughs().items()}

    def borough_code(name: str) -> str:
        if plain_name(name) not in code_of:
            raise ValueError(name)
        return code_of[plain_name(name)]

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
        f"GLA ward projection for {frame['ward_code'].nunique()} wards, {frame['year'].min()} to {frame['year'].max()}."
    )
    return Projection(file=source.name, frame=frame, findings=(table.read_finding(message),))


CENSUS = Reader(
    what="Census ward populations",
    recognises=has_columns("ward_code", "restype_code", "restype", "count"),
    read=read_census,
)
PROJECTION = Reader(
    what="a GLA ward projection",
    recognises=has_columns("code", "borough", "ward_name", "year", "population"),
    read=read_projection,
)
