"""What the data know of anti-social behaviour: in which months, in which not, and how it is spread over the wards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.limits.month_spans import month_spans
from wardcast_models.forecasting.scope import RECENT_MONTHS, SHORTEST_HISTORY_MONTHS
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import ASB, COUNCIL_ASB, asb_aim
from wardcast_models.words import listed

MONTHS_OF_SHARE = 12
"""Newest observed months that tell how it is spread."""

MOST_MONTHS_NAMED = 6
"""Spans of months without a count that are named; the others are counted."""

_COUNTED_BY = {ASB: "incidents recorded by the police", COUNCIL_ASB: "reports in the council's log"}


@dataclass(frozen=True, kw_only=True)
class AsbRecord:
    """One category of anti-social behaviour as observed in all wards of an area.

    Attributes:
        category: Its id.
        observed: Months in which every ward has a count, `YYYY-MM`, at least one.
        unobserved: Months since the first of them without a count in some ward, up to the last month of data used.
        months_ago: How many months before the last month of data used it was last observed.
        by_ward: Share by ward code in the newest `MONTHS_OF_SHARE` observed months, adding up to 1; empty where
            nothing was counted in them.
    """

    category: str
    observed: tuple[str, ...]
    unobserved: tuple[str, ...]
    months_ago: int
    by_ward: Mapping[str, float]

    @property
    def gaps(self) -> str:
        """A sentence on the months without a count; "" where there are none."""
        if not self.unobserved:
            return ""
        spans = month_spans(self.unobserved)
        if len(spans) > MOST_MONTHS_NAMED:
            spans = [*spans[: MOST_MONTHS_NAMED - 1], f"{len(spans) - MOST_MONTHS_NAMED + 1} more spans"]
        plural = len(self.unobserved) > 1
        return (
            f"No full count is at hand for {listed(spans)}: {'these months are' if plural else 'that month is'} "
            "unobserved, neither taken as zero nor filled in."
        )

    @property
    def why_not_forecast(self) -> str:
        """Why a category that is known is not forecast, as words that follow its name."""
        if self.months_ago >= RECENT_MONTHS:
            return (
                f"is not in the data within {RECENT_MONTHS} months of the last month used (it was last observed in "
                f"{self.observed[-1]})"
            )
        return f"is in the data for {len(self.observed)} months only, fewer than the {SHORTEST_HISTORY_MONTHS} needed"

    @property
    def shares_are(self) -> str:
        """Where the wards' shares are from, in words."""
        newest = self.observed[-MONTHS_OF_SHARE:]
        within = month_spans([month for month in self.unobserved if newest[0] < month < newest[-1]])
        but = f" (but for {listed(within)})" if within else ""
        return (
            f"the wards' shares of {_COUNTED_BY[self.category]} in {newest[0]} to {newest[-1]}{but}, the last months "
            "known"
        )


def asb_record(past: Panel, category: str) -> AsbRecord | None:
    """Return what is known of one category of anti-social behaviour.

    Args:
        past: The panel, cut at the last month of data used.
        category: Id of the category.

    Returns:
        The record, or None where it was never observed in all of the area's wards.
    """
    if category not in past.categories:
        return None
    counts = past.counts[past.area_rows, past.categories.index(category)]
    whole = ~np.isnan(counts).any(axis=0)
    seen = np.nonzero(whole)[0]
    if not seen.size:
        return None
    since = np.arange(seen[0], whole.size)
    by_ward = counts[:, seen[-MONTHS_OF_SHARE:]].sum(axis=1)
    shares = by_ward / by_ward.sum() if by_ward.sum() > 0 else np.zeros(0)
    return AsbRecord(
        category=category,
        observed=tuple(past.months[seen].strftime("%Y-%m")),
        unobserved=tuple(past.months[since[~whole[since]]].strftime("%Y-%m")),
        months_ago=int(whole.size - 1 - seen[-1]),
        by_ward=dict(zip(past.area.ward_codes, shares.tolist(), strict=False)),
    )


def known_asb(past: Panel, forecast: Collection[str]) -> AsbRecord | None:
    """Return what is known of the anti-social behaviour that a plan aims at, else of what was observed last.

    Args:
        past: The panel, cut at the last month of data used.
        forecast: Ids of the categories that are forecast.

    Returns:
        The record; None where no incident was ever counted in all of the area's wards.
    """
    aim = asb_aim(forecast)
    if aim is not None:
        return asb_record(past, aim)
    records = [record for name in (ASB, COUNCIL_ASB) if (record := asb_record(past, name)) is not None]
    return min((record for record in records if record.by_ward), key=lambda record: record.months_ago, default=None)
