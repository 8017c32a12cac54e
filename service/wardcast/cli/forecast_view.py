"""What the command line says about a forecast file, and the file of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from wardcast_models.forecasting.forecast import WIDE_PER_MONTH


def precision_sentences(rows: pd.DataFrame) -> Iterator[str]:
    """Yield how much the series of a forecast file can say, and where those with too few can be read.

    Args:
        rows: The forecast file's rows.

    Yields:
        Sentences; nothing is said of what does not occur.
    """
    series = rows.groupby(["ward_code", "category"], sort=False).agg(
        mean=("mean", "mean"), status=("status", "first"), read_at=("read_at", "first")
    )
    too_few = series["status"] == "too_few"
    if too_few.any():
        yield (
            f"{too_few.sum():,} of {len(series):,} series have under 5 a month, too few for a claim of their own "
            "(status too_few)."
        )
        levels = series.loc[too_few, "read_at"].value_counts()
        yield f"Read them at (column read_at): {', '.join(f'{level} {count:,}' for level, count in levels.items())}."
    wide = ~too_few & (series["mean"] < WIDE_PER_MONTH)
    if wide.any():
        yield (
            f"{wide.sum():,} are wide: with under {WIDE_PER_MONTH:g} a month an error above 20 % is usual "
            "(Gorr et al. 2003)."
        )


def write_parts(parts: pd.DataFrame, path: Path) -> None:
    """Write what each mean is made of.

    Args:
        parts: `Forecast.decomposition_frame`; months are written `YYYY-MM`.
        path: CSV file.

    Raises:
        OSError: It cannot be written.
    """
    told = parts.assign(month=parts["month"].dt.strftime("%Y-%m"))
    told.to_csv(path, index=False, float_format="%.6f", lineterminator="\n")
