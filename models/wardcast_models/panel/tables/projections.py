"""Population projections of one folder: one set of wards a borough, however many are held together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.panel import Area
from wardcast_models.panel.parts import Part, Projection, WardTable
from wardcast_models.panel.places.gazetteer import Gazetteer
from wardcast_models.panel.places.wards import LONDON, ward_register
from wardcast_models.panel.tables.tables import lookups_to, merged, of_kind, shaped, where_first
from wardcast_models.words import listed

_SHOWN = 5
_VINTAGE = "vintage"

RULE = (
    "Each borough takes its projection from the wards that tell most of today's, its own before older ones, and the "
    "newest of those"
)
"""The rule, for people."""


def projection_of(
    parts: Sequence[Part], ward_codes: Collection[str], area: Area, vintage: str, places: Gazetteer
) -> tuple[pd.DataFrame, list[Finding]]:
    """Gather the projection, each borough on one set of wards, so that no resident counts twice.

    Files on wards of one vintage belong together: the panel's where all their codes are in use in it, else their
    newest. A borough is taken from the vintage that tells most of its wards of the panel, by themselves or over a
    lookup from older wards; among equals from the panel's own, then from the newest.

    Args:
        parts: All parts.
        ward_codes: The panel's wards.
        area: The area asked for.
        vintage: The panel's ward vintage.
        places: Known wards.

    Returns:
        `Panel.projection`, and findings on what was used where there was a choice and on what was left aside.

    Raises:
        WardcastError: Two files give a ward and year different residents (two variants of one projection); a file mixes
            ward vintages in a borough, puts a London ward in another borough than its own, or names an unknown ward of
            the area.
    """
    findings: list[Finding] = []
    tables = [_of_known_wards(table, area, places, findings) for table in of_kind(parts, Projection)]
    rows = [_with_vintage(table, vintage, places) for table in tables if not table.frame.empty]
    if not rows:
        return shaped("projection", pd.DataFrame()), findings
    stacked = pd.concat(rows, ignore_index=True)
    told_by = _told_by(parts, ward_codes, vintage)
    kept = pd.Series(False, index=stacked.index)
    for borough, here in stacked.groupby("area_code"):
        wards = [code for code in ward_codes if places.area_code(code) == borough]
        merits = {
            name: (sum(code in codes or told_by[code] <= codes for code in wards), name == vintage, name)
            for name, codes in here.groupby(_VINTAGE)["ward_code"].agg(set).items()
        }
        kept[here.index] = here[_VINTAGE] == max(merits, key=merits.__getitem__)
    findings += _left_aside(stacked, kept)
    used = stacked[kept].drop(columns=_VINTAGE)
    by_file = [WardTable(file=str(file), frame=frame.drop(columns="file")) for file, frame in used.groupby("file")]
    return shaped("projection", merged(by_file, ["ward_code", "year"])), findings


def _told_by(parts: Sequence[Part], ward_codes: Collection[str], vintage: str) -> Mapping[str, set[str]]:
    """Return the older wards that make up each ward of the panel; the ward itself where no lookup leads to it."""
    older: dict[str, set[str]] = {}
    for lookup in lookups_to(parts, vintage):
        for new, old in zip(lookup.frame["new_code"], lookup.frame["old_code"], strict=True):
            older.setdefault(str(new), set()).add(str(old))
    return {code: older.get(code, {code}) for code in ward_codes}


def _with_vintage(table: WardTable, vintage: str, places: Gazetteer) -> pd.DataFrame:
    """Return a table's rows with its file and the vintage that its wards are taken to be of, borough by borough."""
    whole = places.vintages_of(table.frame["ward_code"].unique())
    names: dict[str, str] = {}
    for borough, codes in table.frame.groupby("area_code")["ward_code"].unique().items():
        vintages = whole or places.vintages_of(codes)
        if not vintages:
            odd = sorted(code for code in codes if not places.is_of(code, vintage)) or sorted(codes)
            raise invalid_input(
                f"{table.file} mixes ward vintages.",
                Problem(
                    where=where_first(table, odd),
                    expected="wards of one vintage in a borough: added together, older and newer wards count residents "
                    "twice",
                    found=_some(odd) + f" beside {min(set(codes) - set(odd), default=max(codes))}",
                    mend="Keep the rows of one ward vintage in the file.",
                ),
            )
        names[str(borough)] = vintage if vintage in vintages else max(vintages)
    return table.frame.assign(file=table.file, **{_VINTAGE: table.frame["area_code"].map(names)})


def _of_known_wards(table: WardTable, area: Area, places: Gazetteer, findings: list[Finding]) -> WardTable:
    """Return the rows of boroughs whose wards are all known; an unknown ward of the area itself is refused."""
    frame = table.frame
    register = ward_register()
    of_london = {code: register[code].area_code for code in frame["ward_code"].unique() if code in register}
    elsewhere = frame["ward_code"].map(of_london)
    wrong = frame[elsewhere.notna() & (elsewhere != frame["area_code"])]
    if not wrong.empty:
        first = wrong.iloc[0]
        raise invalid_input(
            f"{table.file} puts a ward in another borough than its own.",
            Problem(
                where=where_first(table, wrong["ward_code"]),
                expected=f"{register[first['ward_code']].area_name}, the borough of {first['ward_code']}",
                found=str(first["area_name"]),
                mend="Correct the code or the borough.",
            ),
        )
    unknown = frame[~frame["ward_code"].isin(set(places.wards))]
    if unknown.empty:
        return table
    codes = sorted(set(unknown["ward_code"]))
    if area.code in {LONDON.code, *unknown["area_code"]}:
        raise invalid_input(
            f"{table.file} names wards that are not known.",
            Problem(
                where=where_first(table, codes),
                expected="the code of a London ward, or of a ward in one of the folder's lookups from LSOA to ward",
                found=_some(codes),
                mend="Correct the codes, or add the lookup that lists these wards.",
            ),
        )
    boroughs = sorted(set(unknown["area_name"]))
    message = (
        f"It names wards that are not known ({_some(codes)}; first at {where_first(table, codes)}): its projection for "
        f"{listed(boroughs)} is left aside."
    )
    findings.append(Finding(kind=FindingKind.CAVEAT, file=table.file, message=message))
    rows = frame[~frame["area_code"].isin(set(unknown["area_code"]))]
    return WardTable(file=table.file, frame=rows, first_lines=table.first_lines)


def _left_aside(stacked: pd.DataFrame, kept: pd.Series) -> list[Finding]:
    """Say of each file where it gives way to projections on other wards, and to which."""
    findings = []
    for file, rows in stacked[~kept].groupby("file"):
        boroughs = set(rows["area_code"])
        used = stacked[kept & stacked["area_code"].isin(boroughs)]
        sources = sorted(set(zip(used["file"], used[_VINTAGE], strict=True)))
        by = listed([f"{name} ({wards} wards)" for name, wards in sources])
        wholly = not (kept & (stacked["file"] == file)).any()
        message = (
            f"Its projection on {listed(sorted(set(rows[_VINTAGE])))} wards is left aside for "
            f"{_some(sorted(set(rows['area_name'])))}, and that of {by} is used: two projections on different wards "
            f"would count residents twice. {RULE}."
        )
        kind = FindingKind.LEFT_ASIDE if wholly else FindingKind.CAVEAT
        findings.append(Finding(kind=kind, file=str(file), message=message))
    return findings


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
