"""Plan requests, to messages and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from google.protobuf.message import Message

from wardcast.api.messages import fill, read
from wardcast.v1.plan_request_pb2 import PlanRequest as PlanRequestMessage
from wardcast_models.allocation.request.file import parse_request
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import Problem, WardcastError, invalid_input


def request_to_message(request: PlanRequest) -> PlanRequestMessage:
    """Return the message of a request.

    Args:
        request: The request.

    Returns:
        The message, with every default written out.
    """
    message = PlanRequestMessage()
    fill(message, request.model_dump())
    return message


def request_from_message(message: PlanRequestMessage) -> PlanRequest:
    """Return the request of a message that comes from a service.

    Args:
        message: The message; what is absent takes its default.

    Returns:
        The request.
    """
    return PlanRequest.model_validate(_values(message))


def checked_request(message: PlanRequestMessage, *, where: str) -> PlanRequest:
    """Check a message that comes from a caller and return its request.

    Args:
        message: The message; what is absent takes its default.
        where: Path of the message, for errors.

    Returns:
        The request.

    Raises:
        WardcastError: A field is out of its range or names something unknown; every such field is named.
    """
    unknown = _unknown_enum(message, where)
    if unknown:
        raise invalid_input("The request has a value that this release does not know.", unknown)
    try:
        return parse_request(_values(message), where=where)
    except WardcastError as error:
        # For a file the path reads `quarter.yaml: resources[0].type`, for a field of a message with a dot.
        problems = [replace(each, where=each.where.replace(f"{where}: ", f"{where}.", 1)) for each in error.problems]
        raise WardcastError(error.kind, error.message, problems) from error


def _values(message: PlanRequestMessage) -> dict[str, Any]:
    values = read(message)
    if not values["shifts"]:
        del values["shifts"]
    return values


def _unknown_enum(message: Message, where: str) -> Problem | None:
    for field, value in message.ListFields():
        path = f"{where}.{field.name}"
        if field.enum_type is not None and value not in field.enum_type.values_by_number:
            known = ", ".join(name for name in field.enum_type.values_by_name)
            return Problem(where=path, expected=f"one of {known}", found=str(value), mend="Use a known value.")
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        parts = [(path, value)] if not field.is_repeated else [(f"{path}[{i}]", part) for i, part in enumerate(value)]
        for part_path, part in parts:
            found = _unknown_enum(part, part_path)
            if found:
                return found
    return None
