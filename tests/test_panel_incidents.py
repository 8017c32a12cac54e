"""Anti-social behaviour: counted where police.uk covers a borough, unobserved everywhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.ward_files import counts_of, observed, read, said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind

NORTH, SOUTH, AWAY = "E01000011", "E01000012", "E01099999"
HAVERING_WARD = "E05013967"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = wf.release(number=5)
    rows.append(wf.ward_row(HAVERING_WARD, [1] * 5, name="Beam Park", borough="Havering"))
    wf.write(tmp_path / "release.csv", rows)
    lookup = [["lsoa21cd", "ward22cd", "ward22nm"], [NORTH, wf.ABBEY, "Abbey"], [SOUTH, wf.ALIBON, "Alibon"]]
    wf.write(tmp_path / "lookup.csv", lookup)
    return tmp_path


def test_street_files_give_incidents_by_ward(folder: Path) -> None:
    wf.write(folder / "2024-02.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 0}))
    wf.write(folder / "2024-04.csv", wf.street("2024-04", {NORTH: 1, SOUTH: 5}))
    panel = read(folder)
    assert panel.categories[-1] == "asb"
    assert [counts_of(panel, wf.ABBEY, "asb")[month] for month in (1, 3)] == [3, 1]
    assert [counts_of(panel, wf.ALIBON, "asb")[month] for month in (1, 3)] == [0, 5]
    assert observed(panel, wf.ABBEY, "asb") == [False, True, False, True, False]
    assert observed(panel, HAVERING_WARD, "asb") == [False] * 5
    assert "No file was supplied for 2024-03: unobserved, not zero" in said(panel, FindingKind.READ)
    assert "observed in Barking and Dagenham; everywhere else it is unobserved" in said(panel, FindingKind.CAVEAT)


def test_incidents_without_a_place_are_counted_in_a_finding(folder: Path) -> None:
    rows = wf.street("2024-02", {NORTH: 3, SOUTH: 1, AWAY: 2, "": 4})
    wf.write(folder / "street.csv", rows)
    panel = read(folder)
    assert counts_of(panel, wf.ABBEY, "asb")[1] == 3
    assert "4 name no small area and 2 lie in small areas without a known ward" in said(panel, FindingKind.READ)


def test_a_few_stray_points_do_not_cover_a_borough(folder: Path) -> None:
    wf.write(folder / "street.csv", wf.street("2024-02", {NORTH: 3}))
    panel = read(folder)
    assert "asb" not in panel.categories
    assert "observed in no area" in said(panel, FindingKind.CAVEAT)


def test_street_files_without_a_lookup_are_left_aside(folder: Path) -> None:
    (folder / "lookup.csv").unlink()
    wf.write(folder / "street.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 1}))
    panel = read(folder)
    assert "neither a lookup from their small areas (LSOA) to WD22 wards" in said(panel, FindingKind.LEFT_ASIDE)
    assert "No anti-social behaviour counts" in said(panel, FindingKind.MISSING)


def test_two_street_files_for_one_month_are_refused_unless_they_are_copies(folder: Path) -> None:
    wf.write(folder / "a.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 1}))
    wf.write(folder / "b.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 1}))
    assert counts_of(read(folder), wf.ABBEY, "asb")[1] == 3
    wf.write(folder / "b.csv", wf.street("2024-02", {NORTH: 4, SOUTH: 1}))
    with pytest.raises(WardcastError, match="Two street files give the same month"):
        read(folder)


def ward_months(*rows: tuple[str, str, str, int]) -> list[list[object]]:
    return [["ward_code", "month", "category", "count"], *(list(row) for row in rows)]


def test_the_ward_month_table_gives_its_asb_rows_only(folder: Path) -> None:
    rows = ward_months(
        (wf.ABBEY, "2024-01", "anti-social-behaviour", 7),
        (wf.ABBEY, "2024-01", "burglary", 2),
        (wf.ALIBON, "2024-01", "burglary", 1),
        (wf.ABBEY, "2024-02", "anti-social-behaviour", 9),
    )
    wf.write(folder / "table.csv", rows)
    panel = read(folder)
    assert counts_of(panel, wf.ABBEY, "asb")[0] == 7
    assert counts_of(panel, wf.ALIBON, "asb")[0] == 0
    assert observed(panel, wf.ABBEY, "asb") == [True, False, False, False, False]
    assert "Incomplete and left out: Barking and Dagenham (2024-02)" in said(panel, FindingKind.CAVEAT)


def test_street_files_go_before_the_table_and_months_reach_as_far_as_either(folder: Path) -> None:
    wf.write(folder / "street.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 1}))
    rows = ward_months(
        *(
            (ward, month, "anti-social-behaviour", 50)
            for ward in (wf.ABBEY, wf.ALIBON)
            for month in ("2023-11", "2024-02")
        )
    )
    wf.write(folder / "table.csv", rows)
    panel = read(folder)
    assert f"{panel.first_month:%Y-%m}" == "2023-11"
    asb = dict(zip(panel.months.strftime("%Y-%m"), counts_of(panel, wf.ABBEY, "asb"), strict=True))
    assert (asb["2023-11"], asb["2024-02"]) == (50, 3)
    assert not observed(panel, wf.ABBEY, "burglary_residential")[0]


def test_where_street_files_and_table_differ_is_told(folder: Path) -> None:
    wf.write(folder / "street.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 1}))
    rows = ward_months(
        (wf.ABBEY, "2024-02", "anti-social-behaviour", 5), (wf.ALIBON, "2024-02", "anti-social-behaviour", 1)
    )
    wf.write(folder / "table.csv", rows)
    told = said(read(folder), FindingKind.CAVEAT)
    assert "table.csv: Where both cover a ward and month, the street files give 4 incidents and this file 6" in told
    assert "1 of 2 cells differ" in told


def test_crime_types_that_nobody_knows_are_counted_and_told(folder: Path) -> None:
    rows = wf.street("2024-02", {NORTH: 3, SOUTH: 1})
    rows += [[*rows[1][:9], "Dragon sighting", "", ""]] * 2
    wf.write(folder / "street.csv", rows)
    panel = read(folder)
    assert "2 incidents are of a crime type that is not known and were left out: 'Dragon sighting' (2)" in said(
        panel, FindingKind.CAVEAT
    )
    assert counts_of(panel, wf.ABBEY, "asb")[1] == 3


def square(code: str, west: float) -> dict[str, object]:
    """A ward polygon 0.02 degrees wide, around latitude 51.5."""
    ring = [[west, 51.49], [west + 0.02, 51.49], [west + 0.02, 51.51], [west, 51.51], [west, 51.49]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"ward_code": code}, "geometry": geometry}


def test_without_a_lookup_points_are_counted_in_the_polygon_that_holds_them(folder: Path) -> None:
    (folder / "lookup.csv").unlink()
    features = [square(wf.ABBEY, 0.09), square(wf.ALIBON, 0.11)]
    (folder / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    rows = wf.street("2024-02", {NORTH: 3, SOUTH: 2})
    far = [[*row[:4], "0.5", *row[5:]] for row in rows[1:3]]
    east = [[*row[:4], "0.12", *row[5:]] if row[7] == SOUTH else row for row in rows]
    wf.write(folder / "street.csv", [*east, *far])
    panel = read(folder)
    assert [counts_of(panel, ward, "asb")[1] for ward in (wf.ABBEY, wf.ALIBON)] == [3, 2]
    caveats = said(panel, FindingKind.CAVEAT)
    assert "No lookup leads from the small areas of 5 street-file incidents to WD22 wards" in caveats
    assert "2 lie in small areas without a known ward" in said(panel, FindingKind.READ)


def test_points_of_a_small_area_that_wards_share_go_to_the_polygon_that_holds_them(folder: Path) -> None:
    shared = [["lsoa11cd", "ward22cd", "weight"], [NORTH, wf.ABBEY, "0.6"], [NORTH, wf.ALIBON, "0.4"]]
    wf.write(folder / "lookup.csv", [*shared, [SOUTH, wf.ALIBON, "1"]])
    rows = wf.street("2024-02", {NORTH: 5, SOUTH: 1})
    east = [[*row[:4], "0.12", *row[5:]] if row[7] == NORTH and number % 2 else row for number, row in enumerate(rows)]
    wf.write(folder / "street.csv", east)
    panel = read(folder)
    assert [counts_of(panel, ward, "asb")[1] for ward in (wf.ABBEY, wf.ALIBON)] == [5, 1]
    assert "5 street-file incidents lie in small areas that WD22 wards share, and no polygon" in said(
        panel, FindingKind.CAVEAT
    )
    features = [square(wf.ABBEY, 0.09), square(wf.ALIBON, 0.11)]
    (folder / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    panel = read(folder)
    assert [counts_of(panel, ward, "asb")[1] for ward in (wf.ABBEY, wf.ALIBON)] == [2, 4]
    assert (
        "5 street-file incidents lie in small areas that WD22 wards share. They are counted in the ward whose"
        in said(panel, FindingKind.CAVEAT)
    )


def test_a_lookup_of_another_place_is_named_where_street_files_cannot_be_used(folder: Path) -> None:
    wf.write(folder / "lookup.csv", [["lsoa21cd", "ward22cd"], ["E01009999", "E05013954"]])
    wf.write(folder / "street.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 1}))
    left = said(read(folder), FindingKind.LEFT_ASIDE)
    assert "1 street file was not used" in left
    assert "The lookups at hand (lookup.csv) lead none of them there" in left
