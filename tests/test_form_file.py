"""Forms are read strictly: nothing hides in them, and none is larger than a person would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardcast_models.allocation.request.file import parse_request
from wardcast_models.errors import ErrorKind, Problem, WardcastError
from wardcast_models.form_file import Form, read_form
from wardcast_models.strict_yaml import MOST_VALUES

FORM = Form(noun="request", option="--request", content="teams", example="an example")
TEAM = {"name": "Patrol", "hours_per_month": 100}
LOCKED = {"ward": "E05000001", "resource": "Patrol", "hours_per_month": 1}


def test_merged_keys_are_refused_with_their_line(tmp_path: Path) -> None:
    refused = refusal(tmp_path, "base: &base {hours: 1}\nteam:\n  <<: *base\n  name: Patrol\n")
    assert refused.where == "request.yaml, line 3"
    assert "`<<`" in refused.found


@pytest.mark.parametrize("doubled", ["[*k{0}, *k{0}]", "{{a: *k{0}, b: *k{0}}}", "{{<<: [*k{0}, *k{0}]}}"])
def test_a_few_lines_that_stand_for_millions_of_values_are_refused(tmp_path: Path, doubled: str) -> None:
    lines = ["k0: &k0 {a: 1}", *(f"k{at}: &k{at} {doubled.format(at - 1)}" for at in range(1, 40))]
    refused = refusal(tmp_path, "\n".join(lines))
    assert f"more than {MOST_VALUES:,} values" in refused.found


def test_a_part_that_refers_to_itself_is_refused(tmp_path: Path) -> None:
    assert "once every reference" in refusal(tmp_path, "teams: &teams [*teams]\n").found


def test_a_reference_used_as_people_do_is_read(tmp_path: Path) -> None:
    file = tmp_path / "request.yaml"
    file.write_text("day: &wards [Abbey, Alibon]\nnight: *wards\n", encoding="utf-8")
    assert read_form(file, FORM) == {"day": ["Abbey", "Alibon"], "night": ["Abbey", "Alibon"]}


def test_a_long_form_without_references_is_read(tmp_path: Path) -> None:
    file = tmp_path / "request.yaml"
    file.write_text(f"hours: [{'1,' * MOST_VALUES}]\n", encoding="utf-8")
    assert len(read_form(file, FORM)["hours"]) == MOST_VALUES


@pytest.mark.parametrize(
    ("fields", "where", "most"),
    [
        ({"resources": [{**TEAM, "name": f"Team {at}"} for at in range(61)]}, "resources", "60"),
        ({"shifts": [{"name": f"shift {at}", "hours": 1} for at in range(13)]}, "shifts", "12"),
        ({"shift_shares": [{"category": f"c{at}", "shares": {}} for at in range(61)]}, "shift_shares", "60"),
        (
            {"limits": {"ring_fences": [{"name": f"f{at}", "hours_per_month": 1} for at in range(201)]}},
            "limits.ring_fences",
            "200",
        ),
        ({"limits": {"locked": [LOCKED] * 5001}}, "limits.locked", "5,000"),
        ({"limits": {"forbidden": [{"ward": "E05000001"}] * 5001}}, "limits.forbidden", "5,000"),
    ],
)
def test_lists_longer_than_any_plan_needs_are_refused_with_their_length(
    fields: dict[str, object], where: str, most: str
) -> None:
    with pytest.raises(WardcastError) as refused:
        parse_request({"resources": [TEAM], **fields}, where="request.yaml")
    (problem,) = refused.value.problems
    assert problem.where == f"request.yaml: {where}"
    assert problem.expected == f"at most {most} in this list"
    assert problem.found == f"a list of {int(most.replace(',', '')) + 1:,}"


def refusal(folder: Path, text: str) -> Problem:
    """Return what is said of a file that is refused."""
    file = folder / "request.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WardcastError) as refused:
        read_form(file, FORM)
    assert refused.value.kind is ErrorKind.INVALID_INPUT
    return refused.value.problems[0]
