"""A plan as JSON: the protobuf JSON form of `Plan`."""

from __future__ import annotations

import json
from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import MessageToDict

from wardcast.api.convert_plan import plan_to_message
from wardcast.store.records import PlanRecord


def plan_json(record: PlanRecord) -> str:
    """Return a plan as JSON, every field written out, in the order of the protos.

    Args:
        record: The plan.

    Returns:
        Indented JSON, ending in a newline.
    """
    message = plan_to_message(record)
    values = MessageToDict(message, always_print_fields_with_no_presence=True)
    return json.dumps(_ordered(values, message.DESCRIPTOR), indent=2, ensure_ascii=False) + "\n"


def _ordered(values: dict[str, Any], descriptor: Descriptor) -> dict[str, Any]:
    # The library writes fields that hold their zero after all others.
    ordered: dict[str, Any] = {}
    for field in descriptor.fields:
        if field.json_name not in values:
            continue
        value = values[field.json_name]
        kind = field.message_type
        if kind is None or isinstance(value, str):
            ordered[field.json_name] = value
        elif kind.GetOptions().map_entry:
            ordered[field.json_name] = dict(sorted(value.items()))
        elif isinstance(value, list):
            ordered[field.json_name] = [_ordered(item, kind) for item in value]
        else:
            ordered[field.json_name] = _ordered(value, kind)
    return ordered
