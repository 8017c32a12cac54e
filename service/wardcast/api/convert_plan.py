"""Plans, to messages and back."""

from __future__ import annotations

from typing import Any

from wardcast.api.convert_request import request_from_message, request_to_message
from wardcast.api.messages import fill, read
from wardcast.api.times import from_timestamp, to_timestamp
from wardcast.store.earlier_plans import completed
from wardcast.store.identifiers import parse_resource_name, resource_name
from wardcast.store.records import PlanRecord
from wardcast.v1.plan_pb2 import Plan as PlanMessage
from wardcast_models.allocation.plan import Plan, Provenance

_NOT_OF_THE_PLAN = ("name", "dataset", "request", "forecast", "create_time", "provenance")
"""Fields of the message that our plan, which is the same for the same inputs, does not have."""

_NOT_SOLVED_AGAIN = {"gain_from_one_more": None, "loss_from_one_less": None}


def plan_to_message(record: PlanRecord) -> PlanMessage:
    """Return the message of a plan.

    Args:
        record: The plan.

    Returns:
        The message.
    """
    message = PlanMessage(
        name=record.name,
        dataset=resource_name(record.area_code, "datasets", record.dataset_id),
        forecast=resource_name(record.area_code, "forecasts", record.forecast_id),
        request=request_to_message(record.request),
        create_time=to_timestamp(record.created_at),
    )
    values = record.plan.model_dump()
    fill(message, values | {"limits": [_with_price_or_mark(limit) for limit in values["limits"]]})
    fill(message, {"provenance": record.provenance.model_dump()})
    return message


def plan_from_message(message: PlanMessage) -> PlanRecord:
    """Return the plan of a message.

    Args:
        message: The message.

    Returns:
        The plan.
    """
    area_code, plan_id = parse_resource_name(message.name, "plans")
    values = read(message, leave_out=_NOT_OF_THE_PLAN)
    values["limits"] = [_without_mark({**_NOT_SOLVED_AGAIN, **limit}) for limit in values["limits"]]
    values["fairness"] = [{"burden_hours_per_1000": None, **group} for group in values["fairness"]]
    return PlanRecord(
        plan_id=plan_id,
        area_code=area_code,
        dataset_id=parse_resource_name(message.dataset, "datasets")[1],
        forecast_id=parse_resource_name(message.forecast, "forecasts")[1],
        plan=Plan.model_validate(completed(values)),
        provenance=Provenance.model_validate(read(message.provenance)),
        request=request_from_message(message.request),
        created_at=from_timestamp(message.create_time),
    )


def _with_price_or_mark(limit: dict[str, Any]) -> dict[str, Any]:
    # The field was there before plans of whole units, which have no prices, so it cannot be absent.
    return {**limit, "unpriced": limit["shadow_price"] is None}


def _without_mark(limit: dict[str, Any]) -> dict[str, Any]:
    unpriced = limit.pop("unpriced")
    return {**limit, "shadow_price": None} if unpriced else limit
