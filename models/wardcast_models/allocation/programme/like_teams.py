"""Teams that nothing tells apart are spread alike.

Where two teams do the same, can work in the same places and count alike in every limit but their own hours, any split
of their hours between them is as good as any other. Each then gets the part of them that it has of the hours available.
"""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.limits.limit import Limit, LimitKind, counts_alike
from wardcast_models.allocation.programme.instance import Instance


def spread_alike(instance: Instance, hours: Array) -> Array:
    """Share the hours of teams that nothing tells apart out between them.

    Args:
        instance: The problem.
        hours: Planned hours that keep its limits, shape (W, H, S, R).

    Returns:
        Hours that keep them and give the same doses, same shape.
    """
    spread = hours.copy()
    groups: list[list[int]] = []
    for team in range(len(instance.resources)):
        group = next((group for group in groups if _alike(instance, group[0], team)), None)
        if group is None:
            groups.append([team])
        else:
            group.append(team)
    for group in groups:
        if len(group) > 1:
            available = instance.capacity[:, group]
            total = available.sum(axis=1, keepdims=True)
            share = np.divide(available, total, out=np.zeros_like(available), where=total > 0)  # (H, teams)
            spread[..., group] = hours[..., group].sum(axis=3, keepdims=True) * share[None, :, None, :]
    return spread


def _alike(instance: Instance, first: int, second: int) -> bool:
    """Tell whether nothing tells two teams apart."""
    return bool(
        np.array_equal(instance.dose_per_hour[first], instance.dose_per_hour[second])
        and np.array_equal(instance.allowed[..., first], instance.allowed[..., second])
        and np.array_equal(instance.presence_value[:, first], instance.presence_value[:, second])
        and all(_same_place(instance, limit, first, second) for limit in instance.limits)
    )


def _same_place(instance: Instance, limit: Limit, first: int, second: int) -> bool:
    """Tell whether a limit counts two teams alike; each team's own hours aside."""
    if limit.kind is LimitKind.CAPACITY:
        return True
    cells = np.arange(instance.allowed.size).reshape(instance.shape)
    return counts_alike(limit.hours, cells[..., first], cells[..., second])
