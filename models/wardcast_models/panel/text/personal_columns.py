"""Columns that look as if they held something about a person: counts of places need none of them."""

from __future__ import annotations

import re

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.sources.source import SourceFile

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PERSONAL = frozenset(
    {
        "forename",
        "surname",
        "firstname",
        "lastname",
        "fullname",
        "initials",
        "dob",
        "birth",
        "birthday",
        "birthdate",
        "phone",
        "telephone",
        "tel",
        "mobile",
        "email",
        "nino",
        "nhs",
        "passport",
        "ethnicity",
        "religion",
        "disability",
    }
)
_PEOPLE = frozenset(
    {
        "complainant",
        "victim",
        "suspect",
        "offender",
        "perpetrator",
        "tenant",
        "customer",
        "caller",
        "informant",
        "witness",
        "reporter",
    }
)
_NOT_A_PERSON = frozenset(
    {
        "ward",
        "borough",
        "area",
        "street",
        "road",
        "site",
        "place",
        "park",
        "estate",
        "lsoa",
        "location",
        "premises",
        "team",
        "service",
        "log",
        "file",
        "type",
        "category",
        "kind",
        "count",
        "number",
        "total",
    }
)
"""Words that make `name`, or a sort of person, a fact about a place or a kind: `ward_name`, `caller_type`."""


def personal_columns(source: SourceFile) -> tuple[str, ...]:
    """Return the columns of a file that look personal, as written.

    Args:
        source: The file.

    Returns:
        Their names, in the file's order.
    """
    return tuple(name for name in source.header if _looks_personal(name))


def refuse_personal_columns(source: SourceFile) -> None:
    """Refuse a file with columns that look personal, before any of its rows is read.

    Args:
        source: The file.

    Raises:
        WardcastError: It has such columns.
    """
    found = personal_columns(source)
    if found:
        raise invalid_input(
            f"{source.name} was not read: it seems to hold details of people.",
            *(
                Problem(
                    where=f"{source.name}, row 1, column {name}",
                    expected="columns about places, days and kinds only",
                    found="a column that looks personal",
                    mend="Remove the column and supply the file again; nothing about people is needed or kept.",
                )
                for name in found
            ),
        )


def _looks_personal(name: str) -> bool:
    words = {word.lower() for word in _WORD.findall(name)}
    if words & _PERSONAL or {"e", "mail"} <= words or {"national", "insurance"} <= words:
        return True
    return bool(words & (_PEOPLE | {"name"})) and not words & _NOT_A_PERSON
