"""The Nixtla peers: forecast by a process of their own environment, scored by our code."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_bench.race import Race
from forecast_bench.raw import Figures, Part
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.evaluation.availability import as_known
from wardcast_models.evaluation.cells import EVALUATION_LEVELS, join_cells, score_cells
from wardcast_models.files import write_atomically
from wardcast_models.panel.panel import Panel

PEERS_FOLDER = Path(__file__).parents[1] / "peers"
RUNNER = PEERS_FOLDER / "forecast.py"
SERIES = PEERS_FOLDER / "series.py"
LOCK = PEERS_FOLDER / "requirements.lock"


def version() -> str:
    """Return a digest of what decides a peer's answer besides the series: its packages and how it is asked."""
    digest = hashlib.sha256()
    for path in (RUNNER, SERIES, LOCK):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def history_of(panel: Panel, race: Race, origin: pd.Timestamp) -> NDArray[np.float64]:
    """Return the series that a peer is shown at an origin.

    Args:
        panel: The panel.
        race: What is compared.
        origin: Last month of data.

    Returns:
        Counts of the area's wards in the categories compared, shape (W * C, T); NaN where not observed.
    """
    past = as_known(panel, origin, race.availability)
    places = [panel.categories.index(category) for category in race.categories(panel)]
    history = past.counts[past.area_rows][:, places]
    return history.reshape(-1, history.shape[-1])


def forecast_to(file: Path, *, python: Path, peer: str, history: NDArray[np.float64], horizon_months: int) -> None:
    """Have a peer forecast series, on one core.

    Args:
        file: What it says is written here, as `peers/forecast.py` describes it.
        python: The Python of the peers' environment.
        peer: Name of the peer.
        history: N series, shape (N, T); NaN where not observed.
        horizon_months: Months ahead.

    Raises:
        WardcastError: Its process failed.
    """
    # The peers' environment has packages of its own: ours must not come before them.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "history.npz", Path(folder) / "forecast.npz"
        np.savez(given, history=history, horizon_months=horizon_months)
        command = [str(python), str(RUNNER), str(given), str(out), "--peer", peer]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise _failed(peer, done.stderr)
        write_atomically(file, partial(_copy, out))


def scored(panel: Panel, race: Race, peer: str, files: Sequence[Path]) -> Part:
    """Score what a peer said from every origin.

    Args:
        panel: The panel.
        race: What is compared.
        peer: Name of the peer.
        files: What it said, one file an origin in their order.

    Returns:
        Its cells, with `seconds` and `cpu_seconds` an origin, and `intervals`.
    """
    categories = race.categories(panel)
    shape = (len(panel.area.ward_codes), len(categories), race.horizon_months)
    cells: list[pd.DataFrame] = []
    effort: list[tuple[float, float]] = []
    intervals = ""
    for origin, path in zip(race.origins, files, strict=True):
        with np.load(path, allow_pickle=False) as said:
            at_origin = score_cells(
                panel,
                as_known(panel, origin, race.availability),
                model=peer,
                origin=origin,
                categories=categories,
                months=race.months(origin),
                mean=said["mean"].astype(np.float64).reshape(shape),
                quantiles=said["quantiles"].astype(np.float64).reshape(len(EVALUATION_LEVELS), *shape),
            )
            cells.append(at_origin[at_origin["category"].isin(race.scored_at(panel, origin))])
            effort.append((float(said["seconds"]), float(said["cpu_seconds"])))
            intervals = str(said["intervals"])
    seconds, cpu_seconds = np.mean(effort, axis=0).tolist()
    figures: Figures = {"seconds": seconds, "cpu_seconds": cpu_seconds, "intervals": intervals}
    return Part(cells=join_cells(cells), figures=figures)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _failed(peer: str, told: str) -> WardcastError:
    last = told.strip().splitlines()[-1:] or ["nothing said"]
    return WardcastError(
        ErrorKind.INTERNAL,
        f"The peer {peer} failed.",
        [
            Problem(
                where=RUNNER.name,
                expected="a forecast",
                found=last[0],
                mend="Where a package is missing, remove .venv-peers; `make bench-forecast` builds it anew.",
            )
        ],
    )
