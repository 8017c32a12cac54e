"""The assessed year: April to March, and which of its months the data hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy

MONTHS_A_YEAR = 12
_YEAR = re.compile(r"(\d{4})[/-](\d{2})")


@dataclass(frozen=True, kw_only=True)
class CoveredYear:
    """A financial year and its months in the data.

    Attributes:
        label: As `2020/21`.
        start: Its April.
        months: Months of the year in which every ward of the area has counts, sorted.
    """

    label: str
    start: pd.Timestamp
    months: pd.DatetimeIndex

    @property
    def last_month(self) -> pd.Timestamp:
        """Last covered month."""
        return self.months[-1]


def covered_year(panel: Panel, year: str) -> CoveredYear:
    """Find a financial year in a panel.

    Args:
        panel: The panel.
        year: As `2020/21`: April 2020 to March 2021.

    Returns:
        The year with its covered months, at least one.

    Raises:
        WardcastError: The year is misspelt or no month of it is in the data.
    """
    start = _start(year)
    label = f"{start.year}/{(start.year + 1) % 100:02d}"
    observed = observed_months(panel)
    months = pd.date_range(start, periods=MONTHS_A_YEAR, freq="MS")
    months = months[months.isin(observed)]
    if not len(months):
        span = f"{observed[0]:%Y-%m} to {observed[-1]:%Y-%m}" if len(observed) else "no month"
        raise invalid_input(
            f"No month of {label} is in the data.",
            Problem(
                where="--year",
                expected=f"a year within {span} on {panel.vintage} wards",
                found=label,
                mend="Choose another year, another ward vintage, or add files that cover it.",
            ),
        )
    return CoveredYear(label=label, start=start, months=months)


def observed_months(panel: Panel) -> pd.DatetimeIndex:
    """Return the months in which every ward of the area has counts of crime (of anything where no crime is held).

    Args:
        panel: The panel.

    Returns:
        Month starts, sorted.
    """
    crime = [position for position, category in enumerate(panel.categories) if taxonomy()[category].crime]
    members = crime or list(range(len(panel.categories)))
    counts = panel.counts[panel.area_rows][:, members]
    return panel.months[np.asarray((~np.isnan(counts)).any(axis=1).all(axis=0))]


def _start(year: str) -> pd.Timestamp:
    match = _YEAR.fullmatch(year.strip())
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise invalid_input(
            f"{year!r} is no financial year.",
            Problem(where="--year", expected="a year such as 2020/21", found=repr(year), mend="Write it so."),
        )
    return pd.Timestamp(year=int(match[1]), month=4, day=1)
