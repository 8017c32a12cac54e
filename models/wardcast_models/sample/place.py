"""The sample's place: real ward names and codes, invented sizes, residents that follow homes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.tables import packaged_rows

AREA_CODE = "E09000002"
AREA_NAME = "Barking and Dagenham"

CENSUS_MONTH = pd.Timestamp("2021-03-01")
"""Month in which residents are exactly `persons_2021`; the reference of the persons effect."""

GROWTH_BEFORE_CENSUS = 0.0143
"""Yearly log growth of wards without a scheme before the Census (brings the borough to about 187,000 in 2011)."""

GROWTH_AFTER_CENSUS = 0.008
"""Yearly log growth of wards without a scheme after the Census (about +30 % in the borough over 2017-2033)."""

PACKAGE = "wardcast_models.sample"


@dataclass(frozen=True, kw_only=True)
class SampleWard:
    """One ward of the sample.

    Attributes:
        code: GSS code (real).
        name: Name (real).
        persons_2021: Invented residents at the Census month.
        tile_column: Column on the tile map, west to east.
        tile_row: Row on the tile map, north to south; odd rows are shifted half a tile east.
        town_centre: How much of a town centre it is, 0 to 1.
        group: Number of its invented deprivation group.
    """

    code: str
    name: str
    persons_2021: int
    tile_column: int
    tile_row: int
    town_centre: float
    group: int


@cache
def sample_wards() -> tuple[SampleWard, ...]:
    """Return the wards, sorted by code."""
    return tuple(
        SampleWard(
            code=row["ward_code"],
            name=row["ward_name"],
            persons_2021=int(row["persons_2021"]),
            tile_column=int(row["tile_column"]),
            tile_row=int(row["tile_row"]),
            town_centre=float(row["town_centre"]),
            group=int(row["group"]),
        )
        for row in packaged_rows("wards.csv", package=PACKAGE)
    )


@cache
def schemes() -> list[dict[str, str]]:
    """Return the housing pipeline's rows, in the pipeline file's own columns."""
    return packaged_rows("schemes.csv", package=PACKAGE)


def residents(months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return the true residents.

    Wards with a housing scheme grow by its homes alone (linear completions, weighted by probability); the others
    grow steadily, faster before the Census than after.

    Args:
        months: Month starts; length T.

    Returns:
        Persons by ward and month, shape (W, T).
    """
    wards = sample_wards()
    at_census = np.array([ward.persons_2021 for ward in wards], dtype=np.float64)[:, None]
    years = (_clock(months) - _clock(pd.DatetimeIndex([CENSUS_MONTH]))) / 12.0
    log_growth = np.where(years < 0, GROWTH_BEFORE_CENSUS * years, GROWTH_AFTER_CENSUS * years)
    persons = at_census * np.exp(log_growth)
    homes = _persons_in_new_homes(months) - _persons_in_new_homes(pd.DatetimeIndex([CENSUS_MONTH]))
    with_scheme = np.isin([ward.code for ward in wards], [scheme["ward_code"] for scheme in schemes()])
    persons[with_scheme] = (at_census + homes)[with_scheme]
    return persons


def _persons_in_new_homes(months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return expected persons in homes completed by the end of each month, shape (W, T)."""
    row_of = {ward.code: row for row, ward in enumerate(sample_wards())}
    persons = np.zeros((len(row_of), len(months)))
    for scheme in schemes():
        first, last = _clock(pd.DatetimeIndex([scheme["first_completion"], scheme["last_completion"]]))
        done = np.clip((_clock(months) - first + 1) / (last - first + 1), 0.0, 1.0)
        size = float(scheme["homes"]) * float(scheme["probability"]) * float(scheme["persons_per_home"])
        persons[row_of[scheme["ward_code"]]] += done * size
    return persons


def _clock(months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return months as running numbers."""
    return np.asarray(12 * months.year + months.month - 1, dtype=np.float64)
