"""MPS Monthly Crime Dashboard: series that the geographic breakdown does not carry, by borough and by ward."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import BoroughSeries, Part, WardSeries
from wardcast_models.panel.places.wards import ward_register
from wardcast_models.panel.readers.mps_refreshed import written_day
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.cells import parse_gss_code
from wardcast_models.panel.text.table import Table, read_table

_OFFENCES = "offences"
_BOROUGH, _WARD = "borough", "safer neighbourhood teams"
_KEYS = ["code", "series", "month", "release"]
_NOWHERE = frozenset({"", "-1", "0", "unknown", "n/k", "other / nk"})
_SHOWN = 5
_OFFICIAL_COLUMNS = frozenset(
    [
        "month_year",
        "area_type",
        "area_name",
        "area_code",
        "crime_type",
        "crime_subtype",
        "measure",
        "count",
        "refresh_date",
    ]
)


def series_id(subtype: str) -> str:
    """Return the id of a dashboard series.

    Args:
        subtype: Crime subtype as written, in any case.

    Returns:
        Lower-case words joined by underscores, for example `domestic_abuse_violence_with_injury`.
    """
    return re.sub(r"[^a-z0-9]+", "_", subtype.lower()).strip("_")


def recognises_official(source: SourceFile) -> bool:
    """Tell whether a file is the dashboard's table of other crime types as MPS publishes it."""
    return {name.replace(" ", "_") for name in source.columns} >= _OFFICIAL_COLUMNS


def read(source: SourceFile) -> list[Part]:
    """Read the offences of boroughs and of wards (Safer Neighbourhood Teams); positive outcomes are not used.

    The table leaves out rows of 0: between a series' first and last month a place without a row is 0.

    Args:
        source: A file with `area_type, area_name, area_code, crime_type, crime_subtype, measure`, the month as `month`
            or `month_year`, `count`, and the release as `release` or `refresh_date`.

    Returns:
        Monthly offences by borough and series, and by ward and series, each with the release they came from.

    Raises:
        WardcastError: The file is cut or a cell of a used row is wrong, or an area, series and month stand twice.
    """
    table = _plainly_named(read_table(source))
    offences = table.where(measure.lower() == _OFFENCES for measure in table.text("measure"))
    kinds = [text.lower() for text in offences.text("area_type")]
    borough_rows = offences.where(kind == _BOROUGH for kind in kinds)
    ward_rows = offences.where(kind == _WARD for kind in kinds)
    boroughs = _series(borough_rows, "a borough code such as E09000002")
    wards = _series(ward_rows, "a ward code such as E05014053")
    table.problems.raise_if_any()
    if boroughs.empty and wards.empty:
        table.problems.add(
            expected="rows of measure Offences by Borough or Safer Neighbourhood Teams",
            found="none",
            mend="Supply the whole table.",
        )
        raise table.problems.error()
    unused = len(table) - len(borough_rows) - len(ward_rows)
    parts: list[Part] = []
    if not boroughs.empty:
        parts.append(_of_boroughs(borough_rows, boroughs, unused))
    if not wards.empty:
        parts.append(_of_wards(ward_rows, wards))
    return parts


def _plainly_named(table: Table) -> Table:
    """Return the table with words in column names joined by underscores: releases write them both ways."""
    return replace(
        table,
        columns={name.replace(" ", "_"): cells for name, cells in table.columns.items()},
        names={name.replace(" ", "_"): written for name, written in table.names.items()},
    )


def _series(rows: Table, expected: str) -> pd.DataFrame:
    """Return `code, written, name, series, month, count, release` of rows; the code is "" where no place is known."""

    def code_of(text: str) -> str:
        return "" if text.casefold() in _NOWHERE else parse_gss_code(text)

    release = "release" if "release" in rows.columns else "refresh_date"
    frame = pd.DataFrame(
        {
            "code": rows.convert("area_code", code_of, expected=expected, default=""),
            "written": rows.columns["area_code"],
            "name": rows.text("area_name"),
            "series": [series_id(text) for text in rows.text("crime_subtype")],
            "month": rows.counted_months("month" if "month" in rows.columns else "month_year"),
            "count": rows.counts("count"),
            "release": [_in_order(text) for text in rows.text(release)],
        }
    )
    rows.refuse_repeats(frame, ["written", "name", "series", "month", "release"])
    return frame


