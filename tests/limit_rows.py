"""Limits for made-up allocation problems, built without a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense, rows_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SENSE = {
    LimitKind.WARD_MIN: Sense.AT_LEAST,
    LimitKind.ASB_FLOOR: Sense.AT_LEAST,
    LimitKind.RING_FENCE: Sense.AT_LEAST,
    LimitKind.STABILITY_MIN: Sense.AT_LEAST,
    LimitKind.PROTECTION: Sense.AT_LEAST,
    LimitKind.LOCKED: Sense.EXACTLY,
}


class LimitFigures(TypedDict, total=False):
    """Limits that a made-up problem can have beside its resources' hours; None is as good as absent."""

    ward_min: float | None
    """Least hours of a ward and month."""
    ward_max: float | None
    """Most hours of a ward and month."""
    ward_max_share: float | None
    """Most of a month's hours in one ward."""
    floor: float | None
    """Share of the first resource's hours that is kept as equal floors in all wards."""
    shift_cap: float | None
    """Most of each month's hours of the first resource in the last shift, as a share."""
    budget_share: float | None
    """Share of all hours that the whole plan may spend."""
    budget_pounds: float | None
    """Pounds that the whole plan may spend; an hour costs 20 pounds, 30 of the second resource's and so on."""
    ring_fence: float | None
    """Hours a month kept in the first two wards."""
    locked: float | None
    """Hours a month of the first resource in the last ward."""
    most_change: float | None
    """Most by which a ward's monthly hours may differ from an equal split of the mean month."""
    protection: float | None
    """Least harm avoided over preventable harm in each ward, as a share of the area's."""
    burden: float | None
    """Most hours of all but the last resource per 1,000 persons, of whom wards have 1,000 to 2,000."""


def make_limits(allowed: Mask, capacity: Array, value: Array, figures: LimitFigures) -> tuple[Limit, ...]:
    """Make the limits of a problem.

    Args:
        allowed: Where and when each resource can work, shape (W, H, S, R).
        capacity: Planned hours available a month, shape (H, R).
        value: Preventable weighted harm, shape (W, H, S, G).
        figures: The limits beside `capacity`.
    """
    n_wards, n_months, n_shifts, n_resources = allowed.shape
    rows = LimitRows(allowed=allowed, n_groups=value.shape[3])
    ward, shift, team = np.arange(n_wards)[:, None, None, None], np.arange(n_shifts)[:, None], np.arange(n_resources)
    flat, total = np.ones(n_months), capacity.sum(axis=1)
    equal, floor = flat * float(total.mean()) / n_wards, capacity[:, 0] / n_wards
    per_thousand = 1000 / np.linspace(1000.0, 2000.0, n_wards)[:, None, None, None]
    late, last_ward = (team == 0) & (shift == n_shifts - 1), (team == 0) & (ward == n_wards - 1)
    made: dict[str, Callable[[float], Limit | tuple[Limit, ...]]] = {
        "ward_min": lambda hours: rows.by_ward(LimitKind.WARD_MIN, hours * flat),
        "ward_max": lambda hours: rows.by_ward(LimitKind.WARD_MAX, hours * flat),
        "ward_max_share": lambda share: rows.ward_share(share, step=0.01 * total),
        "floor": lambda share: rows.by_ward(LimitKind.ASB_FLOOR, share * floor, step=-0.01 * floor, mine=team == 0),
        "shift_cap": lambda share: rows.by_month(LimitKind.SHIFT_CAPACITY, share * capacity[:, 0], mine=late),
        "budget_share": lambda share: rows.over_plan(LimitKind.BUDGET_HOURS, share * float(total.sum())),
        "budget_pounds": lambda pounds: rows.over_plan(LimitKind.BUDGET_POUNDS, pounds, weight=20.0 + 10.0 * team),
        "ring_fence": lambda hours: rows.by_month(LimitKind.RING_FENCE, hours * flat, mine=ward < 2),
        "locked": lambda hours: rows.by_month(LimitKind.LOCKED, hours * flat, mine=last_ward),
        "most_change": lambda change: (
            rows.by_ward(LimitKind.STABILITY_MIN, equal - change),
            rows.by_ward(LimitKind.STABILITY_MAX, equal + change),
        ),
        "protection": lambda share: rows.protection(share, value.sum(axis=(1, 2, 3))),
        "burden": lambda hours: rows.by_ward(
            LimitKind.BURDEN, hours * flat, mine=team < n_resources - 1, weight=per_thousand
        ),
    }
    limits = [rows.by_month(LimitKind.CAPACITY, capacity[:, one], mine=team == one) for one in team]
    for name, figure in figures.items():
        if figure is not None:
            limit = made[name](cast("float", figure))
            limits += [limit] if isinstance(limit, Limit) else limit
    return tuple(limits)


