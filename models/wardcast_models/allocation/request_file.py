"""Reading a request from a YAML file or a mapping; every mistake is told with its field and how to mend it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from reprlib import Repr
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wardcast_models.allocation.request import PlanRequest
from wardcast_models.allocation.request_names import name_problems
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input

_BRIEF = Repr()
_BRIEF.maxlevel, _BRIEF.maxstring, _BRIEF.maxother = 2, 80, 80

_KINDS = {
    "tuple_type": "a list",
    "dict_type": "names with a value each",
    "model_type": "fields with a value each",
    "model_attributes_type": "fields with a value each",
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
"""What pydantic's types of error expect, in plain words."""

MOST_BYTES = 1_000_000
"""A request larger than this is not one."""


def read_request(path: Path) -> PlanRequest:
    """Read a request file.

    Args:
        path: A YAML file.

    Returns:
        The checked request.

    Raises:
        WardcastError: The file is absent or not YAML, or a field is wrong.
    """
    where = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WardcastError(
            ErrorKind.NOT_FOUND,
            f"The request `{where}` cannot be read.",
            [
                Problem(
                    where=where,
                    expected="a readable file",
                    found=error.strerror or "nothing",
                    mend="Check the path given as --request.",
                )
            ],
        ) from None
    if len(raw) > MOST_BYTES:
        raise _not_a_request(where, f"{len(raw):,} bytes")
    try:
        data = yaml.load(raw.decode("utf-8-sig"), Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError:
        raise _not_a_request(where, "bytes that are not UTF-8 text") from None
    except RecursionError:
        raise _not_a_request(where, "lists nested too deeply") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise _not_a_request(where + line, getattr(error, "problem", None) or "text that is not YAML") from None
    if not isinstance(data, Mapping):
        raise _not_a_request(where, _found(data))
    return parse_request(data, where=where)


def parse_request(data: Mapping[str, Any], *, where: str) -> PlanRequest:
    """Check a request given as a mapping.

    Args:
        data: The request's fields.
        where: Name of the file or message, for the error.

    Returns:
        The checked request.

    Raises:
        WardcastError: A key is unknown, a value is wrong, or a name in it is not known.
    """
    try:
        request = PlanRequest.model_validate(data)
    except ValidationError as error:
        problems = [_problem(where, details) for details in _own_errors(error)]
        raise invalid_input(_counted(where, problems), *problems) from None
    problems = name_problems(request, where=where)
    if problems:
        raise invalid_input(_counted(where, problems), *problems)
    return request


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice, which YAML would silently drop."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping, refusing a repeated key."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key `{name}` twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def _own_errors(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors without those that only repeat that something inside is wrong."""
    details = error.errors(include_url=False)
    inside = {one["loc"][:length] for one in details for length in range(len(one["loc"]))}
    return [one for one in details if not (one["type"] == "too_short" and one["loc"] in inside)]


def _problem(where: str, details: ErrorDetails) -> Problem:
    """Turn one pydantic error into a problem that can be mended."""
    field = field_path(details["loc"])
    path = f"{where}: {field}" if field else where
    kind = details["type"]
    if kind == "extra_forbidden":
        key = str(details["loc"][-1])
        known = sorted(_keys_at(details["loc"][:-1]))
        close = get_close_matches(key, known, n=1, cutoff=0.5)
        hint = f"Did you mean `{close[0]}`?" if close else "Remove it."
        return Problem(where=path, expected=f"one of {', '.join(known)}", found=f"the unknown key `{key}`", mend=hint)
    if kind == "missing":
        return Problem(where=path, expected="a value", found="nothing", mend="Add this field.")
    expected = _expected(details)
    return Problem(where=path, expected=expected, found=_found(details["input"]), mend=f"Give {expected}.")


def _expected(details: ErrorDetails) -> str:
    """Say in plain words what would have been right."""
    context = details.get("ctx", {})
    if details["type"] == "too_short":
        return f"at least {'one' if context['min_length'] == 1 else context['min_length']} in this list"
    if details["type"] in _KINDS:
        return _KINDS[details["type"]]
    message = details["msg"].removeprefix("Input should be ")
    return f"a number {message}" if context.keys() & {"ge", "gt", "le", "lt"} else message


def _found(value: Any) -> str:
    """Write a value as a person would name it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, list | tuple | dict):
        named = "a list" if not isinstance(value, dict) else "named values"
        return f"{named} ({_BRIEF.repr(value)})" if value else "an empty list"
    return f"the text {_BRIEF.repr(value)}" if isinstance(value, str) else _BRIEF.repr(value)


def field_path(location: tuple[int | str, ...]) -> str:
    """Write a field's location as `resources[1].hours_per_month`.

    Args:
        location: Keys and positions from the top.

    Returns:
        The path.
    """
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")


def _keys_at(location: tuple[int | str, ...]) -> Iterator[str]:
    """Return the keys known at a place of the request."""
    model: type[BaseModel] = PlanRequest
    for part in location:
        if isinstance(part, str):
            model = next(iter(_models_in(model.model_fields[part].annotation)))
    return iter(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Return the models inside a type such as `tuple[Resource, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _not_a_request(where: str, found: str) -> WardcastError:
    """Build the error for a file that holds no request."""
    return invalid_input(
        f"`{where}` is not a request.",
        Problem(
            where=where,
            expected="a YAML file with at least `resources:` and one team under it",
            found=found,
            mend="See experiments/requests/quarter.yaml for an example.",
        ),
    )


def _counted(where: str, problems: list[Problem]) -> str:
    """Say how many things are wrong."""
    number = "one thing" if len(problems) == 1 else f"{len(problems)} things"
    return f"The request `{where}` has {number} to mend."
