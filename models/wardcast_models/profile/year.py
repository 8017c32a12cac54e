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
        without_crime: Whether the files hold crime, but none of this year, so that the months are those of what else is
            counted (anti-social behaviour, fires).
    """

    label: str
    start: pd.Timestamp
    months: pd.DatetimeIndex
    without_crime: bool = False

    @property
    def last_month(self) -> pd.Timestamp:
        """Last covered month."""
        return self.months[-1]

    @property
    def missing(self) -> pd.DatetimeIndex:
        """Months of the year that are not covered."""
        return _months_from(self.start).difference(self.months)


def covered_year(panel: Panel, year: str) -> CoveredYear:
    """Find a financial year in a panel: by its months of crime, or where it has none by those of anything else.

    Args:
        panel: The panel.
        year: As `2020/21`: April 2020 to March 2021.

    Returns:
        The year with its covered months, at least one.

    Raises:
        WardcastError: The year is misspelt or no month of it is in the data.
    """
    start = year_start(year)
    label = f"{start.year}/{(start.year + 1) % 100:02d}"
    months = _months_from(start)
    held = {without_crime: observed_months(panel, without_crime=without_crime) for without_crime in (False, True)}
    for without_crime, observed in held.items():
        found = months[months.isin(observed)]
        if len(found):
            return CoveredYear(label=label, start=start, months=found, without_crime=without_crime)
    raise invalid_input(
        f"No month of {label} is in the data.",
        Problem(
            where="--year",
            expected=f"a year within {_span(held[False])} on {panel.vintage} wards"
            + (f", or within {_span(held[True])} for what is counted beside crime" if len(held[True]) else ""),
            found=label,
            mend="Choose another year, another ward vintage, or add files that cover it.",
        ),
    )


def _months_from(start: pd.Timestamp) -> pd.DatetimeIndex:
    return pd.date_range(start, periods=MONTHS_A_YEAR, freq="MS")


def _span(observed: pd.DatetimeIndex) -> str:
    return f"{observed[0]:%Y-%m} to {observed[-1]:%Y-%m}" if len(observed) else "no month"


def observed_months(panel: Panel, *, without_crime: bool = False) -> pd.DatetimeIndex:
    """Return the months in which every ward of the area has counts of crime (of anything where no crime is held).

    Args:
        panel: The panel.
        without_crime: Whether months with anything else that is counted are asked for instead; none where no crime is
            held, for then the others stand in for it already.

    Returns:
        Month starts, sorted.
    """
    crime = [position for position, category in enumerate(panel.categories) if taxonomy()[category].crime]
    others = [position for position in range(len(panel.categories)) if position not in crime]
    beside = others if crime else []
    members = beside if without_crime else crime or others
    counts = panel.counts[panel.area_rows][:, members]
    return panel.months[np.asarray((~np.isnan(counts)).any(axis=1).all(axis=0))]


def year_start(year: str) -> pd.Timestamp:
    """Return the April in which a financial year starts.

    Args:
        year: As `2020/21` or `2020-21`.

    Returns:
        The month's start.

    Raises:
        WardcastError: The year is misspelt.
    """
    match = _YEAR.fullmatch(year.strip())
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise invalid_input(
            f"{year!r} is no financial year.",
            Problem(
                where="--year",
                expected="April to March, as 2020/21",
                found=repr(year),
                mend="Write four digits, a stroke, and the two digits of the year after.",
            ),
        )
    return pd.Timestamp(year=int(match[1]), month=4, day=1)
