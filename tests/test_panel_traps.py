"""The traps of the real releases: each handled, and each said."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests import ward_files as wf
from tests.ward_files import counts_of, observed, said
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder

VIOLENCE = "VIOLENCE AGAINST THE PERSON"
WITHOUT_INJURY, STALKING = (VIOLENCE, "VIOLENCE WITHOUT INJURY"), (VIOLENCE, "STALKING AND HARASSMENT")


def test_letter_case_of_labels_does_not_matter(tmp_path: Path) -> None:
    wf.write(tmp_path / "upper" / "a.csv", wf.release())
    wf.write(
        tmp_path / "title" / "a.csv", wf.release(labels=[(wf.BURGLARY[0].title(), wf.BURGLARY[1].title()), wf.ROBBERY])
    )
    upper, title = (read_folder(tmp_path / name, area="E09000002") for name in ("upper", "title"))
    assert upper.digest == title.digest
    assert "mixed case" in said(title, FindingKind.MENDED)


def test_stalking_stays_with_violence_without_injury(tmp_path: Path) -> None:
    split = wf.release(count=30, labels=[WITHOUT_INJURY, STALKING])
    joined = wf.release(first="2024-04", count=60, labels=[WITHOUT_INJURY])
    wf.write(tmp_path / "split.csv", split)
    wf.write(tmp_path / "joined.csv", joined)
    panel = read_folder(tmp_path, area="E09000002")
    assert counts_of(panel, wf.ABBEY, "violence_without_injury") == [60] * 6
    assert "Stalking and harassment (180 crimes) is counted with violence without injury" in said(
        panel, FindingKind.MENDED
    )


def test_residential_burglary_survives_its_relabelling(tmp_path: Path) -> None:
    rows = wf.release(labels=[wf.BURGLARY], count=lambda month: 9 if month == 0 else 0)
    later = ("RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING")
    for label in later:
        rows += wf.release(labels=[("BURGLARY", label)], count=lambda month: 0 if month == 0 else 4)[1:]
    wf.write(tmp_path / "release.csv", rows)
    panel = read_folder(tmp_path, area="E09000002")
    assert counts_of(panel, wf.ABBEY, "burglary_residential") == [9, 8, 8]
    assert "Residential burglary stands under 3 labels" in said(panel, FindingKind.MENDED)


def test_a_left_over_first_column_does_not_destroy_its_month(tmp_path: Path) -> None:
    wf.write(tmp_path / "older.csv", wf.release(first="2022-01", number=24, count=90))
    newer = wf.release(first="2023-06", number=25, count=lambda month: 100 if month else 1)
    wf.write(tmp_path / "newer.csv", newer)
    panel = read_folder(tmp_path, area="E09000002")
    june = list(panel.months.strftime("%Y-%m")).index("2023-06")
    assert counts_of(panel, wf.ABBEY, "burglary_residential")[june : june + 2] == [90, 100]
    assert "The column 2023-06 holds 4 crimes where about 400 are usual" in said(panel, FindingKind.MENDED)


def test_an_unfinished_last_column_is_not_used(tmp_path: Path) -> None:
    rows = wf.release(number=13, count=lambda month: 100 if month < 12 else 1)
    wf.write(tmp_path / "release.csv", rows)
    assert len(read_folder(tmp_path, area="E09000002").months) == 12


def test_a_lockdown_is_no_left_over(tmp_path: Path) -> None:
    rows = wf.release(number=12, count=lambda month: 40 if month == 5 else 100)
    wf.write(tmp_path / "release.csv", rows)
    assert len(read_folder(tmp_path, area="E09000002").months) == 12


def test_split_rows_of_one_ward_are_summed(tmp_path: Path) -> None:
    rows = [
        [*wf.NEW_COLUMNS, "202401", "202402", "Refreshed Date"],
        [*wf.ward_row(wf.ABBEY, [5, 0], name="Abbey"), "03/04/2025"],
        [*wf.ward_row(wf.ABBEY, [0, 7], name="Abbey (KG)"), "03/04/2025"],
        [*wf.ward_row(wf.ABBEY, [1, 1], name="Abbey", label=wf.ROBBERY), "03/04/2025"],
    ]
    wf.write(tmp_path / "release.csv", rows)
    panel = read_folder(tmp_path, area="E09000002")
    assert counts_of(panel, wf.ABBEY, "burglary_residential") == [5, 7]
    assert panel.ward_names[wf.ABBEY] == "Abbey"
    assert "E05014053 stands under 'Abbey' and 'Abbey (KG)': rows summed into one ward: 1" in said(
        panel, FindingKind.MENDED
    )


def test_heathrow_is_counted_in_hillingdon(tmp_path: Path) -> None:
    rows = wf.release()
    rows.append(wf.ward_row("E05013570", [3, 3, 3], borough="Hillingdon"))
    rows.append(wf.ward_row("E05013570", [40, 41, 42], borough="Aviation Security (SO18)"))
    wf.write(tmp_path / "release.csv", rows)
    panel = read_folder(tmp_path, area="Hillingdon")
    assert panel.area.ward_codes == ("E05013570",)
    assert counts_of(panel, "E05013570", "burglary_residential") == [43, 44, 45]
    assert "also stands under 'Aviation Security (SO18)'; these 123 crimes" in said(panel, FindingKind.MENDED)


def test_the_recording_change_is_said_with_its_steps(tmp_path: Path) -> None:
    rows = wf.release(first="2023-02", number=25, count=lambda month: 10 if month < 13 else 5)
    wf.write(tmp_path / "release.csv", rows)
    text = said(read_folder(tmp_path, area="E09000002"), FindingKind.CAVEAT)
    assert "recording system in February and March 2024" in text
    assert "residential burglary x0.50" in text
    assert "some recorded crime carries no ward" in text


def test_a_step_that_chance_can_make_is_not_said(tmp_path: Path) -> None:
    rows = wf.release(first="2023-02", number=25, count=lambda month: 10 if month < 13 else 9)
    wf.write(tmp_path / "release.csv", rows)
    text = said(read_folder(tmp_path, area="E09000002"), FindingKind.CAVEAT)
    assert "recording system in February and March 2024" in text
    assert "residential burglary x" not in text


def test_the_share_of_crime_without_a_ward_is_measured_where_totals_are_known(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release(first="2024-01", number=6, count=100))
    header = [
        "area_type",
        "area_name",
        "area_code",
        "crime_type",
        "crime_subtype",
        "measure",
        "month",
        "count",
        "release",
    ]
    rows: list[list[object]] = [[*header]]
    for subtype, count in (("TNO Victim Based", 400), ("TNO Non Victim Based", 10)):
        for month in ("2024-02", "2024-03", "2024-04"):
            rows.append(["Borough", "X", wf.LBBD, "Misc", subtype, "Offences", month, count, "2025-01"])
    wf.write(tmp_path / "dashboard.csv", rows)
    text = said(read_folder(tmp_path, area="E09000002"), FindingKind.CAVEAT)
    assert ": 2.4% a month in Barking and Dagenham" in text


def test_a_rare_unknown_label_is_left_out_and_said(tmp_path: Path) -> None:
    rows = wf.release(count=1000)
    rows.append(wf.ward_row(wf.ABBEY, [1, 0, 2], label=("ROBBERY", "ROBBERY IN SPACE")))
    wf.write(tmp_path / "release.csv", rows)
    panel = read_folder(tmp_path, area="E09000002")
    assert np.nansum(panel.counts) == 12_000
    assert "The label ROBBERY IN SPACE under ROBBERY is unknown; its 3 crimes" in said(panel, FindingKind.CAVEAT)


def test_a_category_that_a_release_does_not_list_is_unobserved_where_it_cannot_be_zero(tmp_path: Path) -> None:
    wf.write(tmp_path / "older.csv", wf.release(first="2024-01", number=6))
    wf.write(tmp_path / "newer.csv", wf.release(first="2024-07", number=6, labels=[wf.BURGLARY]))
    panel = read_folder(tmp_path, area="E09000002")
    assert observed(panel, wf.ABBEY, "robbery_personal") == [True] * 6 + [False] * 6
    assert "Robbery of personal property is not listed in this release" in said(panel, FindingKind.CAVEAT)


def test_a_rare_category_that_a_release_does_not_list_is_zero(tmp_path: Path) -> None:
    older = wf.release(first="2024-01", number=6, labels=[wf.BURGLARY])
    older.append(wf.ward_row(wf.ABBEY, [1, 0, 0, 0, 0, 0], label=(VIOLENCE, "HOMICIDE")))
    wf.write(tmp_path / "older.csv", older)
    wf.write(tmp_path / "newer.csv", wf.release(first="2024-07", number=6, labels=[wf.BURGLARY]))
    panel = read_folder(tmp_path, area="E09000002")
    assert counts_of(panel, wf.ABBEY, "homicide") == [1] + [0] * 11


def caveats(folder: Path) -> str:
    return said(read_folder(folder, area="E09000002"), FindingKind.CAVEAT)


def test_zeros_are_said_to_be_true(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release(number=4, count=lambda month: month % 2))
    assert "50% of the counts by ward, category and month of Barking and Dagenham are 0" in caveats(tmp_path)


def test_wards_where_rates_mislead_are_named(tmp_path: Path) -> None:
    wards = [wf.ABBEY, wf.ALIBON, wf.BEAM]
    wf.write(tmp_path / "release.csv", wf.release(wards, number=12, count=50))
    wf.write(tmp_path / "census.csv", wf.census({wf.ABBEY: 1_000, wf.ALIBON: 10_000, wf.BEAM: 10_000}))
    text = caveats(tmp_path)
    assert "Rates per resident mislead where people do not live: Abbey (1,000 residents, 1,200 crimes" in text
    assert "10.0 times the usual rate" in text


def test_a_projection_that_runs_ahead_of_the_census_is_said(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "census.csv", wf.census({wf.ABBEY: 1_000, wf.ALIBON: 2_000}))
    header = ["Code", "Borough", "Ward_Name", "Year", "Population"]
    old = [(wf.ABBEY_2018, 1_500), (wf.ALIBON_2018, 2_000)]
    rows = [[code, "Barking and Dagenham", "x", 2021, persons] for code, persons in old]
    wf.write(tmp_path / "projection.csv", [header, *rows])
    lookup: list[list[object]] = [
        ["ward18_code", "ward22_code", "share_of_old"],
        [wf.ABBEY_2018, wf.ABBEY, 1],
        [wf.ALIBON_2018, wf.ALIBON, 1],
    ]
    wf.write(tmp_path / "lookup.csv", lookup)
    text = caveats(tmp_path)
    assert (
        "runs ahead of the Census: for 2021 it gives 3,500 residents in Barking and Dagenham, where the Census" in text
    )
    assert "(+16.7%)" in text
    assert f"{wf.ABBEY_2018} (now mostly Abbey) 1,500 against about 1,000" in text
    assert "Its shares of old wards in new ones are estimates" in text


def test_residents_dated_before_their_ward_existed_are_called_derived(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "mid2019.csv", [["ward22cd", "population"], [wf.ABBEY, "3845"]])
    assert "The residents of 1 ward in 2019 are dated before these wards came into being" in caveats(tmp_path)


def test_what_a_street_file_cannot_tell_is_said(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "2016-01-street.csv", wf.street("2016-01", {"E01000006": 2, "E01034469": 1}))
    wf.write(tmp_path / "new.csv", [["lsoa21cd", "ward22cd"], ["E01000006", wf.ABBEY], ["E01034469", wf.ALIBON]])
    wf.write(tmp_path / "old.csv", [["lsoa11cd", "ward22cd", "year", "weight"], ["E01000006", wf.ABBEY, "2016", "1.0"]])
    text = caveats(tmp_path)
    assert "anti-social behaviour has no crime id" in text
    assert "carry small areas of 2021 (1 that did not exist then, such as E01034469)" in text


def test_months_in_which_a_table_holds_few_wards_are_named(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    rows = [["ward_code", "month", "category", "count"]]
    rows += [[code, "2016-01", "anti-social-behaviour", "3"] for code in (wf.ABBEY, wf.ALIBON)]
    rows += [[wf.ABBEY, "2016-03", "anti-social-behaviour", "3"]]
    wf.write(tmp_path / "table.csv", rows)
    text = caveats(tmp_path)
    assert "table.csv: It holds 2 wards in its fullest month and fewer in 2016-03 (1)" in text
    assert "2016-02 is not in it" in text


def test_a_lookup_to_the_wards_of_another_year_is_called_best_fit(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "lookup.csv", [["LSOA21CD", "WD25CD"], ["E01000006", wf.ABBEY]])
    assert "lookup.csv: It is a best-fit lookup to the wards of 2025" in caveats(tmp_path)


def test_severity_weights_are_left_aside_as_partial_and_without_anti_social_behaviour(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "ons.csv", [["offence", "ons_css_weight"], ["Homicide", "7979"]])
    text = said(read_folder(tmp_path, area="E09000002"), FindingKind.LEFT_ASIDE)
    assert "gives 1 offences, a part of the ONS list" in text
    assert "anti-social behaviour has no weight in it" in text
