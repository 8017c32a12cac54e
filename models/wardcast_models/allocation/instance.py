"""One allocation problem in numbers: what the programme, the splits and the checks all read.

Everything is in canonical order (wards by code, resources and shifts by name), so that the order of input rows
cannot change a plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wardcast_models.allocation.response import Array, Response

Mask = NDArray[np.bool_]


class LimitKind(StrEnum):
    """The limits that a request can set; the value names it in constraint names."""

    CAPACITY = "capacity"
    WARD_MIN = "ward_min"
    WARD_MAX = "ward_max"
    WARD_MAX_SHARE = "ward_max_share"
    ASB_FLOOR = "asb_floor"


@dataclass(frozen=True, kw_only=True)
class WardLimit:
    """A limit on the hours of every ward in every month.

    Attributes:
        kind: Which limit.
        at_least: True for a minimum, False for a maximum.
        counts: Resources whose hours count, shape (R,).
        hours: The limit in hours a month, shape (W, H).
    """

    kind: LimitKind
    at_least: bool
    counts: Mask
    hours: Array


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One allocation problem: W wards, H months, S shifts, R resources, G response groups.

    Attributes:
        wards: Ward codes; length W.
        ward_names: Ward names; length W.
        months: `YYYY-MM`; length H.
        shifts: Shift names; length S.
        resources: Resource names; length R.
        resource_fields: Where each resource stands in the request (`resources[0]`); length R.
        value: Preventable weighted harm, shape (W, H, S, G).
        baseline: Baseline officer hours a month, positive, shape (W, H, S).
        dose_per_hour: Effective delivered hours per planned hour, shape (R, G).
        allowed: Where and when each resource can work, shape (W, S, R).
        presence_value: Worth of a planned hour whatever the ward, in units of harm, shape (S, R).
        capacity: Planned hours available a month, shape (H, R).
        ward_limits: The other limits.
        response: The claimed fall.
    """

    wards: tuple[str, ...]
    ward_names: tuple[str, ...]
    months: tuple[str, ...]
    shifts: tuple[str, ...]
    resources: tuple[str, ...]
    resource_fields: tuple[str, ...]
    value: Array
    baseline: Array
    dose_per_hour: Array
    allowed: Mask
    presence_value: Array
    capacity: Array
    ward_limits: tuple[WardLimit, ...]
    response: Response

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """W, H, S, R."""
        return len(self.wards), len(self.months), len(self.shifts), len(self.resources)

    @cached_property
    def has_effect(self) -> Mask:
        """Resources that do anything for the objective where and when they can work, shape (R,)."""
        touched = np.einsum("whsg,wsr,rg->r", self.value, self.allowed, self.dose_per_hour > 0) > 0
        seen = (self.allowed.any(axis=0) & (self.presence_value > 0)).any(axis=0)
        return np.asarray(touched | seen)

    def proportional(self, budget: Array) -> Array:
        """Share hours out by preventable weighted harm.

        Where a resource can only work in wards without any, its hours are shared out equally.

        Args:
            budget: Hours of each resource in each month, shape (H, R).

        Returns:
            Hours, shape (W, H, S, R); they add up to the budget of every resource that can work anywhere.
        """
        return self._shared_out(self.value.sum(axis=3)[..., None] * self.allowed[:, None], budget)

    def equal(self, budget: Array) -> Array:
        """Share hours out equally over the wards a resource can work in, and over its shifts by their baseline hours.

        Args:
            budget: Hours of each resource in each month, shape (H, R).

        Returns:
            Hours, shape (W, H, S, R); they add up to the budget of every resource that can work anywhere.
        """
        length = self.baseline.sum(axis=(0, 1)) / self.baseline.sum()
        weight = np.broadcast_to(length[None, None, :, None] * self.allowed[:, None], self.shape)
        return self._shared_out(weight, budget)

    def dose(self, hours: Array) -> Array:
        """Return the delivered effective hours of each response group.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Dose, shape (W, H, S, G).
        """
        return np.asarray(hours @ self.dose_per_hour)

    def avoided(self, hours: Array) -> float:
        """Return the weighted harm avoided plus presence terms, by the exact curve.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Objective of a plan.
        """
        fall = self.response.fall(self.dose(hours) / self.baseline[..., None])
        return float((self.value * fall).sum() + (hours * self.presence_value).sum())

    def worst_breach(self, hours: Array) -> float:
        """Return by how many hours the worst broken limit is broken; 0 where all are kept.

        Args:
            hours: Planned hours, shape (W, H, S, R).

        Returns:
            Officer hours a month.
        """
        breaches = [
            -hours.min(initial=0.0),
            (hours * ~self.allowed[:, None]).max(initial=0.0),
            (hours.sum(axis=(0, 2)) - self.capacity).max(initial=0.0),
        ]
        for limit in self.ward_limits:
            used = hours[..., limit.counts].sum(axis=(2, 3))
            over = limit.hours - used if limit.at_least else used - limit.hours
            breaches.append(over.max(initial=0.0))
        return float(max(breaches))

    def _shared_out(self, weight: Array, budget: Array) -> Array:
        """Share out a budget of shape (H, R) in proportion to weights of shape (W, H, S, R)."""
        fallback = np.broadcast_to(self.allowed[:, None], self.shape).astype(np.float64)
        weight = np.where(weight.sum(axis=(0, 2), keepdims=True) > 0, weight, fallback)
        total = weight.sum(axis=(0, 2), keepdims=True)
        share = np.divide(weight, total, out=np.zeros(self.shape), where=total > 0)
        return np.asarray(share * budget[None, :, None, :])