def _in_order(release: str) -> str:
    """Return a release's day so that later ones sort after earlier ones; the text itself where it is no day."""
    day = written_day(release)
    return release if day is None else f"{day:%Y-%m-%d}"


def _of_boroughs(rows: Table, frame: pd.DataFrame, unused: int) -> BoroughSeries:
    placed = _with_zeros(frame[frame["code"] != ""])
    where = counted(placed["code"].nunique(), "borough")
    message = (
        f"MPS dashboard: {placed['series'].nunique()} monthly series of {where}. "
        f"{unused:,} rows on positive outcomes are not used."
    )
    return BoroughSeries(
        file=rows.file,
        frame=placed.rename(columns={"code": "area_code"}),
        findings=(
            rows.read_finding(message, list(placed["month"])),
            *_starts(rows, placed),
            *_nowhere(rows.file, frame, "borough"),
        ),
    )


def _of_wards(rows: Table, frame: pd.DataFrame) -> WardSeries:
    known = frame["code"].isin(set(ward_register()))
    placed = _with_zeros(frame[known])
    message = (
        f"MPS dashboard: {placed['series'].nunique()} monthly series of {counted(placed['code'].nunique(), 'ward')} "
        "(Safer Neighbourhood Teams). A ward's month without a row is a true zero."
    )
    findings = [
        rows.read_finding(message, list(placed["month"])),
        *_forms_of_codes(rows.file, frame[known]),
        *_vintages(rows.file, frame[known]),
        *_nowhere(rows.file, frame, "ward"),
    ]
    strangers = sorted(set(frame["code"][~known]) - {""})
    if strangers:
        crimes = int(frame["count"][frame["code"].isin(strangers)].sum())
        message = (
            f"{crimes:,} offences stand under ward codes that London does not have ({_shown(strangers)}): left out."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file=rows.file, message=message))
    return WardSeries(file=rows.file, frame=placed.rename(columns={"code": "ward_code"}), findings=tuple(findings))


