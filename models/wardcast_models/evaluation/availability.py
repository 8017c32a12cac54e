"""What was known when a past forecast would have been made: figures published later are taken away."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.counts.revisions import KnownShare, as_known_on
from wardcast_models.panel.panel import Panel

CENSUS_PUBLISHED = pd.Timestamp("2022-11-01")
"""Month in which Census 2021 ward populations came out."""


@dataclass(frozen=True, kw_only=True)
class Availability:
    """How long figures take to be published.

    Attributes:
        count_lag_months: Months from the last month of counts to the decision that the forecast is for.
        estimate_lag_months: Months from the reference date of a population estimate to its publication.
        census_published: Month in which Census 2021 ward populations came out.
        projection_known_from: Month in which a projection, and plans of homes, jobs and visitors without a date of
            their own, became known; None where they are taken as known at every origin.
    """

    count_lag_months: int = 1
    estimate_lag_months: int = 12
    census_published: pd.Timestamp = CENSUS_PUBLISHED
    projection_known_from: pd.Timestamp | None = None

    def __post_init__(self) -> None:
        """Refuse figures published before they are taken.

        Raises:
            WardcastError: A lag is below 0.
        """
        for name in ("count_lag_months", "estimate_lag_months"):
            if getattr(self, name) < 0:
                raise invalid_input(
                    "No figure is published before its date.",
                    Problem(where=name, expected="0 or more", found=str(getattr(self, name)), mend="Set 0 or more."),
                )


def as_known(panel: Panel, origin: pd.Timestamp, availability: Availability) -> Panel:
    """Return a panel as it was known when a forecast from a past origin would have been made.

    Counts are cut at the origin, and the decision is made `count_lag_months` later, at the end of that month. Where the
    panel has releases, counts are those of the newest release published by then; cells that no release of that time
    holds are later figures (`known_share` tells how many). Where there is no release of that time at all, everything is
    the newest figures. Of the populations and plans only what was published by then is kept. Not undone, because the
    files do not hold it: revisions of counts between the releases at hand, revisions of estimates, lookups made later,
    and when the end of an event that a user marks became known.

    Args:
        panel: The panel.
        origin: Last month of counts.
        availability: How long figures take.

    Returns:
        The panel up to the origin; the digest stays that of the whole.

    Raises:
        WardcastError: `origin` lies outside the panel.
    """
    counted = _counts_known(panel, origin, availability)[0] if panel.releases else panel.up_to(origin)
    decided = origin + pd.DateOffset(months=availability.count_lag_months)
    lag = pd.DateOffset(months=availability.estimate_lag_months)
    projected = availability.projection_known_from is None or availability.projection_known_from <= decided

    def planned(table: pd.DataFrame) -> pd.DataFrame:
        known_from = pd.to_datetime(table["known_from"])
        return table[(known_from <= decided) | (known_from.isna() & projected)]

    def kept(table: pd.DataFrame, is_known: bool) -> pd.DataFrame:
        return table if is_known else table.iloc[:0]

    return replace(
        counted,
        estimates=panel.estimates[pd.to_datetime(panel.estimates["reference_date"]) + lag <= decided],
        census=kept(panel.census, availability.census_published <= decided),
        projection=kept(panel.projection, projected),
        pipeline=planned(panel.pipeline),
        visitors=planned(panel.visitors),
        borough_series=panel.borough_series[pd.to_datetime(panel.borough_series["month"]) <= origin],
    )


def known_share(panel: Panel, origin: pd.Timestamp, availability: Availability) -> KnownShare | None:
    """Return how much of the counts that a forecast from a past origin is shown was really known then.

    Args:
        panel: The panel.
        origin: Last month of counts.
        availability: How long figures take.

    Returns:
        The share, or None where the panel has no releases to tell it from.

    Raises:
        WardcastError: `origin` lies outside the panel.
    """
    return _counts_known(panel, origin, availability)[1] if panel.releases else None


def _counts_known(panel: Panel, origin: pd.Timestamp, availability: Availability) -> tuple[Panel, KnownShare]:
    """Return the panel's counts up to the origin as known on the last day of the month of the decision."""
    decision_day = origin + pd.DateOffset(months=availability.count_lag_months) + pd.offsets.MonthEnd()
    past, share = as_known_on(panel, decision_day, until=origin)
    # Where nothing of the time is at hand all figures are later ones; then the newest are as good as any.
    return (past if share.known_cells else replace(panel.up_to(origin), releases=())), share
