"""A column mapping reads tables whose layout nobody foresaw, and says which of its keys is wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests import ward_files as wf
from wardcast_models.errors import WardcastError
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.gather import Gathered, gather
from wardcast_models.panel.mapping import is_mapping_file
from wardcast_models.panel.parts import WardIncidents, WardRelease
from wardcast_models.panel.readers import LAYOUTS
from wardcast_models.progress import silent

MAPPING = """
wardcast_columns:
  - match: [Ward GSS, Period, "N"]
    layout: ward_months
    columns: {ward_code: Ward GSS, month: Period, category: Kind, count: "N"}
    values: {category: {"Anti Social": anti-social-behaviour}}
"""
TABLE = [
    ["Ward GSS", "Period", "Kind", "N", "Officer"],
    [wf.ABBEY, "2024-01", "Anti Social", "5", "x"],
    [wf.ALIBON, "2024-01", "Anti Social", "7", "y"],
]


def folder_with(folder: Path, mapping: str, table: list[list[str]] = TABLE) -> Path:
    (folder / "ours.txt").write_text(mapping, encoding="utf-8")
    wf.write(folder / "export.csv", table)
    return folder


def read(folder: Path) -> Gathered:
    return gather(folder, silent)


def refusal(folder: Path) -> WardcastError:
    with pytest.raises(WardcastError) as raised:
        read(folder)
    return raised.value


def test_a_table_of_their_own_is_read_as_the_layout_named(tmp_path: Path) -> None:
    found = read(folder_with(tmp_path, MAPPING))
    [part] = found.parts
    assert isinstance(part, WardIncidents)
    assert part.frame.set_index("ward_code")["count"].to_dict() == {wf.ABBEY: 5, wf.ALIBON: 7}
    assert set(part.frame["category"]) == {"asb"}
    told = "".join(finding.message for finding in found.findings if finding.kind is FindingKind.MENDED)
    assert "by the column mapping ours.txt: wardcast_columns[0]: 'Ward GSS' as ward_code" in told


def test_a_wide_release_keeps_its_month_columns(tmp_path: Path) -> None:
    rows = wf.release()
    rows[0][:5] = ["Offence group", "Offence", "Ward", "GSS", "Council"]
    mapping = """
wardcast_columns:
  - match: [gss, offence group]
    layout: mps_ward
    columns: {MajorText: Offence group, MinorText: Offence, WardName: Ward, WardCode: GSS, LookUp_BoroughName: Council}
"""
    [part] = read(folder_with(tmp_path, mapping, rows)).parts
    assert isinstance(part, WardRelease)
    assert part.counts.sum() == sum(int(cell) for row in rows[1:] for cell in row[5:])


def test_a_constant_fills_a_column_that_the_table_lacks(tmp_path: Path) -> None:
    mapping = """
wardcast_columns:
  - match: [GSS, When, How many]
    layout: ward_months
    columns: {ward_code: GSS, month: When, count: How many}
    constants: {category: anti-social-behaviour}
"""
    rows = [["GSS", "When", "How many"], [wf.ABBEY, "2024-01", "5"]]
    [part] = read(folder_with(tmp_path, mapping, rows)).parts
    assert isinstance(part, WardIncidents)
    assert part.frame["category"].tolist() == ["asb"]


def test_problems_name_the_row_of_the_file_as_it_stands(tmp_path: Path) -> None:
    rows = [["Incidents of this year"], [], *TABLE, [wf.ABBEY, "2024-02", "Two\nlines", "many", "z"]]
    problem = refusal(folder_with(tmp_path, MAPPING, rows)).problems[0]
    assert (problem.where, problem.found) == ("export.csv, row 7, column count", "'many'")


def test_a_mapping_that_fits_no_file_is_told(tmp_path: Path) -> None:
    found = read(folder_with(tmp_path, MAPPING, wf.release()))
    [told] = [finding for finding in found.findings if finding.file == "ours.txt"]
    assert told.kind is FindingKind.LEFT_ASIDE
    assert "No file has the columns of ours.txt: wardcast_columns[0] (Ward GSS, Period, N)" in told.message


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("ward_months", "ward_month", "wardcast_columns[0].layout", "Did you mean `ward_months`?"),
        ("layout:", "layuot:", "wardcast_columns[0].layuot", "Did you mean `layout`?"),
        ('[Ward GSS, Period, "N"]', "[]", "wardcast_columns[0].match", "at least one"),
        ('count: "N"', "count: 3", "wardcast_columns[0].columns.count", "text"),
        ("values: {category:", "values: {kind:", "wardcast_columns[0].values.kind", "Add `kind` to `columns`"),
        ('values: {category: {"Anti Social": anti-social-behaviour}}', "constants: {month: x}", ".month", "Remove one"),
    ],
)
def test_a_wrong_key_is_named_with_its_place_and_file(
    tmp_path: Path, old: str, new: str, where: str, said: str
) -> None:
    assert old in MAPPING
    problems = refusal(folder_with(tmp_path, MAPPING.replace(old, new))).problems
    assert any(problem.where.startswith("ours.txt") and where in problem.where for problem in problems)
    assert any(said in str(problem) for problem in problems)


def test_an_unknown_layout_gets_the_list_of_those_known(tmp_path: Path) -> None:
    problem = refusal(folder_with(tmp_path, MAPPING.replace("ward_months", "crimes"))).problems[0]
    assert all(layout in problem.expected for layout in LAYOUTS)


def test_a_column_that_the_file_lacks_is_named(tmp_path: Path) -> None:
    problem = refusal(folder_with(tmp_path, MAPPING.replace("category: Kind", "category: Kinds"))).problems[0]
    assert problem.where == "ours.txt: wardcast_columns[0].columns.category"
    assert "Did you mean `Kind`?" in problem.mend


def test_a_mapping_that_does_not_lead_to_its_layout_says_what_is_lacking(tmp_path: Path) -> None:
    problem = refusal(
        folder_with(tmp_path, MAPPING.replace("category: Kind, ", "").replace("    values", "#"))
    ).problems[0]
    assert problem.where == "ours.txt: wardcast_columns[0].columns"
    assert "no column for category" in problem.found


@pytest.mark.parametrize(
    "text", ["wardcast_columns: [", "wardcast_columns: 3", "wardcast_columns:\nwardcast_columns:\n"]
)
def test_a_broken_mapping_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    assert refusal(folder_with(tmp_path, text)).problems[0].where.startswith("ours.txt")


def test_only_the_top_key_marks_a_mapping_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("ward_code,note\nE05014053,see wardcast_columns: below\n")
    assert not is_mapping_file(path)
    path.write_text('{"wardcast_columns": []}')
    assert is_mapping_file(path)


def test_a_mapping_in_an_archive_or_under_another_key_is_told(tmp_path: Path) -> None:
    wf.write(tmp_path / "release.csv", wf.release())
    (tmp_path / "ours.yaml").write_text(MAPPING.replace("wardcast_columns", "wardcast_column"), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as file:
        file.writestr("columns.yaml", MAPPING)
    told = {finding.file: finding for finding in read(tmp_path).findings if finding.kind is FindingKind.MISSING}
    assert "under `wardcast_column` and not under `wardcast_columns`" in told["ours.yaml"].message
    assert "take it out of the archive" in told["pack.zip: columns.yaml"].message
