"""Shifts that nothing tells apart are planned as one and then shared out by baseline.

Where two shifts have the same harm per baseline hour, the same teams and the same worth of presence, the curve is
concave, so an equal relative dose in both is optimal: joining them is exact, keeps the plan from preferring one for
no reason, and makes the programme smaller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wardcast_models.allocation.instance import Instance
from wardcast_models.allocation.response import Array

SAME = 1e-9
"""Relative difference up to which two shifts count as alike."""


@dataclass(frozen=True, kw_only=True)
class JoinedShifts:
    """A problem with like shifts joined.

    Attributes:
        instance: The smaller problem.
        class_of: Position of the joined shift that each original shift belongs to, length S.
        part: Share of the joined shift's hours that each original shift gets, shape (W, H, S).
    """

    instance: Instance
    class_of: tuple[int, ...]
    part: Array

    def expand(self, hours: Array) -> Array:
        """Share hours out over the original shifts.

        Args:
            hours: Hours of the smaller problem, shape (W, H, S', R).

        Returns:
            Hours, shape (W, H, S, R).
        """
        return np.asarray(hours[:, :, list(self.class_of), :] * self.part[..., None])


def join_like_shifts(instance: Instance) -> JoinedShifts:
    """Join the shifts that nothing tells apart.

    Args:
        instance: The problem.

    Returns:
        The smaller problem and the way back.
    """
    leaders: list[int] = []
    class_of: list[int] = []
    for shift in range(len(instance.shifts)):
        leader = next((first for first in leaders if _alike(instance, first, shift)), None)
        if leader is None:
            leaders.append(shift)
            leader = shift
        class_of.append(leaders.index(leader))
    member = np.zeros((len(instance.shifts), len(leaders)))
    member[np.arange(len(instance.shifts)), class_of] = 1.0
    baseline = instance.baseline @ member
    joined = replace(
        instance,
        shifts=tuple(instance.shifts[leader] for leader in leaders),
        value=np.einsum("whsg,sk->whkg", instance.value, member),
        baseline=baseline,
        allowed=instance.allowed[:, leaders, :],
        presence_value=instance.presence_value[leaders],
    )
    return JoinedShifts(instance=joined, class_of=tuple(class_of), part=instance.baseline / baseline[:, :, class_of])


def _alike(instance: Instance, first: int, second: int) -> bool:
    """Tell whether two shifts have the same harm per baseline hour, teams and worth of presence."""
    density = instance.value / instance.baseline[..., None]
    return bool(
        np.array_equal(instance.allowed[:, first], instance.allowed[:, second])
        and np.array_equal(instance.presence_value[first], instance.presence_value[second])
        and np.allclose(density[:, :, first], density[:, :, second], rtol=SAME, atol=0.0)
    )
