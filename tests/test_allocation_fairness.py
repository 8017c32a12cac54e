"""Both faces of fairness: what wards and groups get for their need, and what enforcement they bear."""

from __future__ import annotations

import pytest

from tests.panels import make_panel
from tests.plans import make_request
from tests.problems import COUNCIL, PATROL, PERSONS, grouped, panel_with_persons, some_forecast
from wardcast_models.allocation.allocate import allocate
from wardcast_models.allocation.plan import GroupFairness, Plan
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.panel.panel import Panel

YOUTH = {"name": "Youth workers", "type": "youth_outreach", "agency": "council", "hours_per_month": 100}


def test_protection_is_harm_avoided_per_unit_of_need() -> None:
    plan = _plan(make_request(PATROL))
    for ward in plan.wards:
        assert ward.protection == pytest.approx(ward.harm_avoided.mean / ward.need_harm)


def test_burden_is_enforcement_hours_a_month_per_thousand_persons() -> None:
    request = make_request(PATROL, {**YOUTH, "wards": ["E05000002"]}, limits={"ward_min_hours_per_month": 100})
    plan = _plan(request)
    persons = {f"E0500000{number}": count for number, count in enumerate(PERSONS, start=1)}
    for ward in plan.wards:
        patrol = sum(share.hours for share in ward.resources if share.resource == "Patrol")
        assert ward.burden_hours_per_1000 == pytest.approx(1000 * patrol / 3 / persons[ward.ward_code], rel=1e-6)


def test_groups_add_up_their_wards() -> None:
    plan = _plan(make_request(PATROL, COUNCIL), grouped(panel_with_persons(), "north", "north", "south", "south"))
    north = _group(plan, "north")
    members = [ward for ward in plan.wards if ward.group == "north"]
    assert [group.group for group in plan.fairness] == ["north", "south"]
    assert north.wards == len(members) == 2
    assert north.hours == pytest.approx(sum(ward.hours for ward in members))
    avoided, need = sum(ward.harm_avoided.mean for ward in members), sum(ward.need_harm for ward in members)
    assert north.protection == pytest.approx(avoided / need)


def test_a_floor_of_protection_lifts_the_least_protected() -> None:
    plain, fair = _plan(make_request(PATROL)), _plan(make_request(PATROL, limits={"protection_floor": 0.6}))
    assert min(ward.protection for ward in fair.wards) > min(ward.protection for ward in plain.wards)
    assert fair.effect.mean < plain.effect.mean, "it is paid for elsewhere"
    lifted = min(fair.wards, key=lambda ward: ward.protection)
    assert any("Held up by the protection floor" in sentence for sentence in lifted.drivers)


def test_a_ceiling_on_burden_is_kept_and_named_where_it_holds() -> None:
    plan = _plan(make_request(PATROL, limits={"burden_ceiling_hours_per_1000": 20}))
    burdens = {ward.ward_name: ward.burden_hours_per_1000 for ward in plan.wards}
    assert all(burden is not None and burden <= 20.001 for burden in burdens.values())
    held = [ward for ward in plan.wards if any("Held down by the burden ceiling" in said for said in ward.drivers)]
    assert held
    assert all(ward.burden_hours_per_1000 == pytest.approx(20, abs=0.01) for ward in held)


def test_without_known_persons_no_burden_is_told() -> None:
    plan = _plan(make_request(PATROL), make_panel())
    assert {ward.burden_hours_per_1000 for ward in plan.wards} == {None}
    assert plan.fairness == ()
    assert any("persons are unknown" in assumption.statement for assumption in plan.assumptions)


def _plan(request: PlanRequest, panel: Panel | None = None) -> Plan:
    return allocate(forecast=some_forecast(), panel=panel or panel_with_persons(), request=request)


def _group(plan: Plan, name: str) -> GroupFairness:
    return next(group for group in plan.fairness if group.group == name)
