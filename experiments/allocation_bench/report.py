"""The benchmark's tables: what was wanted and what was measured, plainly."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version

import pandas as pd

from allocation_bench.case import CASES, PLACES, TARGETS, Target
from allocation_bench.measurement import Beside, Measurement
from forecast_bench.writing import markdown

Runs = Mapping[str, Sequence[Measurement]]
"""Measurements by case, one a run."""


def report(runs: Runs, *, data: str) -> str:
    """Write what was measured.

    Args:
        runs: What was measured.
        data: What the programmes were made from, as a sentence.

    Returns:
        Markdown.
    """
    told = {name: [run for run in measured if run.failure is None] for name, measured in runs.items()}
    told = {name: measured for name, measured in told.items() if measured}
    sections = {
        "Targets": targets(runs),
        "Programmes": _frame(_programme(name, measured) for name, measured in told.items()),
        "Seconds of the parts of a solve (median)": _frame(_parts(name, each) for name, each in told.items()),
        "What-ifs: solved again for every binding limit": _frame(
            _what_ifs(name, measured) for name, measured in told.items() if measured[0].with_seconds
        ),
        "Beside HiGHS alone: the same programme and chords, from a cold start (median seconds)": _frame(
            _beside(name, found)
            for name, measured in told.items()
            if (found := [run.beside for run in measured if run.beside is not None])
        ),
    }
    lines = ["# Allocation: building and solving", "", data, ""]
    for title, table in sections.items():
        if len(table):
            lines += [f"## {title}", "", *markdown(table), ""]
    lines += ["## To be known", "", *(f"- {note}" for note in _notes(runs)), ""]
    return "\n".join(lines)


def targets(runs: Runs) -> pd.DataFrame:
    """Hold what was measured against what is wanted.

    Args:
        runs: What was measured.

    Returns:
        One row a target of a case that was run.
    """
    return _frame(_held(target, runs[target.case]) for target in TARGETS if target.case in runs)


def _held(target: Target, measured: Sequence[Measurement]) -> dict[str, object]:
    """Hold one figure against its target."""
    case = CASES[target.case]
    known = [float(getattr(run, target.figure)) for run in measured if run.failure is None]
    if len(known) < len(measured):
        verdict = "missed: no plan"
    elif max(known) <= target.most:
        verdict = "met"
    else:
        verdict = "met by the median only" if statistics.median(known) <= target.most else "missed"
    return {
        "area": PLACES[case.place].title,
        "programme": case.title,
        "figure": f"{target.title}, {target.unit}",
        "wanted at most": target.most,
        "median": statistics.median(known) if known else float("nan"),
        "largest": max(known, default=float("nan")),
        "runs": len(measured),
        "": verdict,
    }


def _programme(name: str, measured: Sequence[Measurement]) -> dict[str, object]:
    """Describe one case."""
    first = measured[0]
    return {
        **_head(name),
        "wards": first.wards,
        "columns": f"{first.columns:,}",
        "rows": f"{first.rows:,}",
        "entries": f"{first.entries:,}",
        "assemble, s": _median(measured, lambda run: run.assemble_seconds),
        "build and solve, s": _median(measured, lambda run: run.solve_seconds),
        "slowest, s": max(run.solve_seconds for run in measured),
        "both in processor seconds": _median(measured, lambda run: run.processor_seconds),
        "status": first.status,
        "gap": f"{first.gap:.1e}",
        "peak MiB": round(max(run.peak_mib for run in measured)),
        "of these before": round(max(run.idle_mib for run in measured)),
    }


def _parts(name: str, measured: Sequence[Measurement]) -> dict[str, object]:
    """Return the seconds of the parts of one case."""
    parts = dict.fromkeys(part for run in measured for part in (run.part_seconds or {}))
    return _head(name) | {
        part: _median(measured, lambda run, part=part: (run.part_seconds or {}).get(part, 0.0)) for part in parts
    }


def _what_ifs(name: str, measured: Sequence[Measurement]) -> dict[str, object]:
    """Return the seconds of the what-ifs of one case, all runs together."""
    again = [seconds for run in measured for seconds in run.with_seconds]
    without = [seconds for run in measured for seconds in run.without_seconds]
    return _head(name) | {
        "with one unit more or less": f"{len(measured[0].with_seconds)} solves",
        "median, s": statistics.median(again),
        "slowest, s": max(again),
        "without a limit": f"{len(measured[0].without_seconds)} solves",
        "its median, s": statistics.median(without) if without else float("nan"),
        "its slowest, s": max(without, default=float("nan")),
    }


def _beside(name: str, found: Sequence[Beside]) -> dict[str, object]:
    """Put the product and HiGHS alone side by side."""
    return _head(name) | {
        "wardcast, build": _median(found, lambda one: one.build_seconds),
        "HiGHS alone, build": _median(found, lambda one: one.direct_build_seconds),
        "wardcast, solve": _median(found, lambda one: one.solve_seconds),
        "HiGHS alone, solve": _median(found, lambda one: one.direct_solve_seconds),
        "objectives differ by": f"{max(one.difference for one in found):.0e}",
    }


def _head(name: str) -> dict[str, object]:
    """Name a case."""
    return {"area": PLACES[CASES[name].place].title, "programme": CASES[name].title}


def _median(measured: Iterable[object], figure: Callable[..., float]) -> float:
    """Return the median of a figure."""
    return statistics.median(figure(one) for one in measured)


def _frame(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    """Return rows as a table."""
    return pd.DataFrame(list(rows))


def _notes(runs: Runs) -> list[str]:
    """Say what has to be known to read the tables."""
    failures = [
        f"{PLACES[CASES[run.case].place].title}, {CASES[run.case].title}: {run.failure}"
        for measured in runs.values()
        for run in measured
        if run.failure
    ]
    return [
        f"{platform.machine()}, Python {platform.python_version()}, PuLP {version('pulp')}, "
        f"HiGHS {version('highspy')}; one thread.",
        "Every run is a process of its own. Importing the libraries and drawing or loading the forecast do not count "
        "in its seconds; in its memory they are what was there before.",
        "HiGHS's seconds lie within the other parts. Columns, rows and entries are those of the largest programme.",
        "Wards' minimums, ceilings, locks and changes from the last plan are the same in every area; hours and pounds "
        "grow with the number of wards, and the largest share of a ward falls with it.",
        *failures,
    ]
