"""Why each ward gets what it gets, in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.effect import Effect, range_of
from wardcast_models.allocation.instance import LimitKind
from wardcast_models.allocation.limit_effects import NO_WORTH
from wardcast_models.allocation.plan import CategoryDemand, WardExplanation
from wardcast_models.allocation.response import Array
from wardcast_models.allocation.solve import Solution
from wardcast_models.allocation.trend import Trend
from wardcast_models.reference.taxonomy import taxonomy

CATEGORIES_SHOWN = 6
AT_LIMIT_HOURS = 0.02
"""A ward within this of a limit is at it (hours are rounded)."""

WORTH_SAYING = 0.02
"""Relative differences below this are not mentioned."""


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


def explain_wards(
    problem: Assembled, solution: Solution, effect: Effect, compared: Trend
) -> tuple[WardExplanation, ...]:
    """Explain every ward.

    Args:
        problem: The problem.
        solution: Its solution.
        effect: What the plan avoids.
        compared: Expected crime against the past.

    Returns:
        One explanation a ward, most hours first.
    """
    demand = problem.demand
    forecast = demand.forecast
    ward_hours = solution.hours.sum(axis=(1, 2, 3))
    preventable = demand.preventable_harm.sum(axis=2)
    need = demand.need_harm.sum(axis=(1, 2))
    ward_preventable = preventable.sum(axis=1)
    total = float(ward_preventable.sum()) or 1.0
    rank, demand_rank = _ranks(_as_shown(ward_hours)), _ranks(ward_preventable)
    density = _density(problem, solution.hours)
    trends = compared.ratio
    growth = forecast.exposure_growth.mean(axis=1)
    at_limits = _at_limits(problem, solution)
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
            at_limits=at_limits[ward],
            claimed=bool(effect.harm[:, ward].any()),
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
            )
        )
    return tuple(sorted(explained, key=lambda ward: (-ward.hours, ward.ward_code)))


def _drivers(figures: _Figures, categories: tuple[CategoryDemand, ...], n_wards: int) -> tuple[str, ...]:
    """Write the sentences about one ward, most important first."""
    said = [_main_reason(figures, n_wards)]
    if figures.hours > 0 and not figures.claimed:
        said.append("No effect on crime is claimed for the teams that work here.")
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
    if abs(figures.density - 1) >= WORTH_SAYING:
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


def _at_limits(problem: Assembled, solution: Solution) -> list[tuple[str, ...]]:
    """Say for each ward which limits hold its hours, and in how many months.

    A limit holds hours where it has a price. A minimum also does where it keeps teams in the ward that have no effect:
    nothing else asks for them, and their hours are worth nothing elsewhere.
    """
    instance, hours = problem.instance, solution.hours
    worth = NO_WORTH * max(abs(solution.objective), 1e-12)
    words = {
        LimitKind.WARD_MIN: "Held up by the ward minimum",
        LimitKind.WARD_MAX: "Held down by the ward maximum",
        LimitKind.WARD_MAX_SHARE: "Held down by the largest share that a ward may get",
        LimitKind.ASB_FLOOR: "Its council hours are no more than the ring-fence for anti-social behaviour asks for",
    }
    said: list[list[str]] = [[] for _ in instance.wards]
    for limit in instance.ward_limits:
        used = hours[..., limit.counts].sum(axis=(2, 3))
        at_limit = (np.abs(used - limit.hours) <= AT_LIMIT_HOURS) & (limit.hours > 0)
        kept = limit.at_least & (hours[..., limit.counts & ~instance.has_effect].sum(axis=(2, 3)) > 0)
        binds = at_limit & ((solution.prices[limit.kind] > worth) | kept)
        for ward, count in enumerate(binds.sum(axis=1)):
            if count:
                said[ward].append(f"{words[limit.kind]} in {count} of {len(instance.months)} months.")
    return [tuple(sentences) for sentences in said]


def _ranks(values: Array) -> np.ndarray:
    """Rank, 1 for the largest; equal values have the same rank."""
    return np.asarray(1 + (values[None, :] > values[:, None]).sum(axis=1), dtype=int)


def _as_shown(hours: Array) -> Array:
    """Round hours to the hour, as a reader sees them; less than one hour stays more than none."""
    return np.where((hours > 0) & (hours <= 0.5), 0.5, np.round(hours))
