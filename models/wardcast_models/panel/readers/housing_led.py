"""GLA housing-led ward projections since 2019: a row a ward, sex and age, a column a year.

The workbooks that the GLA publishes have a sheet each of persons, females and males with the columns `gss_code`, the
borough's name, `gss_code_ward, ward_name, sex, age` and a year each; the layout is that of the GLA's own model code
(github.com/SebastianHeslinRees/population_projections).
"""

from __future__ import annotations

import re

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import KnownUnused, Part, Projection
from wardcast_models.panel.readers.populations import PROJECTION_SOURCE
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.table import Table, read_table

_YEAR = re.compile(r"20[0-9]{2}")
_NAMES = ("borough", "la_name", "gss_name", "district")
_WHAT = "a GLA housing-led ward projection"
_BOTH, _FEMALE, _MALE, _ALL_AGES = "persons", "female", "male", "all ages"
_SEXES = {
    **dict.fromkeys(("persons", "person", "both", "all", "total", "all persons"), _BOTH),
    **dict.fromkeys(("female", "females", "f"), _FEMALE),
    **dict.fromkeys(("male", "males", "m"), _MALE),
}
_AGE = re.compile(r"[0-9]{1,3}(?:\+| and over)?")
_EVERY_AGE = frozenset({"all ages", "all", "total"})
_BOROUGH = "E09"


def recognises(source: SourceFile) -> bool:
    """Tell whether a file is a projection by ward, age and year in columns."""
    return {"gss_code", "gss_code_ward", "age"} <= source.columns and len(_years(source)) > 1


def read(source: SourceFile) -> Part:
    """Read a projection, summed over ages and sexes.

    Args:
        source: A file with `gss_code, gss_code_ward, age`, a column a year, and where it has them `sex` and the
            borough's name. Rows of all persons or of all ages go before their parts; a sheet of one sex alone is left
            aside.

    Returns:
        Residents by ward and year.

    Raises:
        WardcastError: The file is cut, a cell is wrong, or a ward, sex and age stand twice.
    """
    years = _years(source)
    table = read_table(source, only={"gss_code", "gss_code_ward", "age", "sex", *_NAMES, *years})
    wards = [not code.upper().startswith(_BOROUGH) for code in table.text("gss_code_ward")]
    table, of_boroughs = table.where(wards), len(wards) - sum(wards)
    sexes = _sexes(table)
    if len(set(sexes)) == 1 and sexes[0] != _BOTH:
        return KnownUnused(file=source.name, what=_WHAT, why=f"it holds the {sexes[0]} residents only")
    if _BOTH in sexes:
        table, sexes = table.where(sex == _BOTH for sex in sexes), [_BOTH] * sexes.count(_BOTH)
    ages = table.convert("age", _age, expected="an age in years, 90+ or all ages", default=_ALL_AGES)
    if _ALL_AGES in ages:
        keep = [age == _ALL_AGES for age in ages]
        table, sexes = table.where(keep), [sex for sex, kept in zip(sexes, keep, strict=True) if kept]
        ages = [_ALL_AGES] * len(table)
    rows = pd.DataFrame(
        {
            "ward_code": table.wards("gss_code_ward"),
            "area_code": table.codes("gss_code"),
            "area_name": _names(table),
            "sex": sexes,
            "age": ages,
        }
    )
    table.refuse_repeats(rows, ["ward_code", "sex", "age"])
    for year in years:
        rows[year] = table.numbers(year)
    table.problems.raise_if_any()
    summed = rows.groupby(["ward_code", "area_code", "area_name"], as_index=False)[years].sum()
    frame = summed.melt(["ward_code", "area_code", "area_name"], years, "year", "persons")
    frame = frame.astype({"year": "int64"}).assign(source=PROJECTION_SOURCE)
    message = f"GLA housing-led projection for {counted(len(summed), 'ward')}, {years[0]} to {years[-1]}."
    findings = [table.read_finding(message)]
    if of_boroughs:
        message = f"Rows that give a whole borough ({of_boroughs:,}) were left out: its wards are in the file."
        findings.append(Finding(kind=FindingKind.MENDED, file=source.name, message=message, rows=of_boroughs))
    return Projection(
        file=source.name,
        frame=frame,
        first_lines=table.first_lines(list(rows["ward_code"])),
        findings=tuple(findings),
    )


def _years(source: SourceFile) -> list[str]:
    return sorted(name for name in source.columns if _YEAR.fullmatch(name))


def _sexes(table: Table) -> list[str]:
    """Return whom each row counts; all persons where no column says it."""
    if "sex" not in table.columns:
        return [_BOTH] * len(table)
    return table.convert("sex", _sex, expected="persons, female or male", default=_BOTH)


def _sex(cell: str) -> str:
    if cell.casefold() not in _SEXES:
        raise ValueError(cell)
    return _SEXES[cell.casefold()]


def _age(cell: str) -> str:
    if cell.casefold() in _EVERY_AGE:
        return _ALL_AGES
    if _AGE.fullmatch(cell) is None:
        raise ValueError(cell)
    return cell


def _names(table: Table) -> list[str]:
    name = next((name for name in _NAMES if name in table.columns), None)
    return table.text("gss_code" if name is None else name)


READER = Reader(what=_WHAT, recognises=recognises, read=read)
