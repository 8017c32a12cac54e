"""Marked events that a trend must not be drawn through: the pandemic and the change of recording system."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.reference.events import event_labels, event_shares

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
    events = pd.DataFrame({name: event_shares(name, months) for name in event_labels()}, index=months)
    known = events.loc[months <= until]
    ahead = np.arange(1, int((months > until).sum()) + 1)
    fade = np.clip(1.0 - ahead / FADE_MONTHS, 0.0, None)
    last = known.iloc[-1]
    events.loc[months > until, "pandemic"] = last["pandemic"] * fade
    events.loc[months > until, "lockdown"] = last["lockdown"] * fade
    events.loc[months > until, "recording_change"] = last["recording_change"]
    varies = [str(name) for name in events.columns if known[name].nunique() > 1]
    return events[varies]
