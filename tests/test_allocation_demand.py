"""What a plan aims at: the shares presence can touch, the weights that count, and what is said about both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.panels import AREA_CODE, make_panel
from tests.plans import CATEGORIES, POLICE, WARDENS, make_forecast, make_plan, make_request
from wardcast_models.allocation.demand.demand import Demand, demand_of
from wardcast_models.allocation.demand.preventable import DOMESTIC_SERIES, preventable_shares
from wardcast_models.allocation.plan import Assumption, Plan
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Area, Panel

WITH_ASB = (*CATEGORIES, "asb")
HAVERING = Area(code="E09000016", name="Havering", ward_codes=("E05000101", "E05000102"))


def test_violence_that_presence_can_touch_is_what_the_dashboard_does_not_call_domestic_abuse() -> None:
    violence = make_panel(n_months=60, random_seed=None)  # 4 wards x 20 a month, to 2021-12
    panel = _with_dashboard(violence, {"2019-12": 60.0} | dict.fromkeys(_months("2020-01", 24), 30.0))
    share = preventable_shares(panel)["violence_with_injury"]
    assert share.value == pytest.approx(1 - 30 / 80), "the last 24 months only"
    assert share.source == "MPS Monthly Crime Dashboard, 2020-01 to 2021-12, Barking and Dagenham"
    until_june = preventable_shares(panel.up_to(pd.Timestamp("2021-06-01")))["violence_with_injury"]
    assert "2019-12 to 2021-06" in until_june.source, "nothing after the last month used"


def test_the_real_dashboard_gives_the_area_its_own_share(real_data: Path) -> None:
    panel = read_folder(real_data, area=AREA_CODE).up_to(pd.Timestamp("2025-03-01"))
    share = preventable_shares(panel)["violence_with_injury"]
    assert share.value == pytest.approx(0.61, abs=0.03)
    assert share.source == "MPS Monthly Crime Dashboard, 2023-04 to 2025-03, Barking and Dagenham"


def test_the_dashboard_moves_the_plan_and_is_named_in_it() -> None:
    panel = _with_dashboard(make_panel(random_seed=None), dict.fromkeys(_months("2021-01", 12), 72.0))
    packaged, measured = make_plan(make_request()), make_plan(make_request(), panel=panel)
    assert measured.objective_value < packaged.objective_value
    stated = _stated(measured, "Violence with injury outside domestic abuse")
    assert "10% of violence with injury" in stated.statement
    assert stated.source == "MPS Monthly Crime Dashboard, 2021-01 to 2021-12, Barking and Dagenham"
    assert "Violence with injury 10%" in _stated(measured, "Preventable shares").statement


def test_without_the_dashboard_another_borough_borrows_the_packaged_share_and_says_so() -> None:
    here = make_panel(n_other_wards=2)
    there = replace(here, area=HAVERING)
    assert preventable_shares(here)["violence_with_injury"].source.startswith("central: 1 minus the domestic-abuse")
    borrowed = preventable_shares(there)["violence_with_injury"]
    assert borrowed.value == preventable_shares(here)["violence_with_injury"].value
    assert borrowed.source == "Barking and Dagenham's share, assumed for Havering"


def test_a_month_that_lacks_one_borough_of_the_area_is_not_used() -> None:
    both = make_panel(n_other_wards=2, random_seed=None)
    london = replace(both, area=Area(code="E12000007", name="London", ward_codes=both.ward_codes))
    panel = _with_dashboard(london, dict.fromkeys(_months("2021-01", 12), 30.0))
    assert "assumed for London" in preventable_shares(panel)["violence_with_injury"].source


def test_police_generated_crime_is_need_but_never_something_to_aim_at() -> None:
    forecast = make_forecast(categories=("weapons_possession",))
    ward = make_plan(make_request(), forecast).wards[0]
    assert ward.need_harm == pytest.approx(273.75 * float(forecast.paths.mean(axis=0)[0, 0].sum()))
    assert ward.preventable_harm == 0


def test_a_priority_whose_categories_have_no_weight_or_no_forecast_is_said_to_change_nothing() -> None:
    weights = {"burglary": 5, "asb": 2, "serious_youth_violence_knife": 2, "violence_with_injury_non_domestic": 3}
    categories = ("violence_with_injury", "burglary_residential", "robbery_personal", "weapons_possession")
    request = make_request(objective={"harm_scale": "ons", "priority_weights": weights})
    said = _stated(make_plan(request, make_forecast(categories=categories)), "Priority weights").statement
    assert "The weight of Burglary changes nothing: Residential burglary (no weight in this harm scale)" in said
    assert "Anti-social behaviour changes nothing: Anti-social behaviour incidents (not forecast here)" in said
    assert "does not move hours for Possession of weapons" in said
    assert "The weight of Non-domestic" not in said


def test_only_categories_that_the_plan_aims_at_are_listed_with_a_preventable_share() -> None:
    shares = _stated(make_plan(make_request(objective={"harm_scale": "ons"})), "Preventable shares").statement
    assert "Violence with injury 61%" in shares
    assert "burglary" not in shares.lower()


def test_the_partial_severity_scale_says_how_much_of_it_is_known() -> None:
    said = _stated(make_plan(make_request(objective={"harm_scale": "ons"})), "Harm scale").statement
    assert "10 weights of this scale could be read, 7 of them match a category here." in said


@pytest.mark.parametrize(("weight", "source"), [(10, "assumed; neither"), (20, "user")])
def test_a_weight_of_anti_social_behaviour_that_the_user_sets_is_the_users(weight: float, source: str) -> None:
    plan = make_plan(make_request(objective={"asb_weight": weight}), make_forecast(categories=WITH_ASB))
    assert _stated(plan, "Weight of anti-social behaviour").source.startswith(source)


def test_effects_that_are_only_extended_from_crime_as_a_whole_are_named_as_assumed() -> None:
    stated = _stated(make_plan(make_request()), "Effect: Patrol")
    assert "For Residential burglary" in stated.statement
    assert "Anti-social behaviour incidents this is assumed" in stated.statement
    assert "Violence with injury" not in stated.statement
    assert stated.source.startswith("Draca, Machin and Witt (2011)")
    assert "assumed for 9 of the categories" in stated.source


def test_a_delivery_scenario_without_planned_homes_is_said_to_change_nothing() -> None:
    slower = replace(make_forecast(), scenario="slower")
    assert "`slower` changes nothing here" in _stated(make_plan(make_request(), slower), "Delivery scenario").statement
    assert not [a for a in make_plan(make_request()).assumptions if a.topic == "Delivery scenario"]


def test_the_ring_fence_is_a_reason_only_where_it_keeps_council_hours() -> None:
    council = {**WARDENS, "wards": ["E05000001"]}
    plan = make_plan(make_request(POLICE, council))
    fenced = {ward.ward_code for ward in plan.wards if any("ring-fence" in reason for reason in ward.drivers)}
    assert fenced == {"E05000001"}


def test_custom_weights_are_the_requests_own_and_so_is_the_unit_of_anti_social_behaviour() -> None:
    objective = {"harm_scale": "custom", "harm_weights": {"burglary_residential": 7, "rape": 90}, "asb_weight": 0.5}
    demand = _demand(make_request(objective=objective), make_forecast(categories=WITH_ASB))
    weights = dict(zip(demand.forecast.categories, demand.need_weight, strict=True))
    assert weights == dict.fromkeys(WITH_ASB, 0) | {"burglary_residential": 7, "rape": 90, "asb": 0.5}
    scale = _said_by(demand, "Harm scale")
    assert scale.statement == (
        "Harm is measured in units of the request's own weights. One crime weighs: Rape 90, Residential burglary 7."
    )
    assert scale.source == "user"
    assert "Violence with injury" in _said_by(demand, "Categories without a weight").statement
    assert "0.5 units of the request's own weights" in _said_by(demand, "Weight of anti-social behaviour").statement


def test_without_shares_every_shift_carries_its_length_of_the_day() -> None:
    short = [{"name": "late", "hours": 6}, {"name": "night", "hours": 9}]
    demand = _demand(make_request(shifts=short))
    assert demand.shift_share == pytest.approx(np.tile([6 / 24, 9 / 24], (len(CATEGORIES), 1)))
    said = _said_by(demand, "Shifts")
    assert "The shifts cover 15 hours" in said.statement
    assert said.source.startswith("assumed")


def test_shares_by_shift_are_taken_from_the_category_then_from_all_then_from_the_length() -> None:
    burglary = {"category": "burglary_residential", "shares": {"day": 0.2, "late": 0.5, "night": 0.2}}
    everything = {"category": "all", "shares": {"day": 0.5, "night": 0.5}}
    own = _demand(make_request(shift_shares=[burglary]))
    position = own.forecast.categories.index("burglary_residential")
    assert list(own.shift_share[position]) == [0.2, 0.5, 0.2]
    assert np.delete(own.shift_share, position, axis=0) == pytest.approx(1 / 3)
    said = _said_by(own, "Shifts")
    assert "Residential burglary: day 20%, late 50%, night 20%, outside these shifts and so out" in said.statement
    assert "reach 10%. There is no time-of-day data" in said.statement
    assert said.source.startswith("user; assumed")
    both = _demand(make_request(shift_shares=[burglary, everything]))
    assert np.delete(both.shift_share, position, axis=0) == pytest.approx(np.tile([0.5, 0, 0.5], (4, 1)))
    assert "all other categories: day 50%, late 0%, night 50%." in _said_by(both, "Shifts").statement
    assert _said_by(both, "Shifts").source == "user"


def test_the_hours_of_a_plan_follow_the_shares_by_shift() -> None:
    shares = {"category": "all", "shares": {"day": 0.1, "late": 0.1, "night": 0.8}}
    plan = make_plan(make_request(shift_shares=[shares]))
    night = sum(row.hours for row in plan.assignments if row.shift == "night")
    assert night > 0.8 * sum(row.hours for row in plan.assignments)
    assert "how crime falls on the shifts decides" in _stated(plan, "Hours by shift").statement


def _demand(request: PlanRequest, forecast: Forecast | None = None) -> Demand:
    return demand_of(forecast or make_forecast(), request, preventable_shares(make_panel()))


def _said_by(demand: Demand, topic: str) -> Assumption:
    return next(assumption for assumption in demand.assumptions if assumption.topic == topic)


def _stated(plan: Plan, topic: str) -> Assumption:
    return next(assumption for assumption in plan.assumptions if assumption.topic == topic)


def _months(first: str, number: int) -> list[str]:
    return list(pd.date_range(f"{first}-01", periods=number, freq="MS").strftime("%Y-%m"))


def _with_dashboard(panel: Panel, offences: dict[str, float]) -> Panel:
    rows = pd.DataFrame(
        {
            "area_code": AREA_CODE,
            "series": DOMESTIC_SERIES,
            "month": pd.to_datetime(list(offences), format="%Y-%m"),
            "count": np.array(list(offences.values())),
        }
    )
    return replace(panel, borough_series=rows)
