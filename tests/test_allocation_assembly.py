"""How a request and what is known of an area become an allocation problem, and what is refused where data lack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Polygon, box

from tests.panels import make_panel
from tests.plans import make_request
from tests.problems import (
    COUNCIL,
    PATROL,
    PERSONS,
    WARDS,
    grouped,
    mapped,
    panel_with_persons,
    problem_of,
    some_forecast,
)
from wardcast_models.errors import WardcastError
from wardcast_models.reference.assumptions import assumption


def test_neighbours_share_what_spills_over_equally() -> None:
    squares = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(5, 5, 6, 6)]
    problem = problem_of(
        make_request(PATROL, objective={"spill_over": 0.2}), panel=mapped(panel_with_persons(), squares)
    )
    # The second and the third touch at a corner; the fourth stands alone.
    expected = 0.2 * np.array([[0, 0.5, 0.5, 0], [0.5, 0, 0.5, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 0]])
    assert problem.instance.spill == pytest.approx(expected)


def test_a_polygon_that_crosses_itself_still_has_neighbours() -> None:
    bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    squares = [bow_tie, box(1, 0, 2, 1), box(2, 0, 3, 1), box(3, 0, 4, 1)]
    facts = problem_of(make_request(PATROL), panel=mapped(panel_with_persons(), squares)).facts
    assert facts.neighbours is not None
    assert facts.neighbours[0] == pytest.approx([0, 1, 0, 0])
    assert facts.neighbours[1] == pytest.approx([0.5, 0, 0.5, 0])


def test_persons_exposed_are_those_of_the_months_planned() -> None:
    growing = {code: {2021: persons, 2023: 2 * persons} for code, persons in zip(WARDS, PERSONS, strict=True)}
    panel = make_panel(census_persons=PERSONS, projection=growing)
    summer = replace(some_forecast(), months=pd.date_range("2022-06-01", periods=3, freq="MS"))
    soon = problem_of(make_request(PATROL), panel=panel).facts.persons
    later = problem_of(make_request(PATROL), panel=panel, forecast=summer).facts.persons
    assert soon is not None
    assert later is not None
    assert (later[:, 0] > soon[:, -1]).all()
    assert soon.shape == later.shape == (4, 3)


@pytest.mark.parametrize(
    ("limits", "where", "mend"),
    [
        ({"burden_ceiling_hours_per_1000": 10}, "limits.burden_ceiling_hours_per_1000", "residents by ward"),
        ({"protection_floor": 0.5, "protection_by": "group"}, "limits.protection_by", "`ward_code, group`"),
        (
            {"ring_fences": [{"name": "x", "hours_per_month": 5, "group": "centre"}]},
            "limits.ring_fences[0].group",
            "ward",
        ),
    ],
)
def test_a_limit_that_the_data_cannot_measure_is_refused_with_the_file_to_supply(
    limits: dict[str, Any], where: str, mend: str
) -> None:
    with pytest.raises(WardcastError) as refused:
        problem_of(make_request(PATROL, limits=limits), panel=make_panel())
    assert [problem.where for problem in refused.value.problems] == [where]
    assert mend in refused.value.problems[0].mend


def test_spill_over_without_boundaries_and_a_group_that_misses_wards_are_refused() -> None:
    with pytest.raises(WardcastError, match="no polygons in the data"):
        problem_of(make_request(PATROL, objective={"spill_over": 0.1}))
    limits = {"protection_floor": 0.5, "protection_by": "group"}
    with pytest.raises(WardcastError, match="none for Ward 3, Ward 4"):
        problem_of(make_request(PATROL, limits=limits), panel=grouped(panel_with_persons(), "north", "south", "", ""))


def test_futures_are_paths_taken_evenly_each_with_one_of_the_elasticities() -> None:
    request = make_request(PATROL, objective={"cvar_weight": 0.3, "cvar_paths": 50})
    problem = problem_of(request)
    futures = problem.instance.futures
    assert futures is not None
    assert (futures.weight, futures.level) == (0.3, 0.9)
    assert sorted(np.bincount(futures.response)) == [12, 12, 13, 13]
    of_elasticity = [response.elasticities for response in futures.responses]
    assert of_elasticity == [(value,) for value in problem.instance.response.elasticities]
    every_second = problem_of(request, forecast=replace(some_forecast(), paths=some_forecast().paths[::2]))
    assert futures.value.mean(axis=0) == pytest.approx(every_second.instance.value)
    again = problem_of(request).instance.futures
    assert again is not None
    assert np.array_equal(futures.response, again.response), "equal inputs, equal futures"


def test_the_plan_aims_at_the_mean_over_the_packaged_elasticities() -> None:
    response = problem_of(make_request(PATROL, objective={"elasticity": 0.6})).instance.response
    assert response.elasticities == pytest.approx((0.0, 0.3, 0.6, 0.8))
    assert response.cap == assumption("effect_cap").value


def test_units_are_kept_only_where_whole_units_are_asked_for() -> None:
    team = {**PATROL, "unit_hours": 8}
    assert problem_of(make_request(team)).instance.unit_hours is None
    whole = problem_of(make_request(team, {**COUNCIL, "unit_hours": 4}, whole_units=True)).instance
    assert whole.unit_hours is not None
    assert dict(zip(whole.resources, whole.unit_hours, strict=True)) == {"Patrol": 8, "Wardens": 4}
