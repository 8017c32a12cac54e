"""Plan requests, to messages and back."""

from __future__ import annotations

from google.protobuf.message import Message
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from wardcast.api.messages import fill, read
from wardcast.v1.plan_request_pb2 import PlanRequest as PlanRequestMessage
from wardcast_models.allocation.request import PlanRequest
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


def request_from_message(message: PlanRequestMessage, *, where: str = "request") -> PlanRequest:
    """Check a message and return its request.

    Args:
        message: The message; what is absent takes its default.
        where: Path of the message, for errors.

    Returns:
        The request.

    Raises:
        WardcastError: A field is out of its range; every such field is named.
    """
    unknown = _unknown_enum(message, where)
    if unknown:
        raise invalid_input("The request has a value that this release does not know.", unknown)
    values = read(message)
    if not values["shifts"]:
        del values["shifts"]
    try:
        return PlanRequest.model_validate(values)
    except ValidationError as error:
        raise _invalid_request(error, where) from error


def _invalid_request(error: ValidationError, where: str) -> WardcastError:
    problems = [_problem(details, where) for details in error.errors(include_url=False)]
    count = len(problems)
    return invalid_input(f"The request has {count} field{'s' * (count > 1)} out of range.", *problems)


def _problem(details: ErrorDetails, where: str) -> Problem:
    path = where + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in details["loc"])
    return Problem(
        where=path,
        expected=details["msg"].removeprefix("Input should be "),
        found="nothing" if details["type"] == "missing" else repr(details["input"])[:100],
        mend="Correct the field; its comment in the API states the range.",
    )


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
