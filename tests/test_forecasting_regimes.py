"""The marked events: one table for the forecasts, the caveats and the sample."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from wardcast_models.forecasting.regimes import event_regressors
from wardcast_models.panel import caveats
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
    assert months_of("recording_change")[0] == "2024-03"
    assert months_of("recording_change")[-1] == "2025-06"
    assert all(span.source and 0 < span.share <= 1 for span in event_spans())
    assert event_labels()["pandemic"] == "the pandemic (2020-04 to 2021-06)"
    assert event_labels()["recording_change"] == "the new recording system (from 2024-03)"


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
