"""Measures of a backtest's cells: by model, and by months ahead, origin and group of wards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.evaluation.metrics import bias, coverage, mase, rmsse, scaled_score, wape
from wardcast_models.reference.events import EventSpan, event_labels, event_shares

SERIES: tuple[str, ...] = ("origin", "ward_code", "category")
"""What makes a series of a backtest: its months ahead belong together."""

_LAST_YEAR_MONTHS = 12
_NOT_MARKED = ("lockdown",)
"""Events that lie within another one."""


def summarise(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of every model.

    Absolute errors are scored with the median and squared errors and bias with the mean: each measure is made
    smallest by its own point forecast. `mase_mean` and `wape_mean` show the mean's absolute errors as well.

    Args:
        cells: Cells of a backtest (see `score_cells`).

    Returns:
        One row per model, in order of appearance: `model, mase, mase_mean, rmsse, wape, wape_mean, bias, scaled_crps,
        scaled_crps_19, pinball, winkler_80, winkler_90, coverage_80, coverage_90, pit_80, cells, negatives`.
        `scaled_crps` is from the sample paths and `scaled_crps_19` from the 19 quantiles (the one to compare with, as
        everyone has them); the Winkler scores are scaled like them, by the sum of the actual counts; `pit_80` is the
        share of the randomised PIT inside 0.1 to 0.9; `negatives` the number of cells for which anything below 0 was
        said. What needs paths is NaN for a model without them.
    """
    return _by(cells, [])


def by_horizon(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of every model and number of months ahead.

    Args:
        cells: Cells of a backtest.

    Returns:
        One row per model and horizon.
    """
    return _by(cells, ["horizon"])


def by_origin(cells: pd.DataFrame, events: Sequence[EventSpan] | None = None) -> pd.DataFrame:
    """Return the measures of every model and origin, marking origins that a known break touches.

    Args:
        cells: Cells of a backtest.
        events: The events that concern their panel (see `regimes.marked_spans`), so that outside London none of the
            Metropolitan Police's is marked; the packaged ones where None.

    Returns:
        One row per model and origin, with a column more for each known event (`pandemic`, `recording_change` and what
        else `reference.events` holds) that says where it is: `none`, `target` (in the months forecast), `last year` (in
        the last twelve months of data) or `both`.
    """
    scores = _by(cells, ["origin"])
    spans = {
        origin: pd.DatetimeIndex(months.unique()) for origin, months in cells.groupby("origin", sort=False)["month"]
    }
    for place, event in enumerate(event for event in event_labels() if event not in _NOT_MARKED):
        marks = {origin: _touched(event, pd.Timestamp(str(origin)), months, events) for origin, months in spans.items()}
        scores.insert(2 + place, event, scores["origin"].map(marks))
    return scores


def by_ward_group(cells: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the measures of every model in named groups of wards, each pooled over its wards.

    Args:
        cells: Cells of a backtest.
        groups: Ward codes by name of the group; a ward may be in several.

    Returns:
        One row per group and model, the first column `group`; empty where there is no group with a cell.
    """
    parts = []
    for group, wards in groups.items():
        part = cells[cells["ward_code"].isin(list(wards))]
        if len(part):
            scores = summarise(part)
            scores.insert(0, "group", group)
            parts.append(scores)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"group": [], "model": []})


def series_of(part: pd.DataFrame) -> tuple[NDArray[np.intp], int]:
    """Return the number of each cell's series, and how many there are.

    Args:
        part: Cells of one model.

    Returns:
        Numbers from 0 in order of appearance, shape (rows,), and their count.
    """
    numbers = part.groupby(list(SERIES), sort=False, observed=True).ngroup().to_numpy(dtype=np.intp)
    return np.asarray(numbers), int(numbers.max()) + 1


def _by(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the measures of every model and combination of the keys, in order of appearance."""
    rows = []
    for values, part in cells.groupby(["model", *keys], sort=False, observed=True):
        rows.append({**dict(zip(["model", *keys], values, strict=True)), **_measures(part)})
    return pd.DataFrame(rows)


def _measures(part: pd.DataFrame) -> dict[str, float | int]:
    """Return the measures of one model's cells."""
    cells = {
        name: part[name].to_numpy(dtype=np.float64)
        for name in ("actual", "mean", "median", "q05", "q10", "q90", "q95", "crps", "winkler_80", "winkler_90")
    }
    pinball = part["pinball"].to_numpy(dtype=np.float64)
    actual, mean, median = _by_series(part, "actual", "mean", "median")
    scale, squared_scale = _of_series(part, "scale", "squared_scale")
    pit = part["pit"].to_numpy()
    return {
        "mase": mase(actual, median, scale),
        "mase_mean": mase(actual, mean, scale),
        "rmsse": rmsse(actual, mean, squared_scale),
        "wape": wape(actual, median),
        "wape_mean": wape(actual, mean),
        "bias": bias(actual, mean),
        "scaled_crps": scaled_score(cells["actual"], cells["crps"]),
        "scaled_crps_19": scaled_score(cells["actual"], 2.0 * pinball),
        "pinball": float(pinball.mean()),
        "winkler_80": scaled_score(cells["actual"], cells["winkler_80"]),
        "winkler_90": scaled_score(cells["actual"], cells["winkler_90"]),
        "coverage_80": coverage(cells["actual"], cells["q10"], cells["q90"]),
        "coverage_90": coverage(cells["actual"], cells["q05"], cells["q95"]),
        "pit_80": share_inside(pit),
        "cells": len(part),
        "negatives": int((part["lowest"] < 0.0).sum()),
    }


def share_inside(pit: NDArray[np.floating], lower: float = 0.1, upper: float = 0.9) -> float:
    """Return the share of the known values that lie strictly inside an interval.

    Args:
        pit: Randomised PIT values; NaN where unknown.
        lower: Lower end.
        upper: Upper end.

    Returns:
        The share; NaN where none is known.
    """
    known = pit[~np.isnan(pit)]
    return float(((known > lower) & (known < upper)).mean()) if len(known) else float("nan")


def _by_series(part: pd.DataFrame, *names: str) -> list[NDArray[np.float64]]:
    """Return columns as (N series, H), NaN where a series has no such cell."""
    series, n_series = series_of(part)
    ahead = part["horizon"].to_numpy()
    tables = []
    for name in names:
        table = np.full((n_series, int(ahead.max() - ahead.min()) + 1), np.nan)
        table[series, ahead - ahead.min()] = part[name].to_numpy(dtype=np.float64)
        tables.append(table)
    return tables


def _of_series(part: pd.DataFrame, *names: str) -> list[NDArray[np.float64]]:
    """Return columns that are the same for all cells of a series as (N series,)."""
    series, n_series = series_of(part)
    values = [np.empty(n_series) for _ in names]
    for one, name in zip(values, names, strict=True):
        one[series] = part[name].to_numpy(dtype=np.float64)
    return values


def _touched(event: str, origin: pd.Timestamp, target: pd.DatetimeIndex, events: Sequence[EventSpan] | None) -> str:
    """Return where an event meets an origin: in its target months, in the year before, in both or in none."""
    last_year = pd.date_range(end=origin, periods=_LAST_YEAR_MONTHS, freq="MS")
    ahead, before = (bool(event_shares(event, months, events).any()) for months in (target, last_year))
    return {(True, True): "both", (True, False): "target", (False, True): "last year"}.get((ahead, before), "none")
