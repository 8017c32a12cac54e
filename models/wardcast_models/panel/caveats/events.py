"""What a user's marked events cannot do: events outside the data, and events that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from wardcast_models.panel.findings import Finding, FindingKind, counted
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.events import event_labels, event_shares

_SHOWN = 5


def event_caveats(panel: Panel) -> list[Finding]:
    """Say which marked events no effect can be learned for, and which are hard to tell apart.

    Args:
        panel: The panel, with the user's events.

    Returns:
        One finding for the events outside the data, one for those that overlap; none where there are none such.
    """
    unseen = [_unseen(str(event), rows, panel.months) for event, rows in panel.events.groupby("event", sort=True)]
    return [
        *_finding(
            "A marked event can only be learned from months in it and months outside it", [*filter(None, unseen)]
        ),
        *_finding("Marked events overlap", [*_repeated(panel.events), *_shared(panel)]),
    ]


def _finding(about: str, sentences: list[str]) -> list[Finding]:
    if not sentences:
        return []
    more = f"; and {len(sentences) - _SHOWN} more" if len(sentences) > _SHOWN else ""
    return [Finding(kind=FindingKind.CAVEAT, file="", message=f"{about}: {'; '.join(sentences[:_SHOWN])}{more}.")]


def _unseen(event: str, rows: pd.DataFrame, months: pd.DatetimeIndex) -> str:
    """Say why nothing can be learned of an event, "" where something can."""
    inside = len(_months_of(rows, months))
    if 0 < inside < len(months):
        return ""
    if inside:
        return f"{event} covers every month of the data, so it changes nothing"
    first, last = rows["first_month"].min(), months[-1]
    if first > last:
        return f"{event} begins in {first:%Y-%m}, after the last month of data ({last:%Y-%m}): no forecast heeds it yet"
    return f"{event} has no month in the data ({months[0]:%Y-%m} to {last:%Y-%m}), so it changes nothing"


def _repeated(events: pd.DataFrame) -> Iterator[str]:
    """Say which rows of one event overlap."""
    for (event, category), rows in events.groupby(["event", "category"], sort=True):
        spans = rows.sort_values("first_month")
        ends = spans["last_month"].fillna(pd.Timestamp.max).cummax().shift()
        if (spans["first_month"] <= ends).any():
            of = f" of {category}" if category else ""
            yield f"rows of {event}{of} share months, which count once"


def _shared(panel: Panel) -> Iterator[str]:
    """Say which events share months, and which have the very same months, packaged ones included."""
    own = {str(event): rows for event, rows in panel.events.groupby("event", sort=True)}
    months = {event: _months_of(rows, panel.months) for event, rows in own.items()}
    labels = event_labels()
    packaged = {name: panel.months[event_shares(name, panel.months) > 0] for name in labels}
    for event in own:
        for name, taken in packaged.items():
            if len(months[event]) and months[event].equals(taken):
                yield (
                    f"{event} has the same months as the packaged event {labels[name]}, so their effects cannot be "
                    "told apart"
                )
    for one, other in combinations(own, 2):
        both = months[one].intersection(months[other])
        if not len(both) or not _same_counts(own[one], own[other]):
            continue
        if months[one].equals(months[other]):
            yield f"{one} and {other} have the same months, so their effects cannot be told apart"
        else:
            yield (
                f"{one} and {other} share {counted(len(both), 'month')} ({both[0]:%Y-%m} to {both[-1]:%Y-%m}), so the "
                "effect of each is less sure"
            )


def _months_of(rows: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return the months that an event takes."""
    inside = np.zeros(len(months), dtype=bool)
    for first, last in zip(rows["first_month"], rows["last_month"].fillna(pd.Timestamp.max), strict=True):
        inside |= np.asarray((months >= first) & (months <= last))
    return months[inside]


def _same_counts(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Tell whether two events concern a category in common."""
    first, second = set(one["category"]), set(other["category"])
    return "" in first | second or bool(first & second)
