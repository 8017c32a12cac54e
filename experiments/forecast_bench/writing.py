"""Writing the report: Markdown for people, CSV for everything else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from forecast_bench.race import AREAS
from forecast_bench.report import AreaReport

_SIGNIFICANT_DIGITS = 4


def write_report(out: Path, reports: Sequence[AreaReport]) -> str:
    """Write `report.md` and one folder of CSV files an area.

    Args:
        out: The benchmark's output folder.
        reports: The areas.

    Returns:
        The Markdown.
    """
    lines = ["# Forecasts: own models and the Nixtla peers", ""]
    for report in reports:
        race = report.race
        folder = out / race.name
        folder.mkdir(parents=True, exist_ok=True)
        origins = ", ".join(f"{origin:%Y-%m}" for origin in race.origins)
        lines += [f"## {AREAS[race.name]}", ""]
        lines += [f"Champion: `{race.champion}`. {race.horizon_months} months ahead from {origins}.", ""]
        for name, table in report.tables.items():
            table.frame.to_csv(folder / f"{name}.csv", index=False)
            shown = table.frame if table.shown is None else table.shown
            lines += [f"### {table.title}", "", *markdown(shown), ""]
        lines += ["### To be known", "", *(f"- {note}" for note in report.notes), ""]
    text = "\n".join(lines)
    (out / "report.md").write_text(text, encoding="utf-8")
    return text


def markdown(frame: pd.DataFrame) -> list[str]:
    """Return a table in Markdown.

    Args:
        frame: The table.

    Returns:
        Its lines; real numbers with four significant digits, unknown ones as `-`.
    """
    head = [str(name) for name in frame.columns]
    body = [[_text(value) for value in row] for row in frame.itertuples(index=False)]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body)]


def _text(value: Any) -> str:
    """Write one value of a table."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}"
    if not isinstance(value, float):
        return str(value)
    if pd.isna(value):
        return "-"
    # Large numbers without an exponent, small ones with as many digits as they carry.
    return f"{value:,.0f}" if abs(value) >= 10**_SIGNIFICANT_DIGITS else f"{value:.{_SIGNIFICANT_DIGITS}g}"
