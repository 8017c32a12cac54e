"""The months that a request plans, and how far ahead of the data they lie."""

from __future__ import annotations

import pandas as pd

from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.scope import LONGEST_HORIZON_MONTHS


def planned_months(request: PlanRequest, until: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the months that a request plans.

    Args:
        request: The request.
        until: Last month of data used.

    Returns:
        `request.horizon_months` month starts, from `request.first_month`, else from the month after `until`.

    Raises:
        WardcastError: The first month is not after `until`, or the last lies beyond what can be forecast.
    """
    following = until + pd.offsets.MonthBegin(1)
    first = following if request.first_month is None else pd.Timestamp(f"{request.first_month}-01")
    months = pd.date_range(first, periods=request.horizon_months, freq="MS")
    latest = following + pd.offsets.MonthBegin(LONGEST_HORIZON_MONTHS - request.horizon_months)
    if not following <= first <= latest:
        raise invalid_input(
            "The request plans months that cannot be forecast from these data.",
            Problem(
                where="first_month",
                expected=f"{following:%Y-%m} to {latest:%Y-%m}: after the last month of data used, and all "
                f"{request.horizon_months} months planned within {LONGEST_HORIZON_MONTHS} months of it",
                found=f"{first:%Y-%m}",
                mend=f"Choose a month in this range, or leave it out to start in {following:%Y-%m}.",
            ),
        )
    return months


def months_ahead(months: pd.DatetimeIndex, until: pd.Timestamp) -> int:
    """Return how many months a forecast has to reach to cover some months.

    Args:
        months: Month starts after `until`.
        until: Last month of data used.

    Returns:
        Months from the one after `until` to the last of them.
    """
    last = months[-1]
    return int(12 * (last.year - until.year) + last.month - until.month)