AVOIDED_PER_NEED = 0.004
"""Harm avoided per unit of need that protection floors are a share of: what any of the problems can give every ward."""


@dataclass(frozen=True, kw_only=True)
class LimitRows:
    """Makes limits over the hours of one problem.

    Attributes:
        allowed: Where and when each resource can work, shape (W, H, S, R).
        n_groups: Response groups, G.
    """

    allowed: Mask
    n_groups: int

    def by_month(self, kind: LimitKind, bound: Array, *, mine: Mask) -> Limit:
        """Limit the hours of each month to `bound`, shape (H,), those in `mine`, broadcast to (W, H, S, R)."""
        row_of = np.arange(len(bound))[None, :, None, None]
        return self._limit(kind, self.allowed & mine, row_of, bound, _one(kind, bound))

    def by_ward(
        self,
        kind: LimitKind,
        bound: Array,
        *,
        step: Array | None = None,
        mine: Mask | None = None,
        weight: Array | None = None,
    ) -> Limit:
        """Limit the hours of each ward and month to `bound` and change it by `step`, both of shape (H,)."""
        n_wards, n_months = self.allowed.shape[:2]
        row_of = np.arange(n_wards * n_months).reshape(n_wards, n_months, 1, 1)
        cells = self.allowed if mine is None else self.allowed & mine
        step = _one(kind, bound) if step is None else step
        return self._limit(kind, cells, row_of, np.tile(bound, n_wards), np.tile(step, n_wards), weight)

    def ward_share(self, share: float, *, step: Array) -> Limit:
        """Limit each ward's hours to a share of the month's planned hours; `step` of shape (H,)."""
        n_wards, n_months = self.allowed.shape[:2]
        limit = self.by_ward(LimitKind.WARD_MAX_SHARE, np.zeros(n_months), step=step)
        cells, rows = np.arange(self.allowed.size).reshape(self.allowed.shape), np.zeros(limit.hours.shape)
        for row, (ward, month) in enumerate(np.ndindex(n_wards, n_months)):
            rows[row, cells[:, month][self.allowed[:, month]]] = -share
            rows[row, cells[ward, month][self.allowed[ward, month]]] += 1.0
        return replace(limit, figure=100 * share, unit="percent of a month's planned hours", hours=csr_array(rows))

    def over_plan(self, kind: LimitKind, bound: float, *, weight: Array | None = None) -> Limit:
        """Limit all hours together, each counted by its weight, broadcast to (W, H, S, R)."""
        row_of = np.zeros((1, 1, 1, 1), dtype=np.intp)
        return self._limit(kind, self.allowed, row_of, np.array([bound]), np.ones(1), weight)

    def protection(self, share: float, need: Array) -> Limit:
        """Limit each ward's harm avoided over its need, shape (W,), to a share of `AVOIDED_PER_NEED`, from below."""
        n_wards, n_months, n_shifts, _ = self.allowed.shape
        avoided = csr_array(np.eye(n_wards).repeat(n_months * n_shifts * self.n_groups, axis=1))
        nothing, one = csr_array((n_wards, self.allowed.size)), AVOIDED_PER_NEED * need
        return Limit(
            kind=LimitKind.PROTECTION,
            field="limits.protection_floor",
            label="the protection floor",
            figure=100 * share,
            unit="percent of the harm avoided per unit of need by the proportional split",
            sense=Sense.AT_LEAST,
            hours=nothing,
            avoided=avoided,
            bound=share * one,
            step=-0.01 * one,
            places=tuple(f"Ward {ward + 1}" for ward in range(n_wards)),
        )

    def _limit(
        self,
        kind: LimitKind,
        cells: Mask,
        row_of: NDArray[np.intp],
        bound: Array,
        step: Array,
        weight: Array | None = None,
    ) -> Limit:
        return Limit(
            kind=kind,
            field=f"test.{kind}",
            label=f"the {kind.replace('_', ' ')}",
            figure=float(bound[0]),
            unit="hours a month",
            sense=SENSE.get(kind, Sense.AT_MOST),
            hours=rows_of(cells, row_of, len(bound), weight),
            bound=bound,
            step=step,
            places=tuple(f"row {row}" for row in range(len(bound))),
        )


def _one(kind: LimitKind, bound: Array) -> Array:
    """Return the change of each row when the figure is relaxed by one."""
    return np.full(len(bound), -1.0 if SENSE.get(kind) is Sense.AT_LEAST else 1.0)
