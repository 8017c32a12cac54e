"""Seconds and peak memory of the main job, each step a process of its own as a user would start it.

`make bench` prints the table. With the real open data beside the project (or in WARDCAST_REAL_DATA) it measures the
reading of all real files, their profile and the plan on them too.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REAL_DATA = Path(os.environ.get("WARDCAST_REAL_DATA", ROOT.parent / "shared" / "data"))
RUNS = 3


def measure(arguments: list[str], home: Path) -> tuple[float, float]:
    """Run one command; return its wall seconds and the peak memory, in MiB, of the largest process so far."""
    started = time.perf_counter()
    environment = {**os.environ, "WARDCAST_HOME": str(home)}
    command = [sys.executable, "-m", "wardcast.cli.main", *arguments, "--quiet"]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    jobs: dict[str, list[str]] = {}
    if REAL_DATA.is_dir():
        jobs["reading all real files"] = ["ingest", str(REAL_DATA), "--area", "E09000002"]
        jobs["profile, real files"] = [
            *("profile", "--data", str(REAL_DATA), "--area", "E09000002", "--year", "2023/24", "--out", "{out}"),
        ]
        request = str(ROOT / "experiments" / "requests" / "quarter.yaml")
        for area in ("E09000002", "E09000016"):
            jobs[f"plan, real files, {area}"] = [
                *("plan", "--data", str(REAL_DATA), "--area", area, "--until", "2025-03"),
                *("--request", request, "--out", "{out}"),
            ]
    else:
        print("The real open data are not here: only the sample is measured.")
    jobs["demo, synthetic sample"] = ["demo", "--out", "{out}"]
    print(f"{'job (cold: new process, empty home)':<40} {'median s':>9} {'range s':>13} {'peak MiB so far':>16}")
    for name, arguments in jobs.items():
        seconds: list[float] = []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as folder:
                filled = [argument.replace("{out}", f"{folder}/out") for argument in arguments]
                taken, peak = measure(filled, Path(folder) / "home")
                seconds.append(taken)
        span = f"{min(seconds):.1f}-{max(seconds):.1f}"
        print(f"{name:<40} {statistics.median(seconds):>9.1f} {span:>13} {peak:>16.0f}")


if __name__ == "__main__":
    main()
