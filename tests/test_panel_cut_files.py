"""Files cut just after a row: nothing in such a file is broken, but blocks far shorter than the others are told."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.read_files import read_one, told
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.parts import BoroughRelease, WardRelease
from wardcast_models.panel.places.wards import boroughs, ward_register
from wardcast_models.panel.readers import mps_ward
from wardcast_models.panel.sources.source import SourceFile

MAY_BE_CUT = "The file may be cut"
LABELS = (wf.BURGLARY, wf.ROBBERY, ("THEFT", "SHOPLIFTING"), ("ARSON AND CRIMINAL DAMAGE", "ARSON"))
AREAS = ("E09000002", "E09000016")
WARDS = [
    (code, ward.area_name)
    for code, ward in sorted(ward_register().items())
    if ward.area_code in AREAS and "WD22" in ward.vintages
]
"""The wards of two boroughs."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "release.csv"


def release(*, ward_by_ward: bool) -> wf.Rows:
    """A release with a row each of every ward and label, listed by wards or by labels."""
    rows = [wf.ward_row(code, [40, 41, 42], label=label, borough=area) for code, area in WARDS for label in LABELS]
    if not ward_by_ward:
        rows.sort(key=lambda row: row[:2])
    return [[*wf.OLD_COLUMNS, "202401", "202402", "202403"], *rows]


@pytest.mark.parametrize("ward_by_ward", [True, False])
def test_a_whole_release_is_not_suspected(ward_by_ward: bool, file: Path) -> None:
    assert MAY_BE_CUT not in told(read_one(WardRelease, file, release(ward_by_ward=ward_by_ward)))


def test_a_release_that_ends_within_a_wards_offences_is_told(file: Path) -> None:
    rows = release(ward_by_ward=True)[:-3]
    assert f"its last row is of {WARDS[-1][0]}, which has 1 offence labels where 4 are usual" in told(
        read_one(WardRelease, file, rows)
    )


def test_a_release_that_ends_within_an_offences_wards_is_told(file: Path) -> None:
    rows = release(ward_by_ward=False)[: -len(WARDS) // 2]
    assert f"of {len(WARDS)} wards, with 123 crimes each" in told(read_one(WardRelease, file, rows))


def test_a_release_that_ends_within_a_boroughs_wards_is_told(file: Path) -> None:
    rows = release(ward_by_ward=True)[: -2 * len(LABELS)]
    number = sum(area == WARDS[-1][1] for _, area in WARDS)
    assert f"its last row is of {WARDS[-1][1]}, of whose {number} wards {number - 2} have rows" in told(
        read_one(WardRelease, file, rows)
    )


def test_a_borough_release_that_ends_within_an_offence_is_told(file: Path) -> None:
    names = sorted(set(boroughs()) - {"City of London"})
    labels = (wf.BURGLARY, wf.ROBBERY)
    rows = [[*label, name, "200", "210"] for label, name in itertools.product(labels, names)]
    header = ["MajorText", "MinorText", "LookUp_BoroughName", "202401", "202402"]
    assert MAY_BE_CUT not in told(read_one(BoroughRelease, file, [header, *rows]))
    assert "which stands for 12 of 32 boroughs" in told(read_one(BoroughRelease, file, [header, *rows[:-20]]))


def test_a_street_month_with_half_the_rows_of_its_neighbours_is_told(tmp_path: Path) -> None:
    wf.write(tmp_path / "lookup.csv", [["LSOA21CD", "WD22CD"], ["E01000006", wf.ABBEY]])
    wf.write(tmp_path / "release.csv", wf.release(number=6))
    for month in range(1, 7):
        rows = wf.street(f"2024-{month:02d}", {"E01000006": 110 + month}, other=10)
        wf.write(tmp_path / f"2024-{month:02d}-street.csv", rows[:61] if month == 4 else rows)
    said = wf.said(read_folder(tmp_path, area=wf.LBBD), FindingKind.CAVEAT)
    assert "2024-04-street.csv: It has 60 rows where about 123 are usual in the months around it: it may be cut" in said
    assert said.count("rows where about") == 1


@pytest.mark.slow
def test_published_releases_are_not_suspected_and_most_cuts_of_them_are(real_data: Path) -> None:
    told_of = []
    for path in sorted((real_data / "mps").rglob("*Ward*.csv")):
        lines = path.read_bytes().splitlines(keepends=True)
        for eighths in (4, 5, 6, 7, 8):
            content = b"".join(lines[: len(lines) * eighths // 8])
            found = MAY_BE_CUT in told(mps_ward.read(SourceFile(name="release.csv", content=content)))
            if eighths == 8:
                assert not found, path.name
            else:
                told_of.append(found)
    assert sum(told_of) >= 0.7 * len(told_of)
