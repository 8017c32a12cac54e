"""What a command knows of a forecast that was made."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wardcast.store.records import ForecastRecord


@dataclass(frozen=True, kw_only=True)
class ForecastOutcome:
    """A forecast, wherever it was made.

    Attributes:
        record: What was forecast, with what.
        rows: The forecast file's rows, at the levels asked for.
        parts: What their means are made of, row by row: `Forecast.decomposition_frame` at the same levels.
        notes: What is not forecast and why, and what was assumed, each a sentence.
    """

    record: ForecastRecord
    rows: pd.DataFrame
    parts: pd.DataFrame
    notes: tuple[str, ...]
