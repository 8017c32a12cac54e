"""The sample's residents, homes, ward groups and baseline hours, in the layouts that a user would bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.assumptions import assumption
from wardcast_models.sample.csv_text import csv_text
from wardcast_models.sample.place import AREA_NAME, residents, sample_wards, schemes
from wardcast_models.sample.process import SampleTruth
from wardcast_models.sample.tiles import TILE_HECTARES

PROJECTION_YEARS = (2011, 2050)
"""First and last year of the projection; a year's figure is for 1 July."""

COMMUNAL_SHARE = 0.008
"""Share of residents in communal establishments."""

SHIFTS = ("day", "late", "night")
"""Shifts of eight hours that share a ward's baseline hours equally. The counts hold no time of day, so a plan takes
crime to be the same in every hour; a baseline with quiet nights would send every hour of a plan into the night."""


def planning_files(truth: SampleTruth) -> dict[str, str]:
    """Return the population, housing, group and baseline files.

    Args:
        truth: The sample.

    Returns:
        Text by path.
    """
    return {
        "population/population_gla_ward22_SYNTHETIC_2011_2050.csv": _projection_text(),
        "population/population_census2021_ward22_SYNTHETIC.csv": _census_text(),
        "housing/housing_pipeline_SYNTHETIC.csv": csv_text(
            list(schemes()[0]), ([*scheme.values()] for scheme in schemes())
        ),
        "planning/ward_groups_SYNTHETIC.csv": csv_text(
            ["ward_code", "group"],
            ([ward.code, f"synthetic group {ward.group}"] for ward in sample_wards()),
        ),
        "planning/baseline_hours_SYNTHETIC.csv": _baseline_text(truth),
    }


def _projection_text() -> str:
    """Return the yearly residents in the layout of the GLA's housing-linked ward projection."""
    years = range(PROJECTION_YEARS[0], PROJECTION_YEARS[1] + 1)
    persons = residents(pd.DatetimeIndex([f"{year}-07-01" for year in years]))  # (W, years)
    header = ["Code", "Borough", "Ward_Name", "Year", "Population", "Hectares", "Square_Kilometres"]
    header += ["Population_per_hectare", "Population_per_square_kilometre"]
    rows = []
    for column, year in enumerate(years):
        for row, ward in enumerate(sample_wards()):
            people = round(persons[row, column])
            density = people / TILE_HECTARES
            place = [ward.code, AREA_NAME, ward.name, year, people, TILE_HECTARES, TILE_HECTARES / 100]
            rows.append([*place, f"{density:.4f}", f"{100 * density:.4f}"])
    return csv_text(header, rows)


def _census_text() -> str:
    """Return the Census residents by residence type."""
    rows = []
    for ward in sample_wards():
        communal = round(ward.persons_2021 * COMMUNAL_SHARE)
        rows.append([ward.code, ward.name, 1, "Lives in a household", ward.persons_2021 - communal])
        rows.append([ward.code, ward.name, 2, "Lives in a communal establishment", communal])
    return csv_text(["ward_code", "ward_name", "restype_code", "restype", "count"], rows)


def _baseline_text(truth: SampleTruth) -> str:
    """Return the presence that a plan does not move: the packaged borough total, split by square root of demand."""
    hours = assumption("baseline_officer_hours_per_ward_month").value * len(truth.ward_codes)
    demand: NDArray[np.float64] = np.sqrt(truth.expected[:, :, -12:].sum(axis=(1, 2)))
    by_ward = hours * demand / demand.sum()
    rows = [
        [code, shift, f"{ward_hours / len(SHIFTS):.1f}"]
        for code, ward_hours in zip(truth.ward_codes, by_ward, strict=True)
        for shift in SHIFTS
    ]
    return csv_text(["ward_code", "shift", "officer_hours_per_month"], rows)
