"""Overlapping releases: the newest complete one wins, ward by ward, and no month is destroyed or doubled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.releases import CATEGORIES, WARDS, ward_release, without
from wardcast_models.panel.counts.combine import WardCounts, combine
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.parts import WardRelease


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
    assert "The column 2024-01 holds 1 crime of all its wards" in said(combined, FindingKind.MENDED)


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


def test_two_releases_of_which_nothing_tells_the_newer_are_told() -> None:
    one, other = (
        ward_release("2023-01", 12, level=50, file="a.csv"),
        ward_release("2023-01", 12, level=51, file="b.csv"),
    )
    combined = combine([one, other])
    told = said(combined, FindingKind.CAVEAT)
    assert "Nothing tells whether it is newer than" in told
    assert "columns sha256, published, file" in told
    assert month_total(combined, "2023-01") == month_total(combine([other, one]), "2023-01")


@pytest.mark.parametrize("apart", ["wards", "day"])
def test_releases_that_do_not_compete_are_no_tie(apart: str) -> None:
    one = ward_release("2023-01", 12, level=50, wards=WARDS[:1])
    other = ward_release("2023-01", 12, level=51, wards=WARDS[1:] if apart == "wards" else WARDS)
    if apart == "day":
        other = replace(other, published=pd.Timestamp("2024-05-02"))
    assert "Nothing tells whether" not in said(combine([one, other]), FindingKind.CAVEAT)


def test_a_long_file_has_left_the_rolling_release_only_by_the_day_of_its_reading() -> None:
    long, rolling = ward_release("2020-01", 48, level=50, file="long.csv"), ward_release("2023-07", 24, level=60)
    later = combine([replace(long, read_on=pd.Timestamp("2026-02-01")), rolling])
    before = combine([replace(long, read_on=pd.Timestamp("2025-12-01")), rolling])
    assert counts_at(later, WARDS[0], CATEGORIES[0], "2023-08") == 50
    assert counts_at(before, WARDS[0], CATEGORIES[0], "2023-08") == 60
    assert "historical one of its pair" in said(later, FindingKind.CAVEAT)
    assert "historical one of its pair" not in said(before, FindingKind.CAVEAT)


def test_a_long_file_that_a_later_reading_would_take_for_a_newer_one_is_told_with_the_day_and_the_mend() -> None:
    long = ward_release("2020-01", 48, file="long.csv")
    rolling = ward_release("2023-07", 24, level=60)
    told = said(combine([replace(long, read_on=pd.Timestamp("2025-12-01")), rolling]), FindingKind.CAVEAT)
    assert "long.csv: It holds more than 25 months, and no historical release can end with 2023-12 yet." in told
    assert "as come out on 2024-01-15. Read again from 2026-01-15 on" in told
    assert "tell its day in a CSV file with the columns sha256, published, file" in told
    later = said(combine([replace(long, read_on=pd.Timestamp("2026-01-15")), rolling]), FindingKind.CAVEAT)
    assert "Read again" not in later
    assert "If such a file was joined by hand instead, tell its day" in later
