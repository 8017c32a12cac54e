"""A made-up plan with the shape and size of a real one, for tests of what is printed and shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wardcast.pack.inputs import ReportInputs
from wardcast.pack.trends import RECORDED_CRIME, Trend
from wardcast_models.allocation.plan import (
    AsbTreatment,
    Assignment,
    Assumption,
    CategoryDemand,
    FindingText,
    LimitEffect,
    Plan,
    Provenance,
    Range,
    SolutionStatus,
    SplitComparison,
    WardExplanation,
)
from wardcast_models.forecasting.forecast import precision_of
from wardcast_models.reference.taxonomy import families, taxonomy

LBBD_WARDS: tuple[tuple[str, str], ...] = tuple(
    (f"E050140{number}", name)
    for number, name in enumerate(
        (
            "Abbey",
            "Alibon",
            "Barking Riverside",
            "Beam",
            "Becontree",
            "Chadwell Heath",
            "Eastbrook & Rush Green",
            "Eastbury",
            "Gascoigne",
            "Goresbrook",
            "Heath",
            "Longbridge",
            "Mayesbrook",
            "Northbury",
            "Parsloes",
            "Thames View",
            "Valence",
            "Village",
            "Whalebone",
        ),
        start=53,
    )
)
"""Codes and names of the wards of Barking and Dagenham since May 2022."""

# relative demand of each ward, in the order above: a town centre, a growing riverside, quiet suburbs
DEMAND = (9.0, 3.8, 4.1, 3.5, 3.4, 4.6, 3.1, 3.3, 6.2, 4.0, 4.8, 2.9, 3.2, 5.6, 2.6, 3.9, 3.6, 5.1, 4.4)
GROWTH = {"E05014055": 1.12, "E05014061": 1.05, "E05014068": 1.04}
CATEGORIES = (
    ("violence_with_injury", 0.085, 365.0),
    ("robbery_personal", 0.022, 365.0),
    ("burglary_residential", 0.050, 273.5),
    ("violence_without_injury", 0.190, 10.0),
    ("rape", 0.014, 2555.0),
    ("arson", 0.008, 185.0),
)
ALL_CRIMES_A_MONTH = 1700.0
TEAMS = (
    ("Police ward team", "police", 560.0),
    ("Council enforcement", "council", 320.0),
    ("Night-time economy team", "council", 120.0),
)
SHIFT_PART = {"day": 0.25, "late": 0.45, "night": 0.30}


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team and its officer hours a month."""

    name: str
    agency: str
    hours_per_month: float


DEFAULT_TEAMS = tuple(Team(name=name, agency=agency, hours_per_month=hours) for name, agency, hours in TEAMS)


