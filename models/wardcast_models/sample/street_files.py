"""The sample's anti-social behaviour: data.police.uk street files on invented small areas, and their ward lookup."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardcast_models.reference.taxonomy import ASB
from wardcast_models.sample.place import sample_wards
from wardcast_models.sample.process import SampleTruth
from wardcast_models.sample.tiles import TILE_RADIUS_METRES, tile_centre, to_degrees

ASB_MONTHS = 36
"""Months of anti-social behaviour written, up to the last one."""

PERSONS_PER_SMALL_AREA = 1_800

FIRST_CODE = 1_900_001
"""Codes from E01900001 on are far beyond any real LSOA code."""

_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
)
_FORCE = "Metropolitan Police Service"


@dataclass(frozen=True, kw_only=True)
class SmallArea:
    """One invented small area.

    Attributes:
        code: Code in the form of an LSOA code.
        name: Name that says it is invented.
        ward: Position of its ward.
        point: The one point that its incidents are put on, as `longitude,latitude`.
    """

    code: str
    name: str
    ward: int
    point: str


def street_files(truth: SampleTruth) -> dict[str, str]:
    """Return the monthly street files and the lookup from small areas to wards.

    Args:
        truth: The sample.

    Returns:
        Text by path.
    """
    rng = np.random.default_rng([truth.seed, 2])
    by_ward, weights = small_areas(rng)
    areas = [area for members in by_ward for area in members]
    counts = truth.counts[:, truth.categories.index(ASB)]  # (W, T)
    files = {"geography/lsoa21_to_ward22_lookup_SYNTHETIC.csv": _lookup_text(truth, areas)}
    for column in range(len(truth.months) - ASB_MONTHS, len(truth.months)):
        month = f"{truth.months[column]:%Y-%m}"
        rows = [_HEADER]
        for ward, members in enumerate(by_ward):
            incidents = rng.multinomial(counts[ward, column], weights[ward])
            for area, times in zip(members, incidents, strict=True):
                rows.append(_row(month, area) * int(times))
        files[f"policeuk/{month}/{month}-metropolitan-street-SYNTHETIC.csv"] = "".join(rows)
    return files


def small_areas(rng: np.random.Generator) -> tuple[list[list[SmallArea]], list[NDArray[np.float64]]]:
    """Draw the small areas of every ward, about one for each 1,800 residents, and how they share its incidents.

    Args:
        rng: A generator seeded with the sample's seed and 2; then the areas are those of the street files.

    Returns:
        The small areas and their shares, both by ward.
    """
    areas: list[SmallArea] = []
    for position, ward in enumerate(sample_wards()):
        east, north = tile_centre(ward)
        for _ in range(max(2, round(ward.persons_2021 / PERSONS_PER_SMALL_AREA))):
            number = len(areas)
            # Within half of the tile's radius, so that a point can never leave its tile.
            shift = rng.uniform(-0.35, 0.35, 2) * TILE_RADIUS_METRES
            longitude, latitude = to_degrees(east + float(shift[0]), north + float(shift[1]))
            areas.append(
                SmallArea(
                    code=f"E0{FIRST_CODE + number}",
                    name=f"Synthetic {number + 1:03d}",
                    ward=position,
                    point=f"{longitude:.6f},{latitude:.6f}",
                )
            )
    by_ward = [[area for area in areas if area.ward == ward] for ward in range(len(sample_wards()))]
    return by_ward, [rng.dirichlet(np.full(len(members), 4.0)) for members in by_ward]


def _row(month: str, area: SmallArea) -> str:
    """Return one incident's row; incidents have neither id nor outcome."""
    return (
        f",{month},{_FORCE},{_FORCE},{area.point},On or near SYNTHETIC point,{area.code},{area.name},"
        "Anti-social behaviour,,\n"
    )


def _lookup_text(truth: SampleTruth, areas: list[SmallArea]) -> str:
    rows = [f"{area.code},{truth.ward_codes[area.ward]},{truth.ward_names[area.ward]}\n" for area in areas]
    return "lsoa21cd,ward22cd,ward22nm\n" + "".join(rows)
