"""Lookups from older wards, and from small areas, to wards."""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.panel.parts import LsoaLookup, WardLookup
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.source import SourceFile
from wardcast_models.panel.table import read_table
from wardcast_models.panel.wards import ward_register

_WARD_COLUMN = re.compile(r"ward(\d{2})_code")
_LSOA_WARD_COLUMN = re.compile(r"(?:wd|ward)(\d{2})cd")


def recognises_ward_lookup(source: SourceFile) -> bool:
    """Tell whether a file maps the wards of one vintage to those of another with shares."""
    return len(_ward_columns(source)) == 2 and "share_of_old" in source.columns


def read_ward_lookup(source: SourceFile) -> WardLookup:
    """Read shares of older wards in newer ones.

    Args:
        source: A file with `wardYY_code` twice and `share_of_old`.

    Returns:
        The lookup.

    Raises:
        WardcastError: A cell is wrong, or the shares of an old ward do not add up to 1.
    """
    old, new = _ward_columns(source)
    table = read_table(source)
    frame = pd.DataFrame(
        {
            "old_code": table.london_wards(f"ward{old}_code"),
            "new_code": table.london_wards(f"ward{new}_code"),
            "share_of_old": table.numbers("share_of_old", most=1.0),
        }
    )
    table.refuse_repeats(frame, ["old_code", "new_code"])
    for code, total in frame.groupby("old_code")["share_of_old"].sum().items():
        if abs(total - 1.0) > 0.01:
            table.problems.add(
                expected=f"shares of {code} that add up to 1", found=f"{total:.3f}", mend="Correct the shares."
            )
    table.problems.raise_if_any()
    message = f"Shares of {frame['old_code'].nunique()} WD{old} wards in {frame['new_code'].nunique()} WD{new} wards."
    return WardLookup(
        file=source.name,
        new_vintage=f"WD{new}",
        frame=frame,
        findings=(table.read_finding(message),),
    )


def _ward_columns(source: SourceFile) -> list[str]:
    return sorted(match[1] for name in source.columns if (match := _WARD_COLUMN.fullmatch(name)))


def recognises_lsoa_lookup(source: SourceFile) -> bool:
    """Tell whether a file maps each LSOA (2021) to one ward."""
    wards = [name for name in source.columns if _LSOA_WARD_COLUMN.fullmatch(name)]
    return "lsoa21cd" in source.columns and len(wards) == 1 and "weight" not in source.columns


def read_lsoa_lookup(source: SourceFile) -> LsoaLookup:
    """Read the ward of each small area.

    Args:
        source: A file with `lsoa21cd` and one ward code column such as `ward22cd` or `WD25CD`.

    Returns:
        The lookup.

    Raises:
        WardcastError: A code is malformed or an LSOA stands twice.
    """
    table = read_table(source)
    column = next(name for name in table.columns if _LSOA_WARD_COLUMN.fullmatch(name))
    frame = pd.DataFrame({"lsoa_code": table.codes("lsoa21cd"), "ward_code": table.codes(column)})
    table.refuse_repeats(frame, ["lsoa_code"])
    table.problems.raise_if_any()
    known = frame["ward_code"].isin(set(ward_register()))
    matched = _LSOA_WARD_COLUMN.fullmatch(column)
    year = matched[1] if matched else ""
    message = f"Wards of 20{year} for {len(frame):,} small areas (LSOA 2021)."
    if not known.all():
        message += f" {int((~known).sum()):,} lie in wards outside London and are not used."
    return LsoaLookup(
        file=source.name,
        ward_year=year,
        ward_by_lsoa=dict(zip(frame["lsoa_code"][known], frame["ward_code"][known], strict=True)),
        findings=(table.read_finding(message),),
    )


WARD_LOOKUP = Reader(what="a lookup between ward vintages", recognises=recognises_ward_lookup, read=read_ward_lookup)
LSOA_LOOKUP = Reader(what="a lookup from LSOA to ward", recognises=recognises_lsoa_lookup, read=read_lsoa_lookup)
