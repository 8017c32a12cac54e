"""The newest financial year that the data hold throughout."""

from __future__ import annotations

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.panel import Panel
from wardcast_models.profile.published_counts import published_counts
from wardcast_models.profile.year import MONTHS_A_YEAR, observed_months


def newest_complete_year(panel: Panel, *, months_after: int = 0) -> str:
    """Find the newest financial year, April to March, of which every month is in the data.

    Args:
        panel: The panel.
        months_after: How many later months have to be in the data too: what a review needs.

    Returns:
        As `2023/24`.

    Raises:
        WardcastError: No financial year is in the data throughout.
    """
    observed = set(observed_months(published_counts(panel)))
    for april in sorted((month for month in observed if month.month == 4), reverse=True):
        end = april + pd.DateOffset(months=MONTHS_A_YEAR)
        later = sum(month >= end for month in observed)
        if later >= months_after and observed.issuperset(pd.date_range(april, periods=MONTHS_A_YEAR, freq="MS")):
            return f"{april.year}/{(april.year + 1) % 100:02d}"
    span = f"{min(observed):%Y-%m} to {max(observed):%Y-%m}" if observed else "no month"
    followed = f" with {months_after} later months" if months_after else ""
    raise invalid_input(
        f"No financial year is in the data throughout on {panel.vintage} wards{followed}.",
        Problem(
            where="--year",
            expected="a year from April to March with every month in the data, or a year that is named",
            found=span,
            mend="Name a year with --year to see it in part, or add files that cover it.",
        ),
    )
