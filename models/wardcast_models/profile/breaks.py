"""Breaks that a trend must not be read across without saying so: the pandemic, changes of recording, marked events."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel
from wardcast_models.profile.origin import in_london
from wardcast_models.reference.events import RECORDING_CHANGE, EventSpan, event_shares, event_spans

RECORDING = "the new recording system"
_TOLD = {"pandemic", "recording_change", "incomplete_month"}


def breaks_within(panel: Panel, first_month: pd.Timestamp, last_month: pd.Timestamp) -> dict[str, str]:
    """Return what began, ended or lasted within some months.

    Args:
        panel: The panel, for the events that its user marked.
        first_month: First month.
        last_month: Last month.

    Returns:
        Label by event; the category that a marked event concerns is not looked at.
    """
    found: dict[str, str] = {}
    for span in event_spans():
        concerned = not span.where or in_london(panel.area.code)
        if concerned and span.event in _TOLD and _touches(span.first_month, span.last_month, first_month, last_month):
            found[span.event] = _named(span)
    for row in panel.events.to_dict("records"):
        last = None if pd.isna(row["last_month"]) else pd.Timestamp(row["last_month"])
        if _touches(pd.Timestamp(row["first_month"]), last, first_month, last_month):
            found[str(row["event"])] = str(row["label"])
    return found


def pandemic_months(months: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Return which months the pandemic touched, shape (T,): they tell little of ordinary noise and season."""
    return np.asarray(event_shares("pandemic", months) > 0)


def crosses_recording_change(first_month: pd.Timestamp, last_month: pd.Timestamp) -> bool:
    """Return whether months before and after the change of recording are both among these."""
    return first_month < RECORDING_CHANGE <= last_month


def _named(span: EventSpan) -> str:
    """Name an event, and of one month alone the month: nothing else in its label tells which."""
    only = span.first_month == span.last_month
    return f"{span.label} ({span.first_month:%Y-%m})" if only else span.label


def _touches(first: pd.Timestamp, last: pd.Timestamp | None, start: pd.Timestamp, end: pd.Timestamp) -> bool:
    """Return whether a span changes anything within the months: one that held throughout and stays does not."""
    if last is None:
        return start < first <= end
    return first <= end and last >= start and not (first <= start and last >= end)
