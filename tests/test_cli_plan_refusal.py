"""What is wrong with a request is told with the file that it stands in, whatever refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.panels import make_panel
from tests.plans import POLICE, make_request
from wardcast.cli.plan_refusal import named
from wardcast_models.allocation.check import check_request
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input

FILE = Path("plans") / "spring.yaml"


def test_limits_that_clash_are_told_with_the_file_and_the_field() -> None:
    request = make_request(POLICE, limits={"ward_min_hours_per_month": 300})
    with pytest.raises(WardcastError, match="cannot be met") as refused, named(FILE):
        check_request(request, make_panel())
    assert refused.value.kind is ErrorKind.INFEASIBLE
    assert {problem.where for problem in refused.value.problems} == {
        "spring.yaml: limits.ward_min_hours_per_month",
        "spring.yaml: resources[0].hours_per_month",
    }


def test_what_stands_in_another_file_keeps_its_own_place() -> None:
    elsewhere = Problem(where="counts.csv: row 3", expected="a number", found="x", mend="Give a number.")
    with pytest.raises(WardcastError) as refused, named(FILE):
        raise invalid_input("A file is broken.", elsewhere)
    assert refused.value.problems == (elsewhere,)
