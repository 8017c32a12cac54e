"""What makes a year, or the one that it is compared with, no ordinary one."""

from __future__ import annotations

import pandas as pd

from wardcast_models.panel.panel import Panel
from wardcast_models.profile.origin import in_london
from wardcast_models.profile.year import CoveredYear
from wardcast_models.reference.events import EventSpan, event_spans

_TOLD = {
    "pandemic": "so it was no ordinary year for crime",
    "incomplete_month": "so its count is too low",
    "recording_change": "so a change on the year before is partly a change of recording",
}
_IN_BASE = ": falls on it look smaller, and rises larger, than they were"


def unusual_months(panel: Panel, year: CoveredYear) -> list[str]:
    """Say which packaged events lie in the year or in the year before.

    Args:
        panel: The panel, for where it is and which months it has.
        year: The year.

    Returns:
        Sentences, those on the year before only where its months are held.
    """
    before = pd.DatetimeIndex(year.months - pd.DateOffset(years=1))
    before = before[before.isin(panel.months)]
    told = []
    for span in event_spans():
        if span.event not in _TOLD or (span.where and not in_london(panel.area.code)):
            continue
        for months, name in ((year.months, year.label), (before, "the year before, which it is compared with")):
            touched = _touched(span, months)
            if len(touched):
                low = _IN_BASE if span.event == "incomplete_month" and months is before else ""
                told.append(f"In {name}: {span.label} ({_span_words(touched)}), {_TOLD[span.event]}{low}.")
    return told


def _touched(span: EventSpan, months: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return the months of an event; of one that stays only those of the year in which it began."""
    if not len(months) or (span.last_month is None and span.first_month <= months[0]):
        return months[:0]
    last = months[-1] if span.last_month is None else span.last_month
    return months[(months >= span.first_month) & (months <= last)]


def _span_words(months: pd.DatetimeIndex) -> str:
    first, last = f"{months[0]:%Y-%m}", f"{months[-1]:%Y-%m}"
    return first if first == last else f"{first} to {last}"
