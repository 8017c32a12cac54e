"""Residents as ONS and the GLA publish them now: bands by sex, sheets named by year, a column a year of projection."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests import ward_files as wf
from tests.read_files import problems_of, read_one, read_rows, told
from tests.ward_files import ABBEY, ALIBON
from wardcast_models.panel.gather import gather
from wardcast_models.panel.parts import Estimates, KnownUnused, Projection, SmallAreaResidents
from wardcast_models.progress import silent

Rows = list[list[object]]
LSOA = ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
WARD = ["LAD 2023 Code", "LAD 2023 Name", "Ward 2023 Code", "Ward 2023 Name", "Total"]
BROAD = ["F0 to 15", "F16 to 29", "F65 and over", "M0 to 15", "M16 to 29", "M65 and over"]
GLA = ["gss_code", "la_name", "gss_code_ward", "ward_name", "sex", "age", "2021", "2022"]
LBBD = ["E09000002", "Barking and Dagenham"]


def sheet(book: openpyxl.Workbook, title: str, rows: Rows) -> None:
    """Add a sheet as ONS lays it out: three lines above the header."""
    added = book.create_sheet(title)
    for row in [["Population estimates"], ["This worksheet contains one table."], [], *rows]:
        added.append(row)


def ages(part: SmallAreaResidents) -> dict[str, int]:
    return dict(zip(part.frame["age_band"], part.frame["persons"].tolist(), strict=True))


def test_small_areas_by_sex_and_broad_age_are_residents_by_band(tmp_path: Path) -> None:
    rows: Rows = [[*LSOA, *BROAD], [*LBBD, "E01000006", "Barking 016A", "2,100", 260, 500, 200, 300, 600, 240]]
    part = read_one(SmallAreaResidents, tmp_path / "mid2024.csv", rows)
    assert ages(part) == {"all": 2100, "0-15": 560, "16-29": 1100, "65+": 440}


def test_small_areas_by_single_years_of_age_are_put_together_to_bands_of_five(tmp_path: Path) -> None:
    singles = [f"{sex}{age}" for sex in "FM" for age in range(91)]
    rows: Rows = [[*LSOA, *singles], [*LBBD, "E01000006", "Barking 016A", 182, *[1] * 182]]
    part = read_one(SmallAreaResidents, tmp_path / "mid-2022.csv", rows)
    bands = ages(part)
    assert bands.pop("all") == 182
    assert bands.pop("85+") == 2 * 6
    assert set(bands.values()) == {10}
    assert list(bands)[:2] == ["0-4", "5-9"]
    assert "add up to" not in told(part)


def test_each_sheet_of_a_workbook_is_of_the_year_in_its_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Cover sheet", "Mid-2021 and mid-2022"])
    for year, persons in ((2021, 4000), (2022, 4100)):
        row: list[object] = [*LBBD, ABBEY, "Abbey", persons, *[1] * 6]
        sheet(book, f"Mid-{year} Ward 2023", [[*WARD, *BROAD], row])
    book.save(tmp_path / "sapewards mid2021andmid2022.xlsx")
    parts = [part for part in gather(tmp_path, silent).parts if isinstance(part, Estimates)]
    dated = {f"{row.reference_date:%Y-%m-%d}": row.persons for part in parts for row in part.frame.itertuples()}
    assert dated == {"2021-06-30": 4000.0, "2022-06-30": 4100.0}


def test_a_year_in_the_title_serves_where_no_name_tells_it(tmp_path: Path) -> None:
    rows: Rows = [["Mid-2023 estimates"], [], [*WARD, *BROAD], [*LBBD, ABBEY, "Abbey", 4200, *[1] * 6]]
    found = gather(wf.write(tmp_path / "wards.csv", rows), silent)
    (part,) = found.parts
    assert isinstance(part, Estimates)
    assert list(part.frame["reference_date"]) == [pd.Timestamp("2023-06-30")]
    assert "by its title its residents are taken as those of 30 June 2023" in told(part)


def test_a_ward_table_with_a_total_of_something_else_is_not_taken_for_residents(tmp_path: Path) -> None:
    rows: Rows = [["Ward 2023 Code", "Total", "2022"], [ABBEY, 12, 3]]
    assert not gather(wf.write(tmp_path / "mid2022.csv", rows), silent).parts


def projected(part: Projection) -> dict[tuple[str, int], float]:
    return {(row.ward_code, row.year): row.persons for row in part.frame.itertuples()}


def gla(ward: str, sex: str, age: object, *persons: object) -> list[object]:
    return [*LBBD, ward, "Abbey", sex, age, *persons]


def test_a_housing_led_projection_is_summed_over_ages(tmp_path: Path) -> None:
    rows = [GLA, gla(ABBEY, "persons", 0, 10.5, 11), gla(ABBEY, "persons", "90+", 2, 3.25)]
    rows += [gla(ALIBON, "persons", 0, 7, 8), gla("E09000002", "persons", 0, 17.5, 19)]
    part = read_one(Projection, tmp_path / "persons.csv", [list(row) for row in rows])
    assert projected(part) == {(ABBEY, 2021): 12.5, (ABBEY, 2022): 14.25, (ALIBON, 2021): 7, (ALIBON, 2022): 8}
    assert set(part.frame["area_code"]) == {"E09000002"}
    assert "Rows that give a whole borough (1) were left out" in told(part)


@pytest.mark.parametrize(
    "rows",
    [
        [("female", 0, 4), ("male", 0, 6)],
        [("persons", 0, 10), ("female", 0, 4), ("male", 0, 6)],
        [("persons", "all ages", 10), ("persons", 0, 4), ("persons", 1, 6)],
    ],
)
def test_sexes_and_ages_are_never_added_to_their_own_total(rows: list[tuple[str, object, int]], tmp_path: Path) -> None:
    table: Rows = [[*GLA], *(gla(ABBEY, sex, age, persons, persons) for sex, age, persons in rows)]
    assert projected(read_one(Projection, tmp_path / "file.csv", table))[ABBEY, 2021] == 10


def test_a_sheet_of_one_sex_is_left_aside(tmp_path: Path) -> None:
    (part,) = read_rows(tmp_path / "file.csv", [GLA, gla(ABBEY, "female", 0, 4, 5)])
    assert isinstance(part, KnownUnused)
    assert "female residents only" in part.why


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (gla(ABBEY, "persons", 0, "*", 5), "row 3, column 2021: expected a number, 0 or more, found '\\*'"),
        (gla(ABBEY, "women", 0, 1, 5), "row 3, column sex: expected persons, female or male, found 'women'"),
        (gla(ABBEY, "persons", "young", 1, 5), "row 3, column age: expected an age in years"),
        (gla("Total", "persons", 0, 1, 5), "row 3, column gss_code_ward: expected a ward code"),
        (gla(ALIBON, "persons", 0, 1, 5), "row 3: expected each ward_code, sex, age once"),
    ],
)
def test_a_wrong_cell_is_named(row: list[object], problem: str, tmp_path: Path) -> None:
    found = problems_of(tmp_path / "file.csv", [GLA, gla(ALIBON, "persons", 0, 4, 5), row])
    assert problem.replace("\\", "") in found
