"""The sample's data-generating process: known rates, then counts drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.events import event_shares
from wardcast_models.reference.tables import packaged_rows
from wardcast_models.sample.place import CENSUS_MONTH, PACKAGE, residents, sample_wards

FIRST_MONTH = pd.Timestamp("2015-04-01")
PERSONS_ELASTICITY = 1.0
WARD_FACTOR_SD = 0.25
"""Standard deviation of the log of what makes a ward's rate per resident its own."""

DRIFT_SD_PER_MONTH = 0.01
"""Standard deviation of a month's step in a ward's log rate of one category (a random walk)."""

SHOCK_SD = 0.05
"""Standard deviation of the log of a category's monthly shock, shared by all wards."""


@dataclass(frozen=True, kw_only=True)
class SampleTruth:
    """What is true of the sample: rates, effects and the counts drawn from them.

    W wards, C analysis categories, T months. The expected count is

        level[c] * share[w, c] * exp(trend[c] * years + season[c, month] + drift[w, c, t] + shock[c, t])
        * covid[c] (pandemic months) * recording_break[c] (from the new system on)
        * (persons[w, t] / persons[w, Census month]) ** persons_elasticity

    and the count is negative binomial with variance `expected + expected ** 2 / dispersion[c]`.

    Attributes:
        seed: Seed of everything random.
        ward_codes: GSS codes; length W.
        ward_names: Length W.
        categories: Analysis category ids, anti-social behaviour last; length C.
        months: Month starts; length T.
        expected: Expected counts, shape (W, C, T).
        counts: Counts drawn, int64, shape (W, C, T). Files carry anti-social behaviour for the last months only.
        persons: Residents, shape (W, T).
        persons_elasticity: Percent more crime for one percent more residents.
        level: Borough counts a month at the Census month but for season and pandemic, shape (C,).
        share: Each ward's share of its category at the Census month, shape (W, C).
        trend_per_year: Log growth a year beyond that of residents, shape (C,).
        season: Log seasonal effect by calendar month, January first, shape (C, 12).
        covid: Factor in the pandemic months, shape (C,).
        recording_break: Factor from the new recording system on, shape (C,).
        drift: Log drift, 0 at the Census month, shape (W, C, T).
        shock: Log monthly shock shared by all wards, shape (C, T).
        dispersion: Size of the negative binomial, shape (C,).
    """

    seed: int
    ward_codes: tuple[str, ...]
    ward_names: tuple[str, ...]
    categories: tuple[str, ...]
    months: pd.DatetimeIndex
    expected: NDArray[np.float64]
    counts: NDArray[np.int64]
    persons: NDArray[np.float64]
    persons_elasticity: float
    level: NDArray[np.float64]
    share: NDArray[np.float64]
    trend_per_year: NDArray[np.float64]
    season: NDArray[np.float64]
    covid: NDArray[np.float64]
    recording_break: NDArray[np.float64]
    drift: NDArray[np.float64]
    shock: NDArray[np.float64]
    dispersion: NDArray[np.float64]


def simulate(*, seed: int, last_month: pd.Timestamp) -> SampleTruth:
    """Draw the sample's rates and counts.

    Args:
        seed: Seed; the same seed gives the same sample.
        last_month: Last month.

    Returns:
        The truth, counts included.
    """
    rng = np.random.default_rng(seed)
    months = pd.date_range(FIRST_MONTH, last_month, freq="MS")
    wards = sample_wards()
    rows = packaged_rows("categories.csv", package=PACKAGE)
    categories = tuple(row["category"] for row in rows)

    def parameter(name: str) -> NDArray[np.float64]:
        return np.array([float(row[name]) for row in rows])

    shape = (len(wards), len(categories), len(months))
    census = int(np.flatnonzero(months == CENSUS_MONTH)[0])
    share = _shares(rng, parameter("town_centre_pull"))  # (W, C)
    drift = np.cumsum(rng.normal(0.0, DRIFT_SD_PER_MONTH, shape), axis=2)  # (W, C, T)
    drift -= drift[:, :, [census]]
    shock = rng.normal(0.0, SHOCK_SD, shape[1:])  # (C, T)
    season = _season(parameter("season_amplitude"), parameter("season_peak_month"))  # (C, 12)
    persons = residents(months)  # (W, T)
    years = (np.arange(len(months)) - census) / 12.0
    pandemic = event_shares("pandemic", months)
    new_system = event_shares("recording_change", months)
    log_level = (
        np.log(parameter("monthly_level"))[:, None]
        + parameter("trend_per_year")[:, None] * years
        + season[:, months.month - 1]
        + np.log(parameter("covid"))[:, None] * pandemic
        + np.log(parameter("recording_break"))[:, None] * new_system
        + shock
    )  # (C, T)
    growth = PERSONS_ELASTICITY * np.log(persons / persons[:, [census]])  # (W, T)
    expected = np.exp(np.log(share)[:, :, None] + log_level + growth[:, None, :] + drift)
    dispersion = parameter("dispersion")
    size = dispersion[None, :, None]
    return SampleTruth(
        seed=seed,
        ward_codes=tuple(ward.code for ward in wards),
        ward_names=tuple(ward.name for ward in wards),
        categories=categories,
        months=months,
        expected=expected,
        counts=rng.negative_binomial(size, size / (size + expected)).astype(np.int64),
        persons=persons,
        persons_elasticity=PERSONS_ELASTICITY,
        level=parameter("monthly_level"),
        share=share,
        trend_per_year=parameter("trend_per_year"),
        season=season,
        covid=parameter("covid"),
        recording_break=parameter("recording_break"),
        drift=drift,
        shock=shock,
        dispersion=dispersion,
    )


def _shares(rng: np.random.Generator, pull: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each ward's share of each category, shape (W, C): residents, the ward's own rate, town centres."""
    wards = sample_wards()
    persons = np.array([ward.persons_2021 for ward in wards], dtype=np.float64)[:, None]
    town_centre = np.array([ward.town_centre for ward in wards])[:, None]
    own = np.exp(rng.normal(0.0, WARD_FACTOR_SD, (len(wards), 1)))
    by_category = np.exp(rng.normal(0.0, WARD_FACTOR_SD / 2, (len(wards), len(pull))))
    weight = persons * own * by_category * pull[None, :] ** town_centre
    return np.asarray(weight / weight.sum(axis=0))


def _season(amplitude: NDArray[np.float64], peak_month: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one yearly wave on the log scale by category and calendar month, shape (C, 12)."""
    angle = 2.0 * np.pi * (np.arange(1, 13)[None, :] - peak_month[:, None]) / 12.0
    return np.asarray(amplitude[:, None] * np.cos(angle))
