"""Reading packaged tables, those of this folder first of all."""

from __future__ import annotations

import csv
from importlib import resources
from io import StringIO

import pandas as pd

_REFERENCE = "wardcast_models.reference"


def packaged_table(name: str) -> pd.DataFrame:
    """Read a table packaged beside this module.

    Args:
        name: File name, for example `taxonomy.csv`.

    Returns:
        The table, empty cells as "".
    """
    return pd.read_csv(StringIO(_packaged_text(name, _REFERENCE)), keep_default_na=False)


def packaged_rows(name: str, *, package: str = _REFERENCE) -> list[dict[str, str]]:
    """Read a packaged table row by row.

    Args:
        name: File name, for example `taxonomy.csv`.
        package: Import name of the package that holds it.

    Returns:
        One mapping from column to cell a row, every cell as text, empty cells as "".
    """
    return list(csv.DictReader(StringIO(_packaged_text(name, package))))


def _packaged_text(name: str, package: str) -> str:
    """Return a packaged table's text."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")
