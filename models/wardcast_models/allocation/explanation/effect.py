"""What hours are expected to avoid, with a range over forecast paths and elasticities taken together.

Every forecast path is crossed with every elasticity of the response, each elasticity as often as the others, so that
the mean over all draws is exactly what the programme makes as large as possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.plan_model import Range
from wardcast_models.allocation.programme.tail import tail_mean

WARDS_AT_ONCE = 64
"""Wards whose paths are held as floating-point numbers at a time."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What hours avoid in every draw: D draws (paths times elasticities), W wards.

    Attributes:
        harm: Weighted harm avoided over the plan's months, shape (D, W).
        crimes: Crimes avoided over the plan's months, shape (D, W).
        residual: Weighted harm within the reach of the request's teams that is left over the plan's months, shape (D,).
    """

    harm: Array
    crimes: Array
    residual: Array

    @cached_property
    def total_harm(self) -> Array:
        """Area totals, shape (D,)."""
        return np.asarray(self.harm.sum(axis=1))

    @cached_property
    def total_crimes(self) -> Array:
        """Area totals, shape (D,)."""
        return np.asarray(self.crimes.sum(axis=1))

    @cached_property
    def residual_cvar(self) -> float:
        """Mean harm left in the worst tenth of the draws."""
        return tail_mean(self.residual)


def effect_of(hours: Array, problem: Assembled) -> Effect:
    """Evaluate hours by the exact curves on every forecast path with every elasticity.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        problem: The problem.

    Returns:
        The effect in every draw, all paths of the first elasticity first.
    """
    demand = problem.demand
    falls = falls_of(hours, problem)
    reached = np.ones_like(falls[:1])
    by_category = _by_category(problem, np.concatenate([falls, reached]))  # (E + 1, W, C, H)
    harm = by_category * demand.aim_weight[:, None]
    crimes = by_category[:-1] * demand.is_crime[:, None]
    n_paths, n_wards = demand.forecast.paths.shape[:2]
    drawn = np.empty((len(harm) + len(crimes), n_paths, n_wards))
    for wards, block in _over_paths(problem, np.concatenate([harm, crimes])):
        drawn[:, :, wards] = block
    at_stake = drawn[len(falls)].sum(axis=1)
    avoided = drawn[: len(falls)]
    return Effect(
        harm=avoided.reshape(-1, n_wards),
        crimes=drawn[len(falls) + 1 :].reshape(-1, n_wards),
        residual=(at_stake - avoided.sum(axis=2)).reshape(-1),
    )


def resource_effects(hours: Array, problem: Assembled) -> Array:
    """Return each resource's part of the weighted harm avoided, by its part of each dose.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        problem: The problem.

    Returns:
        Weighted harm avoided in every draw, in the order of `effect_of`, shape (D, R); a row adds up to its total.
    """
    instance = problem.instance
    falls = falls_of(hours, problem)
    dose = instance.dose(hours)
    n_resources = len(instance.resources)
    parts = []
    for resource in range(n_resources):
        alone = np.zeros_like(hours)
        alone[..., resource] = hours[..., resource]
        part = np.divide(instance.dose(alone), dose, out=np.zeros_like(dose), where=dose > 0)
        parts.append(_by_category(problem, falls * part) * problem.demand.aim_weight[:, None])
    drawn = sum(block.sum(axis=2) for _, block in _over_paths(problem, np.concatenate(parts)))
    return np.asarray(drawn).reshape(n_resources, -1).T


def avoided_counts(hours: Array, problem: Assembled, category: int) -> Array:
    """Return how many crimes or incidents of one category hours avoid, whether they count as crimes or not.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        problem: The problem.
        category: Position of the category in the demand.

    Returns:
        Counts over the plan's months in every draw, in the order of `effect_of`, shape (D, W).
    """
    by_category = _by_category(problem, falls_of(hours, problem))  # (E, W, C, H)
    weight = np.zeros_like(by_category)
    weight[:, :, category] = by_category[:, :, category]
    n_wards = weight.shape[1]
    avoided = np.empty((len(weight), len(problem.demand.forecast.paths), n_wards))
    for wards, block in _over_paths(problem, weight):
        avoided[:, :, wards] = block
    return avoided.reshape(-1, n_wards)


def falls_of(hours: Array, problem: Assembled) -> Array:
    """Return the claimed fall on every curve at each elasticity of the response.

    Args:
        hours: Planned hours, shape (W, H, S, R).
        problem: The problem.

    Returns:
        Falls, shape (E, W, H, S, G).
    """
    instance = problem.instance
    relative = instance.relative_dose(hours)
    return np.stack([part.fall(relative) for part in instance.response.parts])


def range_of(draws: Array) -> Range:
    """Return the mean and 90 % range of what hours avoid.

    Args:
        draws: Never below 0, shape (D,).

    Returns:
        The range; its low end is 0, the case of no effect, whatever the draws.
    """
    low, high = np.quantile(draws, (0.05, 0.95))
    return Range(mean=float(draws.mean()), q05=min(float(low), 0.0), q95=float(high))


def _by_category(problem: Assembled, falls: Array) -> Array:
    """Turn falls on curves (E, W, H, S, G) into the share of each category's crime avoided, shape (E, W, C, H)."""
    demand, group_of = problem.demand, problem.groups.group_of
    n_elasticities, n_wards, n_months = falls.shape[:3]
    share = np.zeros((n_elasticities, n_wards, len(group_of), n_months))
    for category in np.nonzero(group_of >= 0)[0]:
        by_shift = falls[..., group_of[category]] @ demand.shift_share[category]
        share[:, :, category] = by_shift * demand.preventable[category]
    return share


def _over_paths(problem: Assembled, weight: Array) -> Iterator[tuple[slice, Array]]:
    """Sum the counts of every path over categories and months with weights of shape (K, W, C, H).

    Yields:
        Wards and their sums, shape (K, P, wards).
    """
    paths = problem.demand.forecast.paths
    touched = np.nonzero((weight != 0).any(axis=(0, 1, 3)))[0]
    for first in range(0, paths.shape[1], WARDS_AT_ONCE):
        wards = slice(first, min(first + WARDS_AT_ONCE, paths.shape[1]))
        counts = paths[:, wards][:, :, touched].astype(np.float64)
        n_paths, n_wards = counts.shape[:2]
        by_ward = counts.transpose(1, 0, 2, 3).reshape(n_wards, n_paths, -1)
        weights = weight[:, wards][:, :, touched].transpose(1, 2, 3, 0).reshape(n_wards, -1, len(weight))
        yield wards, (by_ward @ weights).transpose(2, 1, 0)
