"""One forecast at every level: sums of the same paths, and where too few crimes can be read instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.plans import make_request
from wardcast_models.allocation.demand.demand import demand_of
from wardcast_models.allocation.demand.preventable import preventable_shares
from wardcast_models.errors import WardcastError
from wardcast_models.forecasting.forecast import Forecast, Precision
from wardcast_models.forecasting.grouping import ALL_CRIME, UNGROUPED, CategoryLevel, PlaceLevel, clusters_of
from wardcast_models.forecasting.levels import aggregate, incoherence, level_frame, reading_levels
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy

CATEGORIES = ("violence_with_injury", "burglary_residential", "burglary_business_community", "bicycle_theft", "arson")
FIXED_COLUMNS = [
    "ward_code",
    "ward_name",
    "category",
    "month",
    "mean",
    "q05",
    "q10",
    "q25",
    "q50",
    "q75",
    "q90",
    "q95",
    "status",
    "model",
]


def grouped_panel(**options: object) -> Panel:
    """Four wards in two clusters, one of them left out of the file of groups."""
    panel = make_panel(n_wards=4, categories=CATEGORIES, **{"monthly_mean": 30.0, **options})  # type: ignore[arg-type]
    groups = pd.DataFrame({"ward_code": panel.ward_codes[:3], "group": ["north", "south", "north"]})
    return replace(panel, ward_groups=groups)


def forecast_of(panel: Panel, *, horizon_months: int = 3) -> Forecast:
    trained = forecaster("mean_12_months").fit(panel, until=panel.last_month)
    return trained.forecast(horizon_months=horizon_months, n_paths=200, seed=1)


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return forecast_of(grouped_panel())


def test_wards_carry_their_group_and_those_left_out_are_together(forecast: Forecast) -> None:
    assert forecast.clusters == ("north", "south", "north", UNGROUPED)


def test_without_groups_boroughs_are_the_clusters_where_there_are_several() -> None:
    one = make_panel(n_wards=2, n_other_wards=2)
    assert clusters_of(one) == ()
    both = replace(one, area=replace(one.area, ward_codes=one.ward_codes))
    assert clusters_of(both) == ("Barking and Dagenham",) * 2 + ("Havering",) * 2


def test_every_level_is_the_sum_of_the_same_paths(forecast: Forecast) -> None:
    north = aggregate(forecast, places=PlaceLevel.CLUSTER)
    assert north.ward_codes == ("north", "south", UNGROUPED)
    assert (north.paths[:, 0] == forecast.paths[:, 0] + forecast.paths[:, 2]).all()
    burglary = aggregate(forecast, places=PlaceLevel.AREA, categories=CategoryLevel.PRIORITY)
    assert burglary.ward_names == ("Barking and Dagenham",)
    at = burglary.categories.index("burglary")
    assert (burglary.paths[:, 0, at] == forecast.paths[:, :, 1:3].sum(axis=(1, 2))).all()
    everything = aggregate(forecast, places=PlaceLevel.AREA, categories=CategoryLevel.ALL)
    assert everything.categories == (ALL_CRIME,)
    assert (everything.paths[:, 0, 0] == forecast.paths.sum(axis=(1, 2))).all()


def test_parts_and_history_add_up_with_the_paths(forecast: Forecast) -> None:
    area = aggregate(forecast, places=PlaceLevel.AREA, categories=CategoryLevel.ALL)
    assert area.components.sum(axis=0) == pytest.approx(area.mean, abs=1e-9)
    assert area.components[:, 0, 0] == pytest.approx(forecast.components.sum(axis=(1, 2)))
    assert area.demand_history[0, 0] == pytest.approx(forecast.demand_history.sum())


def test_no_level_disagrees_with_the_one_below(forecast: Forecast) -> None:
    assert incoherence(forecast) < 1e-9


def test_a_range_of_a_sum_is_narrower_than_the_sum_of_ranges_but_not_that_of_independent_wards(
    forecast: Forecast,
) -> None:
    area = aggregate(forecast, places=PlaceLevel.AREA)
    low, high = area.quantiles((0.05, 0.95))[:, 0, 0]
    ward_low, ward_high = forecast.quantiles((0.05, 0.95))[:, :, 0]
    assert ((high - low) < (ward_high - ward_low).sum(axis=0)).all()


def test_incidents_of_antisocial_behaviour_stay_apart_from_crime() -> None:
    panel = make_panel(n_wards=2, categories=("violence_with_injury", "asb"))
    everything = aggregate(forecast_of(panel), categories=CategoryLevel.ALL)
    assert everything.categories == (ALL_CRIME, "asb")


def test_without_groups_clusters_are_refused_with_what_to_add() -> None:
    with pytest.raises(WardcastError, match="no clusters") as refused:
        aggregate(forecast_of(make_panel()), places=PlaceLevel.CLUSTER)
    assert "ward_code, group" in refused.value.problems[0].mend


def test_series_are_too_few_wide_or_precise_by_their_mean() -> None:
    panel = make_panel(n_wards=1, categories=CATEGORIES[:3], monthly_mean=36.0, random_seed=None)
    forecast = forecast_of(replace(panel, counts=panel.counts * np.array([1.0, 0.5, 0.2])[None, :, None]))
    assert forecast.precision == ((Precision.OK, Precision.WIDE, Precision.TOO_FEW),)
    assert forecast.too_few.tolist() == [[False, False, True]]


def test_the_file_keeps_its_columns_and_says_at_last_where_to_read_each_series(forecast: Forecast) -> None:
    frame = level_frame(forecast)
    assert list(frame.columns) == [*FIXED_COLUMNS, "read_at"]
    pd.testing.assert_frame_equal(frame[FIXED_COLUMNS], forecast.to_frame())
    own = frame["status"] == "ok"
    assert (frame.loc[own, "read_at"] == "ward/category").all()
    assert (frame.loc[~own, "read_at"] != "ward/category").all()


def test_too_few_are_read_at_the_finest_level_that_has_five_a_month() -> None:
    levels = {"violence_with_injury": 1.0, "burglary_residential": 0.3, "bicycle_theft": 0.12, "arson": 0.02}
    levels["burglary_business_community"] = 0.02
    panel = grouped_panel(monthly_mean=1.0, random_seed=None)
    rates = 10.0 * np.array([levels[category] for category in CATEGORIES])
    forecast = forecast_of(replace(panel, counts=np.broadcast_to(rates[None, :, None], panel.counts.shape).copy()))
    read_at = level_frame(forecast).drop_duplicates(["ward_code", "category"]).set_index(["ward_name", "category"])
    first = read_at["read_at"].loc["Ward 1"]
    assert first["violence_with_injury"] == "ward/category"
    assert first["burglary_residential"] == "cluster/category"
    assert read_at["read_at"].loc["Ward 2", "burglary_residential"] == "area/category"
    assert first["burglary_business_community"] == "area/priority"
    assert taxonomy()["arson"].priority == ""
    assert first["arson"] == "area/all"


def test_where_even_the_area_has_too_few_there_is_nowhere_to_read_it() -> None:
    panel = make_panel(n_wards=2, monthly_mean=0.5)
    assert set(level_frame(forecast_of(panel))["read_at"]) == {"none"}


def test_at_coarser_levels_the_file_keeps_its_columns(forecast: Forecast) -> None:
    frame = level_frame(forecast, places=PlaceLevel.AREA, categories=CategoryLevel.PRIORITY)
    assert list(frame.columns) == [*FIXED_COLUMNS, "read_at"]
    assert set(frame["ward_code"]) == {"E09000002"}
    assert set(frame["ward_name"]) == {"Barking and Dagenham"}
    assert set(frame["read_at"]) == {"area/priority"}


def test_an_area_outside_london_is_told_by_its_name() -> None:
    panel = make_panel(n_wards=2)
    southend = replace(panel, area=replace(panel.area, code="E06000033", name="Southend-on-Sea"))
    frame = level_frame(forecast_of(southend), places=PlaceLevel.AREA)
    assert set(frame["ward_name"]) == {"Southend-on-Sea"}


def test_a_plan_counts_every_path_whatever_can_be_said_about_the_ward() -> None:
    panel = make_panel(n_wards=6, categories=("violence_with_injury",), monthly_mean=2.0)
    forecast = forecast_of(panel)
    assert forecast.too_few.all()
    demand = demand_of(forecast, make_request(), preventable_shares(panel))
    weight = demand.need_weight[0]
    assert weight > 0
    assert demand.need_harm.sum() == pytest.approx(weight * forecast.paths.mean(axis=0).sum())


def test_crime_that_serves_no_priority_can_be_backtested_and_is_refused_by_priority() -> None:
    panel = make_panel(categories=("shoplifting", "bicycle_theft"))
    forecast = forecaster("mean_12_months").fit(panel, until=panel.last_month).forecast(horizon_months=3)
    assert incoherence(forecast) < 1e-9
    assert set(reading_levels(forecast).ravel()) <= {"ward/category", "area/category", "area/all", "none"}
    with pytest.raises(WardcastError, match="serves a priority"):
        aggregate(forecast, categories=CategoryLevel.PRIORITY)
