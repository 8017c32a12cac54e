"""Forms that people write as YAML files: read strictly, with every mistake told by file, field and how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from reprlib import Repr
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input
from wardcast_models.strict_yaml import StrictLoader

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

_SHORT = 100
"""Characters of what is expected that are worth saying twice."""

MOST_BYTES = 1_000_000
"""A form larger than this is not one."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a kind of form is spoken of in errors.

    Attributes:
        noun: What it is, for example `request`.
        option: Command-line option that names the file, for example `--request`.
        content: What a file of this kind holds at least.
        example: Where an example is.
    """

    noun: str
    option: str
    content: str
    example: str

    def refused(self, where: str, found: str) -> WardcastError:
        """Build the error for a file that is not of this kind.

        Args:
            where: Name of the file, and the line where known.
            found: What is there instead.

        Returns:
            The error, to be raised by the caller.
        """
        return invalid_input(
            f"`{where}` is not a {self.noun}.",
            Problem(
                where=where,
                expected=f"a YAML file with {self.content}",
                found=found,
                mend=f"See {self.example} for an example.",
            ),
        )

    def to_mend(self, where: str, problems: list[Problem]) -> WardcastError:
        """Build the error for a form with wrong fields.

        Args:
            where: Name of the file or message.
            problems: The wrong fields.

        Returns:
            The error, to be raised by the caller.
        """
        number = "one thing" if len(problems) == 1 else f"{len(problems)} things"
        return invalid_input(f"The {self.noun} `{where}` has {number} to mend.", *problems)


def read_form(path: Path, form: Form) -> Mapping[str, Any]:
    """Read a form's fields, unchecked.

    Args:
        path: A YAML file.
        form: How to speak of it.

    Returns:
        The fields.

    Raises:
        WardcastError: The file is absent, too large or not YAML, or holds no fields.
    """
    where = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WardcastError(
            ErrorKind.NOT_FOUND,
            f"The {form.noun} `{where}` cannot be read.",
            [
                Problem(
                    where=where,
                    expected="a readable file",
                    found=error.strerror or "nothing",
                    mend=f"Check the path given as {form.option}.",
                )
            ],
        ) from None
    if len(raw) > MOST_BYTES:
        raise form.refused(where, f"{len(raw):,} bytes")
    try:
        data = yaml.load(raw.decode("utf-8-sig"), Loader=StrictLoader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError:
        raise form.refused(where, "bytes that are not UTF-8 text") from None
    except RecursionError:
        raise form.refused(where, "lists nested too deeply") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise form.refused(where + line, getattr(error, "problem", None) or "text that is not YAML") from None
    if not isinstance(data, Mapping):
        raise form.refused(where, _found(data))
    return data


def checked_form(model: type[Model], data: Mapping[str, Any], *, where: str, form: Form) -> Model:
    """Check a form's fields.

    Args:
        model: What the fields have to be.
        data: The fields.
        where: Name of the file or message, for the error.
        form: How to speak of it.

    Returns:
        The checked form.

    Raises:
        WardcastError: A key is unknown or a value wrong; every mistake is told.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = _own_errors(error)
        absent = {details["loc"] for details in errors if details["type"] == "missing"}
        raise form.to_mend(where, [_problem(model, where, details, absent) for details in errors]) from None


def _own_errors(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors without those that only repeat that something inside is wrong."""
    details = error.errors(include_url=False)
    inside = {one["loc"][:length] for one in details for length in range(len(one["loc"]))}
    return [one for one in details if not (one["type"] == "too_short" and one["loc"] in inside)]


def _problem(
    model: type[BaseModel], where: str, details: ErrorDetails, absent: Collection[tuple[int | str, ...]]
) -> Problem:
    """Turn one pydantic error into a problem that can be mended, knowing which fields the form lacks."""
    field = _field_path(details["loc"])
    path = f"{where}: {field}" if field else where
    kind = details["type"]
    if kind == "extra_forbidden":
        key = str(details["loc"][-1])
        place = details["loc"][:-1]
        known = sorted(_keys_at(model, place))
        lacking = [name for name in known if (*place, name) in absent]  # what is lacking is what was meant, if near
        close = [*get_close_matches(key, lacking, cutoff=0.5), *get_close_matches(key, known, cutoff=0.5)]
        hint = f"Did you mean `{close[0]}`?" if close else "Remove it."
        return Problem(where=path, expected=f"one of {', '.join(known)}", found=f"the unknown key `{key}`", mend=hint)
    if kind == "missing":
        return Problem(where=path, expected="a value", found="nothing", mend="Add this field.")
    expected = _expected(details)
    if kind == "too_long":
        found = f"a list of {details['ctx']['actual_length']:,}"
        return Problem(
            where=path, expected=expected, found=found, mend="Leave out what is not needed, or join entries."
        )
    mend = f"Give {expected}." if len(expected) <= _SHORT else "Give one of those."
    return Problem(where=path, expected=expected, found=_found(details["input"]), mend=mend)


def _expected(details: ErrorDetails) -> str:
    """Say in plain words what would have been right."""
    context = details.get("ctx", {})
    if details["type"] == "too_short":
        return f"at least {'one' if context['min_length'] == 1 else context['min_length']} in this list"
    if details["type"] == "too_long":
        return f"at most {context['max_length']:,} in this list"
    if details["type"] in _KINDS:
        return _KINDS[details["type"]]
    message = details["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"a number {message}" if context.keys() & {"ge", "gt", "le", "lt"} else message


def _found(value: Any) -> str:
    """Write a value as a person would name it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, list | tuple | dict):
        named = "a list" if not isinstance(value, dict) else "named values"
        return f"{named} ({_BRIEF.repr(value)})" if value else "an empty list"
    if isinstance(value, date):
        return f"the date {value}"
    return f"the text {_BRIEF.repr(value)}" if isinstance(value, str) else _BRIEF.repr(value)


def _field_path(location: tuple[int | str, ...]) -> str:
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


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> Iterator[str]:
    """Return the keys known at a place of the form."""
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
