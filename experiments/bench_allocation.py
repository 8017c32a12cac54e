"""Seconds and memory of building and solving allocation programmes, beside the same programmes by HiGHS alone.

`make bench-allocation` runs it all and prints the report; the report and the raw figures are written to
out/bench-allocation. It needs no download: the places are drawn, as large as Barking and Dagenham and as London. With
`--data DIR` the official files are read and forecast instead.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from allocation_bench.case import CASES, PLACES
from allocation_bench.inputs import keep_real_inputs
from allocation_bench.measurement import Measurement, measure
from allocation_bench.report import report
from wardcast.cli.output import EXIT_CODES
from wardcast_models.errors import Problem, WardcastError, invalid_input

ROOT = Path(__file__).resolve().parents[1]
QUICK_WARDS = 6

Result = TypeVar("Result")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line.

    Args:
        given: Arguments; None for those of the process.

    Returns:
        What was chosen.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--data", type=Path, help="folder of the official files; without it the places are drawn")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench-allocation")
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--runs", type=int, default=0, help="runs of every case; 0: five, one of London")
    parser.add_argument("--quick", action="store_true", help="a few drawn wards, one run: to see that it works")
    return parser.parse_args(given)


def alone(function: Callable[..., Result], *values: object) -> Result:
    """Call a function in a process of its own, so that its peak memory is its own too.

    Args:
        function: Of an importable module.
        values: Its arguments.

    Returns:
        What it returns.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *values).result()


def run_case(name: str, chosen: argparse.Namespace, kept: Path | None) -> list[Measurement]:
    """Run one case as often as asked.

    Args:
        name: The case.
        chosen: The command line.
        kept: Folder of the real inputs; None draws them.

    Returns:
        One measurement a run.
    """
    case = CASES[name]
    runs = chosen.runs or (1 if case.once or chosen.quick else PLACES[case.place].runs)
    found = []
    for run in range(runs):
        print(f"{name}: run {run + 1} of {runs}", file=sys.stderr, flush=True)
        try:
            found.append(alone(measure, name, kept, QUICK_WARDS if chosen.quick else None))
        except BrokenProcessPool:
            found.append(Measurement(case=name, wards=0, failure="The process was ended, most likely for its memory."))
    return found


def kept_places(chosen: argparse.Namespace) -> dict[str, Path]:
    """Read and forecast the real places that are asked for.

    Args:
        chosen: The command line.

    Returns:
        Folder of each place's inputs; empty where the places are drawn.

    Raises:
        WardcastError: The folder is not there, or its files cannot be used.
    """
    if chosen.data is None or chosen.quick:
        return {}
    if not chosen.data.is_dir():
        mend = "Give the folder of the files that README.md names, or leave --data out to draw the places."
        raise invalid_input(
            "The benchmark cannot start.",
            Problem(where="--data", expected="a folder of official files", found=f"no {chosen.data}", mend=mend),
        )
    places = dict.fromkeys(CASES[name].place for name in chosen.cases)
    folders = {place: chosen.out / "inputs" / place for place in places}
    for place, folder in folders.items():
        print(f"{place}: reading and forecasting {chosen.data}", file=sys.stderr, flush=True)
        alone(keep_real_inputs, chosen.data, PLACES[place].area, folder)
    return folders


def made_from(chosen: argparse.Namespace) -> str:
    """Say what the programmes are made from.

    Args:
        chosen: The command line.

    Returns:
        A sentence.
    """
    if chosen.quick:
        return f"A trial on {QUICK_WARDS} drawn wards for every area: its figures say nothing about the targets."
    return "Drawn places, no real data." if chosen.data is None else "Forecast from the official files."


def main(given: Sequence[str] | None = None) -> int:
    """Run the benchmark.

    Args:
        given: Arguments; None for those of the process.

    Returns:
        Exit code.
    """
    chosen = arguments(given)
    try:
        kept = kept_places(chosen)
        runs = {name: run_case(name, chosen, kept.get(CASES[name].place)) for name in chosen.cases}
    except WardcastError as error:
        print(error, file=sys.stderr)
        return EXIT_CODES[error.kind]
    text = report(runs, data=made_from(chosen))
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "report.md").write_text(text, encoding="utf-8")
    raw = {name: [asdict(run) for run in measured] for name, measured in runs.items()}
    (chosen.out / "raw.json").write_text(json.dumps(raw, indent=1), encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
