"""The sample's files of what the council and its partners hold, in the layouts that the readers document."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.sample import local_truth as local
from wardcast_models.sample.csv_text import csv_text
from wardcast_models.sample.fire_export import fire_export
from wardcast_models.sample.local_truth import LocalTruth, draw_local
from wardcast_models.sample.place import AREA_CODE, AREA_NAME
from wardcast_models.sample.process import SampleTruth
from wardcast_models.sample.truth_files import NOTE

PARTIAL_DAYS = 10
"""The council's log of anti-social behaviour starts this many days before its first complete month."""

SURVEY_QUARTERS = 12
SURVEY_BASE = 400
"""Answers behind each of the survey's figures: the yearly sample of a borough."""

_LONDON_SHARES = {"safe_by_day": 0.90, "safe_after_dark": 0.66}
_QUESTIONS = {
    "safe_by_day": "Feel safe walking alone in the area by day",
    "safe_after_dark": "Feel safe walking alone in the area after dark",
}
_SOURCE = "SYNTHETIC"


def local_files(truth: SampleTruth) -> dict[str, str]:
    """Return the council's and partners' files and what is true of them.

    Args:
        truth: The sample.

    Returns:
        Text by path.
    """
    drawn = draw_local(truth)
    rng = np.random.default_rng([truth.seed, 4])
    return {
        "council/council_asb_log_SYNTHETIC.csv": _asb_log(truth, drawn, rng),
        "council/fly_tipping_log_SYNTHETIC.csv": _fly_tipping_log(truth, drawn),
        "council/licensed_premises_SYNTHETIC.csv": _premises(truth, drawn),
        "fire/lfb_incidents_SYNTHETIC.csv": fire_export(truth, drawn, rng),
        "partners/repeat_victims_and_callers_SYNTHETIC.csv": _repeats(truth, drawn),
        "surveys/public_attitude_survey_borough_SYNTHETIC.csv": _attitudes(truth, rng),
        "surveys/council_residents_survey_SYNTHETIC.csv": _residents_survey(truth, rng),
        "truth/truth_local.json": json.dumps(_told(truth, drawn), indent=1) + "\n",
    }


def _asb_log(truth: SampleTruth, drawn: LocalTruth, rng: np.random.Generator) -> str:
    """Return a report a row, in order of day; the log starts within a month, as logs do."""
    rows: list[tuple[pd.Timestamp, str]] = []
    for column, month in enumerate(drawn.months):
        reports = [
            code
            for code, number in zip(truth.ward_codes, drawn.council_asb[:, column], strict=True)
            for _ in range(int(number))
        ] + [""] * int(drawn.council_asb_unplaced[column])
        rows += _on_days(rng, reports, first=month, days=month.days_in_month)
    # Each of the days before the first month repeats the rate of that month's.
    first = drawn.months[0]
    share = PARTIAL_DAYS / first.days_in_month
    early = [
        code
        for code, number in zip(truth.ward_codes, rng.binomial(drawn.council_asb[:, 0], share), strict=True)
        for _ in range(int(number))
    ]
    rows += _on_days(rng, early, first=first - pd.Timedelta(days=PARTIAL_DAYS), days=PARTIAL_DAYS)
    rows.sort()
    return csv_text(
        ["log", "reference", "ward_code", "reported_on"],
        (
            ["asb", f"{_SOURCE}-{number:05d}", code, f"{day:%Y-%m-%d}"]
            for number, (day, code) in enumerate(rows, start=1)
        ),
    )


def _on_days(
    rng: np.random.Generator, codes: Sequence[str], *, first: pd.Timestamp, days: int
) -> list[tuple[pd.Timestamp, str]]:
    """Spread records evenly over days."""
    shifts = rng.integers(0, days, len(codes))
    return [(first + pd.Timedelta(days=int(shift)), code) for shift, code in zip(shifts, codes, strict=True)]


def _fly_tipping_log(truth: SampleTruth, drawn: LocalTruth) -> str:
    """Return a count a ward and month, zeros included."""
    return csv_text(
        ["log", "ward_code", "month", "count"],
        (
            ["fly_tipping", code, f"{month:%Y-%m}", drawn.fly_tipping[row, column]]
            for column, month in enumerate(drawn.months)
            for row, code in enumerate(truth.ward_codes)
        ),
    )


