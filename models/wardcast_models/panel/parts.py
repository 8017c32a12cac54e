"""What each reader makes of one file: the pieces that a panel is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one file gave.

    Attributes:
        file: The file's name.
        findings: What was found while reading it.
    """

    file: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WardRelease(Part):
    """One MPS ward release. W wards, C categories, T months, all as they stand in this file.

    Attributes:
        content_digest: SHA-256 of what was read, so that copies are recognised and ties broken.
        vintages: Ward vintages that all its codes belong to.
        ward_codes: Sorted; length W.
        ward_names: Length W.
        categories: Analysis category ids that the release lists, in taxonomy order; length C.
        months: Month starts, sorted, complete months only, gaps possible; length T.
        counts: Counts, int64, shape (W, C, T); a row missing from the file is 0.
        published: Day of publication where the file tells it (a `Refreshed Date` column), else None.
        read_on: Day on which it was read, so that it had come out by then; None where not told.
        stalking: The part of violence without injury in rows of its own, int64, shape (W, T); None without such rows.
    """

    content_digest: str
    vintages: frozenset[str]
    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.int64]
    published: pd.Timestamp | None = None
    read_on: pd.Timestamp | None = None
    stalking: NDArray[np.int64] | None = None


@dataclass(frozen=True, kw_only=True)
class BoroughRelease(Part):
    """One MPS borough release. A areas, C categories, T months, all as they stand in this file.

    Attributes:
        content_digest: SHA-256 of what was read.
        area_codes: GSS codes of the boroughs, sorted; length A.
        categories: Analysis category ids that the release lists, in taxonomy order; length C.
        months: Month starts, sorted, complete months only, gaps possible; length T.
        counts: Counts, int64, shape (A, C, T); a row missing from the file is 0.
        published: Day of publication where the file tells it, else None.
        read_on: Day on which it was read, so that it had come out by then; None where not told.
    """

    content_digest: str
    area_codes: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.int64]
    published: pd.Timestamp | None = None
    read_on: pd.Timestamp | None = None


@dataclass(frozen=True, kw_only=True)
class SmallAreaRelease(Part):
    """One MPS release by small area (LSOA): non-zero rows only.

    Attributes:
        frame: `lsoa_code, category, month, count`, one row each; an absent row of a listed month is 0.
        months: Month starts that the release covers, sorted, complete months only.
        content_digest: SHA-256 of what was read.
    """

    frame: pd.DataFrame
    months: pd.DatetimeIndex
    content_digest: str


@dataclass(frozen=True, kw_only=True)
class WardTable(Part):
    """A table whose rows belong to wards, told by its column `ward_code`; base of the simple tables.

    Attributes:
        frame: The rows.
        first_lines: Line of the file on which each ward code stands first, where the reader tells it.
    """

    frame: pd.DataFrame
    first_lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MarkedEvents(Part):
    """Events that the user marks, in the columns of `Panel.events`."""

    frame: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Census(WardTable):
    """Census residents: `ward_code, persons, reference_date, source`."""


@dataclass(frozen=True, kw_only=True)
class Estimates(WardTable):
    """Dated residents between censuses: `ward_code, persons, reference_date, source`."""


@dataclass(frozen=True, kw_only=True)
class Projection(WardTable):
    """Yearly residents: `ward_code, area_code, area_name, year, persons, source`."""


@dataclass(frozen=True, kw_only=True)
class Pipeline(WardTable):
    """Housing pipeline, in the columns of `Panel.pipeline`."""


@dataclass(frozen=True, kw_only=True)
class Visitors(WardTable):
    """Jobs and visitors by date, in the columns of `Panel.visitors`."""


@dataclass(frozen=True, kw_only=True)
class WardGroups(WardTable):
    """A user's grouping of wards: `ward_code, group`."""


@dataclass(frozen=True, kw_only=True)
class BaselineHours(WardTable):
    """Presence that a plan does not move: `ward_code, shift, officer_hours_per_month`."""


