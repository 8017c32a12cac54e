"""The one thing that is wrong with a request, and parts of requests to be wrong in."""

from __future__ import annotations

import pytest

from tests.plans import make_request
from wardcast_models.errors import ErrorKind, Problem, WardcastError

RING_FENCE = {"name": "Evenings", "hours_per_month": 40}
LOCKED = {"ward": "E05014053", "resource": "Patrol", "hours_per_month": 8}


def problem_with(*resources: dict[str, object], **fields: object) -> Problem:
    """Return the one thing that is wrong with a request."""
    with pytest.raises(WardcastError) as refused:
        make_request(*resources, **fields)
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    assert len(refused.value.problems) == 1
    return refused.value.problems[0]
