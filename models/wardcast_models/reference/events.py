"""Months that differ for reasons a trend must not be drawn through: the pandemic and the change of recording system."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.tables import packaged_rows


@dataclass(frozen=True, kw_only=True)
class EventSpan:
    """Consecutive months of one event.

    Attributes:
        event: Key of the event; an event may have several spans.
        first_month: First month.
        last_month: Last month; None where the event stays.
        share: How much of each month it took, above 0 up to 1.
        label: The event, for people.
        source: Where the months come from.
    """

    event: str
    first_month: pd.Timestamp
    last_month: pd.Timestamp | None
    share: float
    label: str
    source: str


@cache
def event_spans() -> tuple[EventSpan, ...]:
    """Return every span of every event, in the order of the table."""
    return tuple(
        EventSpan(
            event=row["event"],
            first_month=pd.Timestamp(row["first_month"]),
            last_month=pd.Timestamp(row["last_month"]) if row["last_month"] else None,
            share=float(row["share"]),
            label=row["label"],
            source=row["source"],
        )
        for row in packaged_rows("events.csv")
    )


def event_labels() -> dict[str, str]:
    """Return every event's label by key; an event of one span carries its months."""
    labels: dict[str, str] = {}
    for span in event_spans():
        first = f"{span.first_month:%Y-%m}"
        months = f"from {first}" if span.last_month is None else f"{first} to {span.last_month:%Y-%m}"
        labels[span.event] = span.label if span.event in labels else f"{span.label} ({months})"
    return labels


def event_shares(event: str, months: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return how much of each month an event took.

    Args:
        event: Key of the event.
        months: Month starts; length T.

    Returns:
        Shares from 0 to 1, shape (T,).
    """
    shares = np.zeros(len(months))
    for span in event_spans():
        if span.event == event:
            inside = months >= span.first_month
            if span.last_month is not None:
                inside &= months <= span.last_month
            shares = np.where(inside, span.share, shares)
    return shares


def _only_span(event: str) -> EventSpan:
    """Return the span of an event that has one."""
    (span,) = (span for span in event_spans() if span.event == event)
    return span


RECORDING_CHANGE: pd.Timestamp = _only_span("recording_change").first_month
"""First month of the Metropolitan Police's new recording system (CONNECT)."""