class Coverage(StrEnum):
    """Which ward-months a table of incidents covers, so that an absent row there is a true zero."""

    ANY_INCIDENT = "any_incident"
    """A borough's month is covered when nearly all of its wards have an incident of any category (police.uk)."""
    WHOLE_SPAN = "whole_span"
    """Every ward of the boroughs in the file, in every month that its rows name, zeros included (logs)."""


@dataclass(frozen=True, kw_only=True)
class WardIncidents(WardTable):
    """Incidents that are no MPS release, by ward and month: `ward_code, category, month, count`.

    Attributes:
        coverage: Which ward-months it covers.
        unlocated: `category, month, count` of the records without a known ward; may be empty.
        source: What it is, for people, for example `London Fire Brigade incidents`.
    """

    coverage: Coverage
    unlocated: pd.DataFrame
    source: str


@dataclass(frozen=True, kw_only=True)
class Repeats(WardTable):
    """Repeat victims or callers: `ward_code, month, subject, category, persons, repeat_persons`.

    `subject` is `victim` or `caller`; `category` is an analysis category or "" for all; `persons` were victims (or
    callers) in the month, `repeat_persons` of them had been one before in the twelve months.
    """


@dataclass(frozen=True, kw_only=True)
class Premises(WardTable):
    """Licensed premises: `ward_code, month, premises, source`."""


@dataclass(frozen=True, kw_only=True)
class WardSeries(WardTable):
    """MPS dashboard, ward rows, offences: `ward_code, series, month, count, release`."""


@dataclass(frozen=True, kw_only=True)
class Survey(Part):
    """Resident survey: `area_code, measure, label, last_month, period_months, share, base, source`.

    `measure` is an id (`safe_by_day`, `safe_after_dark`, others from the label); `share` is from 0 to 1; `base` is the
    number of answers, NaN where not told. London is `E12000007`. `first_lines`: line on which each area stands first.
    """

    frame: pd.DataFrame
    first_lines: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class SmallAreaResidents(Part):
    """Residents by small area: `lsoa_code, age_band, persons, reference_date, source`.

    `age_band` is `all`, or from-to in years such as `10-14`; the last is `85+`.
    """

    frame: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class WardLookup(Part):
    """From older wards to newer ones.

    Attributes:
        old_vintage: For example `WD18`.
        new_vintage: For example `WD22`.
        frame: `old_code, new_code, share_of_old, share_of_new`: share of the old ward's residents who live in the new
            one, and of the new ward's who live in the old one, NaN where the file does not tell it.
    """

    old_vintage: str
    new_vintage: str
    frame: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class LsoaLookup(Part):
    """From small areas (LSOA) to wards.

    Attributes:
        lsoa_year: Two-digit year of the small areas, `11` or `21`.
        ward_year: Two-digit year in the ward column's name, for example `22`.
        frame: `lsoa_code, ward_code, share`: share of the small area's residents in the ward, 1 for a best fit.
        wards: `ward_code, ward_name, area_code, area_name`, as far as the file tells them; may be empty.
    """

    lsoa_year: str
    ward_year: str
    frame: pd.DataFrame
    wards: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class StreetMonth(Part):
    """One data.police.uk street file, reduced to counts by map point.

    Attributes:
        force: Police force that reported.
        frame: `lsoa_code, longitude, latitude, month, category, count`, of rows with a small area; `category` is the
            taxonomy's category of the police.uk crime type (see `reference.taxonomy.category_by_policeuk_type`).
        unlocated: `month, category, count` of the rows that name no small area.
        rows: Rows of the file.
    """

    force: str
    frame: pd.DataFrame
    unlocated: pd.DataFrame
    rows: int


@dataclass(frozen=True, kw_only=True)
class BoroughSeries(Part):
    """MPS dashboard, borough rows, offences: `area_code, series, month, count, release`."""

    frame: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class SampleMarker(Part):
    """The folder holds the embedded sample: everything in it is synthetic."""


@dataclass(frozen=True, kw_only=True)
class KnownUnused(Part):
    """A table that is known but plays no part.

    Attributes:
        what: What it is.
        why: Why it is not used.
    """

    what: str
    why: str
