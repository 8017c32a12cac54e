"""Trends: observed months and the forecast's range, summed as they should be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.plans import all_level
from wardcast.pack.trends import OBSERVED_MONTHS, area_trends
from wardcast_models.forecasting.forecast import Forecast, Precision
from wardcast_models.panel.panel import Area, Panel

MONTHS = pd.date_range("2022-01-01", periods=39, freq="MS")
CATEGORIES = ("violence_with_injury", "violence_without_injury", "burglary_residential", "asb")


def panel_example(counts: np.ndarray) -> Panel:
    wards = pd.DataFrame(
        {
            "ward_code": ["E05000001", "E05000002", "E05000003"],
            "ward_name": ["Elsewhere", "North", "South"],
            "area_code": ["E09000001", "E09000002", "E09000002"],
            "area_name": ["Other", "Here", "Here"],
        }
    )
    empty = pd.DataFrame()
    return Panel(
        area=Area(code="E09000002", name="Here", ward_codes=("E05000002", "E05000003")),
        vintage="WD22",
        wards=wards,
        categories=CATEGORIES,
        months=MONTHS,
        counts=counts,
        census=empty,
        estimates=empty,
        projection=empty,
        ward_lookup=empty,
        pipeline=empty,
        visitors=empty,
        ward_groups=empty,
        baseline_hours=empty,
        polygons={},
        borough_series=empty,
        findings=(),
        synthetic=False,
    )


def forecast_example(until: str = "2025-03-01") -> Forecast:
    paths = np.random.default_rng(1).poisson(20, size=(200, 2, 4, 3)).astype(np.int32)
    return Forecast(
        area_code="E09000002",
        area_name="Barking and Dagenham",
        ward_codes=("E05000003", "E05000002"),  # not the panel's order
        ward_names=("South", "North"),
        categories=CATEGORIES,
        months=pd.date_range(pd.Timestamp(until) + pd.offsets.MonthBegin(), periods=3, freq="MS"),
        paths=paths,
        components=all_level(np.full(paths.shape[1:], 20.0)),
        member_weights=(("m", 1.0),),
        demand_history=np.ones((2, 4)),
        exposure_growth=np.ones((2, 3)),
        until=pd.Timestamp(until),
        model="m",
        seed=0,
        scenario="as_planned",
        panel_digest="",
        synthetic=False,
        assumptions=(),
    )


@pytest.fixture
def counts() -> np.ndarray:
    return np.random.default_rng(0).poisson(20, size=(3, 4, 39)).astype(float)


def by_key(panel: Panel, forecast: Forecast) -> dict[str, object]:
    return {trend.key: trend for trend in area_trends(panel, forecast)}


def test_area_families_and_wards_each_have_a_trend(counts: np.ndarray) -> None:
    trends = area_trends(panel_example(counts), forecast_example())
    assert [(t.scope, t.label) for t in trends] == [
        ("area", "All recorded crime"),
        ("family", "Violence against the person"),
        ("family", "Burglary"),
        ("family", "Anti-social behaviour incidents"),
        ("ward", "South"),
        ("ward", "North"),
    ]


def test_a_total_that_leaves_recorded_crime_out_is_not_called_all_recorded_crime(counts: np.ndarray) -> None:
    forecast = forecast_example()
    fewer = replace(
        forecast, categories=CATEGORIES[:2], paths=forecast.paths[:, :, :2], components=forecast.components[:, :, :2]
    )
    assert area_trends(panel_example(counts), fewer)[0].label == "All forecast crime"
    counts[1:, 2] = 0
    assert area_trends(panel_example(counts), fewer)[0].label == "All recorded crime"


def test_observed_months_are_the_areas_own_and_leave_asb_out_of_crime(counts: np.ndarray) -> None:
    area, violence, *_, south, _north = area_trends(panel_example(counts), forecast_example())
    assert area.observed == tuple(counts[1:, :3, -OBSERVED_MONTHS:].sum(axis=(0, 1)))
    assert violence.observed == tuple(counts[1:, :2, -OBSERVED_MONTHS:].sum(axis=(0, 1)))
    assert south.observed == tuple(counts[2, :3, -OBSERVED_MONTHS:].sum(axis=0))
    assert area.observed_months[-1] == "2025-03"
    assert area.forecast_months == ("2025-04", "2025-05", "2025-06")


def test_nothing_after_until_is_shown(counts: np.ndarray) -> None:
    area = area_trends(panel_example(counts), forecast_example(until="2024-12-01"))[0]
    assert area.observed_months[-1] == "2024-12"


def test_a_month_with_an_unobserved_part_is_unobserved_rather_than_too_low(counts: np.ndarray) -> None:
    counts[2, 2, -1] = np.nan
    area, violence, burglary, *_ = area_trends(panel_example(counts), forecast_example())
    assert area.observed[-1] is None
    assert burglary.observed[-1] is None
    assert violence.observed[-1] is not None


def test_ranges_are_those_of_the_summed_paths(counts: np.ndarray) -> None:
    forecast = forecast_example()
    violence = area_trends(panel_example(counts), forecast)[1]
    sums = forecast.paths[:, :, :2].sum(axis=(1, 2))
    assert violence.q95 == tuple(np.quantile(sums, 0.95, axis=0, method="inverted_cdf"))
    assert violence.q05 == tuple(np.quantile(sums, 0.05, axis=0, method="inverted_cdf"))
    assert all(low <= mid <= high for low, mid, high in zip(violence.q05, violence.q50, violence.q95, strict=True))


def test_series_with_few_cases_are_marked(counts: np.ndarray) -> None:
    forecast = forecast_example()
    forecast.paths[:, :, 2] = 1
    trends = {trend.key: trend for trend in area_trends(panel_example(counts), forecast)}
    assert trends["burglary"].precision is Precision.TOO_FEW
    assert trends["violence"].precision is Precision.OK
    assert trends["asb"].precision is Precision.OK
