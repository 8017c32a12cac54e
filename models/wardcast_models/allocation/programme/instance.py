"""One allocation problem in numbers: what the programme, the splits and the checks all read.

Everything is in canonical order (wards by code, resources and shifts by name), so that the order of input rows
cannot change a plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.limits.limit import Limit
from wardcast_models.allocation.response import Response


@dataclass(frozen=True, kw_only=True)
class Futures:
    """Futures that the worst tenth is taken from: P of them, each a forecast path with an elasticity.

    Attributes:
        value: Preventable weighted harm of each path, shape (P, W, H, S, G).
        response: Response of each future, by position in `responses`, shape (P,).
        responses: The responses drawn from.
        weight: Weight of the worst tenth in the objective, above 0 and at most 1.
        level: Level of the CVaR: 0.9 takes the mean of the worst tenth.
    """

    value: Array
    response: NDArray[np.intp]
    responses: tuple[Response, ...]
    weight: float
    level: float


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One allocation problem: W wards, H months, S shifts, R resources, G response groups.

    Attributes:
        wards: Ward codes; length W.
        ward_names: Ward names; length W.
        months: `YYYY-MM`; length H.
        shifts: Shift names; length S.
        resources: Resource names; length R.
        value: Mean preventable weighted harm, shape (W, H, S, G).
        baseline: Baseline officer hours a month, positive, shape (W, H, S).
        dose_per_hour: Effective delivered hours per planned hour, shape (R, G).
        allowed: Where and when each resource can work, shape (W, H, S, R).
        presence_value: Worth of a planned hour whatever the ward, in units of harm, shape (S, R).
        capacity: Planned hours available a month, shape (H, R); also among `limits`.
        limits: Every limit, capacities included.
        response: The claimed fall, the mean over the elasticities drawn.
        spill: Part of a ward's dose (rows) that also reaches each other ward (columns), shape (W, W); None for none.
        unit_hours: Hours of one whole unit of each resource, shape (R,); None where hours may be any fraction.
        futures: What the worst tenth is taken from; None where it has no weight.
    """

    wards: tuple[str, ...]
    ward_names: tuple[str, ...]
    months: tuple[str, ...]
    shifts: tuple[str, ...]
    resources: tuple[str, ...]
    value: Array
    baseline: Array
    dose_per_hour: Array
    allowed: Mask
    presence_value: Array
    capacity: Array
    limits: tuple[Limit, ...]
    response: Response
    spill: Array | None = None
    unit_hours: Array | None = None
    futures: Futures | None = None

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """W, H, S, R."""
        return len(self.wards), len(self.months), len(self.shifts), len(self.resources)

    @cached_property
    def has_effect(self) -> Mask:
        """Resources that do anything for the objective where and when they can work, shape (R,)."""
        touched = np.einsum("whsg,whsr,rg->r", self.value, self.allowed, self.dose_per_hour > 0) > 0
        seen = (self.allowed.any(axis=(0, 1)) & (self.presence_value > 0)).any(axis=0)
        return np.asarray(touched | seen)

    def proportional(self, budget: Array) -> Array:
        """Share hours out by preventable weighted harm.

        Where a resource can only work in wards without any, its hours are shared out equally.

        Args:
            budget: Hours of each resource in each month, shape (H, R).

        Returns:
            Hours, shape (W, H, S, R); they add up to the budget of every resource that can work anywhere.
        """
        return self.shared_out(self.value.sum(axis=3)[..., None] * self.allowed, budget)

    def equal(self, budget: Array) -> Array:
        """Share hours out equally over the wards a resource can work in, and over its shifts by their baseline hours.

        Args:
            budget: Hours of each resource in each month, shape (H, R).

        Returns:
            Hours, shape (W, H, S, R); they add up to the budget of every resource that can work anywhere.
        """
        length = self.baseline.sum(axis=(0, 1)) / self.baseline.sum()
        return self.shared_out(length[None, None, :, None] * self.allowed, budget)

    def shared_out(self, weight: Array, budget: Array) -> Array:
        """Share hours out in proportion to weights, or equally where a resource has none.

        Args:
            weight: At least 0, shape (W, H, S, R).
            budget: Hours of each resource in each month, shape (H, R).

        Returns:
            Hours, shape (W, H, S, R).
        """
        weight = np.where(weight.sum(axis=(0, 2), keepdims=True) > 0, weight, self.allowed.astype(np.float64))
        total = weight.sum(axis=(0, 2), keepdims=True)
        share = np.divide(weight, total, out=np.zeros(self.shape), where=total > 0)
        return np.asarray(share * budget[None, :, None, :])

    def dose(self, hours: Array) -> Array:
        """Return the delivered effective hours of each response group, those spilling over from neighbours included.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Dose, shape (W, H, S, G).
        """
        own = hours @ self.dose_per_hour
        if self.spill is None:
            return np.asarray(own)
        return np.asarray(own + np.einsum("vw,vhsg->whsg", self.spill, own))

    def relative_dose(self, hours: Array) -> Array:
        """Return the dose over today's presence, which the response is a function of.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Shape (W, H, S, G).
        """
        return np.asarray(self.dose(hours) / self.baseline[..., None])

    def avoided_by_curve(self, hours: Array) -> Array:
        """Return the weighted harm claimed to be avoided on each curve, by the exact curve.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Shape (W, H, S, G).
        """
        return np.asarray(self.value * self.response.fall(self.relative_dose(hours)))

    def avoided(self, hours: Array) -> float:
        """Return the weighted harm avoided plus presence terms, by the exact curve.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Objective of a plan that gives the worst tenth no weight of its own.
        """
        return float(self.avoided_by_curve(hours).sum() + (hours * self.presence_value).sum())

    def worst_breach(self, hours: Array) -> float:
        """Return by how much the worst broken limit is broken; 0 where all are kept.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            In the unit of the limit's rows, officer hours for most.
        """
        avoided = self.avoided_by_curve(hours)
        breaches = [-hours.min(initial=0.0), (hours * ~self.allowed).max(initial=0.0)]
        breaches += [limit.breach(hours, avoided).max(initial=0.0) for limit in self.limits]
        return float(max(breaches))
