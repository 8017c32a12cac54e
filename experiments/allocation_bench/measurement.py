"""Measuring one run of one case, in the process that does it."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from allocation_bench.case import CASES, PLACES, Case
from allocation_bench.direct import Direct, solve_direct
from allocation_bench.inputs import Inputs, demand_by_ward, drawn_inputs, kept_inputs
from allocation_bench.quarter import quarter
from allocation_bench.stopwatch import FIRST, HIGHS, WITH, WITHOUT, Stopwatch
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.explanation.limit_effects import limit_effects
from wardcast_models.allocation.programme import solve as solving
from wardcast_models.allocation.programme.solve import Solution, solve
from wardcast_models.errors import ErrorKind, WardcastError

SAME_OBJECTIVE = 1e-6
"""Relative difference up to which two programmes have the same optimum."""

BYTES_IN_MIB = 2**20


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The same programme, with the same chords, by the product and as matrices for HiGHS; both from a cold start.

    Attributes:
        build_seconds: The product's, up to HiGHS's run and from its end.
        solve_seconds: HiGHS's run in the product.
        direct_build_seconds: Making the matrices and handing them over.
        direct_solve_seconds: HiGHS's run on them.
        difference: Relative difference of the two objectives.
    """

    build_seconds: float
    solve_seconds: float
    direct_build_seconds: float
    direct_solve_seconds: float
    difference: float


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What one run took.

    Attributes:
        case: Key in `CASES`.
        wards: Wards of the area.
        failure: Why there is no plan; None where there is one, and all figures below are then known.
        status: What the solver said of the last programme; `feasible` where its time ran out.
        assemble_seconds: From the forecast and the request to the problem.
        solve_seconds: From the problem to rounded hours.
        processor_seconds: Of both, this process's own; well below their sum where the machine is busy with other work.
        part_seconds: Seconds by part of the solve; HiGHS's own are in the parts too.
        columns: Of the largest programme.
        rows: Of the largest programme.
        entries: Of the largest programme.
        gap: Most that any plan could avoid beyond this one, as a share (see `Audit.gap`).
        peak_mib: Peak resident memory up to the solution.
        idle_mib: Peak resident memory before the problem was put together.
        with_seconds: Seconds of each solve with one unit more or less of a binding limit.
        without_seconds: Seconds of each solve without a limit.
        beside: The same programme as matrices; None with whole units.
    """

    case: str
    wards: int
    failure: str | None = None
    status: str = ""
    assemble_seconds: float = 0.0
    solve_seconds: float = 0.0
    processor_seconds: float = 0.0
    part_seconds: dict[str, float] | None = None
    columns: int = 0
    rows: int = 0
    entries: int = 0
    gap: float = 0.0
    peak_mib: float = 0.0
    idle_mib: float = 0.0
    with_seconds: tuple[float, ...] = ()
    without_seconds: tuple[float, ...] = ()
    beside: Beside | None = None

    @property
    def plan_seconds(self) -> float:
        """Seconds from the forecast and the request to rounded hours."""
        return self.assemble_seconds + self.solve_seconds

    @property
    def slowest_what_if_seconds(self) -> float:
        """Seconds of the slowest solve with one unit more or less."""
        return max(self.with_seconds, default=0.0)

    @property
    def median_what_if_seconds(self) -> float:
        """Seconds of the median solve with one unit more or less."""
        return statistics.median(self.with_seconds) if self.with_seconds else 0.0


def measure(name: str, kept: Path | None = None, n_wards: int | None = None) -> Measurement:
    """Run one case.

    Args:
        name: Key in `CASES`.
        kept: Folder of the real inputs; None draws them.
        n_wards: Wards of a drawn place; None takes as many as the real one has.

    Returns:
        What it took.

    Raises:
        WardcastError: The programme beside it has another optimum.
    """
    case = CASES[name]
    inputs: Inputs = kept_inputs(kept) if kept else drawn_inputs(n_wards or PLACES[case.place].n_wards)
    request = quarter(demand_by_ward(inputs.forecast), **case.options)
    wards, idle = len(inputs.forecast.ward_codes), peak_mib()
    started, used = time.perf_counter(), time.process_time()
    problem = inputs.assembled(request)
    assembled, watch = time.perf_counter(), Stopwatch()
    try:
        with watch.running():
            solution = solve(problem.instance)
    except WardcastError as error:
        return Measurement(case=name, wards=wards, failure=error.message)
    solved, used, peak = time.perf_counter(), time.process_time() - used, peak_mib()
    columns, rows, entries = max(watch.sizes)
    with_seconds, without_seconds = _what_ifs(problem, solution) if case.what_ifs else ((), ())
    return Measurement(
        case=name,
        wards=wards,
        status=str(solution.status),
        assemble_seconds=assembled - started,
        solve_seconds=solved - assembled,
        processor_seconds=used,
        part_seconds=watch.totals(),
        columns=columns,
        rows=rows,
        entries=entries,
        gap=solution.audit.gap,
        peak_mib=peak,
        idle_mib=idle,
        with_seconds=with_seconds,
        without_seconds=without_seconds,
        beside=None if case.whole_units else _beside(case, solution),
    )


def peak_mib() -> float:
    """Return the peak resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / BYTES_IN_MIB if sys.platform == "darwin" else peak / 1024  # Linux counts in KiB


def _what_ifs(problem: Assembled, solution: Solution) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Ask what a report asks of every binding limit; returns the seconds with another figure and without a limit."""
    watch = Stopwatch()
    with watch.running():
        limit_effects(problem, solution)
    return tuple(watch.seconds[WITH]), tuple(watch.seconds[WITHOUT])


def _beside(case: Case, solution: Solution) -> Beside:
    """Build and solve the solution's last programme twice: by the product, and as matrices."""
    watch = Stopwatch()
    with watch.running():
        solving.Programme(solution.joined.instance, solution.breakpoints).solve()
    direct = solve_direct(solution.joined.instance, solution.breakpoints)
    difference = _difference(case, solution, direct)
    highs = watch.total(HIGHS)
    return Beside(
        build_seconds=watch.total(FIRST) - highs,
        solve_seconds=highs,
        direct_build_seconds=direct.build_seconds,
        direct_solve_seconds=direct.solve_seconds,
        difference=difference,
    )


def _difference(case: Case, solution: Solution, direct: Direct) -> float:
    """Return the relative difference of the objectives, and refuse one that is more than noise."""
    difference = abs(direct.avoided - solution.objective) / max(abs(solution.objective), 1e-12)
    if difference > SAME_OBJECTIVE:
        raise WardcastError(
            ErrorKind.INTERNAL,
            f"{case.title}: the programme avoids {solution.objective:.9g}, the same one written as matrices "
            f"{direct.avoided:.9g}. One of the two is wrong, so nothing is reported.",
        )
    return difference
