"""What would change the answer: other assumptions, each solved again, grouped by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wardcast.pack.charts.rank_dots import MOST_SERIES, RankRow, rank_dots
from wardcast.pack.names import WardNames
from wardcast.pack.wording import percent
from wardcast_models.allocation.plan import Plan, Sensitivity
from wardcast_models.panel.findings import counted
from wardcast_models.words import listed

TITLES = {
    "harm scale": "How crimes are weighed",
    "elasticity": "How much patrols do",
    "baseline presence": "How much presence there is today, and where",
    "weight of anti-social behaviour": "How much an incident of anti-social behaviour weighs",
    "delivery scenario": "How many new homes are built, and when",
}
"""Heading by topic, for people who do not know the field's words; another topic is its own heading."""

MOST_WARDS = 8
"""Wards in each chart and each cell, those that move most; the workbook has all."""

LITTLE = 0.05
"""A smaller share of hours that would move leaves the plan as good as it is."""

LEAST_WRITTEN = 0.01
"""Shares of hours below this are not written in figures."""


@dataclass(frozen=True, kw_only=True)
class OtherAssumption:
    """One other assumption.

    Attributes:
        tried: What came out.
        moved: Wards whose rank changes, with rank now and then, for example `Heath 9 → 5`.
        more_moved: How many more there are.
    """

    tried: Sensitivity
    moved: tuple[str, ...]
    more_moved: int


@dataclass(frozen=True, kw_only=True)
class Topic:
    """Other assumptions about one thing.

    Attributes:
        title: What they are about.
        assumptions: The assumptions, in the order of the plan.
        chart: Rank now and rank then of the wards that move most; None where no rank changes. Assumptions under which
            nothing is avoided stay out of it.
    """

    title: str
    assumptions: tuple[OtherAssumption, ...]
    chart: Markup | None


def change_topics(plan: Plan, names: WardNames) -> tuple[Topic, ...]:
    """Group the other assumptions.

    Args:
        plan: The plan.
        names: Ward names for people.

    Returns:
        One topic each, in the order of the plan.
    """
    grouped: dict[str, list[Sensitivity]] = {}
    for tried in plan.sensitivities:
        grouped.setdefault(tried.topic, []).append(tried)
    return tuple(
        Topic(
            title=TITLES.get(topic, f"{topic[:1].upper()}{topic[1:]}"),
            assumptions=tuple(_other(tried, names) for tried in several),
            chart=_chart(several, names, key=f"changes-{place}", topic=topic, n_wards=len(plan.wards)),
        )
        for place, (topic, several) in enumerate(grouped.items())
    )


def largest_change(plan: Plan) -> str:
    """Say which other assumption would move most hours.

    Args:
        plan: The plan.

    Returns:
        A sentence; "" where none was tried. An assumption under which nothing is avoided does not count: no plan is
        better than any other then.
    """
    counting = [tried for tried in plan.sensitivities if tried.harm_avoided > 0]
    if not counting:
        return ""
    most = max(counting, key=lambda tried: tried.hours_moved_share)
    if most.hours_moved_share < LITTLE:
        moved = (
            f"as much as {percent(LEAST_WRITTEN)}"
            if most.hours_moved_share < LEAST_WRITTEN
            else f"more than {percent(most.hours_moved_share)}"
        )
        return (
            f"What would change it: none of the {counted(len(counting), 'other assumption')} tried would move {moved} "
            "of the hours."
        )
    return (
        f"What would change it most, of the {counted(len(counting), 'other assumption')} tried: with {most.label}, "
        f"{percent(most.hours_moved_share)} of the hours would go to other wards."
    )


def _other(tried: Sensitivity, names: WardNames) -> OtherAssumption:
    said = [f"{names[c.ward_code]}\u00a0{c.rank_now:,}\u00a0→\u00a0{c.rank_then:,}" for c in tried.changes[:MOST_WARDS]]
    return OtherAssumption(tried=tried, moved=tuple(said), more_moved=max(0, len(tried.changes) - MOST_WARDS))


def _chart(several: Sequence[Sensitivity], names: WardNames, *, key: str, topic: str, n_wards: int) -> Markup | None:
    """Draw the wards that move furthest, by their rank now; where nothing is avoided, ranks say nothing."""
    drawn = [tried for tried in several if tried.harm_avoided > 0][:MOST_SERIES]
    now: dict[str, int] = {}
    furthest: dict[str, int] = {}
    for tried in drawn:
        for change in tried.changes:
            now[change.ward_code] = change.rank_now
            moved = abs(change.rank_then - change.rank_now)
            furthest[change.ward_code] = max(moved, furthest.get(change.ward_code, 0))
    if not now:
        return None
    shown = sorted(sorted(now, key=lambda code: (-furthest[code], now[code], code))[:MOST_WARDS], key=now.__getitem__)
    then = [{change.ward_code: change.rank_then for change in tried.changes} for tried in drawn]
    rows = [
        RankRow(label=names[code], now=now[code], then=tuple(ranks.get(code, now[code]) for ranks in then))
        for code in shown
    ]
    return rank_dots(
        rows,
        [tried.label for tried in drawn],
        last_rank=n_wards,
        key=key,
        title=f"Ranks of wards by hours under other assumptions: {topic}",
        description=f"Wards that move most: {listed([row.label for row in rows])}. The table gives every rank.",
    )
