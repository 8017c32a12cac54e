"""The arithmetic of carrying counts between wards: whole numbers, every total kept, uncertainty where wards divide."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from wardcast_models.panel.counts.carry import carry_counts, share_error

CATEGORIES = ("shoplifting", "rape")


@st.composite
def divided_counts(draw: st.DrawFn) -> tuple[np.ndarray, pd.DataFrame]:
    """Counts of three old wards over some months, and how they divide over three new ones."""
    n_months = draw(st.integers(1, 12))
    cells = draw(st.lists(st.integers(0, 40), min_size=6 * n_months, max_size=6 * n_months))
    rows = []
    for old in "abc":
        weights = draw(st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any))
        rows += [(old, new, w / sum(weights)) for new, w in zip("xyz", weights, strict=True) if w]
    shares = pd.DataFrame(rows, columns=["from_code", "to_code", "share"])
    return np.array(cells, dtype=np.float64).reshape(3, 2, n_months), shares


@given(divided_counts())
def test_carried_counts_are_whole_and_keep_every_months_total(drawn: tuple[np.ndarray, pd.DataFrame]) -> None:
    counts, shares = drawn
    carried = carry_counts("abc", CATEGORIES, counts, shares)
    assert (carried.counts == np.round(carried.counts)).all()
    assert (carried.counts >= 0).all()
    assert np.array_equal(carried.counts.sum(axis=0), counts.sum(axis=0))
    assert (carried.relative_sd >= 0).all()


@given(divided_counts())
def test_over_the_months_every_ward_gets_its_share(drawn: tuple[np.ndarray, pd.DataFrame]) -> None:
    counts, shares = drawn
    carried = carry_counts("abc", CATEGORIES, counts, shares)
    table = shares.pivot_table(index="to_code", columns="from_code", values="share", fill_value=0)
    wanted = np.einsum("nw,wct->nc", table.reindex(columns=list("abc")).to_numpy(), counts)
    assert np.abs(carried.counts.sum(axis=2) - wanted).max() < 2 * 3


@given(divided_counts())
def test_there_and_back_keeps_the_totals(drawn: tuple[np.ndarray, pd.DataFrame]) -> None:
    counts, shares = drawn
    there = carry_counts("abc", CATEGORIES, counts, shares)
    total = shares.groupby("to_code")["share"].transform("sum")
    home = shares.rename(columns={"from_code": "to_code", "to_code": "from_code"}).assign(share=shares["share"] / total)
    back = carry_counts(there.ward_codes, CATEGORIES, there.counts, home)
    assert np.array_equal(back.counts.sum(axis=0), counts.sum(axis=0))


@given(divided_counts())
def test_wards_that_stay_the_same_keep_their_counts_without_doubt(drawn: tuple[np.ndarray, pd.DataFrame]) -> None:
    counts, _ = drawn
    same = pd.DataFrame({"from_code": list("abc"), "to_code": list("xyz"), "share": 1.0})
    carried = carry_counts("abc", CATEGORIES, counts, same)
    assert np.array_equal(carried.counts, counts)
    assert not carried.relative_sd.any()


def test_an_unobserved_month_stays_unobserved_in_every_ward_that_it_reaches() -> None:
    counts = np.array([[[4.0, np.nan]], [[2.0, 2.0]]])
    shares = pd.DataFrame({"from_code": ["a", "a", "b"], "to_code": ["x", "y", "y"], "share": [0.5, 0.5, 1.0]})
    carried = carry_counts("ab", ["rape"], counts, shares)
    assert np.isnan(carried.counts[:, 0, 1]).all()
    assert carried.counts[:, 0, 0].tolist() == [2, 4]


def test_a_ward_that_also_receives_from_an_unknown_ward_is_not_carried_to() -> None:
    shares = pd.DataFrame({"from_code": ["a", "b"], "to_code": ["x", "x"], "share": [1.0, 1.0]})
    assert carry_counts("a", ["rape"], np.ones((1, 1, 2)), shares).ward_codes == ()


def test_crime_around_shops_is_carried_with_more_doubt_than_crime_at_homes() -> None:
    assert share_error("shoplifting", 3.0) > 4 * share_error("burglary_residential", 3.0)
