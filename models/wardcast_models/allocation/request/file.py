"""Reading a request from a YAML file or a mapping; every mistake is told with its field and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wardcast_models.allocation.request.figures import figure_problems
from wardcast_models.allocation.request.last_plan_file import with_last_plan
from wardcast_models.allocation.request.names import name_problems
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.form_file import Form, checked_form, read_form

_REQUEST = Form(
    noun="request",
    option="--request",
    content="at least `resources:` and one team under it",
    example="experiments/requests/quarter.yaml",
)


def read_request(path: Path) -> PlanRequest:
    """Read a request file, and the last plan's assignments file where it names one.

    Args:
        path: A YAML file.

    Returns:
        The checked request.

    Raises:
        WardcastError: The file is absent or not YAML, a field is wrong, or the last plan's file cannot be used.
    """
    request = parse_request(read_form(path, _REQUEST), where=path.name)
    if request.last_plan is None:
        return request
    last_plan = with_last_plan(request.last_plan, path.parent, where=f"{path.name}: last_plan.name")
    return request.model_copy(update={"last_plan": last_plan})


def parse_request(data: Mapping[str, Any], *, where: str) -> PlanRequest:
    """Check a request given as a mapping.

    Args:
        data: The request's fields.
        where: Name of the file or message, for the error.

    Returns:
        The checked request.

    Raises:
        WardcastError: A key is unknown, a value is wrong, a name in it is not known, or two fields do not fit together.
    """
    request = checked_form(PlanRequest, data, where=where, form=_REQUEST)
    problems = [*name_problems(request), *figure_problems(request)]
    if problems:
        raise _REQUEST.to_mend(where, [replace(each, where=f"{where}: {each.where}") for each in problems])
    return request
