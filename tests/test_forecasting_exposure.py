"""Residents by ward and month: projections, Census, older wards, housing pipeline and delivery scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import AREA_NAME, make_panel, pipeline_frame
from wardcast_models.errors import WardcastError
from wardcast_models.forecasting.exposure import Exposure, build_exposure
from wardcast_models.forecasting.pipeline import PERSONS_PER_HOME
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.profile import profile
from wardcast_models.panel.visitors import visitor_wards
from wardcast_models.reference.assumptions import assumption

UNTIL = pd.Timestamp("2022-07-01")
CODES = [f"E0500000{number}" for number in range(1, 5)]


def panel(**options: object) -> Panel:
    return make_panel(first_month="2017-08", n_months=60, **options)  # type: ignore[arg-type]  # passed through


def exposure(of: Panel, *, scenario: str = "as_planned", horizon_months: int = 24) -> Exposure:
    return build_exposure(of, horizon_months=horizon_months, until=UNTIL, scenario=scenario)


def persons(found: Exposure, month: str, ward: int = 0) -> float:
    return float(found.persons[ward, found.months.get_loc(pd.Timestamp(month))])


def steady_growth(codes: list[str]) -> dict[str, dict[int, float]]:
    return {code: {2016: 1000.0, 2020: 1000.0, 2022: 1200.0, 2024: 2400.0} for code in codes}


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
    assert found.own_growth.tolist() == [False, True, True, True]


def test_without_a_lookup_the_borough_grows_and_that_is_said() -> None:
    old = {"OLD1": {2016: 1000.0, 2024: 1000.0}, "OLD2": {2016: 1000.0, 2024: 3000.0}}
    found = exposure(panel(projection=old, census_persons=[500, 2000, 500, 500]))
    index = found.index()
    assert np.allclose(index, index[0])
    assert index[0, -1] == pytest.approx(4000 / 3500)
    assert any("older wards" in note and "assumed" in note for note in found.notes)
    assert not found.own_growth.any()


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


@pytest.mark.parametrize("scenario", ["slower", "none"])
def test_a_scenario_that_changes_nothing_says_so(scenario: str) -> None:
    homes = {"ward_code": CODES[0], "homes": 100, "first_completion": "2021-08", "last_completion": "2022-06"}
    built = pipeline_frame(homes)
    coming = pipeline_frame({**homes, "last_completion": "2023-06"})
    elsewhere = pipeline_frame({**homes, "ward_code": "E05000101", "last_completion": "2023-06"})
    census = {"census_persons": [1000] * 5, "n_other_wards": 1}

    def said(pipeline: pd.DataFrame | None) -> str:
        return " ".join(exposure(panel(pipeline=pipeline, **census), scenario=scenario).notes)

    assert f"Delivery scenario `{scenario}` changes nothing here: no housing pipeline is supplied" in said(None)
    assert "changes nothing here: no housing pipeline is supplied" in said(elsewhere)
    assert "changes nothing here: no homes are still to come" in said(built)
    assert "changes nothing" not in said(coming)
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
    rates = profile(both, year="2021/22").rates.query("measure == 'all_crime'")
    assert set(rates["ward_code"][rates["many_visitors"]]) == {CODES[0]}
    assert exposure(both).steady.tolist() == [True, *[False] * 7]


def test_homes_are_as_full_as_the_packaged_assumption_says() -> None:
    assert assumption("persons_per_home").value == PERSONS_PER_HOME


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
