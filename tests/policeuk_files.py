"""A small police.uk archive of two districts outside London, in the official layouts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.ward_files import write

NORTHTON, SOUTHTON = "E07999001", "E07999002"
NORTHTON_WARDS = tuple(f"E0599{number:04d}" for number in range(1, 7))
SOUTHTON_WARDS = tuple(f"E0599{number:04d}" for number in range(11, 16))
FORCE = "Inventshire Constabulary"
TYPES = {
    "Anti-social behaviour": 9.0,
    "Bicycle theft": 1.0,
    "Burglary": 3.0,
    "Criminal damage and arson": 4.0,
    "Drugs": 1.5,
    "Other crime": 1.0,
    "Other theft": 3.0,
    "Possession of weapons": 0.5,
    "Public order": 3.0,
    "Robbery": 1.0,
    "Shoplifting": 4.0,
    "Theft from the person": 0.7,
    "Vehicle crime": 4.0,
    "Violence and sexual offences": 12.0,
}
_COLUMNS = ["Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location"]
_COLUMNS += ["LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context"]


def small_areas() -> dict[str, str]:
    """Ward of each invented small area: two a ward."""
    wards = (*NORTHTON_WARDS, *SOUTHTON_WARDS)
    return {f"E0199{2 * number + half:04d}": ward for number, ward in enumerate(wards) for half in (0, 1)}


def best_fit_lookup() -> list[list[str]]:
    """The lookup as the ONS publishes it: `LSOA21CD, LSOA21NM, WD24CD, WD24NM, LAD24CD, LAD24NM`."""
    rows = [["LSOA21CD", "LSOA21NM", "WD24CD", "WD24NM", "LAD24CD", "LAD24NM"]]
    for number, (small_area, ward) in enumerate(small_areas().items()):
        district = (NORTHTON, "Northton") if ward in NORTHTON_WARDS else (SOUTHTON, "Southton-on-Sea")
        rows.append([small_area, f"Invented {number:03d}", ward, f"Ward {ward[-2:]}", *district])
    return rows


def street_rows(month: str, rng: np.random.Generator) -> list[list[str]]:
    """One month of the invented force: Poisson counts a small area and type, and two rows without a place."""
    rows = [_COLUMNS]
    for number, small_area in enumerate(small_areas()):
        longitude, latitude = f"{0.5 + number / 100:.6f}", f"{52.0 + number / 200:.6f}"
        for crime_type, a_month in TYPES.items():
            row = ["", month, FORCE, FORCE, longitude, latitude, "On or near Invented Street", small_area, "Invented"]
            rows += [[*row, crime_type, "", ""]] * int(rng.poisson(a_month / 2))
    nowhere = ["", month, FORCE, FORCE, "", "", "No Location", "", "", "Burglary", "", ""]
    return [*rows, nowhere, nowhere]


def write_archive(folder: Path, *, first: str = "2021-01", months: int = 40, seed: int = 7) -> Path:
    """Write street files and the lookup, in the archive's folders."""
    rng = np.random.default_rng(seed)
    write(folder / "lookup.csv", best_fit_lookup())
    for start in pd.date_range(f"{first}-01", periods=months, freq="MS"):
        month = f"{start:%Y-%m}"
        write(folder / month / f"{month}-inventshire-street.csv", street_rows(month, rng))
    return folder
