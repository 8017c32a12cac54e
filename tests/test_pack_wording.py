"""Numbers and months as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardcast.pack.wording import (
    amount,
    change,
    month_label,
    months_label,
    percent,
    tenths,
    whole_hours,
)
from wardcast_models.panel.findings import counted
from wardcast_models.words import listed


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "0"), (0.01, "<1"), (0.5, "<1"), (0.51, "1"), (12.4, "12"), (1240.25, "1,240")]
)
def test_hours_are_whole_and_never_hide_that_there_are_some(hours: float, words: str) -> None:
    assert whole_hours(hours) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.0001, "0"),
        (0.004, "0.004"),
        (0.03, "0.030"),
        (0.25, "0.25"),
        (1.234, "1.2"),
        (9.96, "10"),
        (43.8, "44"),
        (3941, "3,940"),
        (12_449, "12,400"),
        (1_234_567, "1,230,000"),
        (-0.42, "−0.42"),
        (-12_449, "−12,400"),
    ],
)
def test_uncertain_amounts_keep_two_or_three_figures(value: float, words: str) -> None:
    assert amount(value) == words


def test_small_effects_are_not_given_a_false_precision() -> None:
    assert tenths(0.008) == "<0.1"
    assert tenths(0) == "0"
    assert tenths(-0.01) == "0.0"
    assert tenths(5.27) == "5.3"


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (0.0001, "<0.1%"), (0.004, "0.4%"), (0.174, "17%"), (1, "100%")]
)
def test_shares_become_percentages(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(1.12, "+12%"), (0.97, "−3%"), (1.004, "no change"), (float("nan"), "not known"), (float("inf"), "not known")],
)
def test_ratios_become_changes(ratio: float, words: str) -> None:
    assert change(ratio) == words


def test_months_are_written_in_words() -> None:
    assert month_label("2025-04") == "April 2025"
    assert months_label(["2025-04"]) == "April 2025"
    assert months_label(["2025-04", "2025-05", "2025-06"]) == "April to June 2025"
    assert months_label(["2025-12", "2026-01"]) == "December 2025 to January 2026"


def test_lists_and_counts_read_as_sentences_do() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert counted(1, "ward") == "1 ward"
    assert counted(1200, "category", "categories") == "1,200 categories"


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_rounding_changes_an_amount_by_little(value: float) -> None:
    written = float(amount(value).replace(",", "").replace("−", "-"))
    assert written == pytest.approx(value, rel=0.06, abs=0.0006)
