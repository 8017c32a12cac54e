"""What was published when, what was known on a day, and how counts moved from release to release."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.releases import CATEGORIES, WARDS, released_panel, ward_release, without
from tests.ward_files import said
from wardcast_models.errors import WardcastError
from wardcast_models.panel.counts.combine import combine
from wardcast_models.panel.counts.revision_history import HISTORY_COLUMNS, revision_history, typical_revision
from wardcast_models.panel.counts.revisions import KnownShare, as_known_on
from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel


def known(panel: Panel, day: str) -> tuple[Panel, KnownShare]:
    return as_known_on(panel, pd.Timestamp(day))


def count(panel: Panel, month: str, *, ward: str = WARDS[0], category: str = CATEGORIES[0]) -> float:
    cells = panel.counts[panel.ward_codes.index(ward), panel.categories.index(category)]
    return float(cells[list(panel.months.strftime("%Y-%m")).index(month)])


def rolling() -> Panel:
    """Three rolling releases, each with its own level: data to 2023-06, 2023-12 and 2024-06."""
    return released_panel(
        ward_release("2021-07", 24, level=50),
        ward_release("2022-01", 24, level=60),
        ward_release("2022-07", 24, level=70),
    )


def test_a_rolling_release_is_taken_to_come_out_in_the_middle_of_the_month_after_it() -> None:
    (release,) = rolling().releases[:1]
    assert (release.published, release.published_known) == (pd.Timestamp("2023-07-15"), False)


def test_a_file_that_tells_its_day_is_believed() -> None:
    panel = released_panel(ward_release("2021-07", 24, published="2023-07-03"))
    assert (panel.releases[0].published, panel.releases[0].published_known) == (pd.Timestamp("2023-07-03"), True)


def test_a_historical_file_comes_out_when_its_months_have_left_the_rolling_one() -> None:
    panel = released_panel(ward_release("2020-01", 48))
    assert panel.releases[0].published == pd.Timestamp("2026-01-15")


def test_releases_stand_oldest_first_with_nothing_where_they_do_not_cover_a_cell() -> None:
    one_ward = ward_release("2023-01", 13, wards=WARDS[:1], level=9)
    everywhere = without(ward_release("2022-01", 13, level=9), "robbery_personal")
    panel = released_panel(one_ward, everywhere)
    older, newer = panel.releases
    assert [f"{each.first_month:%Y-%m} {each.last_month:%Y-%m}" for each in (older, newer)] == [
        "2022-01 2023-01",
        "2023-01 2024-01",
    ]
    assert np.isnan(newer.counts[1:]).all()
    assert np.isnan(older.counts[:, panel.categories.index("robbery_personal")]).all()
    assert (older.counts[:, panel.categories.index("other_theft")] == 9).all()


def test_a_gap_between_the_months_of_a_release_tells_nothing() -> None:
    release = ward_release("2022-01", 12)
    kept = [place for place in range(12) if place != 5]
    gap = replace(release, months=release.months[kept], counts=release.counts[:, :, kept])
    told = combine([gap]).releases[0]
    assert np.isnan(told.counts[:, :, 5]).all()
    assert not np.isnan(np.delete(told.counts, 5, axis=2)).any()


def test_a_past_day_sees_the_newest_release_of_the_time() -> None:
    past, share = known(rolling(), "2024-01-31")
    assert past.last_month == pd.Timestamp("2023-12-01")
    assert count(past, "2023-06") == count(past, "2022-01") == 60
    assert count(past, "2021-12") == 50
    assert (share.later_cells, share.undated_cells, share.share_known) == (0, 0, 1.0)
    assert [release.last_month for release in past.releases] == list(pd.to_datetime(["2023-06-01", "2023-12-01"]))


def test_what_no_release_of_the_time_holds_is_a_later_figure_from_the_oldest_and_counted() -> None:
    past, share = known(rolling(), "2023-10-31")
    assert past.last_month == pd.Timestamp("2023-09-01")
    assert count(past, "2023-06") == 50
    assert count(past, "2023-08") == 60
    assert (share.known_cells, share.later_cells) == (24 * 12, 3 * 12)
    assert share.of_assumed_day == 24 * 12
    assert share.sentence() == (
        "31 October 2023: 89% of the counts are from releases published by then (their day of publication is assumed). "
        "No release of that time is at hand for the other 11%: later figures."
    )


def test_a_day_before_any_release_sees_later_figures_only_and_says_so() -> None:
    past, share = known(rolling(), "2022-01-31")
    assert past.last_month == pd.Timestamp("2021-12-01")
    assert (share.known_cells, share.later_cells) == (0, 6 * 12)
    assert "all counts are later figures" in share.sentence()
    assert past.releases == ()


def test_a_day_before_the_data_is_refused() -> None:
    with pytest.raises(WardcastError, match="The data do not reach"):
        known(rolling(), "2019-01-31")


def test_cells_of_other_sources_stay_and_are_counted_apart() -> None:
    panel = rolling()
    asb = np.full((3, 1, len(panel.months)), 7.0)
    releases = tuple(
        replace(release, counts=np.concatenate([release.counts, np.full_like(release.counts[:, :1], np.nan)], axis=1))
        for release in panel.releases
    )
    wider = replace(
        panel,
        categories=(*panel.categories, "asb"),
        counts=np.concatenate([panel.counts, asb], axis=1),
        releases=releases,
    )
    past, share = known(wider, "2024-01-31")
    assert count(past, "2023-12", category="asb") == 7
    assert share.undated_cells == 30 * 3
    assert share.share_known == pytest.approx(4 / 5)


def test_the_day_itself_counts_as_known() -> None:
    assert known(rolling(), "2023-07-15")[1].known_cells > known(rolling(), "2023-07-14")[1].known_cells == 0


@settings(max_examples=40, deadline=None)
@given(day=st.dates(pd.Timestamp("2022-01-01").date(), pd.Timestamp("2024-12-31").date()), added=st.integers(1, 500))
def test_nothing_published_later_changes_what_was_known(day: object, added: int) -> None:
    panel, when = rolling(), pd.Timestamp(str(day))
    tampered = replace(
        panel,
        counts=panel.counts + added,
        releases=tuple(
            replace(release, counts=release.counts + added) if release.published > when else release
            for release in panel.releases
        ),
    )
    (truth, share), (past, tampered_share) = as_known_on(panel, when), as_known_on(tampered, when)
    changed = past.counts != truth.counts
    assert share == tampered_share
    assert past.months.equals(truth.months)
    assert changed.sum() == share.later_cells


def test_the_history_tells_what_each_release_said_and_by_how_much_it_moved() -> None:
    history = revision_history(rolling(), ward_codes=WARDS[:1], categories=CATEGORIES[:1])
    assert tuple(history.columns) == HISTORY_COLUMNS
    month = history[history["month"] == "2023-06-01"]
    assert month["total"].tolist() == [50, 60, 70]
    assert month["age_months"].tolist() == [1, 7, 13]
    assert month["change"].tolist()[1:] == [10, 10]
    assert month["change_percent"].tolist()[1:] == pytest.approx([20, 100 / 6])
    assert month["change"].isna().tolist() == [True, False, False]


def test_a_category_that_one_release_lacks_is_no_revision() -> None:
    panel = released_panel(
        ward_release("2022-01", 24, level=50), without(ward_release("2022-07", 24, level=50), "robbery_personal")
    )
    history = revision_history(panel)
    assert set(history["change"].dropna()) == {0}


def test_the_typical_revision_is_told_by_age() -> None:
    older, newer = ward_release("2022-01", 24, level=100), ward_release("2022-02", 24, level=100)
    newer.counts[:, :, -2] = 102
    typical = typical_revision(revision_history(released_panel(older, newer))).set_index("age_months")
    assert typical.loc[1, "median_percent"] == pytest.approx(2.0)
    assert typical.loc[2, "median_percent"] == 0
    assert typical["months"].sum() == 23


def test_the_real_releases_tell_what_was_known_and_how_the_newest_month_moved(real_data: Path) -> None:
    panel = read_folder(real_data / "mps", area="E09000002")
    assert [f"{each.first_month:%Y-%m} {each.last_month:%Y-%m}" for each in panel.releases] == [
        "2021-09 2023-08",
        "2023-04 2025-03",
        "2010-04 2024-02",
    ]
    past, share = known(panel, "2023-09-30")
    assert past.last_month == pd.Timestamp("2023-08-01")
    assert share.share_known == pytest.approx(0.144, abs=0.001)
    history = revision_history(panel, ward_codes=panel.ward_codes)
    august = history[history["month"] == "2023-08-01"]
    assert august["change_percent"].tolist()[1:] == pytest.approx([1.32, 0.02], abs=0.005)
    today, _ = known(panel, "2030-01-01")
    np.testing.assert_array_equal(today.counts, panel.counts)
    assert "2023-08, moved from 74,473 to 75,453 crimes (+1.3%)" in said(panel, FindingKind.CAVEAT)


def test_a_panel_cut_short_keeps_its_releases_up_to_there() -> None:
    panel = rolling()
    carried = pd.DataFrame(
        {
            "ward_code": WARDS[0],
            "category": CATEGORIES[0],
            "first_month": pd.to_datetime(["2021-07-01", "2023-03-01"]),
            "last_month": pd.to_datetime(["2022-12-01", "2023-06-01"]),
            "from_vintage": "WD18",
            "relative_sd": 0.1,
        }
    )
    unlocated = pd.DataFrame(
        {
            "place": "E09000002",
            "category": "rape",
            "month": pd.to_datetime(["2022-06-01", "2022-07-01"]),
            "count": [1.0, 2.0],
            "source": "test",
        }
    )
    cut = replace(panel, carried=carried, unlocated=unlocated).up_to(pd.Timestamp("2022-06-01"))
    assert [(each.first_month, each.last_month, each.counts.shape[2]) for each in cut.releases] == [
        (pd.Timestamp("2021-07-01"), pd.Timestamp("2022-06-01"), 12),
        (pd.Timestamp("2022-01-01"), pd.Timestamp("2022-06-01"), 6),
    ]
    assert cut.carried["last_month"].tolist() == [pd.Timestamp("2022-06-01")]
    assert cut.unlocated["count"].tolist() == [1.0]
