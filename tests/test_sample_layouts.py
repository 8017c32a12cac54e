"""The embedded sample's files: as the official ones are, with their traps."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest
from shapely.geometry import Point, shape

from tests.drawn_sample import Sample
from wardcast_models.sample import write_sample


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    return Sample(folder=folder, truth=write_sample(folder))


# The quirks a reader has to stand


def test_the_two_releases_differ_in_columns_and_labels_as_real_ones_do(sample: Sample) -> None:
    historical, recent = sample.table("*(Historical)*"), sample.table("*(most recent 24 months)*")
    assert list(historical.columns[:5]) != list(recent.columns[:5])
    assert set(historical.columns[:5]) == set(recent.columns[:5])
    assert "STALKING AND HARASSMENT" in set(historical["MinorText"])
    recent_labels = {label.upper() for label in recent["MinorText"]}
    assert "STALKING AND HARASSMENT" not in recent_labels
    assert "BURGLARY - RESIDENTIAL" in recent_labels
    assert (historical.columns[5], historical.columns[-1]) == ("201504", "202402")


def test_residential_burglary_is_relabelled_in_2023(sample: Sample) -> None:
    historical = sample.table("*(Historical)*").groupby("MinorText")[["202304", "202305"]].sum()
    assert historical.loc["DOMESTIC BURGLARY", "202304"] > 0
    assert historical.loc["DOMESTIC BURGLARY", "202305"] == 0
    assert historical.loc["RES BURGLARY OF A HOME", "202304"] == 0
    assert historical.loc["RES BURGLARY OF A HOME", "202305"] > 0


def test_the_recent_release_starts_with_a_left_over_month(sample: Sample) -> None:
    months = sample.table("*(most recent 24 months)*").filter(regex=r"^\d{6}$")
    assert list(months.columns)[:2] == ["202303", "202304"]
    assert months.shape[1] == 25
    assert 0 < months["202303"].sum() <= 2


def test_missing_rows_stand_for_zeros(sample: Sample) -> None:
    historical = sample.table("*(Historical)*")
    labels = historical["MinorText"].nunique()
    assert len(historical) < labels * len(sample.truth.ward_codes)
    assert (historical.filter(regex=r"^\d{6}$").sum(axis=1) > 0).all()


def test_street_rows_carry_asb_only_and_no_incident_ids(sample: Sample) -> None:
    path = sample.one("2025-03-metropolitan-street-SYNTHETIC.csv")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["Crime type"] for row in rows} == {"Anti-social behaviour"}
    assert {row["Crime ID"] for row in rows} == {""}


def test_small_areas_are_invented_and_lie_in_their_wards(sample: Sample) -> None:
    ward_by_area = dict(sample.table("lsoa21_to_ward22_*")[["lsoa21cd", "ward22cd"]].to_numpy())
    assert all(code.startswith("E019") for code in ward_by_area)
    features = json.loads(sample.one("*.geojson").read_text())["features"]
    tiles = {feature["properties"]["ward_code"]: shape(feature["geometry"]) for feature in features}
    rows = pd.read_csv(sample.one("2025-03-metropolitan-street-SYNTHETIC.csv")).drop_duplicates("LSOA code")
    for row in rows.to_dict("records"):
        tile = tiles[ward_by_area[row["LSOA code"]]]
        assert tile.contains(Point(row["Longitude"], row["Latitude"]))


def test_tiles_neither_overlap_nor_leave_a_ward_alone(sample: Sample) -> None:
    features = json.loads(sample.one("*.geojson").read_text())["features"]
    tiles = [shape(feature["geometry"]) for feature in features]
    assert len(tiles) == 19
    for position, tile in enumerate(tiles):
        others = tiles[:position] + tiles[position + 1 :]
        assert tile.is_valid
        assert max(tile.intersection(other).area for other in others) < tile.area * 1e-3
        assert any(tile.buffer(1e-4).intersects(other) for other in others)
