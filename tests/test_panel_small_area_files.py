"""Residents and polygons of small areas: ages as the files band them, shapes for the map, wrong cells refused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from tests.read_files import problems_of, read_one, read_rows, told
from wardcast_models.errors import WardcastError
from wardcast_models.panel.monitoring_assembly import read_monitoring
from wardcast_models.panel.parts import KnownUnused, SmallAreaResidents
from wardcast_models.panel.polygon_parts import SmallAreaPolygons
from wardcast_models.panel.readers import polygons
from wardcast_models.panel.sources.source import SourceFile

MID_YEAR = [
    "LSOA11CD",
    "LSOA11NM",
    "LAD11CD",
    "Persons_All-Ages",
    "Persons_0-15",
    "Persons_16-64",
    "Persons_65+",
    "Males_0-15",
]
CENSUS = ["date", "geography", "geography code", "Age: Total", "Age: Aged 4 years and under", "Age: Aged 5 to 9 years"]
CENSUS += ["Age: Aged 85 years and over"]
SQUARE = [[[0.10, 51.50], [0.11, 51.50], [0.11, 51.51], [0.10, 51.51], [0.10, 51.50]]]


def by_band(part: SmallAreaResidents, code: str) -> dict[str, int]:
    rows = part.frame[part.frame["lsoa_code"] == code]
    return dict(zip(rows["age_band"], rows["persons"].tolist(), strict=True))


def test_mid_year_residents_keep_the_bands_of_the_file(tmp_path: Path) -> None:
    rows: list[list[object]] = [[*MID_YEAR], ["E01000006", "Barking 016A", "E09000002", 2094, 527, 1384, 183, 260]]
    part = read_one(SmallAreaResidents, tmp_path / "ons_mid2019_lsoa11.csv", rows)
    assert by_band(part, "E01000006") == {"all": 2094, "0-15": 527, "16-64": 1384, "65+": 183}
    assert set(part.frame["reference_date"]) == {pd.Timestamp("2019-06-30")}
    assert "by its name its residents are taken as those of 30 June 2019" in told(part)


def test_mid_year_residents_without_a_year_are_left_aside(tmp_path: Path) -> None:
    rows: list[list[object]] = [[*MID_YEAR], ["E01000006", "Barking 016A", "E09000002", 2094, 527, 1384, 183, 260]]
    (part,) = read_rows(tmp_path / "residents.csv", rows)
    assert isinstance(part, KnownUnused)
    assert "add one of them" in part.why


def test_census_ages_become_bands_and_differences_from_the_total_are_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [[*CENSUS], [2021, "Barking 016A", "E01000006", 280, 153, 127, 2]]
    part = read_one(SmallAreaResidents, tmp_path / "ages.csv", rows)
    assert by_band(part, "E01000006") == {"all": 280, "0-4": 153, "5-9": 127, "85+": 2}
    assert "Its age bands add up to 282 and its totals to 280" in told(part)


def test_a_repeated_small_area_and_a_wrong_code_are_refused(tmp_path: Path) -> None:
    row = [2021, "Barking 016A", "E01000006", 280, 153, 127, 0]
    assert "ages.csv, row 3: expected each lsoa_code" in problems_of(tmp_path / "ages.csv", [CENSUS, row, row])
    wrong = [2021, "Barking", "E0100000", 280, 153, 127, 0]
    assert "row 3, column geography code" in problems_of(tmp_path / "ages.csv", [CENSUS, row, wrong])


def test_small_areas_of_two_censuses_never_count_residents_twice(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    for census, codes in (("11", ["E01000006", "E01000007"]), ("21", ["E01000006", "E01034473"])):
        lookup = [[f"LSOA{census}CD", "WD22CD"], *([code, wf.ABBEY] for code in codes)]
        wf.write(tmp_path / f"lookup{census}.csv", lookup)
        header = [f"LSOA{census}CD", *MID_YEAR[1:]]
        residents = [[code, "Barking", wf.LBBD, 2000, 500, 1300, 200, 260] for code in codes]
        wf.write(tmp_path / f"mid2019_lsoa{census}.csv", [header, *residents])
    monitoring = read_monitoring(tmp_path, area=wf.LBBD)
    assert monitoring.small_area_residents["persons"].sum() == 4000
    assert set(monitoring.small_area_residents["lsoa_code"]) == {"E01000006", "E01034473"}


def collection(*codes: str, coordinates: object = SQUARE) -> SourceFile:
    features = [
        {
            "type": "Feature",
            "properties": {"lsoa21cd": code, "lad22cd": "E09000002"},
            "geometry": {"type": "Polygon", "coordinates": coordinates},
        }
        for code in codes
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    return SourceFile(name="areas.geojson", content=text.encode())


def test_polygons_of_small_areas_are_read_as_such() -> None:
    source = collection("E01000006", "E01000007")
    assert polygons.SMALL_AREAS.recognises(source)
    assert not polygons.READER.recognises(source)
    part = polygons.read_small_areas(source)
    assert isinstance(part, SmallAreaPolygons)
    assert sorted(part.geometries) == ["E01000006", "E01000007"]


def test_a_small_area_twice_and_coordinates_in_metres_are_refused() -> None:
    with pytest.raises(WardcastError) as caught:
        polygons.read_small_areas(collection("E01000006", "E01000006"))
    assert caught.value.problems[0].expected == "each small area once"
    metres = [[[545000, 184000], [546000, 184000], [546000, 185000], [545000, 184000]]]
    with pytest.raises(WardcastError) as caught:
        polygons.read_small_areas(collection("E01000006", coordinates=metres))
    assert "WGS84" in caught.value.problems[0].expected
