"""What is true of the sample's local files: reports to the council, fires, repeats, premises and a survey.

Everything is drawn from a generator of its own, so that the sample's crimes stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.events import RECORDING_CHANGE
from wardcast_models.reference.taxonomy import ASB
from wardcast_models.sample.place import sample_wards
from wardcast_models.sample.process import SampleTruth

LOG_MONTHS = 36
"""Months of the council's logs and of fires, up to the last one."""

COUNCIL_ASB_RATIO = 0.35
"""Reports of anti-social behaviour to the council for each expected incident reported to the police."""

COUNCIL_SEASON, COUNCIL_PEAK_MONTH = 0.15, 8
"""Log amplitude and peak month of the council's season, beside that of the police's incidents."""

UNPLACED_SHARE = 0.02
"""Share of reports to the council without a ward."""

FLY_TIPS_PER_1000_RESIDENTS = 1.4
FLY_TIP_TREND_PER_YEAR = 0.05
FIRES_PER_MONTH, FIRE_SEASON, FIRE_PEAK_MONTH = 40.0, 0.35, 7
"""Secondary fires of the borough a month, and the log amplitude and peak month of their season."""

REPEAT_VICTIM_SHARE, REPEAT_CALLER_SHARE = 0.18, 0.27
VICTIMS_PER_CRIME = 0.7
CALLERS_PER_ASB = 0.8
REPEAT_MONTHS = 12

PREMISES = 320
TOWN_CENTRE_PULL = 40.0
"""How many times as many licensed premises a resident has in a town centre."""

SAFE_SHARES = {"safe_by_day": 0.88, "safe_after_dark": 0.61}
"""True shares of residents who feel safe."""

UNLOCATED_SHARE = 0.03
"""Share of recorded crime without a ward from the new recording system on."""


@dataclass(frozen=True, kw_only=True)
class LocalTruth:
    """Counts of the local files. W wards, M months of the logs, R months of the repeats, C crime categories, T months.

    Attributes:
        months: The logs' months; length M.
        council_asb: Reports of anti-social behaviour with a ward, shape (W, M).
        council_asb_unplaced: The same without a ward, shape (M,).
        fly_tipping: Fly-tips, shape (W, M).
        secondary_fires: Shape (W, M).
        repeat_months: Length R.
        persons: Victims, then callers, shape (2, W, R).
        repeat_persons: Those of them who had been one before, shape (2, W, R).
        premises: Licensed premises a year before the last month and in it, shape (2, W).
        unlocated: Recorded crimes without a ward, shape (C, T), categories but ASB in the sample's order.
    """

    months: pd.DatetimeIndex
    council_asb: NDArray[np.int64]
    council_asb_unplaced: NDArray[np.int64]
    fly_tipping: NDArray[np.int64]
    secondary_fires: NDArray[np.int64]
    repeat_months: pd.DatetimeIndex
    persons: NDArray[np.int64]
    repeat_persons: NDArray[np.int64]
    premises: NDArray[np.int64]
    unlocated: NDArray[np.int64]


def draw_local(truth: SampleTruth) -> LocalTruth:
    """Draw the local files' counts.

    Args:
        truth: The sample.

    Returns:
        The counts; the same truth gives the same counts.
    """
    rng = np.random.default_rng([truth.seed, 3])
    months = truth.months[-LOG_MONTHS:]
    asb = truth.categories.index(ASB)
    years = np.arange(len(months)) / 12.0
    people = truth.persons[:, -LOG_MONTHS:]  # (W, M)
    council = (
        COUNCIL_ASB_RATIO * truth.expected[:, asb, -LOG_MONTHS:] * _wave(months, COUNCIL_SEASON, COUNCIL_PEAK_MONTH)
    )
    reports = rng.poisson(council)
    unplaced = rng.binomial(reports, UNPLACED_SHARE)
    fly_tips = FLY_TIPS_PER_1000_RESIDENTS * people / 1000.0 * np.exp(FLY_TIP_TREND_PER_YEAR * years)
    fires = FIRES_PER_MONTH * people / people.sum(axis=0) * _wave(months, FIRE_SEASON, FIRE_PEAK_MONTH)
    fly_tipping, secondary_fires = rng.poisson(fly_tips), rng.poisson(fires)
    crimes = np.delete(truth.counts, asb, axis=1)  # (W, C, T)
    persons = np.stack(
        [
            rng.binomial(crimes[:, :, -REPEAT_MONTHS:].sum(axis=1), VICTIMS_PER_CRIME),
            rng.binomial(truth.counts[:, asb, -REPEAT_MONTHS:], CALLERS_PER_ASB),
        ]
    )
    shares = np.array([REPEAT_VICTIM_SHARE, REPEAT_CALLER_SHARE])[:, None, None]
    return LocalTruth(
        months=months,
        council_asb=reports - unplaced,
        council_asb_unplaced=unplaced.sum(axis=0),
        fly_tipping=fly_tipping,
        secondary_fires=secondary_fires,
        repeat_months=truth.months[-REPEAT_MONTHS:],
        persons=persons,
        repeat_persons=rng.binomial(persons, shares),
        premises=_premises(rng),
        unlocated=_unlocated(rng, crimes.sum(axis=0), truth.months),
    )


def _wave(months: pd.DatetimeIndex, amplitude: float, peak_month: int) -> NDArray[np.float64]:
    """Return a yearly wave by month, as a factor."""
    angle = 2.0 * np.pi * (np.asarray(months.month, dtype=np.float64) - peak_month) / 12.0
    return np.asarray(np.exp(amplitude * np.cos(angle)))


def _premises(rng: np.random.Generator) -> NDArray[np.int64]:
    """Return licensed premises at two dates, shape (2, W), most of them where the town centre is."""
    wards = sample_wards()
    weight = np.array([ward.persons_2021 * TOWN_CENTRE_PULL**ward.town_centre for ward in wards])
    before = rng.multinomial(PREMISES, weight / weight.sum())
    return np.stack([before, before + rng.binomial(before, 0.03)])


def _unlocated(rng: np.random.Generator, crimes: NDArray[np.int64], months: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Return crimes without a ward, shape (C, T): none before the new recording system."""
    mean = crimes * UNLOCATED_SHARE / (1.0 - UNLOCATED_SHARE) * (months >= RECORDING_CHANGE)
    return np.asarray(rng.poisson(mean), dtype=np.int64)
