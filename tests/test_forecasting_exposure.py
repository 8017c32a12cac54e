"""Exposure by ward and month: housing pipeline, jobs and visitors, delivery scenarios, town centres."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.exposures import CODES, UNTIL, exposure, panel, persons, steady_growth
from tests.panels import pipeline_frame, visitors_frame
from wardcast_models.errors import WardcastError
from wardcast_models.forecasting.daytime import WORTH
from wardcast_models.forecasting.exposure import build_exposure
from wardcast_models.forecasting.pipeline import PERSONS_PER_HOME, SCENARIOS
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.tables.visitors import visitor_wards
from wardcast_models.profile.assess import assess
from wardcast_models.reference.assumptions import assumption


def test_a_pipeline_replaces_the_projection_after_the_last_month_of_data() -> None:
    homes = {
        "ward_code": CODES[0],
        "homes": 100,
        "first_completion": "2022-08",
        "last_completion": "2023-05",
        "probability": 0.5,
    }
    growing = panel(projection=steady_growth(CODES), pipeline=pipeline_frame(homes))
    found = exposure(growing)
    assert persons(found, "2022-07-01") == pytest.approx(1200)
    assert persons(found, "2022-08-01") == pytest.approx(1200 + 10 * 0.5 * 2.4)
    assert persons(found, "2023-05-01") == pytest.approx(1200 + 100 * 0.5 * 2.4)
    assert persons(found, "2024-07-01") == pytest.approx(1320)
    assert persons(found, "2024-07-01", ward=1) == pytest.approx(2400)


def test_slower_delivery_takes_twice_as_long_and_none_stops() -> None:
    homes = {
        "ward_code": CODES[0],
        "homes": 100,
        "first_completion": "2022-08",
        "last_completion": "2023-05",
    }
    building = panel(census_persons=[1000] * 4, pipeline=pipeline_frame(homes))
    slower = exposure(building, scenario="slower")
    planned = exposure(building)
    assert persons(slower, "2023-05-01") == pytest.approx(persons(planned, "2022-12-01"))
    assert persons(slower, "2024-03-01") == pytest.approx(persons(planned, "2023-05-01"))
    stopped = exposure(building, scenario="none")
    assert np.allclose(stopped.index()[:, -24:], 1.0)
    assert set(stopped.to_frame()["scenario"]) == {"none"}


def test_fifty_thousand_homes_house_a_hundred_and_twenty_thousand_residents() -> None:
    homes = {"ward_code": CODES[1], "homes": 50_000, "first_completion": "2022-08", "last_completion": "2024-01"}
    building = panel(census_persons=[10_000] * 4, pipeline=pipeline_frame({**homes, "persons_per_home": None}))
    people = {scenario: exposure(building, scenario=scenario).persons[1] for scenario in SCENARIOS}
    assert people["as_planned"][-1] - 10_000 == pytest.approx(120_000)
    assert people["slower"][-1] - 10_000 == pytest.approx(120_000 * 12 / 18)
    assert people["none"][-1] == 10_000


def test_a_scenario_is_chosen_at_forecast_time_without_training_again() -> None:
    homes = {"ward_code": CODES[0], "homes": 2_000, "first_completion": "2022-08", "last_completion": "2023-07"}
    trained = forecaster("pooled_theta").fit(
        panel(census_persons=[5_000] * 4, pipeline=pipeline_frame(homes)), until=UNTIL
    )
    said = {
        scenario: trained.forecast(horizon_months=12, n_paths=50, scenario=scenario).mean[0].sum()
        for scenario in ("none", "slower", "as_planned", "none")
    }
    assert said["none"] < said["slower"] < said["as_planned"]


def test_homes_that_the_projection_holds_already_are_not_added_again() -> None:
    homes = {"ward_code": CODES[0], "homes": 100, "first_completion": "2022-08", "last_completion": "2023-05"}
    growing = {CODES[0]: {2016: 1000.0, 2022: 1000.0, 2024: 1600.0}}
    known = panel(projection=growing, pipeline=pipeline_frame({**homes, "homes_in_projection": 100}))
    planned, stopped = exposure(known), exposure(known, scenario="none")
    assert persons(planned, "2024-07-01") == pytest.approx(1600)
    assert persons(stopped, "2024-07-01") == pytest.approx(1600 - 240)
    assert np.exp(planned.residents_growth()[0, -1]) == pytest.approx(1.36)
    more = panel(projection=growing, pipeline=pipeline_frame({**homes, "homes_in_projection": 40}))
    assert persons(exposure(more), "2024-07-01") == pytest.approx(1600 + 60 * 2.4)
    assert any("only what its own homes do not make is kept" in note for note in exposure(more).notes)


def test_one_scheme_of_unknown_share_makes_homes_replace_the_projection() -> None:
    homes = {"ward_code": CODES[0], "homes": 100, "first_completion": "2022-08", "last_completion": "2023-05"}
    both = pipeline_frame({**homes, "homes_in_projection": 100}, {**homes, "scheme": "Other"})
    found = exposure(panel(projection={CODES[0]: {2016: 1000.0, 2022: 1000.0, 2024: 1600.0}}, pipeline=both))
    assert persons(found, "2024-07-01") == pytest.approx(1000 + 2 * 240)
    assert any("replaces the projection's growth" in note for note in found.notes)


def test_jobs_of_a_scheme_open_as_its_homes_complete_in_every_scenario() -> None:
    scheme = {
        "ward_code": CODES[0],
        "homes": 0,
        "jobs": 6_000,
        "probability": 0.5,
        "first_completion": "2022-08",
        "last_completion": "2023-07",
    }
    opening = panel(census_persons=[10_000] * 4, pipeline=pipeline_frame(scheme))
    grown = {scenario: exposure(opening, scenario=scenario).index()[0] - 1.0 for scenario in SCENARIOS}
    assert grown["as_planned"][-1] == pytest.approx(6_000 * 0.5 * WORTH["jobs"] / 10_000)
    assert grown["slower"][-13] == pytest.approx(grown["as_planned"][-1] / 2)
    assert grown["none"][-1] == 0.0
    assert any("Jobs of the housing pipeline in Ward 1" in note for note in exposure(opening).notes)


def test_jobs_and_visitors_by_date_are_exposure_beside_residents() -> None:
    dated = visitors_frame(
        {"ward_code": CODES[0], "month": "2021-07", "jobs": 1_000, "visitors": 12_000},
        {"ward_code": CODES[0], "month": "2023-07", "jobs": 3_000, "visitors": 12_000},
    )
    found = exposure(panel(census_persons=[10_000] * 4, visitors=dated))
    level = 10_000 + 12_000 * WORTH["visitors"]
    assert found.index()[0, -1] == pytest.approx((level + 3_000 * WORTH["jobs"]) / (level + 2_000 * WORTH["jobs"]))
    assert np.allclose(found.index()[1:], 1.0)


def test_dated_jobs_stand_for_the_jobs_of_a_scheme_and_not_beside_them() -> None:
    scheme = {
        "ward_code": CODES[0],
        "homes": 0,
        "jobs": 6_000,
        "first_completion": "2022-08",
        "last_completion": "2023-07",
    }
    dated = visitors_frame({"ward_code": CODES[0], "month": "2021-07", "jobs": 1_000})
    both = panel(census_persons=[10_000] * 4, pipeline=pipeline_frame(scheme), visitors=dated)
    assert np.allclose(exposure(both).index(), 1.0)


def test_in_a_town_centre_only_jobs_and_visitors_by_date_move_the_forecast() -> None:
    dated = visitors_frame(
        {"ward_code": CODES[0], "month": "2022-07", "visitors": 20_000},
        {"ward_code": CODES[0], "month": "2023-07", "visitors": 30_000},
    )
    busy = {"projection": steady_growth(CODES), "ward_weights": [10, 1, 1, 1]}
    found = exposure(panel(visitors=dated, **busy))
    assert found.index()[0, -1] == pytest.approx(1.5)
    assert found.residents_growth()[0, -1] == 0.0
    assert found.homes_growth()[0, -1] == pytest.approx(np.log(1.5))
    assert found.index()[1, -1] == pytest.approx(2.0)
    assert any("the jobs and visitors supplied and not residents are the exposure" in note for note in found.notes)
    scheme = {"ward_code": CODES[0], "homes": 0, "jobs": 6_000, "first_completion": "2022-08"}
    to_come = pipeline_frame({**scheme, "last_completion": "2023-07"})
    assert np.allclose(exposure(panel(pipeline=to_come, **busy)).index()[0], 1.0)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_growth_by_residents_and_by_homes_add_up_to_all_of_it(scenario: str) -> None:
    homes = {"ward_code": CODES[0], "homes": 100, "first_completion": "2021-08", "last_completion": "2023-05"}
    known = {**homes, "ward_code": CODES[1], "homes_in_projection": 70, "jobs": 500}
    found = exposure(panel(projection=steady_growth(CODES), pipeline=pipeline_frame(homes, known)), scenario=scenario)
    residents, further = found.residents_growth(), found.homes_growth()
    assert residents.shape == further.shape == (4, 24)
    assert np.allclose(residents + further, np.log(found.index()[:, -24:]))
    assert np.allclose(residents[0], 0.0)
    assert np.allclose(further[2:], 0.0)
    assert np.allclose(further, 0.0) == (scenario == "none")


@pytest.mark.parametrize("scenario", ["slower", "none"])
def test_a_scenario_that_changes_nothing_says_so(scenario: str) -> None:
    homes = {"ward_code": CODES[0], "homes": 100, "first_completion": "2021-08", "last_completion": "2022-06"}
    built = pipeline_frame(homes)
    coming = pipeline_frame({**homes, "last_completion": "2023-06"})
    jobs = pipeline_frame({**homes, "homes": 0, "jobs": 100, "last_completion": "2023-06"})
    elsewhere = pipeline_frame({**homes, "ward_code": "E05000101", "last_completion": "2023-06"})
    census = {"census_persons": [1000] * 5, "n_other_wards": 1}

    def said(pipeline: pd.DataFrame | None) -> str:
        return " ".join(exposure(panel(pipeline=pipeline, **census), scenario=scenario).notes)

    assert f"Delivery scenario `{scenario}` changes nothing here: no housing pipeline is supplied" in said(None)
    assert "changes nothing here: no housing pipeline is supplied" in said(elsewhere)
    assert "changes nothing here: no homes or jobs of it are still to come" in said(built)
    assert "changes nothing" not in said(coming)
    assert "changes nothing" not in said(jobs)
    assert "changes nothing" not in " ".join(exposure(panel(**census)).notes)


def test_homes_completed_before_the_last_month_are_not_added_again() -> None:
    homes = {
        "ward_code": CODES[0],
        "homes": 100,
        "first_completion": "2021-08",
        "last_completion": "2022-06",
    }
    found = exposure(panel(census_persons=[1000] * 4, pipeline=pipeline_frame(homes)))
    assert persons(found, "2021-03-01") == pytest.approx(1000)
    assert persons(found, "2022-06-01") == pytest.approx(1240)
    assert np.allclose(found.index()[0, -24:], 1.0)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("kind", ["jobs alone", "a scheme finished in the last month of data"])
def test_a_scheme_without_homes_to_come_keeps_the_projections_growth(kind: str, scenario: str) -> None:
    scheme = {
        "jobs alone": {"homes": 0, "jobs": 500, "first_completion": "2022-08", "last_completion": "2023-05"},
        "a scheme finished in the last month of data": {
            "homes": 100,
            "first_completion": "2021-08",
            "last_completion": "2022-07",
        },
    }[kind]
    named = pipeline_frame({"ward_code": CODES[0], **scheme})
    found = exposure(panel(projection=steady_growth(CODES), pipeline=named), scenario=scenario)
    assert persons(found, "2023-07-01") == pytest.approx(1800)
    assert persons(found, "2024-07-01") == pytest.approx(2400)
    assert np.exp(found.residents_growth()[0, -1]) == pytest.approx(2.0)
    said = " ".join(found.notes)
    assert "replaces the projection's growth" not in said
    assert "Housing pipeline in" not in said


def test_homes_of_finished_schemes_and_jobs_do_not_hide_what_the_projection_holds_of_those_to_come() -> None:
    coming = {"ward_code": CODES[0], "homes": 100, "first_completion": "2022-08", "last_completion": "2023-05"}
    schemes = pipeline_frame(
        {**coming, "homes_in_projection": 100},
        {**coming, "scheme": "Finished", "first_completion": "2020-01", "last_completion": "2021-12"},
        {**coming, "scheme": "Offices", "homes": 0, "jobs": 300},
    )
    growing = {CODES[0]: {2016: 1000.0, 2022: 1000.0, 2024: 1600.0}}
    found = exposure(panel(projection=growing, pipeline=schemes), scenario="none")
    assert persons(found, "2024-07-01") == pytest.approx(1600 - 240)
    assert any("only what its own homes do not make is kept" in note for note in found.notes)


def test_growth_does_not_move_a_town_centre() -> None:
    busy = panel(projection=steady_growth(CODES), ward_weights=[10, 1, 1, 1])
    found = exposure(busy)
    assert found.steady.tolist() == [True, False, False, False]
    assert np.allclose(found.index()[0], 1.0)
    assert found.index()[1, -1] == pytest.approx(2.0)
    assert any("Ward 1" in note and "crimes per resident" in note for note in found.notes)


def test_a_ward_of_visitors_is_measured_against_its_own_borough() -> None:
    rates = np.array([1.0, 1.0, 4.0, 10.0, 10.0, np.nan])
    boroughs = np.array(["A", "A", "A", "B", "B", "B"], dtype=object)
    assert visitor_wards(rates, boroughs).tolist() == [False, False, True, False, False, False]


def test_the_profile_and_the_forecast_agree_on_the_wards_of_visitors() -> None:
    of = panel(census_persons=[1000] * 8, n_other_wards=4, ward_weights=[10, 1, 1, 1, 8, 8, 8, 8])
    both = replace(of, area=replace(of.area, ward_codes=of.ward_codes))
    rates = assess(Monitoring(panel=both), year="2021/22").wards.query("measure == 'all_crime'")
    assert set(rates["ward_code"][rates["many_visitors"]]) == {CODES[0]}
    assert exposure(both).steady.tolist() == [True, *[False] * 7]


def test_homes_jobs_and_visitors_count_as_the_packaged_assumptions_say() -> None:
    assert assumption("persons_per_home").value == PERSONS_PER_HOME
    assert assumption("residents_per_job").value == WORTH["jobs"]
    assert assumption("residents_per_visitor").value == WORTH["visitors"]


def test_counts_after_the_last_month_of_data_are_not_looked_at() -> None:
    honest = panel(projection=steady_growth(CODES))
    until = pd.Timestamp("2021-01-01")
    counts = honest.counts.copy()
    counts[0, :, honest.months > until] = 99_999.0
    tampered = replace(honest, counts=counts)
    seen = build_exposure(honest, horizon_months=6, until=until)
    same = build_exposure(tampered, horizon_months=6, until=until)
    assert np.array_equal(seen.index(), same.index())


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(WardcastError, match="as_planned, slower, none"):
        exposure(panel(), scenario="faster")


def test_a_month_beyond_the_data_is_refused() -> None:
    with pytest.raises(WardcastError, match="do not reach"):
        build_exposure(panel(), horizon_months=3, until=pd.Timestamp("2030-01-01"))
