"""The real files on both ward vintages: anti-social behaviour, its missing month, and counts carried between wards."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import study_carry
from tests.ward_files import said
from wardcast_models.forecasting.scope import scope_of
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.gather import Gathered, gather
from wardcast_models.panel.ingest import panel_of
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import silent
from wardcast_models.reference.taxonomy import ASB, taxonomy


@pytest.fixture(scope="module")
def gathered(real_data: Path) -> Gathered:
    return gather(real_data, silent)


@pytest.fixture(scope="module", params=["WD22", "WD18"])
def panel(gathered: Gathered, request: pytest.FixtureRequest) -> Panel:
    return panel_of(gathered, area="E09000002", wards=request.param)


@pytest.fixture(scope="module")
def both(gathered: Gathered) -> tuple[Panel, Panel]:
    """The panel on new wards and the panel on old ones."""
    new, old = (panel_of(gathered, area="E09000002", wards=vintage) for vintage in ("WD22", "WD18"))
    return new, old


def asb_by_month(panel: Panel) -> pd.DataFrame:
    """Anti-social behaviour of the area's wards, a column a month."""
    counts = panel.counts[panel.area_rows, panel.categories.index(ASB)]
    return pd.DataFrame(counts, index=list(panel.area.ward_codes), columns=list(panel.months.strftime("%Y-%m")))


def incidents_in(path: Path) -> Counter[str]:
    """Anti-social behaviour rows of the street files by month, counted with the csv module alone."""
    found: Counter[str] = Counter()
    for file in path.rglob("*-street.csv"):
        with file.open(encoding="utf-8", newline="") as rows:
            found.update(row["Month"] for row in csv.DictReader(rows) if row["Crime type"] == "Anti-social behaviour")
    return found


def crimes(panel: Panel, rows: np.ndarray) -> np.ndarray:
    """Crimes a month of some wards; NaN where one is not observed in any category."""
    kept = [place for place, category in enumerate(panel.categories) if taxonomy()[category].crime]
    counts = panel.counts[rows][:, kept]
    return np.where(np.isnan(counts).all(axis=1).any(axis=0), np.nan, np.nansum(counts, axis=(0, 1)))


def test_the_street_files_make_anti_social_behaviour_counts_on_either_vintage(panel: Panel, real_data: Path) -> None:
    expected = incidents_in(real_data / "policeuk")
    ours = asb_by_month(panel)
    for month in expected:
        assert not ours[month].isna().any()
        # A point on the borough's very edge may lie in a neighbour's polygon.
        assert ours[month].sum() == pytest.approx(expected[month], abs=1)
    assert ours[list(expected)].to_numpy().sum() == pytest.approx(sum(expected.values()), abs=5)


def test_the_missing_month_is_neither_zero_nor_invented(panel: Panel) -> None:
    assert asb_by_month(panel)["2016-04"].isna().all()
    assert "No file was supplied for 2016-04: unobserved, not zero" in said(panel, FindingKind.READ)
    assert asb_by_month(panel)["2018-07"].isna().all()


def test_anti_social_behaviour_is_forecast_where_its_counts_end_with_the_data(panel: Panel) -> None:
    assert ASB in scope_of(panel.up_to(pd.Timestamp("2018-06-01"))).categories
    assert ASB not in scope_of(panel).categories


def test_street_files_go_before_the_ward_month_table_and_their_difference_is_told(both: tuple[Panel, Panel]) -> None:
    caveats = said(both[1], FindingKind.CAVEAT)
    assert "policeuk_ward18_month_category_london_2016-01_2018-06.csv.gz: Where both cover a ward and month" in caveats
    assert "No lookup leads from the small areas" in caveats
    assert "No lookup leads from the small areas" not in said(both[0], FindingKind.CAVEAT)


def test_old_wards_get_the_years_that_only_new_wards_have_to_the_last_crime(both: tuple[Panel, Panel]) -> None:
    new, old = both
    assert (old.first_month, old.last_month) == (new.first_month, new.last_month)
    own = (old.months >= pd.Timestamp("2020-09-01")) & (old.months <= pd.Timestamp("2022-08-01"))
    ours, theirs = crimes(old, old.area_rows), crimes(new, new.area_rows)
    assert np.array_equal(ours[~own], theirs[~own])
    assert ours[own].sum() == pytest.approx(theirs[own].sum(), rel=0.001)


def test_carried_months_are_listed_and_months_of_their_own_are_not(both: tuple[Panel, Panel]) -> None:
    new, old = both
    assert new.carried.empty
    spans = set(old.carried[["first_month", "last_month"]].itertuples(index=False, name=None))
    assert spans == {
        (pd.Timestamp("2010-04-01"), pd.Timestamp("2020-08-01")),
        (pd.Timestamp("2022-09-01"), pd.Timestamp("2025-03-01")),
    }
    assert set(old.carried["ward_code"]) == set(old.area.ward_codes)
    assert "carried from WD22 wards by shares of residents" in said(old, FindingKind.CAVEAT)


def test_wards_of_boroughs_that_no_lookup_leads_to_are_not_carried(both: tuple[Panel, Panel]) -> None:
    _, old = both
    havering = old.wards.index[old.wards["area_name"] == "Havering"]
    assert np.isnan(old.counts[havering][:, :, 0]).all()
    bexley = old.wards.index[old.wards["area_name"] == "Bexley"]
    assert not np.isnan(crimes(old, np.asarray(bexley))).any()


def test_census_residents_stand_on_the_old_wards_too(both: tuple[Panel, Panel]) -> None:
    new, old = both
    ours = old.census.set_index("ward_code")["persons"].reindex(old.area.ward_codes).sum()
    theirs = new.census.set_index("ward_code")["persons"].reindex(new.area.ward_codes).sum()
    assert ours == pytest.approx(theirs, rel=0.001)


def test_map_points_are_counted_in_the_wards_that_the_panel_counts_them_in(
    gathered: Gathered, panel: Panel, monkeypatch: pytest.MonkeyPatch, real_data: Path
) -> None:
    monkeypatch.setattr("wardcast_models.panel.monitoring_assembly.gather", lambda *_, **__: gathered)
    points = read_monitoring(real_data, area="E09000002", wards=panel.vintage).points
    by_ward = points[points["category"] == ASB].groupby("ward_code")["count"].sum()
    assert by_ward.to_dict() == asb_by_month(panel).sum(axis=1).to_dict()


def test_the_packaged_errors_of_carrying_are_those_that_the_study_measures(gathered: Gathered) -> None:
    directions, months = study_carry.measured(gathered.parts, "E09000002")
    assert [each.name for each in directions] == ["WD18 to WD22", "WD22 to WD18"]
    assert [each.off() for each in directions] == pytest.approx([0.133, 0.073], abs=0.0005)
    for each in directions:
        assert 0.93 < each.within(1.96) < 0.97
    rows = study_carry.rows_of(directions, study_carry.source_of("E09000002", months))
    assert study_carry.as_csv(rows) == study_carry.TABLE.read_text(encoding="utf-8")
