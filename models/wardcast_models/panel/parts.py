"""What each reader makes of one file: the pieces that a panel is put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
    """

    content_digest: str
    vintages: frozenset[str]
    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    counts: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class WardTable(Part):
    """A table whose rows belong to wards of one vintage or more; base of the simple tables.

    Attributes:
        frame: The rows; always a column `ward_code`.
    """

    frame: pd.DataFrame


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


@dataclass(frozen=True, kw_only=True)
class WardMonthAsb(WardTable):
    """Police.uk ward-month table: `ward_code, month, asb, all_incidents`."""


APPROXIMATE = "approximate"
"""Member that a polygon carries, with the value true, where its file calls it approximate."""


@dataclass(frozen=True, kw_only=True)
class Polygons(Part):
    """Ward polygons.

    Attributes:
        geometries: GeoJSON geometry by ward code, simplified; with the member `APPROXIMATE` where it is so.
        vertices: Vertices before simplifying, by ward code: the more detailed file wins.
    """

    geometries: dict[str, dict[str, Any]]
    vertices: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class WardLookup(Part):
    """From older wards to newer ones.

    Attributes:
        new_vintage: For example `WD22`.
        frame: `old_code, new_code, share_of_old`.
    """

    new_vintage: str
    frame: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class LsoaLookup(Part):
    """From small areas (LSOA 2021) to wards.

    Attributes:
        ward_year: Two-digit year in the ward column's name, for example `22`.
        ward_by_lsoa: Ward code by LSOA code.
    """

    ward_year: str
    ward_by_lsoa: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class StreetMonth(Part):
    """One data.police.uk street file, reduced to counts by small area.

    Attributes:
        force: Police force that reported.
        frame: `lsoa_code, month, asb, all_incidents`; rows without a small area are not in it.
        unplaced_asb: ASB rows that name no small area.
        rows: Rows of the file.
    """

    force: str
    frame: pd.DataFrame
    unplaced_asb: int
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
