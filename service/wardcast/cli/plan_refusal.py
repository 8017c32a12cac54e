"""Refusals of a request, told with the file that it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import Problem, WardcastError


@contextmanager
def named(request_file: Path) -> Iterator[None]:
    """Name a request's file in what is wrong with its fields: what refuses them later no longer knows it.

    Args:
        request_file: The file.

    Raises:
        WardcastError: As raised within, with the file's name before each field of the request.
    """
    try:
        yield
    except WardcastError as error:
        problems = [_named(problem, request_file.name) for problem in error.problems]
        raise WardcastError(error.kind, error.message, problems) from error


def _named(problem: Problem, name: str) -> Problem:
    """Put the file's name before a field of the request, as `read_request` does."""
    field = re.split(r"[.\[]", problem.where, maxsplit=1)[0]
    return replace(problem, where=f"{name}: {problem.where}") if field in PlanRequest.model_fields else problem
