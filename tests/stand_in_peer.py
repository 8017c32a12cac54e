"""A stand-in for the peers' runner, without their packages: the last month again, and three counts around it."""

from __future__ import annotations

import sys

import numpy as np

if __name__ == "__main__":
    given, out, _, peer = sys.argv[1:5]
    if peer == "AutoARIMA":
        sys.exit("ModuleNotFoundError: No module named 'statsforecast'")
    with np.load(given) as file:
        history, horizon = file["history"], int(file["horizon_months"])
    mean = np.repeat(history[:, -1:], horizon, axis=1)
    spread = np.linspace(-3.0, 3.0, 19)[:, None, None]
    quantiles = np.maximum(mean + spread, 0.0)
    np.savez(out, mean=mean, quantiles=quantiles, seconds=2.0, cpu_seconds=1.5, intervals="native")
