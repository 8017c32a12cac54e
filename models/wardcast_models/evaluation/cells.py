"""The cells of a backtest: one row a model, origin, ward, category and month, with what was said and how right it was.

Every forecast is scored here, those of other packages (quantiles, no sample paths) like our own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.evaluation.metrics import crps, pinball, randomised_pit, seasonal_scale, winkler
from wardcast_models.panel.panel import Panel

EVALUATION_LEVELS: tuple[float, ...] = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""Levels of the quantiles that everyone is scored with."""

_LABELS = ("model", "ward_code", "category")
"""Columns kept as categoricals."""

_CHUNK_VALUES = 4_000_000
"""Path values handled at a time: 679 wards x 25 categories x 12 months x 500 paths are 400 MB as they come, and a copy
of them all as float64 would be 800 MB more."""

_MEND = "Give the area's wards, the categories and the months in this order."

Floats = NDArray[np.float64]


def score_cells(
    panel: Panel,
    past: Panel,
    *,
    model: str,
    origin: pd.Timestamp,
    categories: Sequence[str],
    months: pd.DatetimeIndex,
    mean: Floats,
    quantiles: Floats | None = None,
    paths: NDArray[np.int32] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Score a forecast of the area's wards, cell by cell.

    W wards of the panel's area in the panel's order, C categories, H months, S sample paths.

    Args:
        panel: The panel with the recorded counts of the forecast months.
        past: The panel as it ended at the origin; the scales come from it.
        model: Name of the model.
        origin: Last month of data used.
        categories: Categories forecast; length C.
        months: Month starts forecast; length H.
        mean: Mean forecast, shape (W, C, H).
        quantiles: Quantiles at `EVALUATION_LEVELS`, shape (19, W, C, H); None takes them from the paths, each an
            observed count of some path.
        paths: Sample paths, shape (S, W, C, H); None for a model without them, whose `crps`, `pit` and `mass_80` are
            then NaN.
        seed: Seed of the tie-breaking of the PIT; at one origin the same for every model.

    Returns:
        One row per cell with a known count: `model, origin, ward_code, category, month, horizon, actual, mean, median,
        q05, q10, q90, q95, crps, pinball, winkler_80, winkler_90, pit, mass_80, lowest, scale, squared_scale`.
        `pinball` is the mean over the 19 levels; `mass_80` the share of the paths inside the closed interval from
        `q10` to `q90`, what a perfect forecaster would cover; `lowest` the lowest value said in any way. Numbers are
        float32, names categoricals.

    Raises:
        WardcastError: Neither quantiles nor paths, an unknown category or month, or an array of another shape.
    """
    expected = (len(panel.area.ward_codes), len(categories), len(months))
    _check(panel, categories, months, expected, {"mean": mean, "quantiles": quantiles, "paths": paths})
    places = [panel.categories.index(category) for category in categories]
    actual = panel.counts[panel.area_rows][:, places][:, :, panel.months.get_indexer(months)]
    history = past.counts[past.area_rows][:, places]
    columns = _columns(actual, mean, quantiles, paths, np.random.default_rng([seed, origin.year, origin.month]))
    columns["scale"] = np.broadcast_to(seasonal_scale(history)[:, :, None], actual.shape)
    columns["squared_scale"] = np.broadcast_to(seasonal_scale(history, power=2)[:, :, None], actual.shape)
    known = ~np.isnan(actual)
    ward, category, month = np.nonzero(known)
    return pd.DataFrame(
        {
            "model": _labels([model], np.zeros(len(ward), dtype=np.intp)),
            "origin": np.full(len(ward), origin.to_datetime64()),
            "ward_code": _labels(panel.area.ward_codes, ward),
            "category": _labels(categories, category),
            "month": months.to_numpy()[month],
            "horizon": (month + 1).astype(np.int16),
            **{name: values[known].astype(np.float32) for name, values in columns.items()},
        }
    )


def join_cells(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join cells of several forecasts; the names stay categoricals.

    Args:
        parts: Cells of `score_cells`, in the order wanted; at least one.

    Returns:
        All their rows.
    """
    labels = {name: union_categoricals([part[name] for part in parts], sort_categories=True) for name in _LABELS}
    numbers = pd.concat([part.drop(columns=list(_LABELS)) for part in parts], ignore_index=True)
    return numbers.assign(**labels)[list(parts[0].columns)]


def _columns(
    actual: Floats, mean: Floats, quantiles: Floats | None, paths: NDArray[np.int32] | None, chance: np.random.Generator
) -> dict[str, NDArray[np.float32] | Floats]:
    """Return the scores of every cell by name, each of shape (W, C, H)."""
    parts = [
        _scored(
            actual[wards],
            mean[wards],
            None if quantiles is None else quantiles[:, wards],
            None if paths is None else _sorted_sample(paths[:, wards]),
            chance,
        )
        for wards in _chunks(len(actual), 1 if paths is None else paths[:, :1].size)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _chunks(n_wards: int, values_a_ward: int) -> Iterator[slice]:
    """Yield slices of wards that hold no more path values than are handled at a time."""
    step = max(_CHUNK_VALUES // values_a_ward, 1)
    for first in range(0, n_wards, step):
        yield slice(first, first + step)


def _sorted_sample(paths: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the paths of some wards sorted along their first axis, each cell's sample next to itself in memory."""
    lanes = np.moveaxis(paths, 0, -1).copy()
    lanes.sort(axis=-1)
    return np.moveaxis(lanes, -1, 0)


def _scored(
    actual: Floats,
    mean: Floats,
    quantiles: Floats | None,
    sample: NDArray[np.int32] | None,
    chance: np.random.Generator,
) -> dict[str, NDArray[np.float32]]:
    """Return the scores of some wards' cells by name; `sample` is sorted along its first axis."""
    if quantiles is None:
        assert sample is not None  # noqa: S101 - one of the two is there: checked at the door
        quantiles = sample_quantiles(sample).astype(np.float64)
    by_level = dict(zip(EVALUATION_LEVELS, quantiles, strict=True))
    lower, upper = by_level[0.10], by_level[0.90]
    lowest = np.minimum(mean, quantiles.min(axis=0))
    unknown = np.full(actual.shape, np.nan)
    score, pit, mass = unknown, unknown, unknown
    if sample is not None:
        score, pit = crps(actual, sample), randomised_pit(actual, sample, seed=chance)
        mass = ((sample >= lower) & (sample <= upper)).mean(axis=0)
        lowest = np.minimum(lowest, sample[0])
    columns = {
        "actual": actual,
        "mean": mean,
        "median": by_level[0.50],
        "q05": by_level[0.05],
        "q10": lower,
        "q90": upper,
        "q95": by_level[0.95],
        "crps": score,
        "pinball": pinball(actual, quantiles, EVALUATION_LEVELS),
        "winkler_80": winkler(actual, lower, upper, level=0.8),
        "winkler_90": winkler(actual, by_level[0.05], by_level[0.95], level=0.9),
        "pit": pit,
        "mass_80": mass,
        "lowest": lowest,
    }
    return {name: values.astype(np.float32) for name, values in columns.items()}


def sample_quantiles(sample: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the quantiles of a sorted sample at `EVALUATION_LEVELS`, without interpolation.

    Args:
        sample: Counts sorted along the first axis, shape (S, ...).

    Returns:
        The smallest counts that at least the level's share of the sample does not exceed, shape (19, ...).
    """
    # Rounded before it is rounded up: 0.15 x 500 is a little more than 75 in floating point.
    ranks = np.ceil(np.round(np.array(EVALUATION_LEVELS) * len(sample), 9)).astype(np.intp)
    return np.asarray(sample[np.maximum(ranks, 1) - 1])


def _labels(names: Sequence[str], codes: NDArray[np.intp]) -> pd.Categorical:
    """Return names by position as a categorical whose categories are sorted."""
    categories, order = np.unique(np.asarray(names, dtype=object), return_inverse=True)
    return pd.Categorical.from_codes(order[codes].astype(np.int32), categories=pd.Index(categories, dtype="str"))


def _check(
    panel: Panel,
    categories: Sequence[str],
    months: pd.DatetimeIndex,
    expected: tuple[int, ...],
    arrays: dict[str, NDArray[np.generic] | None],
) -> None:
    """Refuse what cannot be laid beside the panel's counts."""
    problems = [
        Problem(where=name, expected=f"(..., {', '.join(map(str, expected))})", found=str(array.shape), mend=_MEND)
        for name, array in arrays.items()
        if array is not None and array.shape[-3:] != expected
    ]
    if arrays["quantiles"] is None and arrays["paths"] is None:
        problems.append(Problem(where="quantiles", expected="quantiles or paths", found="neither", mend="Give one."))
    elif arrays["quantiles"] is not None and len(arrays["quantiles"]) != len(EVALUATION_LEVELS):
        found = f"{len(arrays['quantiles'])} levels"
        problems.append(
            Problem(where="quantiles", expected="the 19 levels 0.05 to 0.95", found=found, mend="Give those.")
        )
    strange = [name for name in categories if name not in panel.categories]
    strange += [f"{month:%Y-%m}" for month in months if month not in panel.months]
    problems += [
        Problem(where="forecast", expected="a category and month of the panel", found=name, mend="Leave it out.")
        for name in strange
    ]
    if problems:
        raise invalid_input("A forecast cannot be scored against this panel.", *problems)
