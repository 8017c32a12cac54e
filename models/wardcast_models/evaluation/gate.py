"""The promotion gate: may a forecaster become the champion, the one that forecasts and plans use?

Judged on held-back origins: the last ones whose whole horizon has been observed. A forecaster passes where all three
hold:

better
    Its scaled CRPS (from the 19 quantiles) over the reference's is below 1, and the interval of that ratio ends at
    1 + `tolerance` or below. The reference is the champion; where there is none, or its forecaster can no longer be
    run, the best of the baselines. A forecaster that is the champion's own (the same name; newer data, or reworked
    code) cannot be better than itself: there the interval alone decides, so that it must not be worse.
calibrated
    The share of the randomised PIT inside (0.1, 0.9) is within `pit_share` in every band of the forecast mean with at
    least `calibration.ENOUGH_CELLS` cells; or it is no further from 80 % there than the champion's on the same origins
    and within `widest_pit_share`: to refuse it would keep ranges in use that are as wrong or worse. Nothing outside
    `widest_pit_share` passes, whatever the champion's: as months go by a champion drifts, and a chain of successors,
    each no worse than the one before, must not drift with it. Bands with fewer cells are reported and not judged.
no ward group harmed
    In no group of wards (`ward_groups`) is its scaled CRPS more than `group_tolerance` above the reference's (as a
    share), or its |bias| more than `group_tolerance` above (in shares of the recorded count), with an interval that
    excludes no difference.

Intervals are plain 95 % intervals of the moving-block bootstrap over target months (see `differences`). Four origins
forecast 30 months, of which such an interval holds the truth in about three cases of four: the tolerances carry some of
the weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Literal

import pandas as pd

from wardcast_models.evaluation.calibration import ENOUGH_CELLS, calibration_by_band
from wardcast_models.evaluation.differences import BLOCK_MONTHS
from wardcast_models.evaluation.verdict import Check, Verdict
from wardcast_models.evaluation.ward_months import Contest, contest, ward_month_scores

BASELINES: tuple[str, ...] = ("mean_12_months", "simple_smoothing", "seasonal_naive")
"""What a first champion has to beat the best of."""


_RIGHT_SHARE = 0.8


@dataclass(frozen=True, kw_only=True)
class GateRules:
    """What the gate asks for.

    Attributes:
        n_origins: Number of held-back origins, six months apart, the last with its whole horizon observed.
        horizon_months: Months ahead.
        n_paths: Sample paths of each forecast.
        seed: Seed of the paths and of the bootstrap.
        tolerance: How far above 1 the interval of the ratio of scaled CRPS may end.
        pit_share: Least and greatest share of the randomised PIT inside (0.1, 0.9); 0.8 is right.
        widest_pit_share: Least and greatest such share of a forecaster that is no further from 0.8 than the champion.
        group_tolerance: By how much a group of wards may fare worse.
    """

    n_origins: int = 4
    horizon_months: int = 12
    n_paths: int = 500
    seed: int = 0
    tolerance: float = 0.005
    pit_share: tuple[float, float] = (0.77, 0.83)
    widest_pit_share: tuple[float, float] = (0.75, 0.85)
    group_tolerance: float = 0.02


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a candidate is compared with.

    Attributes:
        label: What it is, for people: `the champion mean_12_months (version 2)`.
        scores: Its `ward_month_scores` on the same origins.
        must_be: `better` than it, or `not worse` where it is the candidate's own forecaster.
        pit_80: The champion's share of the randomised PIT inside (0.1, 0.9) by band of the forecast mean, of bands with
            enough cells; empty where there is no champion or only its scores were kept.
    """

    label: str
    scores: pd.DataFrame
    must_be: Literal["better", "not worse"]
    pit_80: Mapping[str, float] = field(default_factory=dict)


def judge(
    cells: pd.DataFrame, reference: Reference, *, groups: Mapping[str, Sequence[str]], rules: GateRules
) -> Verdict:
    """Judge a forecaster on held-back origins.

    Args:
        cells: The candidate's cells of a backtest from those origins (see `score_cells`), with sample paths.
        reference: What it is compared with, on the same cells.
        groups: Ward codes by name of the group.
        rules: What is asked for.

    Returns:
        The verdict.

    Raises:
        WardcastError: The reference was scored on other counts.
    """
    scores = ward_month_scores(cells)
    whole = contest(scores, reference.scores, seed=rules.seed)
    by_group = {name: contest(scores, reference.scores, wards=wards, seed=rules.seed) for name, wards in groups.items()}
    bands = calibration_by_band(cells)
    origins = ", ".join(f"{origin:%Y-%m}" for origin in sorted(cells["origin"].unique()))
    checks = (
        _better(whole, reference, rules),
        _calibrated(bands, reference, rules),
        _nobody_harmed(by_group, reference, rules),
    )
    return Verdict(
        checks=checks,
        contests={"whole area": whole, **by_group},
        figures=_figures(whole, by_group, bands),
        notes=(
            f"Held-back origins: {origins}; {rules.horizon_months} months ahead. Held back means that the forecaster "
            "was not tuned on them, which those who made it have to see to.",
            *_not_judged(bands),
        ),
    )


