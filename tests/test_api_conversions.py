"""What goes over the wire arrives as it was sent."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any, get_args

import pytest
from google.protobuf.json_format import Parse
from hypothesis import HealthCheck, given, settings
from pandas.testing import assert_frame_equal

from tests.any_model import any_of
from tests.record_examples import (
    dataset_example,
    forecast_example,
    forecast_record_example,
    model_example,
    plan_record_example,
    request_example,
)
from wardcast.api.convert_dataset import dataset_from_message, dataset_to_message
from wardcast.api.convert_forecast import (
    forecast_from_message,
    forecast_to_message,
    parts_from_messages,
    values_from_messages,
    values_to_messages,
)
from wardcast.api.convert_model import model_from_message, model_to_message
from wardcast.api.convert_plan import plan_from_message, plan_to_message
from wardcast.api.convert_request import checked_request, request_from_message, request_to_message
from wardcast.api.errors import from_status, to_status
from wardcast.api.plan_json import plan_json
from wardcast.tracking.model_record import GateRecord
from wardcast.v1.plan_pb2 import Plan as PlanMessage
from wardcast.v1.plan_request_pb2 import PlanRequest as PlanRequestMessage
from wardcast_models.allocation.plan import Plan
from wardcast_models.allocation.request.objective import HarmScale
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.resource import Resource
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.evaluation.verdict import Check
from wardcast_models.forecasting.expectation import COMPONENTS
from wardcast_models.forecasting.levels import level_frame
from wardcast_models.panel.findings import FindingKind

WORDS = {"harm_scale": get_args(HarmScale), "kind": [kind.value for kind in FindingKind]}
SLOW = [HealthCheck.too_slow]
"""A plan is large to draw, and a machine may be busy."""
WITHOUT_PRESENCE = [field.json_name for field in PlanMessage.DESCRIPTOR.fields if not field.has_presence]


def over_the_wire(plan: Plan) -> Plan:
    sent = plan_to_message(replace(plan_record_example(), plan=plan)).SerializeToString()
    return plan_from_message(PlanMessage.FromString(sent)).plan


@settings(max_examples=60, deadline=None)
@given(any_of(PlanRequest))
def test_any_request_arrives_as_it_was_sent(request: PlanRequest) -> None:
    sent = request_to_message(request).SerializeToString()
    assert request_from_message(PlanRequestMessage.FromString(sent)) == request


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(any_of(PlanRequest, all_set=True))
def test_a_request_that_leaves_nothing_at_its_default_arrives_as_it_was_sent(request: PlanRequest) -> None:
    sent = request_to_message(request).SerializeToString()
    assert request_from_message(PlanRequestMessage.FromString(sent)) == request


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(any_of(Plan, words=WORDS))
def test_any_plan_arrives_as_it_was_sent(plan: Plan) -> None:
    assert over_the_wire(plan) == plan


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(any_of(Plan, all_set=True, words=WORDS))
def test_a_plan_that_leaves_nothing_at_its_default_arrives_as_it_was_sent(plan: Plan) -> None:
    assert over_the_wire(plan) == plan
    record = replace(plan_record_example(), plan=plan)
    assert plan_from_message(Parse(plan_json(record), PlanMessage())) == record


def test_a_dataset_arrives_as_it_was_sent() -> None:
    record = dataset_example()
    assert dataset_from_message(dataset_to_message(record)) == record


def test_a_forecast_arrives_as_it_was_sent() -> None:
    record = forecast_record_example()
    assert forecast_from_message(forecast_to_message(record)) == record


def test_a_forecasts_values_arrive_as_they_were_sent() -> None:
    forecast = forecast_example()
    frame, parts = level_frame(forecast), forecast.decomposition_frame()
    assert set(frame["status"]) == {"ok", "too_few"}
    messages = values_to_messages(frame.assign(**{name: parts[name] for name in COMPONENTS}))
    assert_frame_equal(values_from_messages(messages), frame, check_dtype=False)
    assert_frame_equal(parts_from_messages(messages), parts, check_dtype=False)


def test_a_model_arrives_as_it_was_sent() -> None:
    record = model_example(3, aliases=("champion", "challenger"))
    assert model_from_message(model_to_message(record)) == record
    checks = (
        Check(name="better", passed=False, found="a ratio of 1.2", expected="a ratio below 1"),
        Check(name="calibrated", passed=True, found="79%", expected="77% to 83%"),
    )
    gate = GateRecord(passed=False, checks=checks, run_id="run9", champion_version=2)
    judged = replace(record, gate=gate, without_gate_reason="the old one is broken")
    assert model_from_message(model_to_message(judged)) == judged


def test_a_plan_arrives_as_it_was_sent() -> None:
    record = plan_record_example()
    sent = plan_to_message(record).SerializeToString()
    assert plan_from_message(PlanMessage.FromString(sent)) == record


def test_a_plans_json_is_the_protobuf_json_form() -> None:
    record = plan_record_example()
    assert plan_from_message(Parse(plan_json(record), PlanMessage())) == record


def test_a_plans_json_writes_every_field_in_the_order_of_the_protos_and_the_same_each_time() -> None:
    text = plan_json(plan_record_example())
    values = json.loads(text)
    order = [field.json_name for field in PlanMessage.DESCRIPTOR.fields]
    assert list(values) == [name for name in order if name in values]
    assert set(WITHOUT_PRESENCE) <= set(values)
    assert values["synthetic"] is False
    assert list(values["assignments"][0])[:3] == ["wardCode", "wardName", "month"]
    assert text == plan_json(plan_record_example())


def test_a_limit_without_a_price_is_told_from_one_whose_price_is_nothing() -> None:
    plan = plan_record_example().plan
    limits = tuple(plan.limits[0].model_copy(update={"shadow_price": price}) for price in (None, 0.0, -0.4))
    arrived = over_the_wire(plan.model_copy(update={"limits": limits}))
    assert [limit.shadow_price for limit in arrived.limits] == [None, 0.0, -0.4]


def test_a_plan_of_an_earlier_service_says_what_was_not_worked_out() -> None:
    message = plan_to_message(plan_record_example())
    for part in ("risk", "certificate"):
        message.ClearField(part)
    plan = plan_from_message(message).plan
    assert math.isnan(plan.certificate.optimality_gap)
    assert "earlier release" in plan.risk.statement


def test_a_plans_json_holds_a_trend_that_is_not_a_number() -> None:
    record = plan_record_example()
    ward = record.plan.wards[0].model_copy(update={"trend": math.nan})
    plan = record.plan.model_copy(update={"wards": (ward,)})
    text = plan_json(type(record)(**{**record.__dict__, "plan": plan}))
    assert json.loads(text)["wards"][0]["trend"] == "NaN"


@pytest.mark.parametrize(
    ("message", "model"),
    [
        (PlanRequestMessage, PlanRequest),
        (PlanMessage, Plan),
    ],
)
def test_the_protos_have_every_field_of_the_contract(message: Any, model: Any) -> None:
    missing = list(_missing_fields(message.DESCRIPTOR, model))
    assert missing == []


def _missing_fields(descriptor: Any, model: Any) -> Any:
    for name, info in model.model_fields.items():
        field = descriptor.fields_by_name.get(name)
        if field is None:
            yield f"{descriptor.name}.{name}"
            continue
        kinds = [kind for kind in _classes_in(info.annotation) if hasattr(kind, "model_fields")]
        for kind in kinds:
            yield from _missing_fields(field.message_type, kind)


def _classes_in(annotation: Any) -> list[Any]:
    parts = getattr(annotation, "__args__", ())
    return [annotation, *(kind for part in parts for kind in _classes_in(part))]


def test_what_is_left_out_of_a_request_takes_its_default() -> None:
    message = PlanRequestMessage()
    message.resources.add(name="Ward officers", agency=2, hours_per_month=900)
    assert request_from_message(message) == PlanRequest(
        resources=(Resource(name="Ward officers", agency="police", hours_per_month=900),)
    )


def test_every_field_of_a_request_that_is_out_of_range_is_named() -> None:
    message = request_to_message(request_example())
    message.horizon_months = 99
    message.resources[1].hours_per_month = -3
    message.limits.ward_max_share = 7
    with pytest.raises(WardcastError) as raised:
        checked_request(message, where="plan.request")
    assert raised.value.kind is ErrorKind.INVALID_INPUT
    assert [problem.where for problem in raised.value.problems] == [
        "plan.request.horizon_months",
        "plan.request.resources[1].hours_per_month",
        "plan.request.limits.ward_max_share",
    ]
    assert raised.value.problems[0].found == "99"


def test_a_team_of_nobody_is_its_types_usual_employers() -> None:
    message = request_to_message(request_example())
    message.resources[1].ClearField("agency")
    for kind, agency in (("visible_patrol", "police"), ("council_patrol", "council")):
        message.resources[1].type = kind
        assert checked_request(message, where="plan.request").resources[1].agency == agency


def test_a_shift_that_does_not_exist_is_named() -> None:
    message = request_to_message(request_example())
    message.resources[1].shifts.append("dawn")
    with pytest.raises(WardcastError) as raised:
        checked_request(message, where="plan.request")
    assert raised.value.problems[0].where == "plan.request.resources[1].shifts"


def test_an_enum_value_of_a_later_release_is_refused_by_name() -> None:
    message = request_to_message(request_example())
    message.resources[1].agency = 77
    with pytest.raises(WardcastError) as raised:
        checked_request(message, where="request")
    (problem,) = raised.value.problems
    assert (problem.where, problem.found) == ("request.resources[1].agency", "77")
    assert "AGENCY_POLICE" in problem.expected


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_an_error_arrives_with_its_kind_and_problems(kind: ErrorKind) -> None:
    problems = (
        Problem(where="wards.csv row 3", expected="12 columns", found="5", mend="Download it again."),
        Problem(where="--until", expected="a month", found="soon", mend="Write YYYY-MM."),
    )
    error = WardcastError(kind, "It cannot be done.", problems)
    back = from_status(to_status(error))
    assert (back.kind, back.message, back.problems) == (kind, error.message, problems)


def test_an_error_with_very_many_problems_still_fits_into_a_trailer() -> None:
    problems = [Problem(where=f"row {n} " + "x" * 400, expected="a", found="b", mend="c") for n in range(3000)]
    status = to_status(WardcastError(ErrorKind.INVALID_INPUT, "m" * 5000, problems))
    assert len(status.SerializeToString()) * 4 / 3 < 7000
    back = from_status(status)
    assert back.problems[0].where.startswith("row 0 ")
    assert "more of the same" in back.problems[-1].found
