"""MPS Monthly Crime Dashboard: borough series that ward data do not carry."""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.panel.cells import parse_gss_code
from wardcast_models.panel.parts import BoroughSeries
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.source import SourceFile
from wardcast_models.panel.table import read_table


def series_id(subtype: str) -> str:
    """Return the id of a dashboard series.

    Args:
        subtype: Crime subtype as written, in any case.

    Returns:
        Lower-case words joined by underscores, for example `domestic_abuse_violence_with_injury`.
    """
    return re.sub(r"[^a-z0-9]+", "_", subtype.lower()).strip("_")


def read(source: SourceFile) -> BoroughSeries:
    """Read the offences of boroughs; ward teams and positive outcomes are not used.

    Args:
        source: A file with `area_type, area_name, area_code, crime_type, crime_subtype, measure, month, count,
            release`.

    Returns:
        Monthly offences by borough and series, each with the release it came from.

    Raises:
        WardcastError: The file is cut or a cell of a used row is wrong.
    """
    table = read_table(source)
    used = table.where(
        area == "borough" and measure == "offences"
        for area, measure in zip(
            (text.lower() for text in table.text("area_type")),
            (text.lower() for text in table.text("measure")),
            strict=True,
        )
    )
    frame = pd.DataFrame(
        {
            "area_code": used.convert(
                "area_code", parse_gss_code, expected="a borough code such as E09000002", default=""
            ),
            "series": [series_id(text) for text in used.text("crime_subtype")],
            "month": used.months("month"),
            "count": used.counts("count"),
            "release": used.text("release"),
        }
    )
    used.refuse_repeats(frame, ["area_code", "series", "month", "release"])
    table.problems.raise_if_any()
    message = (
        f"MPS dashboard: {frame['series'].nunique()} monthly series of {frame['area_code'].nunique()} borough(s). "
        f"{len(table) - len(used):,} rows on ward teams or positive outcomes are not used."
    )
    return BoroughSeries(file=source.name, frame=frame, findings=(used.read_finding(message, list(frame["month"])),))


READER = Reader(
    what="an MPS dashboard table",
    recognises=has_columns(
        "area_type", "area_code", "crime_type", "crime_subtype", "measure", "month", "count", "release"
    ),
    read=read,
)
