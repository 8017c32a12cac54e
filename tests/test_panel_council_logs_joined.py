"""Council logs in a panel: their months beside those of the crime counts, overlapping logs, wards nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.council_log_rows import COLUMNS, COUNTS, Row, daily
from tests.ward_files import ABBEY, ALIBON, BEAM
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder


def test_a_log_in_a_file_for_each_ward_is_as_good_as_one_file(tmp_path: Path) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    abbey, alibon = daily("2024-01-01", "2024-02-29"), daily("2024-01-01", "2024-02-29", ward=ALIBON)
    for folder in (one, many):
        wf.write(folder / "release.csv", wf.release((ABBEY, ALIBON, BEAM)))
    wf.write(one / "log.csv", [COLUMNS, *abbey, *alibon])
    wf.write(many / "abbey.csv", [COLUMNS, *abbey])
    wf.write(many / "alibon.csv", [COLUMNS, *alibon])
    for folder in (one, many):
        panel = read_folder(folder, area=wf.LBBD)
        assert wf.counts_of(panel, ABBEY, "council_asb")[:2] == [31, 29]
        assert wf.counts_of(panel, ALIBON, "council_asb")[:2] == [31, 29]
        assert wf.counts_of(panel, BEAM, "council_asb")[:2] == [0, 0]
        assert wf.observed(panel, ABBEY, "council_asb") == [True, True, False]


def test_a_month_that_a_log_misses_is_unobserved_in_the_panel(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release(number=5))
    wf.write(tmp_path / "log.csv", [COLUMNS, *daily("2024-01-01", "2024-02-29"), *daily("2024-04-01", "2024-05-31")])
    panel = read_folder(tmp_path, area=wf.LBBD)
    assert wf.observed(panel, ABBEY, "council_asb") == [True, True, False, True, True]
    assert wf.observed(panel, ALIBON, "council_asb") == [True, True, False, True, True]
    assert wf.counts_of(panel, ALIBON, "council_asb")[0] == 0


def test_a_ward_that_nobody_knows_is_refused_with_its_code(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    rows = [*daily("2024-01-01", "2024-01-31"), *daily("2024-01-05", "2024-01-07", ward="E05999999")]
    wf.write(tmp_path / "log.csv", [COLUMNS, *rows])
    with pytest.raises(WardcastError, match=r"log.csv, row 33, column ward_code: expected .* found E05999999"):
        read_folder(tmp_path, area=wf.LBBD)


def test_of_two_logs_of_the_same_months_the_one_that_reaches_further_is_used_and_told(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    wf.write(tmp_path / "a.csv", [COUNTS, ["asb", ABBEY, "2024-01", 3]])
    wf.write(tmp_path / "b.csv", [COUNTS, ["asb", ABBEY, "2024-01", 4], ["asb", ABBEY, "2024-02", 5]])
    panel = read_folder(tmp_path, area=wf.LBBD)
    assert wf.counts_of(panel, ABBEY, "council_asb")[:2] == [4, 5]
    told_of = wf.said(panel, FindingKind.CAVEAT)
    assert "a.csv: Where both cover a ward and month, b.csv gives 4 incidents and this file 3" in told_of
    assert "b.csv was used: it reaches further, to 2024-02. What this file holds there is left out." in told_of


def test_a_log_newer_than_the_crime_counts_does_not_move_the_end_of_the_panel(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    rows: list[Row] = [["asb", ABBEY, month, 3] for month in ("2023-06", "2024-03", "2024-04", "2024-05")]
    rows.append(["fly_tipping", ABBEY, "2024-05", 9])
    wf.write(tmp_path / "log.csv", [COUNTS, *rows])
    panel = read_folder(tmp_path, area=wf.LBBD)
    assert f"{panel.first_month:%Y-%m} {panel.last_month:%Y-%m}" == "2023-06 2024-03"
    assert wf.counts_of(panel, ABBEY, "council_asb")[-1] == 3
    assert "fly_tipping" not in panel.categories
    assert (
        "log.csv: It goes beyond the newest month of recorded crime, 2024-03: 2024-04 to 2024-05 is left out"
        in wf.said(panel, FindingKind.CAVEAT)
    )
