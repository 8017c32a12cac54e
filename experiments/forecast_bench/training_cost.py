"""Seconds and peak memory of training on a parsed panel, measured in the process that does it.

`python experiments/forecast_bench/training_cost.py PANEL OUT.json --forecaster NAME`; the benchmark starts it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from pathlib import Path

from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.archive import load_panel

KIB_IN_MIB = 1024


def peak_mib() -> float:
    """Return the peak resident memory so far: this process's and that of its largest child, added."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) / KIB_IN_MIB


def main() -> None:
    """Train, forecast, write what it cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("panel", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--forecaster", required=True)
    parser.add_argument("--horizon-months", type=int, default=12)
    parser.add_argument("--n-paths", type=int, default=500)
    chosen = parser.parse_args()
    panel = load_panel(chosen.panel)
    untrained_mib = peak_mib()
    model = forecaster(chosen.forecaster)
    before, started = sum(os.times()[:4]), time.perf_counter()
    trained = model.fit(panel, until=panel.last_month)
    training_seconds, training_mib = time.perf_counter() - started, peak_mib()
    trained.forecast(horizon_months=chosen.horizon_months, n_paths=chosen.n_paths)
    figures = {
        "training_seconds": training_seconds,
        "training_peak_mib": training_mib,
        "untrained_peak_mib": untrained_mib,
        "training_and_forecast_seconds": time.perf_counter() - started,
        "training_and_forecast_cpu_seconds": sum(os.times()[:4]) - before,
        "forecast_peak_mib": peak_mib(),
    }
    chosen.out.write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
