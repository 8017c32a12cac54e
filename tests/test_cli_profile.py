"""`wardcast profile` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import ward_files as wf
from tests.command_line import CommandLine
from tests.page_reading import PageReader
from wardcast_models.profile.wording import signed_percent

AREA = "E09000002"


@pytest.fixture
def two_wards(tmp_path: Path) -> Path:
    folder = tmp_path / "two-wards"
    folder.mkdir()
    wf.write(folder / "release.csv", wf.release((wf.ABBEY, wf.ALIBON), first="2019-04", number=24))
    wf.write(folder / "census.csv", wf.census({wf.ABBEY: 1000, wf.ALIBON: 8000}))
    return folder


def test_the_year_is_written_as_report_workbook_and_document(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "assessment"
    done = wardcast("profile", "--data", sample_dir, "--area", AREA, "--year", "2023/24", "--review", "--out", out)
    assert done.exit_code == 0, done.err
    assert sorted(path.name for path in out.iterdir()) == ["assessment.html", "assessment.json", "assessment.xlsx"]
    for said in ("Internal: unsuppressed counts", "SYNTHETIC SAMPLE", "Main findings", "Review, 2024-10 to 2025-03"):
        assert said in done.out
    for path in out.iterdir():
        assert str(path) in done.out
    page = PageReader((out / "assessment.html").read_text(encoding="utf-8"))
    document = json.loads((out / "assessment.json").read_text(encoding="utf-8"))
    crime = next(row for row in document["tables"]["area"] if row["measure"] == "all_crime")
    assert page.table("All crime, priorities").row("All crime")[2].figures == [crime["count"]]
    assert document["review"]["last_month"] == "2025-03"


def test_a_json_document_has_no_nan_and_names_no_files_where_none_were_written(
    wardcast: CommandLine, sample_dir: Path
) -> None:
    done = wardcast("profile", "--data", sample_dir, "--area", AREA, "--year", "2020/21", "--json", "--quiet")
    assert done.exit_code == 0, done.err
    assert done.document["year"] == "2020/21"
    assert done.document["files"] == []
    assert "NaN" not in done.out


def test_without_a_year_the_newest_complete_one_is_taken_and_named(wardcast: CommandLine, tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release((wf.ABBEY, wf.ALIBON), first="2019-04", number=30))
    wf.write(tmp_path / "census.csv", wf.census({wf.ABBEY: 1000, wf.ALIBON: 8000}))
    done = wardcast("profile", "--data", tmp_path, "--area", AREA)
    assert done.exit_code == 0, done.err
    assert "Year: 2020/21, the newest complete one in the data." in done.out


def test_a_review_without_a_year_takes_the_newest_that_can_be_reviewed(wardcast: CommandLine, tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release((wf.ABBEY, wf.ALIBON), first="2019-04", number=27))
    done = wardcast("profile", "--data", tmp_path, "--area", AREA, "--review")
    assert done.exit_code == 0, done.err
    assert "Year: 2019/20, the newest complete one in the data that 6 later months follow." in done.out


def test_data_without_a_complete_year_ask_for_a_year_by_name(wardcast: CommandLine, tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release((wf.ABBEY, wf.ALIBON), first="2019-06", number=12))
    done = wardcast("profile", "--data", tmp_path, "--area", AREA, "--quiet")
    assert done.exit_code == 2
    assert "--year" in done.err


@pytest.mark.parametrize(
    ("year", "said"),
    [("2031/32", "No month of 2031/32 is in the data."), ("2020/22", "is no financial year"), ("soon", "2020/21")],
)
def test_a_wrong_year_is_refused_in_words_and_nothing_is_written(
    wardcast: CommandLine, sample_dir: Path, tmp_path: Path, year: str, said: str
) -> None:
    out = tmp_path / "out"
    done = wardcast("profile", "--data", sample_dir, "--area", AREA, "--year", year, "--out", out, "--quiet")
    assert done.exit_code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert not out.exists()


def test_a_file_in_the_place_of_the_folder_is_told_before_any_work(wardcast: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    done = wardcast("profile", "--data", tmp_path / "nothing", "--area", AREA, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "cannot be written" in done.err


@pytest.mark.parametrize("year", ["20/21", "2020/2021", "2020", "2020/22", "soon"])
def test_a_year_that_is_misspelt_is_told_before_any_file_is_read(
    wardcast: CommandLine, tmp_path: Path, year: str
) -> None:
    done = wardcast("profile", "--data", tmp_path / "nothing", "--area", AREA, "--year", year)
    assert done.exit_code == 2
    assert "is no financial year" in done.err
    assert "2020/21" in done.err


def test_a_year_may_be_written_with_a_dash(wardcast: CommandLine, two_wards: Path) -> None:
    done = wardcast("profile", "--data", two_wards, "--area", AREA, "--year", "2020-21", "--json", "--quiet")
    assert done.exit_code == 0, done.err
    assert done.document["year"] == "2020/21"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--rule", "rule.yaml"), "--rule is for publication only."),
        (("--public", "--review"), "The review is internal"),
        (("--public", "--rule", "no-such-rule.yaml"), "no-such-rule.yaml"),
    ],
)
def test_options_that_do_not_go_together_are_told_before_any_file_is_read(
    wardcast: CommandLine, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    done = wardcast("profile", "--data", tmp_path / "nothing", "--area", AREA, *options)
    assert done.exit_code == 2
    assert said in done.err


def test_a_place_that_is_none_and_a_folder_that_is_not_there_are_told(wardcast: CommandLine, two_wards: Path) -> None:
    nowhere = wardcast("profile", "--data", two_wards, "--area", "Narnia", "--quiet")
    assert (nowhere.exit_code, "Narnia" in nowhere.err) == (2, True)
    missing = wardcast("profile", "--data", two_wards / "nothing", "--area", AREA, "--quiet")
    assert (missing.exit_code, str(two_wards / "nothing") in missing.err) == (2, True)


def test_changes_stand_with_their_range_on_the_terminal(wardcast: CommandLine, two_wards: Path) -> None:
    done = wardcast("profile", "--data", two_wards, "--area", AREA, "--year", "2020/21", "--json", "--quiet")
    row = next(row for row in done.document["tables"]["area"] if row["measure"] == "all_crime")
    shown = wardcast("profile", "--data", two_wards, "--area", AREA, "--year", "2020/21")
    assert f"{signed_percent(row['change_low'])} to {signed_percent(row['change_high'])}" in shown.out


def test_quiet_prints_the_findings_and_their_standing_but_no_notes(wardcast: CommandLine, two_wards: Path) -> None:
    asked = ("profile", "--data", two_wards, "--area", AREA, "--year", "2020/21")
    whole, quiet = wardcast(*asked), wardcast(*asked, "--quiet")
    for said in ("Internal: unsuppressed counts", "Main findings", "What cannot be told"):
        assert said in whole.out
        assert said in quiet.out
    for note in ("About the files there ", "crime without a ward is not in it."):
        assert note in whole.out
        assert note not in quiet.out
    assert quiet.err == ""
    assert "With --quiet" in " ".join(wardcast("profile", "--help").out.split())
