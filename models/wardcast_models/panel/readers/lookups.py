"""Lookups from older wards, and from small areas, to wards."""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.panel.parts import LsoaLookup, WardLookup
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import Table, read_table

_WARD_COLUMN = re.compile(r"ward(\d{2})_code")
_LSOA_COLUMN = re.compile(r"lsoa(11|21)cd")
_LSOA_WARD_COLUMN = re.compile(r"(?:wd|ward)(\d{2})cd")
_AREA_COLUMN = re.compile(r"lad(\d{2})cd")

_SHARE_TOLERANCE = 0.01


def recognises_ward_lookup(source: SourceFile) -> bool:
    """Tell whether a file maps the wards of one vintage to those of another with shares."""
    return len(_ward_columns(source)) == 2 and "share_of_old" in source.columns


def read_ward_lookup(source: SourceFile) -> WardLookup:
    """Read shares of older wards in newer ones.

    Args:
        source: A file with `wardYY_code` twice, `share_of_old` and where known `share_of_new`.

    Returns:
        The lookup.

    Raises:
        WardcastError: A cell is wrong, or the shares of an old ward do not add up to 1.
    """
    old, new = _ward_columns(source)
    table = read_table(source)
    frame = pd.DataFrame(
        {
            "old_code": table.wards(f"ward{old}_code"),
            "new_code": table.wards(f"ward{new}_code"),
            "share_of_old": table.numbers("share_of_old", most=1.0),
            "share_of_new": table.numbers_if_any("share_of_new", most=1.0),
        }
    )
    table.refuse_repeats(frame, ["old_code", "new_code"])
    table.problems.raise_if_any()
    totals = frame.groupby("old_code")["share_of_old"].sum()
    _refuse_wrong(table, totals[(totals - 1.0).abs() > _SHARE_TOLERANCE], "1")
    table.problems.raise_if_any()
    message = f"Shares of {frame['old_code'].nunique()} WD{old} wards in {frame['new_code'].nunique()} WD{new} wards."
    return WardLookup(
        file=source.name,
        old_vintage=f"WD{old}",
        new_vintage=f"WD{new}",
        frame=frame,
        findings=(table.read_finding(message),),
    )


def _ward_columns(source: SourceFile) -> list[str]:
    return sorted(match[1] for name in source.columns if (match := _WARD_COLUMN.fullmatch(name)))


def _refuse_wrong(table: Table, totals: pd.Series[float], wanted: str) -> None:
    """Note each place whose shares do not add up to what they should."""
    for code, total in totals.items():
        table.problems.add(
            expected=f"shares of {code} that add up to {wanted}", found=f"{total:.3f}", mend="Correct the shares."
        )


def recognises_lsoa_lookup(source: SourceFile) -> bool:
    """Tell whether a file maps small areas to the wards of one year: one ward each, or shares by year."""
    return len(_named(source, _LSOA_COLUMN)) == 1 and len(_named(source, _LSOA_WARD_COLUMN)) == 1


def read_lsoa_lookup(source: SourceFile) -> LsoaLookup:
    """Read the wards of each small area.

    Args:
        source: A file with `lsoa11cd` or `lsoa21cd` and one ward code column such as `ward22cd` or `WD25CD`; a best fit
            unless it has a column `weight` (share of the small area's residents in the ward; with a column `year` the
            newest year is read); names in `WDyyNM`, `LADyyCD` and `LADyyNM` where it has them.

    Returns:
        The lookup.

    Raises:
        WardcastError: A code is malformed, an LSOA stands twice, or its shares add up to more than 1.
    """
    table = read_table(source)
    lsoa_column, ward_column = _named(source, _LSOA_COLUMN)[0], _named(source, _LSOA_WARD_COLUMN)[0]
    newest = ""
    if "year" in table.columns:
        years = table.mid_years("year")
        table.problems.raise_if_any()
        table = table.where(year == max(years) for year in years)
        newest = f" in {max(years):%Y}, the newest of its years"
    frame = pd.DataFrame(
        {"lsoa_code": table.small_areas(lsoa_column), "ward_code": table.wards(ward_column), "share": 1.0}
    )
    if "weight" in table.columns:
        frame["share"] = table.numbers("weight", most=1.0)
        table.refuse_repeats(frame, ["lsoa_code", "ward_code"])
        totals = frame.groupby("lsoa_code")["share"].sum()
        # A lookup of one borough gives a small area beyond its border less than 1, or nothing.
        _refuse_wrong(table, totals[totals > 1.0 + _SHARE_TOLERANCE], "at most 1")
    else:
        table.refuse_repeats(frame, ["lsoa_code"])
    table.problems.raise_if_any()
    lsoa_year, ward_year = lsoa_column[4:6], ward_column[-4:-2]
    wards = _wards(source, table, frame["ward_code"], ward_column)
    frame = frame[frame["share"] > 0].reset_index(drop=True)
    split = int(frame["lsoa_code"].duplicated().sum())
    how = f", {split:,} of them split between wards" if split else ""
    message = (
        f"Wards of 20{ward_year} for {frame['lsoa_code'].nunique():,} small areas (LSOA 20{lsoa_year}){newest}{how}."
    )
    return LsoaLookup(
        file=source.name,
        lsoa_year=lsoa_year,
        ward_year=ward_year,
        frame=frame,
        wards=wards,
        findings=(table.read_finding(message),),
    )


def _wards(source: SourceFile, table: Table, ward_codes: pd.Series[str], ward_column: str) -> pd.DataFrame:
    """Return each ward's name and area as far as the file tells them, "" where it does not."""
    area_columns = _named(source, _AREA_COLUMN)
    area = area_columns[0] if len(area_columns) == 1 else ""
    blank = [""] * len(table)

    def text(column: str) -> list[str]:
        return table.text(column) if column in table.columns else blank

    frame = pd.DataFrame(
        {
            "ward_code": ward_codes,
            "ward_name": text(f"{ward_column[:-2]}nm"),
            "area_code": table.codes(area) if area else blank,
            "area_name": text(f"{area[:-2]}nm"),
        }
    )
    table.problems.raise_if_any()
    return frame.drop_duplicates("ward_code", ignore_index=True)


def _named(source: SourceFile, pattern: re.Pattern[str]) -> list[str]:
    """Return the columns whose whole name is of a pattern."""
    return sorted(name for name in source.columns if pattern.fullmatch(name))


WARD_LOOKUP = Reader(what="a lookup between ward vintages", recognises=recognises_ward_lookup, read=read_ward_lookup)
LSOA_LOOKUP = Reader(what="a lookup from LSOA to ward", recognises=recognises_lsoa_lookup, read=read_lsoa_lookup)
