"""The first sentences of the report: who gets most and why, what is not placed, what is only assumed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tests.page_reading import PageReader
from tests.plan_examples import inputs_example, plan_example
from wardcast.pack.answer import Answer, answer
from wardcast.pack.names import ward_names
from wardcast.pack.report import render_report
from wardcast_models.allocation.plan import Plan


def told(plan: Plan) -> Answer:
    return answer(plan, ward_names(plan))


def with_hours(hours: Sequence[float]) -> Plan:
    """The first wards with these hours, the others with none."""
    plan = plan_example()
    padded = [*hours, *[0.0] * (len(plan.wards) - len(hours))]
    wards = [ward.model_copy(update={"hours": given}) for ward, given in zip(plan.wards, padded, strict=True)]
    return plan.model_copy(update={"wards": tuple(wards)})


def test_the_reason_of_the_ward_with_most_hours_is_the_first_of_its_drivers() -> None:
    plan = plan_example()
    assert told(plan).who.endswith(f"Main reason: {plan.wards[0].drivers[0]}")


def test_wards_with_equal_hours_are_told_as_equal() -> None:
    plan = with_hours([450.0, 449.98, 300, 120])
    first, second, third = plan.wards[:3]
    who = told(plan).who
    assert who.startswith(
        f"{first.ward_name} and {second.ward_name} get the most: 450 of 3,000 officer hours each (15% each), "
        f"then {third.ward_name} (300)."
    )
    assert f"Main reasons. {first.ward_name}: {first.drivers[0]} {second.ward_name}: {second.drivers[0]}" in who


def test_no_tie_is_cut_in_two() -> None:
    plan = with_hours([450, 300, 200, 200, 200, 200, 200, 100])
    names = [ward.ward_name for ward in plan.wards]
    assert f"then {names[1]} (300) and {names[2]}, {names[3]}, {names[4]} and 2 more (200 each)." in told(plan).who


def test_a_presence_that_nobody_supplied_is_told_beside_the_ranking() -> None:
    inputs = inputs_example()
    assert "Today’s presence in each ward is assumed, not known" in PageReader(render_report(inputs)).words
    for source, assumed in (("user", False), ("user; the split is user", False), ("user; the split is assumed", True)):
        assumptions = [
            stated.model_copy(update={"source": source}) if stated.topic == "Baseline presence" else stated
            for stated in inputs.plan.assumptions
        ]
        plan = inputs.plan.model_copy(update={"assumptions": tuple(assumptions)})
        assert bool(told(plan).presence) is assumed


def test_hours_that_stay_unassigned_are_told_in_the_headline() -> None:
    inputs = inputs_example()
    left = {"unassigned_hours": 1500.0, "unassigned_reason": "the request's limits leave no room for them"}
    plan = inputs.plan.model_copy(update=left)
    words = PageReader(render_report(dataclasses.replace(inputs, plan=plan))).words
    sentence = (
        "3,000 of the 4,500 hours asked for can be placed; 1,500 stay unassigned, because the request's limits "
        "leave no room for them."
    )
    assert words.index(sentence) < words.index("The answer")
    assert "3,000 of 4,500" in words
    assert "unassigned" not in PageReader(render_report(inputs)).words
