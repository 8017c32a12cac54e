"""The marked events: one table for the forecasts, the caveats and the sample, and no trend drawn through them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from tests.panels import make_panel
from wardcast_models.forecasting.regimes import FADE_MONTHS, event_regressors
from wardcast_models.forecasting.registry import forecaster, forecaster_names
from wardcast_models.panel.caveats import caveats
from wardcast_models.reference.events import RECORDING_CHANGE, event_labels, event_shares, event_spans
from wardcast_models.sample.process import simulate
from wardcast_models.sample.truth_files import truth_files

MONTHS = pd.date_range("2019-01-01", "2025-06-01", freq="MS")


def months_of(event: str) -> list[str]:
    return MONTHS[event_shares(event, MONTHS) > 0].strftime("%Y-%m").tolist()


def test_the_events_have_their_months_and_a_source() -> None:
    assert (months_of("pandemic")[0], months_of("pandemic")[-1], len(months_of("pandemic"))) == (
        "2020-04",
        "2021-06",
        15,
    )
    assert months_of("lockdown") == ["2020-04", "2020-05", "2020-06", "2020-11", "2021-01", "2021-02", "2021-03"]
    assert months_of("incomplete_month") == ["2020-03"]
    assert months_of("recording_change")[0] == "2024-03"
    assert months_of("recording_change")[-1] == "2025-06"
    assert all(span.source and 0 < span.share <= 1 for span in event_spans())
    assert event_labels()["pandemic"] == "the pandemic (2020-04 to 2021-06)"
    assert event_labels()["recording_change"] == "the new recording system (from 2024-03)"
    assert event_labels()["incomplete_month"] == "a month that is not complete in the ward release (2020-03)"


def test_forecasts_caveats_and_sample_know_the_same_months() -> None:
    assert RECORDING_CHANGE == pd.Timestamp("2024-03-01") == caveats.RECORDING_CHANGE
    marked = event_regressors(MONTHS, until=MONTHS[-1])
    for event in event_labels():
        assert marked[event].to_numpy() == pytest.approx(event_shares(event, MONTHS))
    files = truth_files(simulate(seed=0, last_month=MONTHS[-1]))
    (effects,) = (json.loads(text) for name, text in files.items() if name.endswith(".json"))
    assert effects["pandemic_months"] == ["2020-04", "2021-06"]
    assert effects["recording_change"] == "2024-03"
    assert np.flatnonzero(marked["recording_change"])[0] == MONTHS.get_loc(RECORDING_CHANGE)


def ahead_of(until: str) -> pd.DataFrame:
    last = pd.Timestamp(until)
    return event_regressors(MONTHS, until=last).loc[lambda marked: marked.index > last]


def test_ahead_of_the_data_a_lockdown_fades_what_has_no_known_end_stays_and_a_gap_is_over() -> None:
    in_lockdown = ahead_of("2021-02-01")
    assert in_lockdown["lockdown"].iloc[0] == pytest.approx(1 - 1 / FADE_MONTHS)
    assert (in_lockdown["lockdown"].iloc[FADE_MONTHS - 1 :] == 0).all()
    assert (in_lockdown["pandemic"] == 1).all()
    assert (ahead_of("2024-06-01")["recording_change"] == 1).all()
    assert (ahead_of("2020-06-01")["incomplete_month"] == 0).all()


def test_an_event_that_began_after_the_last_month_of_data_is_not_known() -> None:
    assert "recording_change" not in ahead_of("2024-02-01")
    assert "pandemic" not in ahead_of("2020-03-01")


def test_a_gap_is_not_known_before_it_could_be_found_out() -> None:
    assert "incomplete_month" not in ahead_of("2020-05-01")
    assert "incomplete_month" in ahead_of("2020-06-01")


@pytest.mark.parametrize("name", [name for name in forecaster_names() if name.startswith("pooled_")])
def test_a_trend_is_not_drawn_through_a_change_of_recording(name: str) -> None:
    panel = make_panel(
        n_wards=6,
        first_month="2018-01",
        n_months=82,
        monthly_mean=60.0,
        level=lambda months: np.where(months >= RECORDING_CHANGE, 0.5, 1.0),
    )
    assert len(panel.months[panel.months >= RECORDING_CHANGE]) == 8
    forecast = forecaster(name).fit(panel, until=panel.last_month).forecast(horizon_months=12)
    violence = forecast.mean[:, 0].sum(axis=0)
    assert violence == pytest.approx(np.full(12, 6 * 30.0), rel=0.12)
    assert violence[-3:].mean() == pytest.approx(violence[:3].mean(), rel=0.06)
