"""A finding is told once: not a family of offences and one of its kinds as if they were two."""

from __future__ import annotations

import pandas as pd

from tests.panels import make_panel
from wardcast_models.profile.measures import Measure, measures_of
from wardcast_models.profile.once import told_findings

KINDS = ("violence_with_injury", "violence_without_injury", "burglary_residential", "burglary_business_community")


def measures() -> tuple[Measure, ...]:
    return measures_of(make_panel(categories=KINDS))


def clear(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["measure", "ward_code", "percent_a_year", "q_value"])


def told(frame: pd.DataFrame) -> list[tuple[str, str]]:
    found = told_findings(frame, measures(), "percent_a_year")
    return [(str(one.row["measure"]), str(one.kind["measure"]) if one.kind else "") for one in found]


def test_a_family_is_told_with_the_kind_that_moved_with_it() -> None:
    rows = clear(
        ("violence", "", 18.0, 0.001),
        ("violence_with_injury", "", 12.0, 0.02),
        ("violence_without_injury", "", 23, 0.01),
    )
    assert told(rows) == [("violence", "violence_without_injury")]


def test_a_kind_that_is_surer_than_its_family_stands_for_both() -> None:
    rows = clear(("burglary", "", -9.0, 0.04), ("burglary_residential", "", -19.0, 0.001))
    assert told(rows) == [("burglary_residential", "")]


def test_what_moved_the_other_way_or_elsewhere_is_told_too() -> None:
    rows = clear(
        ("burglary", "", -9.0, 0.001),
        ("burglary_residential", "", 12.0, 0.002),
        ("burglary", "E05000001", -30.0, 0.003),
    )
    assert told(rows) == [("burglary", ""), ("burglary_residential", ""), ("burglary", "")]


def test_all_crime_stands_beside_its_parts() -> None:
    rows = clear(("all_crime", "", 5.0, 0.001), ("violence", "", 18.0, 0.002))
    assert told(rows) == [("all_crime", ""), ("violence", "")]
