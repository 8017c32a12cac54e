"""Marked events that a trend must not be drawn through: the pandemic and the change of recording system."""

from __future__ import annotations

import numpy as np
import pandas as pd

PANDEMIC = ("2020-04", "2021-06")
"""Months of pandemic restrictions, first and last."""

LOCKDOWN = {
    "2020-04": 1.0,
    "2020-05": 1.0,
    "2020-06": 0.5,
    "2020-11": 1.0,
    "2021-01": 1.0,
    "2021-02": 1.0,
    "2021-03": 1.0,
}
"""Share of each month under a stay-at-home order in England."""

RECORDING_CHANGE = "2024-03"
"""First month of the Metropolitan Police's new recording system."""

FADE_MONTHS = 6
"""An emergency under way at the last month of data is assumed to fade over this many months."""


def event_regressors(months: pd.DatetimeIndex, *, until: pd.Timestamp) -> pd.DataFrame:
    """Return the marked events as regressors, as they could be known at `until`.

    Args:
        months: Month starts, past and future; length T.
        until: Last month of data. What happened later is not used: an event that began after it is absent, the
            pandemic fades from its value at `until`, and the change of recording system stays.

    Returns:
        One row a month and one column per event that varies up to `until`; possibly no column.
    """
    labels = months.strftime("%Y-%m")
    events = pd.DataFrame(
        {
            "pandemic": ((labels >= PANDEMIC[0]) & (labels <= PANDEMIC[1])).astype(float),
            "lockdown": np.array([LOCKDOWN.get(label, 0.0) for label in labels]),
            "recording_change": (labels >= RECORDING_CHANGE).astype(float),
        },
        index=months,
    )
    known = events.loc[months <= until]
    ahead = np.arange(1, int((months > until).sum()) + 1)
    fade = np.clip(1.0 - ahead / FADE_MONTHS, 0.0, None)
    last = known.iloc[-1]
    events.loc[months > until, "pandemic"] = last["pandemic"] * fade
    events.loc[months > until, "lockdown"] = last["lockdown"] * fade
    events.loc[months > until, "recording_change"] = last["recording_change"]
    varies = [str(name) for name in events.columns if known[name].nunique() > 1]
    return events[varies]
