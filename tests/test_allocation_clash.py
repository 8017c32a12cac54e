"""Requests that cannot be met say which limits clash, and by how many hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.drawn_problems import drawn
from tests.linear_programmes import fine_chords, optimum_by_scipy
from tests.plans import make_instance
from wardcast_models.allocation.limits.limit import Limit, LimitKind
from wardcast_models.allocation.programme.clash import Clash, Side, clash_of
from wardcast_models.allocation.programme.instance import Instance
from wardcast_models.errors import ErrorKind


def closed_off(instance: Instance, *wards: int) -> Instance:
    """Let no team work in some wards."""
    allowed = instance.allowed.copy()
    allowed[list(wards)] = False
    return replace(instance, allowed=allowed)


CLASHING = {
    "minimums beyond the hours": make_instance(seed=1, ward_min=400.0),
    "a minimum above the maximum": make_instance(seed=1, ward_min=80.0, ward_max=50.0),
    "locked beyond a team's hours": make_instance(seed=1, locked=900.0),
    "locked below a floor": make_instance(seed=1, locked=10.0, floor=0.9),
    "a floor above the largest share": make_instance(seed=1, n_resources=1, floor=1.0, ward_max_share=0.2),
    "a ring-fence where no team may work": closed_off(make_instance(seed=1, ring_fence=40.0), 0, 1),
    "a minimum where no team may work": closed_off(make_instance(seed=1, ward_min=20.0), 2),
    "a budget below the minimums": make_instance(seed=1, ward_min=80.0, budget_share=0.3),
    "pounds below the minimums": make_instance(seed=1, ward_min=80.0, budget_pounds=9_000.0),
    "stability against locked hours": make_instance(seed=1, locked=250.0, most_change=20.0),
    "a burden ceiling below the minimums": make_instance(seed=1, ward_min=150.0, burden=20.0),
    "protection beyond the largest share": make_instance(seed=1, n_resources=1, protection=0.9, ward_max=20.0),
    "a budget, a ring-fence and locked hours": make_instance(
        seed=1, budget_share=0.3, ring_fence=250.0, locked=150.0, ward_max_share=0.9
    ),
}

EXPECTED: dict[str, set[LimitKind]] = {
    "minimums beyond the hours": {LimitKind.WARD_MIN, LimitKind.CAPACITY},
    "a minimum above the maximum": {LimitKind.WARD_MIN, LimitKind.WARD_MAX},
    "locked beyond a team's hours": {LimitKind.LOCKED, LimitKind.CAPACITY},
    "locked below a floor": {LimitKind.LOCKED, LimitKind.ASB_FLOOR},
    "a floor above the largest share": {LimitKind.ASB_FLOOR, LimitKind.WARD_MAX_SHARE},
    "a ring-fence where no team may work": {LimitKind.RING_FENCE},
    "a minimum where no team may work": {LimitKind.WARD_MIN},
    "a budget below the minimums": {LimitKind.WARD_MIN, LimitKind.BUDGET_HOURS},
    "pounds below the minimums": {LimitKind.WARD_MIN, LimitKind.BUDGET_POUNDS},
    "stability against locked hours": {LimitKind.LOCKED, LimitKind.STABILITY_MAX},
}


STABILITY = (LimitKind.STABILITY_MIN, LimitKind.STABILITY_MAX)


@pytest.fixture(params=CLASHING)
def clashing(request: pytest.FixtureRequest) -> tuple[str, Instance, Clash]:
    """A problem that no plan can meet, with its name and what was found."""
    instance = CLASHING[request.param]
    found = clash_of(instance)
    assert found is not None
    return request.param, instance, found


def test_the_limits_named_clash_and_without_any_row_of_any_of_them_a_plan_exists(
    clashing: tuple[str, Instance, Clash],
) -> None:
    _, instance, found = clashing
    named = tuple(rows_of_side(side) for side in found.sides)
    assert not can_be_met(with_limits(instance, named))
    for at, limit in enumerate(named):
        for row in range(limit.bound.size):
            fewer = (*named[:at], limit.only(np.delete(np.arange(limit.bound.size), row)))
            assert can_be_met(with_limits(instance, (*fewer, *named[at + 1 :])))


def test_those_are_named_that_clash(clashing: tuple[str, Instance, Clash]) -> None:
    name, _, found = clashing
    if name in EXPECTED:
        assert {side.limit.kind for side in found.sides} == EXPECTED[name]


def test_each_repair_is_enough_and_one_percent_less_is_not(clashing: tuple[str, Instance, Clash]) -> None:
    _, instance, found = clashing
    mending = [side for side in found.sides if side.units_to_mend is not None]
    assert mending
    if found.is_one_of_several:
        instance = with_limits(instance, tuple(rows_of_side(side) for side in found.sides))
    for side in mending:
        assert can_be_met(mended(instance, side, 1.0 + 1e-6))
        assert not can_be_met(mended(instance, side, 0.99))


def test_the_cheapest_repair_comes_first_and_is_told(clashing: tuple[str, Instance, Clash]) -> None:
    _, _, found = clashing
    hours = [round(side.hours_to_mend, 6) for side in found.sides if side.units_to_mend is not None]
    assert hours == sorted(hours)
    error = found.error()
    assert error.kind is ErrorKind.INFEASIBLE
    assert "The cheapest way to mend it: " in error.message
    told = error.message.split("The cheapest way to mend it: ")[1]
    assert error.problems[0].mend.split(" in all")[0].lower() in told.lower()


def test_the_words_name_every_limit_and_its_field(clashing: tuple[str, Instance, Clash]) -> None:
    _, _, found = clashing
    error = found.error()
    for side in found.sides:
        assert side.limit.label in error.message
        assert side.limit.unit in error.message
    assert [problem.where for problem in error.problems] == [side.limit.field for side in found.sides]


@pytest.mark.parametrize("seed", [0, 2, 3, 5, 8])
def test_where_a_plan_can_keep_all_limits_nothing_clashes(seed: int) -> None:
    assert can_be_met(drawn(seed))
    assert clash_of(drawn(seed)) is None


def test_limits_on_nothing_at_all_do_not_clash() -> None:
    assert clash_of(closed_off(make_instance(seed=1, ward_max=50.0), 0, 1, 2, 3)) is None


def test_locked_hours_beyond_a_team_are_to_be_lowered_and_locked_hours_below_a_floor_raised() -> None:
    beyond, below = (clash_of(CLASHING[name]) for name in ("locked beyond a team's hours", "locked below a floor"))
    assert beyond is not None
    assert below is not None
    mend = {problem.where: problem.mend for clash in (beyond, below) for problem in clash.error().problems[::-1]}
    assert any("Lower the locked to" in problem.mend for problem in beyond.error().problems)
    assert any("Raise the locked to" in problem.mend for problem in below.error().problems)
    assert set(mend) == {"test.locked", "test.capacity", "test.asb_floor"}


def test_a_clash_among_several_says_so_and_how_it_alone_is_mended() -> None:
    several = clash_of(make_instance(seed=1, locked=900.0, ward_min=80.0, ward_max=50.0))
    assert several is not None
    assert several.is_one_of_several
    assert "The cheapest way to mend it: " in several.error().message
    assert several.error().message.endswith("Other limits clash as well; they are told once this is mended.")


def test_one_figure_that_sets_two_limits_is_relaxed_in_both() -> None:
    instance = make_instance(seed=1, locked=250.0, most_change=20.0)
    one_figure = with_limits(
        instance,
        tuple(
            replace(limit, field="limits.stability") if limit.kind in STABILITY else limit for limit in instance.limits
        ),
    )
    found = clash_of(one_figure)
    assert found is not None
    assert not found.is_one_of_several
    side = next(side for side in found.sides if side.limit.field == "limits.stability")
    assert can_be_met(mended(one_figure, side, 1.0 + 1e-6))
    assert not can_be_met(mended(one_figure, side, 0.99))


def test_harm_is_not_told_as_hours() -> None:
    found = clash_of(CLASHING["protection beyond the largest share"])
    assert found is not None
    message = found.error().message
    assert "short by" not in message
    assert "percent of the harm avoided" in message


def can_be_met(instance: Instance) -> bool:
    """Tell whether a plan can keep all limits, by the second formulation."""
    return optimum_by_scipy(instance, fine_chords(instance, 200)) is not None


def with_limits(instance: Instance, limits: tuple[Limit, ...]) -> Instance:
    return replace(instance, limits=limits)


def rows_of_side(side: Side) -> Limit:
    return side.limit.only(np.array(side.rows))


def mended(instance: Instance, side: Side, part: float) -> Instance:
    """Return the problem with a side's figure changed by part of what it is said to need."""
    assert side.units_to_mend is not None
    units = part * side.units_to_mend
    return with_limits(
        instance,
        tuple(
            replace(limit, bound=limit.bound + units * limit.step) if limit.field == side.limit.field else limit
            for limit in instance.limits
        ),
    )
