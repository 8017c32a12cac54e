"""What a forecast from a past origin may know: nothing that was published later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel, pipeline_frame, visitors_frame
from tests.releases import released_panel, ward_release
from wardcast_models.errors import WardcastError
from wardcast_models.evaluation.availability import Availability, as_known, known_share
from wardcast_models.evaluation.backtest import backtest
from wardcast_models.fan_out import FanOut
from wardcast_models.forecasting.exposure import build_exposure
from wardcast_models.forecasting.pipeline import SCENARIOS
from wardcast_models.panel.counts.revisions import KnownShare
from wardcast_models.panel.panel import Panel

CODES = [f"E0500000{number}" for number in range(1, 5)]
GROWING = {code: {2016: 1000.0, 2020: 1100.0, 2026: 1700.0} for code in CODES}
HOMES = {"ward_code": CODES[0], "homes": 100, "first_completion": "2021-01", "last_completion": "2025-12"}


def panel(**options: object) -> Panel:
    given: dict[str, object] = {
        "projection": GROWING,
        "census_persons": [1050.0] * 4,
        "estimates": {code: {"2018-06-30": 1010.0, "2019-06-30": 1020.0, "2020-06-30": 1030.0} for code in CODES},
        **options,
    }
    return make_panel(first_month="2015-01", n_months=108, **given)  # type: ignore[arg-type]  # passed through


def known(of: Panel, origin: str, **availability: object) -> Panel:
    return as_known(of, pd.Timestamp(origin), Availability(**availability))  # type: ignore[arg-type]  # passed through


def months(frame: pd.DataFrame, column: str) -> list[str]:
    return sorted(set(pd.to_datetime(frame[column]).dt.strftime("%Y-%m")))


def test_counts_end_with_the_origin() -> None:
    assert known(panel(), "2020-05-01").last_month == pd.Timestamp("2020-05-01")


@pytest.mark.parametrize(
    ("origin", "estimates"),
    [
        ("2019-05-01", []),
        ("2019-06-01", ["2018-06"]),
        ("2020-05-01", ["2018-06"]),
        ("2020-06-01", ["2018-06", "2019-06"]),
        ("2021-06-01", ["2018-06", "2019-06", "2020-06"]),
    ],
)
def test_an_estimate_is_known_a_year_after_its_date_when_the_decision_is_made(
    origin: str, estimates: list[str]
) -> None:
    assert months(known(panel(), origin).estimates, "reference_date") == estimates


def test_the_lags_can_be_set() -> None:
    assert months(known(panel(), "2019-06-01", estimate_lag_months=0).estimates, "reference_date") == [
        "2018-06",
        "2019-06",
    ]
    assert months(known(panel(), "2019-06-01", count_lag_months=0).estimates, "reference_date") == []


def test_the_census_is_known_from_its_publication() -> None:
    assert known(panel(), "2022-09-01").census.empty
    assert len(known(panel(), "2022-10-01").census) == 4
    assert known(panel(), "2023-01-01", census_published=pd.Timestamp("2023-06-01")).census.empty


def test_an_undated_projection_is_known_always_or_from_a_date_set() -> None:
    assert len(known(panel(), "2016-01-01").projection) == 12
    since = {"projection_known_from": pd.Timestamp("2020-07-01")}
    assert known(panel(), "2020-05-01", **since).projection.empty
    assert len(known(panel(), "2020-06-01", **since).projection) == 12


def test_plans_are_known_from_their_own_date_or_with_the_projection() -> None:
    dated = {**HOMES, "scheme": "Dated", "known_from": pd.Timestamp("2019-03-01")}
    jobs = {"ward_code": CODES[1], "month": "2022-07", "jobs": 50.0}
    later = {**jobs, "month": "2024-07", "known_from": pd.Timestamp("2021-03-01")}
    of = panel(pipeline=pipeline_frame(HOMES, dated), visitors=visitors_frame(jobs, later))
    assert known(of, "2018-01-01").pipeline["scheme"].tolist() == ["Scheme"]
    assert known(of, "2019-02-01").pipeline["scheme"].tolist() == ["Scheme", "Dated"]
    since = {"projection_known_from": pd.Timestamp("2020-01-01")}
    assert known(of, "2018-01-01", **since).pipeline.empty
    assert known(of, "2019-06-01", **since).pipeline["scheme"].tolist() == ["Dated"]
    assert months(known(of, "2019-06-01").visitors, "month") == ["2022-07"]
    assert months(known(of, "2021-06-01").visitors, "month") == ["2022-07", "2024-07"]


def test_dashboard_series_end_with_the_origin() -> None:
    series = pd.DataFrame(
        {
            "area_code": "E09000002",
            "series": "knife_crime",
            "month": pd.to_datetime(["2020-05-01", "2020-06-01"]),
            "count": [1.0, 2.0],
        }
    )
    assert months(known(replace(panel(), borough_series=series), "2020-05-01").borough_series, "month") == ["2020-05"]


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("origin", ["2018-03-01", "2020-08-01", "2022-09-01"])
def test_nothing_published_later_changes_what_a_forecast_is_made_from(origin: str, scenario: str) -> None:
    dated = {**HOMES, "scheme": "Dated", "ward_code": CODES[1], "known_from": pd.Timestamp("2020-01-01")}
    jobs = {"ward_code": CODES[2], "month": "2018-07", "jobs": 900.0, "known_from": pd.Timestamp("2019-01-01")}
    truth = panel(pipeline=pipeline_frame(HOMES, dated), visitors=visitors_frame(jobs))
    decided = pd.Timestamp(origin) + pd.DateOffset(months=1)
    tampered = replace(
        truth,
        counts=np.where(truth.months > pd.Timestamp(origin), 99_999.0, truth.counts),
        estimates=truth.estimates.assign(
            persons=truth.estimates["persons"].where(
                truth.estimates["reference_date"] + pd.DateOffset(months=12) <= decided, 5.0
            )
        ),
        census=truth.census.assign(persons=7.0),
        pipeline=truth.pipeline.assign(
            homes=truth.pipeline["homes"].where(
                truth.pipeline["known_from"].isna() | (truth.pipeline["known_from"] <= decided), 9_999
            )
        ),
        visitors=truth.visitors.assign(
            jobs=truth.visitors["jobs"].where(truth.visitors["known_from"] <= decided, 9_999.0)
        ),
    )
    seen, same = (
        build_exposure(known(of, origin), horizon_months=12, until=pd.Timestamp(origin), scenario=scenario)
        for of in (truth, tampered)
    )
    assert np.array_equal(known(truth, origin).counts, known(tampered, origin).counts)
    assert np.array_equal(seen.persons, same.persons)
    assert np.array_equal(seen.index(), same.index())
    assert (seen.source, seen.notes) == (same.source, same.notes)


def test_a_figure_published_before_its_date_is_refused() -> None:
    with pytest.raises(WardcastError, match="published before its date"):
        Availability(estimate_lag_months=-1)
    with pytest.raises(WardcastError, match="do not reach"):
        known(panel(), "2030-01-01")


def released() -> Panel:
    """Two rolling releases of data to 2023-06 and 2024-06; the later one has another level."""
    return released_panel(ward_release("2021-07", 24, level=50), ward_release("2022-07", 24, level=60))


def share(of: Panel, origin: str, **availability: object) -> KnownShare | None:
    return known_share(of, pd.Timestamp(origin), Availability(**availability))  # type: ignore[arg-type]  # passed


def level(of: Panel) -> list[float]:
    return sorted({float(count) for count in np.unique(of.counts)})


def test_an_origin_sees_the_release_that_was_out_when_the_decision_was_made() -> None:
    assert level(known(released(), "2023-06-01")) == [50]
    assert level(known(released(), "2024-06-01")) == [50, 60]
    told = share(released(), "2023-06-01")
    assert told is not None
    assert told.share_known == 1


def test_months_that_no_release_of_the_time_holds_are_later_figures_and_counted() -> None:
    past = known(released(), "2023-08-01")
    assert past.last_month == pd.Timestamp("2023-08-01")
    assert set(np.unique(past.counts[:, :, -2:])) == {60}
    assert set(np.unique(past.counts[:, :, :-2])) == {50}
    told = share(released(), "2023-08-01")
    assert told is not None
    assert told.later_cells == 2 * past.counts[:, :, 0].size


def test_a_longer_lag_sees_a_later_release() -> None:
    assert level(known(released(), "2023-06-01", count_lag_months=13)) == [50, 60]


def test_counts_without_a_lag_end_with_the_origin_as_later_figures() -> None:
    past = known(released(), "2023-06-01", count_lag_months=0)
    assert past.last_month == pd.Timestamp("2023-06-01")
    told = share(released(), "2023-06-01", count_lag_months=0)
    assert told is not None
    assert told.known_cells == 0


def test_where_no_release_of_the_time_is_at_hand_the_newest_counts_are_seen() -> None:
    whole = released()
    past = known(whole, "2022-09-01")
    np.testing.assert_array_equal(past.counts, whole.up_to(pd.Timestamp("2022-09-01")).counts)
    assert past.releases == ()


def test_a_panel_without_releases_has_no_share_to_tell() -> None:
    assert share(panel(), "2020-05-01") is None


def test_releases_published_later_are_not_shown() -> None:
    assert [release.last_month for release in known(released(), "2023-08-01").releases] == [pd.Timestamp("2023-06-01")]


def test_a_backtest_sees_the_counts_of_the_time_is_compared_with_the_newest_and_says_so() -> None:
    result = backtest(
        released(),
        forecasters=["mean_12_months"],
        origins=[pd.Timestamp("2023-06-01"), pd.Timestamp("2023-08-01")],
        horizon_months=6,
        n_paths=20,
        fan_out=FanOut(backend="sequential"),
    )
    assert set(result.cells["actual"]) == {60}
    first = result.cells[result.cells["origin"] == "2023-06-01"]
    assert first["mean"].to_numpy() == pytest.approx(50, rel=0.01)
    assert "2023-06 100% (day assumed), 2023-08 92% (day assumed)" in result.notes[0]
    assert "compares with the newest counts" in result.notes[0]


@pytest.mark.parametrize("origin", ["2022-09-01", "2023-06-01", "2023-10-01", "2024-06-01"])
def test_only_later_figures_change_with_what_was_published_after_the_decision(origin: str) -> None:
    truth = released()
    decided = pd.Timestamp(origin) + pd.DateOffset(months=1) + pd.offsets.MonthEnd()
    tampered = replace(
        truth,
        counts=truth.counts + 1000,
        releases=tuple(
            release if release.published <= decided else replace(release, counts=release.counts + 1000)
            for release in truth.releases
        ),
    )
    told = share(truth, origin)
    assert told is not None
    assert (known(truth, origin).counts != known(tampered, origin).counts).sum() == told.later_cells
