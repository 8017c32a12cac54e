"""Anti-social behaviour in a plan: a term of its own where it is forecast, else council hours kept for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from tests.plans import CATEGORIES, POLICE, WARDENS, make_forecast, make_plan, make_request
from wardcast_models.panel.panel import Panel

WITH_ASB = (*CATEGORIES, "asb")
WITH_COUNCIL_ASB = (*CATEGORIES, "council_asb")


def without_counts(panel: Panel, category: str, *months: str) -> Panel:
    """Return the panel as if nobody had a count of one category in some months."""
    counts = panel.counts.copy()
    gone = panel.months.strftime("%Y-%m").isin(months)
    counts[:, panel.categories.index(category), gone] = np.nan
    return replace(panel, counts=counts)


def months(first: str, n: int) -> list[str]:
    """Return months in a row, `YYYY-MM`."""
    return list(pd.period_range(first, periods=n, freq="M").strftime("%Y-%m"))


def test_anti_social_behaviour_in_the_forecast_is_a_term_of_its_own() -> None:
    forecast = make_forecast(categories=WITH_ASB)
    light = make_plan(make_request(objective={"asb_weight": 0}), forecast)
    heavy = make_plan(make_request(objective={"asb_weight": 50}), forecast)
    assert light.asb.mode == heavy.asb.mode == "forecast"
    assert heavy.objective_value > light.objective_value
    assert heavy.asb.floor_hours_per_month == 0


def test_the_hours_credited_to_anti_social_behaviour_are_its_part_of_the_aim() -> None:
    alone = {"harm_scale": "custom", "harm_weights": {"rape": 1}, "asb_weight": 5}
    plan = make_plan(make_request(POLICE, objective=alone), make_forecast(categories=WITH_ASB))
    assert "100% of the preventable harm aimed at" in plan.asb.statement
    assert "2,400 are credited to it" in plan.asb.statement
    shared = make_plan(make_request(POLICE, objective={"asb_weight": 5}), make_forecast(categories=WITH_ASB))
    assert "2,400 are credited to it" not in shared.asb.statement
    assert "are credited to it" in shared.asb.statement


def test_reports_to_the_council_stand_in_where_the_police_count_no_anti_social_behaviour() -> None:
    with_council = (*CATEGORIES, "council_asb")
    forecast = make_forecast(categories=with_council)
    light = make_plan(make_request(objective={"asb_weight": 0}), forecast)
    heavy = make_plan(make_request(objective={"asb_weight": 50}), forecast)
    assert heavy.asb.mode == "forecast"
    assert "the council's log" in heavy.asb.statement
    assert heavy.objective_value > light.objective_value
    both = make_forecast(categories=(*with_council, "asb"))
    assert "police.uk" in make_plan(make_request(), both).asb.statement


def test_anti_social_behaviour_that_is_not_forecast_keeps_council_hours_by_its_last_known_shares() -> None:
    panel = make_panel(categories=WITH_ASB, monthly_mean=60.0, ward_weights=[1.0, 1.0, 1.0, 7.0], random_seed=None)
    plan = make_plan(make_request(POLICE, WARDENS), panel=panel)
    assert plan.asb.mode == "floor"
    assert plan.asb.floor_hours_per_month == pytest.approx(30)
    assert "2021-01 to 2021-12" in plan.asb.statement
    council = [row for row in plan.assignments if row.resource == "Wardens" and row.ward_name == "Ward 4"]
    assert sum(row.hours for row in council) == pytest.approx(3 * 30 * 0.7, abs=0.03)


def test_without_any_known_anti_social_behaviour_the_floor_names_its_proxy() -> None:
    plan = make_plan(make_request(POLICE, WARDENS))
    assert "proxy" in plan.asb.statement
    assert "criminal damage" in plan.asb.statement


def test_a_plan_without_council_teams_has_no_floor_and_says_so() -> None:
    plan = make_plan(make_request(POLICE))
    assert "No council hours are ring-fenced" in plan.asb.statement


def test_a_month_without_a_file_is_named_and_neither_zero_nor_made_up() -> None:
    panel = without_counts(make_panel(categories=WITH_ASB), "asb", "2019-04")
    plan = make_plan(make_request(), make_forecast(categories=WITH_ASB), panel)
    assert plan.asb.unobserved_months == ("2019-04",)
    assert "for 2019-04: that month is unobserved, neither taken as zero nor filled in" in plan.asb.statement
    (said,) = [each.statement for each in plan.assumptions if each.topic == "Anti-social behaviour"]
    assert "2019-04" in said


def test_months_in_a_row_without_a_file_are_named_as_one_span_and_those_before_the_first_file_are_not() -> None:
    gone = [*months("2017-01", 12), *months("2020-02", 3), "2021-12"]
    panel = without_counts(make_panel(categories=WITH_ASB), "asb", *gone)
    plan = make_plan(make_request(), make_forecast(categories=WITH_ASB), panel)
    assert "for 2020-02 to 2020-04 and 2021-12: these months are unobserved" in plan.asb.statement
    assert "2017" not in plan.asb.statement


def test_anti_social_behaviour_known_without_a_gap_names_none() -> None:
    plan = make_plan(make_request(), make_forecast(categories=WITH_ASB), make_panel(categories=WITH_ASB))
    assert plan.asb.unobserved_months == ()
    assert "unobserved" not in plan.asb.statement


def test_every_ward_has_its_incidents_with_a_range_its_hours_and_what_they_avoid() -> None:
    forecast = make_forecast(categories=WITH_ASB)
    asb = make_plan(make_request(), forecast).asb
    incidents = forecast.paths[:, :, -1].sum(axis=2)
    assert asb.expected is not None
    assert asb.expected.mean == pytest.approx(incidents.sum(axis=1).mean())
    assert asb.expected.q05 < asb.expected.mean < asb.expected.q95
    assert [ward.ward_name for ward in asb.wards] == ["Ward 1", "Ward 2", "Ward 3", "Ward 4"]
    assert [ward.expected.mean for ward in asb.wards if ward.expected] == pytest.approx(incidents.mean(axis=0))
    assert sum(ward.share for ward in asb.wards) == pytest.approx(1)
    assert sum(ward.hours for ward in asb.wards) == pytest.approx(asb.credited_hours, abs=0.02)
    assert asb.avoided is not None
    assert sum(ward.avoided.mean for ward in asb.wards if ward.avoided) == pytest.approx(asb.avoided.mean)
    assert asb.avoided.q05 == 0 < asb.avoided.mean < asb.avoided.q95


def test_credited_hours_and_avoided_incidents_added_up_by_hand() -> None:
    harm, preventable, effect = {"asb": 5.0, "criminal_damage": 8.0}, {"asb": 1.0, "criminal_damage": 0.7}, 0.5
    team = {**WARDENS, "effectiveness": {"asb": 1.0, "criminal_damage": effect}, "delivery_rate": 0.8}
    custom = {"harm_scale": "custom", "harm_weights": {"criminal_damage": 8}, "asb_weight": 5}
    rows = [(f"E0500000{ward}", shift, 100.0) for ward in range(1, 5) for shift in ("day", "late", "night")]
    columns = ["ward_code", "shift", "officer_hours_per_month"]
    panel = replace(make_panel(), baseline_hours=pd.DataFrame(rows, columns=columns))
    forecast = make_forecast(categories=("criminal_damage", "asb"))
    plan = make_plan(make_request(team, objective=custom), forecast, panel)

    expected = forecast.paths.mean(axis=0)  # (W, C, H)
    credited: dict[str, float] = defaultdict(float)
    avoided: dict[str, float] = defaultdict(float)
    for row in plan.assignments:
        ward, month = int(row.ward_code[-1]) - 1, plan.months.index(row.month)
        dose = 0.8 * row.hours / 100.0
        saved = {}
        for number, (category, strength) in enumerate((("criminal_damage", effect), ("asb", 1.0))):
            fall = np.mean([min(0.2, 1 - (1 + strength * dose) ** -e) for e in (0, 0.15, 0.3, 0.4)])
            saved[category] = expected[ward, number, month] / 3 * preventable[category] * fall
        worth = {category: saved[category] * harm[category] for category in saved}
        credited[row.ward_code] += row.hours * worth["asb"] / sum(worth.values())
        avoided[row.ward_code] += saved["asb"]
    for said in plan.asb.wards:
        assert said.hours == pytest.approx(credited[said.ward_code], abs=0.05)
        assert said.avoided is not None
        assert said.avoided.mean == pytest.approx(avoided[said.ward_code], rel=1e-4)


def test_its_weight_is_swept_from_none_to_five_times_the_packaged_one() -> None:
    plan = make_plan(make_request(), make_forecast(categories=WITH_ASB))
    swept = [each for each in plan.sensitivities if each.topic == "weight of anti-social behaviour"]
    assert [each.label for each in swept] == [
        "no weight on anti-social behaviour",
        *(f"anti-social behaviour at {weight} Cambridge-day equivalents" for weight in (5, 20, 50)),
    ]
    assert swept[0].statement.endswith("0 hours would be credited to it.")
    credited = [float(each.statement.split()[-7].replace(",", "")) for each in swept]
    assert credited == sorted(credited)
    assert credited[1] < plan.asb.credited_hours < credited[2]


def test_in_the_requests_own_weights_it_is_swept_around_the_requests_own() -> None:
    custom = {"harm_scale": "custom", "harm_weights": {"criminal_damage": 80}, "asb_weight": 30}
    plan = make_plan(make_request(objective=custom), make_forecast(categories=WITH_ASB))
    labels = [each.label for each in plan.sensitivities if each.topic == "weight of anti-social behaviour"]
    assert [label.split(" at ")[-1] for label in labels[1:]] == [
        f"{weight} units of the request's own weights" for weight in (15, 60, 150)
    ]


def test_nothing_is_swept_where_the_plan_does_not_aim_at_it() -> None:
    assert not [each for each in make_plan(make_request()).sensitivities if "anti-social" in each.topic]


def test_a_council_log_too_short_to_forecast_from_says_so_and_spreads_the_ring_fence() -> None:
    panel = make_panel(categories=WITH_COUNCIL_ASB, ward_weights=[1.0, 1.0, 1.0, 7.0], random_seed=None)
    panel = without_counts(panel, "council_asb", *months("2017-01", 50))
    plan = make_plan(make_request(POLICE, WARDENS), panel=panel)
    assert plan.asb.statement.startswith(
        "Anti-social behaviour is in the data for 10 months only, fewer than the 24 needed, so it is not forecast"
    )
    assert "reports in the council's log in 2021-03 to 2021-12" in plan.asb.statement
    assert (plan.asb.wards[0].ward_name, plan.asb.wards[0].share) == ("Ward 4", pytest.approx(0.7, abs=0.02))
    assert sum(ward.hours for ward in plan.asb.wards) == pytest.approx(3 * plan.asb.floor_hours_per_month, abs=0.05)


def test_the_ring_fence_is_spread_by_whichever_source_was_observed_last() -> None:
    panel = make_panel(categories=(*WITH_ASB, "council_asb"))
    panel = without_counts(panel, "asb", *months("2020-07", 18))
    panel = without_counts(panel, "council_asb", *months("2020-10", 15))
    plan = make_plan(make_request(POLICE, WARDENS), panel=panel)
    assert "is not in the data within 12 months of the last month used (it was last observed in 2020-09)" in (
        plan.asb.statement
    )
    assert "reports in the council's log in 2019-10 to 2020-09" in plan.asb.statement
