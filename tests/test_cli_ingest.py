"""`wardcast ingest` as a user types it: what is told of the files."""

from __future__ import annotations

from pathlib import Path

from tests import ward_files as wf
from tests.command_line import CommandLine

OLD_WARDS = (wf.ABBEY_2018, wf.ALIBON_2018)


def test_what_holds_of_several_files_is_told_once_with_all_of_them(wardcast: CommandLine, tmp_path: Path) -> None:
    wf.write(tmp_path / "files" / "new.csv", wf.release(first="2024-01"))
    for year in (2021, 2022):
        wf.write(tmp_path / "files" / f"old {year}.csv", wf.release(OLD_WARDS, first=f"{year}-01"))
    done = wardcast("ingest", tmp_path / "files", "--area", wf.LBBD)
    assert done.exit_code == 0, done.err
    lines = done.out.splitlines()
    (told,) = [place for place, line in enumerate(lines) if "this panel is on WD22: not used." in line]
    assert lines[told].startswith("  - It is on ")
    assert lines[told + 1] == "    In old 2021.csv; old 2022.csv."


def test_what_holds_of_one_file_follows_its_name_and_months(wardcast: CommandLine, tmp_path: Path) -> None:
    wf.write(tmp_path / "files" / "new.csv", wf.release(first="2024-01"))
    done = wardcast("ingest", tmp_path / "files", "--area", wf.LBBD)
    assert "\n  - new.csv (2024-01 to 2024-03): MPS ward release with 2 WD22 wards" in done.out
