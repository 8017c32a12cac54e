"""Reading a request from a YAML file or a mapping; every mistake is told with its field and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wardcast_models.allocation.request import PlanRequest
from wardcast_models.allocation.request_names import name_problems
from wardcast_models.form_file import Form, checked_form, read_form

_REQUEST = Form(
    noun="request",
    option="--request",
    content="at least `resources:` and one team under it",
    example="experiments/requests/quarter.yaml",
)


def read_request(path: Path) -> PlanRequest:
    """Read a request file.

    Args:
        path: A YAML file.

    Returns:
        The checked request.

    Raises:
        WardcastError: The file is absent or not YAML, or a field is wrong.
    """
    return parse_request(read_form(path, _REQUEST), where=path.name)


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
    request = checked_form(PlanRequest, data, where=where, form=_REQUEST)
    problems = name_problems(request, where=where)
    if problems:
        raise _REQUEST.to_mend(where, problems)
    return request
