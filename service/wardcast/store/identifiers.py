"""Identifiers of stored things and the resource names made from them.

Names follow Google's API improvement proposals (AIP-122): `areas/E09000002/plans/pl-...`. They are plain text, so
that handlers and pages can use them without knowing protobuf.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Literal

from wardcast_models.errors import Problem, invalid_input

Collection = Literal["datasets", "forecasts", "plans", "models"]

ANY_AREA = "-"
"""Area segment that stands for every area when listing (AIP-159)."""

_SEGMENT = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_RESOURCE = re.compile(rf"areas/({_SEGMENT})/(datasets|forecasts|plans|models)/({_SEGMENT})")
_PARENT = re.compile(rf"areas/({_SEGMENT}|{ANY_AREA})")
_OPERATION = re.compile(rf"operations/({_SEGMENT})")


def dataset_id(digest: str) -> str:
    """Return the id of a dataset, so that the same content is the same dataset.

    Args:
        digest: SHA-256 of the panel, as hex.

    Returns:
        `ds-` and the digest's first twelve characters.
    """
    return f"ds-{digest[:12]}"


def new_id(prefix: str) -> str:
    """Return a new id that sorts by time of creation.

    Args:
        prefix: Two letters that tell what it is, for example `pl`.

    Returns:
        The prefix, milliseconds since 1970 and forty random bits, as lower-case hex.
    """
    milliseconds = int(datetime.now(UTC).timestamp() * 1000)
    return f"{prefix}-{milliseconds:012x}{secrets.token_hex(5)}"


def same_id(prefix: str, identifier: str) -> str:
    """Return the id of what belongs to a thing one to one, so that making it again gives the same id.

    Args:
        prefix: Two letters that tell what it is, for example `pl`.
        identifier: Id of the thing, for example the operation that makes a plan.

    Returns:
        The id with the other prefix: `op-0193` gives `pl-0193`.
    """
    return f"{prefix}-{identifier.partition('-')[2]}"


def resource_name(area_code: str, collection: Collection, identifier: str) -> str:
    """Return the resource name of a stored thing.

    Args:
        area_code: GSS code of the area.
        collection: What it is.
        identifier: Its id.

    Returns:
        For example `areas/E09000002/plans/pl-0193f2ab7c1d8f3e2a1b9c`.
    """
    return f"areas/{area_code}/{collection}/{identifier}"


def operation_name(identifier: str) -> str:
    """Return the resource name of an operation.

    Args:
        identifier: Its id.

    Returns:
        For example `operations/op-0193f2ab7c1d8f3e2a1b9c`.
    """
    return f"operations/{identifier}"


def parse_resource_name(name: str, collection: Collection, *, where: str = "name") -> tuple[str, str]:
    """Split a resource name.

    Args:
        name: The name.
        collection: The collection it has to be in.
        where: Field it came from, for the error.

    Returns:
        Area code and id.

    Raises:
        WardcastError: It is not a name of that collection.
    """
    match = _RESOURCE.fullmatch(name)
    if match is None or match[2] != collection:
        raise _bad_name(where, f"areas/{{area}}/{collection}/{{id}}", name)
    return match[1], match[3]


def parse_any_resource_name(name: str) -> tuple[str, str, str]:
    """Split a resource name of any collection.

    Args:
        name: The name, for example an operation's result.

    Returns:
        Area code, collection and id.

    Raises:
        WardcastError: It is not a resource name.
    """
    match = _RESOURCE.fullmatch(name)
    if match is None:
        raise _bad_name("name", "areas/{area}/{collection}/{id}", name)
    return match[1], match[2], match[3]


def parse_parent(parent: str, *, allow_any: bool = False) -> str | None:
    """Return the area code of a parent name.

    Args:
        parent: `areas/{area}`.
        allow_any: Accept `areas/-`, every area.

    Returns:
        The area code, or None for every area.

    Raises:
        WardcastError: It is not a parent name.
    """
    match = _PARENT.fullmatch(parent)
    if match is None or (match[1] == ANY_AREA and not allow_any):
        raise _bad_name("parent", "areas/{area}" + (" or areas/-" if allow_any else ""), parent)
    return None if match[1] == ANY_AREA else match[1]


def parse_operation_name(name: str) -> str:
    """Return the id in an operation's name.

    Args:
        name: `operations/{operation}`.

    Returns:
        The id.

    Raises:
        WardcastError: It is not an operation's name.
    """
    match = _OPERATION.fullmatch(name)
    if match is None:
        raise _bad_name("name", "operations/{operation}", name)
    return match[1]


def _bad_name(where: str, expected: str, found: str) -> Exception:
    return invalid_input(
        f"{found!r} is not a name of that kind.",
        Problem(
            where=where,
            expected=expected,
            found=found or "nothing",
            mend="Use the name as it was returned by the service.",
        ),
    )