def plan_example(
    *,
    wards: Sequence[tuple[str, str]] = LBBD_WARDS,
    months: tuple[str, ...] = ("2025-04", "2025-05", "2025-06"),
    teams: Sequence[Team] = DEFAULT_TEAMS,
    title: str = "Patrol plan for spring 2025",
    area_name: str = "Barking and Dagenham",
    synthetic: bool = False,
) -> Plan:
    """Return a plan; the same arguments give the same plan."""
    demand = {code: DEMAND[i % len(DEMAND)] * (1 + (i // len(DEMAND)) * 0.013) for i, (code, _) in enumerate(wards)}
    assignments = _assignments(wards, demand, months, teams)
    hours = dict.fromkeys(demand, 0.0)
    for assignment in assignments:
        hours[assignment.ward_code] += assignment.hours
    ranked = sorted(wards, key=lambda ward: (-hours[ward[0]], ward[0]))
    total_demand = sum(demand.values())
    explanations = tuple(
        _explanation(code, name, rank, demand[code] / total_demand, hours[code], len(months), len(wards))
        for rank, (code, name) in enumerate(ranked, start=1)
    )
    harm = sum(ward.harm_avoided.mean for ward in explanations)
    crimes = sum(ward.crimes_avoided.mean for ward in explanations)
    return Plan(
        title=title,
        area_code="E09000002",
        area_name=area_name,
        vintage="WD22",
        synthetic=synthetic,
        until="2025-03",
        months=months,
        shifts=("day", "late", "night"),
        harm_scale="cambridge",
        harm_unit="days of imprisonment (Cambridge Crime Harm Index)",
        status=SolutionStatus.OPTIMAL,
        objective_value=harm,
        assignments=assignments,
        wards=explanations,
        effect=_range(harm),
        effect_crimes=_range(crimes),
        zero_effect_statement=(
            "If visible patrols had no effect here, these hours would avoid no crime; what they cost would be the "
            "officer hours themselves."
        ),
        comparisons=(
            _split("plan", "This plan", harm, crimes, feasible=True),
            _split("proportional", "Hours in proportion to demand", harm * 0.94, crimes * 0.97, feasible=True),
            _split("equal", "Equal hours in every ward", harm * 0.81, crimes * 0.86, feasible=False),
            _split("none", "No extra hours", 0.0, 0.0, feasible=True),
        ),
        verdict=(
            "The plan is expected to avoid 6% more harm than sharing the same hours in proportion to demand and 23% "
            "more than equal shares; the ranges overlap, so the gain over the proportional split is not certain."
        ),
        limits=_limits(teams, months),
        asb=AsbTreatment(
            mode="floor",
            statement=(
                "Anti-social behaviour is not in the data within 12 months of March 2025, so it is not forecast. "
                "15% of council hours are set aside for it, split by public order and criminal damage as a stand-in."
            ),
            floor_hours_per_month=66.0,
        ),
        assumptions=_assumptions(),
        findings=_findings(),
        forecast_model="pooled share",
        panel_digest="4be1" * 16,
    )


def provenance_example() -> Provenance:
    """Return ids and times as a run gives them."""
    return Provenance(
        created_at="2025-04-02T09:15:00Z",
        wardcast_version="0.1.0",
        mlflow_tracking_uri="sqlite:///mlflow.db",
        mlflow_experiment="E09000002 plans",
        plan_run_id="9f2c71a6b8d94c3e8f10a2b3c4d5e6f7",
        forecast_run_id="1a2b3c4d5e6f708192a3b4c5d6e7f809",
        model_version="wardcast-E09000002/3",
        request_digest="77ab" * 16,
    )


def square_tiles(wards: Sequence[tuple[str, str]], *, columns: int = 5) -> dict[str, dict[str, Any]]:
    """Return a polygon a ward: squares side by side, near Barking."""
    side = 0.01
    tiles = {}
    for i, (code, _) in enumerate(wards):
        west, south = 0.07 + (i % columns) * side, 51.56 - (i // columns) * side
        ring = [
            [west, south],
            [west + side, south],
            [west + side, south + side],
            [west, south + side],
            [west, south],
        ]
        tiles[code] = {"type": "Polygon", "coordinates": [ring]}
    return tiles


def trends_example(plan: Plan) -> tuple[Trend, ...]:
    """Return trends of the area, three families and every ward of the plan."""
    shown = [("violence", 520.0), ("burglary", 110.0), ("robbery", 3.0)]
    total = sum(DEMAND)
    return (
        _trend("area", plan.area_code, RECORDED_CRIME, ALL_CRIMES_A_MONTH, plan.months),
        *(_trend("family", key, families()[key], level, plan.months) for key, level in shown),
        *(
            _trend("ward", w.ward_code, w.ward_name, DEMAND[i % 19] / total * ALL_CRIMES_A_MONTH, plan.months)
            for i, w in enumerate(plan.wards)
        ),
    )


def inputs_example(*, with_polygons: bool = True, with_trends: bool = True, **plan_options: Any) -> ReportInputs:
    """Return everything the pack is made from."""
    plan = plan_example(**plan_options)
    wards = sorted((ward.ward_code, ward.ward_name) for ward in plan.wards)
    return ReportInputs(
        plan=plan,
        provenance=provenance_example(),
        polygons=square_tiles(wards) if with_polygons else {},
        trends=trends_example(plan) if with_trends else (),
    )


def many_wards(number: int) -> list[tuple[str, str]]:
    """Return so many ward codes and names; names repeat, as they do across London."""
    return [(f"E0599{i:04d}", f"{LBBD_WARDS[i % 19][1]}") for i in range(number)]


def _assignments(
    wards: Sequence[tuple[str, str]], demand: dict[str, float], months: tuple[str, ...], teams: Sequence[Team]
) -> tuple[Assignment, ...]:
    # hours chase demand above the quietest wards, which get none
    pull = {code: max(0.0, value - 2.95) ** 1.2 for code, value in demand.items()}
    total = sum(pull.values()) or 1.0
    if not any(pull.values()):
        pull = dict.fromkeys(pull, 1.0 / len(pull))
    return tuple(
        Assignment(
            ward_code=code,
            ward_name=name,
            month=month,
            shift=shift,
            resource=team.name,
            agency=team.agency,  # type: ignore[arg-type]  # the factory's teams name their agency as plain text
            hours=round(team.hours_per_month * part * pull[code] / total, 2),
        )
        for month in months
        for shift, part in SHIFT_PART.items()
        for team in teams
        for code, name in wards
        if pull[code] > 0
    )


def _range(mean: float) -> Range:
    return Range(mean=mean, q05=mean * 0.02, q95=mean * 2.1)


def _split(name: str, label: str, harm: float, crimes: float, *, feasible: bool) -> SplitComparison:
    return SplitComparison(
        name=name,  # type: ignore[arg-type]  # one of the four literals, by the calls above
        label=label,
        harm_avoided=_range(harm),
        crimes_avoided=_range(crimes),
        feasible=feasible,
    )


def _explanation(
    code: str, name: str, rank: int, share: float, hours: float, n_months: int, n_wards: int
) -> WardExplanation:
    crimes = ALL_CRIMES_A_MONTH * n_months * share * n_wards / 19
    demands = []
    for at, (category, part, weight) in enumerate(CATEGORIES):
        # wards differ in their mix of crime
        count = crimes * part * (1 + 0.25 * math.sin(rank * 1.7 + at * 2.1))
        preventable = taxonomy()[category].preventable[1]
        demands.append(
            CategoryDemand(
                category=category,
                label=taxonomy()[category].label,
                expected_count=count,
                weighted_harm=count * weight,
                preventable_harm=count * weight * preventable,
                too_few=count / n_months < 5,
            )
        )
    demands.sort(key=lambda demand: -demand.preventable_harm)
    preventable_harm = sum(demand.preventable_harm for demand in demands)
    avoided = preventable_harm * 0.03 * math.sqrt(hours / 300) if hours else 0.0
    growth = GROWTH.get(code, 1.004)
    drivers = [
        f"{demands[0].label} makes up {demands[0].preventable_harm / preventable_harm:.0%} of the harm patrols can "
        f"touch here.",
        f"It holds {share:.0%} of the harm in the area that visible patrols can touch.",
    ]
    if growth > 1.02:
        drivers.append(f"{growth - 1:.0%} more people are expected than when the forecast was fitted.")
    return WardExplanation(
        ward_code=code,
        ward_name=name,
        hours=hours,
        rank=rank,
        preventable_harm=preventable_harm,
        preventable_harm_share=share,
        need_harm=sum(demand.weighted_harm for demand in demands),
        harm_avoided=_range(avoided),
        crimes_avoided=_range(avoided / 90),
        categories=tuple(demands),
        growth=growth,
        trend=0.96 + 0.01 * (rank % 9),
        drivers=tuple(drivers),
    )


def _limits(teams: Sequence[Team], months: tuple[str, ...]) -> tuple[LimitEffect, ...]:
    hours = tuple(
        LimitEffect(
            name=f"capacity:{team.name}:{month}",
            description=f"Hours of {team.name} in {month}",
            limit=team.hours_per_month,
            unit="officer hours",
            shadow_price=1.9 - 0.3 * i,
            gain_from_one_more=1.88 - 0.3 * i,
            loss_from_one_less=1.93 - 0.3 * i,
        )
        for i, team in enumerate(teams)
        for month in months
    )
    ward_minimum = LimitEffect(
        name="ward_min:E05014067",
        description="Least hours in Parsloes",
        limit=12.0,
        unit="officer hours a month",
        shadow_price=-0.42,
        gain_from_one_more=None,
        loss_from_one_less=None,
    )
    return (*hours, ward_minimum)


def _assumptions() -> tuple[Assumption, ...]:
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


def _findings() -> tuple[FindingText, ...]:
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


def _trend(scope: Any, key: str, label: str, level: float, months: tuple[str, ...]) -> Trend:
    observed_months = tuple(f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13))[3:27]
    observed = tuple(round(level * (1 + 0.12 * math.sin(i * 0.9) + 0.05 * math.sin(i * 2.3))) for i in range(24))
    spread = 1.9 * math.sqrt(level)
    n = len(months)
    return Trend(
        scope=scope,
        key=key,
        label=label,
        observed_months=observed_months,
        observed=tuple(float(value) for value in observed),
        forecast_months=months,
        q05=tuple(max(0.0, round(level - spread)) for _ in range(n)),
        q25=tuple(max(0.0, round(level - spread * 0.4)) for _ in range(n)),
        q50=tuple(float(round(level)) for _ in range(n)),
        q75=tuple(float(round(level + spread * 0.4)) for _ in range(n)),
        q95=tuple(float(round(level + spread)) for _ in range(n)),
        precision=precision_of(level),
    )
