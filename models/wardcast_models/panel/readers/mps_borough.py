"""MPS Recorded Crime, Geographic Breakdown, borough level: crime with and without a ward."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.parts import BoroughRelease
from wardcast_models.panel.places.wards import CITY_OF_LONDON, borough_codes, boroughs, plain_name
from wardcast_models.panel.readers.cut_rows import perhaps_cut
from wardcast_models.panel.readers.month_columns import has_month_columns
from wardcast_models.panel.readers.mps_counts import count
from wardcast_models.panel.readers.mps_labels import LabelMap
from wardcast_models.panel.readers.mps_rows import MpsRows, read_rows, roles_of, summed_rows
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.csv_rows import FileProblems
from wardcast_models.panel.text.mends import mend_of

AIRPORT_BOROUGH = "Hillingdon"
"""The ward releases count the crime of the airport police in Heathrow Villages, a ward of this borough."""

_AIRPORTS = frozenset(
    {"aviation security (so18)", "aviation policing", "london heathrow and london city airports", "heathrow"}
)
_NOWHERE = frozenset({"", "unknown", "not known", "n/k", "nk", "other / nk", "other/nk"})


def recognises(source: SourceFile) -> bool:
    """Tell whether the header is that of an MPS release by borough and month, old or new column names."""
    roles = roles_of(source)
    return (
        {"major", "minor", "borough"} <= roles
        and roles.isdisjoint({"ward_code", "lsoa_code"})
        and has_month_columns(source)
    )


def read(source: SourceFile) -> BoroughRelease:
    """Read one borough release; a name is all that it tells of a borough.

    Args:
        source: The file.

    Returns:
        Its counts by borough, analysis category and month.

    Raises:
        WardcastError: The file is cut, repeats a month or a row, holds counts that are no whole numbers of 0 or more,
            or names a place that is no London borough.
    """
    problems = FileProblems(file=source.name)
    release = read_rows(source, problems)
    labels = LabelMap(file=source.name)
    aside: Counter[str] = Counter()
    areas = _areas(release, problems, aside)
    repeats = summed_rows(release, areas, problems, "borough")
    categories = labels.categories(release.text["major"], release.text["minor"], release.values.sum(axis=1))
    labels.check(problems, release.lines)
    problems.raise_if_any()
    counts = count(release, areas, categories)
    published = f" Published on {release.published:%Y-%m-%d}." if release.published is not None else ""
    message = (
        f"MPS borough release with {counted(len(counts.places), 'borough')}, {len(labels.minor_totals)} offence labels "
        f"and {int(counts.counts.sum()):,} crimes (boroughs named in column {release.names['borough']}).{published}"
    )
    read_finding = Finding(
        kind=FindingKind.READ,
        file=source.name,
        message=message,
        rows=len(release),
        first_month=f"{counts.months[0]:%Y-%m}",
        last_month=f"{counts.months[-1]:%Y-%m}",
    )
    return BoroughRelease(
        file=source.name,
        findings=(
            read_finding,
            *release.findings,
            *_told(source.name, aside, repeats),
            *labels.findings(),
            *counts.dropped,
            *perhaps_cut(release, areas, "boroughs"),
        ),
        content_digest=counts.content_digest,
        area_codes=counts.places,
        categories=counts.categories,
        months=counts.months,
        counts=counts.counts,
        published=release.published,
    )


def _areas(release: MpsRows, problems: FileProblems, aside: Counter[str]) -> list[str]:
    """Return the GSS code of each row's borough, "" where it is none; the crimes of other places are noted."""
    crimes = release.values.sum(axis=1)
    areas = []
    unknown: set[str] = set()
    for line, text, number in zip(release.lines, release.text["borough"], crimes.tolist(), strict=True):
        name = plain_name(text)
        code = borough_codes().get(name, "")
        if name in _AIRPORTS:
            code = boroughs()[AIRPORT_BOROUGH]
            aside[text.strip()] += number
        elif name in _NOWHERE or code == CITY_OF_LONDON:
            code = ""
            aside[text.strip()] += number
        elif not code and name not in unknown:
            unknown.add(name)
            problems.add(
                row=line,
                column=release.names["borough"],
                expected="the name of a London borough",
                found=repr(text),
                mend=mend_of(text, usual=_corrected(text)),
            )
        areas.append(code)
    return areas


def _corrected(name: str) -> str:
    nearest = get_close_matches(name, list(boroughs()), n=1)
    return f"Correct the name{f' (the nearest is {nearest[0]})' if nearest else ''}."


def _told(file: str, aside: Counter[str], repeats: Counter[str]) -> list[Finding]:
    found = []
    for name, crimes in sorted(aside.items()):
        plain = plain_name(name)
        if plain in _AIRPORTS:
            message = (
                f"{name!r} stands among the boroughs. Its {crimes:,} crimes are counted in {AIRPORT_BOROUGH}, where "
                "the ward releases count the crime at Heathrow."
            )
            found.append(Finding(kind=FindingKind.MENDED, file=file, message=message))
        elif plain in _NOWHERE:
            message = f"{crimes:,} crimes stand under {name!r}: no borough is known for them, and they are left out."
            found.append(Finding(kind=FindingKind.CAVEAT, file=file, message=message))
        else:
            message = (
                f"{crimes:,} crimes stand under {name!r}, which has a police force of its own and no wards in the MPS "
                "releases: they are left out."
            )
            found.append(Finding(kind=FindingKind.CAVEAT, file=file, message=message))
    explained = {boroughs()[AIRPORT_BOROUGH]} if any(plain_name(name) in _AIRPORTS for name in aside) else set()
    names = {code: name for name, code in boroughs().items()}
    for code, rows in sorted(repeats.items()):
        if code and code not in explained:
            message = f"{names[code]} stands more than once for the same offences: rows summed: {rows}."
            found.append(Finding(kind=FindingKind.MENDED, file=file, message=message, rows=rows))
    return found


READER = Reader(what="an MPS borough release", recognises=recognises, read=read)
