"""Anti-social behaviour: counted where police.uk covers a borough, unobserved everywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.ward_files import counts_of, observed, said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel

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


def read(folder: Path) -> Panel:
    return read_folder(folder, area="E09000002")


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
    assert "observed in no borough" in said(panel, FindingKind.CAVEAT)


def test_street_files_without_a_lookup_are_left_aside(folder: Path) -> None:
    (folder / "lookup.csv").unlink()
    wf.write(folder / "street.csv", wf.street("2024-02", {NORTH: 3, SOUTH: 1}))
    panel = read(folder)
    assert "no lookup from their small areas (LSOA 2021) to WD22 wards" in said(panel, FindingKind.LEFT_ASIDE)
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
