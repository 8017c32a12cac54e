"""Residents by small area (LSOA) and age: ONS mid-year estimates and Census 2021."""

from __future__ import annotations

import re
from itertools import repeat

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import KnownUnused, Part, SmallAreaResidents
from wardcast_models.panel.readers.populations import CENSUS_DATE, ESTIMATES_SOURCE, MID_YEAR
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import Table, read_table

ALL = "all"
"""Age band of everybody."""

AGES_SOURCE = "Census 2021, residents by age (ONS)"

_LSOA_COLUMN = re.compile(r"lsoa([0-9]{2})cd")
_ESTIMATES_BAND = re.compile(r"persons_(?:(all-ages)|([0-9]+)-([0-9]+)|([0-9]+)\+)")
_CENSUS_BAND = re.compile(
    r"age: (?:(total)(?:: all usual residents)?|aged ([0-9]+) to ([0-9]+) years|aged ([0-9]+) years and (over|under))"
)
_SMALL_AREA = ("E01", "W01")


def recognises_estimates(source: SourceFile) -> bool:
    """Tell whether a file gives residents by small area and age band, as ONS mid-year estimates do."""
    return _lsoa_column(source) != "" and "persons_all-ages" in source.columns


def read_estimates(source: SourceFile) -> Part:
    """Read mid-year estimates by small area.

    Args:
        source: A file with a code such as `LSOA11CD`, `Persons_All-Ages` and bands such as `Persons_0-15`; the year is
            a column `year` or stands in the file's name as `mid2019` or `mid-2019`.

    Returns:
        Residents by small area and age band, or why they cannot be used.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a small area stands twice.
    """
    bands = {name: _estimates_band(name) for name in source.columns if _ESTIMATES_BAND.fullmatch(name)}
    code_column = _lsoa_column(source)
    table = read_table(source, only=(code_column, "year", *bands))
    named = MID_YEAR.search(source.name)
    by_name = "year" not in table.columns
    if by_name and named is None:
        why = "neither a column year nor the file's name (such as mid2020) says which year it is for; add one of them"
        return KnownUnused(file=source.name, what="residents by small area", why=why)
    if by_name and named is not None:
        dates = list(repeat(pd.Timestamp(f"{named[1]}-06-30"), len(table)))
    else:
        dates = [day - pd.Timedelta(days=1) for day in table.mid_years("year")]
    part = _residents(table, code_column, bands, dates, ESTIMATES_SOURCE)
    if not by_name:
        return part
    day = f"{dates[0].day} {dates[0]:%B %Y}"
    message = f"Nothing in it says which year it is for; by its name its residents are taken as those of {day}."
    told = Finding(kind=FindingKind.CAVEAT, file=source.name, message=message)
    return SmallAreaResidents(file=source.name, frame=part.frame, findings=(*part.findings, told))


def read_census(source: SourceFile) -> Part:
    """Read Census 2021 residents by age, as Nomis gives them.

    Args:
        source: A file with `date, geography code, Age: Total` and bands such as `Age: Aged 5 to 9 years`.

    Returns:
        Residents by small area and age band, or why they cannot be used.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a small area stands twice.
    """
    bands = {name: _census_band(name) for name in source.columns if _CENSUS_BAND.fullmatch(name)}
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


def _estimates_band(name: str) -> str:
    match = _ESTIMATES_BAND.fullmatch(name)
    everybody, first, last, oldest = match.groups() if match else (None,) * 4
    return ALL if everybody else (f"{oldest}+" if oldest else f"{first}-{last}")


def _census_band(name: str) -> str:
    match = _CENSUS_BAND.fullmatch(name)
    everybody, first, last, limit, side = match.groups() if match else (None,) * 5
    if everybody:
        return ALL
    if limit:
        return f"{limit}+" if side == "over" else f"0-{limit}"
    return f"{first}-{last}"


def _residents(
    table: Table, code_column: str, bands: dict[str, str], dates: list[pd.Timestamp], source: str
) -> SmallAreaResidents:
    """Return residents by small area and band, with how far the bands add up to everybody."""
    codes = table.small_areas(code_column)
    keys = pd.DataFrame({"lsoa_code": codes, "reference_date": dates})
    table.refuse_repeats(keys, ["lsoa_code", "reference_date"])
    frames = [
        keys.assign(age_band=band, persons=table.counts(name), source=source)
        for name, band in sorted(bands.items(), key=lambda item: _by_age(item[1]))
    ]
    table.problems.raise_if_any()
    frame = pd.concat(frames, ignore_index=True)[["lsoa_code", "age_band", "persons", "reference_date", "source"]]
    everybody = frame["age_band"] == ALL
    total, by_band = int(frame["persons"][everybody].sum()), int(frame["persons"][~everybody].sum())
    days = sorted(set(dates))
    message = (
        f"Residents of {len(set(codes)):,} small areas (LSOA) in {len(bands) - 1} age bands on "
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


def _by_age(band: str) -> int:
    """Return what orders bands by age, everybody first."""
    return -1 if band == ALL else int(re.split(r"[-+]", band)[0])


ESTIMATES = Reader(what="mid-year residents by small area", recognises=recognises_estimates, read=read_estimates)
CENSUS = Reader(
    what="Census residents by age and small area",
    recognises=has_columns("geography code", "age: total"),
    read=read_census,
)
