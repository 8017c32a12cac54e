"""What goes with the year: comparison, harm, repeats, views, the review, what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.panels import AREA_CODE, OTHER_CODE, make_panel
from wardcast_models.errors import WardcastError
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.panel.panel import Panel
from wardcast_models.profile.assess import assess
from wardcast_models.profile.assessment import REVIEW_COLUMNS, VIEW_COLUMNS, Assessment, View
from wardcast_models.reference.taxonomy import harm_weights

APRIL = pd.Timestamp("2018-04-01")
YEAR = pd.date_range(APRIL, periods=12, freq="MS")


def view_of(made: Assessment, name: str) -> View:
    return next(view for view in made.views if view.view == name)


def with_series(panel: Panel, **means: float) -> Panel:
    """Give the borough dashboard series over all of the panel's months."""
    rows = [(AREA_CODE, name, month, count) for name, count in means.items() for month in panel.months]
    return replace(panel, borough_series=pd.DataFrame(rows, columns=["area_code", "series", "month", "count"]))


def squares(codes: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """One row of squares."""
    found: dict[str, dict[str, object]] = {}
    for place, code in enumerate(codes):
        west = place / 100
        ring = [[west, 51], [west + 0.01, 51], [west + 0.01, 51.01], [west, 51.01], [west, 51]]
        found[code] = {"type": "Polygon", "coordinates": [ring]}
    return found


def test_what_open_files_cannot_tell_is_named_with_its_reason() -> None:
    made = assess(Monitoring(panel=make_panel()), year="2018/19")
    missing = made.underivable.set_index("measure")
    for measure in ("violence_with_injury_non_domestic", "gun_crime", "serious_youth_violence_knife"):
        assert "the MPS Monthly Crime Dashboard begins in 2021-08" in missing.loc[measure, "why"]
    assert "an unread month is not zero" in missing.loc["asb", "why"]
    assert "violence_with_injury_non_domestic" not in set(made.measures["measure"])
    assert any("Not derivable from the files of 2018/19" in sentence for sentence in made.headlines)


def test_the_dashboard_gives_what_ward_files_cannot() -> None:
    panel = with_series(
        make_panel(random_seed=None), domestic_abuse_violence_with_injury=30, gun_crime=12, knife_crime=15
    )
    made = assess(Monitoring(panel=panel), year="2018/19")
    area = made.area.set_index("measure")
    assert area.loc["violence_with_injury_non_domestic", "count"] == 12 * (4 * 20 - 30)
    assert area.loc["serious_youth_violence_knife", "count"] == 12 * 15
    assert "serious_youth_violence_knife" not in set(made.wards["measure"])
    assert not {"violence_with_injury_non_domestic", "gun_crime"} & set(made.underivable["measure"])


def test_a_rare_series_without_a_row_is_zero_within_its_span_and_unknown_before() -> None:
    panel = make_panel(random_seed=None)
    rows = [(AREA_CODE, "gun_crime", month, 2) for month in (YEAR[3], YEAR[11])]
    rows += [(AREA_CODE, "hate_crime", month, 50) for month in YEAR[:10]]
    frame = pd.DataFrame(rows, columns=["area_code", "series", "month", "count"])
    made = assess(Monitoring(panel=replace(panel, borough_series=frame)), year="2018/19")
    guns = view_of(made, "serious_violence_knife").table.set_index("measure").loc["gun_crime"]
    assert guns["count"] == 4
    assert guns["basis"] == "MPS dashboard, borough, 9 months"
    hate = view_of(made, "hate_crime").table.iloc[0]
    assert (hate["count"], hate["basis"]) == (500, "MPS dashboard, borough, 10 months")


def test_harm_is_counts_times_days_and_shares_add_up() -> None:
    made = assess(Monitoring(panel=make_panel(random_seed=None)), year="2018/19")
    area = made.harm[made.harm["ward_code"] == ""].set_index("category")
    weights = harm_weights("cambridge")
    assert area.loc["violence_with_injury", "harm"] == 12 * 80 * weights["violence_with_injury"]
    assert area.index.is_unique
    days = 12 * 80 * weights["violence_with_injury"] + 12 * 40 * weights["burglary_residential"]
    assert area["harm"].sum() == pytest.approx(days)
    assert area["share_of_area_harm"].sum() == pytest.approx(1)
    wards = made.harm[made.harm["ward_code"] != ""]
    assert wards["harm"].sum() == pytest.approx(area["harm"].sum())


def test_repeat_shares_add_up_over_the_year_with_an_interval() -> None:
    panel = make_panel()
    columns = ["ward_code", "month", "subject", "category", "persons", "repeat_persons"]
    rows = [(code, month, "victim", "", 10, 3) for code in panel.area.ward_codes[:2] for month in YEAR]
    rows.append((panel.area.ward_codes[0], YEAR[0] - pd.DateOffset(months=1), "victim", "", 500, 500))
    made = assess(Monitoring(panel=panel, repeats=pd.DataFrame(rows, columns=columns)), year="2018/19")
    area = made.repeats.set_index("ward_code").loc[""]
    assert (area["persons"], area["repeat_persons"], area["repeat_share"]) == (240, 72, 0.3)
    assert (area["low"], area["high"]) == pytest.approx(proportion_confint(72, 240, method="wilson"))
    victims = made.volt[made.volt["question"] == "victim"]
    assert "72 of 240 victims counted month by month" in victims["statement"].iloc[0]


def test_every_question_of_volt_names_its_gap() -> None:
    volt = assess(Monitoring(panel=make_panel()), year="2018/19").volt
    assert set(volt["question"]) == {"victim", "offender", "location", "time"}
    assert volt["gap"].str.len().gt(20).all()
    assert "No data on offenders are held" in volt.set_index("question").loc["offender", "statement"]
    assert "no hour" in volt[volt["question"] == "time"]["gap"].iloc[0]


def test_premises_and_anti_social_behaviour_are_put_side_by_side_with_a_warning() -> None:
    panel = make_panel(n_wards=9, categories=("asb", "burglary_residential"), ward_weights=range(1, 10))
    rows = [(code, APRIL, 5 * place, "test") for place, code in enumerate(panel.area.ward_codes, start=1)]
    premises = pd.DataFrame(rows, columns=["ward_code", "month", "premises", "source"])
    view = view_of(assess(Monitoring(panel=panel, premises=premises), year="2018/19"), "asb_licensed_premises")
    assert any("correlation of +1.00 over 9 wards" in sentence for sentence in view.findings)
    assert "do not show that premises cause it" in " ".join(view.purpose.split())
    without = view_of(assess(Monitoring(panel=panel), year="2018/19"), "asb_licensed_premises")
    assert without.missing[0].startswith("Counts of licensed premises")


def test_proxies_for_public_safety_are_called_proxies() -> None:
    panel = make_panel(categories=("other_sexual_offences", "robbery_personal"))
    survey = pd.DataFrame(
        [(AREA_CODE, "safe_after_dark", "Feels safe after dark", pd.Timestamp("2018-12-01"), 12, 0.38, 400, "test")],
        columns=["area_code", "measure", "label", "last_month", "period_months", "share", "base", "source"],
    )
    view = view_of(assess(Monitoring(panel=panel, surveys=survey), year="2018/19"), "vawg_public_space")
    assert view.table[view.table["measure"] != "safe_after_dark"]["basis"].str.startswith("open proxy").all()
    assert "Feels safe after dark: 38% of residents asked." in view.findings


def test_a_survey_result_stands_beside_that_of_the_year_before() -> None:
    panel = make_panel()
    rows = [
        (AREA_CODE, "safe_after_dark", "Feels safe after dark", pd.Timestamp(month), 12, share, 400, "test")
        for month, share in (("2017-12-01", 0.35), ("2018-12-01", 0.38))
    ]
    columns = ["area_code", "measure", "label", "last_month", "period_months", "share", "base", "source"]
    made = assess(Monitoring(panel=panel, surveys=pd.DataFrame(rows, columns=columns)), year="2018/19")
    view = view_of(made, "vawg_public_space")
    assert "Feels safe after dark: 38% of residents asked, 35% the year before." in view.findings


def test_ages_tell_where_children_live() -> None:
    panel = make_panel(n_wards=2)
    codes = panel.area.ward_codes
    date = pd.Timestamp("2021-03-21")
    rows = [(codes[0], "0-19", 500, date), (codes[0], "20-84", 400, date), (codes[0], "85+", 100, date)]
    rows += [(codes[1], "0-19", 100, date), (codes[1], "20-84", 900, date)]
    ages = pd.DataFrame(rows, columns=["ward_code", "age_band", "persons", "reference_date"])
    view = view_of(assess(Monitoring(panel=panel, ages=ages), year="2018/19"), "children_young_people")
    assert view.findings[0] == ("Of residents, 30% are under 20 (March 2021); most in Ward 1 50%, Ward 2 10%.")


def test_every_view_is_there_and_says_what_is_missing() -> None:
    views = assess(Monitoring(panel=make_panel()), year="2018/19").views
    assert {view.view for view in views} == {
        "vawg_public_space",
        "serious_violence_knife",
        "children_young_people",
        "hate_crime",
        "asb_licensed_premises",
        "fire",
    }
    for view in views:
        assert tuple(view.table.columns) == VIEW_COLUMNS
        assert view.missing


def test_another_borough_stands_beside_the_area_by_the_same_months() -> None:
    panel = make_panel(n_other_wards=3, random_seed=None, census_persons=[9000] * 7)
    made = assess(Monitoring(panel=panel), year="2018/19")
    rows = made.comparison[made.comparison["measure"] == "all_crime"].set_index("place")
    assert (rows.loc[AREA_CODE, "kind"], rows.loc[OTHER_CODE, "kind"]) == ("area", "similar")
    assert rows.loc[OTHER_CODE, "count"] == 12 * 3 * 30
    assert rows.loc[OTHER_CODE, "rate_per_1000"] == pytest.approx(1000 * 12 * 3 * 30 / 27_000)
    assert any("not the Home Office's Most Similar Groups" in note for note in made.notes)
    assert "london" not in set(made.comparison["kind"])


def test_the_review_compares_the_same_calendar_months() -> None:
    panel = make_panel(n_months=60)
    made = assess(Monitoring(panel=panel), year="2018/19", review=True)
    assert made.review is not None
    assert tuple(made.review.table.columns) == REVIEW_COLUMNS
    assert (made.review.first_month, made.review.last_month) == (pd.Timestamp("2021-07-01"), panel.months[-1])
    assert (made.review.then_first_month, made.review.then_last_month) == (
        pd.Timestamp("2018-07-01"),
        pd.Timestamp("2018-12-01"),
    )
    row = made.review.table.set_index(["measure", "ward_code"]).loc[("burglary_residential", "")]
    start = int(panel.months.searchsorted(pd.Timestamp("2018-07-01")))
    assert row["count_then"] == panel.counts[:, 1, start : start + 6].sum()
    assert row["count_now"] == panel.counts[:, 1, -6:].sum()


def test_a_rise_since_the_assessed_year_is_told_and_hotspots_followed() -> None:
    weights = [1] * 6 + [6] * 3 + [1] * 6

    def doubled(months: pd.DatetimeIndex) -> np.ndarray:
        return np.where(months >= "2020-01-01", 2.0, 1.0)

    panel = make_panel(n_wards=15, ward_weights=weights, level=doubled, census_persons=[9000] * 15)
    panel = replace(panel, polygons=squares(panel.area.ward_codes))
    made = assess(Monitoring(panel=panel), year="2018/19", review=True)
    assert made.review is not None
    everything = made.review.table[made.review.table["measure"] == "all_crime"].set_index("ward_code")
    assert everything.loc["", "significant"]
    assert everything.loc["", "change_percent"] == pytest.approx(100, abs=6)
    hot = made.hotspots[made.hotspots["significant"]]
    assert set(hot["code"]) <= {"E05000007", "E05000008", "E05000009"}
    assert everything.loc["E05000008", "was_hotspot"]
    assert everything.loc["E05000008", "is_hotspot"]


def test_a_review_without_later_months_is_refused() -> None:
    panel = make_panel(n_months=51)
    with pytest.raises(WardcastError, match="Only 0 months after 2020/21"):
        assess(Monitoring(panel=panel), year="2020/21", review=True)


def test_a_short_series_says_what_it_cannot_tell() -> None:
    made = assess(Monitoring(panel=make_panel(first_month="2018-04", n_months=12)), year="2018/19")
    for table in (made.trends, made.seasons, made.emerging, made.rolling[made.rolling["month"] < "2019-03-01"]):
        assert table.empty
    assert "Too few months are held to draw trends." in made.headlines
    assert "Too few months are held to tell changes on the year before from chance." in made.headlines


def test_a_headline_says_over_which_months_it_counts_and_compares() -> None:
    panel = make_panel(first_month="2017-04", n_months=24)
    holed = panel.counts.copy()
    holed[:, :, list(panel.months).index(YEAR[0])] = np.nan
    holed[:, :, : list(panel.months).index(pd.Timestamp("2018-01-01"))] = np.nan
    made = assess(Monitoring(panel=replace(panel, counts=holed)), year="2018/19")
    assert "crimes were recorded in 11 of the year's 12 months" in made.headlines[0]
    assert "(over 3 months both years hold), too few to say how certain" in made.headlines[0]


def test_headlines_are_five_to_ten_and_carry_figures() -> None:
    made = assess(Monitoring(panel=make_panel(census_persons=[9000] * 4)), year="2018/19")
    assert 5 <= len(made.headlines) <= 10
    assert sum(any(sign.isdigit() for sign in sentence) for sentence in made.headlines) >= 4


def test_small_areas_of_police_uk_keep_its_own_categories() -> None:
    panel = replace(make_panel(n_wards=1), polygons={})
    codes = tuple(f"E0100000{place}" for place in range(9))
    rows = [
        (code, panel.area.ward_codes[0], category, YEAR[0], 10 + place, "policeuk")
        for place, code in enumerate(codes)
        for category in ("asb", "policeuk_burglary", "shoplifting")
    ]
    columns = ["lsoa_code", "ward_code", "category", "month", "count", "source"]
    monitoring = Monitoring(
        panel=panel, small_areas=pd.DataFrame(rows, columns=columns), small_area_polygons=squares(codes)
    )
    made = assess(monitoring, year="2018/19")
    spots = made.hotspots.set_index(["measure", "code"])["count"]
    assert spots[("all_crime", codes[2])] == 24
    assert spots[("policeuk_burglary", codes[2])] == 12
    assert set(made.hotspots["measure"]) <= set(made.measures["measure"])
    assert any("Small areas are held for 1 of these months only" in note for note in made.notes)
