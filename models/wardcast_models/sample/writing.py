"""Writing the sample to a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input
from wardcast_models.sample.crime_place_files import crime_place_files
from wardcast_models.sample.local_files import local_files
from wardcast_models.sample.planning_files import planning_files
from wardcast_models.sample.process import SampleTruth, simulate
from wardcast_models.sample.release_files import release_files
from wardcast_models.sample.street_files import street_files
from wardcast_models.sample.tiles import polygons_text
from wardcast_models.sample.truth_files import NOTE, truth_files

MARKER_FILE = "wardcast_sample.json"
"""Name of the file that marks a folder as the embedded sample."""

EARLIEST_LAST_MONTH, LATEST_LAST_MONTH = "2022-04", "2037-12"
"""A sample reaches past the Census and both its releases, and not beyond its housing pipeline."""


def write_sample(directory: Path, *, seed: int = 20220505, last_month: str = "2025-03") -> SampleTruth:
    """Write the embedded sample in the official file layouts, with its truth in the folder `truth`.

    The same seed and last month give the same bytes. The marker is written first, so that a folder left half-written
    is known as synthetic and can be written again.

    Args:
        directory: Folder to write to; made where it does not exist.
        seed: Seed of everything random.
        last_month: Last month of data, `YYYY-MM`.

    Returns:
        What is true of the sample.

    Raises:
        WardcastError: The month is wrong, or the folder holds anything but this very sample.
    """
    month = _check_month(last_month)
    marker = {"wardcast_sample": True, "seed": seed, "last_month": last_month, "note": NOTE}
    marker_text = json.dumps(marker, indent=1) + "\n"
    _check_folder(directory, marker_text)
    truth = simulate(seed=seed, last_month=month)
    releases = {f"mps/{name}": text for name, text in release_files(truth).items()}
    files = {
        MARKER_FILE: marker_text,
        **releases,
        **street_files(truth),
        **planning_files(truth),
        **local_files(truth),
        **crime_place_files(truth),
        "geography/wards_lbbd_2022_SYNTHETIC_tiles.geojson": polygons_text(),
        **truth_files(truth),
    }
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return truth


def _check_month(last_month: str) -> pd.Timestamp:
    """Return the last month as a month start."""
    months = pd.period_range(EARLIEST_LAST_MONTH, LATEST_LAST_MONTH, freq="M")
    if last_month not in set(months.strftime("%Y-%m")):
        raise invalid_input(
            "The sample cannot end with that month.",
            Problem(
                where="last_month",
                expected=f"a month from {EARLIEST_LAST_MONTH} to {LATEST_LAST_MONTH} as YYYY-MM",
                found=last_month,
                mend="Choose a month in that range.",
            ),
        )
    return pd.Timestamp(f"{last_month}-01")


def _check_folder(directory: Path, marker_text: str) -> None:
    """Refuse a folder with other files in it: invented numbers must never mix with real ones."""
    if directory.exists() and not directory.is_dir():
        found = "a file"
    elif not directory.exists() or not any(directory.iterdir()):
        return
    else:
        marker = directory / MARKER_FILE
        if marker.is_file() and marker.read_text(encoding="utf-8") == marker_text:
            return
        found = "another sample" if marker.is_file() else "other files"
    raise WardcastError(
        ErrorKind.CONFLICT,
        "The sample was not written: it must not mix with other files.",
        [
            Problem(
                where=directory.name,
                expected="a new or empty folder, or this very sample",
                found=found,
                mend="Name a new folder.",
            )
        ],
    )
