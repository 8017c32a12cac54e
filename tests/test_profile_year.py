"""The assessed year: counts against the year before, rates, missing months, residents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests import ward_files as wf
from tests.panels import make_panel
from wardcast_models.errors import WardcastError
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assess import assess
from wardcast_models.profile.assessment import TABLE_COLUMNS, Assessment
from wardcast_models.profile.newest_year import newest_complete_year

DAMAGE = [("ARSON AND CRIMINAL DAMAGE", "ARSON"), ("ARSON AND CRIMINAL DAMAGE", "CRIMINAL DAMAGE")]


def panel_of(folder: Path, *, first: str, number: int, wards: tuple[str, ...] = (wf.ABBEY, wf.ALIBON)) -> Panel:
    rows = wf.release(wards, first=first, number=number, count=lambda month: 10 if month < 12 else 8, labels=DAMAGE)
    wf.write(folder / "release.csv", rows)
    wf.write(folder / "census.csv", wf.census({wf.ABBEY: 1000, wf.ALIBON: 8000, wf.BEAM: 9000}))
    return read_folder(folder, area="E09000002")


def year_of(panel: Panel, year: str) -> Assessment:
    return assess(Monitoring(panel=panel), year=year)


def area_row(made: Assessment, measure: str) -> pd.Series:
    return made.area.set_index("measure").loc[measure]


def of_wards(made: Assessment, measure: str) -> pd.DataFrame:
    return made.wards[made.wards["measure"] == measure].set_index("ward_code")


def test_a_year_is_compared_with_the_year_before(tmp_path: Path) -> None:
    made = year_of(panel_of(tmp_path, first="2019-04", number=24), "2020/21")
    assert (made.months_covered, made.annualised) == (12, False)
    arson = area_row(made, "arson")
    assert (arson["previous_count"], arson["count"]) == (240, 192)
    assert arson["change_percent"] == pytest.approx(-20)
    assert area_row(made, "damage")["count"] == 384
    assert area_row(made, "all_crime")["count"] == 384
    labels = made.measures.set_index("measure")
    assert (labels.loc["damage", "label"], labels.loc["damage", "level"]) == (
        "Arson and criminal damage (all)",
        "family",
    )


def test_every_table_has_its_columns(tmp_path: Path) -> None:
    made = year_of(panel_of(tmp_path, first="2019-04", number=24), "2020/21")
    for name, columns in TABLE_COLUMNS.items():
        assert tuple(getattr(made, name).columns) == columns, name


def test_rates_are_per_thousand_residents_and_busy_wards_are_named(tmp_path: Path) -> None:
    made = year_of(panel_of(tmp_path, first="2019-04", number=24, wards=(wf.ABBEY, wf.ALIBON, wf.BEAM)), "2019-20")
    rates = of_wards(made, "all_crime").loc[[wf.ABBEY, wf.ALIBON, wf.BEAM]]
    assert rates["rate_per_1000"].round(2).tolist() == [240.0, 30.0, 26.67]
    assert rates["rank"].tolist() == [1, 2, 3]
    assert rates["many_visitors"].tolist() == [True, False, False]
    assert area_row(made, "all_crime")["rate_per_1000"] == pytest.approx(1000 * 720 / 18_000)
    assert any("Here this holds for Abbey." in note for note in made.notes)
    assert made.year == "2019/20"


def test_part_of_a_year_is_annualised_and_labelled(tmp_path: Path) -> None:
    made = year_of(panel_of(tmp_path, first="2020-09", number=24), "2020/21")
    assert made.annualised
    assert made.months_covered == 7
    rates = of_wards(made, "all_crime")
    assert rates.loc[wf.ABBEY, "count"] == 140
    assert rates.loc[wf.ABBEY, "rate_per_1000"] == pytest.approx(240)
    assert any("Only 7 of the 12 months of 2020/21 are in the data (2020-09 to 2021-03)" in n for n in made.notes)


def test_a_year_before_that_is_not_covered_gives_no_number(tmp_path: Path) -> None:
    made = year_of(panel_of(tmp_path, first="2020-04", number=12), "2020/21")
    assert made.area["change_percent"].isna().all()
    assert made.area["previous_count"].isna().all()
    assert any("no change is given" in note for note in made.notes)


def test_part_of_a_year_is_compared_with_the_same_months(tmp_path: Path) -> None:
    made = year_of(panel_of(tmp_path, first="2019-04", number=15), "2020/21")
    assert (area_row(made, "arson")["previous_count"], area_row(made, "arson")["count"]) == (60, 48)


def test_without_residents_no_rate_is_given_and_wards_rank_by_count(tmp_path: Path) -> None:
    panel_of(tmp_path, first="2019-04", number=12)
    (tmp_path / "census.csv").unlink()
    made = year_of(read_folder(tmp_path, area="E09000002"), "2019/20")
    assert made.wards["rate_per_1000"].isna().all()
    assert set(of_wards(made, "all_crime")["rank"]) == {1}
    assert any("no rates are given" in note for note in made.notes)


def test_a_projection_on_the_panels_wards_stands_in_for_a_census(tmp_path: Path) -> None:
    panel_of(tmp_path, first="2019-04", number=12)
    (tmp_path / "census.csv").unlink()
    header = ["Code", "Borough", "Ward_Name", "Year", "Population"]
    rows = [[code, "Barking and Dagenham", "X", year, 500] for code in (wf.ABBEY, wf.ALIBON) for year in (2019, 2020)]
    wf.write(tmp_path / "projection.csv", [header, *rows])
    made = year_of(read_folder(tmp_path, area="E09000002"), "2019/20")
    assert set(made.wards["residents"]) == {500}
    assert any("30 June 2019 (GLA housing-linked ward projection)" in note for note in made.notes)


def test_the_nearest_dated_residents_are_taken() -> None:
    estimates = {code: {"2019-06-30": 7000.0, "2018-06-30": 6500.0} for code in ("E05000001", "E05000002")}
    panel = make_panel(n_wards=2, census_persons=[9000, 9000], estimates=estimates)
    assert set(year_of(panel, "2018/19").wards["residents"]) == {6500}
    assert set(year_of(panel, "2019/20").wards["residents"]) == {7000}
    assert set(year_of(panel, "2020/21").wards["residents"]) == {9000}


def test_a_change_from_nothing_is_no_number(tmp_path: Path) -> None:
    rows = wf.release(first="2019-04", number=24, count=lambda month: 0 if month < 12 else 1)
    wf.write(tmp_path / "release.csv", rows)
    made = year_of(read_folder(tmp_path, area="E09000002"), "2020/21")
    assert np.isnan(area_row(made, "burglary_residential")["change_percent"])
    assert not area_row(made, "burglary_residential")["significant"]


def test_anti_social_behaviour_and_reports_to_the_council_are_never_added() -> None:
    categories = ("burglary_residential", "asb", "council_asb", "fly_tipping", "deliberate_fires")
    made = year_of(make_panel(categories=categories, random_seed=None), "2018/19")
    counts = made.area.set_index("measure")["count"]
    assert counts["all_crime"] == counts["burglary_residential"]
    assert set(made.measures["measure"]) == {"all_crime", "burglary", *categories}
    assert made.measures.set_index("measure")["crime"].to_dict()["council_asb"] is False
    assert np.isnan(made.area.set_index("measure").loc["asb", "share_of_crime"])


def test_a_month_missing_the_year_before_leaves_the_years_own_total_whole_and_is_told() -> None:
    panel = make_panel(categories=("burglary_residential", "asb"), random_seed=None)
    counts = panel.counts.copy()
    counts[:, 1, panel.months.get_loc("2017-06-01")] = np.nan
    made = year_of(replace(panel, counts=counts), "2018/19")
    asb = area_row(made, "asb")
    assert (asb["months"], asb["count"]) == (12, 480)
    assert (asb["shared_months"], asb["previous_count"], asb["change_percent"]) == (11, 440, 0)
    assert any("Anti-social behaviour (11 of 12 months)" in note for note in made.notes)


def test_sums_of_different_categories_are_never_compared() -> None:
    panel = make_panel(categories=("robbery_personal", "theft_from_person"), random_seed=None)
    counts = panel.counts.copy()
    counts[:, 1, : panel.months.get_loc("2018-04-01")] = np.nan
    made = year_of(replace(panel, counts=counts), "2018/19")
    assert np.isnan(area_row(made, "all_crime")["previous_count"])
    assert area_row(made, "robbery_personal")["change_percent"] == pytest.approx(0)


def test_crime_without_a_ward_stands_beside_the_counts() -> None:
    panel = make_panel(random_seed=None)
    unlocated = pd.DataFrame(
        [("E09000002", "burglary_residential", pd.Timestamp("2018-05-01"), 7, "test")],
        columns=["place", "category", "month", "count", "source"],
    )
    made = year_of(replace(panel, unlocated=unlocated), "2018/19")
    assert area_row(made, "burglary_residential")["unlocated_count"] == 7
    assert area_row(made, "burglary_residential")["count"] == 480
    assert any("7 crimes of the area carry no ward" in note for note in made.notes)


def test_counts_carried_from_other_wards_are_not_used_and_that_is_told() -> None:
    panel = make_panel(random_seed=None)
    row = ("E05000001", "burglary_residential", pd.Timestamp("2017-01-01"), pd.Timestamp("2017-06-01"), "WD18", 0.25)
    columns = ["ward_code", "category", "first_month", "last_month", "from_vintage", "relative_sd"]
    carried = replace(panel, carried=pd.DataFrame([row], columns=columns))
    made = year_of(carried, "2018/19")
    burglary = area_row(made, "burglary_residential")
    assert (burglary["months"], burglary["count"]) == (12, 480)
    assert (burglary["shared_months"], burglary["previous_count"]) == (9, 360)
    told = [note for note in made.notes if "published on WD18 wards only" in note]
    assert "3 of the 24 months of this year and the one before (2017-04 to 2017-06)" in told[0]
    assert not any("WD18" in note for note in year_of(carried, "2019/20").notes)


def test_an_ordinary_year_and_one_of_the_pandemic_are_told_apart() -> None:
    pandemic = year_of(make_panel(), "2020/21")
    assert any("In 2020/21: the pandemic (2020-04 to 2021-03)" in words for words in pandemic.unusual)
    base = next(words for words in pandemic.unusual if "In the year before" in words)
    assert "(2020-03)" in base
    assert "falls on it look smaller" in base
    assert year_of(make_panel(), "2018/19").unusual == ()


def test_reports_without_a_ward_stand_beside_incidents_too() -> None:
    panel = make_panel(categories=("burglary_residential", "council_asb"), random_seed=None)
    unlocated = pd.DataFrame(
        [("E09000002", "council_asb", pd.Timestamp("2018-05-01"), 72, "the council's log")],
        columns=["place", "category", "month", "count", "source"],
    )
    made = year_of(replace(panel, unlocated=unlocated), "2018/19")
    assert area_row(made, "council_asb")["unlocated_count"] == 72
    assert any(note.startswith("72 records of") for note in made.notes)


@pytest.mark.parametrize("year", ["2020", "2020/22", "20/21", "this year"])
def test_a_misspelt_year_is_refused(year: str) -> None:
    with pytest.raises(WardcastError, match="no financial year"):
        year_of(make_panel(), year)


def test_a_year_outside_the_data_is_refused() -> None:
    with pytest.raises(WardcastError, match="2017-01 to 2021-12"):
        year_of(make_panel(), "2022/23")


def incidents_beside_crime() -> Panel:
    """Incidents from 2017-01 to 2018-12 without 2017-09, burglary from 2019-01 on."""
    panel = make_panel(n_wards=3, categories=("burglary_residential", "asb"), random_seed=None)
    counts = panel.counts.copy()
    counts[:, 0, panel.months < "2019-01-01"] = np.nan
    counts[:, 1, (panel.months == "2017-09-01") | (panel.months > "2018-12-01")] = np.nan
    return replace(panel, counts=counts)


def test_a_year_without_crime_is_told_by_what_else_is_counted_and_page_one_says_so() -> None:
    made = year_of(incidents_beside_crime(), "2017/18")
    assert made.months_covered == 11
    assert np.isnan(area_row(made, "all_crime")["count"])
    assert area_row(made, "asb")["count"] == 3 * 11 * 10
    assert made.headlines[0].startswith("No recorded crime of 2017/18 is held on WD22 wards")
    assert "330 recorded in 11 of the year's 12 months (2017-09 not observed)" in made.headlines[1]
    assert any("not observed: 2017-09" in note for note in made.notes)


def test_a_year_with_any_crime_is_still_told_by_the_months_of_crime() -> None:
    made = year_of(incidents_beside_crime(), "2018/19")
    assert (f"{made.first_month:%Y-%m}", f"{made.last_month:%Y-%m}") == ("2019-01", "2019-03")
    assert made.headlines[0].startswith("180 crimes were recorded")


def test_the_newest_year_is_one_of_crime() -> None:
    panel = incidents_beside_crime()
    counts = panel.counts.copy()
    counts[:, 1] = 10.0
    counts[:, 0, panel.months >= "2021-04-01"] = np.nan
    assert newest_complete_year(replace(panel, counts=counts)) == "2020/21"


def test_a_refused_year_names_the_months_of_crime_and_of_what_else_is_counted() -> None:
    with pytest.raises(WardcastError, match=r"2019-01 to 2021-12 on .* 2017-01 to 2018-12 for what is counted beside"):
        year_of(incidents_beside_crime(), "2014/15")
