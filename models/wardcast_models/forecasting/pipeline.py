"""Homes to come: a dated, probability-weighted housing pipeline turned into persons by ward and month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.reference.assumptions import assumption

SCENARIOS: tuple[str, ...] = ("as_planned", "slower", "none")
"""Delivery scenarios: as dated, twice as long from the last month of data on, and no more homes."""

PERSONS_PER_HOME = assumption("persons_per_home").value
"""Persons a home where a scheme does not say."""

SLOWER_STRETCH = 2.0
"""How many times as long the remaining programme takes under `slower`."""


def check_scenario(scenario: str) -> None:
    """Refuse a scenario that does not exist.

    Args:
        scenario: Name of a delivery scenario.

    Raises:
        WardcastError: It is not one of `SCENARIOS`.
    """
    if scenario in SCENARIOS:
        return
    raise invalid_input(
        f"There is no delivery scenario `{scenario}`.",
        Problem(
            where="scenario",
            expected=f"one of {', '.join(SCENARIOS)}",
            found=scenario,
            mend="Choose one of these names.",
        ),
    )


def month_number(months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return months as running numbers, so that a difference of 1 is one month.

    Args:
        months: Month starts; length T.

    Returns:
        `12 * year + month - 1`, shape (T,).
    """
    return np.asarray(12 * months.year + months.month - 1, dtype=np.float64)


def persons_completed(
    pipeline: pd.DataFrame,
    ward_codes: tuple[str, ...],
    months: pd.DatetimeIndex,
    *,
    until: pd.Timestamp,
    scenario: str,
) -> NDArray[np.float64]:
    """Return the expected persons in completed homes since the start of every scheme.

    Homes complete linearly from the first to the last month of completion. Months up to `until` are as planned in
    every scenario; after it, `slower` lets the calendar of every scheme run at half speed and `none` stops it.

    Args:
        pipeline: Schemes in the panel's layout.
        ward_codes: Wards; length W. Schemes elsewhere are not counted.
        months: Month starts; length T.
        until: Last month of data.
        scenario: One of `SCENARIOS`.

    Returns:
        Persons (homes x probability x persons a home), shape (W, T); 0 for wards without a scheme.

    Raises:
        WardcastError: The scenario does not exist.
    """
    check_scenario(scenario)
    persons = np.zeros((len(ward_codes), len(months)))
    schemes = pipeline[pipeline["ward_code"].isin(ward_codes)]
    if schemes.empty:
        return persons
    pace = {"as_planned": 1.0, "slower": 1.0 / SLOWER_STRETCH, "none": 0.0}[scenario]
    now = month_number(pd.DatetimeIndex([until]))[0]
    clock = month_number(months)
    clock = np.where(clock > now, now + (clock - now) * pace, clock)
    first = month_number(pd.DatetimeIndex(schemes["first_completion"]))[:, None]
    last = month_number(pd.DatetimeIndex(schemes["last_completion"]))[:, None]
    done = np.clip((clock - first + 1.0) / np.maximum(last - first + 1.0, 1.0), 0.0, 1.0)
    per_home = schemes["persons_per_home"].astype(float).fillna(PERSONS_PER_HOME).to_numpy()
    size = schemes["homes"].to_numpy(dtype=float) * schemes["probability"].to_numpy(dtype=float) * per_home
    row = pd.Index(ward_codes).get_indexer(pd.Index(schemes["ward_code"]))
    np.add.at(persons, row, done * size[:, None])
    return persons
