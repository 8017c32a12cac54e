"""Everything an area's files tell beyond its panel: held against the sample's known truth and the real files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wardcast_models.panel.monitoring import MONITORING_COLUMNS, Monitoring
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.reference.taxonomy import COUNCIL_ASB

LBBD = "E09000002"


@pytest.fixture(scope="module")
def sample(sample_dir: Path) -> Monitoring:
    return read_monitoring(sample_dir, area=LBBD)


@pytest.fixture(scope="module")
def truth(sample_dir: Path) -> dict[str, dict[str, list[int]]]:
    loaded: dict[str, dict[str, list[int]]] = json.loads((sample_dir / "truth/truth_local.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def real(real_data: Path) -> Monitoring:
    return read_monitoring(real_data, area=LBBD)


def test_every_frame_has_its_columns(sample: Monitoring) -> None:
    for name, columns in MONITORING_COLUMNS.items():
        assert tuple(getattr(sample, name).columns) == columns


def test_small_areas_add_up_to_the_wards_that_they_lie_in(sample: Monitoring) -> None:
    recorded = sample.small_areas[sample.small_areas["source"] == "mps"]
    first, last = sample.small_area_months["mps"]
    months = sample.panel.months
    span = (months >= first) & (months <= last)
    sums = recorded.groupby(["ward_code", "category"])["count"].sum()
    for (ward, category), total in sums.items():
        row, place = sample.panel.ward_codes.index(ward), sample.panel.categories.index(category)
        assert total == sample.panel.counts[row, place, span].sum()
    assert first == last - pd.DateOffset(months=11)


def test_points_and_small_areas_hold_the_same_police_incidents(sample: Monitoring) -> None:
    incidents = sample.small_areas[sample.small_areas["source"] == "policeuk"]
    keys = ["ward_code", "category", "month"]
    pd.testing.assert_series_equal(sample.points.groupby(keys)["count"].sum(), incidents.groupby(keys)["count"].sum())
    asb = sample.points[sample.points["category"] == "asb"]["count"].sum()
    assert asb == np.nansum(sample.panel.counts[:, sample.panel.categories.index("asb")])


def test_licensed_premises_and_repeats_are_those_of_the_truth(
    sample: Monitoring, truth: dict[str, dict[str, list[int]]]
) -> None:
    by_ward = sample.premises.sort_values("month").groupby("ward_code")["premises"].agg(list)
    assert by_ward.to_dict() == truth["licensed_premises"]
    shares = sample.repeats.groupby("subject")[["persons", "repeat_persons"]].sum()
    share = shares["repeat_persons"] / shares["persons"]
    for subject, expected in truth["repeat_share"].items():
        assert share[subject] == pytest.approx(expected, abs=0.02)


def test_the_councils_log_is_a_category_of_the_panel(
    sample: Monitoring, truth: dict[str, dict[str, list[int]]]
) -> None:
    months = sample.panel.months.strftime("%Y-%m").isin(truth["log_months"])
    place = sample.panel.categories.index(COUNCIL_ASB)
    for row, ward in enumerate(sample.panel.ward_codes):
        assert sample.panel.counts[row, place, months].tolist() == truth["council_asb"][ward]


def test_the_survey_tells_the_true_shares_of_residents_who_feel_safe(
    sample: Monitoring, truth: dict[str, dict[str, float]]
) -> None:
    here = sample.surveys[sample.surveys["area_code"] == LBBD]
    means = here.groupby("measure")["share"].mean()
    for measure, share in truth["safe_shares"].items():
        assert means[measure] == pytest.approx(share, abs=0.03)
    assert "E12000007" in set(sample.surveys["area_code"])


def test_the_real_small_areas_hold_every_crime_of_their_file(real: Monitoring, real_data: Path) -> None:
    with (real_data / "mps/lbbd_lsoa21_crime_by_month.csv").open(encoding="utf-8-sig", newline="") as file:
        total = sum(int(row["count"]) for row in csv.DictReader(file))
    recorded = real.small_areas[real.small_areas["source"] == "mps"]
    assert recorded["count"].sum() == total
    assert set(recorded["ward_code"]) == set(real.panel.area.ward_codes)


def test_the_real_points_hold_the_asb_of_the_panel(real: Monitoring) -> None:
    asb = real.points[real.points["category"] == "asb"]
    place = real.panel.categories.index("asb")
    assert asb["count"].sum() == np.nansum(real.panel.counts[real.panel.area_rows, place])
    assert pd.Timestamp("2016-04-01") not in set(asb["month"])


def test_the_real_residents_and_ages_are_those_of_the_census(real: Monitoring) -> None:
    ages = real.ages.groupby("reference_date")["persons"].sum()
    assert ages.loc[pd.Timestamp("2021-03-21")] == pytest.approx(218_871, rel=0.001)
    assert real.small_area_residents["lsoa_code"].is_unique
    assert set(real.small_area_residents["lsoa_code"]) <= set(real.small_area_polygons)


def test_the_real_dashboard_series_stand_on_the_panels_wards(real: Monitoring) -> None:
    assert set(real.ward_series["ward_code"]) <= set(real.panel.area.ward_codes)
    assert not real.ward_series.duplicated(["ward_code", "series", "month"]).any()
    assert real.ward_series["month"].min() == pd.Timestamp("2021-08-01")
