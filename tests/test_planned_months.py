"""The months that a request plans, and the forecast cut to them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.record_examples import forecast_example
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.planned_months import months_ahead, planned_months
from wardcast_models.allocation.request.resource import Resource
from wardcast_models.errors import ErrorKind, WardcastError

UNTIL = pd.Timestamp("2025-03-01")


def request(*, first_month: str | None, horizon_months: int = 3) -> PlanRequest:
    patrol = Resource(name="Patrol", hours_per_month=100)
    return PlanRequest(first_month=first_month, horizon_months=horizon_months, resources=(patrol,))


@pytest.mark.parametrize(
    ("first_month", "planned", "ahead"),
    [
        (None, ["2025-04", "2025-05", "2025-06"], 3),
        ("2025-04", ["2025-04", "2025-05", "2025-06"], 3),
        ("2025-11", ["2025-11", "2025-12", "2026-01"], 10),
        ("2028-01", ["2028-01", "2028-02", "2028-03"], 36),
    ],
)
def test_months_are_planned_from_the_first_one_asked_for(
    first_month: str | None, planned: list[str], ahead: int
) -> None:
    months = planned_months(request(first_month=first_month), UNTIL)
    assert list(months.strftime("%Y-%m")) == planned
    assert months_ahead(months, UNTIL) == ahead


@pytest.mark.parametrize(("first_month", "horizon_months"), [("2025-03", 3), ("2019-01", 3), ("2028-02", 3)])
def test_months_that_are_past_or_too_far_ahead_are_refused(first_month: str, horizon_months: int) -> None:
    with pytest.raises(WardcastError) as raised:
        planned_months(request(first_month=first_month, horizon_months=horizon_months), UNTIL)
    assert raised.value.kind is ErrorKind.INVALID_INPUT
    (problem,) = raised.value.problems
    assert (problem.where, problem.found) == ("first_month", first_month)
    assert problem.expected.startswith("2025-04 to 2028-01")


def test_a_forecast_cut_to_some_months_is_the_same_in_them() -> None:
    whole = forecast_example(horizon_months=6)
    cut = whole.months_from(pd.Timestamp("2025-06-01"), 2)
    assert list(cut.months.strftime("%Y-%m")) == ["2025-06", "2025-07"]
    assert np.array_equal(cut.paths, whole.paths[..., 2:4])
    assert np.array_equal(cut.mean, whole.mean[..., 2:4])
    assert cut.exposure_growth.shape == (2, 2)
    assert cut.until == whole.until


@pytest.mark.parametrize(("first", "n_months"), [("2025-03-01", 1), ("2025-08-01", 3), ("2025-04-01", 0)])
def test_a_forecast_is_not_cut_to_months_that_it_does_not_have(first: str, n_months: int) -> None:
    with pytest.raises(ValueError, match="does not cover"):
        forecast_example(horizon_months=6).months_from(pd.Timestamp(first), n_months)
