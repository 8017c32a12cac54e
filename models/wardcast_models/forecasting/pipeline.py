"""Homes and jobs to come: a dated, probability-weighted pipeline turned into persons and jobs by ward and month."""

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


def check_scenario(scenario: str, *, where: str = "scenario") -> None:
    """Refuse a scenario that does not exist.

    Args:
        scenario: Name of a delivery scenario.
        where: Option or field that names it, for the error.

    Raises:
        WardcastError: It is not one of `SCENARIOS`.
    """
    if scenario in SCENARIOS:
        return
    raise invalid_input(
        f"There is no delivery scenario `{scenario}`.",
        Problem(
            where=where,
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


def homes_to_come(pipeline: pd.DataFrame, *, until: pd.Timestamp) -> pd.DataFrame:
    """Return the schemes that change residents after the last month of data.

    Args:
        pipeline: Schemes in the panel's layout.
        until: Last month of data.

    Returns:
        Those that last beyond `until` and have homes, or whose homes the projection holds; not those of jobs alone.
    """
    homes, projected = (pipeline[name].astype(float) > 0 for name in ("homes", "homes_in_projection"))
    return pipeline[(homes | projected) & (pd.to_datetime(pipeline["last_completion"]) > until)]


def named_wards(schemes: pd.DataFrame, ward_codes: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return the wards that some schemes name.

    Args:
        schemes: Schemes in the panel's layout.
        ward_codes: Wards; length W.

    Returns:
        Shape (W,).
    """
    return np.isin(np.array(ward_codes), schemes["ward_code"].to_numpy(dtype=str))


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
    size = pipeline["homes"] * pipeline["probability"] * _per_home(pipeline)
    return _completed(size, pipeline, ward_codes, months, until=until, scenario=scenario)


def persons_projected(
    pipeline: pd.DataFrame, ward_codes: tuple[str, ...], months: pd.DatetimeIndex
) -> NDArray[np.float64]:
    """Return the persons in the homes that the projection holds already, as dated and in full.

    Args:
        pipeline: Schemes in the panel's layout.
        ward_codes: Wards; length W.
        months: Month starts; length T.

    Returns:
        Persons since the start of every scheme, shape (W, T); NaN for wards with a scheme whose homes in the projection
        are unknown.
    """
    size = pipeline["homes_in_projection"] * _per_home(pipeline)
    return _completed(size, pipeline, ward_codes, months, until=months[-1], scenario="as_planned")


def jobs_opened(
    pipeline: pd.DataFrame,
    ward_codes: tuple[str, ...],
    months: pd.DatetimeIndex,
    *,
    until: pd.Timestamp,
    scenario: str,
) -> NDArray[np.float64]:
    """Return the expected jobs opened since the start of every scheme; they open as its homes complete.

    Args:
        pipeline: Schemes in the panel's layout.
        ward_codes: Wards; length W.
        months: Month starts; length T.
        until: Last month of data.
        scenario: One of `SCENARIOS`.

    Returns:
        Jobs (jobs x probability), shape (W, T); 0 for wards without a scheme or jobs.

    Raises:
        WardcastError: The scenario does not exist.
    """
    size = pipeline["jobs"].astype(float).fillna(0.0) * pipeline["probability"]
    return _completed(size, pipeline, ward_codes, months, until=until, scenario=scenario)


def _per_home(pipeline: pd.DataFrame) -> pd.Series:
    """Return the persons a home of each scheme."""
    return pipeline["persons_per_home"].astype(float).fillna(PERSONS_PER_HOME)


def _completed(
    size: pd.Series,
    pipeline: pd.DataFrame,
    ward_codes: tuple[str, ...],
    months: pd.DatetimeIndex,
    *,
    until: pd.Timestamp,
    scenario: str,
) -> NDArray[np.float64]:
    """Return how much of each scheme's size (one a scheme) is there by each month, summed by ward, shape (W, T)."""
    check_scenario(scenario)
    done = np.zeros((len(ward_codes), len(months)))
    row = pd.Index(ward_codes).get_indexer(pd.Index(pipeline["ward_code"]))
    if not (row >= 0).any():
        return done
    pace = {"as_planned": 1.0, "slower": 1.0 / SLOWER_STRETCH, "none": 0.0}[scenario]
    now = month_number(pd.DatetimeIndex([until]))[0]
    clock = month_number(months)
    clock = np.where(clock > now, now + (clock - now) * pace, clock)
    first = month_number(pd.DatetimeIndex(pipeline["first_completion"]))[:, None]
    last = month_number(pd.DatetimeIndex(pipeline["last_completion"]))[:, None]
    share = np.clip((clock - first + 1.0) / np.maximum(last - first + 1.0, 1.0), 0.0, 1.0)
    np.add.at(done, row[row >= 0], (share * size.to_numpy(dtype=float)[:, None])[row >= 0])
    return done
