"""The allocation programme written a second time, as matrices for scipy: one row per chord instead of segments."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_array

from wardcast_models.allocation.instance import Instance
from wardcast_models.allocation.programme import active_curves
from wardcast_models.allocation.solve import Solution


def optimum_by_scipy(instance: Instance, solution: Solution) -> float:
    """Return the most harm that can be avoided, with the solution's chords over the original shifts."""
    chords = _chords(solution)
    curves = [
        (ward, month, shift, group, chords[ward, month, solution.joined.class_of[shift], group])
        for ward, month, shift, group in np.argwhere(instance.value > 0).tolist()
        if (ward, month, solution.joined.class_of[shift], group) in chords
    ]
    n_hours = int(np.prod(instance.shape))
    falls = n_hours + np.arange(len(curves))
    cost = np.zeros(n_hours + len(curves))
    cost[:n_hours] = -np.broadcast_to(instance.presence_value[None, None], instance.shape).reshape(-1)
    cost[falls] = [-instance.value[curve[:4]] for curve in curves]
    rows, bounds = _limit_rows(instance, cost.size)
    for fall, (ward, month, shift, group, lines) in zip(falls, curves, strict=True):
        for slope, intercept in lines:
            row = {int(fall): 1.0}
            for resource in range(len(instance.resources)):
                cell = int(np.ravel_multi_index((ward, month, shift, resource), instance.shape))
                rate = instance.dose_per_hour[resource, group] / instance.baseline[ward, month, shift]
                row[cell] = -slope * rate
            rows.append(row)
            bounds.append(intercept)
    matrix = lil_array((len(rows), cost.size))
    for number, row in enumerate(rows):
        for column, coefficient in row.items():
            matrix[number, column] = coefficient
    allowed = np.broadcast_to(instance.allowed[:, None], instance.shape).reshape(-1)
    limits = [(0.0, None if open_cell else 0.0) for open_cell in allowed] + [(0.0, None)] * len(curves)
    result: Any = linprog(cost, A_ub=matrix.tocsr(), b_ub=np.array(bounds), bounds=limits, method="highs-ipm")
    assert result.status == 0, result.message
    return float(-result.fun)


def _chords(solution: Solution) -> dict[tuple[int, ...], list[tuple[float, float]]]:
    """Return slope and intercept of every chord by curve of the joined problem, and the flat end."""
    response = solution.joined.instance.response
    found = {}
    for points, *curve in zip(solution.breakpoints, *active_curves(solution.joined.instance), strict=True):
        falls = response.fall(points)
        lines = [(0.0, float(falls[-1]))]
        for left, right, low, high in zip(points[:-1], points[1:], falls[:-1], falls[1:], strict=True):
            if right - left > 1e-7:
                slope = float((high - low) / (right - left))
                lines.append((slope, float(low - slope * left)))
        found[tuple(int(part) for part in curve)] = lines
    return found


def _limit_rows(instance: Instance, n_columns: int) -> tuple[list[dict[int, float]], list[float]]:
    """Return capacities and ward limits as `<=` rows."""
    cells = np.arange(int(np.prod(instance.shape))).reshape(instance.shape)
    rows: list[dict[int, float]] = []
    bounds: list[float] = []
    for month, resource in np.ndindex(instance.capacity.shape):
        rows.append(dict.fromkeys(cells[:, month, :, resource].reshape(-1).tolist(), 1.0))
        bounds.append(float(instance.capacity[month, resource]))
    for limit in instance.ward_limits:
        sign = -1.0 if limit.at_least else 1.0
        for ward, month in np.ndindex(limit.hours.shape):
            counted = cells[ward, month][:, limit.counts].reshape(-1).tolist()
            rows.append(dict.fromkeys(counted, sign))
            bounds.append(sign * float(limit.hours[ward, month]))
    assert max(max(row, default=0) for row in rows) < n_columns
    return rows, bounds
