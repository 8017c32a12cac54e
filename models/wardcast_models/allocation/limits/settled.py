"""Limits on hours that are settled or kept for a purpose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wardcast_models.allocation.arrays import Mask
from wardcast_models.allocation.layout import Layout
from wardcast_models.allocation.limits.limit import Limit, LimitKind, Sense
from wardcast_models.allocation.limits.rows import A_MONTH, Figure
from wardcast_models.allocation.request.limits import LockedHours, RingFence


def settled_limits(layout: Layout, groups: tuple[str, ...]) -> Iterator[Limit | None]:
    """Make the limits of ring-fences and locked hours.

    Args:
        layout: The request, laid out.
        groups: The user's group of each ward, or ""; length W.

    Yields:
        One limit a ring-fence and locked entry; None for one that holds in none of the plan's months.
    """
    limits = layout.request.limits
    for position, fence in enumerate(limits.ring_fences):
        yield _ring_fence(layout, fence, position, groups)
    for position, lock in enumerate(limits.locked):
        yield _locked(layout, lock, position)


def _ring_fence(layout: Layout, fence: RingFence, position: int, groups: tuple[str, ...]) -> Limit | None:
    """Keep hours for a purpose, in every month in which it holds."""
    figure = Figure(
        kind=LimitKind.RING_FENCE,
        field=f"limits.ring_fences[{position}].hours_per_month",
        label=f'the ring-fence "{fence.name}"',
        value=fence.hours_per_month,
        unit=A_MONTH,
        sense=Sense.AT_LEAST,
    )
    wards = np.array(
        [
            (not fence.wards or code in fence.wards) and fence.group in (None, group)
            for code, group in zip(layout.codes, groups, strict=True)
        ]
    )
    shifts = np.array([not fence.shifts or name in fence.shifts for name in layout.shift_names])
    teams = np.array(
        [
            (not fence.resources or team.name in fence.resources) and fence.agency in (None, team.agency)
            for team in layout.resources
        ]
    )
    return figure.by_month(
        layout,
        cells=_cells(wards, shifts, teams),
        months=layout.in_months(fence.months),
        bound=np.full(len(layout.months), fence.hours_per_month),
    )


def _locked(layout: Layout, lock: LockedHours, position: int) -> Limit | None:
    """Settle hours; where no months are named, in every month in which the team works.

    One unit of its figure is one hour more, which need not be a relaxation.
    """
    resource = next(number for number, team in enumerate(layout.resources) if team.name == lock.resource)
    ward = layout.codes.index(lock.ward)
    in_shift = "" if lock.shift is None else f" ({lock.shift} shift)"
    figure = Figure(
        kind=LimitKind.LOCKED,
        field=f"limits.locked[{position}].hours_per_month",
        label=f"the locked hours of {lock.resource} in {layout.names[ward]}{in_shift}",
        value=lock.hours_per_month,
        unit=A_MONTH,
        sense=Sense.EXACTLY,
    )
    return figure.by_month(
        layout,
        cells=_cells(
            np.arange(len(layout.codes)) == ward,
            np.array([lock.shift in (None, name) for name in layout.shift_names]),
            np.arange(len(layout.resources)) == resource,
        ),
        months=layout.in_months(lock.months or layout.resources[resource].months),
        bound=np.full(len(layout.months), lock.hours_per_month),
    )


def _cells(wards: Mask, shifts: Mask, resources: Mask) -> Mask:
    """Combine what counts along each axis, for every month, shape (W, 1, S, R)."""
    return np.asarray(wards[:, None, None, None] & shifts[:, None] & resources)
