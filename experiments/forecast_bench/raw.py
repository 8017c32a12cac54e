"""Raw results of the benchmark's parts, kept so that a long run can be split and resumed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wardcast_models.files import write_atomically

Figures = dict[str, float | str]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one model gave.

    Attributes:
        cells: Its scored cells (see `score_cells`).
        figures: What else was measured: seconds, where quantiles come from.
    """

    cells: pd.DataFrame
    figures: Figures

    def save(self, folder: Path, name: str) -> None:
        """Write it to two files; it is there once its figures are.

        Args:
            folder: Where to.
            name: Name of the model.
        """
        figures = folder / f"{name}.json"
        figures.unlink(missing_ok=True)
        write_atomically(folder / f"{name}.parquet", lambda path: self.cells.to_parquet(path, index=False))
        write_figures(figures, self.figures)

    @classmethod
    def load(cls, folder: Path, name: str) -> Part:
        """Read it back."""
        return cls(cells=pd.read_parquet(folder / f"{name}.parquet"), figures=read_figures(folder / f"{name}.json"))


def write_figures(path: Path, figures: Figures) -> None:
    """Write figures as JSON."""

    def write(temporary: Path) -> None:
        temporary.write_text(json.dumps(figures, indent=1), encoding="utf-8")

    write_atomically(path, write)


def read_figures(path: Path) -> Figures:
    """Read figures back."""
    figures: Figures = json.loads(path.read_text(encoding="utf-8"))
    return figures


def raw_folder(out: Path, name: str, record: Mapping[str, str]) -> Path:
    """Return the folder of the results that depend on the same data, code and setting.

    Args:
        out: The benchmark's output folder.
        name: What they are, for people.
        record: All they depend on.

    Returns:
        The folder, its name ending with a digest of the record.
    """
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    return out / "raw" / f"{name}-{digest[:12]}"
