"""Our own forecasters: their backtests, and what training costs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from forecast_bench.race import Race
from forecast_bench.raw import Figures, Part
from wardcast_models.evaluation.backtest import backtest
from wardcast_models.fan_out import FanOut
from wardcast_models.panel.archive import save_panel
from wardcast_models.panel.panel import Panel

TRAINING_COST = Path(__file__).with_name("training_cost.py")


def run_forecaster(panel: Panel, race: Race, name: str, fan_out: FanOut) -> Part:
    """Backtest one forecaster from all origins.

    Args:
        panel: The panel.
        race: What is compared.
        name: Name of the forecaster.
        fan_out: Where the forecasts are made, one origin on one core at a time.

    Returns:
        Its cells of the categories compared, with `seconds` (an origin, on one core), `wall_seconds` (the whole) and
        `incoherence`.
    """
    started = time.perf_counter()
    result = backtest(
        panel,
        forecasters=[name],
        origins=race.origins,
        horizon_months=race.horizon_months,
        n_paths=race.n_paths,
        seed=race.seed,
        availability=race.availability,
        fan_out=fan_out,
    )
    wall_seconds = time.perf_counter() - started
    cells = result.cells[result.cells["category"].isin(race.categories(panel))].reset_index(drop=True)
    scored = result.summary.iloc[0]
    figures: Figures = {
        "seconds": float(scored["seconds"]),
        "wall_seconds": wall_seconds,
        "incoherence": float(scored["incoherence"]),
        "intervals": "paths",
    }
    return Part(cells=cells, figures=figures)


def training_cost(panel: Panel, race: Race) -> Figures:
    """Measure what training the champion on the whole panel costs, in a process of its own.

    Args:
        panel: The panel.
        race: What is compared.

    Returns:
        What `training_cost.py` measured.
    """
    with tempfile.TemporaryDirectory() as folder:
        stored, out = Path(folder) / "panel.npz", Path(folder) / "cost.json"
        save_panel(panel, stored)
        options = ["--forecaster", race.champion, "--horizon-months", str(race.horizon_months)]
        options += ["--n-paths", str(race.n_paths)]
        subprocess.run([sys.executable, TRAINING_COST, stored, out, *options], check=True)
        figures: Figures = json.loads(out.read_text(encoding="utf-8"))
        return figures
