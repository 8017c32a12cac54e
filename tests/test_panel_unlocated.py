"""Crime and incidents without a ward: a series of their own, never spread, and told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from tests.ward_files import counts_of, said
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.places.wards import wards_of

ALL_WARDS = wards_of(wf.LBBD, "WD22")
WARD_TOTAL = 10 * len(ALL_WARDS)


def borough(first: str, counts: list[int], *, label: tuple[str, str] = wf.BURGLARY) -> wf.Rows:
    header = ["MajorText", "MinorText", "LookUp_BoroughName", *wf.months(first, len(counts))]
    return [header, [*label, "Barking and Dagenham", *map(str, counts)]]


def read(folder: Path, *, wards: tuple[str, ...] = ALL_WARDS) -> Panel:
    wf.write(folder / "wards.csv", wf.release(wards=wards, number=3, count=10, labels=[wf.BURGLARY]))
    return read_folder(folder, area=wf.LBBD)


def unlocated(panel: Panel) -> dict[str, float]:
    rows = panel.unlocated[panel.unlocated["place"] == wf.LBBD]
    return dict(zip(rows["month"].dt.strftime("%Y-%m"), rows["count"], strict=True))


def test_crime_without_a_ward_is_what_the_borough_file_holds_beyond_its_wards(tmp_path: Path) -> None:
    wf.write(tmp_path / "borough.csv", borough("2024-01", [WARD_TOTAL + 7, WARD_TOTAL, WARD_TOTAL + 1]))
    panel = read(tmp_path)
    assert unlocated(panel) == {"2024-01": 7, "2024-02": 0, "2024-03": 1}
    assert counts_of(panel, wf.ABBEY, "burglary_residential") == [10, 10, 10]
    told = said(panel, FindingKind.CAVEAT)
    assert f"Crime without a ward in Barking and Dagenham: 8 of {3 * WARD_TOTAL + 8} recorded crimes (1.4%)" in told


def test_only_months_that_both_cover_are_compared(tmp_path: Path) -> None:
    wf.write(tmp_path / "borough.csv", borough("2024-02", [WARD_TOTAL + 3] * 5))
    assert unlocated(read(tmp_path)) == {"2024-02": 3, "2024-03": 3}


def test_wards_that_hold_more_than_the_borough_are_no_negative_crime(tmp_path: Path) -> None:
    wf.write(tmp_path / "borough.csv", borough("2024-01", [WARD_TOTAL - 4, WARD_TOTAL - 1, WARD_TOTAL + 2]))
    panel = read(tmp_path)
    assert unlocated(panel) == {"2024-01": 0, "2024-02": 0, "2024-03": 2}
    assert (
        "In 2 months of a category Barking and Dagenham's wards hold more than the borough file (5 crimes in all, 4"
        in (said(panel, FindingKind.MENDED))
    )


def test_a_month_comes_from_the_newest_borough_file_that_has_it(tmp_path: Path) -> None:
    wf.write(tmp_path / "a.csv", borough("2024-01", [WARD_TOTAL + 50] * 2))
    wf.write(tmp_path / "b.csv", borough("2024-02", [WARD_TOTAL + 5] * 2))
    assert unlocated(read(tmp_path)) == {"2024-01": 50, "2024-02": 5, "2024-03": 5}


def test_a_borough_with_wards_missing_from_the_files_is_not_compared(tmp_path: Path) -> None:
    wf.write(tmp_path / "borough.csv", borough("2024-01", [WARD_TOTAL] * 3))
    panel = read(tmp_path, wards=ALL_WARDS[:5])
    assert panel.unlocated.empty
    assert "the ward files do not hold all its wards" in said(panel, FindingKind.MISSING)


def test_wards_newer_than_any_that_is_known_are_not_compared_with_the_borough(tmp_path: Path) -> None:
    new_ward = "E05099999"
    wf.write(tmp_path / "borough.csv", borough("2024-01", [50]))
    lookup = [["lsoa21cd", "ward30cd", "ward30nm", "lad30cd", "lad30nm"]]
    lookup += [["E01000011", new_ward, "New", wf.LBBD, "Barking and Dagenham"]]
    wf.write(tmp_path / "lookup.csv", lookup)
    header = ["lsoa_code", "lsoa_name", "major_category", "minor_category", "month", "count"]
    wf.write(tmp_path / "small.csv", [header, ["E01000011", "E01000011", *wf.BURGLARY, "2024-01", 30]])
    panel = read_folder(tmp_path, area=wf.LBBD)
    assert counts_of(panel, new_ward, "burglary_residential") == [30]
    assert panel.unlocated.empty


def test_street_rows_without_a_place_are_counted_for_the_force(tmp_path: Path) -> None:
    rows = wf.street("2024-01", {"E01000006": 2})
    nowhere = list(rows[1])
    nowhere[rows[0].index("LSOA code")] = nowhere[rows[0].index("Longitude")] = nowhere[rows[0].index("Latitude")] = ""
    wf.write(tmp_path / "2024-01-street.csv", [*rows, nowhere, nowhere])
    panel = read(tmp_path)
    assert panel.unlocated[["place", "category", "month", "count"]].to_numpy().tolist() == [
        ["Metropolitan Police Service", "asb", pd.Timestamp("2024-01-01"), 2.0]
    ]
    assert "2 incidents of Metropolitan Police Service name no place" in said(panel, FindingKind.CAVEAT)


@pytest.mark.parametrize("extra", [0, 30])
def test_the_share_without_a_ward_since_the_recording_change_comes_from_the_borough_file(
    tmp_path: Path, extra: int
) -> None:
    wf.write(
        tmp_path / "wards.csv", wf.release(wards=ALL_WARDS, first="2024-01", number=4, count=10, labels=[wf.BURGLARY])
    )
    wf.write(tmp_path / "borough.csv", borough("2024-01", [WARD_TOTAL, WARD_TOTAL, WARD_TOTAL + extra, WARD_TOTAL]))
    told = said(read_folder(tmp_path, area=wf.LBBD), FindingKind.CAVEAT)
    span = f"0.0% to {extra / (WARD_TOTAL + extra):.1%}" if extra else "0.0%"
    assert f": {span} a month in Barking and Dagenham, by the borough file's" in told


def test_what_a_borough_file_files_under_another_label_is_no_crime_without_a_ward(tmp_path: Path) -> None:
    other_theft, shoplifting = ("THEFT", "OTHER THEFT"), ("THEFT", "SHOPLIFTING")
    labels = [other_theft, shoplifting, wf.BURGLARY]
    wf.write(tmp_path / "wards.csv", wf.release(wards=ALL_WARDS, number=3, count=10, labels=labels))
    merged, own = [2 * WARD_TOTAL + 5] * 3, [WARD_TOTAL + 1] * 3
    rows = borough("2024-01", merged, label=other_theft) + borough("2024-01", own)[1:]
    wf.write(tmp_path / "borough.csv", rows)
    panel = read_folder(tmp_path, area=wf.LBBD)
    assert set(panel.unlocated["category"]) == {"burglary_residential"}
    assert panel.unlocated["count"].tolist() == [1, 1, 1]
    assert "does not list shoplifting (570 crimes in the wards) but holds them as other theft" in said(
        panel, FindingKind.CAVEAT
    )


def test_the_share_without_a_ward_is_of_the_categories_that_the_borough_file_tells(tmp_path: Path) -> None:
    labels = [wf.BURGLARY, wf.ROBBERY]
    wf.write(tmp_path / "wards.csv", wf.release(wards=ALL_WARDS, first="2024-01", number=4, count=10, labels=labels))
    wf.write(tmp_path / "borough.csv", borough("2024-01", [200] * 4))
    assert ": 5.0% a month in Barking and Dagenham" in said(read_folder(tmp_path, area=wf.LBBD), FindingKind.CAVEAT)
