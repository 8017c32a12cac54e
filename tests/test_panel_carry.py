"""Files on other wards carried to a panel's wards: where that is done and told, and what is never replaced by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests import ward_files as wf
from tests.ward_files import counts_of, observed, said
from wardcast_models.panel.counts.carried_tables import carried_parts
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.panel.parts import Coverage, WardIncidents, WardLookup
from wardcast_models.panel.places.gazetteer import gazetteer

OLD_WARDS = tuple(f"E0500{number:04d}" for number in range(26, 43))
NEW_WARDS = tuple(f"E0501{number:04d}" for number in range(4053, 4072))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """New wards from 2024-03 on, old wards for two months before, and the lookup: each old ward over two new ones."""
    wf.write(tmp_path / "new.csv", wf.release(NEW_WARDS, first="2024-03", number=2, count=100))
    wf.write(tmp_path / "old.csv", wf.release(OLD_WARDS, first="2024-01", number=3, count=10))
    return tmp_path


def write_lookup(folder: Path, olds: tuple[str, ...] = OLD_WARDS) -> None:
    """Each old ward is a new ward whole, but for the first two, which are halved with the last two new ones."""
    rows: list[list[object]] = [["ward18_code", "ward22_code", "share_of_old", "share_of_new"]]
    for place, old in enumerate(olds):
        if place < 2:
            rows += [[old, NEW_WARDS[place], 0.5, 1.0], [old, NEW_WARDS[17 + place], 0.5, 1.0]]
        else:
            rows.append([old, NEW_WARDS[place], 1.0, 1.0])
    wf.write(folder / "lookup.csv", rows)


def read(folder: Path, wards: str = "WD22") -> Panel:
    return read_folder(folder, area="E09000002", wards=wards)


def test_months_that_only_the_old_wards_have_are_carried_and_told(folder: Path) -> None:
    write_lookup(folder)
    panel = read(folder)
    assert counts_of(panel, NEW_WARDS[0], "robbery_personal") == [5, 5, 100, 100]
    assert counts_of(panel, NEW_WARDS[18], "robbery_personal") == [5, 5, 100, 100]
    assert counts_of(panel, NEW_WARDS[5], "robbery_personal") == [10, 10, 100, 100]
    carried = panel.carried.set_index(["ward_code", "category"])
    row = carried.loc[(NEW_WARDS[0], "robbery_personal")]
    assert (f"{row['first_month']:%Y-%m}", f"{row['last_month']:%Y-%m}") == ("2024-01", "2024-02")
    assert row["from_vintage"] == "WD18"
    assert row["relative_sd"] > carried.loc[(NEW_WARDS[5], "robbery_personal")]["relative_sd"] == 0
    told = said(panel, FindingKind.CAVEAT)
    assert "2024-01 to 2024-02: the counts of 19 wards of Barking and Dagenham come from old.csv" in told
    assert "carried from WD18 wards by shares of residents, in whole numbers that keep every ward's total" in told


def test_old_wards_are_extended_by_the_new_ones_and_keep_their_own_months(folder: Path) -> None:
    write_lookup(folder)
    panel = read(folder, "WD18")
    assert counts_of(panel, OLD_WARDS[0], "robbery_personal") == [10, 10, 10, 200]
    assert counts_of(panel, OLD_WARDS[5], "robbery_personal") == [10, 10, 10, 100]
    assert set(panel.carried["from_vintage"]) == {"WD22"}


def test_wards_that_the_lookup_covers_in_part_are_not_carried_to(folder: Path) -> None:
    write_lookup(folder, OLD_WARDS[1:])
    rows = [["ward18_code", "ward22_code", "share_of_old", "share_of_new"], [OLD_WARDS[3], NEW_WARDS[3], 1.0, 0.6]]
    wf.write(folder / "lookup.csv", rows)
    panel = read(folder)
    assert panel.carried.empty
    assert observed(panel, NEW_WARDS[3], "robbery_personal") == [True, True]


def test_a_month_that_no_release_of_either_ward_set_has_is_told_once_all_is_carried(folder: Path) -> None:
    write_lookup(folder)
    wf.write(folder / "old.csv", wf.release(OLD_WARDS, first="2023-10", number=3, count=10))
    wf.write(folder / "newest.csv", wf.release(NEW_WARDS, first="2024-06", number=2, count=100))
    panel = read(folder)
    seen = dict(zip(panel.months.strftime("%Y-%m"), observed(panel, NEW_WARDS[5], "robbery_personal"), strict=True))
    assert [month for month, is_seen in seen.items() if not is_seen] == ["2024-01", "2024-02", "2024-05"]
    told = said(panel, FindingKind.CAVEAT)
    assert "No release covers 2024-01 to 2024-02 and 2024-05: these months are unobserved, not zero." in told
    wf.write(folder / "older.csv", wf.release(OLD_WARDS, first="2024-01", number=5, count=10))
    assert "No release covers" not in said(read(folder), FindingKind.CAVEAT)


def test_a_lookup_that_is_used_the_other_way_round_is_not_called_unused(folder: Path) -> None:
    write_lookup(folder)
    panel = read(folder, "WD18")
    assert not panel.carried.empty
    assert "lookup.csv" not in said(panel, FindingKind.LEFT_ASIDE)


def test_without_a_lookup_nothing_is_carried_though_names_agree(folder: Path) -> None:
    panel = read(folder)
    assert panel.carried.empty
    told = said(panel, FindingKind.LEFT_ASIDE)
    assert "old.csv: It is on WD14 or WD18 wards and this panel is on WD22: not used." in told
    assert "lack where a lookup between the two covers its wards in full" in told


def test_census_residents_of_new_wards_are_carried_to_old_ones(folder: Path) -> None:
    write_lookup(folder)
    wf.write(folder / "census.csv", wf.census(dict.fromkeys(NEW_WARDS, 1000)))
    panel = read(folder, "WD18")
    persons = panel.census.set_index("ward_code")["persons"]
    assert (persons[OLD_WARDS[0]], persons[OLD_WARDS[5]]) == (2000, 1000)
    assert "carried from WD22 wards by shares of residents" in panel.census["source"].iloc[0]


def test_a_log_on_old_wards_is_carried_and_its_months_on_new_wards_stay() -> None:
    old, new, other = "E05000030", "E05014057", "E05014058"
    lookup = WardLookup(
        file="lookup.csv",
        old_vintage="WD18",
        new_vintage="WD22",
        frame=pd.DataFrame(
            {"old_code": [old, old], "new_code": [new, other], "share_of_old": [0.75, 0.25], "share_of_new": [1.0, 1.0]}
        ),
    )
    months = pd.to_datetime(["2022-03-01", "2022-04-01", "2022-05-01", "2022-05-01"])
    log = WardIncidents(
        file="log.csv",
        frame=pd.DataFrame(
            {"ward_code": [old, old, new, other], "category": "council_asb", "month": months, "count": [4, 8, 7, 1]}
        ),
        coverage=Coverage.WHOLE_SPAN,
        unlocated=pd.DataFrame({"category": [], "month": [], "count": []}),
        source="the council's log",
    )
    moved = carried_parts([lookup, log], (new, other), "WD22", gazetteer([]), used=("asb",))
    (table,) = [part for part in moved.parts if isinstance(part, WardIncidents)]
    by_ward = table.frame.sort_values("month").groupby("ward_code")["count"].agg(list)
    assert (by_ward[new], by_ward[other]) == ([3, 6, 7], [1, 2, 1])
    assert set(moved.carried["last_month"]) == {pd.Timestamp("2022-04-01")}
    assert (moved.carried["relative_sd"] > 0).all()
    (told,) = moved.findings
    assert "2022-03 to 2022-04: its counts on WD18 wards are carried to 2 wards" in told.message


def test_a_release_by_small_area_is_added_up_for_months_that_no_ward_release_covers(tmp_path: Path) -> None:
    wf.write(tmp_path / "wards.csv", wf.release((wf.ABBEY, wf.ALIBON), first="2024-03", number=2, count=50))
    wf.write(
        tmp_path / "lookup.csv",
        [["lsoa21cd", "ward22cd"], ["E01000011", wf.ABBEY], ["E01000012", wf.ABBEY], ["E01000013", wf.ALIBON]],
    )
    header = ["lsoa_code", "lsoa_name", "major_category", "minor_category", "month", "count"]
    label = ["ROBBERY", "ROBBERY OF PERSONAL PROPERTY"]
    rows = [[code, code, *label, "2024-02", 3] for code in ("E01000011", "E01000012")]
    rows += [["E01000013", "E", *label, "2024-03", 9]]
    wf.write(tmp_path / "small.csv", [header, *rows])
    panel = read(tmp_path)
    assert counts_of(panel, wf.ABBEY, "robbery_personal") == [6, 50, 50]
    assert counts_of(panel, wf.ALIBON, "robbery_personal") == [0, 50, 50]
    assert "added up from small areas (LSOA21)" in said(panel, FindingKind.CAVEAT)


def test_a_release_by_small_area_stands_alone_where_no_ward_release_holds_the_area(tmp_path: Path) -> None:
    rows: list[list[object]] = [["lsoa_code", "lsoa_name", "major_category", "minor_category", "month", "count"]]
    label = ["ROBBERY", "ROBBERY OF PERSONAL PROPERTY"]
    rows += [[code, code, *label, "2024-02", 3] for code in ("E01000011", "E01000012")]
    rows += [["E01000013", "E", *label, "2024-03", 9]]
    wf.write(tmp_path / "small.csv", rows)
    pairs = [("E01000011", wf.ABBEY), ("E01000012", wf.ABBEY), ("E01000013", wf.ALIBON)]
    wf.write(tmp_path / "lookup.csv", [["lsoa21cd", "ward22cd"], *pairs])
    panel = read(tmp_path)
    assert counts_of(panel, wf.ABBEY, "robbery_personal") == [6, 0]
    assert counts_of(panel, wf.ALIBON, "robbery_personal") == [0, 9]
    assert set(panel.carried["from_vintage"]) == {"LSOA21"}
    assert "No MPS ward release holds Barking and Dagenham: its counts are added up" in said(panel, FindingKind.CAVEAT)


def police_table(folder: Path, months: dict[str, tuple[str, ...]]) -> None:
    """A police.uk ward table: four incidents of anti-social behaviour a month in each of the old wards named."""
    rows: list[list[object]] = [["ward_code", "month", "category", "count"]]
    rows += [[ward, month, "anti-social-behaviour", 4] for month, wards in months.items() for ward in wards]
    wf.write(folder / "police.csv", rows)


def test_a_police_table_on_old_wards_is_carried_for_months_in_which_it_is_nearly_whole(folder: Path) -> None:
    write_lookup(folder)
    police_table(folder, {"2024-03": OLD_WARDS, "2024-04": OLD_WARDS[:9]})
    panel = read(folder)
    asb = [counts_of(panel, ward, "asb") for ward in NEW_WARDS]
    march = panel.months.get_loc(pd.Timestamp("2024-03-01"))
    assert [asb[place][march] for place in (0, 1, 2, 17, 18)] == [2, 2, 4, 2, 2]
    assert np.isnan(np.delete(np.array(asb), march, axis=1)).all()
    told = panel.carried[panel.carried["from_vintage"] == "WD18"]
    assert set(told[told["category"] == "asb"]["first_month"]) == {pd.Timestamp("2024-03-01")}


def test_without_a_lookup_a_police_table_on_old_wards_is_left_aside(folder: Path) -> None:
    police_table(folder, {"2024-03": OLD_WARDS})
    panel = read(folder)
    assert "asb" not in panel.categories
    assert "police.csv: None of its wards is in this panel" in said(panel, FindingKind.LEFT_ASIDE)


def test_a_log_of_one_borough_says_nothing_about_another(folder: Path) -> None:
    elsewhere_old, elsewhere_new = "E05000167", "E05013565"
    lookup = WardLookup(
        file="lookup.csv",
        old_vintage="WD18",
        new_vintage="WD22",
        frame=pd.DataFrame(
            {
                "old_code": [OLD_WARDS[4], elsewhere_old],
                "new_code": [NEW_WARDS[4], elsewhere_new],
                "share_of_old": [1.0, 1.0],
                "share_of_new": [1.0, 1.0],
            }
        ),
    )
    log = WardIncidents(
        file="log.csv",
        frame=pd.DataFrame(
            {
                "ward_code": [OLD_WARDS[4]],
                "category": ["council_asb"],
                "month": [pd.Timestamp("2022-03-01")],
                "count": [4],
            }
        ),
        coverage=Coverage.WHOLE_SPAN,
        unlocated=pd.DataFrame({"category": [], "month": [], "count": []}),
        source="the council's log",
    )
    moved = carried_parts([lookup, log], (NEW_WARDS[4], elsewhere_new), "WD22", gazetteer([]), used=("asb",))
    assert set(moved.carried["ward_code"]) == {NEW_WARDS[4]}
