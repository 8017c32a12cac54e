"""The year in figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests import ward_files as wf
from wardcast_models.errors import WardcastError
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.profile import Profile, profile

DAMAGE = [("ARSON AND CRIMINAL DAMAGE", "ARSON"), ("ARSON AND CRIMINAL DAMAGE", "CRIMINAL DAMAGE")]


def panel_of(folder: Path, *, first: str, number: int, wards: tuple[str, ...] = (wf.ABBEY, wf.ALIBON)) -> Panel:
    rows = wf.release(wards, first=first, number=number, count=lambda month: 10 if month < 12 else 8, labels=DAMAGE)
    wf.write(folder / "release.csv", rows)
    wf.write(folder / "census.csv", wf.census({wf.ABBEY: 1000, wf.ALIBON: 8000, wf.BEAM: 9000}))
    return read_folder(folder, area="E09000002")


def change(made: Profile, measure: str) -> pd.Series:
    return made.changes.set_index("measure").loc[measure]


def test_a_year_is_compared_with_the_year_before(tmp_path: Path) -> None:
    made = profile(panel_of(tmp_path, first="2019-04", number=24), year="2020/21")
    assert (made.months_covered, made.annualised) == (12, False)
    arson = change(made, "arson")
    assert (arson["previous_count"], arson["count"], arson["change_percent"]) == (240, 192, -20.0)
    both = change(made, "damage")
    assert (both["label"], both["count"], both["level"]) == ("Arson and criminal damage (all)", 384, "family")
    assert change(made, "all_crime")["count"] == 384


def test_rates_are_per_thousand_residents_and_busy_wards_are_named(tmp_path: Path) -> None:
    wards = (wf.ABBEY, wf.ALIBON, wf.BEAM)
    made = profile(panel_of(tmp_path, first="2019-04", number=24, wards=wards), year="2019-20")
    rates = made.rates[made.rates["measure"] == "all_crime"]
    assert rates["ward_name"].tolist() == ["Abbey", "Alibon", "Beam"]
    assert rates["rate_per_1000"].round(2).tolist() == [240.0, 30.0, 26.67]
    assert rates["rank"].tolist() == [1, 2, 3]
    assert rates["many_visitors"].tolist() == [True, False, False]
    assert any("Here this holds for Abbey." in note for note in made.notes)
    assert made.year == "2019/20"


def test_part_of_a_year_is_annualised_and_labelled(tmp_path: Path) -> None:
    made = profile(panel_of(tmp_path, first="2020-09", number=24), year="2020/21")
    assert made.annualised
    assert made.months_covered == 7
    rates = made.rates[made.rates["measure"] == "all_crime"].set_index("ward_code")
    assert rates.loc[wf.ABBEY, "count"] == 140
    assert rates.loc[wf.ABBEY, "rate_per_1000"] == pytest.approx(240)
    assert any("Only 7 of the 12 months of 2020/21 are in the data (2020-09 to 2021-03)" in n for n in made.notes)


def test_a_year_before_that_is_not_covered_gives_no_number(tmp_path: Path) -> None:
    made = profile(panel_of(tmp_path, first="2020-04", number=12), year="2020/21")
    assert made.changes["change_percent"].isna().all()
    assert made.changes["previous_count"].isna().all()
    assert any("no change is given" in note for note in made.notes)


def test_part_of_a_year_is_compared_with_the_same_months(tmp_path: Path) -> None:
    made = profile(panel_of(tmp_path, first="2019-04", number=15), year="2020/21")
    arson = change(made, "arson")
    assert (arson["previous_count"], arson["count"]) == (60, 48)


def test_without_residents_no_rate_is_given(tmp_path: Path) -> None:
    panel_of(tmp_path, first="2019-04", number=12)
    (tmp_path / "census.csv").unlink()
    made = profile(read_folder(tmp_path, area="E09000002"), year="2019/20")
    assert made.rates.empty
    assert any("no rates are given" in note for note in made.notes)


def test_a_projection_on_the_panels_wards_stands_in_for_a_census(tmp_path: Path) -> None:
    panel_of(tmp_path, first="2019-04", number=12)
    (tmp_path / "census.csv").unlink()
    header = ["Code", "Borough", "Ward_Name", "Year", "Population"]
    rows = [[code, "Barking and Dagenham", "X", year, 500] for code in (wf.ABBEY, wf.ALIBON) for year in (2019, 2020)]
    wf.write(tmp_path / "projection.csv", [header, *rows])
    made = profile(read_folder(tmp_path, area="E09000002"), year="2019/20")
    assert set(made.rates["residents"]) == {500}
    assert any("GLA housing-linked ward projection for mid-2019" in note for note in made.notes)


def test_a_change_from_nothing_is_no_number(tmp_path: Path) -> None:
    rows = wf.release(first="2019-04", number=24, count=lambda month: 0 if month < 12 else 1)
    wf.write(tmp_path / "release.csv", rows)
    made = profile(read_folder(tmp_path, area="E09000002"), year="2020/21")
    assert np.isnan(change(made, "burglary_residential")["change_percent"])


@pytest.mark.parametrize("year", ["2020", "2020/22", "20/21", "this year"])
def test_a_misspelt_year_is_refused(tmp_path: Path, year: str) -> None:
    with pytest.raises(WardcastError, match="no financial year"):
        profile(panel_of(tmp_path, first="2019-04", number=12), year=year)


def test_a_year_outside_the_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WardcastError, match="2019-04 to 2020-03"):
        profile(panel_of(tmp_path, first="2019-04", number=12), year="2022/23")
