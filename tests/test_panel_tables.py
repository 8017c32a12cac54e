"""What goes with the counts: residents, homes, groups, hours, polygons, lookups and borough series."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests import ward_files as wf
from tests.ward_files import read, said
from wardcast_models.allocation.request.plan_request import DEFAULT_SHIFTS
from wardcast_models.errors import WardcastError
from wardcast_models.panel.archive import load_panel, save_panel
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.readers.plans import USUAL_SHIFTS

PIPELINE_COLUMNS = ["scheme", "ward_code", "homes", "first_completion", "last_completion"]
PIPELINE_COLUMNS += ["probability", "persons_per_home", "source"]
SCHEME = ["Riverside 1", wf.ABBEY, "400", "2025-04", "2027-03", "0.8", "2.4", "council list"]
PROJECTION_COLUMNS = ["Code", "Borough", "Ward_Name", "Year", "Population", "Hectares"]


def collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def square(code: str, west: float = 0.07, *, key: str = "ward_code") -> dict[str, Any]:
    ring = [[west, 51.5], [west + 0.02, 51.5], [west + 0.02, 51.52], [west, 51.52], [west, 51.5]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {key: code}, "geometry": geometry}


def test_census_residents_are_summed_over_residence_types(folder: Path) -> None:
    wf.write(folder / "census.csv", wf.census({wf.ABBEY: 4000, wf.ALIBON: 9000, "E05014119": 7}))
    census = read(folder).census
    assert dict(zip(census["ward_code"], census["persons"], strict=True)) == {wf.ABBEY: 4000, wf.ALIBON: 9000}
    assert set(census["reference_date"]) == {pd.Timestamp("2021-03-21")}


def test_the_projection_keeps_its_own_wards_and_overlapping_files_count_once(folder: Path) -> None:
    row = [wf.ABBEY_2018, "Barking and Dagenham", "Abbey", "2024", "13000", "127.9"]
    other = ["E05000064", "Bexley", "Barnehurst", "2024", "11000", "1"]
    wf.write(folder / "borough.csv", [PROJECTION_COLUMNS, row])
    wf.write(folder / "london.csv", [PROJECTION_COLUMNS, other, row])
    projection = read(folder).projection
    assert list(projection["ward_code"]) == [wf.ABBEY_2018, "E05000064"]
    assert list(projection["area_code"]) == ["E09000002", "E09000004"]
    assert list(projection["persons"]) == [13000, 11000]


def test_projections_that_disagree_are_refused(folder: Path) -> None:
    for name, persons in (("a.csv", "13000"), ("b.csv", "14000")):
        row = [wf.ABBEY_2018, "Barking and Dagenham", "Abbey", "2024", persons, "127.9"]
        wf.write(folder / name, [PROJECTION_COLUMNS, row])
    with pytest.raises(WardcastError, match=r"a\.csv and b\.csv disagree"):
        read(folder)


def test_a_housing_pipeline_is_read(folder: Path) -> None:
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS, SCHEME])
    pipeline = read(folder).pipeline
    assert pipeline.iloc[0][PIPELINE_COLUMNS].to_dict() == {
        "scheme": "Riverside 1",
        "ward_code": wf.ABBEY,
        "homes": 400.0,
        "first_completion": pd.Timestamp("2025-04-01"),
        "last_completion": pd.Timestamp("2027-03-01"),
        "probability": 0.8,
        "persons_per_home": 2.4,
        "source": "council list",
    }
    assert pipeline[["jobs", "homes_in_projection", "known_from"]].isna().all(axis=None)


def test_jobs_homes_in_the_projection_and_the_date_of_a_plan_are_read_where_given(folder: Path) -> None:
    header = [*PIPELINE_COLUMNS, "jobs", "homes_in_projection", "known_from"]
    other = ["Riverside 2", *SCHEME[1:6], "", "council list", "", "", ""]
    wf.write(folder / "homes.csv", [header, [*SCHEME, "6000", "250", "2023-10"], other])
    panel = read(folder)
    first, second = (row for _, row in panel.pipeline.iterrows())
    assert (first["jobs"], first["homes_in_projection"]) == (6000.0, 250.0)
    assert first["known_from"] == pd.Timestamp("2023-10-01")
    assert second[["persons_per_home", "jobs", "homes_in_projection", "known_from"]].isna().all()
    assert "640 homes and 4,800 jobs" in said(panel, FindingKind.READ)


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("homes", "-4", "a number, 0 or more"),
        ("homes", "many", "a number, 0 or more"),
        ("probability", "80", "a number, from 0 to 1"),
        ("persons_per_home", "nan", "a number, from 0 to 10"),
        ("first_completion", "spring 2025", "a month as YYYY-MM"),
        ("last_completion", "2025-13", "a month as YYYY-MM"),
        ("last_completion", "2024-01", "a month not before first_completion"),
        ("ward_code", "E0599", "a ward code such as E05014053"),
        ("scheme", "", "a name"),
    ],
)
def test_a_wrong_cell_of_the_pipeline_is_named(folder: Path, column: str, cell: str, expected: str) -> None:
    scheme = [*SCHEME]
    scheme[PIPELINE_COLUMNS.index(column)] = cell
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS, scheme])
    with pytest.raises(WardcastError) as caught:
        read(folder)
    (problem,) = caught.value.problems
    assert problem.where == f"homes.csv, row 2, column {column}"
    assert problem.expected == expected


def test_a_scheme_cannot_have_more_homes_in_the_projection_than_homes(folder: Path) -> None:
    homes = SCHEME[PIPELINE_COLUMNS.index("homes")]
    wf.write(folder / "homes.csv", [[*PIPELINE_COLUMNS, "homes_in_projection"], [*SCHEME, str(int(homes) + 1)]])
    with pytest.raises(WardcastError) as refused:
        read(folder)
    (problem,) = refused.value.problems
    assert problem.where == "homes.csv, row 2, column homes_in_projection"
    assert problem.expected == f"at most the scheme's homes, {int(homes):,}"


def test_a_pipeline_in_a_ward_that_nothing_knows_is_refused_by_file_and_code(folder: Path) -> None:
    scheme = [*SCHEME]
    scheme[PIPELINE_COLUMNS.index("ward_code")] = "E05999999"
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS, scheme])
    with pytest.raises(WardcastError, match=r"homes\.csv names wards that are not known") as caught:
        read(folder)
    (problem,) = caught.value.problems
    assert (problem.where, problem.found) == ("homes.csv, row 2, column ward_code", "E05999999")


def test_a_pipeline_without_its_columns_is_refused(folder: Path) -> None:
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS[:5], SCHEME[:5]])
    with pytest.raises(WardcastError) as caught:
        read(folder)
    absent = [problem.expected for problem in caught.value.problems]
    assert absent == ["a column probability", "a column persons_per_home", "a column source"]


def test_a_scheme_that_stands_twice_is_refused(folder: Path) -> None:
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS, SCHEME, SCHEME])
    with pytest.raises(WardcastError, match=r"homes\.csv, row 3"):
        read(folder)


def test_a_pipeline_on_other_wards_is_left_aside_and_a_mixture_refused(folder: Path) -> None:
    old = [*SCHEME]
    old[1] = wf.ABBEY_2018
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS, old])
    panel = read(folder)
    assert panel.pipeline.empty
    assert "homes.csv: None of its wards is in this panel" in said(panel, FindingKind.LEFT_ASIDE)
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS, SCHEME, old])
    with pytest.raises(WardcastError, match=r"(?s)mixes ward vintages.*homes\.csv, row 3, column ward_code"):
        read(folder)


def test_schemes_in_wards_without_crime_counts_are_left_out_and_said(folder: Path) -> None:
    away = [*SCHEME]
    away[1] = wf.BEAM
    wf.write(folder / "homes.csv", [PIPELINE_COLUMNS, SCHEME, away])
    panel = read(folder)
    assert panel.pipeline["ward_code"].tolist() == [wf.ABBEY]
    assert "homes.csv: Rows on wards without crime counts (1) were left out" in said(panel, FindingKind.CAVEAT)


def test_ward_groups_and_baseline_hours_are_read(folder: Path) -> None:
    wf.write(folder / "groups.csv", [["ward_code", "group"], [wf.ALIBON, "most deprived"], [wf.ABBEY, "other"]])
    hours = [["ward_code", "shift", "officer_hours_per_month"], [wf.ABBEY, "late", "310.5"]]
    wf.write(folder / "hours.csv", hours)
    panel = read(folder)
    assert list(panel.ward_groups["group"]) == ["other", "most deprived"]
    assert panel.baseline_hours["officer_hours_per_month"].tolist() == [310.5]


def test_hours_in_shifts_that_a_plan_does_not_have_by_itself_are_told(folder: Path) -> None:
    header = ["ward_code", "shift", "officer_hours_per_month"]
    wf.write(folder / "hours.csv", [header, *([wf.ABBEY, shift, "10"] for shift in ("day", "late", "night"))])
    assert "hours.csv" not in said(read(folder), FindingKind.CAVEAT)
    wf.write(folder / "hours.csv", [header, *([wf.ABBEY, shift, "10"] for shift in ("day", "Late turn", "early"))])
    told = said(read(folder), FindingKind.CAVEAT)
    assert "hours.csv: It has hours in shifts that a plan does not have by itself: Late turn, early (day, late" in told
    assert tuple(shift.name for shift in DEFAULT_SHIFTS) == USUAL_SHIFTS


def test_boundaries_that_their_file_calls_approximate_are_marked_and_told(folder: Path) -> None:
    rough, exact = square(wf.ABBEY), square(wf.ALIBON, 0.09)
    rough["properties"]["method"] = "dissolved small areas (best-fit) - approximate"
    (folder / "wards.geojson").write_text(collection(rough, exact))
    panel = read(folder)
    assert panel.polygons[wf.ABBEY]["approximate"] is True
    assert "approximate" not in panel.polygons[wf.ALIBON]
    assert "wards.geojson: The boundaries of 1 of 2 wards are approximate" in said(panel, FindingKind.CAVEAT)
    save_panel(panel, folder / "panel.zip")
    assert load_panel(folder / "panel.zip").polygons == panel.polygons


def test_polygons_of_the_panels_wards_are_kept(folder: Path) -> None:
    (folder / "wards.geojson").write_text(collection(square(wf.ABBEY), square(wf.ABBEY_2018)))
    (folder / "more.geojson").write_text(collection(square(wf.ALIBON, 0.09, key="WD22CD")))
    polygons = read(folder).polygons
    assert list(polygons) == [wf.ABBEY, wf.ALIBON]
    assert polygons[wf.ABBEY]["type"] == "Polygon"
    assert [0.07, 51.5] in polygons[wf.ABBEY]["coordinates"][0]


def test_polygons_in_metres_are_refused(folder: Path) -> None:
    feature = square(wf.ABBEY)
    feature["geometry"]["coordinates"] = [[[544000, 184000], [545000, 184000], [545000, 185000], [544000, 184000]]]
    (folder / "wards.geojson").write_text(collection(feature))
    with pytest.raises(WardcastError, match="longitude and latitude"):
        read(folder)


def test_a_polygon_that_crosses_itself_is_mended(folder: Path) -> None:
    feature = square(wf.ABBEY)
    feature["geometry"]["coordinates"] = [[[0.07, 51.5], [0.09, 51.52], [0.09, 51.5], [0.07, 51.52], [0.07, 51.5]]]
    (folder / "wards.geojson").write_text(collection(feature))
    assert read(folder).polygons[wf.ABBEY]["type"] == "MultiPolygon"


def test_a_feature_that_is_no_ward_is_refused(folder: Path) -> None:
    for broken in (None, square("Abbey"), {"properties": {"ward_code": wf.ALIBON}, "geometry": None}):
        text = json.dumps({"type": "FeatureCollection", "features": [square(wf.ABBEY), broken]})
        (folder / "wards.geojson").write_text(text)
        with pytest.raises(WardcastError, match="a feature with a ward code and a polygon"):
            read(folder)


def test_polygons_cut_in_the_middle_are_refused(folder: Path) -> None:
    (folder / "wards.geojson").write_text(collection(square(wf.ABBEY))[:-20])
    with pytest.raises(WardcastError, match="JSON that does not end properly"):
        read(folder)


def test_a_ward_lookup_to_the_panels_vintage_is_kept(folder: Path) -> None:
    rows = [
        ["ward18_code", "ward18_name", "ward22_code", "ward22_name", "share_of_old", "share_of_new"],
        [wf.ABBEY_2018, "Abbey", wf.ABBEY, "Abbey", "0.25", "1"],
        [wf.ABBEY_2018, "Abbey", wf.ALIBON, "Alibon", "0.75", "1"],
    ]
    wf.write(folder / "lookup.csv", rows)
    lookup = read(folder).ward_lookup
    assert lookup["share_of_old"].tolist() == [0.25, 0.75]
    assert lookup["new_code"].tolist() == [wf.ABBEY, wf.ALIBON]
    rows[2][4] = "0.5"
    wf.write(folder / "lookup.csv", rows)
    with pytest.raises(WardcastError, match="shares of E05000026 that add up to 1"):
        read(folder)


def test_borough_series_come_from_the_newest_release(folder: Path) -> None:
    header = ["area_type", "area_name", "area_code", "crime_type", "crime_subtype"]
    header += ["measure", "month", "count", "release"]

    def row(area_type: str, subtype: str, measure: str, count: int, published: str) -> list[object]:
        return [area_type, "Barking", wf.LBBD, "Knife Crime", subtype, measure, "2024-01", count, published]

    rows = [
        header,
        row("Borough", "Knife Crime with Injury", "Offences", 10, "2025-01"),
        row("Borough", "Knife Crime with injury", "Offences", 12, "2025-02"),
        row("Borough", "Knife Crime with Injury", "Positive Outcomes", 3, "2025-02"),
        row("Safer Neighbourhood Teams", "Knife Crime with Injury", "Offences", 4, "2025-02"),
    ]
    wf.write(folder / "dashboard.csv", rows)
    series = read(folder).borough_series
    assert series[["area_code", "series", "count"]].to_numpy().tolist() == [[wf.LBBD, "knife_crime_with_injury", 12.0]]


def test_the_samples_marker_makes_the_panel_synthetic(folder: Path) -> None:
    assert not read(folder).synthetic
    (folder / "any.json").write_text('{"wardcast_sample": true}')
    panel = read(folder)
    assert panel.synthetic
    assert "embedded sample" in panel.findings[0].message


def test_what_was_not_supplied_is_said(folder: Path) -> None:
    missing = said(read(folder), FindingKind.MISSING)
    for phrase in ("anti-social", "residents", "projection", "pipeline", "baseline", "dashboard", "polygons"):
        assert phrase in missing
