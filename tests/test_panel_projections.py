"""Several population projections in one folder: which counts where, what is left aside, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from tests.exposures import exposure
from tests.ward_files import ABBEY, ABBEY_2018, ALIBON, ALIBON_2018, read, said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.panel import Panel

GLA = ["Code", "Borough", "Ward_Name", "Year", "Population"]
HOUSING_LED = ["gss_code", "la_name", "gss_code_ward", "ward_name", "sex", "age", "2021", "2031"]
HACKNEY_2014 = "E05009367"


def older(path: Path, wards: dict[str, tuple[int, int]], *, hackney: dict[str, tuple[int, int]] | None = None) -> None:
    """A projection of 2021 and 2031, a row a ward and year."""
    rows = [
        [code, borough, "Name", str(year), str(persons)]
        for borough, of_borough in (("Barking and Dagenham", wards), ("Hackney", hackney or {}))
        for code, both in of_borough.items()
        for year, persons in zip((2021, 2031), both, strict=True)
    ]
    wf.write(path, [GLA, *rows])


def newer(path: Path, wards: dict[str, tuple[int, int]]) -> None:
    """The same as the GLA lays it out since 2019."""
    rows = [
        ["E09000002", "Barking and Dagenham", code, "Name", "persons", "all ages", *two] for code, two in wards.items()
    ]
    wf.write(path, [HOUSING_LED, *rows])


def total(panel: Panel, year: int) -> float:
    return float(panel.projection.loc[panel.projection["year"] == year, "persons"].sum())


OLD = {ABBEY_2018: (13_000, 14_000), ALIBON_2018: (11_000, 12_000)}
NEW = {ABBEY: (4_000, 8_000), ALIBON: (10_000, 11_000)}


def test_projections_on_old_and_new_wards_are_never_added_together(folder: Path) -> None:
    older(folder / "old.csv", OLD)
    newer(folder / "new.csv", NEW)
    panel = read(folder)
    assert set(panel.projection["ward_code"]) == {ABBEY, ALIBON}
    assert total(panel, 2031) == 19_000
    aside = said(panel, FindingKind.LEFT_ASIDE)
    assert "old.csv: Its projection on WD18 wards is left aside for Barking and Dagenham" in aside
    assert "that of new.csv (WD22 wards) is used" in aside


def test_a_ward_that_neither_tells_grows_with_the_one_projection_of_its_borough(folder: Path) -> None:
    wf.write(folder / "release.csv", wf.release((ABBEY, ALIBON, wf.BEAM)))
    older(folder / "old.csv", OLD)
    newer(folder / "new.csv", NEW)
    wf.write(folder / "census.csv", wf.census({wf.BEAM: 9_000}))
    panel = read(folder)
    found = exposure(panel, until=panel.last_month, horizon_months=120)
    beam = found.persons[panel.ward_codes.index(wf.BEAM)]
    at = found.months.get_loc(pd.Timestamp("2031-07-01"))
    assert beam[at] == pytest.approx(9_000 * 19_000 / 14_000)


def test_the_wards_that_tell_more_of_the_borough_go_before_todays_own(folder: Path) -> None:
    lookup = [["ward18_code", "ward22_code", "share_of_old"], [ABBEY_2018, ABBEY, "1"], [ALIBON_2018, ALIBON, "1"]]
    wf.write(folder / "lookup.csv", lookup)
    older(folder / "old.csv", OLD)
    newer(folder / "new.csv", {ABBEY: NEW[ABBEY]})
    panel = read(folder)
    assert set(panel.projection["ward_code"]) == set(OLD)
    assert "new.csv: Its projection on WD22 wards is left aside" in said(panel, FindingKind.LEFT_ASIDE)


def test_several_files_of_one_projection_make_one(folder: Path) -> None:
    newer(folder / "one.csv", {ABBEY: NEW[ABBEY]})
    newer(folder / "two.csv", NEW)
    assert total(read(folder), 2021) == 14_000


def test_an_older_projection_still_serves_the_boroughs_that_the_newer_lacks(folder: Path) -> None:
    older(folder / "london.csv", OLD, hackney={HACKNEY_2014: (9_000, 9_500)})
    newer(folder / "new.csv", NEW)
    panel = read(folder)
    assert set(panel.projection["ward_code"]) == {ABBEY, ALIBON, HACKNEY_2014}
    told = said(panel, FindingKind.CAVEAT)
    assert "london.csv: Its projection on WD18 wards is left aside for Barking and Dagenham" in told
    assert "Hackney" not in told


def test_two_variants_of_one_projection_are_refused_by_name(folder: Path) -> None:
    newer(folder / "central.csv", NEW)
    newer(folder / "high.csv", {**NEW, ABBEY: (4_000, 9_000)})
    with pytest.raises(WardcastError, match=r"central\.csv and high\.csv disagree") as refused:
        read(folder)
    (problem,) = refused.value.problems
    assert problem.expected == f"one row for {ABBEY}, 2031"
    assert problem.mend == "Keep one of the files."


def refusal(folder: Path) -> str:
    with pytest.raises(WardcastError) as refused:
        read(folder)
    (problem,) = refused.value.problems
    return f"{problem.where}: {problem.found}"


def test_an_unknown_ward_of_the_area_is_refused_by_file_and_row(folder: Path) -> None:
    older(folder / "old.csv", {**OLD, "E05999999": (1, 2)})
    assert refusal(folder) == "old.csv, row 6, column ward_code: E05999999"


def test_a_ward_in_another_borough_than_its_own_is_refused_by_file_and_row(folder: Path) -> None:
    older(folder / "old.csv", {**OLD, HACKNEY_2014: (1, 2)})
    assert refusal(folder) == "old.csv, row 6, column ward_code: Barking and Dagenham"


def test_one_file_on_old_and_new_wards_is_refused_by_file_and_row(folder: Path) -> None:
    older(folder / "old.csv", {**OLD, **NEW})
    assert refusal(folder).startswith(f"old.csv, row 2, column ward_code: {ABBEY_2018}, {ALIBON_2018} beside {ABBEY}")


def test_unknown_wards_of_another_borough_leave_that_borough_aside(folder: Path) -> None:
    older(folder / "hackney.csv", {}, hackney={HACKNEY_2014: (9_000, 9_500), "E05999999": (1, 2)})
    older(folder / "old.csv", OLD)
    panel = read(folder)
    assert set(panel.projection["ward_code"]) == set(OLD)
    assert "hackney.csv: It names wards that are not known (E05999999; first at hackney.csv, row 4" in said(
        panel, FindingKind.CAVEAT
    )


def test_residents_of_small_areas_never_add_to_those_of_wards(folder: Path) -> None:
    wf.write(folder / "mid2020.csv", [["ward22cd", "population"], [ABBEY, "3905"], [ALIBON, "9700"]])
    header = ["LAD 2023 Code", "LSOA 2021 Code", "Total", "F0 to 15", "M0 to 15"]
    wf.write(folder / "small areas mid2020.csv", [header, ["E09000002", "E01000006", "2100", "1000", "1100"]])
    panel = read(folder)
    assert dict(zip(panel.estimates["ward_code"], panel.estimates["persons"], strict=True)) == {
        ABBEY: 3905,
        ALIBON: 9700,
    }
