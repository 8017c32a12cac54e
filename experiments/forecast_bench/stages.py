"""The stages of the benchmark for one area, each of which can run on its own: own models, peers, cost, report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import cpu_count
from numpy.typing import NDArray

from forecast_bench import own, peer
from forecast_bench.race import Race
from forecast_bench.raw import Figures, Part, raw_folder, read_figures, write_figures
from forecast_bench.report import AreaReport, report_of
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.fan_out import FanOut
from wardcast_models.panel.panel import Panel
from wardcast_models.source_digest import source_digest

STAGES: tuple[str, ...] = ("own", "peers", "cost", "report")

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Stages:
    """The benchmark of one area.

    Attributes:
        panel: The panel.
        race: What is compared.
        out: The benchmark's output folder.
        resume: Use the raw results that are there already.
        workers: Origins that run at a time; 0 means one for each physical core.
        say: Told what is being done.
    """

    panel: Panel
    race: Race
    out: Path
    resume: bool
    workers: int
    say: Say

    def run_own(self, only: Sequence[str] = ()) -> None:
        """Backtest our own forecasters.

        Args:
            only: Names of those to run; empty for all.
        """
        for name in _chosen(self.race.forecasters, only):
            if not self._needed(self._own_folder / f"{name}.json", name):
                continue
            part = own.run_forecaster(self.panel, self.race, name, FanOut(workers=self.workers))
            part.save(self._own_folder, name)
            self.say(f"{self.race.name}: {name}: {part.figures['wall_seconds']:.1f} s")

    def run_peers(self, python: Path, only: Sequence[str] = ()) -> None:
        """Have the peers forecast, each origin a process on one core.

        Args:
            python: The Python of the peers' environment.
            only: Names of those to run; empty for all.
        """
        names = _chosen(self.race.peers, only)
        items = [(name, origin) for name in names for origin in self.race.origins]
        with ThreadPoolExecutor(self.workers or cpu_count(only_physical_cores=True)) as threads:
            for _ in threads.map(lambda item: self._ask_peer(python, *item), items):
                pass  # a failure is raised here

    def run_cost(self) -> None:
        """Measure what training the champion costs."""
        file = self._own_folder / "cost.json"
        if self._needed(file, "cost of training"):
            write_figures(file, own.training_cost(self.panel, self.race))

    def report(self) -> AreaReport:
        """Gather the tables from the raw results of the other stages.

        Returns:
            The tables.

        Raises:
            WardcastError: A stage has not run.
        """
        own_files = [self._own_folder / f"{name}.json" for name in self.race.forecasters]
        said = {name: [self._peer_file(name, origin) for origin in self.race.origins] for name in self.race.peers}
        self._check({"own": own_files, "peers": [file for files in said.values() for file in files]})
        cost = self._own_folder / "cost.json"
        figures: Figures = read_figures(cost) if cost.is_file() else {}
        return report_of(
            self.panel,
            self.race,
            own={name: Part.load(self._own_folder, name) for name in self.race.forecasters},
            peers={name: peer.scored(self.panel, self.race, name, files) for name, files in said.items()},
            cost=figures,
        )

    @property
    def _own_folder(self) -> Path:
        """Our own results depend on the data, our code and the comparison."""
        record = {"panel": self.panel.digest, "source": source_digest(), **self.race.record()}
        return raw_folder(self.out, f"{self.race.name}-own", record)

    @cached_property
    def _histories(self) -> dict[pd.Timestamp, NDArray[np.float64]]:
        """What the peers are shown, by origin: series by months."""
        return {origin: peer.history_of(self.panel, self.race, origin) for origin in self.race.origins}

    def _peer_file(self, name: str, origin: pd.Timestamp) -> Path:
        """What a peer says depends on its package, the horizon and the series, not on our models."""
        record = {"peers": peer.version(), "horizon_months": str(self.race.horizon_months)}
        series = hashlib.sha256(self._histories[origin].tobytes()).hexdigest()
        return raw_folder(self.out, f"{self.race.name}-peers", record) / f"{name}-{origin:%Y-%m}-{series[:12]}.npz"

    def _ask_peer(self, python: Path, name: str, origin: pd.Timestamp) -> None:
        """Have a peer forecast from one origin."""
        file, what = self._peer_file(name, origin), f"{name} from {origin:%Y-%m}"
        if not self._needed(file, what):
            return
        series, horizon = self._histories[origin], self.race.horizon_months
        peer.forecast_to(file, python=python, peer=name, history=series, horizon_months=horizon)
        self.say(f"{self.race.name}: {what}: done")

    def _needed(self, file: Path, what: str) -> bool:
        """Tell whether a result has to be made, and say so."""
        there = self.resume and file.is_file()
        self.say(f"{self.race.name}: {what}: {'there already' if there else 'running'}")
        return not there

    def _check(self, files: dict[str, list[Path]]) -> None:
        """Refuse to report on what has not run."""
        missing = {stage: [file for file in needed if not file.is_file()] for stage, needed in files.items()}
        problems = [
            Problem(
                where=stage,
                expected="results of this data, code and comparison",
                found=f"nothing for {', '.join(file.stem for file in absent)}",
                mend=f"Run it first: --area {self.race.name} --stage {stage}.",
            )
            for stage, absent in missing.items()
            if absent
        ]
        if problems:
            raise invalid_input("There is not yet everything to report on.", *problems)


def _chosen(names: Sequence[str], only: Sequence[str]) -> list[str]:
    """Return the names asked for, in their order."""
    return [name for name in names if not only or name in only]
