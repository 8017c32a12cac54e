"""The allocation benchmark: what it solves, what it refuses to report, and how plainly it tells what was missed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import bench_allocation
from allocation_bench import measurement
from allocation_bench.case import CASES, TARGETS
from allocation_bench.direct import Direct, solve_direct
from allocation_bench.inputs import demand_by_ward, drawn_inputs
from allocation_bench.measurement import Measurement, measure
from allocation_bench.quarter import quarter
from allocation_bench.report import report, targets
from allocation_bench.stopwatch import HIGHS, STEPS, Stopwatch
from tests.plans import make_instance
from wardcast_models.allocation.limits.limit import Limit, LimitKind
from wardcast_models.allocation.programme import solve as solving
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.allocation.programme.solve import solve
from wardcast_models.errors import WardcastError

FEW = 5


def drawn(n_wards: int = FEW, *, coupled: bool = True) -> Instance:
    inputs = drawn_inputs(n_wards)
    return inputs.assembled(quarter(demand_by_ward(inputs.forecast), coupled=coupled)).instance


def months_of(limit: Limit, instance: Instance) -> list[set[int]]:
    """Return the months that each row of a limit is about."""
    rows = []
    for row in range(len(limit.bound)):
        cells = limit.hours[[row]].indices
        curves = limit.avoided[[row]].indices if limit.avoided is not None else np.zeros(0, dtype=int)
        months = {*np.unravel_index(cells, instance.shape)[1].tolist()}
        rows.append(months | {*np.unravel_index(curves, instance.value.shape)[1].tolist()})
    return rows


def some(case: str, **figures: float | str | None) -> Measurement:
    return replace(Measurement(case=case, wards=19), **figures)


def test_every_kind_of_limit_is_in_the_programme() -> None:
    kinds = {limit.kind for limit in drawn().limits}
    assert kinds == set(LimitKind)


def test_a_ward_has_as_many_hours_in_a_large_place_as_in_a_small_one() -> None:
    small, large = drawn(4), drawn(8)
    assert small.capacity.sum() / 4 == pytest.approx(large.capacity.sum() / 8)


def test_without_the_limits_over_the_whole_plan_no_limit_ties_two_months() -> None:
    apart, tied = drawn(coupled=False), drawn()
    assert all(len(months) <= 1 for limit in apart.limits for months in months_of(limit, apart))
    assert any(len(months) > 1 for limit in tied.limits for months in months_of(limit, tied))


@pytest.mark.parametrize("case", ["lbbd", "lbbd-months-apart", "lbbd-cvar"])
def test_the_same_programme_as_matrices_has_the_same_optimum(case: str) -> None:
    found = measure(case, n_wards=FEW)
    assert found.failure is None
    assert found.beside is not None
    assert found.beside.difference <= 1e-9


def test_effects_that_spill_over_are_in_the_matrices_too() -> None:
    solution = solve(make_instance(seed=3, spill_over=0.2, like_shifts=False))
    alone = solve_direct(solution.joined.instance, solution.breakpoints)
    assert alone.avoided == pytest.approx(solution.objective, rel=1e-7)


def test_nothing_is_reported_where_the_two_programmes_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Direct(build_seconds=0.0, solve_seconds=0.0, avoided=1.0)
    monkeypatch.setattr(measurement, "solve_direct", lambda *_: wrong)
    with pytest.raises(WardcastError, match="One of the two is wrong"):
        measure("lbbd-months-apart", n_wards=FEW)


def test_every_binding_limit_is_asked_for_one_unit_more_and_one_less() -> None:
    found = measure("lbbd", n_wards=FEW)
    assert len(found.with_seconds) >= 2
    assert found.slowest_what_if_seconds == max(found.with_seconds)


def test_a_request_that_cannot_be_met_is_told_and_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allocation_bench.quarter.WARD_MOST_HOURS", 1.0)
    found = measure("lbbd", n_wards=FEW)
    assert found.failure is not None
    assert "cannot be met" in found.failure


def test_the_parts_are_within_the_whole_and_the_product_is_left_as_it_was() -> None:
    before = {name: getattr(solving, name) for name in ("Programme", *STEPS)}
    watch = Stopwatch()
    with watch.part("whole"), watch.running():
        solve(make_instance())
    parts = watch.totals()
    assert 0 < parts[HIGHS] < parts["whole"]
    assert sum(seconds for part, seconds in parts.items() if part not in {HIGHS, "whole"}) < parts["whole"]
    assert {name: getattr(solving, name) for name in before} == before


def test_a_target_is_met_only_where_every_run_is_within_it() -> None:
    runs = {
        "lbbd": [some("lbbd", solve_seconds=seconds) for seconds in (0.5, 0.6, 1.4)],
        "lbbd-cvar": [some("lbbd-cvar", solve_seconds=8.5)],
        "london": [some("london", failure="No plan was found within 60 seconds a solve.")],
    }
    table = targets(runs).set_index(["area", "programme", "figure"])[""]
    told = [told for place in ("Barking and Dagenham", "all London") for told in table.loc[place]]
    assert told == [
        "met by the median only",
        "missed",
        "met",
        "missed: no plan",
        "missed: no plan",
    ]


def test_a_case_without_a_plan_says_why() -> None:
    why = "No plan was found within 60 seconds a solve."
    text = report({"london": [some("london", failure=why)]}, data="Drawn places, no real data.")
    assert f"- all London, all limits: {why}" in text


def test_every_target_is_of_a_case_that_is_run() -> None:
    assert {target.case for target in TARGETS} <= set(CASES)


def test_a_quick_run_prints_its_tables_and_keeps_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert bench_allocation.main(["--quick", "--cases", "lbbd", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert printed.strip() == (tmp_path / "report.md").read_text(encoding="utf-8").strip()
    assert "say nothing about the targets" in printed
    assert "HiGHS alone, solve" in printed
    run = json.loads((tmp_path / "raw.json").read_text(encoding="utf-8"))["lbbd"][0]
    assert run["gap"] < 1e-5
    assert run["peak_mib"] >= run["idle_mib"] > 0


def test_data_that_are_not_there_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert bench_allocation.main(["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path)]) == 2
    assert "--data: expected a folder of official files" in capsys.readouterr().err
