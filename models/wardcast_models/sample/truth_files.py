"""What is true of the sample, written beside it for checking forecasts against."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from wardcast_models.reference.events import RECORDING_CHANGE, event_shares
from wardcast_models.sample.process import DRIFT_SD_PER_MONTH, SHOCK_SD, SampleTruth

NOTE = (
    "SYNTHETIC: every count, rate, resident, date and polygon in this folder is invented. Only the ward names and "
    "codes of Barking and Dagenham and the 10,800 homes at Barking Riverside are real; nothing here describes the "
    "real place."
)

_PROCESS = (
    "expected = level x share x exp(trend_per_year x years since 2021-03 + season + drift + shock) x covid (pandemic "
    "months) x recording_break (from the recording change on) x (residents / residents of 2021-03) ^ "
    "persons_elasticity; counts are negative binomial with variance expected + expected^2 / dispersion"
)


def truth_files(truth: SampleTruth) -> dict[str, str]:
    """Return the truth: effects as JSON, expected counts and residents as wide tables.

    Args:
        truth: The sample.

    Returns:
        Text by path.
    """
    months = list(truth.months.strftime("%Y-%m"))
    rates = [["ward_code", "category", *months]]
    residents = [["ward_code", *months]]
    for row, code in enumerate(truth.ward_codes):
        residents.append([code, *(f"{value:.1f}" for value in truth.persons[row])])
        for column, category in enumerate(truth.categories):
            rates.append([code, category, *(f"{value:.4g}" for value in truth.expected[row, column])])
    return {
        "truth/truth.json": json.dumps(_effects(truth, months), indent=1) + "\n",
        "truth/truth_rates.csv": _text(rates),
        "truth/truth_residents.csv": _text(residents),
    }


def _effects(truth: SampleTruth, months: list[str]) -> dict[str, object]:
    """Return the effects as plain values."""

    def by_category(values: NDArray[np.float64]) -> dict[str, object]:
        return {name: np.round(row, 5).tolist() for name, row in zip(truth.categories, values, strict=True)}

    pandemic = truth.months[event_shares("pandemic", truth.months) > 0]
    return {
        "note": NOTE,
        "process": _PROCESS,
        "seed": truth.seed,
        "first_month": months[0],
        "last_month": months[-1],
        "persons_elasticity": truth.persons_elasticity,
        "pandemic_months": [f"{month:%Y-%m}" for month in (pandemic[0], pandemic[-1])],
        "recording_change": f"{RECORDING_CHANGE:%Y-%m}",
        "drift_sd_per_month": DRIFT_SD_PER_MONTH,
        "shock_sd": SHOCK_SD,
        "level_per_month": by_category(truth.level),
        "trend_per_year": by_category(truth.trend_per_year),
        "covid": by_category(truth.covid),
        "recording_break": by_category(truth.recording_break),
        "dispersion": by_category(truth.dispersion),
        "season_log_january_to_december": by_category(truth.season),
        "shock_log_by_month": by_category(truth.shock),
        "share_by_ward": {
            code: np.round(row, 5).tolist() for code, row in zip(truth.ward_codes, truth.share, strict=True)
        },
    }


def _text(lines: list[list[str]]) -> str:
    return "".join(",".join(line) + "\n" for line in lines)
