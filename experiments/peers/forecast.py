"""Forecast many series with one Nixtla peer: `python forecast.py IN.npz OUT.npz --peer AutoETS`.

It runs in an environment of its own (`requirements.lock`: statsforecast needs pandas < 3) and knows nothing of the
project: what goes in and what comes out are two files.

IN holds `history` (N series, T months; NaN where not observed) and `horizon_months`. OUT holds `mean` (N, H),
`quantiles` (19, N, H) at the levels 0.05 to 0.95, `seconds` (wall) and `cpu_seconds` of fitting and forecasting, and
`intervals`, which says where the quantiles come from (`native` or `conformal`). The mean is the peer's point forecast;
all values are clipped at 0.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from series import TWO_SIDED, Floats, complete_tail, conformal_windows, quantiles_of
from statsforecast import StatsForecast
from statsforecast.models import (
    AutoARIMA,
    AutoETS,
    AutoTheta,
    SeasonalNaive,
    SimpleExponentialSmoothingOptimized,
    WindowAverage,
)
from statsforecast.utils import ConformalIntervals

SEASON_MONTHS = 12

Build = Callable[[ConformalIntervals], Any]

NATIVE: dict[str, Build] = {
    "SeasonalNaive": lambda _: SeasonalNaive(season_length=SEASON_MONTHS),
    "AutoETS": lambda _: AutoETS(season_length=SEASON_MONTHS),
    "AutoTheta": lambda _: AutoTheta(season_length=SEASON_MONTHS),
    "AutoARIMA": lambda _: AutoARIMA(season_length=SEASON_MONTHS),
}
"""Peers with prediction intervals of their own."""

CONFORMAL: dict[str, Build] = {
    "WindowAverage": lambda conformal: WindowAverage(window_size=12, prediction_intervals=conformal),
    "SimpleExponentialSmoothingOptimized": lambda conformal: SimpleExponentialSmoothingOptimized(
        prediction_intervals=conformal
    ),
}
"""Peers without: statsforecast's conformal intervals."""


def long_frame(series: list[Floats]) -> pd.DataFrame:
    """Return the series as statsforecast wants them: `unique_id, ds, y`, months numbered from 1."""
    lengths = [len(one) for one in series]
    return pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(len(series)), lengths),
            "ds": np.concatenate([np.arange(1, length + 1) for length in lengths]),
            "y": np.concatenate(series),
        }
    )


def forecast(peer: str, series: list[Floats], horizon: int, *, cores: int) -> tuple[Floats, Floats]:
    """Forecast series without holes that all end in the same month.

    Args:
        peer: A name of `NATIVE` or `CONFORMAL`.
        series: N histories; lengths may differ.
        horizon: Months ahead.
        cores: Processes that statsforecast may start.

    Returns:
        Point forecasts clipped at 0, shape (N, H), and quantiles, shape (19, N, H).
    """
    windows = conformal_windows(min(len(one) for one in series), horizon)
    conformal = ConformalIntervals(h=horizon, n_windows=windows)
    model = {**NATIVE, **CONFORMAL}[peer](conformal)
    engine = StatsForecast(models=[model], freq=1, n_jobs=cores)
    frame = engine.forecast(df=long_frame(series), h=horizon, level=list(TWO_SIDED))
    frame = frame.sort_values(["unique_id", "ds"], kind="stable")

    def ends(side: str) -> Floats:
        columns = [f"{model.alias}-{side}-{level}" for level in TWO_SIDED]
        return frame[columns].to_numpy(np.float64).T.reshape(len(TWO_SIDED), len(series), horizon)

    point = frame[model.alias].to_numpy(np.float64).reshape(len(series), horizon)
    return np.maximum(point, 0.0), quantiles_of(point, ends("lo"), ends("hi"))


def forecast_all(peer: str, history: Floats, horizon: int, *, cores: int) -> tuple[Floats, Floats]:
    """Forecast the months after a history, each series from the last run of months it was observed in.

    A series that ends some months early is forecast that much further; only the months after the history are kept.

    Args:
        peer: A name of `NATIVE` or `CONFORMAL`.
        history: Shape (N, T); NaN where not observed.
        horizon: Months ahead, H.
        cores: Processes that statsforecast may start.

    Returns:
        Point forecasts, shape (N, H), and quantiles, shape (19, N, H).
    """
    tails = [complete_tail(one) for one in history]
    gaps = np.array([history.shape[1] - end for _, end in tails])
    mean = np.empty((len(history), horizon))
    quantiles = np.empty((2 * len(TWO_SIDED) + 1, len(history), horizon))
    for gap in np.unique(gaps):
        rows = np.flatnonzero(gaps == gap)
        series = [history[row, slice(*tails[row])] for row in rows]
        point, levels = forecast(peer, series, horizon + int(gap), cores=cores)
        mean[rows], quantiles[:, rows] = point[:, gap:], levels[:, :, gap:]
    return mean, quantiles


def main() -> None:
    """Read IN, forecast, write OUT."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("history", type=Path, metavar="IN")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--peer", required=True, choices=[*NATIVE, *CONFORMAL])
    parser.add_argument("--cores", type=int, default=1, help="processes that statsforecast may start")
    chosen = parser.parse_args()
    with np.load(chosen.history, allow_pickle=False) as file:
        history, horizon = file["history"], int(file["horizon_months"])
    before = os.times()
    started = time.perf_counter()
    mean, quantiles = forecast_all(chosen.peer, history, horizon, cores=chosen.cores)
    seconds = time.perf_counter() - started
    after = os.times()
    if not (np.isfinite(mean).all() and np.isfinite(quantiles).all()):
        raise SystemExit(f"{chosen.peer} gave values that are no numbers")
    np.savez(
        chosen.out,
        mean=mean.astype(np.float32),
        quantiles=quantiles.astype(np.float32),
        seconds=seconds,
        cpu_seconds=sum(after[:4]) - sum(before[:4]),
        intervals="native" if chosen.peer in NATIVE else "conformal",
    )


if __name__ == "__main__":
    main()
