"""Residents by ward and month: projections, estimates, the Census, older wards and homes completed in the past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.exposures import CODES, UNTIL, exposure, panel, persons, steady_growth
from tests.panels import AREA_NAME, pipeline_frame
from wardcast_models.forecasting.pipeline import SCENARIOS
from wardcast_models.forecasting.registry import forecaster


def test_a_yearly_projection_is_interpolated_from_mid_year_to_mid_year() -> None:
    found = exposure(panel(projection=steady_growth(CODES)))
    assert persons(found, "2022-07-01") == pytest.approx(1200)
    assert persons(found, "2023-07-01") == pytest.approx(1800)
    assert persons(found, "2022-10-01") == pytest.approx(1350)
    assert persons(found, "2018-01-01") == pytest.approx(1000)


def test_the_census_sets_the_level_and_the_projection_the_growth() -> None:
    found = exposure(panel(projection=steady_growth(CODES), census_persons=[500, 2000, 500, 500]))
    at_census = 1000 + 200 * 8 / 24
    assert persons(found, "2021-03-01") == pytest.approx(500)
    assert persons(found, "2023-07-01") == pytest.approx(500 * 1800 / at_census)
    assert persons(found, "2023-07-01", ward=1) == pytest.approx(2000 * 1800 / at_census)
    assert any("rebased to Census 2021" in note for note in found.notes)


def test_older_wards_are_carried_by_their_share() -> None:
    lookup = pd.DataFrame({"old_code": ["OLD1", "OLD2"], "new_code": [CODES[0], CODES[0]], "share_of_old": [0.5, 0.25]})
    old = {"OLD1": {2016: 1000.0, 2024: 1000.0}, "OLD2": {2016: 2000.0, 2024: 4000.0}}
    found = exposure(panel(projection=old, ward_lookup=lookup))
    assert persons(found, "2017-08-01") == pytest.approx(500 + 0.25 * (2000 + 2000 * 13 / 96))
    assert any("shares in the lookup file supplied" in note and "share one growth" in note for note in found.notes)
    assert not any("packaged" in note for note in found.notes)
    assert found.own_growth.tolist() == [True, False, False, False]


def test_residents_run_straight_between_dated_figures_and_grow_as_projected_outside_them() -> None:
    ran_early = {CODES[0]: {2018: 800.0, 2019: 1000.0, 2021: 1500.0, 2022: 1800.0, 2023: 2700.0}}
    counted = {CODES[0]: {"2019-06-30": 900.0, "2020-06-30": 960.0}}
    found = exposure(panel(projection=ran_early, estimates=counted, census_persons=[1000.0]))
    assert persons(found, "2019-07-01") == pytest.approx(900)
    assert persons(found, "2020-01-01") == pytest.approx(930)
    assert persons(found, "2020-07-01") == pytest.approx(960)
    assert persons(found, "2020-11-01") == pytest.approx(980)
    assert persons(found, "2021-03-01") == pytest.approx(1000)
    assert persons(found, "2018-07-01") == pytest.approx(900 * 800 / 1000)
    at_census = 1000 + 500 * 20 / 24
    assert persons(found, "2022-07-01") == pytest.approx(1000 * 1800 / at_census)
    assert persons(found, "2023-07-01") == pytest.approx(1000 * 2700 / at_census)
    assert found.source == ("growth: test projection; level: Census 2021 (2021-03), test estimates (2019-06, 2020-06)")
    assert any(
        "Residents of Ward 1 follow mid-year estimates and the Census, month by month" in note for note in found.notes
    )


def test_without_a_projection_residents_follow_their_dated_figures_and_then_stay() -> None:
    found = exposure(panel(estimates={CODES[0]: {"2019-06-30": 900.0, "2021-06-30": 1140.0}}))
    assert persons(found, "2018-01-01") == pytest.approx(900)
    assert persons(found, "2020-07-01") == pytest.approx(1020)
    assert persons(found, "2024-07-01") == pytest.approx(1140)
    assert any("residents follow their dated figures and are held constant" in note for note in found.notes)


def test_estimates_of_older_wards_are_carried_where_all_parts_of_a_ward_are_known() -> None:
    lookup = pd.DataFrame(
        {
            "old_code": ["OLD1", "OLD2", "OLD2", "OLD3"],
            "new_code": [CODES[0], CODES[0], CODES[1], CODES[1]],
            "share_of_old": [1.0, 0.25, 0.75, 1.0],
        }
    )
    old = {"OLD1": {"2019-06-30": 1000.0}, "OLD2": {"2019-06-30": 2000.0}}
    found = exposure(panel(estimates=old, ward_lookup=lookup))
    assert persons(found, "2019-07-01") == pytest.approx(1500)
    assert np.isnan(persons(found, "2019-07-01", ward=1))


def test_a_wards_own_estimate_goes_before_the_carried_one() -> None:
    lookup = pd.DataFrame({"old_code": ["OLD1"], "new_code": [CODES[0]], "share_of_old": [1.0]})
    both = {"OLD1": {"2019-06-30": 1000.0}, CODES[0]: {"2019-06-30": 1100.0}}
    assert persons(exposure(panel(estimates=both, ward_lookup=lookup)), "2019-07-01") == pytest.approx(1100)


def test_a_boroughs_growth_counts_where_the_number_of_residents_is_unknown() -> None:
    old = {"OLD1": {2016: 1000.0, 2024: 1000.0}, "OLD2": {2016: 1000.0, 2024: 3000.0}}
    found = exposure(panel(projection=old))
    assert np.allclose(found.index()[:, -1], 4000 / 3500)
    assert found.to_frame().empty
    assert not found.own_growth.any()


def test_without_a_lookup_the_borough_grows_and_that_is_said() -> None:
    old = {"OLD1": {2016: 1000.0, 2024: 1000.0}, "OLD2": {2016: 1000.0, 2024: 3000.0}}
    found = exposure(panel(projection=old, census_persons=[500, 2000, 500, 500]))
    index = found.index()
    assert np.allclose(index, index[0])
    assert index[0, -1] == pytest.approx(4000 / 3500)
    assert any("older wards" in note and "assumed" in note for note in found.notes)
    assert not found.own_growth.any()


def test_several_dated_figures_are_a_growth_of_the_wards_own_beside_its_boroughs() -> None:
    old = {"OLD1": {2016: 1000.0, 2024: 1000.0}, "OLD2": {2016: 1000.0, 2024: 3000.0}}
    counted = {CODES[0]: {"2018-06-30": 500.0, "2020-06-30": 900.0}, CODES[1]: {"2019-06-30": 700.0}}
    found = exposure(panel(projection=old, estimates=counted))
    assert persons(found, "2019-07-01") == pytest.approx(700)
    assert found.own_growth.tolist() == [True, False, False, False]


def test_a_single_figure_is_named_by_its_date_and_as_the_census_only_where_it_is() -> None:
    lone = {CODES[1]: {"2018-06-30": 700.0}}
    held = " ".join(exposure(panel(n_wards=2, census_persons=[500], estimates=lone)).notes)
    assert "No projection covers Ward 1: Census residents are held constant" in held
    assert "No projection covers Ward 2: residents of 2018-06 are held constant" in held
    growing = steady_growth(CODES[:2])
    rebased = " ".join(exposure(panel(n_wards=2, projection=growing, census_persons=[500], estimates=lone)).notes)
    assert "Projected residents of Ward 1 were rebased to Census 2021" in rebased
    assert "Projected residents of Ward 2 were rebased to their figure of 2018-06" in rebased
    estimated = " ".join(exposure(panel(n_wards=2, projection=growing, estimates=lone)).notes)
    assert "rebased to Census" not in estimated


def test_a_projection_of_another_borough_does_not_move_this_one() -> None:
    projection = panel(projection={"OLD1": {2016: 1000.0, 2024: 3000.0}}).projection
    elsewhere = projection.assign(area_code="E09000099", area_name="Elsewhere")
    found = exposure(replace(panel(census_persons=[500] * 4), projection=elsewhere))
    assert np.allclose(found.index(), 1.0)
    assert any("held constant" in note for note in found.notes)


def test_a_borough_is_also_found_by_its_name() -> None:
    projection = panel(projection={"OLD1": {2016: 1000.0, 2024: 3000.0}}).projection
    by_name = projection.assign(area_code="", area_name=AREA_NAME.upper())
    found = exposure(replace(panel(census_persons=[500] * 4), projection=by_name))
    assert found.index()[0, -1] == pytest.approx(3000 / 2500)


def test_without_any_population_growth_is_none_and_that_is_said() -> None:
    found = exposure(panel())
    assert np.isnan(found.persons).all()
    assert np.allclose(found.index(), 1.0)
    assert found.to_frame().empty
    assert any("No population is known" in note for note in found.notes)


BUILT = {"ward_code": CODES[0], "homes": 4_000, "first_completion": "2016-01", "last_completion": "2022-12"}
"""A scheme of 84 months that houses 9,600 people."""

END_OF_2019 = pd.Timestamp("2019-12-01")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_past_residents_without_a_projection_pass_through_the_wards_own_figure(scenario: str) -> None:
    estimated = panel(estimates={CODES[0]: {"2018-06-30": 6_000.0}}, pipeline=pipeline_frame(BUILT))
    found = exposure(estimated, until=END_OF_2019, scenario=scenario)
    by_month = 9_600 / 84
    assert persons(found, "2018-07-01") == pytest.approx(6_000)
    assert persons(found, "2017-08-01") == pytest.approx(6_000 - 11 * by_month)
    assert persons(found, "2019-12-01") == pytest.approx(6_000 + 17 * by_month)
    ahead = {"as_planned": 24, "slower": 12, "none": 0}[scenario]
    assert persons(found, "2021-12-01") == pytest.approx(6_000 + (17 + ahead) * by_month)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_past_is_the_same_in_every_scenario_where_the_census_is_still_to_come(scenario: str) -> None:
    counted = panel(census_persons=[9_000] * 4, pipeline=pipeline_frame(BUILT))
    found = exposure(counted, until=END_OF_2019, scenario=scenario)
    assert persons(found, "2019-12-01") == pytest.approx(9_000 - 15 * 9_600 / 84)
    planned = exposure(counted, until=END_OF_2019)
    past = found.months <= found.until
    assert np.array_equal(found.persons[:, past], planned.persons[:, past])
    assert persons(planned, "2021-03-01") == pytest.approx(9_000)


def test_homes_that_stand_for_no_projection_are_not_said_to_replace_one() -> None:
    schemes = pipeline_frame(BUILT, {**BUILT, "ward_code": CODES[1], "last_completion": "2019-06"})
    found = exposure(panel(census_persons=[20_000] * 4, pipeline=schemes), until=END_OF_2019)
    said = " ".join(found.notes)
    assert "Housing pipeline in Ward 1: homes complete as dated" in said
    assert "replaces the projection" not in said
    assert "No projection covers Ward 1, Ward 2: Census residents change only by the homes" in said
    assert "No projection covers Ward 3, Ward 4: Census residents are held constant (assumed)." in said
    assert found.persons[1, -1] == pytest.approx(20_000)
    assert found.persons[1, 0] == pytest.approx(20_000 - 9_600 * 22 / 42)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_residents_never_fall_below_none_and_the_wards_where_they_would_are_named(scenario: str) -> None:
    taken_out = {
        "ward_code": CODES[0],
        "homes": 10_000,
        "homes_in_projection": 10_000,
        "probability": 0.1,
        "first_completion": "2022-08",
        "last_completion": "2024-07",
    }
    contradicting = panel(projection=steady_growth(CODES), pipeline=pipeline_frame(taken_out))
    found = exposure(contradicting, scenario=scenario)
    assert found.persons.min() == 0.0
    assert found.index()[0].min() == pytest.approx(0.1)
    (said,) = (note for note in found.notes if "below 0" in note)
    assert said.startswith(f"{contradicting.ward_names[CODES[0]]}: residents come out below 0 from 2022-")
    assert "homes_in_projection" in said
    ahead = forecaster("wardcast").fit(contradicting, until=UNTIL).forecast(horizon_months=24, n_paths=50)
    assert np.isfinite(ahead.components).all()
    assert ahead.paths.min() >= 0


def test_figures_that_fit_each_other_need_no_such_note() -> None:
    assert not any("below 0" in note for note in exposure(panel(projection=steady_growth(CODES))).notes)
