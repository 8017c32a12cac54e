"""Plain values to protobuf messages and back, field by field of the same name.

Enums are plain text on our side: the value's name without its type's prefix, lower-cased (`AGENCY_POLICE`: `police`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from google.protobuf.message import Message

# Protobuf has two implementations of descriptors, and its types name sometimes one, sometimes both.
FieldDescriptor = Any
EnumDescriptor = Any


def fill(message: Message, values: Mapping[str, Any]) -> None:
    """Set a message's fields from plain values; None leaves a field unset.

    Args:
        message: The message, empty.
        values: Plain values by field name: scalars, text for enums, mappings for messages, sequences for repeated.

    Raises:
        KeyError: The message has no such field, or the enum no such value.
    """
    for name, value in values.items():
        if value is None:
            continue
        field = message.DESCRIPTOR.fields_by_name[name]
        if _is_map(field):
            getattr(message, name).update(value)
        elif field.is_repeated:
            _fill_repeated(field, getattr(message, name), value)
        elif field.message_type is not None:
            getattr(message, name).SetInParent()
            fill(getattr(message, name), value)
        elif field.enum_type is not None:
            setattr(message, name, enum_number(field.enum_type, value))
        else:
            setattr(message, name, value)


def read(message: Message, *, leave_out: Collection[str] = ()) -> dict[str, Any]:
    """Return a message's fields as plain values.

    Fields that can be absent and are, and enums left unspecified, do not appear.

    Args:
        message: The message.
        leave_out: Fields of this message, not of those in it, that are not wanted.

    Returns:
        Plain values by field name.
    """
    values: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.name in leave_out:
            continue
        if _is_map(field):
            values[field.name] = dict(value)
        elif field.is_repeated:
            values[field.name] = [read(item) if field.message_type else item for item in value]
        elif field.enum_type is not None:
            if value:
                values[field.name] = enum_text(field.enum_type, value)
        elif not field.has_presence:
            values[field.name] = value
        elif message.HasField(field.name):
            values[field.name] = read(value) if field.message_type else value
    return values


def enum_number(enum: EnumDescriptor, text: str) -> int:
    """Return an enum value's number.

    Args:
        enum: The enum.
        text: Its value as plain text.

    Returns:
        The number.

    Raises:
        KeyError: The enum has no such value.
    """
    return int(enum.values_by_name[_prefix(enum) + text.upper()].number)


def enum_text(enum: EnumDescriptor, number: int) -> str:
    """Return an enum value as plain text.

    Args:
        enum: The enum.
        number: The value's number.

    Returns:
        The text; the number itself for a value that this release does not know.
    """
    value = enum.values_by_number.get(number)
    return str(number) if value is None else str(value.name).removeprefix(_prefix(enum)).lower()


def _fill_repeated(field: FieldDescriptor, target: Any, values: Any) -> None:
    if field.message_type is None:
        target.extend(values)
        return
    for value in values:
        fill(target.add(), value)


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def _prefix(enum: EnumDescriptor) -> str:
    return str(enum.values_by_number[0].name).removesuffix("UNSPECIFIED")
