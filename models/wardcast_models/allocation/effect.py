"""What hours are expected to avoid, with a range over forecast paths and elasticities drawn together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.plan import Assumption, Range
from wardcast_models.allocation.response import Array
from wardcast_models.reference.assumptions import assumption

SCENARIO_KEYS = ("elasticity_zero", "elasticity_low", "elasticity", "elasticity_high")
"""Packaged elasticity scenarios; each is drawn as often as the others."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What hours avoid in every draw: S draws, W wards.

    Attributes:
        harm: Weighted harm avoided over the plan's months, shape (S, W).
        crimes: Crimes avoided over the plan's months, shape (S, W).
    """

    harm: Array
    crimes: Array

    @cached_property
    def total_harm(self) -> Array:
        """Area totals, shape (S,)."""
        return np.asarray(self.harm.sum(axis=1))

    @cached_property
    def total_crimes(self) -> Array:
        """Area totals, shape (S,)."""
        return np.asarray(self.crimes.sum(axis=1))


def elasticity_scenarios(central: float) -> tuple[float, ...]:
    """Return the elasticities that are drawn.

    Args:
        central: The request's elasticity; the packaged scenarios are scaled by it.

    Returns:
        No effect, low, central and high.
    """
    packaged = assumption("elasticity").value
    return tuple(assumption(key).value / packaged * central for key in SCENARIO_KEYS)


def effect_of(hours: Array, problem: Assembled, *, baseline_factor: float = 1.0) -> Effect:
    """Evaluate hours by the exact curve on every forecast path, each with an elasticity drawn for it.

    The scenarios are dealt out to the paths in equal numbers, in an order drawn from the forecast's seed.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        problem: The problem.
        baseline_factor: Multiplies the baseline, to see what it matters.

    Returns:
        The effect in every draw.
    """
    demand, instance = problem.demand, problem.instance
    paths = demand.forecast.paths
    drawn = _deal(paths.shape[0], demand.forecast.seed)
    relative = instance.dose(hours) / (instance.baseline * baseline_factor)[..., None]
    harm = np.zeros((paths.shape[0], paths.shape[1]))
    crimes = np.zeros_like(harm)
    touched = np.nonzero((problem.groups.group_of >= 0) & (demand.preventable > 0))[0]
    for scenario, elasticity in enumerate(elasticity_scenarios(instance.response.elasticity)):
        fall = replace(instance.response, elasticity=elasticity).fall(relative)
        here = np.nonzero(drawn == scenario)[0]
        for category in touched:
            by_shift = fall[..., problem.groups.group_of[category]] @ demand.shift_share[category]
            avoided = np.einsum("pwh,wh->pw", paths[here, :, category], by_shift * demand.preventable[category])
            harm[here] += demand.aim_weight[category] * avoided
            crimes[here] += demand.is_crime[category] * avoided
    return Effect(harm=harm, crimes=crimes)


def range_of(draws: Array) -> Range:
    """Return the mean and 90 % range of draws.

    Args:
        draws: Shape (S,).

    Returns:
        The range.
    """
    low, high = np.quantile(draws, (0.05, 0.95))
    return Range(mean=float(draws.mean()), q05=float(low), q95=float(high))


def effect_assumptions(problem: Assembled) -> list[Assumption]:
    """Say what the claimed effect takes as given.

    Args:
        problem: The problem.

    Returns:
        The response, its cap and the draws.
    """
    central = problem.instance.response.elasticity
    packaged, cap = assumption("elasticity"), assumption("effect_cap")
    drawn = ", ".join(f"{value:.2f}" for value in elasticity_scenarios(central))
    return [
        Assumption(
            topic="Response to presence",
            statement=f"Preventable crime falls with presence at an elasticity of {central:.2f}, on top of "
            "the baseline; hours of different teams add up before the curve. No effect on neighbouring wards "
            "is claimed.",
            source=packaged.source if central == packaged.value else "user",
        ),
        Assumption(topic="Largest claim", statement=cap.statement, source=cap.source),
        Assumption(
            topic="Range of the effect",
            statement=f"Each forecast path is paired with one of the elasticities {drawn}, each as often as the "
            "others; means and 90 % ranges are over these draws, so they include the case of no effect.",
            source=assumption("elasticity_zero").source,
        ),
    ]


def beyond_largest_claim(problem: Assembled, hours: Array) -> list[Assumption]:
    """State the hours for which nothing is claimed, because the largest fall is claimed with fewer.

    Args:
        problem: The problem.
        hours: Planned hours, shape (W, H, S, R).

    Returns:
        One assumption, or none where there are no such hours.
    """
    instance = problem.instance
    relative = instance.dose(hours) / instance.baseline[..., None]
    least = np.where(relative > 0, relative, np.inf).min(axis=3, initial=np.inf)
    least[np.isinf(least)] = 0.0
    needed = np.minimum(instance.response.saturation / np.maximum(least, 1e-12), 1.0)
    beyond = float((hours[..., instance.has_effect].sum(axis=3) * (1 - needed)).sum())
    if beyond < 1:
        return []
    return [
        Assumption(
            topic="Hours beyond the largest claim",
            statement=f"About {beyond:,.0f} of the {hours.sum():,.0f} hours go beyond the presence at which the "
            "largest fall is claimed. Nothing more is claimed for them, so they may as well be used otherwise.",
            source="computed",
        )
    ]


def _deal(n_paths: int, seed: int) -> np.ndarray:
    """Deal the scenarios out to the paths."""
    dealt = np.arange(n_paths) % len(SCENARIO_KEYS)
    return np.random.default_rng([seed, n_paths]).permutation(dealt)
