"""A made-up plan with the shape and size of a real one, for tests of what is printed and shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.plan_example_asb import asb_kept
from tests.plan_example_parts import (
    WARNINGS,
    assumptions,
    certificate,
    findings,
    group_fairness,
    limit_effects,
    resource_explanations,
    risk,
    sensitivities,
    split,
)
from tests.plan_example_wards import DEMAND, Team, assignments, spread, ward_explanations
from tests.trend_examples import square_tiles, trends_example
from wardcast.pack.inputs import ReportInputs
from wardcast_models.allocation.plan import Plan, Provenance, SolutionStatus

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

DEFAULT_TEAMS = (
    Team(name="Police ward team", agency="police", hours_per_month=560.0, cost_per_hour=41.0),
    Team(
        name="Council enforcement",
        agency="council",
        hours_per_month=320.0,
        kind="Council enforcement officers and wardens",
        cost_per_hour=28.5,
    ),
    Team(
        name="Street youth workers",
        agency="partner",
        hours_per_month=120.0,
        kind="Detached youth work",
        cost_per_hour=25.0,
        enforcement=False,
    ),
)


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
    given = assignments(wards, demand, months, teams)
    explanations = ward_explanations(wards, demand, given, teams, len(months))
    harm = sum(ward.harm_avoided.mean for ward in explanations)
    crimes = sum(ward.crimes_avoided.mean for ward in explanations)
    left = sum(ward.preventable_harm for ward in explanations)
    resources = resource_explanations(teams, given, len(months), harm)
    costs = [team.cost_pounds for team in resources]
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
        assignments=given,
        wards=explanations,
        effect=spread(harm),
        effect_crimes=spread(crimes),
        zero_effect_statement=(
            "If visible patrols had no effect here, these hours would avoid no crime; what they cost would be the "
            "officer hours themselves."
        ),
        comparisons=(
            split("plan", "This plan", harm, crimes, left=left, feasible=True),
            split("current", "As today’s presence is split", harm * 0.9, crimes * 0.93, left=left, feasible=True),
            split("proportional", "In proportion to demand", harm * 0.94, crimes * 0.97, left=left, feasible=True),
            split("equal", "Equal hours in every ward", harm * 0.81, crimes * 0.86, left=left, feasible=False),
            split("none", "No extra hours", 0.0, 0.0, left=left, feasible=True),
        ),
        verdict=(
            "The plan is expected to avoid 6% more harm than sharing the same hours in proportion to demand and 23% "
            "more than equal shares; the ranges overlap, so the gain over the proportional split is not certain."
        ),
        limits=limit_effects(teams),
        resources=resources,
        sensitivities=sensitivities(explanations, harm),
        fairness=group_fairness(explanations),
        warnings=WARNINGS,
        risk=risk(left, harm),
        certificate=certificate(),
        cost_pounds=None if None in costs else sum(cost for cost in costs if cost is not None),
        asb=asb_kept(explanations, len(months)),
        assumptions=assumptions(),
        findings=findings(),
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
