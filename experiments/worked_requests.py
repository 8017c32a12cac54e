"""Plan the worked requests on the embedded synthetic area and keep their reports beside them.

`make worked-requests` writes `experiments/requests/reports/`, planning each request by the commands that a user types.
`--check` writes nothing: it plans them again and names each report that no longer says the same (exit code 1).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent / "requests"
REPORTS = HERE / "reports"
REQUESTS = ("quarter", "summer-asb-push", "budget-cut")
AREA = "E09000002"

_OF_ONE_RUN = re.compile(r'<meta name="generator"[^>]*>|<section>\s*<h2 id="origin">.*?</section>', re.DOTALL)
"""Parts of a report that differ from run to run: times, ids and the release."""


def wardcast(*arguments: str, home: Path) -> None:
    """Run one command."""
    environment = {**os.environ, "WARDCAST_HOME": str(home)}
    subprocess.run([sys.executable, "-m", "wardcast.cli.main", *arguments, "--quiet"], check=True, env=environment)


def plan_all(folder: Path) -> dict[str, Path]:
    """Plan the requests.

    Args:
        folder: Where to work.

    Returns:
        The report of each request.
    """
    home = folder / "home"
    wardcast("sample", str(folder / "sample"), home=home)
    data = ("--data", str(folder / "sample"), "--area", AREA)
    for name in REQUESTS:
        wardcast("plan", *data, "--request", str(HERE / f"{name}.yaml"), "--out", str(folder / name), home=home)
    return {name: folder / name / "report.html" for name in REQUESTS}


def says(report: Path) -> str:
    """Return what a report says, without what is of one run only.

    Args:
        report: An HTML file; "" is returned where there is none.

    Returns:
        Its text.
    """
    return _OF_ONE_RUN.sub("", report.read_text(encoding="utf-8")) if report.exists() else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan the requests and keep or compare their reports.

    Args:
        arguments: Of the command line; None takes the real ones.

    Returns:
        Exit code: 0, or 1 where `--check` finds a report that is not current.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the reports kept, and write nothing")
    check = parser.parse_args(arguments).check
    REPORTS.mkdir(exist_ok=True)
    stale = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, made in plan_all(Path(folder)).items():
            kept = REPORTS / f"{name}.html"
            if not check:
                shutil.copy(made, kept)
                print(f"{REPORTS.name}/{kept.name}")
            elif says(made) != says(kept):
                stale = 1
                print(f"{REPORTS.name}/{kept.name} is not what {name}.yaml gives now: run `make worked-requests`")
    return stale


if __name__ == "__main__":
    sys.exit(main())
