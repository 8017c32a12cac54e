"""Model versions, to messages and back."""

from __future__ import annotations

from datetime import datetime

from wardcast.api.times import from_timestamp, to_timestamp
from wardcast.store.identifiers import parse_resource_name, resource_name
from wardcast.tracking.model_record import GateRecord, ModelRecord
from wardcast.v1.model_pb2 import GateCheck, GateVerdict, Model
from wardcast_models.evaluation.verdict import Check


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
        gate=None if record.gate is None else _gate_to_message(record.gate),
        without_gate_reason=record.without_gate_reason,
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
        gate=_gate_from_message(message.gate) if message.HasField("gate") else None,
        without_gate_reason=message.without_gate_reason,
    )


def _gate_to_message(gate: GateRecord) -> GateVerdict:
    return GateVerdict(
        passed=gate.passed,
        checks=[
            GateCheck(name=check.name, passed=check.passed, found=check.found, expected=check.expected)
            for check in gate.checks
        ],
        run_id=gate.run_id,
        champion_version=gate.champion_version,
    )


def _gate_from_message(message: GateVerdict) -> GateRecord:
    checks = (
        Check(name=check.name, passed=check.passed, found=check.found, expected=check.expected)
        for check in message.checks
    )
    return GateRecord(
        passed=message.passed,
        checks=tuple(checks),
        run_id=message.run_id,
        champion_version=message.champion_version,
    )
