"""Rows of council logs as tests write them."""

from __future__ import annotations

import pandas as pd

from tests.ward_files import ABBEY

COLUMNS = ["log", "reference", "ward_code", "reported_on"]
"""Header of a log with a row a report."""

COUNTS = ["log", "ward_code", "month", "count"]
"""Header of a log with a row a count."""

Row = list[object]


def daily(first: str, last: str, *, log: str = "asb", ward: str = ABBEY) -> list[Row]:
    """A report a day."""
    return [[log, f"{log}{day:%y%m%d}{ward}", ward, f"{day:%Y-%m-%d}"] for day in pd.date_range(first, last)]
