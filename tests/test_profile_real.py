"""The strategic assessment of the real files, against the partnership's plan and against sums by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.profile.assess import assess
from wardcast_models.profile.assessment import Assessment
from wardcast_models.profile.published import TOLERANCE_POINTS


@pytest.fixture(scope="module")
def monitoring(real_data: Path) -> Monitoring:
    return read_monitoring(real_data, area="E09000002")


@pytest.fixture(scope="module")
def pandemic_year(monitoring: Monitoring) -> Assessment:
    return assess(monitoring, year="2020/21", review=True)


@pytest.fixture(scope="module")
def recent_year(monitoring: Monitoring) -> Assessment:
    return assess(monitoring, year="2023/24")


def test_the_changes_of_the_csp_plan(pandemic_year: Assessment) -> None:
    change = pandemic_year.area.set_index("measure")["change_percent"]
    assert change["burglary_residential"] == pytest.approx(-29.1, abs=0.05)
    assert change["theft_of_vehicle"] == pytest.approx(-9.1, abs=0.05)
    assert change["rape"] == pytest.approx(-23.1, abs=0.05)
    assert change["damage"] == pytest.approx(-7.8, abs=0.05)


def test_the_plans_own_figures_stand_beside_ours_and_agree(pandemic_year: Assessment, recent_year: Assessment) -> None:
    assert "burglary_residential" in set(pandemic_year.published["measure"])
    assert (pandemic_year.published["difference_points"].abs() <= TOLERANCE_POINTS).all()
    assert any("the area's own plan says −29%" in note for note in pandemic_year.notes)
    assert recent_year.published.empty


RAW = {
    "burglary_residential": ("DOMESTIC BURGLARY", "RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING"),
    "theft_of_vehicle": ("THEFT OR UNAUTH TAKING OF A MOTOR VEH",),
    "rape": ("RAPE",),
    "damage": ("ARSON", "CRIMINAL DAMAGE"),
    "robbery_personal": ("ROBBERY OF PERSONAL PROPERTY",),
}


@pytest.mark.parametrize("year", [2012, 2018, 2022])
def test_any_years_counts_and_changes_are_those_of_the_raw_file(
    real_data: Path, monitoring: Monitoring, year: int
) -> None:
    """Added up by pandas alone from the release that is newest for those months."""
    raw = pd.read_csv(next((real_data / "mps").glob("*Historical*.csv")))
    mine = raw[raw["LookUp_BoroughName"] == "Barking and Dagenham"]
    of_year, before = (
        [f"{month:%Y%m}" for month in pd.date_range(f"{first}-04-01", periods=12, freq="MS")]
        for first in (year, year - 1)
    )
    area = assess(monitoring, year=f"{year}/{(year + 1) % 100:02d}").area.set_index("measure")
    for measure, labels in RAW.items():
        rows = mine[mine["MinorText"].str.upper().isin(labels)]
        now, then = rows[of_year].to_numpy().sum(), rows[before].to_numpy().sum()
        assert now > 0
        assert (area.loc[measure, "count"], area.loc[measure, "previous_count"]) == (now, then), measure
        assert area.loc[measure, "change_percent"] == pytest.approx(100 * (now / then - 1))


@pytest.mark.parametrize(
    ("measure", "ends"), [("theft_of_vehicle", (-9, -11)), ("rape", (-23, -24)), ("damage", (-8, -10))]
)
def test_figures_the_plan_gives_as_a_range_are_near_both_its_ends(
    pandemic_year: Assessment, measure: str, ends: tuple[int, int]
) -> None:
    row = pandemic_year.published.set_index("measure").loc[measure]
    assert all(abs(row["change_percent"] - end) <= TOLERANCE_POINTS for end in ends)
    assert f"about {ends[0]} to {ends[1]} %" in row["label"]


def test_the_pandemic_and_the_incomplete_month_stand_with_the_year(pandemic_year: Assessment) -> None:
    assert any("the pandemic" in words for words in pandemic_year.unusual)
    assert any("2020-03" in words for words in pandemic_year.unusual)


def test_what_2020_21_cannot_give_the_dashboard_gives_for_2023_24(
    pandemic_year: Assessment, recent_year: Assessment
) -> None:
    asked = {"violence_with_injury_non_domestic", "gun_crime", "serious_youth_violence_knife"}
    assert asked <= set(pandemic_year.underivable["measure"])
    assert not asked & set(recent_year.underivable["measure"])
    area = recent_year.area.set_index("measure")
    assert area.loc["serious_youth_violence_knife", "count"] == 523
    injury = area.loc["violence_with_injury", "count"]
    assert 0 < area.loc["violence_with_injury_non_domestic", "count"] < injury


def test_counts_are_those_of_the_panel(monitoring: Monitoring, recent_year: Assessment) -> None:
    panel = monitoring.panel
    inside = (panel.months >= "2023-04-01") & (panel.months <= "2024-03-01")
    by_ward = panel.counts[panel.area_rows, panel.categories.index("shoplifting")][:, inside].sum(axis=1)
    mine = recent_year.wards[recent_year.wards["measure"] == "shoplifting"].set_index("ward_code")["count"]
    assert mine[list(panel.area.ward_codes)].tolist() == by_ward.tolist()


def test_the_town_centre_is_a_hotspot_of_small_areas_and_no_rate_is_trusted_there(recent_year: Assessment) -> None:
    spots = recent_year.hotspots
    hot = spots[(spots["measure"] == "all_crime") & (spots["unit"] == "lsoa") & spots["significant"]]
    names = {recent_year.ward_names[code] for code in hot["ward_code"]}
    assert "Abbey" in names
    assert len(hot) <= 10
    busy = recent_year.wards[recent_year.wards["many_visitors"]]["ward_code"]
    assert {recent_year.ward_names[code] for code in busy} == {"Abbey"}


def test_the_town_centre_stands_out_by_itself_on_page_one(monitoring: Monitoring) -> None:
    made = assess(monitoring, year="2024/25")
    spots = made.hotspots[made.hotspots["measure"] == "all_crime"]
    wards = spots[(spots["unit"] == "ward") & spots["stands_out"]].set_index("label")
    assert list(wards.index) == ["Abbey"]
    assert (wards.loc["Abbey", "count"], round(wards.loc["Abbey", "expected"])) == (1611, 350)
    assert "E01034473" in set(spots.loc[spots["stands_out"], "code"])
    told = [sentence for sentence in made.headlines if sentence.startswith("Abbey stands out: 4.6 times the crime")]
    assert len(told) == 1
    assert "many people visit it" in told[0]


def test_a_year_of_incidents_alone_on_the_old_wards_says_that_no_crime_is_held(real_data: Path) -> None:
    made = assess(read_monitoring(real_data, area="E09000002", wards="WD18"), year="2016/17")
    assert (made.months_covered, f"{made.first_month:%Y-%m}") == (11, "2016-05")
    area = made.area.set_index("measure")
    assert area.loc["asb", "count"] == 4924
    assert np.isnan(area.loc["all_crime", "count"])
    assert "No recorded crime of 2016/17 is held on WD18 wards" in made.headlines[0]
    assert "2016-04 not observed" in made.headlines[1]


def test_shops_and_pickpockets_bunch_among_the_published_points(monitoring: Monitoring) -> None:
    made = assess(monitoring, year="2017/18")
    points = made.clustering[made.clustering["unit"] == "point"].set_index("measure")
    assert points.loc["shoplifting", "significant"]
    assert points.loc["theft_from_person", "statistic"] > 2
    asb = made.area.set_index("measure").loc["asb"]
    assert (asb["months"], asb["count"], asb["shared_months"]) == (12, 4803, 11)


def test_london_and_similar_boroughs_stand_beside_the_area(recent_year: Assessment) -> None:
    rows = recent_year.comparison[recent_year.comparison["measure"] == "all_crime"]
    assert rows["kind"].value_counts().to_dict() == {"similar": 5, "area": 1, "london": 1}
    assert rows.set_index("kind").loc["london", "rate_per_1000"] == pytest.approx(103, abs=1)


def test_the_review_says_that_recording_changed_between(pandemic_year: Assessment) -> None:
    assert pandemic_year.review is not None
    assert pandemic_year.review.last_month == pd.Timestamp("2025-03-01")
    assert any("changed their recording system" in sentence for sentence in pandemic_year.review.findings)


def test_placebo_quarters_raise_few_alarms(monitoring: Monitoring) -> None:
    """In years without a break, few of the many wards and measures stand out in any one quarter."""
    shares = []
    for year in ("2014/15", "2016/17", "2018/19"):
        table = assess(monitoring, year=year).emerging
        wards = table[table["ward_code"] != ""]
        shares.append(((wards["p_value"] < 0.05).mean(), wards["significant"].mean()))
    assert np.mean([share for share, _ in shares]) < 0.06
    assert np.mean([share for _, share in shares]) < 0.01


def test_a_year_on_the_old_wards_is_told_by_what_was_published_on_them(real_data: Path) -> None:
    made = assess(read_monitoring(real_data, area="Barking and Dagenham", wards="WD18"), year="2020/21")
    assert (f"{made.first_month:%Y-%m}", f"{made.last_month:%Y-%m}") == ("2020-09", "2021-03")
    assert made.annualised
    crime = made.wards[made.wards["measure"] == "all_crime"].sort_values("rank")
    rates = {made.ward_names[row.ward_code]: round(row.rate_per_1000, 1) for row in crime.head(4).itertuples()}
    assert rates == {"Abbey": 171.6, "Village": 91.4, "Thames": 90.5, "Chadwell Heath": 84.0}
    assert crime["change_percent"].isna().all()
    assert any("published on WD22 wards only" in note for note in made.notes)
