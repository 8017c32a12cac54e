"""Dated residents, jobs and visitors: what says their date, what is refused and what is left aside."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests import ward_files as wf
from tests.ward_files import read, said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.archive import load_panel, save_panel
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.parts import Estimates
from wardcast_models.panel.readers.populations import read_estimates
from wardcast_models.panel.sources.source import SourceFile


def test_the_year_of_mid_year_estimates_is_taken_from_the_files_name_and_that_is_told(folder: Path) -> None:
    rows = [["ward22cd", "population"], [wf.ABBEY, "3845"], [wf.ALIBON, "9665"]]
    wf.write(folder / "population_ons_mid2019_ward22.csv", rows)
    wf.write(folder / "Estimates mid-2020 (wards).csv", [rows[0], [wf.ABBEY, "3905"]])
    panel = read(folder)
    assert panel.estimates[["ward_code", "persons"]].to_numpy().tolist() == [
        [wf.ABBEY, 3845.0],
        [wf.ABBEY, 3905.0],
        [wf.ALIBON, 9665.0],
    ]
    assert panel.estimates["reference_date"].tolist() == [
        pd.Timestamp("2019-06-30"),
        pd.Timestamp("2020-06-30"),
        pd.Timestamp("2019-06-30"),
    ]
    told = said(panel, FindingKind.CAVEAT)
    assert "mid2019_ward22.csv: Nothing in it says which year" in told
    assert "those of 30 June 2020" in told


@pytest.mark.parametrize(
    ("column", "cell", "day"), [("year", "2023", "2023-06-30"), ("reference_date", "2023-03-31", "2023-03-31")]
)
def test_a_date_in_the_file_goes_before_its_name(folder: Path, column: str, cell: str, day: str) -> None:
    wf.write(folder / "mid2019.csv", [["ward_code", "persons", column], [wf.ABBEY, "4400", cell]])
    panel = read(folder)
    assert panel.estimates["reference_date"].tolist() == [pd.Timestamp(day)]
    assert "mid2019.csv" not in said(panel, FindingKind.CAVEAT)


def test_residents_without_any_date_are_left_aside_with_the_way_to_mend_it(folder: Path) -> None:
    wf.write(folder / "residents.csv", [["ward22cd", "population"], [wf.ABBEY, "3845"]])
    panel = read(folder)
    assert panel.estimates.empty
    assert "add one of them, and it is used" in said(panel, FindingKind.LEFT_ASIDE)


def test_the_real_mid_year_estimates_are_read(real_data: Path) -> None:
    files = sorted((real_data / "population").glob("population_ons_mid20*_ward22_derived_lbbd.csv"))
    parts = [read_estimates(SourceFile(name=path.name, content=path.read_bytes())) for path in files]
    totals = {
        f"{day:%Y-%m-%d}": int(persons)
        for part in parts
        if isinstance(part, Estimates)
        for day, persons in part.frame.groupby("reference_date")["persons"].sum().items()
    }
    assert totals == {"2019-06-30": 212_908, "2020-06-30": 214_110}


def test_two_estimates_of_one_ward_and_day_are_refused(folder: Path) -> None:
    for name, persons in (("a mid2019.csv", "3845"), ("b mid2019.csv", "3900")):
        wf.write(folder / name, [["ward22cd", "population"], [wf.ABBEY, persons]])
    with pytest.raises(WardcastError, match=r"a mid2019\.csv and b mid2019\.csv disagree"):
        read(folder)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([wf.ABBEY, "many", "2019"], "a number, 0 or more"),
        ([wf.ABBEY, "10", "mid-2019"], "a year as YYYY"),
        (["Abbey", "10", "2019"], "a GSS code such as E05014053"),
    ],
)
def test_a_wrong_cell_of_the_estimates_is_named(folder: Path, row: list[str], expected: str) -> None:
    wf.write(folder / "estimates.csv", [["ward_code", "population", "year"], row])
    with pytest.raises(WardcastError) as caught:
        read(folder)
    assert [problem.expected for problem in caught.value.problems] == [expected]


def test_estimates_on_older_wards_are_kept_where_a_lookup_leads_from_them(folder: Path) -> None:
    wf.write(folder / "mid2019.csv", [["ward18cd", "population"], [wf.ABBEY_2018, "13000"]])
    assert read(folder).estimates.empty
    lookup = [["ward18_code", "ward22_code", "share_of_old"], [wf.ABBEY_2018, wf.ABBEY, "1"]]
    wf.write(folder / "lookup.csv", lookup)
    assert read(folder).estimates["ward_code"].tolist() == [wf.ABBEY_2018]


def test_jobs_and_visitors_by_date_are_read_and_come_back_from_the_archive(folder: Path) -> None:
    header = ["ward_code", "year", "jobs", "visitors", "known_from"]
    wf.write(
        folder / "jobs.csv", [header, [wf.ABBEY, "2024", "9000", "", ""], [wf.ABBEY, "2030", "", "80000", "2023-05"]]
    )
    panel = read(folder)
    assert panel.visitors["month"].tolist() == [pd.Timestamp("2024-07-01"), pd.Timestamp("2030-07-01")]
    assert panel.visitors["jobs"].tolist()[0] == 9000.0
    assert panel.visitors["visitors"].isna().tolist() == [True, False]
    assert panel.visitors["known_from"].tolist()[1] == pd.Timestamp("2023-05-01")
    save_panel(panel, folder / "panel.zip")
    pd.testing.assert_frame_equal(load_panel(folder / "panel.zip").visitors, panel.visitors)


def test_a_ward_and_year_that_stand_twice_are_told_as_the_file_has_them(folder: Path) -> None:
    rows = [["ward_code", "year", "jobs"], [wf.ABBEY, "2021", "100"], [wf.ABBEY, "2021", "120"]]
    wf.write(folder / "jobs.csv", rows)
    with pytest.raises(WardcastError, match=r"jobs\.csv, row 3") as refused:
        read(folder)
    assert refused.value.problems[0].expected == "each ward_code and year once"
    assert refused.value.problems[0].found == f"{wf.ABBEY}, 2021 again"


def test_monthly_visitors_alone_are_enough_and_a_row_without_a_figure_is_refused(folder: Path) -> None:
    rows = [["ward_code", "month", "visitors"], [wf.ABBEY, "2024-03", "80000"]]
    wf.write(folder / "visitors.csv", rows)
    assert read(folder).visitors["month"].tolist() == [pd.Timestamp("2024-03-01")]
    wf.write(folder / "visitors.csv", [*rows, [wf.ABBEY, "2024-04", ""]])
    with pytest.raises(WardcastError, match=r"visitors\.csv, row 3"):
        read(folder)
