"""Marked events that a trend must not be drawn through: the pandemic, gaps and changes of recording."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wardcast_models.panel.panel import Panel
from wardcast_models.panel.places.wards import boroughs
from wardcast_models.reference.events import Ahead, EventSpan, event_ahead, event_labels, event_shares, event_spans
from wardcast_models.reference.taxonomy import ASB, taxonomy

FADE_MONTHS = 6
"""An emergency under way at the last month of data is assumed to fade over this many months."""


def marked_spans(panel: Panel, category: str | None = None) -> tuple[EventSpan, ...]:
    """Return the spans of the packaged events and of those that the user's file marks.

    Args:
        panel: The panel.
        category: Leave out events of other categories, and events of the police's records for what others count; None
            keeps all, "" those that concern every category.

    Returns:
        The packaged ones first, then the user's in the order of their keys and months.
    """
    begun = panel.events.groupby("event")["first_month"].min()  # what comes back is planned from its first time on
    own = tuple(
        EventSpan(
            event=str(row["event"]),
            first_month=row["first_month"],
            known_from=begun[row["event"]],
            last_month=None if pd.isna(row["last_month"]) else row["last_month"],
            share=1.0,
            ahead=Ahead.AS_MARKED,
            label=str(row["label"]),
            source=str(row["source"]),
            category=str(row["category"]),
        )
        for row in panel.events.to_dict("records")
    )
    in_london = bool(panel.wards["area_code"].isin(boroughs().values()).any())
    of_the_police = in_london and (not category or taxonomy()[category].crime or category == ASB)
    packaged = (span for span in event_spans() if of_the_police or not span.where)
    return (*packaged, *(span for span in own if category is None or span.category in {"", category}))


def event_regressors(
    months: pd.DatetimeIndex, *, until: pd.Timestamp, spans: Sequence[EventSpan] | None = None
) -> pd.DataFrame:
    """Return the marked events as regressors, as they could be known at `until`.

    Args:
        months: Month starts, past and future; length T.
        until: Last month of data. What became known later is not used: a packaged event that could not be known yet is
            absent, an emergency fades from its value at `until`, and what stays keeps that value. A user's event is
            taken as planned with all its months from its first month on.
        spans: Spans of the events (see `marked_spans`); the packaged ones where None.

    Returns:
        One row a month and one column per event that varies up to `until`; possibly no column.
    """
    spans = [span for span in (event_spans() if spans is None else spans) if span.known_from <= until]
    events = pd.DataFrame({name: event_shares(name, months, spans) for name in event_labels(spans)}, index=months)
    known = events.loc[months <= until]
    ahead = np.arange(1, int((months > until).sum()) + 1)
    left = {Ahead.STAYS: np.ones(len(ahead)), Ahead.FADES: np.clip(1.0 - ahead / FADE_MONTHS, 0.0, None)}
    for name in events.columns:
        assumed = event_ahead(str(name), spans)
        if assumed is not Ahead.AS_MARKED:
            events.loc[months > until, name] = known[name].iloc[-1] * left[assumed]
    varies = [str(name) for name in events.columns if known[name].nunique() > 1]
    return events[varies]
