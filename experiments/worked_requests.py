"""Plan the worked requests on the embedded synthetic area and keep their reports beside them.

`make worked-requests` writes `experiments/requests/reports/`, planning each request by the commands that a user types.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent / "requests"
REQUESTS = ("quarter", "summer-asb-push", "budget-cut")
AREA = "E09000002"


def wardcast(*arguments: str, home: Path) -> None:
    """Run one command."""
    environment = {**os.environ, "WARDCAST_HOME": str(home)}
    subprocess.run([sys.executable, "-m", "wardcast.cli.main", *arguments, "--quiet"], check=True, env=environment)


def main() -> None:
    """Plan the requests and copy their reports."""
    reports = HERE / "reports"
    reports.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wardcast("sample", str(place / "sample"), home=place / "home")
        for name in REQUESTS:
            out = place / name
            data = ("--data", str(place / "sample"), "--area", AREA)
            wardcast("plan", *data, "--request", str(HERE / f"{name}.yaml"), "--out", str(out), home=place / "home")
            shutil.copy(out / "report.html", reports / f"{name}.html")
            print(f"{reports.name}/{name}.html")


if __name__ == "__main__":
    main()
