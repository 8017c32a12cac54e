"""The small-number rule: no hidden count can be worked out, by anybody's arithmetic."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from wardcast_models.disclosure.bounds import Shown, feasible_ranges
from wardcast_models.disclosure.cells import Cells, Sum
from wardcast_models.disclosure.protection import Protection, protect, rounded_to
from wardcast_models.disclosure.rule import Method, SmallNumberRule, packaged_rule, read_rule
from wardcast_models.errors import WardcastError

SENSITIVE_COLUMNS = 2


def ward_table(counts: NDArray[np.int64]) -> Cells:
    """Wards by categories with every margin published; the first two categories are sensitive."""
    wards, categories = counts.shape
    inner = np.arange(wards * categories).reshape(wards, categories)
    values = [int(count) for count in counts.ravel()]
    sums: list[Sum] = []
    by_ward = [len(values) + number for number in range(wards)]
    values.extend(int(count) for count in counts.sum(axis=1))
    by_category = [len(values) + number for number in range(categories)]
    values.extend(int(count) for count in counts.sum(axis=0))
    everything = len(values)
    values.append(int(counts.sum()))
    sums.extend(Sum(total=total, members=tuple(map(int, row))) for total, row in zip(by_ward, inner, strict=True))
    sums.extend(Sum(total=total, members=tuple(map(int, row))) for total, row in zip(by_category, inner.T, strict=True))
    sums.append(Sum(total=everything, members=tuple(by_ward)))
    sums.append(Sum(total=everything, members=tuple(by_category)))
    sensitive = np.zeros(len(values), dtype=np.bool_)
    sensitive[inner[:, :SENSITIVE_COLUMNS].ravel()] = True
    measures = [f"category {number}" for number in range(categories)]
    names = pd.DataFrame(
        [
            *((measure, f"ward {ward}", "count") for ward in range(wards) for measure in measures),
            *(("all", f"ward {ward}", "count") for ward in range(wards)),
            *((measure, "", "count") for measure in measures),
            ("all", "", "count"),
        ],
        columns=["measure", "ward_code", "slot"],
    )
    return Cells(
        names=names,
        counts=np.array(values, dtype=np.float64),
        sensitive=sensitive,
        unpublished=np.zeros(len(values), dtype=np.bool_),
        sums=tuple(sums),
    )


def range_by_another_solver(cells: Cells, protection: Protection, cell: int) -> tuple[int, float]:
    """The smallest and largest whole number of a cell, by CBC on integer variables."""
    ends: list[float] = []
    for sense in (pulp.LpMinimize, pulp.LpMaximize):
        problem = pulp.LpProblem("range", sense)
        variables = [
            pulp.LpVariable(
                f"x{number}",
                lowBound=float(protection.shown.low[number]),
                upBound=min(float(protection.shown.high[number]), 10_000),
                cat="Integer",
            )
            for number in range(len(cells))
        ]
        problem += variables[cell]
        for one in cells.sums:
            problem += pulp.lpSum(variables[member] for member in one.members) == variables[one.total]
        assert problem.solve(pulp.PULP_CBC_CMD(msg=False)) == pulp.LpStatusOptimal
        ends.append(round(float(pulp.value(problem.objective))))
    return int(ends[0]), ends[1]


small_tables = st.integers(2, 6).flatmap(
    lambda wards: st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=wards, max_size=wards).map(
        lambda rows: np.array(rows, dtype=np.int64)
    )
)
methods = st.sampled_from(list(Method))


@settings(max_examples=60, deadline=None)
@given(counts=small_tables, method=methods, least_width=st.integers(3, 6), beyond=st.integers(2, 4))
def test_every_hidden_count_stays_uncertain_and_the_range_holds_the_truth(
    counts: NDArray[np.int64], method: Method, least_width: int, beyond: int
) -> None:
    sensitive = packaged_rule().sensitive
    rule = SmallNumberRule(
        method=method, threshold=least_width + beyond, least_width=least_width, sensitive=sensitive, rounding_base=13
    )
    cells = ward_table(counts)
    protection = protect(cells, rule)
    hidden = ~protection.shown.exact
    assert np.all(protection.ranges.low <= cells.counts)
    assert np.all(cells.counts <= protection.ranges.high)
    assert np.all(protection.ranges.width[hidden] >= least_width)


@settings(max_examples=60, deadline=None)
@given(counts=small_tables)
def test_no_small_sensitive_count_is_shown(counts: NDArray[np.int64]) -> None:
    cells = ward_table(counts)
    protection = protect(cells, packaged_rule())
    small = cells.sensitive & (cells.counts >= 1) & (cells.counts < packaged_rule().threshold)
    assert not (small & protection.shown.exact).any()


@pytest.mark.parametrize("seed", range(4))
def test_the_ranges_agree_with_another_solver_on_whole_numbers(seed: int) -> None:
    counts = np.random.default_rng(seed).poisson([2, 4, 30, 60], size=(5, 4)).astype(np.int64)
    cells = ward_table(counts)
    protection = protect(cells, packaged_rule())
    hidden = np.flatnonzero(~protection.shown.exact)
    assert len(hidden)
    for cell in hidden[:6]:
        low, high = range_by_another_solver(cells, protection, int(cell))
        assert low >= protection.ranges.low[cell]
        assert high <= protection.ranges.high[cell]
        assert high - low >= packaged_rule().least_width


def test_the_range_of_a_small_table_is_the_one_found_by_trying_every_number() -> None:
    counts = np.array([[1, 2, 5, 4], [3, 1, 2, 6]], dtype=np.int64)
    cells = ward_table(counts)
    exact = np.ones(len(cells), dtype=np.bool_)
    exact[[0, 1, 4, 5]] = False
    values = cells.counts.astype(np.float64)
    shown = Shown(exact=exact, low=np.where(exact, values, 0.0), high=np.where(exact, values, np.inf))
    found = feasible_ranges(cells, shown)
    tried = [
        (a, b, c, d)
        for a, b, c, d in product(range(10), repeat=4)
        if a + b == 3 and c + d == 4 and a + c == 4 and b + d == 3
    ]
    for position, cell in enumerate([0, 1, 4, 5]):
        assert found.low[cell] == min(one[position] for one in tried)
        assert found.high[cell] == max(one[position] for one in tried)


def test_hiding_only_the_small_count_gives_it_away() -> None:
    counts = np.array([[2, 9, 40, 50], [30, 20, 60, 70], [25, 26, 80, 90]], dtype=np.int64)
    cells = ward_table(counts)
    exact = np.ones(len(cells), dtype=np.bool_)
    exact[0] = False
    values = cells.counts.astype(np.float64)
    found = feasible_ranges(
        cells, Shown(exact=exact, low=np.where(exact, values, 0), high=np.where(exact, values, np.inf))
    )
    assert (found.low[0], found.high[0]) == (2.0, 2.0)
    protection = protect(cells, packaged_rule())
    assert protection.complementary.sum() == 3  # one in its row, one in its column and one where the two meet
    assert protection.narrowest >= 3


def test_a_table_without_small_counts_is_shown_whole() -> None:
    cells = ward_table(np.full((4, 4), 50, dtype=np.int64))
    protection = protect(cells, packaged_rule())
    assert protection.shown.exact.all()
    assert protection.narrowest == np.inf


def test_true_zeros_stay_visible_where_nothing_needs_them() -> None:
    counts = np.array([[0, 8, 40, 50], [0, 20, 60, 70]], dtype=np.int64)
    assert protect(ward_table(counts), packaged_rule()).shown.exact.all()


@given(counts=st.lists(st.integers(0, 500), min_size=1, max_size=30), base=st.integers(1, 20))
def test_rounding_is_to_the_nearest_multiple(counts: list[int], base: int) -> None:
    rounded = rounded_to(np.array(counts, dtype=np.float64), base)
    assert np.all(rounded % base == 0)
    assert np.all(np.abs(rounded - np.array(counts)) * 2 <= base)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ("method: round\nthreshold: 5\nrounding_base: 4", "rounding_base", "a count rounded to 0"),
        ("threshold: 4", "least_width", "at most threshold - 2"),
        ("threshold: 5\nsensitive: [treason]", "sensitive", "treason"),
        ("threshold: many", "threshold", "a whole number"),
        ("threshold: -1", "threshold", "greater than or equal to 3"),
        ("threshold: 5\nleast_width: yes", "least_width", "a whole number"),
        ("threshold: 5\nleast_width: 2", "least_width", "3 or more: a hidden count that can be worked out"),
        ("method: round\nthreshold: 5\nleast_width: 1", "least_width", "3 or more"),
        ("threshold: 5\nreason: ''", "reason", "text that is not empty"),
        ("threshold: 5\nsensitive: [rape, rape]", "sensitive", "each category once"),
        ("threshold: 5\nsensitive: rape", "sensitive", "a list"),
        ("threshold: 5\ngrouped: [arson]", "grouped", "unknown key"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_by_field(tmp_path: Path, fields: str, field: str, said: str) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(fields if "sensitive" in fields else f"{fields}\nsensitive: [rape]", encoding="utf-8")
    with pytest.raises(WardcastError) as refused:
        read_rule(path)
    problem = refused.value.problems[0]
    assert problem.where.startswith(f"ours.yaml: {field}")
    assert said in f"{problem.expected} {problem.found}"
    assert problem.mend


def test_counts_carried_by_shares_are_kept_as_uncertain_as_whole_ones() -> None:
    cells = ward_table(np.array([[2, 9, 40, 50], [30, 20, 60, 70], [25, 26, 80, 90]], dtype=np.int64))
    carried = replace(cells, counts=cells.counts * 0.9)
    protection = protect(carried, packaged_rule())
    assert not protection.shown.exact[0]
    assert protection.narrowest >= 3 - 1e-6
