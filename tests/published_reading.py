"""A reader of the published files who wants to work out what is hidden: knows only what is in them, and all of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pulp

Key = tuple[str, str, str]
Rows = list[dict[str, Any]]

_STATUS = {"count": "shown", "previous_count": "previous_shown"}
_IN_WORKBOOK = {
    "What (id)": "measure",
    "Adds up (ids)": "categories",
    "Ward code": "ward_code",
    "This year": "count",
    "Year before": "previous_count",
    "Months counted": "months",
    "This year: hidden or rounded": "shown",
    "Year before: hidden or rounded": "previous_shown",
}


@dataclass(frozen=True, kw_only=True)
class Published:
    """Counts as a reader has them.

    Attributes:
        measures: `measure, categories` by row.
        rows: The wards' and the area's rows (`ward_code` "").
        elsewhere: Counts of the area in other tables: this year's, by measure.
    """

    measures: Rows
    rows: Rows
    elsewhere: dict[str, float]

    def hidden(self) -> list[Key]:
        """Return every figure that is not shown as it is."""
        return [
            (row["measure"], row["ward_code"], slot)
            for row in self.rows
            for slot, status in _STATUS.items()
            if row[status]
        ]

    def widths(self, *, rounding_base: int = 10) -> dict[Key, int]:
        """Return how far apart the least and the largest whole number are that each hidden figure can be, by CBC."""
        found = {}
        for slot in _STATUS:
            problem, variables = self._equations(slot, rounding_base)
            for key in (one for one in self.hidden() if one[2] == slot):
                ends = []
                for sense in (pulp.LpMinimize, pulp.LpMaximize):
                    problem.sense = sense
                    problem.setObjective(variables[key[:2]])
                    assert problem.solve(pulp.PULP_CBC_CMD(msg=False)) == pulp.LpStatusOptimal
                    ends.append(round(float(pulp.value(variables[key[:2]]))))
                found[key] = ends[1] - ends[0]
        return found

    def _equations(self, slot: str, base: int) -> tuple[pulp.LpProblem, dict[tuple[str, str], Any]]:
        """Write down all sums: wards make the area, categories make what adds them up, and other tables say it too."""
        held = [row for row in self.rows if row[slot] is not None or row[_STATUS[slot]]]
        variables = {}
        problem = pulp.LpProblem("published")
        for number, row in enumerate(held):
            value, status = row[slot], row[_STATUS[slot]]
            low, high = (0, 100_000) if status == "hidden" else (value, value)
            if status == "rounded":
                low, high = max(0, value - base / 2), value + base / 2 - 1
            variables[row["measure"], row["ward_code"]] = pulp.LpVariable(f"x{number}", low, high, cat="Integer")
        categories = {row["measure"]: str(row["categories"] or "").split() for row in self.measures}
        months = {row["measure"]: row["months"] for row in self.rows if row["ward_code"] == ""}
        wards = {row["ward_code"] for row in held} - {""}
        for measure, area in [(key[0], variable) for key, variable in variables.items() if key[1] == ""]:
            of_wards = [variables[measure, ward] for ward in wards if (measure, ward) in variables]
            if of_wards:
                problem += pulp.lpSum(of_wards) == area
            if slot == "count" and measure in self.elsewhere:
                problem += area == self.elsewhere[measure]
        for measure, parts in categories.items():
            inside = [part for part in parts if part != measure and months.get(part) == months.get(measure)]
            for place in ("", *wards):
                if (measure, place) in variables and len(inside) == len([part for part in parts if part != measure]):
                    told = [variables[part, place] for part in inside if (part, place) in variables]
                    if told:
                        problem += pulp.lpSum(told) == variables[measure, place]
        return problem, variables


def published_document(document: dict[str, Any]) -> Published:
    """Read the counts of a published document, in every table that has some."""
    tables = document["tables"]
    elsewhere: dict[str, float] = {}
    for row in tables["rolling"]:
        if row["month"] == document["last_month"] and document["months_covered"] == 12:
            elsewhere[row["measure"]] = row["count_12_months"]
    elsewhere |= {row["category"]: row["count"] for row in tables["harm"]}
    elsewhere |= {row["measure"]: row["count"] for row in tables["comparison"] if row["kind"] == "area"}
    area = [row | {"ward_code": ""} for row in tables["area"]]
    return Published(measures=tables["measures"], rows=[*tables["wards"], *area], elsewhere=elsewhere)


def published_workbook(path: Path) -> Published:
    """Read the counts of a published workbook: wards and area."""
    book = openpyxl.load_workbook(path)

    def rows(sheet: str) -> Rows:
        heads, *values = list(book[sheet].iter_rows(values_only=True))
        names = [_IN_WORKBOOK.get(str(head), str(head)) for head in heads]
        made = [dict(zip(names, row, strict=True)) for row in values]
        return [row | {status: row.get(status) or "" for status in _STATUS.values()} for row in made]

    area = [row | {"ward_code": ""} for row in rows("Area")]
    return Published(measures=rows("Measures"), rows=[*rows("Wards"), *area], elsewhere={})


def read_document(path: Path) -> dict[str, Any]:
    """Return a published document."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
