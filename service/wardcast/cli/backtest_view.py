"""What a backtest shows on a terminal and leaves in its folder."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardcast.cli.output import Output

if TYPE_CHECKING:
    import pandas as pd

    from wardcast_models.evaluation.backtest import BacktestResult

_TABLES = (
    "summary",
    "per_horizon",
    "per_origin",
    "per_group",
    "calibration",
    "ranking",
    "differences",
    "cells",
)
"""Tables of the result, each written to a file of its name."""

_SCORES = {
    "model": "forecaster",
    "mase": "MASE",
    "rmsse": "RMSSE",
    "wape": "WAPE",
    "scaled_crps_19": "CRPS",
    "winkler_80": "Winkler",
    "bias": "bias",
    "pit_80": "inside 80 %",
    "seconds": "seconds",
}
"""Scores shown, with their heads; the files hold them all."""

_HOTSPOT_SHARE = 0.2


def write_tables(result: BacktestResult, out: Path, *, cells: bool = True) -> tuple[str, ...]:
    """Write every table that has rows, and the notes.

    Args:
        result: The backtest.
        out: Folder; it is there.
        cells: Write the cells too.

    Returns:
        Names of the files written.

    Raises:
        OSError: One of them cannot be written.
    """
    tables = {f"{name}.csv": getattr(result, name) for name in _TABLES if cells or name != "cells"}
    written = {name: table for name, table in tables.items() if len(table)}
    (out / "notes.txt").write_text("\n".join(result.notes) + "\n", encoding="utf-8")
    for name, table in written.items():
        table.to_csv(out / name, index=False, lineterminator="\n")
    return (*written, "notes.txt")


def document(result: BacktestResult) -> dict[str, Any]:
    """Return all but the cells for programs; unknown numbers are null, months `YYYY-MM`."""
    tables = {name: getattr(result, name) for name in _TABLES if name != "cells"}
    return {**{name: _records(table) for name, table in tables.items()}, "notes": list(result.notes)}


def show(output: Output, result: BacktestResult, *, title: str) -> None:
    """Show the scores, the comparison, the calibration and the origins of a backtest.

    Args:
        output: Where to.
        result: The backtest.
        title: Title of the scores.
    """
    summary, first = result.summary, str(result.summary["model"].iloc[0])
    output.table(title, tuple(_SCORES.values()), _rows(summary, dict.fromkeys(_SCORES, _number)))
    output.say("Lower is better but for bias (0 is right) and inside 80 % (0.80 is right).")
    output.say(
        f"{int(summary['negatives'].sum()):,} cells with a value below 0; the largest difference between a level and "
        f"the sum of its parts is {summary['incoherence'].max():.1e}."
    )
    if len(result.differences):
        output.table(
            f"{first} over each other forecaster (below 1 it is better; 95 % interval over target months)",
            ("forecaster", "measure", "ratio", "interval"),
            [
                [row["against"], row["measure"], _number(row["ratio"]), _interval(row)]
                for row in result.differences.dropna(subset="ratio").to_dict("records")
            ],
        )
    output.table(
        f"Calibration of {first} by band of its mean",
        ("forecast mean", "cells", "inside 80 %", "closed 80 %", "a perfect one"),
        [
            [
                row["band"] if row["enough"] else f"{row['band']} (too few cells to judge)",
                row["cells"],
                *(_number(row[name]) for name in ("pit_80", "coverage_80", "coverage_80_perfect")),
            ]
            for row in _of(result.calibration, first).to_dict("records")
        ],
    )
    origins = _of(result.per_origin, first)
    marks = [str(name) for name in origins.columns[2 : origins.columns.get_loc("mase")]]
    shown: dict[str, Callable[[Any], object]] = {"origin": lambda origin: f"{origin:%Y-%m}"}
    shown |= dict.fromkeys(("mase", "bias", "scaled_crps_19"), _number) | dict.fromkeys(marks, str)
    heads = ("origin", "MASE", "bias", "CRPS", *(mark.replace("_", " ") for mark in marks))
    output.table(f"{first} by origin", heads, _rows(origins, shown))
    _show_hotspots(output, result)
    for note in result.notes:
        output.say(note)


def _show_hotspots(output: Output, result: BacktestResult) -> None:
    """Show how much harm the wards ranked highest held."""
    from wardcast_models.evaluation.ranking import HARM, pooled_ranking  # noqa: PLC0415 - keeps `--help` quick

    pooled = pooled_ranking(result.ranking)
    found = pooled[(pooled["target"] == HARM) & (pooled["share"] == _HOTSPOT_SHARE)]
    output.table(
        f"Harm (Cambridge days) in the {_HOTSPOT_SHARE:.0%} ranked highest, mean over origins",
        ("forecaster", "of the", "held", "best in hindsight", "PAI", "PEI*"),
        _rows(
            found,
            {"model": str, "unit": str} | dict.fromkeys(("captured", "captured_best", "pai", "pei_star"), _number),
        ),
    )


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    months = {name: column.dt.strftime("%Y-%m") for name, column in table.select_dtypes("datetime").items()}
    told = table.assign(**{str(name): text for name, text in months.items()}).astype(object)
    return told.where(table.notna(), None).to_dict("records")


def _of(table: pd.DataFrame, model: str) -> pd.DataFrame:
    return table[table["model"] == model]


def _rows(table: pd.DataFrame, shown: dict[str, Callable[[Any], object]]) -> list[list[object]]:
    return [[write(row[name]) for name, write in shown.items()] for row in table.to_dict("records")]


def _interval(row: dict[Any, Any]) -> str:
    if isnan(row["ratio_low"]):
        return "too few months"
    return f"{row['ratio_low']:.3f} to {row['ratio_high']:.3f}"


def _number(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
