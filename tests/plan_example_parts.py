"""The other parts of a made-up plan: limits, other assumptions, fairness, risk, checks and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tests.plan_example_wards import Team, spread
from wardcast_models.allocation.plan import (
    Assignment,
    Assumption,
    Certificate,
    FindingText,
    GroupFairness,
    LimitEffect,
    ResourceExplanation,
    Risk,
    Sensitivity,
    SplitComparison,
    WardChange,
    WardExplanation,
)

SplitName = Literal["plan", "current", "proportional", "equal", "none"]

OTHER_ASSUMPTIONS = (
    ("harm scale", "the ONS Crime Severity Score", 0.23, ((1, 3), (4, 6))),
    ("harm scale", "every crime counted as one", 0.31, ((1, 2), (3, 9))),
    ("elasticity", "an elasticity of 0 for certain", 0.4, ()),
    ("elasticity", "an elasticity of 0.15 for certain", 0.03, ((6, 7),)),
    ("elasticity", "an elasticity of 0.4 for certain", 0.02, ()),
    ("baseline presence", "half of today's presence", 0.04, ((5, 6),)),
    ("baseline presence", "twice today's presence", 0.05, ((5, 6),)),
    ("baseline presence", "today's presence spread over the wards equally", 0.19, ((2, 5), (8, 12))),
    ("baseline presence", "today's presence spread over the wards in proportion to crime", 0.27, ((1, 4), (7, 13))),
    ("delivery scenario", "the delivery scenario `slower`", 0.01, ()),
)
"""Topic, label, share of hours moved, and pairs of ranks that would change places."""

HARM_UNITS = {
    "": "days of imprisonment (Cambridge Crime Harm Index)",
    "the ONS Crime Severity Score": "points of the ONS Crime Severity Score",
    "every crime counted as one": "crimes",
}
"""Unit of harm by label; "" for every other."""

WARNINGS = (
    "Without the most that one ward may get (limits.ward_max_share) the plan would avoid 7% more harm.",
    "Youth workers have no study of their own: the effect claimed for them was entered with the request.",
)


def split(name: SplitName, label: str, harm: float, crimes: float, *, left: float, feasible: bool) -> SplitComparison:
    """Return a way to share the hours, by the harm it avoids of what would be left without it."""
    return SplitComparison(
        name=name,
        label=label,
        harm_avoided=spread(harm),
        crimes_avoided=spread(crimes),
        residual_cvar=1.2 * left - harm,
        feasible=feasible,
    )


def resource_explanations(
    teams: Sequence[Team], given: Sequence[Assignment], n_months: int, harm: float
) -> tuple[ResourceExplanation, ...]:
    """Return what each team is asked to do."""
    total = sum(assignment.hours for assignment in given) or 1.0
    explained = []
    for team in teams:
        planned = sum(assignment.hours for assignment in given if assignment.resource == team.name)
        explained.append(
            ResourceExplanation(
                resource=team.name,
                agency=team.agency,
                label=team.kind,
                hours_available=team.hours_per_month * n_months,
                hours_planned=planned,
                hours_delivered=planned * 0.5556,
                cost_pounds=None if team.cost_per_hour is None else planned * team.cost_per_hour,
                harm_avoided=spread(harm * planned / total),
                reasons=(f"All hours of {team.name} are used.", "It goes where its hours touch most harm."),
            )
        )
    return tuple(explained)


def limit_effects(teams: Sequence[Team]) -> tuple[LimitEffect, ...]:
    """Return limits of every kind of account: tried both ways, with a cost, and not tried."""
    hours = tuple(
        LimitEffect(
            name=f"The hours of {team.name}",
            description=f"The hours of {team.name}, {team.hours_per_month:g} hours a month, hold the plan everywhere.",
            limit=team.hours_per_month,
            unit="hours a month",
            field=f"resources[{i}].hours_per_month",
            shadow_price=1.9 - 0.3 * i,
            gain_from_one_more=1.88 - 0.3 * i,
            loss_from_one_less=1.93 - 0.3 * i,
        )
        for i, team in enumerate(teams)
    )
    ward_share = LimitEffect(
        name="The most that one ward may get",
        description="The most that one ward may get, 30 percent of a month’s hours, holds the plan in Abbey.",
        limit=30.0,
        unit="percent of a month’s hours",
        field="limits.ward_max_share",
        shadow_price=14.2,
        gain_from_one_more=13.9,
        loss_from_one_less=14.6,
        cost_share=0.07,
    )
    ward_minimum = LimitEffect(
        name="The ward minimum",
        description="The ward minimum, 12 hours a month, holds the plan in Parsloes.",
        limit=12.0,
        unit="hours a month",
        field="limits.ward_min_hours_per_month",
        shadow_price=0.42,
        gain_from_one_more=None,
        loss_from_one_less=None,
    )
    return (*hours, ward_share, ward_minimum)


def sensitivities(wards: Sequence[WardExplanation], harm: float) -> tuple[Sensitivity, ...]:
    """Return the plan under other assumptions; pairs of wards change places."""
    tried = []
    for topic, label, moved, pairs in OTHER_ASSUMPTIONS:
        fitting = [pair for pair in pairs if max(pair) <= len(wards)]
        changes = [
            WardChange(
                ward_code=wards[now - 1].ward_code,
                ward_name=wards[now - 1].ward_name,
                rank_now=now,
                rank_then=then,
                hours_now=wards[now - 1].hours,
                hours_then=wards[then - 1].hours,
            )
            for one, other in fitting
            for now, then in ((one, other), (other, one))
        ]
        effect = 0.0 if label == "an elasticity of 0 for certain" else harm * (1 + moved)
        tried.append(
            Sensitivity(
                topic=topic,
                label=label,
                hours_moved_share=moved,
                harm_avoided=effect,
                harm_avoided_by_this_plan=effect * (1 - moved / 3),
                harm_unit=HARM_UNITS.get(label, HARM_UNITS[""]),
                changes=tuple(sorted(changes, key=lambda change: -abs(change.rank_then - change.rank_now))),
                statement=f"With {label}, {moved:.0%} of the hours would go to other wards.",
            )
        )
    return tuple(tried)


def group_fairness(wards: Sequence[WardExplanation]) -> tuple[GroupFairness, ...]:
    """Return what each group of wards gets and bears."""
    fair = []
    for group in sorted({ward.group for ward in wards}):
        members = [ward for ward in wards if ward.group == group]
        burdens = [ward.burden_hours_per_1000 or 0.0 for ward in members]
        fair.append(
            GroupFairness(
                group=group,
                wards=len(members),
                hours=sum(ward.hours for ward in members),
                protection=sum(ward.harm_avoided.mean for ward in members) / sum(ward.need_harm for ward in members),
                burden_hours_per_1000=sum(burdens) / len(burdens),
            )
        )
    return tuple(fair)


def risk(left: float, harm: float) -> Risk:
    """Return how the harm left spreads over the futures."""
    return Risk(
        cvar_weight=0.0,
        level=0.9,
        draws=2000,
        residual_mean=left - harm,
        residual_cvar=1.2 * left - harm,
        statement="In the worst tenth of the futures about a fifth more harm is left than on average.",
    )


def certificate() -> Certificate:
    """Return what was checked after the search."""
    return Certificate(
        worst_breach_hours=3e-9,
        optimality_gap=0.0004,
        chord_error=0.0021,
        worst_breach_rounded_hours=0.01,
        statement="Every limit was checked again without the program that found the hours.",
    )


def assumptions() -> tuple[Assumption, ...]:
    """Return what was taken as given."""
    return (
        Assumption(
            topic="Effect of patrols",
            statement="10% more presence lowers the crime it can touch by about 3%; 0%, 1.5% and 4% are tried too.",
            source="Draca, Machin and Witt, American Economic Review 101(5), 2011: London boroughs, 2005",
        ),
        Assumption(
            topic="Baseline presence",
            statement="5,200 officer hours a month, split over wards by the square root of demand.",
            source="assumed",
        ),
        Assumption(
            topic="Time of day",
            statement="The data hold no times: each shift is taken to have 8 of 24 hours of every category.",
            source="assumed",
        ),
        Assumption(topic="Team hours", statement="Hours of each team as given in the request.", source="user"),
    )


def findings() -> tuple[FindingText, ...]:
    """Return a finding of every kind."""
    return (
        FindingText(
            kind="read",
            file="MPS Ward Level Crime (Historical).csv",
            message="Read 14,212 rows, 2010-04 to 2024-02, all London wards since May 2022.",
        ),
        FindingText(
            kind="mended",
            file="MPS Ward Level Crime (most recent 24 months).csv",
            message="A left-over column of 2 crimes was dropped: 2023-03.",
        ),
        FindingText(
            kind="caveat",
            file="",
            message="From 2024-03, between 1.3% and 5.5% of crime carries no ward; the area is the sum of its wards.",
        ),
        FindingText(kind="missing", file="", message="No list of planned homes was given; none were assumed."),
        FindingText(kind="left_aside", file="ward-profiles-excel-version.csv", message="An Excel file, not a CSV."),
    )