def _premises(truth: SampleTruth, drawn: LocalTruth) -> str:
    months = (truth.months[-13], truth.months[-1])
    return csv_text(
        ["ward_code", "month", "premises", "source"],
        (
            [code, f"{month:%Y-%m}", drawn.premises[position, row], _SOURCE]
            for position, month in enumerate(months)
            for row, code in enumerate(truth.ward_codes)
        ),
    )


def _repeats(truth: SampleTruth, drawn: LocalTruth) -> str:
    return csv_text(
        ["ward_code", "month", "subject", "category", "persons", "repeat_persons"],
        (
            [code, f"{month:%Y-%m}", subject, "", drawn.persons[at, row, column], drawn.repeat_persons[at, row, column]]
            for at, subject in enumerate(("victim", "caller"))
            for column, month in enumerate(drawn.repeat_months)
            for row, code in enumerate(truth.ward_codes)
        ),
    )


def _attitudes(truth: SampleTruth, rng: np.random.Generator) -> str:
    """Return quarterly shares in the borough layout of the Public Attitude Survey."""
    quarter_ends = [month for month in truth.months if month.month % 3 == 0][-SURVEY_QUARTERS:]
    rows = []
    for month in quarter_ends:
        for measure, question in _QUESTIONS.items():
            share = rng.binomial(SURVEY_BASE, local.SAFE_SHARES[measure]) / SURVEY_BASE
            day = month + pd.offsets.MonthEnd(0)
            rows.append([f"{day:%d/%m/%Y}", f"PAS {_SOURCE}", AREA_NAME, question, share, _LONDON_SHARES[measure]])
    return csv_text(["Date", "Survey", "Borough", "Measure", "Proportion", "MPS"], rows)


def _residents_survey(truth: SampleTruth, rng: np.random.Generator) -> str:
    """Return one year's shares in the plain layout."""
    base = 1_000
    rows = [
        [AREA_CODE, question, f"{truth.months[-4]:%Y-%m}", 100.0 * rng.binomial(base, share) / base, base, 1, _SOURCE]
        for question, share in zip(_QUESTIONS.values(), local.SAFE_SHARES.values(), strict=True)
    ]
    return csv_text(["area_code", "question", "period_end", "percent", "base", "period_months", "source"], rows)


def _told(truth: SampleTruth, drawn: LocalTruth) -> dict[str, object]:
    """Return what is true of the local files as plain values."""

    def by_ward(values: NDArray[np.int64]) -> dict[str, object]:
        return dict(zip(truth.ward_codes, values.tolist(), strict=True))

    return {
        "note": NOTE,
        "log_months": [f"{month:%Y-%m}" for month in drawn.months],
        "council_asb_for_each_police_asb": local.COUNCIL_ASB_RATIO,
        "council_asb_season": {"log_amplitude": local.COUNCIL_SEASON, "peak_month": local.COUNCIL_PEAK_MONTH},
        "council_asb_share_without_ward": local.UNPLACED_SHARE,
        "fly_tips_per_1000_residents_a_month": local.FLY_TIPS_PER_1000_RESIDENTS,
        "fly_tipping_trend_per_year": local.FLY_TIP_TREND_PER_YEAR,
        "secondary_fires_a_month": local.FIRES_PER_MONTH,
        "repeat_share": {"victim": local.REPEAT_VICTIM_SHARE, "caller": local.REPEAT_CALLER_SHARE},
        "safe_shares": local.SAFE_SHARES,
        "unlocated_share": local.UNLOCATED_SHARE,
        "council_asb": by_ward(drawn.council_asb),
        "council_asb_without_ward": drawn.council_asb_unplaced.tolist(),
        "fly_tipping": by_ward(drawn.fly_tipping),
        "secondary_fires": by_ward(drawn.secondary_fires),
        "licensed_premises": by_ward(drawn.premises.T),
        "unlocated_crimes": {
            f"{month:%Y-%m}": int(number)
            for month, number in zip(truth.months, drawn.unlocated.sum(axis=0), strict=True)
            if number
        },
    }
