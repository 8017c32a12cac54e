"""A forecaster's scores summed by ward and target month: small enough to keep, enough to compare two forecasters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.evaluation.block_bootstrap import interval_ends, moving_block_weights
from wardcast_models.evaluation.differences import BLOCK_MONTHS, N_RESAMPLES

_KEYS = ["ward_code", "month"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A measured value and its 95 % interval, NaN where there are too few months for one."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Contest:
    """Two forecasters on the same cells of some wards.

    Attributes:
        scaled_crps: Scaled CRPS of the candidate, from the 19 quantiles.
        reference_scaled_crps: The reference's.
        ratio: The candidate's over the reference's; below 1 the candidate is better.
        bias: Bias of the candidate's mean, as a share of the recorded count.
        reference_bias: The reference's.
        bias_growth: |bias| of the candidate minus |bias| of the reference; above 0 the candidate is worse.
        months: Number of target months.
    """

    scaled_crps: float
    reference_scaled_crps: float
    ratio: Interval
    bias: float
    reference_bias: float
    bias_growth: Interval
    months: int

    def figures(self) -> dict[str, float]:
        """Return the numbers by name."""
        return {
            "scaled_crps": self.scaled_crps,
            "reference_scaled_crps": self.reference_scaled_crps,
            "ratio": self.ratio.value,
            "ratio_low": self.ratio.low,
            "ratio_high": self.ratio.high,
            "bias": self.bias,
            "reference_bias": self.reference_bias,
            "bias_growth": self.bias_growth.value,
            "bias_growth_low": self.bias_growth.low,
            "bias_growth_high": self.bias_growth.high,
        }


def ward_month_scores(cells: pd.DataFrame) -> pd.DataFrame:
    """Sum the scores of one forecaster by ward and target month, over categories and origins.

    Args:
        cells: Its cells of a backtest (see `score_cells`).

    Returns:
        Columns `ward_code, month, actual, crps, error`, sorted, months as `YYYY-MM`: the recorded counts, twice the
        mean pinball loss (the CRPS from the 19 quantiles), and mean forecast minus recorded count.
    """
    values = {
        "actual": cells["actual"].astype(np.float64),
        "crps": 2.0 * cells["pinball"].astype(np.float64),
        "error": cells["mean"].astype(np.float64) - cells["actual"].astype(np.float64),
    }
    keys = cells.assign(ward_code=cells["ward_code"].astype(str))[_KEYS]
    sums = keys.assign(**values).groupby(_KEYS, as_index=False, sort=True).sum()
    return sums.assign(month=sums["month"].dt.strftime("%Y-%m"))


def same_counts(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Tell whether two forecasters were scored on the same wards, months and recorded counts.

    Args:
        one: `ward_month_scores` of one.
        other: Those of the other.

    Returns:
        True where they can be compared.
    """
    columns = [*_KEYS, "actual"]
    return one[columns].reset_index(drop=True).equals(other[columns].reset_index(drop=True))


def contest(
    candidate: pd.DataFrame, reference: pd.DataFrame, *, wards: Sequence[str] | None = None, seed: int = 0
) -> Contest:
    """Compare two forecasters, with intervals from the moving-block bootstrap over target months.

    Args:
        candidate: `ward_month_scores` of the candidate.
        reference: Those of the reference.
        wards: Ward codes looked at; None for all.
        seed: Seed of the bootstrap; the same months are drawn for every group of wards.

    Returns:
        The comparison.

    Raises:
        WardcastError: They were scored on different counts.
    """
    if not same_counts(candidate, reference):
        raise invalid_input(
            "Only forecasters scored on the same counts can be compared.",
            Problem(
                where="reference",
                expected=f"the {len(candidate):,} ward months of the candidate, with the same counts",
                found=f"{len(reference):,} ward months, not all of them the same",
                mend="Backtest both on the same origins, wards and categories.",
            ),
        )
    mine, other = (_by_month(scores, wards) for scores in (candidate, reference))
    as_it_was = np.ones((1, len(mine)))
    weights = moving_block_weights(len(mine), block_months=BLOCK_MONTHS, n_resamples=N_RESAMPLES, seed=seed)

    def ratio(drawn: Floats) -> Floats:
        return _over(_scaled(mine, "crps", drawn), _scaled(other, "crps", drawn))

    def bias_growth(drawn: Floats) -> Floats:
        return np.abs(_scaled(mine, "error", drawn)) - np.abs(_scaled(other, "error", drawn))

    return Contest(
        scaled_crps=float(_scaled(mine, "crps", as_it_was)[0]),
        reference_scaled_crps=float(_scaled(other, "crps", as_it_was)[0]),
        ratio=_interval(ratio(as_it_was), ratio(weights)),
        bias=float(_scaled(mine, "error", as_it_was)[0]),
        reference_bias=float(_scaled(other, "error", as_it_was)[0]),
        bias_growth=_interval(bias_growth(as_it_was), bias_growth(weights)),
        months=len(mine),
    )


def _by_month(scores: pd.DataFrame, wards: Sequence[str] | None) -> pd.DataFrame:
    kept = scores if wards is None else scores[scores["ward_code"].isin(list(wards))]
    return kept.groupby("month", sort=True)[["actual", "crps", "error"]].sum()


def _scaled(sums: pd.DataFrame, name: str, weights: Floats) -> Floats:
    """Return the sum of a score over the sum of the recorded counts for every resample; NaN where nothing happened."""
    numerator, denominator = (weights @ sums[column].to_numpy() for column in (name, "actual"))
    return _over(numerator, denominator)


def _over(one: Floats, other: Floats) -> Floats:
    """Return a ratio; NaN over 0."""
    return np.asarray(np.divide(one, other, out=np.full(len(one), np.nan), where=other > 0.0))


def _interval(value: Floats, drawn: Floats) -> Interval:
    low, high = interval_ends(drawn)
    return Interval(value=float(value[0]), low=low, high=high)
