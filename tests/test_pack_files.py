"""The assignments file, the workbook and the folder they are written to."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from tests.plan_example_wards import Team
from tests.plan_examples import inputs_example, plan_example, provenance_example
from wardcast.pack import write
from wardcast.pack.assignments_file import assignments_csv
from wardcast.pack.workbook import write_workbook
from wardcast.pack.write import write_pack
from wardcast_models.errors import ErrorKind, WardcastError

FORMULA = '=HYPERLINK("http://example.org","x")'


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_the_assignments_file_holds_every_assignment_to_a_hundredth() -> None:
    plan = plan_example()
    rows = read_csv(assignments_csv(plan))
    assert list(rows[0]) == ["month", "shift", "ward_code", "ward_name", "resource", "agency", "hours", "data"]
    assert {row["data"] for row in rows} == {"recorded"}
    assert len(rows) == len(plan.assignments)
    written = {(r["month"], r["shift"], r["ward_code"], r["resource"]): float(r["hours"]) for r in rows}
    assert written == {(a.month, a.shift, a.ward_code, a.resource): a.hours for a in plan.assignments}


def test_every_assignment_of_the_sample_says_that_it_is_made_up() -> None:
    assert {row["data"] for row in read_csv(assignments_csv(plan_example(synthetic=True)))} == {"SYNTHETIC"}


def test_a_scale_that_weighs_some_categories_only_says_so_in_the_workbook(tmp_path: Path) -> None:
    plan = plan_example().model_copy(update={"harm_scale": "ons"})
    write_workbook(plan, provenance_example(), tmp_path / "plan.xlsx")
    headings = [cell.value for cell in openpyxl.load_workbook(tmp_path / "plan.xlsx")["Wards"][1]]
    assert "All harm forecast, of the categories this scale weighs" in headings


def test_the_assignments_file_follows_the_months_and_the_order_of_the_day() -> None:
    rows = read_csv(assignments_csv(plan_example()))
    order = {"day": 0, "late": 1, "night": 2}
    keys = [(r["month"], order[r["shift"]], r["ward_code"], r["resource"]) for r in rows]
    assert keys == sorted(keys)


def test_the_assignments_file_does_not_depend_on_the_order_they_were_found_in() -> None:
    plan = plan_example()
    reversed_plan = plan.model_copy(update={"assignments": plan.assignments[::-1]})
    assert assignments_csv(reversed_plan) == assignments_csv(plan)


def test_a_name_that_looks_like_a_formula_is_text_in_both_files(tmp_path: Path) -> None:
    plan = plan_example(
        wards=[("E05014053", "+Abbey"), ("E05014054", "@Alibon")],
        teams=[Team(name=FORMULA, agency="council", hours_per_month=50)],
        title="-1+1",
    )
    names = {row["resource"] for row in read_csv(assignments_csv(plan))}
    assert names == {f"'{FORMULA}"}

    write_workbook(plan, provenance_example(), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "no formula anywhere"
    assert {cell.value for cell in book["Assignments"]["E"][1:]} == {FORMULA}
    assert not any(cell.hyperlink for cell in cells)


def test_the_workbook_reads_back_with_the_figures_of_the_plan(tmp_path: Path) -> None:
    plan = plan_example()
    write_workbook(plan, provenance_example(), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert book.sheetnames == [
        "Summary",
        "Warnings",
        "Assignments",
        "Teams",
        "Wards",
        "Wards and teams",
        "Ward categories",
        "Anti-social behaviour",
        "Effects",
        "Limits",
        "Changes",
        "Fairness",
        "Assumptions",
        "Evidence",
        "Findings",
    ]
    assignments = list(book["Assignments"].iter_rows(min_row=2, values_only=True))
    assert sum(row[-1] for row in assignments) == pytest.approx(sum(a.hours for a in plan.assignments))
    wards = list(book["Wards"].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in wards] == [
        (w.rank, w.ward_code, w.ward_name, pytest.approx(w.hours)) for w in plan.wards
    ]
    effects = list(book["Effects"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in effects] == [pytest.approx(s.harm_avoided.mean) for s in plan.comparisons]
    limits = list(book["Limits"].iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in limits[:-1]] == pytest.approx([x.gain_from_one_more for x in plan.limits[:-1]])
    assert limits[-1][3] is None, "not tried is an empty cell, not a 0"
    assert len(list(book["Assumptions"].iter_rows(min_row=2))) == len(plan.assumptions)
    assert len(list(book["Findings"].iter_rows(min_row=2))) == len(plan.findings)


def test_the_workbook_carries_warnings_teams_changes_fairness_risk_and_checks(tmp_path: Path) -> None:
    plan = plan_example()
    write_workbook(plan, provenance_example(), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")

    def rows(name: str) -> list[tuple[object, ...]]:
        return list(book[name].iter_rows(min_row=2, values_only=True))

    assert rows("Warnings") == list(enumerate(plan.warnings, start=1))
    assert [row[:2] + row[3:7] for row in rows("Teams")] == [
        (
            t.resource,
            t.agency,
            *map(pytest.approx, (t.hours_available, t.hours_planned, t.hours_delivered, t.cost_pounds)),
        )
        for t in plan.resources
    ]
    here = [(w.ward_code, s.resource, pytest.approx(s.hours), s.rank) for w in plan.wards for s in w.resources]
    assert [(row[0], row[2], row[3], row[5]) for row in rows("Wards and teams")] == here
    changes = rows("Changes")
    assert len(changes) == sum(max(1, len(tried.changes)) for tried in plan.sensitivities), "a row a changed ward"
    assert ("the ONS Crime Severity Score", "Abbey", 1, 3) in {(row[1], row[7], row[8], row[9]) for row in changes}
    nothing_moves = next(row for row in changes if row[1] == "the delivery scenario `slower`")
    assert nothing_moves[6:12] == (None,) * 6
    assert [row[3:] for row in rows("Fairness")] == [
        (pytest.approx(g.protection), pytest.approx(g.burden_hours_per_1000)) for g in plan.fairness
    ]
    summary = dict(book["Summary"].iter_rows(min_row=2, values_only=True))
    assert summary["Cost of the planned hours, pounds"] == pytest.approx(plan.cost_pounds)
    assert summary["Harm left in the worst tenth of the futures"] == pytest.approx(plan.risk.residual_cvar)
    assert summary["Most that any plan could avoid beyond this one, share"] == plan.certificate.optimality_gap


def test_the_workbook_marks_the_limit_that_a_warning_is_about(tmp_path: Path) -> None:
    write_workbook(plan_example(), provenance_example(), tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["Limits"]
    heads, *rows = list(sheet.iter_rows(values_only=True))
    by_field = {row[heads.index("Set by")]: row[heads.index("Warning")] for row in rows}
    assert by_field["limits.ward_max_share"] == "look at this"
    assert not by_field["limits.ward_min_hours_per_month"]


def test_the_workbook_is_ready_to_filter_and_scroll(tmp_path: Path) -> None:
    write_workbook(plan_example(), provenance_example(), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref is not None
    assert book["Assignments"]["G2"].number_format == "#,##0.00"


def test_the_workbook_of_the_sample_says_that_it_is_made_up(tmp_path: Path) -> None:
    write_workbook(plan_example(synthetic=True), provenance_example(), tmp_path / "plan.xlsx")
    summary = dict(openpyxl.load_workbook(tmp_path / "plan.xlsx")["Summary"].iter_rows(min_row=2, values_only=True))
    assert summary["Data"].startswith("SYNTHETIC SAMPLE")


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_pack(inputs_example(), tmp_path / "first")
    second = write_pack(inputs_example(), tmp_path / "second")
    assert first.report.read_bytes() == second.report.read_bytes()
    assert first.assignments.read_bytes() == second.assignments.read_bytes()
    assert first.workbook.read_bytes() == second.workbook.read_bytes()


def test_the_pack_is_three_files_and_nothing_else(tmp_path: Path) -> None:
    files = write_pack(inputs_example(), tmp_path / "deep" / "out")
    assert sorted(path.name for path in files.report.parent.iterdir()) == [
        "assignments.csv",
        "plan.xlsx",
        "report.html",
    ]


def test_a_failure_half_way_leaves_the_earlier_pack_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write_pack(inputs_example(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full_disk(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "write_workbook", full_disk)
    with pytest.raises(WardcastError) as failure:
        write_pack(inputs_example(title="Another plan"), tmp_path)
    assert failure.value.kind is ErrorKind.INVALID_INPUT
    assert "No space left on device" in str(failure.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert files.report.exists()


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(WardcastError, match="could not be written"):
        write_pack(inputs_example(), tmp_path / "out")
