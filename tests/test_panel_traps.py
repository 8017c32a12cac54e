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
    wf.write(tmp_path / "title" / "a.csv", wf.release(labels=[tuple(map(str.title, wf.BURGLARY)), wf.ROBBERY]))
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
    rows = wf.release(first="2023-03", number=24, count=lambda month: 10 if month < 12 else 5)
    wf.write(tmp_path / "release.csv", rows)
    text = said(read_folder(tmp_path, area="E09000002"), FindingKind.CAVEAT)
    assert "recording system in February and March 2024" in text
    assert "residential burglary x0.50" in text
    assert "some recorded crime carries no ward" in text


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
    rows = [header]
    for subtype, count in (("TNO Victim Based", 400), ("TNO Non Victim Based", 10)):
        for month in ("2024-02", "2024-03", "2024-04"):
            rows.append(["Borough", "X", wf.LBBD, "Misc", subtype, "Offences", month, count, "2025-01"])
    wf.write(tmp_path / "dashboard.csv", rows)
    text = said(read_folder(tmp_path, area="E09000002"), FindingKind.CAVEAT)
    assert "2.4% to 2.4% a month in Barking and Dagenham" in text


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
