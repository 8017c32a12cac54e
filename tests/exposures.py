"""Small exposures for tests: four wards, projected, counted and built in."""

from __future__ import annotations

import pandas as pd

from tests.panels import make_panel
from wardcast_models.forecasting.exposure import Exposure, build_exposure
from wardcast_models.panel.panel import Panel

UNTIL = pd.Timestamp("2022-07-01")
CODES = [f"E0500000{number}" for number in range(1, 5)]


def panel(**options: object) -> Panel:
    """Four wards over the five years that end with `UNTIL`."""
    return make_panel(first_month="2017-08", n_months=60, **options)  # type: ignore[arg-type]  # passed through


def exposure(
    of: Panel, *, scenario: str = "as_planned", horizon_months: int = 24, until: pd.Timestamp = UNTIL
) -> Exposure:
    """Exposure two years beyond `UNTIL`, or another last month of data."""
    return build_exposure(of, horizon_months=horizon_months, until=until, scenario=scenario)


def persons(found: Exposure, month: str, ward: int = 0) -> float:
    """Residents of one ward and month."""
    return float(found.persons[ward, found.months.get_loc(pd.Timestamp(month))])


def steady_growth(codes: list[str]) -> dict[str, dict[int, float]]:
    """A projection that doubles in the two years after `UNTIL`."""
    return {code: {2016: 1000.0, 2020: 1000.0, 2022: 1200.0, 2024: 2400.0} for code in codes}
