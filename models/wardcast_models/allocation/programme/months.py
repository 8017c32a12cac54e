"""One month of a problem, with its part of the limits over the whole plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from wardcast_models.allocation.arrays import Array, Positions
from wardcast_models.allocation.limits.limit import Limit, Sense
from wardcast_models.allocation.programme.instance import Instance


def one_month(instance: Instance, at: int, *, hours: Array | None = None) -> tuple[Instance, tuple[Positions, ...]]:
    """Return one month of a problem.

    A limit over several months is shared out: by the hours available, what is claimed by preventable harm; or, where a
    plan is given, as the plan shares it out, and what it leaves spare by the hours available.

    Args:
        instance: The problem, without futures.
        at: Position of the month.
        hours: Planned hours that keep all limits, shape (W, H, S, R), or None.

    Returns:
        The problem of that month, and the rows of each limit that concern it.
    """
    here = slice(at, at + 1)
    in_hours = np.zeros(instance.shape, dtype=bool)
    in_hours[:, here] = True
    in_value = np.zeros(instance.value.shape, dtype=bool)
    in_value[:, here] = True
    capacity = float(instance.capacity[at].sum() / max(instance.capacity.sum(), 1e-12))
    parts, rows = [], []
    for limit in instance.limits:
        if limit.avoided is None:
            part, concerned = _part_of_hours(limit, in_hours.reshape(-1), capacity, hours)
        else:
            part, concerned = _part_of_claims(
                limit, limit.avoided, in_hours, in_value.reshape(-1), instance.value.reshape(-1)
            )
        parts.append(part)
        rows.append(concerned)
    month = replace(
        instance,
        months=instance.months[here],
        value=instance.value[:, here],
        baseline=instance.baseline[:, here],
        allowed=instance.allowed[:, here],
        capacity=instance.capacity[here],
        limits=tuple(parts),
    )
    return month, tuple(rows)


def _part_of_hours(
    limit: Limit, in_month: NDArray[np.bool_], capacity: float, hours: Array | None
) -> tuple[Limit, Positions]:
    """Return the rows of a limit on hours that concern a month, and their positions."""
    columns = csc_array(limit.hours)[:, in_month].tocsr()
    concerned = np.nonzero(np.diff(columns.indptr))[0]
    inside = np.diff(columns.indptr)[concerned] == np.diff(limit.hours.indptr)[concerned]
    bound = limit.bound[concerned]
    if hours is None:
        shared = bound * capacity
    else:
        used = (columns @ hours.reshape(-1)[in_month])[concerned]
        spare = bound - (limit.hours @ hours.reshape(-1))[concerned]
        spare = np.minimum(spare, 0.0) if limit.sense is Sense.AT_LEAST else np.maximum(spare, 0.0)
        shared = used + spare * capacity
    return _rows(limit, concerned, np.where(inside, bound, shared), hours=csr_array(columns[concerned])), concerned


def _part_of_claims(
    limit: Limit, whole: csr_array, in_month: NDArray[np.bool_], in_value: NDArray[np.bool_], value: Array
) -> tuple[Limit, Positions]:
    """Return the rows of a limit on claims that concern a month, and their positions."""
    claims = csc_array(whole)[:, in_value].tocsr()
    concerned = np.nonzero(np.diff(claims.indptr))[0]
    share = (claims @ value[in_value])[concerned] / np.maximum((whole @ value)[concerned], 1e-12)
    none = csr_array((concerned.size, int(in_month.sum())))
    part = _rows(limit, concerned, limit.bound[concerned] * share, hours=none)
    return replace(part, avoided=csr_array(claims[concerned])), concerned


def _rows(limit: Limit, concerned: Positions, bound: Array, *, hours: csr_array) -> Limit:
    """Return some rows of a limit with other right-hand sides."""
    places = tuple(limit.places[row] for row in concerned)
    return replace(limit, hours=hours, bound=bound, step=limit.step[concerned], places=places)
