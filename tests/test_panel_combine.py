"""Overlapping releases: the newest complete one wins, ward by ward, and no month is destroyed or doubled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.releases import CATEGORIES, MONTHS, WARDS, released_panel, ward_release, without
from wardcast_models.panel.counts.combine import WardCounts, combine
from wardcast_models.panel.counts.revisions import as_known_on
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.parts import WardRelease

Counts = NDArray[np.int64]


def counts_at(combined: WardCounts, ward: str, category: str, month: str) -> float:
    """One cell of the combined counts."""
    cells = combined.counts[combined.ward_codes.index(ward), combined.categories.index(category)]
    return float(cells[list(combined.months.strftime("%Y-%m")).index(month)])


def month_total(combined: WardCounts, month: str) -> float:
    """All crimes of a month."""
    return float(np.nansum(combined.counts[:, :, list(combined.months.strftime("%Y-%m")).index(month)]))


def said(combined: WardCounts, kind: FindingKind) -> str:
    return "\n".join(f"{finding.file}: {finding.message}" for finding in combined.findings if finding.kind is kind)


def test_the_newest_release_wins_where_both_have_a_month() -> None:
    older, newer = ward_release("2023-01", 12, level=50), ward_release("2023-07", 12, level=60)
    combined = combine([newer, older])
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2023-06") == 50
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2023-07") == 60
    assert list(combined.months[[0, -1]].strftime("%Y-%m")) == ["2023-01", "2024-06"]


def test_a_day_of_publication_told_by_the_file_counts_more_than_the_last_month() -> None:
    ends_late = ward_release("2023-01", 24, level=50)
    published_later = ward_release("2022-01", 24, level=60, published="2026-01-05")
    combined = combine([ends_late, published_later])
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2023-06") == 60
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2024-06") == 50


def test_each_ward_is_taken_from_the_newest_release_that_has_it() -> None:
    everywhere = ward_release("2023-01", 12, level=50)
    one_ward = ward_release("2023-07", 12, level=60, wards=WARDS[:1])
    combined = combine([everywhere, one_ward])
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2023-09") == 60
    assert counts_at(combined, WARDS[1], CATEGORIES[0], "2023-09") == 50
    assert np.isnan(counts_at(combined, WARDS[1], CATEGORIES[0], "2024-03"))


@pytest.mark.parametrize("level", [6, 40, 300])
def test_a_left_over_column_never_destroys_a_month_that_an_older_release_has(level: int) -> None:
    older = ward_release("2023-01", 24, level=level)
    newer = ward_release("2024-01", 25, level=level + 1)
    newer.counts[:, :, 0] = 0
    newer.counts[0, 0, 0] = 1
    combined = combine([older, newer])
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2024-01") == level
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2024-02") == level + 1
    assert "The column 2024-01 holds 1 crimes of all its wards" in said(combined, FindingKind.MENDED)


def test_a_left_over_column_of_a_small_file_begins_no_panel() -> None:
    alone = ward_release("2023-03", 25, level=6, wards=WARDS[:2])
    alone.counts[:, :, 0] = 0
    alone.counts[0, 0, 0] = 1
    combined = combine([alone])
    assert combined.months[0] == pd.Timestamp("2023-04-01")
    assert not np.isnan(combined.counts).any()


def test_a_month_that_is_complete_for_some_wards_only_is_taken_ward_by_ward() -> None:
    older, newer = ward_release("2023-01", 24, level=30), ward_release("2023-12", 24, level=31)
    newer.counts[1, :, 0] = 0
    combined = combine([older, newer])
    assert counts_at(combined, WARDS[0], CATEGORIES[0], "2023-12") == 31
    assert counts_at(combined, WARDS[1], CATEGORIES[0], "2023-12") == 30
    assert "of 1 of its 3 wards" in said(combined, FindingKind.MENDED)


def test_a_true_zero_stays_a_zero() -> None:
    older, newer = ward_release("2023-01", 24, level=3), ward_release("2023-12", 24, level=3)
    newer.counts[1, 0, 0] = 0
    assert counts_at(combine([older, newer]), WARDS[1], CATEGORIES[0], "2023-12") == 0


def test_a_category_that_the_newest_release_left_out_comes_from_the_next() -> None:
    older = ward_release("2023-01", 24, level=30)
    newer = without(ward_release("2023-07", 24, level=30), "robbery_personal")
    combined = combine([older, newer])
    assert counts_at(combined, WARDS[0], "robbery_personal", "2023-07") == 30
    assert np.isnan(counts_at(combined, WARDS[0], "robbery_personal", "2025-01"))
    assert month_total(combined, "2023-07") == month_total(combined, "2023-06")


def test_a_category_that_the_newest_release_filed_under_another_is_not_counted_twice() -> None:
    older = ward_release("2023-01", 24, level=30)
    newer = ward_release("2023-07", 24, level=30)
    newer.counts[:, CATEGORIES.index("other_theft")] += newer.counts[:, CATEGORIES.index("robbery_personal")]
    combined = combine([older, without(newer, "robbery_personal")])
    assert counts_at(combined, WARDS[0], "other_theft", "2023-07") == 60
    assert np.isnan(counts_at(combined, WARDS[0], "robbery_personal", "2023-07"))
    assert month_total(combined, "2023-07") == month_total(combined, "2023-06")
    assert "is not listed in this release" in said(combined, FindingKind.CAVEAT)
    assert "drawn differently" in said(combined, FindingKind.CAVEAT)


def test_a_category_that_stands_under_another_label_for_some_months_is_no_zero_there() -> None:
    older = ward_release("2023-01", 24, level=30)
    newer = ward_release("2023-07", 24, level=30)
    moved = slice(0, 6)
    newer.counts[:, CATEGORIES.index("other_theft"), moved] += 30
    newer.counts[:, CATEGORIES.index("robbery_personal"), moved] = 0
    combined = combine([older, newer])
    assert np.isnan(counts_at(combined, WARDS[0], "robbery_personal", "2023-07"))
    assert counts_at(combined, WARDS[0], "robbery_personal", "2024-01") == 30
    assert "has no crime in these months of this release" in said(combined, FindingKind.CAVEAT)
    assert {month_total(combined, month) for month in ("2023-06", "2023-07", "2024-01")} == {30 * 3 * 4}


def test_a_copy_is_used_once_and_said() -> None:
    release = ward_release("2023-01", 12, level=50)
    combined = combine([release, replace(release, file="copy.csv")])
    assert month_total(combined, "2023-01") == 50 * 3 * 4
    assert "It holds the same as" in said(combined, FindingKind.LEFT_ASIDE)


def test_days_of_publication_that_are_assumed_are_said() -> None:
    first, second = ward_release("2023-01", 12, file="a.csv"), ward_release("2023-07", 12, level=60, file="b.csv")
    assert "come out on: a.csv 2024-01-15; b.csv 2024-07-15." in said(combine([first, second]), FindingKind.CAVEAT)


def test_the_move_of_the_newest_month_in_the_next_release_is_measured() -> None:
    older, newer = ward_release("2023-01", 12, level=100), ward_release("2023-02", 12, level=100)
    newer.counts[:, :, 10] = 102
    assert "Its newest month, 2023-12, moved from 1,200 to 1,224 crimes (+2.0%)" in said(
        combine([older, newer]), FindingKind.CAVEAT
    )


@st.composite
def published_series(draw: st.DrawFn) -> tuple[Counts, list[WardRelease]]:
    """A true series, and releases of it: each a span of it as it is, so that the truth is known."""
    base = draw(st.integers(8, 200))
    chance = np.random.default_rng(draw(st.integers(0, 2**31)))
    truth = chance.poisson(base, size=(len(WARDS), len(CATEGORIES), len(MONTHS))) + 1
    spans = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(13, 26)), min_size=1, max_size=4))
    releases = []
    for number, (start, length) in enumerate(spans):
        months = MONTHS[start : start + length]
        rows = draw(st.sampled_from([[0, 1, 2], [0, 1], [2]]))
        counts = truth[rows][:, :, start : start + len(months)].copy()
        release = ward_release(
            f"{months[0]:%Y-%m}", len(months), wards=[WARDS[row] for row in rows], counts=counts, file=f"{number}.csv"
        )
        releases.append(release)
    return truth, releases


def whole(combined: WardCounts, truth: Counts) -> Counts:
    """The truth on the axes of what was combined."""
    rows = [WARDS.index(code) for code in combined.ward_codes]
    return truth[rows][:, :, MONTHS.get_indexer(combined.months)]


def covered(combined: WardCounts, releases: Sequence[WardRelease]) -> NDArray[np.bool_]:
    """Which wards and months some release holds complete, left-over first columns aside."""
    mask = np.zeros((len(combined.ward_codes), len(combined.months)), dtype=np.bool_)
    for release in releases:
        rows = np.array([combined.ward_codes.index(code) for code in release.ward_codes])
        mask[np.ix_(rows, combined.months.get_indexer(release.months))] = True
    return mask


@settings(max_examples=60, deadline=None)
@given(drawn=published_series(), chance=st.randoms(use_true_random=False))
def test_releases_that_agree_give_back_the_truth_in_any_order_and_with_copies(
    drawn: tuple[Counts, list[WardRelease]], chance: Random
) -> None:
    truth, releases = drawn
    combined = combine(releases)
    held = covered(combined, releases)
    np.testing.assert_array_equal(
        combined.counts.transpose(0, 2, 1)[held], whole(combined, truth).transpose(0, 2, 1)[held]
    )
    assert np.isnan(combined.counts.transpose(0, 2, 1)[~held]).all()
    again = [*releases, *(replace(release, file=f"copy {release.file}") for release in releases)]
    chance.shuffle(again)
    np.testing.assert_array_equal(combine(again).counts, combined.counts)


@settings(max_examples=60, deadline=None)
@given(drawn=published_series(), left_over=st.integers(0, 2))
def test_a_left_over_first_column_changes_no_month_of_releases_that_agree(
    drawn: tuple[Counts, list[WardRelease]], left_over: int
) -> None:
    truth, releases = drawn
    spoilt = []
    for release in releases:
        counts = release.counts.copy()
        counts[:, :, 0] = 0
        counts[0, 0, 0] = left_over
        spoilt.append(
            ward_release(
                release.months[0].strftime("%Y-%m"),
                len(release.months),
                wards=release.ward_codes,
                counts=counts,
                file=release.file,
            )
        )
    combined = combine(spoilt)
    months = [replace(release, months=release.months[1:]) for release in spoilt]
    held = covered(combined, months)
    np.testing.assert_array_equal(
        combined.counts.transpose(0, 2, 1)[held], whole(combined, truth).transpose(0, 2, 1)[held]
    )
    assert np.isnan(combined.counts.transpose(0, 2, 1)[~held]).all()


@settings(max_examples=40, deadline=None)
@given(drawn=published_series(), category=st.sampled_from(CATEGORIES), number=st.integers(0, 3), merged=st.booleans())
def test_a_category_dropped_or_merged_by_one_release_is_never_counted_twice(
    drawn: tuple[Counts, list[WardRelease]], category: str, number: int, merged: bool
) -> None:
    truth, releases = drawn
    number %= len(releases)
    changed, other = releases[number], CATEGORIES[CATEGORIES.index(category) - 1]
    if merged:
        changed.counts[:, CATEGORIES.index(other)] += changed.counts[:, CATEGORIES.index(category)]
    combined = combine([*releases[:number], without(changed, category), *releases[number + 1 :]])
    totals = np.nansum(combined.counts, axis=1)
    assert (totals <= whole(combined, truth).sum(axis=1)).all()
    kept = [place for place, name in enumerate(combined.categories) if name not in {category, other}]
    held = covered(combined, releases)
    assert not np.isnan(combined.counts[:, kept].transpose(0, 2, 1)[held]).any()


@settings(max_examples=40, deadline=None)
@given(drawn=published_series())
def test_the_panel_of_today_is_what_all_releases_tell(drawn: tuple[Counts, list[WardRelease]]) -> None:
    _, releases = drawn
    combined = combine(releases)
    past, share = as_known_on(released_panel(*releases), pd.Timestamp("2040-01-01"))
    np.testing.assert_array_equal(past.counts, combined.counts)
    assert (share.later_cells, share.undated_cells) == (0, 0)


def split_release(first: str, without_stalking: int, stalking: int) -> WardRelease:
    """A release with a row of stalking beside the row of violence without injury."""
    release = ward_release(first, 24, level=100, file="split.csv")
    release.counts[:, CATEGORIES.index("violence_without_injury")] = without_stalking + stalking
    return replace(release, stalking=np.full((len(WARDS), 24), stalking, dtype=np.int64))


def test_stalking_in_a_row_of_its_own_and_in_violence_without_injury_is_counted_once() -> None:
    joined, split = ward_release("2023-01", 24, level=100), split_release("2023-07", 100, 40)
    combined = combine([joined, split])
    assert counts_at(combined, WARDS[0], "violence_without_injury", "2025-01") == 100
    assert "It was counted once" in said(combined, FindingKind.MENDED)


@pytest.mark.parametrize("joined_first", ["2023-01", "2019-01"])
def test_stalking_that_was_split_out_properly_is_added_back(joined_first: str) -> None:
    joined, split = ward_release(joined_first, 24, level=100), split_release("2023-07", 60, 40)
    combined = combine([joined, split])
    assert counts_at(combined, WARDS[0], "violence_without_injury", "2025-01") == 100
    assert "counted once" not in said(combined, FindingKind.MENDED)
