"""The sample's recorded crime for the borough as a whole and for its small areas, in the layouts of the MPS releases.

The borough file holds what the ward files hold and, from the new recording system on, crime that has no ward.
"""

from __future__ import annotations

import numpy as np

from wardcast_models.reference.tables import packaged_rows
from wardcast_models.reference.taxonomy import taxonomy
from wardcast_models.sample.csv_text import csv_text
from wardcast_models.sample.local_truth import draw_local
from wardcast_models.sample.place import AREA_NAME, PACKAGE
from wardcast_models.sample.process import SampleTruth
from wardcast_models.sample.release_files import RECENT_MONTHS, Minors, release_minors
from wardcast_models.sample.street_files import small_areas

SMALL_AREA_MONTHS = 12
"""Months of crime by small area, up to the last one."""


def crime_place_files(truth: SampleTruth) -> dict[str, str]:
    """Return the borough release and the table by small area.

    Args:
        truth: The sample.

    Returns:
        Text by path.
    """
    minors = release_minors(truth)[1]
    return {
        "mps/MPS Borough Level Crime SYNTHETIC.csv": _borough_text(truth, minors),
        "mps/lsoa21_crime_by_month_SYNTHETIC.csv": _small_area_text(truth, minors),
    }


def _borough_text(truth: SampleTruth, minors: Minors) -> str:
    unlocated = draw_local(truth).unlocated  # (C, T)
    categories = [category for category in truth.categories if taxonomy()[category].crime]
    totals = {label: counts.sum(axis=0) for label, counts in minors.items()}
    for category, lost in zip(categories, unlocated, strict=True):
        # A category's crime without a ward stands under the first of its labels.
        row = next(row for row in packaged_rows("labels.csv", package=PACKAGE) if row["category"] == category)
        label = (row["major"].title(), row["recent_minor"].title())
        totals[label] = totals[label] + lost
    months = list(truth.months[-RECENT_MONTHS:].strftime("%Y%m"))
    return csv_text(
        ["MajorText", "MinorText", "LookUp_BoroughName", *months],
        ([major, minor, AREA_NAME, *total[-RECENT_MONTHS:]] for (major, minor), total in totals.items()),
    )


def _small_area_text(truth: SampleTruth, minors: Minors) -> str:
    """Return a row for each small area, label and month with a crime; crime without a ward is in none."""
    by_ward, shares = small_areas(np.random.default_rng([truth.seed, 2]))
    rng = np.random.default_rng([truth.seed, 5])
    rows: list[tuple[str, str, str, str, str, int]] = []
    for (major, minor), counts in minors.items():
        for ward, members in enumerate(by_ward):
            for month, count in zip(truth.months[-SMALL_AREA_MONTHS:], counts[ward, -SMALL_AREA_MONTHS:], strict=True):
                placed = rng.multinomial(count, shares[ward])
                rows += [
                    (area.code, area.name, major.upper(), minor.upper(), f"{month:%Y-%m}", int(times))
                    for area, times in zip(members, placed, strict=True)
                    if times
                ]
    return csv_text(["lsoa_code", "lsoa_name", "major_category", "minor_category", "month", "count"], sorted(rows))