def _with_zeros(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum rows of one code, series, month and release, and fill in the rows of 0 that the table leaves out.

    A series is filled from its first to its last month in the release, and a place only between the first and last
    month in which it has any row, so that a code that ends is not carried on.
    """
    summed: pd.DataFrame = frame.groupby(_KEYS, as_index=False).agg({"count": "sum"})
    spans = summed.groupby(["series", "release"], as_index=False).agg(first=("month", "min"), last=("month", "max"))
    places = summed.groupby(["code", "release"], as_index=False).agg(begins=("month", "min"), ends=("month", "max"))
    months = summed[["month", "release"]].drop_duplicates()
    cells = spans.merge(places, on="release").merge(months, on="release")
    inside = cells["month"].between(cells["first"], cells["last"]) & cells["month"].between(
        cells["begins"], cells["ends"]
    )
    filled = cells.loc[inside, _KEYS].merge(summed, on=_KEYS, how="left")
    filled["count"] = filled["count"].fillna(0).astype("int64")
    ordered = ["code", "series", "month", "count", "release"]
    return filled.sort_values(_KEYS, ignore_index=True)[ordered]


def _starts(rows: Table, frame: pd.DataFrame) -> list[Finding]:
    """Say when the series start: nothing earlier can be compared with them."""
    start, end = frame["month"].min(), frame["month"].max()
    labels = {series_id(text): text for text in rows.text("crime_subtype")}
    first = {str(name): month for name, month in frame.groupby("series")["month"].min().items()}
    months = {str(name): len(of_series) for name, of_series in frame[frame["count"] > 0].groupby("series")}
    span = len(pd.date_range(start, end, freq="MS"))
    # A rare series starts with its first offence; one with an offence in most months, when it was first published.
    places = frame["code"].nunique()
    later = [name for name, month in first.items() if month > start and months.get(name, 0) >= span * places / 2]
    message = f"The dashboard's series start in {start:%Y-%m}: nothing earlier can be compared with them."
    if later:
        starts = ", ".join(f"{labels[name]} in {first[name]:%Y-%m}" for name in later)
        message += f" Later still: {starts}."
    told = Finding(
        kind=FindingKind.CAVEAT,
        file=rows.file,
        message=message,
        first_month=f"{start:%Y-%m}",
        last_month=f"{end:%Y-%m}",
    )
    return [told]


def _forms_of_codes(file: str, frame: pd.DataFrame) -> list[Finding]:
    """Say where one code is written in several ways, or stands under several names: its rows are summed."""
    found = []
    written = frame.groupby("code")["written"].nunique()
    twice = sorted(written.index[written > 1])
    if twice:
        example = " and ".join(repr(text) for text in sorted(set(frame["written"][frame["code"] == twice[0]])))
        message = (
            f"The codes of {len(twice)} wards are written in two forms (such as {example}). They are the same wards, "
            "so their rows are summed."
        )
        found.append(Finding(kind=FindingKind.MENDED, file=file, message=message, rows=int(written[twice].sum())))
    names = frame.groupby("code")["name"].unique()
    renamed = [f"{code} {' and '.join(repr(name) for name in sorted(names[code]))}" for code in names.index]
    several = [text for text, code in zip(renamed, names.index, strict=True) if len(names[code]) > 1]
    if several:
        message = f"Wards under two names ({'; '.join(several[:_SHOWN])}) are summed by their code."
        found.append(Finding(kind=FindingKind.MENDED, file=file, message=message, rows=len(several)))
    return found


def _vintages(file: str, frame: pd.DataFrame) -> list[Finding]:
    """Say where ward codes of several vintages occur: each series stays on its own code."""
    register = ward_register()
    newest = {code: max(register[code].vintages) for code in frame["code"].unique()}
    groups: dict[str, list[str]] = {}
    for code, vintage in sorted(newest.items()):
        shared = all(vintage in register[other].vintages for other in newest)
        groups.setdefault("" if shared else vintage, []).append(code)
    if len(groups) < 2:
        return []
    name_of = dict(zip(frame["code"], frame["name"], strict=True))
    codes_by_name: dict[str, set[str]] = {}
    for code in newest:
        codes_by_name.setdefault(name_of[code].casefold(), set()).add(code)
    twice = sorted(name_of[min(codes)] for codes in codes_by_name.values() if len(codes) > 1)
    spelt = " and ".join(f"{len(codes)} of {vintage} ({_shown(codes)})" for vintage, codes in sorted(groups.items()))
    message = f"Old and new ward codes both occur: {spelt}. Each series stays on its own code"
    message += f"; {_shown(twice)} stand under both and are not added together." if twice else "."
    return [Finding(kind=FindingKind.CAVEAT, file=file, message=message)]


def _nowhere(file: str, frame: pd.DataFrame, place: str) -> list[Finding]:
    lost = int(frame["count"][frame["code"] == ""].sum())
    if not lost:
        return []
    message = f"{lost:,} offences of the dashboard name no {place} that is known: they are left out of its series."
    return [Finding(kind=FindingKind.CAVEAT, file=file, message=message)]


def _shown(items: Iterable[str]) -> str:
    listed = list(items)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more


READER = Reader(
    what="an MPS dashboard table",
    recognises=has_columns(
        "area_type", "area_code", "area_name", "crime_type", "crime_subtype", "measure", "month", "count", "release"
    ),
    read=read,
)
OFFICIAL = Reader(what="an MPS dashboard table as published", recognises=recognises_official, read=read)
