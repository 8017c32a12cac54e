"""What a reader has to know about single sources: police.uk files, and lookups between places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import Coverage, LsoaLookup, Part, StreetMonth, WardIncidents, WardLookup
from wardcast_models.panel.readers.mps_months import usual_total
from wardcast_models.panel.tables.tables import of_kind
from wardcast_models.reference.taxonomy import ASB

_NEW_CODES_FROM = pd.Timestamp("2021-03-21")
"""Small areas were redrawn at the Census 2021."""

_SHOWN = 6

_SHORT_SHARE = 0.6
"""Of the usual rows; the deepest real fall, the spring 2020 lockdown, left 73 % of the crime of its neighbours."""

_LEAST_ROWS = 100
"""With fewer rows a month can be short by chance."""


def source_caveats(parts: Sequence[Part], vintage: str) -> list[Finding]:
    """Say what holds for single sources.

    Args:
        parts: Everything that was read.
        vintage: The panel's ward vintage.

    Returns:
        The findings.
    """
    streets, lookups = of_kind(parts, StreetMonth), of_kind(parts, LsoaLookup)
    tables = [part for part in of_kind(parts, WardIncidents) if part.coverage is Coverage.ANY_INCIDENT]
    return [
        *_later_codes(streets, lookups),
        *_no_ids(streets),
        *_short_months(streets),
        *(finding for table in tables for finding in _few_wards(table)),
        *(finding for lookup in lookups for finding in _best_fit(lookup, vintage)),
        *(
            _estimated_shares(lookup)
            for lookup in of_kind(parts, WardLookup)
            if vintage in {lookup.old_vintage, lookup.new_vintage}
        ),
    ]


def _later_codes(streets: Sequence[StreetMonth], lookups: Sequence[LsoaLookup]) -> list[Finding]:
    """Say it where street files carry small areas that were drawn after their months."""
    old = {code for lookup in lookups if lookup.lsoa_year == "11" for code in lookup.frame["lsoa_code"]}
    new = {code for lookup in lookups if lookup.lsoa_year == "21" for code in lookup.frame["lsoa_code"]}
    if not streets or not old:
        return []
    rows = pd.concat([street.frame[["lsoa_code", "month"]] for street in streets], ignore_index=True)
    early = rows[rows["month"] < _NEW_CODES_FROM]
    later = sorted(set(early["lsoa_code"]) & (new - old))
    if not later:
        return []
    first, last = early["month"].min(), early["month"].max()
    message = (
        f"The street files of {first:%Y-%m} to {last:%Y-%m} carry small areas of 2021 ({len(later)} that did not exist "
        f"then, such as {later[0]}): the rows were put into them afterwards, from the published map points."
    )
    return [_caveat(message, first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")]


def _no_ids(streets: Sequence[StreetMonth]) -> list[Finding]:
    if not any((street.frame["category"] == ASB).any() for street in streets):
        return []
    message = (
        "In the street files anti-social behaviour has no crime id: an incident that stands twice cannot be told from "
        "two incidents. Every row is counted."
    )
    return [_caveat(message)]


def _short_months(streets: Sequence[StreetMonth]) -> list[Finding]:
    """Name the street files with far fewer rows than the months around them: a file cut after a row cannot be told."""
    found = []
    for force in sorted({street.force for street in streets}):
        of_force = sorted((street for street in streets if street.force == force and len(street.frame)), key=_month)
        rows = np.array([street.rows for street in of_force], dtype=np.int64)
        for position, street in enumerate(of_force):
            usual = usual_total(rows, position)
            if usual >= _LEAST_ROWS and street.rows < _SHORT_SHARE * usual:
                message = (
                    f"It has {street.rows:,} rows where about {usual:,.0f} are usual in the months around it: it may "
                    "be cut. Compare its size with the published file, and fetch it again if it is shorter."
                )
                month = f"{_month(street):%Y-%m}"
                found.append(_caveat(message, file=street.file, first=month, last=month))
    return found


def _month(street: StreetMonth) -> pd.Timestamp:
    return pd.Timestamp(street.frame["month"].min())


def _few_wards(table: WardIncidents) -> list[Finding]:
    """Name the months in which a ward-month table holds fewer wards than in others."""
    present = table.frame[table.frame["count"] > 0].groupby("month")["ward_code"].nunique().sort_index()
    months = pd.DatetimeIndex(present.index)
    most = int(present.max()) if len(present) else 0
    short = [(month, int(number)) for month, number in zip(months, present, strict=True) if number < most]
    absent = pd.date_range(months.min(), months.max(), freq="MS").difference(months) if len(months) else months
    if not short and absent.empty:
        return []
    told = sorted(short, key=lambda item: (item[1], item[0]))[:_SHOWN]
    spelt = ", ".join(f"{month:%Y-%m} ({number})" for month, number in told)
    more = f" and {len(short) - _SHOWN} more" if len(short) > _SHOWN else ""
    message = f"It holds {most} wards in its fullest month and fewer in {spelt}{more}." if short else ""
    if len(absent):
        message += f" {', '.join(f'{month:%Y-%m}' for month in absent)} is not in it."
    message += " A borough's month that is not nearly whole is left out as unobserved, not zero."
    return [_caveat(message.strip(), file=table.file)]


def _best_fit(lookup: LsoaLookup, vintage: str) -> list[Finding]:
    """Say what a lookup to the wards of another year can do, and that best fit moves whole small areas."""
    if f"WD{lookup.ward_year}" == vintage or lookup.frame["lsoa_code"].duplicated().any():
        return []
    message = (
        f"It is a best-fit lookup to the wards of 20{lookup.ward_year}, and the panel is on {vintage} wards: a small "
        "area on a boundary goes whole to one ward, and only ward codes that are still the same are used."
    )
    return [_caveat(message, file=lookup.file)]


def _estimated_shares(lookup: WardLookup) -> Finding:
    message = (
        "Its shares of old wards in new ones are estimates, weighed by residents of small areas at one date: what is "
        "carried by them is uncertain, most where few people live."
    )
    return _caveat(message, file=lookup.file)


def _caveat(message: str, *, file: str = "", first: str | None = None, last: str | None = None) -> Finding:
    return Finding(kind=FindingKind.CAVEAT, file=file, message=message, first_month=first, last_month=last)
