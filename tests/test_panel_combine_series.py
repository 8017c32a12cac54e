"""Releases of a series that is known: whatever was released of it, what is combined never strays from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.releases import CATEGORIES, MONTHS, WARDS, released_panel, ward_release, without
from wardcast_models.panel.counts.combine import WardCounts, combine
from wardcast_models.panel.counts.revisions import as_known_on
from wardcast_models.panel.parts import WardRelease

Counts = NDArray[np.int64]


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
