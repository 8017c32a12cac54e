"""Which categories of a panel can be forecast, and what is said about the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy

SHORTEST_HISTORY_MONTHS = 24
"""Fewer months show no season: two years are the least that can be learned from."""

RECENT_MONTHS = 12
"""A category last observed longer ago than this is not forecast."""

LONGEST_HORIZON_MONTHS = 36
"""Months ahead that a forecaster prepares when it is fitted."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a forecaster works on.

    Attributes:
        positions: Positions of the categories to forecast on the panel's second axis; length C.
        categories: Their ids; length C.
        notes: What is not forecast and why, each a sentence.
    """

    positions: NDArray[np.intp]
    categories: tuple[str, ...]
    notes: tuple[str, ...]


def scope_of(past: Panel) -> Scope:
    """Choose the categories of the area to forecast.

    A category is forecast when the taxonomy says so, every ward of the area is observed in at least
    `SHORTEST_HISTORY_MONTHS` months, and the last such month is at most `RECENT_MONTHS` old. A category of true zeros
    is forecast like any other.

    Args:
        past: The panel, ending with the last month to learn from.

    Returns:
        The categories and what is said about the others.

    Raises:
        WardcastError: The panel is too short, or no category can be forecast.
    """
    n_months = len(past.months)
    if n_months < SHORTEST_HISTORY_MONTHS:
        raise invalid_input(
            f"{n_months} months of data are too few to forecast from.",
            Problem(
                where="data",
                expected=f"at least {SHORTEST_HISTORY_MONTHS} months up to {past.last_month:%Y-%m}",
                found=f"{n_months} months from {past.first_month:%Y-%m}",
                mend="Add earlier files, or choose a later last month.",
            ),
        )
    positions: list[int] = []
    notes: list[str] = []
    known = taxonomy()
    for position, category in enumerate(past.categories):
        if not known[category].forecast:
            continue
        complete = ~np.isnan(past.counts[past.area_rows, position]).any(axis=0)
        reason = _reason_not_to(complete, past.months)
        if reason:
            notes.append(f"{known[category].label}: {reason}, so not forecast.")
        else:
            positions.append(position)
    if not positions:
        raise invalid_input(
            f"No category of {past.area.name} can be forecast from {past.last_month:%Y-%m}.",
            *[
                Problem(where="data", expected="recent counts", found=note, mend="Add files that cover these months.")
                for note in notes
            ],
        )
    return Scope(
        positions=np.array(positions, dtype=np.intp),
        categories=tuple(past.categories[position] for position in positions),
        notes=tuple(notes),
    )


def recent_means(past: Panel, scope: Scope) -> NDArray[np.float64]:
    """Return the mean monthly count of each area ward's last 12 observed months, shape (W, C)."""
    counts = past.counts[past.area_rows][:, scope.positions]
    means = np.empty(counts.shape[:2])
    for number in range(counts.shape[1]):
        series = counts[:, number]
        complete = np.flatnonzero(~np.isnan(series).any(axis=0))[-RECENT_MONTHS:]
        means[:, number] = series[:, complete].mean(axis=1)
    return means


def _reason_not_to(complete: NDArray[np.bool_], months: pd.DatetimeIndex) -> str:
    """Say why a category with these complete months (T,) cannot be forecast, or ""."""
    if not complete.any():
        return "no month is observed in all wards of the area"
    last = int(np.flatnonzero(complete)[-1])
    if len(complete) - last > RECENT_MONTHS:
        return f"last observed in {months[last]:%Y-%m}, more than {RECENT_MONTHS} months before {months[-1]:%Y-%m}"
    if complete.sum() < SHORTEST_HISTORY_MONTHS:
        return f"observed in {complete.sum()} months only, {SHORTEST_HISTORY_MONTHS} are needed"
    return ""
