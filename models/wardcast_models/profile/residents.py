"""Residents for a year: the nearest dated figure, with its source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel

_COUNTED_WITHIN_DAYS = 731
_CARRIED = "carried from"
"""How the source of residents that were worked out from other wards says so."""


@dataclass(frozen=True, kw_only=True)
class Residents:
    """Residents of some wards.

    Attributes:
        persons: In the order of the wards asked for; NaN where not known.
        known: Whether they are known for every ward.
        told: A sentence on where they come from.
    """

    persons: NDArray[np.float64]
    known: bool
    told: str


def residents_for(panel: Panel, ward_codes: tuple[str, ...], middle: pd.Timestamp) -> Residents:
    """Find the residents nearest to a date.

    A counted figure (Census or estimate) within two years wins over a projection, which wins over figures carried from
    other wards and over an older count.

    Args:
        panel: The panel.
        ward_codes: Wards, all of which a figure has to know.
        middle: The date, the middle of the assessed year.

    Returns:
        The residents.
    """
    counted = _dated(panel.census, ward_codes) + _dated(panel.estimates, ward_codes)
    projected = _dated(_projection(panel), ward_codes)
    near = [figure for figure in counted if abs((figure[0] - middle).days) <= _COUNTED_WITHIN_DAYS]
    own = [figure for figure in near if _CARRIED not in figure[2]]
    choice = own or projected or near or counted
    if not choice:
        nothing = np.full(len(ward_codes), np.nan)
        told = f"No residents are known for the {panel.vintage} wards, so no rates are given."
        return Residents(persons=nothing, known=False, told=told)
    date, persons, source = min(choice, key=lambda figure: abs((figure[0] - middle).days))
    told = f"Residents are those of {date.day} {date:%B %Y} ({source}), the nearest figure that is held."
    return Residents(persons=persons, known=True, told=told)


def _projection(panel: Panel) -> pd.DataFrame:
    frame = panel.projection
    if frame.empty:
        return frame.assign(reference_date=pd.Series(dtype="datetime64[us]"))
    dates = pd.to_datetime(frame["year"].astype(int).astype(str) + "-06-30")
    return frame.assign(reference_date=dates)


def _dated(frame: pd.DataFrame, ward_codes: tuple[str, ...]) -> list[tuple[pd.Timestamp, NDArray[np.float64], str]]:
    """Return every dated figure of a table that knows all the wards."""
    found = []
    mine = frame[frame["ward_code"].isin(ward_codes)]
    for date, rows in mine.groupby("reference_date"):
        persons = rows.drop_duplicates("ward_code").set_index("ward_code")["persons"].reindex(list(ward_codes))
        if persons.gt(0).all():
            values = persons.to_numpy(dtype=np.float64)
            found.append((pd.Timestamp(str(date)), values, str(rows["source"].iloc[0])))
    return found
