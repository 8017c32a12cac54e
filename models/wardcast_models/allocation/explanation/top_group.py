"""How sure it is that a ward belongs among the quarter of wards with most hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.resource_effect import delivered_share

PART_OF_WARDS = 4
"""The top group is one ward in this many, rounded up."""

HALVINGS = 50


@dataclass(frozen=True, kw_only=True)
class TopGroup:
    """The quarter of wards with most hours.

    Attributes:
        size: Number of wards in it.
        members: Wards that the plan puts there, shape (W,).
        share: Share of the forecast paths in which each ward belongs there, were the path known, shape (W,).
    """

    size: int
    members: Mask
    share: Array

    def assumption(self) -> Assumption:
        """Say how the shares are found."""
        if not self.share.any():
            return Assumption(
                topic="Top group",
                statement=f"The top group is the {self.size} wards with most hours. No effect is claimed for the "
                "planned hours, so no ward belongs there by need.",
                source="computed",
            )
        return Assumption(
            topic="Top group",
            statement=f"The top group is the {self.size} wards with most hours. A ward belongs there in a forecast "
            "path if it would be among them were that path known: the delivered hours of all teams that have an effect "
            "are then shared out month by month to avoid most weighted harm by the central elasticity, with no ward "
            "limits and every team free to work in every ward.",
            source="computed",
        )


def top_group(problem: Assembled, hours: Array) -> TopGroup:
    """Find the top group and how often each ward belongs there.

    Args:
        problem: The problem.
        hours: The plan's hours, shape (W, H, S, R).

    Returns:
        The group. Where no effect is claimed at the central elasticity, no ward belongs there in any path.
    """
    instance = problem.instance
    n_wards = len(instance.wards)
    size = -(-n_wards // PART_OF_WARDS)
    planned = hours.sum(axis=(1, 2, 3))
    value = _harm_by_path(problem)  # (P, W, H)
    team = {resource.name: resource for resource in problem.request.resources}
    delivered = np.array([delivered_share(team[name]) for name in instance.resources]) * instance.has_effect
    pool = hours.sum(axis=(0, 2)) @ delivered  # (H,)
    given = np.zeros(value.shape[:2])
    for month in range(len(instance.months)):
        given += best_shares(
            value[:, :, month],
            baseline=instance.baseline[:, month].sum(axis=1),
            pool=float(pool[month]),
            elasticity=problem.request.objective.elasticity,
            cap=instance.response.cap,
        )
    return TopGroup(
        size=size,
        members=_largest(planned[None, :], size)[0],
        share=np.asarray(_largest(given, size).mean(axis=0)),
    )


def best_shares(value: Array, *, baseline: Array, pool: float, elasticity: float, cap: float) -> Array:
    """Share a pool of delivered hours out over wards so that most harm is avoided in each path.

    With v the harm within reach, b the baseline and x the dose over b, the harm avoided is v * (1 - (1 + x) ** -e) up
    to the cap. Where an hour is worth m everywhere, x = (e * v / (b * m)) ** (1 / (1 + e)) - 1, within [0, dose of the
    cap]; m is found by halving.

    Args:
        value: Harm within reach, shape (P, W).
        baseline: Positive, shape (W,).
        pool: Hours to share out.
        elasticity: At least 0.
        cap: Largest fall claimed, in (0, 1).

    Returns:
        Hours, shape (P, W); they add up to the pool unless every ward with harm has its largest claim.
    """
    if elasticity == 0 or pool <= 0:
        return np.zeros_like(value)
    saturation = float(np.expm1(-np.log1p(-cap) / elasticity))
    steepness = (value / baseline) ** (1 / (1 + elasticity))  # 1 + x, times a power of m that is the same everywhere
    least = np.min(steepness, axis=1, where=steepness > 0, initial=np.inf)[:, None]
    low = np.zeros_like(least)
    high = np.where(np.isfinite(least), (1 + saturation) / least, 0.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        spent = np.clip(steepness * middle - 1, 0.0, saturation) @ baseline
        enough = (spent >= pool)[:, None]
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(np.clip(steepness * high - 1, 0.0, saturation) * baseline)


def _harm_by_path(problem: Assembled) -> Array:
    """Return the preventable weighted harm that the teams can reach in every path, shape (P, W, H)."""
    demand = problem.demand
    weight = demand.aim_weight * demand.preventable * demand.shift_share.sum(axis=1) * (problem.groups.group_of >= 0)
    touched = np.nonzero(weight)[0]
    paths = demand.forecast.paths
    harm = np.zeros((paths.shape[0], paths.shape[1], paths.shape[3]))
    for category in touched:
        harm += weight[category] * paths[:, :, category]
    return harm


def _largest(amounts: Array, size: int) -> Mask:
    """Mark the largest amounts of each row (P, W), none that is 0; of equal ones the first by ward code."""
    order = np.argsort(-amounts, axis=1, kind="stable")[:, :size]
    marked = np.zeros(amounts.shape, dtype=bool)
    np.put_along_axis(marked, order, values=True, axis=1)
    return np.asarray(marked & (amounts > 0))
