"""What has to be shown, measured: the champion against the best peer, calibration, bias and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from forecast_bench.raw import Figures
from wardcast_models.evaluation.calibration import calibration_by_band
from wardcast_models.evaluation.gate import GateRules
from wardcast_models.evaluation.summary import by_ward_group, summarise

GROWING_WARDS: tuple[str, ...] = ("Barking Riverside", "Gascoigne", "Thames View", "Beam")
"""Wards of Barking and Dagenham whose bias is looked at on its own."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """How far below the best peer the champion has to be.

    Attributes:
        label: The measure for people.
        least: Ratio of the champion to the best peer that has to be reached.
        hoped: Ratio that is hoped for.
    """

    label: str
    least: float
    hoped: float


TARGETS: dict[str, Target] = {
    "mase": Target(label="MASE of the median", least=0.95, hoped=0.93),
    "rmsse": Target(label="RMSSE of the mean", least=0.975, hoped=0.96),
    "scaled_crps_19": Target(label="scaled CRPS (19 quantiles)", least=0.94, hoped=0.92),
}
"""By measure."""

LARGEST_BIAS = 0.02
LARGEST_BIAS_GROWING = 0.05
LARGEST_INCOHERENCE = 1e-9
TRAINING_SECONDS: dict[str, float] = {"lbbd": 5.0, "london": 60.0}
LARGEST_TRAINING_MIB = 3 * 1024
LONGEST_BACKTEST_SECONDS = 180.0
LARGEST_SHARE_OF_ETS = 0.5
ETS = "AutoETS"
"""The peer that the champion's time is held against."""


def against_best(compared: pd.DataFrame) -> pd.DataFrame:
    """Compare the champion with the peer that is best by each measure.

    Args:
        compared: `differences` of the champion against every peer.

    Returns:
        One row per measure: `measure, champion, best_peer, peer, ratio, ratio_low, ratio_high, target, hoped, verdict`.
    """
    rows = []
    for measure, target in TARGETS.items():
        part = compared[compared["measure"] == measure]
        best = part.sort_values("value_against").iloc[0]
        rows.append(
            {
                "measure": target.label,
                "champion": best["value"],
                "best_peer": best["against"],
                "peer": best["value_against"],
                **{name: best[name] for name in ("ratio", "ratio_low", "ratio_high")},
                "target": target.least,
                "hoped": target.hoped,
                "verdict": _reached(best["ratio"], target),
            }
        )
    return pd.DataFrame(rows)


def against_each(compared: pd.DataFrame) -> pd.DataFrame:
    """Say of every peer and every measure that has a target whether the champion is better.

    Args:
        compared: `differences` of the champion against every peer.

    Returns:
        Its rows, with `better`: `yes` where the whole interval of the difference lies below 0, `no` where it lies
        above, `too few months` where there is no interval, else `open`.
    """
    chosen = compared[compared["measure"].isin(list(TARGETS))].reset_index(drop=True)
    sides = zip(chosen["difference_low"], chosen["difference_high"], strict=True)
    return chosen.assign(better=[_side(low, high) for low, high in sides])


def calibrated(cells: pd.DataFrame) -> pd.DataFrame:
    """Return calibration by band with a verdict where a band has enough cells.

    Args:
        cells: Scored cells of forecasters with sample paths.

    Returns:
        Rows of `calibration_by_band`, with `verdict`.
    """
    bands = calibration_by_band(cells)
    inside = bands["pit_80"].between(*GateRules().pit_share)
    words = [_word(good) if enough else "too few cells" for good, enough in zip(inside, bands["enough"], strict=True)]
    return bands.drop(columns="enough").assign(verdict=words)


def bias_of_groups(cells: pd.DataFrame, growing: Sequence[str]) -> pd.DataFrame:
    """Return the bias of the mean of every model, over all wards and over the growing wards.

    Args:
        cells: Scored cells.
        growing: Codes of the growing wards.

    Returns:
        One row per model: `model, bias, bias_growing`; NaN where there is no growing ward.
    """
    everywhere = summarise(cells)[["model", "bias"]]
    grown = by_ward_group(cells, {"growing": growing})
    if grown.empty:
        return everywhere.assign(bias_growing=float("nan"))
    return everywhere.merge(grown[["model", "bias"]].rename(columns={"bias": "bias_growing"}), on="model")


def requirements(
    *,
    name: str,
    champion: str,
    accuracy: pd.DataFrame,
    biases: pd.DataFrame,
    cost: Figures,
    wall_seconds: Mapping[str, float],
) -> pd.DataFrame:
    """Return the other requirements with what was measured.

    Args:
        name: Name of the comparison.
        champion: Name of the champion.
        accuracy: One row per model: `model, kind, negatives, incoherence, seconds, cpu_seconds`.
        biases: `bias_of_groups`.
        cost: What training the champion cost; empty where it was not measured.
        wall_seconds: Seconds of the backtest of each own forecaster, two origins at a time.

    Returns:
        Rows `requirement, measured, limit, verdict`.
    """
    models = {str(name): row for name, row in accuracy.set_index("model").to_dict("index").items()}
    ours = models[champion]
    bias = biases.set_index("model").loc[champion]
    rows = [
        _row("bias of the mean, pooled", abs(bias["bias"]), LARGEST_BIAS),
        _row("bias of the mean, growing wards pooled", abs(bias["bias_growing"]), LARGEST_BIAS_GROWING),
        _row("cells with anything below 0", float(ours["negatives"]), 0.0),
        _row("incoherence", ours["incoherence"], LARGEST_INCOHERENCE),
    ]
    if cost:
        rows.append(_row("training from a parsed panel, s", float(cost["training_seconds"]), TRAINING_SECONDS[name]))
        rows.append(_row("peak memory of training, MiB", float(cost["training_peak_mib"]), LARGEST_TRAINING_MIB))
    if name == "lbbd":
        total = sum(wall_seconds.values())
        rows.append(_row("backtest of all own forecasters, s", total, LONGEST_BACKTEST_SECONDS))
    if ETS in models:
        share = ours["seconds"] / models[ETS]["seconds"]
        rows.append(_row("champion's seconds an origin over AutoETS's", share, LARGEST_SHARE_OF_ETS))
        if cost:
            share = float(cost["training_and_forecast_cpu_seconds"]) / models[ETS]["cpu_seconds"]
            rows.append(_row("the same in processor seconds", share, LARGEST_SHARE_OF_ETS))
    return pd.DataFrame(rows)


def _row(requirement: str, measured: float, limit: float) -> dict[str, object]:
    return {
        "requirement": requirement,
        "measured": measured,
        "limit": limit,
        "verdict": "not measured" if pd.isna(measured) else _word(measured <= limit),
    }


def _side(low: float, high: float) -> str:
    """Say on which side of 0 an interval lies."""
    if pd.isna(low):
        return "too few months"
    return "yes" if high < 0 else "no" if low > 0 else "open"


def _reached(ratio: float, target: Target) -> str:
    """Say what a ratio reaches."""
    if ratio <= target.hoped:
        return "met, as hoped"
    return _word(ratio <= target.least)


def _word(good: bool) -> str:
    return "met" if good else "missed"
