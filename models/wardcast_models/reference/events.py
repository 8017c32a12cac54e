"""Months that differ for reasons a trend must not be drawn through: the pandemic, gaps and changes of recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.tables import packaged_rows


class Ahead(StrEnum):
    """What is assumed of an event after the last month of data."""

    STAYS = "stays"
    """It goes on as it was in the last month: nobody knows then when it will end, if ever."""
    FADES = "fades"
    """An emergency under way in the last month fades."""
    AS_MARKED = "as_marked"
    """It has the months that it was marked with, whether past or future, and no others."""


@dataclass(frozen=True, kw_only=True)
class EventSpan:
    """Consecutive months of one event.

    Attributes:
        event: Key of the event; an event may have several spans.
        first_month: First month.
        known_from: Last month of the data in which it can first be known.
        last_month: Last month; None where the event stays.
        share: How much of each month it took, above 0 up to 1.
        ahead: What is assumed of it after the last month of data.
        label: The event, for people.
        source: Where the months come from.
        category: The one category it concerns, or "" for all.
        where: `london` where it concerns what the Metropolitan Police recorded, or "" for everywhere.
    """

    event: str
    first_month: pd.Timestamp
    known_from: pd.Timestamp
    last_month: pd.Timestamp | None
    share: float
    ahead: Ahead
    label: str
    source: str
    category: str = ""
    where: str = ""


@cache
def event_spans() -> tuple[EventSpan, ...]:
    """Return every span of every event, in the order of the table."""
    return tuple(
        EventSpan(
            event=row["event"],
            first_month=pd.Timestamp(row["first_month"]),
            known_from=pd.Timestamp(row["known_from"] or row["first_month"]),
            last_month=pd.Timestamp(row["last_month"]) if row["last_month"] else None,
            share=float(row["share"]),
            ahead=Ahead(row["ahead"]),
            label=row["label"],
            source=row["source"],
            where=row["where"],
        )
        for row in packaged_rows("events.csv")
    )


def event_labels(spans: Sequence[EventSpan] | None = None) -> dict[str, str]:
    """Return every event's label by key; an event of one span carries its months.

    Args:
        spans: Spans of the events; the packaged ones where None.

    Returns:
        Labels in the order of the spans.
    """
    labels: dict[str, str] = {}
    for span in event_spans() if spans is None else spans:
        labels[span.event] = span.label if span.event in labels else f"{span.label} ({_months(span)})"
    return labels


def _months(span: EventSpan) -> str:
    """Write a span's months for people."""
    first = f"{span.first_month:%Y-%m}"
    if span.last_month is None:
        return f"from {first}"
    return first if span.first_month == span.last_month else f"{first} to {span.last_month:%Y-%m}"


def event_shares(event: str, months: pd.DatetimeIndex, spans: Sequence[EventSpan] | None = None) -> NDArray[np.float64]:
    """Return how much of each month an event took.

    Args:
        event: Key of the event.
        months: Month starts; length T.
        spans: Spans of the events; the packaged ones where None.

    Returns:
        Shares from 0 to 1, shape (T,).
    """
    shares = np.zeros(len(months))
    for span in event_spans() if spans is None else spans:
        if span.event == event:
            inside = months >= span.first_month
            if span.last_month is not None:
                inside &= months <= span.last_month
            shares = np.where(inside, span.share, shares)
    return shares


def event_ahead(event: str, spans: Sequence[EventSpan] | None = None) -> Ahead:
    """Return what is assumed of an event after the last month of data.

    Args:
        event: Key of the event.
        spans: Spans of the events; the packaged ones where None.

    Returns:
        What is assumed; of an event that is not among them, that it has the months it was marked with.
    """
    known = event_spans() if spans is None else spans
    return next((span.ahead for span in known if span.event == event), Ahead.AS_MARKED)


def _only_span(event: str) -> EventSpan:
    """Return the span of an event that has one."""
    (span,) = (span for span in event_spans() if span.event == event)
    return span


RECORDING_CHANGE: pd.Timestamp = _only_span("recording_change").first_month
"""First month of the Metropolitan Police's new recording system (CONNECT)."""
