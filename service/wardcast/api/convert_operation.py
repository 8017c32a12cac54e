"""Operations, to google.longrunning messages."""

from __future__ import annotations

from google.longrunning import operations_pb2
from google.protobuf.message import Message
from google.rpc import code_pb2, status_pb2

from wardcast.api.convert_dataset import dataset_to_message
from wardcast.api.convert_forecast import forecast_to_message
from wardcast.api.convert_model import model_to_message
from wardcast.api.convert_plan import plan_to_message
from wardcast.api.errors import to_status
from wardcast.api.messages import enum_number
from wardcast.api.models import ModelRegistry
from wardcast.api.times import to_timestamp
from wardcast.store.identifiers import parse_any_resource_name
from wardcast.store.records import OperationRecord, OperationState
from wardcast.store.store import Store
from wardcast.tracking.model_record import version_among
from wardcast.v1.dataset_pb2 import Dataset
from wardcast.v1.forecast_pb2 import Forecast
from wardcast.v1.model_pb2 import Model
from wardcast.v1.operation_pb2 import OperationMetadata
from wardcast.v1.operation_pb2 import OperationState as OperationStateMessage
from wardcast.v1.plan_pb2 import Plan

_RESULT_TYPES: dict[str, type[Message]] = {
    "datasets": Dataset,
    "forecasts": Forecast,
    "plans": Plan,
    "models": Model,
}


def operation_to_message(record: OperationRecord, result: Message | None = None) -> operations_pb2.Operation:
    """Return the message of an operation.

    Args:
        record: The operation.
        result: What it made; where None and it made something, the response holds that thing's name only.

    Returns:
        The message.
    """
    message = operations_pb2.Operation(name=record.name, done=record.state.done)
    message.metadata.Pack(
        OperationMetadata(
            kind=record.kind,
            area=record.area_code,
            state=OperationStateMessage.ValueType(enum_number(OperationStateMessage.DESCRIPTOR, record.state)),
            progress=record.fraction,
            phrase=record.phrase,
            attempts=record.attempts,
            cancel_requested=record.cancel_requested,
            create_time=to_timestamp(record.created_at),
            update_time=to_timestamp(record.updated_at),
        )
    )
    if record.state is OperationState.SUCCEEDED:
        message.response.Pack(result or _name_only(record.result_name))
    elif record.failure is not None:
        message.error.CopyFrom(to_status(record.failure))
    elif record.state is OperationState.CANCELLED:
        message.error.CopyFrom(status_pb2.Status(code=code_pb2.CANCELLED, message="The operation was cancelled."))
    return message


def result_of(record: OperationRecord, store: Store, models: ModelRegistry) -> Message | None:
    """Return what an operation made, whole.

    Args:
        record: The operation.
        store: Where datasets, forecasts and plans are kept.
        models: Where models are registered.

    Returns:
        The message of it, or None where the operation has not succeeded.

    Raises:
        WardcastError: It is no longer there.
    """
    if record.state is not OperationState.SUCCEEDED:
        return None
    area_code, collection, identifier = parse_any_resource_name(record.result_name)
    if collection == "datasets":
        return dataset_to_message(store.datasets.get(identifier))
    if collection == "forecasts":
        return forecast_to_message(store.forecasts.get(identifier))
    if collection == "plans":
        return plan_to_message(store.plans.get(identifier))
    return model_to_message(version_among(models.versions(area_code), identifier))


def _name_only(result_name: str) -> Message:
    _, collection, _ = parse_any_resource_name(result_name)
    return _RESULT_TYPES[collection](name=result_name)
