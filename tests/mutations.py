"""Seeded cases of spoilt files: a table, a way of spoiling it, and what reading it may end in."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path

from tests import ward_files as wf
from tests.mutated_packages import PACKAGE_MUTATIONS
from tests.mutated_tables import TABLE_MUTATIONS, Original, Spoilt

MUTATIONS = (*TABLE_MUTATIONS, *PACKAGE_MUTATIONS)
"""Every way in which a file is spoilt here."""

_CHECKED_COLUMNS = {
    "mps/*Ward*24 months*": "202404",
    "mps/*Borough*": "202404",
    "mps/lsoa*": "count",
    "policeuk/2024-01/*": "Month",
    "fire/*": "DateOfCall",
    "council/*asb*": "reported_on",
    "council/fly*": "count",
    "council/*premises*": "premises",
    "partners/*": "persons",
    "surveys/council*": "percent",
    "surveys/public*": "Proportion",
    "geography/lsoa*": "ward22cd",
    "population/*gla*": "Population",
    "planning/baseline_hours*": "officer_hours_per_month",
    "housing/housing_pipeline*": "homes",
}
"""Files of the sample, and of each a column whose every cell is checked: a number, a day or a code."""

_SAMPLE_ROWS = 40
"""About how many rows of a sample file are kept, from its beginning to its end, so that many cases run quickly."""


def little_files() -> list[Original]:
    """Tables of a few rows, with names that are no plain ASCII."""
    release = wf.release(number=4)
    release[1][2] = "Abbey (Café)"
    return [
        Original(name="release", rows=release, checked_column=6),
        Original(name="census", rows=wf.census({wf.ABBEY: 4000, wf.ALIBON: 1234}), checked_column=4),
    ]


def sample_files(sample: Path) -> list[Original]:
    """Some rows of files of the files of the embedded sample."""
    originals = []
    for pattern, column in _CHECKED_COLUMNS.items():
        [path] = sample.glob(pattern)
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        spread = [header, *rows[:: max(1, len(rows) // _SAMPLE_ROWS)]]
        name = pattern.translate(str.maketrans("/ ", "__", "*")).strip("_")
        originals.append(Original(name=name, rows=spread, checked_column=header.index(column)))
    return originals


def spoilt(seed: int, originals: Sequence[Original]) -> tuple[Original, str, Spoilt]:
    """One case: the table, the name of the mutation and the spoilt file; each mutation comes equally often."""
    drawn = random.Random(seed)  # noqa: S311 - draws test cases
    mutation = MUTATIONS[seed % len(MUTATIONS)]
    original = drawn.choice(originals)
    return original, mutation.__name__, mutation(drawn, original)
