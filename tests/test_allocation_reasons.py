"""Plans say what their hours and changes rest on, ward by ward and team by team, however many hours there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.plans import POLICE, WARDENS, make_forecast, make_plan, make_request
from wardcast_models.allocation.plan import Plan


def test_expected_crime_is_compared_with_the_same_months_a_year_earlier() -> None:
    categories = ("violence_with_injury", "burglary_residential")
    past = make_panel()
    counts = past.counts.copy()
    counts[:, :, -12:-9] = 5.0  # January to March are quiet: the other months must not count
    plan = make_plan(make_request(), make_forecast(categories=categories), replace(past, counts=counts))
    first = next(ward for ward in plan.wards if ward.ward_name == "Ward 1")
    assert first.trend == pytest.approx(6.0, rel=0.05)
    assert any("above the same months a year earlier (60 against 10 a month)" in said for said in first.drivers)
    counts[0, 0, -11] = np.nan
    plan = make_plan(make_request(), make_forecast(categories=categories), replace(past, counts=counts))
    assert next(ward for ward in plan.wards if ward.ward_name == "Ward 1").trend == pytest.approx(1.1, rel=0.05)
    assert "in 1 of 4 wards these were not observed" in _stated(plan, "Change in crime")


def test_the_plan_says_what_decides_the_hours_of_each_shift() -> None:
    assert "the shift table, not data, decides" in _stated(make_plan(make_request()), "Hours by shift")
    rows = [
        (f"E0500000{ward}", shift, hours) for ward in range(1, 5) for shift, hours in (("day", 900.0), ("late", 90.0))
    ]
    rows += [(f"E0500000{ward}", "night", 900.0) for ward in range(1, 5)]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    plan = make_plan(make_request(), panel=replace(make_panel(), baseline_hours=supplied))
    said = _stated(plan, "Hours by shift")
    assert "late 82%" in said
    assert "the baseline by shift decides" in said
    assert not any("shift table, not data" in assumption.statement for assumption in plan.assumptions)


def test_a_plan_says_what_every_resource_does_delivers_and_costs() -> None:
    plan = make_plan(
        make_request({**POLICE, "cost_per_hour": 40, "shifts": ["late"]}, {**WARDENS, "cost_per_hour": 20})
    )
    patrol, wardens = plan.resources
    assert patrol.hours_planned == pytest.approx(2400)
    assert patrol.hours_delivered == pytest.approx(2400 * 25 / 45, rel=1e-3)
    assert patrol.cost_pounds == pytest.approx(96_000)
    assert patrol.harm_avoided.mean == pytest.approx(plan.effect.mean)
    assert any("It works in these shifts only: late." in sentence for sentence in patrol.reasons)
    assert any(
        "The hours of Patrol are all used in every month: one hour more a month is worth" in said
        for said in patrol.reasons
    )
    assert wardens.harm_avoided.q95 == 0
    assert any("No effect on crime is claimed for it, because no study" in sentence for sentence in wardens.reasons)
    assert any("510 of 600 hours over the plan are not assigned" in sentence for sentence in wardens.reasons)
    assert plan.cost_pounds == pytest.approx(sum(each.cost_pounds or 0 for each in plan.resources))


def test_hours_used_up_in_some_months_only_are_told_with_their_months() -> None:
    shift_hours = {**POLICE, "hours_by_month": {"2022-02": 100}, "hours_by_shift": {"night": 30}}
    limits = {"budget_hours": 1200, "ward_max_hours_per_month": 150}
    patrol = make_plan(make_request(shift_hours, limits=limits)).resources[0].reasons
    assert any(said.startswith("The hours of Patrol are all used in 2022-02 only: one hour more") for said in patrol)
    night = [said for said in patrol if said.startswith("The hours of Patrol in the night shift are")]
    assert len(night) == 1
    assert night[0].startswith("The hours of Patrol in the night shift are all used in every month: one hour more")


def test_a_ring_fence_over_several_wards_is_no_reason_for_any_one_of_them() -> None:
    wards = ["E05000003", "E05000004"]
    fence = {"name": "Two wards", "hours_per_month": 400, "wards": wards}
    plan = make_plan(make_request(POLICE, limits={"ring_fences": [fence]}))
    counts = 'Its hours count towards the ring-fence "Two wards", which holds several wards together in 3 of 3 months.'
    for ward in plan.wards:
        said = " ".join(ward.drivers)
        assert (counts in said) == (ward.ward_code in wards and ward.hours > 0)
        assert "eased by here" not in said
    alone = {"name": "One ward", "hours_per_month": 300, "wards": wards[1:]}
    plan = make_plan(make_request(POLICE, limits={"ring_fences": [alone]}))
    last = next(ward for ward in plan.wards if ward.ward_name == "Ward 4")
    assert 'Held up by the ring-fence "One ward" in 3 of 3 months; at first, each unit' in " ".join(last.drivers)


def test_hours_left_over_are_not_said_to_lack_an_entry_that_the_request_has() -> None:
    plan = make_plan(make_request(POLICE, {**WARDENS, "effectiveness": {"bicycle_theft": 0.5}}))
    wardens = plan.resources[1].reasons
    assert any("what the request says they affect is not in reach of this plan, so" in said for said in wardens)
    assert not any("no entry in the request" in said for said in wardens)


def test_the_cost_of_a_plan_is_told_only_where_every_cost_is_given() -> None:
    assert make_plan(make_request({**POLICE, "cost_per_hour": 40}, WARDENS)).cost_pounds is None


def test_each_wards_resources_come_with_their_own_reasons() -> None:
    plan = make_plan(make_request(POLICE, WARDENS))
    first = next(ward for ward in plan.wards if ward.ward_name == "Ward 1")
    by_name = {share.resource: share for share in first.resources}
    assert sum(share.hours for share in first.resources) == pytest.approx(first.hours)
    assert by_name["Patrol"].rank == 1
    assert by_name["Patrol"].reasons[0].startswith("39.8% of the harm that it affects is here (rank 1 of 4)")
    assert any("Mostly Violence with injury" in sentence for sentence in by_name["Patrol"].reasons)
    wardens = by_name["Wardens"].reasons
    assert wardens[0] == "No effect on crime is claimed for it, so need does not draw its hours."
    assert "Held up by the hours ring-fenced for anti-social behaviour in 3 of 3 months." in wardens


def test_the_parts_of_several_resources_add_up_to_the_effect() -> None:
    second = {**POLICE, "name": "Second patrol", "hours_per_month": 300, "shifts": ["night"]}
    third = {**WARDENS, "effectiveness": {"criminal_damage": 0.5}}
    plan = make_plan(make_request(POLICE, second, third, objective={"after_dark_weight": 0.5}))
    assert sum(each.harm_avoided.mean for each in plan.resources) == pytest.approx(plan.effect.mean)
    assert all(each.harm_avoided.q05 == 0 for each in plan.resources)


@pytest.mark.timeout(60)  # it once never ended
@pytest.mark.parametrize("hours", [20_000, 100_000, 10_000_000])
def test_far_more_hours_than_can_do_anything_are_planned_at_once(hours: float) -> None:
    forecast, panel = make_forecast(n_wards=9), make_panel(n_wards=9)
    by_shift = {"day": 900.0, "late": 600.0, "night": 300.0}
    rows = [
        (code, shift, hours_there * (1 + ward / 7))
        for ward, code in enumerate(panel.area.ward_codes)
        for shift, hours_there in by_shift.items()
    ]
    supplied = pd.DataFrame(rows, columns=["ward_code", "shift", "officer_hours_per_month"])
    request = make_request({**POLICE, "hours_per_month": hours})
    plan = make_plan(request, forecast, replace(panel, baseline_hours=supplied))
    assert plan.status == "optimal"
    if hours > 1e6:
        assert "Nothing more is claimed" in _stated(plan, "Hours beyond the largest claim")


def _stated(plan: Plan, topic: str) -> str:
    return next(assumption.statement for assumption in plan.assumptions if assumption.topic == topic)