def best_baseline(cells: pd.DataFrame) -> str:
    """Return the model with the lowest scaled CRPS among those of a backtest.

    Args:
        cells: Cells of the baselines; at least one.

    Returns:
        Its name.
    """
    sums = cells.groupby("model", observed=True)[["pinball", "actual"]].sum()
    return str((sums["pinball"] / sums["actual"]).idxmin())


def _better(whole: Contest, reference: Reference, rules: GateRules) -> Check:
    ratio = whole.ratio
    most = 1.0 + rules.tolerance
    if isnan(ratio.high):
        return Check(
            name="better",
            passed=False,
            found=f"the held-back origins forecast {whole.months} months, too few for an interval",
            expected=f"at least {2 * BLOCK_MONTHS} months, so more origins",
        )
    found = (
        f"its scaled CRPS is {whole.scaled_crps:.4f}, {ratio.value:.3f} times that of {reference.label} "
        f"({whole.reference_scaled_crps:.4f}; interval of the ratio {ratio.low:.3f} to {ratio.high:.3f})"
    )
    if reference.must_be == "not worse":
        expected = f"an interval of the ratio that ends at {most:.3f} or below, as it is the champion's own forecaster"
        return Check(name="better", passed=ratio.high <= most, found=found, expected=expected)
    expected = f"a ratio below 1 with an interval that ends at {most:.3f} or below"
    return Check(name="better", passed=ratio.value < 1.0 and ratio.high <= most, found=found, expected=expected)


def pit_80_by_band(bands: pd.DataFrame) -> dict[str, float]:
    """Return a model's share of the randomised PIT inside (0.1, 0.9) by band of the forecast mean.

    Args:
        bands: Its rows of `calibration_by_band`.

    Returns:
        The shares of the bands with enough cells.
    """
    judged = bands[bands["enough"]]
    return dict(zip(judged["band"].astype(str), judged["pit_80"].astype(float), strict=True))


def _calibrated(bands: pd.DataFrame, reference: Reference, rules: GateRules) -> Check:
    (least, most), (hard_least, hard_most) = rules.pit_share, rules.widest_pit_share
    judged = pit_80_by_band(bands)
    outside = {band: share for band, share in judged.items() if not least <= share <= most}
    wrong = {
        band: share
        for band, share in outside.items()
        if not hard_least <= share <= hard_most or _is_worse(share, reference.pit_80.get(band))
    }
    shares = ", ".join(
        f"{share:.1%} for forecasts of {band} a month"
        + (f" (the champion's: {reference.pit_80[band]:.1%})" if band in outside and band in reference.pit_80 else "")
        for band, share in (wrong or judged).items()
    )
    return Check(
        name="calibrated",
        passed=not wrong,
        found=f"the share of counts in the middle 80 % of its forecasts is {shares}"
        if shares
        else f"no band of forecasts has {ENOUGH_CELLS:,} cells, so none is judged",
        expected=f"{least:.0%} to {most:.0%} in every band with at least {ENOUGH_CELLS:,} cells, or {hard_least:.0%} "
        f"to {hard_most:.0%} and no further from 80% there than the champion's",
    )


def _is_worse(share: float, champions: float | None) -> bool:
    """Tell whether a share is further from 80 % than the champion's; so is any where that is unknown."""
    return champions is None or abs(share - _RIGHT_SHARE) > abs(champions - _RIGHT_SHARE)


def _nobody_harmed(by_group: Mapping[str, Contest], reference: Reference, rules: GateRules) -> Check:
    harms = [sentence for name, one in by_group.items() for sentence in _harms(name, one, rules.group_tolerance)]
    named = ", ".join(by_group) or "none, as the area cannot be divided"
    return Check(
        name="no ward group harmed",
        passed=not harms,
        found="; ".join(harms) if harms else f"no group of wards is harmed (looked at: {named})",
        expected=f"in every group of wards a scaled CRPS at most {rules.group_tolerance:.0%} above that of "
        f"{reference.label} and a bias at most {rules.group_tolerance:.0%} of the recorded count further from 0, "
        "unless the interval holds no difference",
    )


def _harms(name: str, one: Contest, tolerance: float) -> list[str]:
    """Say in what a group of wards fares worse by more than the tolerance, with an interval that excludes chance."""
    harms = []
    if one.ratio.value > 1.0 + tolerance and one.ratio.low > 1.0:
        harms.append(
            f"in the {name} the scaled CRPS is {one.ratio.value:.3f} times as high (interval {one.ratio.low:.3f} to "
            f"{one.ratio.high:.3f})"
        )
    worse = one.bias_growth
    if worse.value > tolerance and worse.low > 0.0:
        harms.append(
            f"in the {name} the forecasts are off by {one.bias:+.1%} of the recorded count instead of "
            f"{one.reference_bias:+.1%}"
        )
    return harms


def _not_judged(bands: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        f"Forecasts of {row.band} a month: {row.pit_80:.1%} of the counts in the middle 80 %, not judged, as there are "
        f"only {row.cells:,} cells."
        for row in bands[~bands["enough"]].itertuples()
    )


def _figures(whole: Contest, by_group: Mapping[str, Contest], bands: pd.DataFrame) -> dict[str, float]:
    figures = dict(whole.figures())
    for name, one in by_group.items():
        figures |= {f"{name}/{figure}": value for figure, value in one.figures().items()}
    for row in bands.to_dict("records"):
        figures |= {f"mean {row['band']}/{name}": float(row[name]) for name in ("pit_80", "cells")}
    return figures
