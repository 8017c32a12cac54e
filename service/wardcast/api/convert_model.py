"""Model versions, to messages and back."""

from __future__ import annotations

from datetime import datetime

from wardcast.api.times import from_timestamp, to_timestamp
from wardcast.store.identifiers import parse_resource_name, resource_name
from wardcast.tracking.model_record import ModelRecord
from wardcast.v1.model_pb2 import Model


def model_to_message(record: ModelRecord) -> Model:
    """Return the message of a model version.

    Args:
        record: The version.

    Returns:
        The message.
    """
    return Model(
        name=resource_name(record.area_code, "models", str(record.version)),
        registered_name=record.name,
        version=record.version,
        forecaster=record.forecaster,
        until=record.until,
        panel_digest=record.panel_digest,
        synthetic=record.synthetic,
        wardcast_version=record.wardcast_version,
        run_id=record.run_id,
        aliases=record.aliases,
        create_time=to_timestamp(datetime.fromisoformat(record.created_at)),
    )


def model_from_message(message: Model) -> ModelRecord:
    """Return the model version of a message.

    Args:
        message: The message.

    Returns:
        The version.
    """
    area_code, _ = parse_resource_name(message.name, "models")
    return ModelRecord(
        name=message.registered_name,
        version=message.version,
        area_code=area_code,
        forecaster=message.forecaster,
        until=message.until,
        panel_digest=message.panel_digest,
        synthetic=message.synthetic,
        wardcast_version=message.wardcast_version,
        run_id=message.run_id,
        aliases=tuple(message.aliases),
        created_at=from_timestamp(message.create_time).isoformat(timespec="seconds"),
    )
