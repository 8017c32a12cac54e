"""Own forecasters and the Nixtla peers on the same origins: accuracy and seconds side by side.

`make bench-forecast` runs it all and prints the report; tables (Markdown and CSV) and the plot (PNG and SVG) are
written to out/bench-forecast. A long run can be split, one command a stage and model:

    python experiments/bench_forecast.py --area lbbd --stage peers --models AutoARIMA --resume
    python experiments/bench_forecast.py --area lbbd --stage report
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from forecast_bench import figure
from forecast_bench.race import AREAS, PEERS, Race, read_race
from forecast_bench.report import AreaReport
from forecast_bench.stages import STAGES, Stages
from forecast_bench.writing import write_report
from wardcast.cli.output import EXIT_CODES
from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.forecasting.registry import forecaster_names
from wardcast_models.panel.ingest import read_folder

ROOT = Path(__file__).resolve().parents[1]
REAL_DATA = Path(os.environ.get("WARDCAST_REAL_DATA", ROOT.parent / "shared" / "data"))
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"


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
    parser.add_argument("--data", type=Path, default=REAL_DATA, help="folder of the official files")
    parser.add_argument("--area", choices=[*AREAS, "both"], default="both")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench-forecast")
    parser.add_argument("--stage", choices=[*STAGES, "all"], default="all", help="run one stage only")
    parser.add_argument(
        "--models", nargs="+", default=[], choices=[*forecaster_names(), *PEERS], help="only these models of a stage"
    )
    parser.add_argument("--resume", action="store_true", help="use the raw results that are there already")
    parser.add_argument("--quick", action="store_true", help="two origins and few paths: to see that it works")
    parser.add_argument("--no-peers", action="store_true", help="own forecasters only")
    parser.add_argument("--slow-peers", action="store_true", help="AutoETS and AutoARIMA for all London too")
    parser.add_argument("--peers-python", type=Path, default=PEERS_PYTHON, help="Python of the peers' environment")
    parser.add_argument("--workers", type=int, default=0, help="origins at a time; 0: one for each physical core")
    return parser.parse_args(given)


def check(chosen: argparse.Namespace) -> None:
    """Refuse to start without what is needed.

    Args:
        chosen: The command line.

    Raises:
        WardcastError: The data or the peers' environment are not there.
    """
    problems = []
    if not chosen.data.is_dir():
        mend = "Download the files that README.md names, and give their folder with --data or WARDCAST_REAL_DATA."
        problems.append(
            Problem(where="--data", expected="a folder of official files", found=f"no {chosen.data}", mend=mend)
        )
    if not chosen.no_peers and chosen.stage in {"peers", "all"} and not chosen.peers_python.is_file():
        mend = "Run it through `make bench-forecast`, which builds that environment, or with --no-peers."
        problems.append(
            Problem(where="--peers-python", expected="the peers' Python", found=f"no {chosen.peers_python}", mend=mend)
        )
    if problems:
        raise invalid_input("The benchmark cannot start.", *problems)


def asked_stages(chosen: argparse.Namespace) -> tuple[str, ...]:
    """Return the stages to run.

    Args:
        chosen: The command line.

    Returns:
        Their names, in order.
    """
    return STAGES if chosen.stage == "all" else (chosen.stage,)


def check_models(races: Sequence[Race], chosen: argparse.Namespace) -> None:
    """Refuse a model that no stage asked for would run.

    Args:
        races: What is compared.
        chosen: The command line.

    Raises:
        WardcastError: There is one.
    """
    stages = asked_stages(chosen)
    there = [name for race in races if "own" in stages for name in race.forecasters]
    there += [name for race in races if "peers" in stages for name in race.peers]
    problems = [
        Problem(
            where="--models",
            expected=f"one of {', '.join(dict.fromkeys(there))}" if there else "no model: none runs at this stage",
            found=name,
            mend="Leave it out, or choose its stage (own, peers or all) and area; AutoETS and AutoARIMA of all London "
            "need --slow-peers.",
        )
        for name in chosen.models
        if name not in there
    ]
    if problems:
        raise invalid_input("The choice leaves models that would not run.", *problems)


def run_area(race: Race, chosen: argparse.Namespace) -> AreaReport | None:
    """Run the stages asked for.

    Args:
        race: What is compared.
        chosen: The command line.

    Returns:
        The report, where it was asked for.
    """
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:8.1f} s  {text}", file=sys.stderr, flush=True)

    say(f"{race.name}: reading {chosen.data}")
    panel = read_folder(chosen.data, area=race.area)
    stages = Stages(panel=panel, race=race, out=chosen.out, resume=chosen.resume, workers=chosen.workers, say=say)
    asked = asked_stages(chosen)
    if "own" in asked:
        stages.run_own(chosen.models)
    if "peers" in asked:
        stages.run_peers(chosen.peers_python, chosen.models)
    if "cost" in asked:
        stages.run_cost()
    return stages.report() if "report" in asked else None


def main(given: Sequence[str] | None = None) -> int:
    """Run the benchmark.

    Args:
        given: Arguments; None for those of the process.

    Returns:
        Exit code.
    """
    chosen = arguments(given)
    try:
        check(chosen)
        names = list(AREAS) if chosen.area == "both" else [chosen.area]
        races = [
            read_race(name, peers=not chosen.no_peers, slow_peers=chosen.slow_peers, quick=chosen.quick)
            for name in names
        ]
        check_models(races, chosen)
        reports = [report for race in races if (report := run_area(race, chosen))]
        if reports:
            text = write_report(chosen.out, reports)
            figure.save(figure.draw(reports), chosen.out)
            print(text)
    except WardcastError as error:
        print(error, file=sys.stderr)
        return EXIT_CODES[error.kind]
    return 0


if __name__ == "__main__":
    sys.exit(main())
