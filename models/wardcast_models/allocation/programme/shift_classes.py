"""Shifts that nothing tells apart are planned as one and then shared out by baseline.

Where two shifts have the same harm per baseline hour, the same teams, the same worth of presence and the same place in
every limit, the curve is concave, so an equal relative dose in both is optimal: joining them is exact, keeps the plan
from preferring one for no reason, and makes the programme smaller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.limits.limit import Limit, counts_alike
from wardcast_models.allocation.programme.instance import Futures, Instance

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
    """Join the shifts that nothing tells apart; none in a plan of whole units, which cannot be shared out.

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
    part = instance.baseline / baseline[:, :, class_of]
    if len(leaders) == len(instance.shifts):
        return JoinedShifts(instance=instance, class_of=tuple(class_of), part=part)
    joined = replace(
        instance,
        shifts=tuple(instance.shifts[leader] for leader in leaders),
        value=np.einsum("whsg,sk->whkg", instance.value, member),
        baseline=baseline,
        allowed=instance.allowed[:, :, leaders, :],
        presence_value=instance.presence_value[leaders],
        limits=tuple(_joined_limit(instance, limit, class_of, part) for limit in instance.limits),
        futures=None if instance.futures is None else _joined_futures(instance.futures, member),
    )
    return JoinedShifts(instance=joined, class_of=tuple(class_of), part=part)


def _alike(instance: Instance, first: int, second: int) -> bool:
    """Tell whether nothing tells two shifts apart."""
    return bool(
        instance.unit_hours is None
        and np.array_equal(instance.allowed[:, :, first], instance.allowed[:, :, second])
        and np.array_equal(instance.presence_value[first], instance.presence_value[second])
        and _same_density(instance.value, instance.baseline, first, second)
        and (instance.futures is None or _same_density(instance.futures.value, instance.baseline, first, second))
        and all(_same_place(instance, limit, first, second) for limit in instance.limits)
    )


def _same_density(value: Array, baseline: Array, first: int, second: int) -> bool:
    """Tell whether two shifts have the same harm per baseline hour."""
    density = value / baseline[..., None]
    return np.allclose(density[..., first, :], density[..., second, :], rtol=SAME, atol=0.0)


def _same_place(instance: Instance, limit: Limit, first: int, second: int) -> bool:
    """Tell whether a limit counts two shifts alike."""
    matrices = [(limit.hours, instance.shape)]
    if limit.avoided is not None:
        matrices.append((limit.avoided, instance.value.shape))
    cells_of = [(matrix, np.arange(int(np.prod(shape))).reshape(shape)) for matrix, shape in matrices]
    return all(counts_alike(matrix, cells[:, :, first], cells[:, :, second]) for matrix, cells in cells_of)


def _joined_limit(instance: Instance, limit: Limit, class_of: list[int], part: Array) -> Limit:
    """Return a limit over the joined shifts' hours and claims."""
    avoided = limit.avoided
    return replace(
        limit,
        hours=csr_array(limit.hours @ _spread(instance.shape, class_of, part)),
        avoided=None if avoided is None else csr_array(avoided @ _spread(instance.value.shape, class_of, part)),
    )


def _spread(shape: tuple[int, ...], class_of: list[int], part: Array) -> coo_array:
    """Return the matrix that shares joined shifts out over the original ones: cells by joined cells."""
    n_wards, n_months, _, n_last = shape
    small = (n_wards, n_months, max(class_of) + 1, n_last)
    cells = np.indices(shape)
    joined = np.ravel_multi_index((cells[0], cells[1], np.array(class_of)[cells[2]], cells[3]), small)
    share = np.broadcast_to(part[..., None], shape)
    where = (np.arange(int(np.prod(shape))), joined.reshape(-1))
    return coo_array((share.reshape(-1), where), shape=(int(np.prod(shape)), int(np.prod(small))))


def _joined_futures(futures: Futures, member: Array) -> Futures:
    """Return the futures over the joined shifts."""
    return replace(futures, value=np.einsum("pwhsg,sk->pwhkg", futures.value, member))
