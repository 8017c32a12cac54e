"""The embedded sample as it was written, beside the truth it was drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from wardcast_models.reference.taxonomy import ASB
from wardcast_models.sample import SampleTruth


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A folder of the sample's files and what they were drawn from."""

    folder: Path
    truth: SampleTruth

    def one(self, pattern: str) -> Path:
        """Return the one file of a name."""
        (path,) = self.folder.rglob(pattern)
        return path

    def table(self, pattern: str) -> pd.DataFrame:
        """Return the one file of a name as a table."""
        return pd.read_csv(self.one(pattern), dtype={"lsoa21cd": str})

    def crimes(self) -> np.ndarray:
        """Counts of everything but ASB, (W, C - 1, T)."""
        return np.delete(self.truth.counts, self.truth.categories.index(ASB), axis=1)
