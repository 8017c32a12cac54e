"""London Fire Brigade incident exports: deliberate fires by ward and month, or the nearest thing that they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import Coverage, KnownUnused, Part, WardIncidents
from wardcast_models.panel.places.wards import ward_register
from wardcast_models.panel.readers.log_counts import counts_by_ward
from wardcast_models.panel.readers.log_months import months_of_days
from wardcast_models.panel.readers.reader import Reader, has_columns
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.cells import parse_gss_code
from wardcast_models.panel.text.days import month_starts, read_days
from wardcast_models.panel.text.table import Table, read_table
from wardcast_models.reference.taxonomy import DELIBERATE_FIRES

MOTIVE_COLUMNS = ("accidental_or_deliberate", "accidentalordeliberate", "motive")
"""Columns that tell whether a fire was deliberate. `ACCIDENTAL_OR_DELIBERATE` is the Home Office's name for it in its
incident-level fire data; the Brigade's open export has no such column."""

SOURCE = "fires that the London Fire Brigade recorded as deliberate"
PROXY_SOURCE = "secondary fires attended by the London Fire Brigade (a proxy for deliberate fires)"

_DAY, _GROUP, _STOP, _WARD, _NUMBER = (
    "dateofcall",
    "incidentgroup",
    "stopcodedescription",
    "incgeo_wardcode",
    "incidentnumber",
)
_FIRE, _SECONDARY = "fire", "secondary fire"
_BLANKS = frozenset({"", "null", "n/a", "na"})
_MOTIVE = re.compile(r"(deliberate|accidental|not known|unknown|undetermined|not applicable).*", re.IGNORECASE)
_SHOWN = 3
_WHAT = "a London Fire Brigade incident export"


def read_fires(source: SourceFile) -> Part:
    """Read an incident export, keeping counts by ward and month and nothing about single incidents.

    Addresses, postcodes, property references and coordinates are never held; an incident's number serves to count it
    once and is then forgotten. Where no column tells the motive, secondary fires (small outdoor fires: rubbish, grass,
    abandoned vehicles) are counted as a named proxy.

    Args:
        source: A file with `DateOfCall, IncidentGroup, StopCodeDescription, IncGeo_WardCode` and more, one row an
            incident (London Datastore, "London Fire Brigade incident records"); where known `IncidentNumber` and one of
            `MOTIVE_COLUMNS`.

    Returns:
        Deliberate fires by ward and month.

    Raises:
        WardcastError: The file is cut, or a day, a ward code or a motive is not one.
    """
    table = read_table(source, only={_DAY, _GROUP, _STOP, _WARD, _NUMBER, *MOTIVE_COLUMNS})
    table, repeated = _once_each(table)
    days, day_findings = read_days(table, _DAY)
    wards, unknown = _wards(table)
    fires = [group.casefold() == _FIRE for group in table.text(_GROUP)]
    motive = next((name for name in MOTIVE_COLUMNS if name in table.columns), None)
    counted, meaning = _secondary(table) if motive is None else _deliberate(table, motive, fires)
    table.problems.raise_if_any()
    if not any(counted):
        sort = "deliberate" if motive else "secondary"
        return KnownUnused(file=source.name, what=_WHAT, why=f"none of its incidents is a {sort} fire")
    span = months_of_days(source.name, "fire brigade incidents", days)
    if span.months.empty:
        return KnownUnused(file=source.name, what=_WHAT, why="it covers no month in full")
    frame, unlocated = counts_by_ward(
        category=DELIBERATE_FIRES,
        months=span.months,
        record_months=month_starts(days),
        wards=wards,
        counts=map(int, counted),
    )
    total = int(frame["count"].sum() + unlocated["count"].sum())
    message = (
        f"{len(table):,} fire brigade incidents, {sum(fires):,} of them fires; {total:,} {meaning} in its complete "
        "months."
    )
    return WardIncidents(
        file=source.name,
        frame=frame,
        coverage=Coverage.WHOLE_SPAN,
        unlocated=unlocated,
        source=SOURCE if motive else PROXY_SOURCE,
        findings=(
            table.read_finding(message, list(span.months)),
            *(() if motive else (_proxy(source.name),)),
            *repeated,
            *day_findings,
            *span.findings,
            *_unknown_wards(source.name, unknown),
        ),
    )


def _once_each(table: Table) -> tuple[Table, tuple[Finding, ...]]:
    """Return the table with each incident number once: overlapping exports put together repeat rows."""
    if _NUMBER not in table.columns:
        return table, ()
    seen: set[str] = set()
    keep = []
    for number in table.text(_NUMBER):
        keep.append(not number or number not in seen)
        seen.add(number)
    repeats = len(keep) - sum(keep)
    if not repeats:
        return table, ()
    message = f"{repeats:,} rows repeat the number of an incident already in the file; each incident is counted once."
    return table.where(keep), (Finding(kind=FindingKind.MENDED, file=table.file, message=message, rows=repeats),)


def _wards(table: Table) -> tuple[list[str], list[str]]:
    """Return the London ward of each incident, "" where it has none, and the codes that are no London ward."""

    def parse(cell: str) -> str:
        return "" if cell.casefold() in _BLANKS else parse_gss_code(cell)

    codes = table.convert(_WARD, parse, expected="the code of a ward, or nothing", default="")
    known = ward_register()
    return [code if code in known else "" for code in codes], [code for code in codes if code and code not in known]


def _secondary(table: Table) -> tuple[list[bool], str]:
    """Return which incidents are secondary fires, and what they are called."""
    return [stop.casefold() == _SECONDARY for stop in table.text(_STOP)], "secondary fires"


def _deliberate(table: Table, motive: str, fires: Sequence[bool]) -> tuple[list[bool], str]:
    """Return which incidents are fires recorded as deliberate, and what they are called."""

    def parse(cell: str) -> str:
        if cell.casefold() in _BLANKS:
            return "not known"
        match = _MOTIVE.fullmatch(cell)
        if match is None:
            raise ValueError(cell)
        return match[1].casefold()

    expected = "deliberate, accidental or not known"
    motives = iter(table.where(fires).convert(motive, parse, expected=expected, default="not known"))
    of_row = [next(motives) if fire else "" for fire in fires]
    unknown = sum(text not in {"", "deliberate", "accidental"} for text in of_row)
    meaning = f"deliberate fires ({unknown:,} of unknown motive are not counted)"
    return [text == "deliberate" for text in of_row], meaning


def _proxy(file: str) -> Finding:
    message = (
        "The export does not tell whether a fire was deliberate. Secondary fires (small outdoor fires, such as "
        "rubbish) are counted instead, as a proxy: some of them are accidents, and deliberate fires in buildings and "
        "vehicles are left out."
    )
    return Finding(kind=FindingKind.CAVEAT, file=file, message=message)


def _unknown_wards(file: str, unknown: Sequence[str]) -> tuple[Finding, ...]:
    if not unknown:
        return ()
    codes = sorted(set(unknown))
    more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    message = (
        f"{len(unknown):,} incidents have a ward code that London does not have ({', '.join(codes[:_SHOWN])}{more}); "
        "their fires are counted without a ward."
    )
    return (Finding(kind=FindingKind.CAVEAT, file=file, message=message, rows=len(unknown)),)


READER = Reader(
    what=_WHAT,
    recognises=has_columns(_DAY, _GROUP, _STOP, _WARD),
    read=read_fires,
)
