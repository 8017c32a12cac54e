"""Why each ward gets what it gets, in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.demand.trend import Trend
from wardcast_models.allocation.explanation.effect import Effect, range_of
from wardcast_models.allocation.explanation.fairness import Fairness
from wardcast_models.allocation.explanation.holds import Hold
from wardcast_models.allocation.explanation.ranks import ranks, ranks_by_hours
from wardcast_models.allocation.explanation.top_group import TopGroup
from wardcast_models.allocation.explanation.ward_resources import WORTH_SAYING
from wardcast_models.allocation.plan import CategoryDemand, ResourceShare, WardExplanation
from wardcast_models.reference.taxonomy import taxonomy

CATEGORIES_SHOWN = 6

SOMETIMES_ON_TOP = 0.1
"""A ward outside the top group that belongs there in fewer of the paths is not said to."""


@dataclass(frozen=True, kw_only=True)
class _Figures:
    """What the sentences about one ward are made of."""

    hours: float
    rank: int
    preventable: float
    demand_share: float
    demand_rank: int
    density: float
    trend: float
    monthly_now: float
    monthly_before: float
    year_earlier: bool
    growth: float
    untouched_share: float
    at_limits: tuple[str, ...]
    claimed: bool
    claimed_anywhere: bool
    in_top_group: bool
    top_group_share: float


def explain_wards(
    problem: Assembled,
    hours: Array,
    effect: Effect,
    *,
    compared: Trend,
    holds: tuple[Hold, ...],
    resources: list[tuple[ResourceShare, ...]],
    fairness: Fairness,
    top: TopGroup,
) -> tuple[WardExplanation, ...]:
    """Explain every ward.

    Args:
        problem: The problem.
        hours: The plan's hours, shape (W, H, S, R).
        effect: What the plan avoids.
        compared: Expected crime against the past.
        holds: What each limit holds.
        resources: Each ward's resources; length W.
        fairness: What each ward gets and bears.
        top: The wards with most hours.

    Returns:
        One explanation a ward, most hours first.
    """
    demand = problem.demand
    forecast = demand.forecast
    ward_hours = hours.sum(axis=(1, 2, 3))
    preventable = demand.preventable_harm.sum(axis=2)
    need = demand.need_harm.sum(axis=(1, 2))
    ward_preventable = preventable.sum(axis=1)
    total = float(ward_preventable.sum()) or 1.0
    rank, demand_rank = ranks_by_hours(ward_hours), ranks(ward_preventable)
    density = _density(problem, hours)
    trends = compared.ratio
    growth = forecast.exposure_growth.mean(axis=1)
    explained = []
    for ward, code in enumerate(forecast.ward_codes):
        trend = float(trends[ward])
        categories = _categories(problem, ward, preventable[ward])
        figures = _Figures(
            hours=float(ward_hours[ward]),
            rank=int(rank[ward]),
            preventable=float(ward_preventable[ward]),
            demand_share=float(ward_preventable[ward] / total),
            demand_rank=int(demand_rank[ward]),
            density=float(density[ward]),
            trend=trend,
            monthly_now=float(compared.expected[ward]),
            monthly_before=float(compared.before[ward]),
            year_earlier=bool(compared.year_earlier[ward]),
            growth=float(growth[ward]),
            untouched_share=float(1 - ward_preventable[ward] / need[ward]) if need[ward] > 0 else 0.0,
            at_limits=tuple(said for hold in holds if (said := hold.on_ward(ward))),
            claimed=bool(effect.harm[:, ward].any()),
            claimed_anywhere=problem.request.objective.elasticity > 0,
            in_top_group=bool(top.members[ward]),
            top_group_share=float(top.share[ward]),
        )
        explained.append(
            WardExplanation(
                ward_code=code,
                ward_name=forecast.ward_names[ward],
                hours=round(figures.hours, 2),
                rank=figures.rank,
                preventable_harm=float(ward_preventable[ward]),
                preventable_harm_share=figures.demand_share,
                need_harm=float(need[ward]),
                harm_avoided=range_of(effect.harm[:, ward]),
                crimes_avoided=range_of(effect.crimes[:, ward]),
                categories=categories,
                growth=figures.growth,
                trend=trend,
                drivers=_drivers(figures, categories, len(forecast.ward_codes)),
                resources=resources[ward],
                in_top_group=figures.in_top_group,
                top_group_share=figures.top_group_share,
                protection=float(fairness.protection[ward]),
                burden_hours_per_1000=None if fairness.burden is None else float(fairness.burden[ward]),
                group=problem.facts.groups[ward],
            )
        )
    return tuple(sorted(explained, key=lambda ward: (-ward.hours, ward.ward_code)))


def _drivers(figures: _Figures, categories: tuple[CategoryDemand, ...], n_wards: int) -> tuple[str, ...]:
    """Write the sentences about one ward, most important first."""
    said = [_main_reason(figures, n_wards)]
    if figures.hours > 0 and not figures.claimed:
        said.append("No effect on crime is claimed for the teams that work here.")
    if figures.in_top_group and not figures.claimed_anywhere:
        said.append(
            "It is in the quarter of wards with most hours; no effect is claimed, so no ward belongs there by need."
        )
    elif figures.in_top_group or figures.top_group_share >= SOMETIMES_ON_TOP:
        where = "It is" if figures.in_top_group else "It is not"
        said.append(
            f"{where} in the quarter of wards with most hours; it belongs there in {figures.top_group_share:.0%} of "
            "the simulated futures."
        )
    if figures.preventable > 0:
        mix = ", ".join(
            f"{category.label} {category.preventable_harm / figures.preventable:.0%}"
            for category in categories[:3]
            if category.preventable_harm > 0
        )
        said.append(f"Largest parts of its preventable harm: {mix}.")
    if abs(figures.trend - 1) >= WORTH_SAYING:
        side = "above" if figures.trend > 1 else "below"
        past = "the same months a year earlier" if figures.year_earlier else "the mean of the last 12 months"
        said.append(
            f"Expected crime is {abs(figures.trend - 1):.0%} {side} {past} "
            f"({figures.monthly_now:,.0f} against {figures.monthly_before:,.0f} a month)."
        )
    if abs(figures.growth - 1) >= 0.005:
        side = "more" if figures.growth > 1 else "fewer"
        said.append(f"{abs(figures.growth - 1):.1%} {side} residents than in the period learned from.")
    if figures.untouched_share >= WORTH_SAYING:
        said.append(
            f"{figures.untouched_share:.0%} of its forecast harm is need that visible presence is not claimed to touch."
        )
    return tuple(said)


def _main_reason(figures: _Figures, n_wards: int) -> str:
    """Say what decides a ward's hours: its harm, its harm an hour of today's presence, and the limits that hold it."""
    reason = (
        f"It has {figures.demand_share:.1%} of the harm that patrols can touch (rank {figures.demand_rank} of "
        f"{n_wards}) and {figures.density:.2f} times the area's harm per hour of today's presence, "
        "counting what its teams affect"
    )
    if figures.claimed_anywhere and abs(figures.density - 1) >= WORTH_SAYING:
        reason += f", so an hour here does {'more' if figures.density > 1 else 'less'} than on average"
    return " ".join([f"{reason}.", *figures.at_limits])


def _categories(problem: Assembled, ward: int, preventable: Array) -> tuple[CategoryDemand, ...]:
    """Return a ward's leading categories, largest preventable harm first, then largest need."""
    demand = problem.demand
    forecast = demand.forecast
    count = demand.count[ward].sum(axis=1)
    need = count * demand.need_weight
    order = sorted(range(len(count)), key=lambda c: (-preventable[c], -need[c], forecast.categories[c]))
    return tuple(
        CategoryDemand(
            category=forecast.categories[c],
            label=taxonomy()[forecast.categories[c]].label,
            expected_count=float(count[c]),
            weighted_harm=float(need[c]),
            preventable_harm=float(preventable[c]),
            too_few=bool(forecast.too_few[ward, c]),
        )
        for c in order[:CATEGORIES_SHOWN]
    )


def _density(problem: Assembled, hours: Array) -> Array:
    """Return each ward's harm per baseline hour over the area's, shape (W,).

    Harm counts as far as the teams that work in the ward affect it; in a ward without hours, as far as all teams do.
    """
    instance = problem.instance
    by_team = hours.sum(axis=(1, 2))  # (W, R)
    by_team = np.where(by_team.sum(axis=1, keepdims=True) > 0, by_team, instance.capacity.sum(axis=0))
    affected = by_team @ instance.dose_per_hour  # (W, G)
    value = instance.value.sum(axis=(1, 2))  # (W, G)
    base = instance.baseline.sum(axis=(1, 2))
    here = (value * affected).sum(axis=1) / base
    overall = affected @ value.sum(axis=0) / base.sum()
    return np.asarray(np.divide(here, overall, out=np.ones(len(base)), where=overall > 0))
