"""The allocation programme written a second time, as matrices for scipy.

It shares nothing with the product but the problem and where the chords meet. It is a maximisation over the original
shifts, with the fall of each curve and elasticity as a variable below every one of its chords; the product minimises
over joined shifts, with a column for each chord.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, eye_array, hstack, kron, vstack

from wardcast_models.allocation.limits.limit import Limit, Sense
from wardcast_models.allocation.programme.curves import curves_of
from wardcast_models.allocation.programme.instance import Futures, Instance
from wardcast_models.allocation.programme.solve import Solution
from wardcast_models.allocation.response import Response

Array = NDArray[np.float64]

SHORTEST = 1e-7
"""Chords over a shorter piece of relative dose are left out: their neighbours bound the fall as well."""


@dataclass(frozen=True, kw_only=True)
class Chords:
    """Where the chords of every curve meet.

    Attributes:
        place: Ward, month, shift and group of N curves over the original shifts, shape (N, 4).
        breakpoints: Relative doses, shape (N, K + 1).
    """

    place: NDArray[np.intp]
    breakpoints: Array


def chords_of(solution: Solution, instance: Instance) -> Chords:
    """Return the chords with which a problem was solved, given to each of its original shifts."""
    joined = solution.joined
    found = dict(zip(zip(*curves_of(joined.instance).place, strict=True), solution.breakpoints, strict=True))
    place, points = [], []
    for ward, month, shift, group in np.argwhere(instance.value > 0).tolist():
        on_curve = found.get((ward, month, joined.class_of[shift], group))
        if on_curve is not None:
            place.append((ward, month, shift, group))
            points.append(on_curve)
    return Chords(
        place=np.array(place, dtype=np.intp).reshape(-1, 4),
        breakpoints=np.array(points).reshape(len(points), -1),
    )


def fine_chords(instance: Instance, n_chords: int) -> Chords:
    """Return chords that know nothing of any plan, as many and as close as asked for."""
    most = np.argwhere(instance.value > 0)
    steps = np.linspace(0.0, 1.0, n_chords + 1) ** 1.5
    reach = _dose_of(instance, instance.allowed * instance.capacity[None, :, None, :])
    relative = (reach / instance.baseline[..., None])[tuple(most.T)]
    open_curves = relative > 0
    return Chords(place=most[open_curves], breakpoints=relative[open_curves, None] * steps)


def optimum_by_scipy(instance: Instance, chords: Chords) -> float | None:
    """Return the most that can be avoided, or None where the limits clash."""
    result = _solved(instance, chords)
    if result.status == 2:
        return None
    assert result.status == 0, result.message
    return float(-result.fun)


def _solved(instance: Instance, chords: Chords) -> Any:
    """Pose and solve the problem; its columns are hours, falls by response and curve, threshold and excesses."""
    parts, at, futures = _parts(instance), tuple(chords.place.T), instance.futures
    presence = np.broadcast_to(instance.presence_value, instance.shape).reshape(-1)
    share = 1.0 if futures is None else 1.0 - futures.weight
    gain = np.concatenate([presence, np.tile(instance.value[at] * share / len(parts), len(parts))])
    upper = np.where(instance.allowed.reshape(-1), np.inf, 0.0)
    lower = np.zeros(gain.size)
    rows = [_chord_rows(instance, chords, part) for part in range(len(parts))]
    rows += [_limit_rows(instance, chords, limit) for limit in instance.limits if limit.sense is not Sense.EXACTLY]
    equations = [_limit_rows(instance, chords, limit) for limit in instance.limits if limit.sense is Sense.EXACTLY]
    constant = 0.0
    if futures is not None:
        tail, harm, constant = _tail_rows(futures, chords, presence.size)
        rows = [(_padded(matrix, harm.size + 1), bound) for matrix, bound in rows] + [(tail, harm)]
        equations = [(_padded(matrix, harm.size + 1), bound) for matrix, bound in equations]
        in_tail = futures.weight / ((1.0 - futures.level) * harm.size)
        gain = np.concatenate([gain, [-futures.weight], np.full(harm.size, -in_tail)])
        lower = np.concatenate([lower, [-np.inf], np.zeros(harm.size)])
    upper = np.concatenate([upper, np.full(gain.size - upper.size, np.inf)])
    at_most, bounds = _stacked(rows)
    equal, equal_bounds = _stacked(equations) if equations else (None, None)
    result: Any = linprog(
        -gain,
        A_ub=at_most,
        b_ub=bounds,
        A_eq=equal,
        b_eq=equal_bounds,
        bounds=np.stack([lower, upper], axis=1),
        method="highs",
    )
    if result.status == 0:
        result.fun -= constant
    return result


def _stacked(rows: list[tuple[csr_array, Array]]) -> tuple[csr_array, Array]:
    """Put rows and their right-hand sides one below the other."""
    return vstack([matrix for matrix, _ in rows], format="csr"), np.concatenate([bound for _, bound in rows])


def _limit_rows(instance: Instance, chords: Chords, limit: Limit) -> tuple[csr_array, Array]:
    """Return a limit over hours and falls as `<=` rows, or as equations where it is one."""
    n_parts = len(_parts(instance))
    falls = csr_array((limit.bound.size, len(chords.place) * n_parts))
    if limit.avoided is not None:
        at = tuple(chords.place.T)
        on_curves = limit.avoided.tocsc()[:, np.ravel_multi_index(at, instance.value.shape)]
        on_falls = csr_array(on_curves * instance.value[at][None, :]) / n_parts
        falls = hstack([on_falls] * n_parts, format="csr")
    sign = -1.0 if limit.sense is Sense.AT_LEAST else 1.0
    return hstack([limit.hours, falls], format="csr") * sign, limit.bound * sign


def _parts(instance: Instance) -> tuple[Response, ...]:
    """Return the responses told apart: one, the mean of all elasticities, or each alone where there are futures."""
    return (instance.response,) if instance.futures is None else instance.futures.responses


def _fall(relative_dose: Array, elasticities: tuple[float, ...], cap: float) -> Array:
    """Return the claimed fall: the mean of `min(cap, 1 - (1 + x) ** -elasticity)`."""
    each = [np.minimum(cap, 1.0 - (1.0 + relative_dose) ** -elasticity) for elasticity in elasticities]
    return np.asarray(np.mean(each, axis=0))


def _dose_of(instance: Instance, hours: Array) -> Array:
    """Return the dose of each ward's groups, spill-over included, shape (W, H, S, G)."""
    reaching = np.eye(len(instance.wards)) + (0.0 if instance.spill is None else instance.spill)
    return np.einsum("vw,vhsr,rg->whsg", reaching, hours, instance.dose_per_hour)


def _relative_dose_per_hour(instance: Instance, chords: Chords) -> csr_array:
    """Return the relative dose that each planned hour gives each curve, shape (N, W * H * S * R)."""
    n_wards, n_months, n_shifts, _ = instance.shape
    reaching = np.eye(n_wards) + (0.0 if instance.spill is None else instance.spill)
    within = kron(eye_array(n_months * n_shifts), csr_array(instance.dose_per_hour.T))
    dose = csr_array(kron(csr_array(reaching.T), within))  # (W * H * S * G, W * H * S * R)
    flat = np.ravel_multi_index(tuple(chords.place.T), instance.value.shape)
    ward, month, shift, _ = chords.place.T
    return csr_array(dose[flat].multiply(1.0 / instance.baseline[ward, month, shift][:, None]))


def _chord_rows(instance: Instance, chords: Chords, position: int) -> tuple[csr_array, Array]:
    """Return `fall - slope * relative dose <= intercept` for every chord, and that falls end with the last one."""
    parts, n_curves = _parts(instance), len(chords.place)
    falls = _fall(chords.breakpoints, parts[position].elasticities, parts[position].cap)
    width, rise = np.diff(chords.breakpoints, axis=1), np.diff(falls, axis=1)
    curve, chord = np.nonzero(width > SHORTEST)
    slope = rise[curve, chord] / width[curve, chord]
    intercept = falls[curve, chord] - slope * chords.breakpoints[curve, chord]
    curve = np.concatenate([curve, np.arange(n_curves)])
    slope = np.concatenate([slope, np.zeros(n_curves)])
    intercept = np.concatenate([intercept, falls[:, -1]])
    ones = coo_array(
        (np.ones(curve.size), (np.arange(curve.size), position * n_curves + curve)),
        shape=(curve.size, len(parts) * n_curves),
    )
    per_hour = _relative_dose_per_hour(instance, chords)[curve]
    return hstack([-per_hour.multiply(slope[:, None]), ones], format="csr"), intercept


def _tail_rows(futures: Futures, chords: Chords, n_hours: int) -> tuple[csr_array, Array, float]:
    """Return `residual harm of a future <= threshold + its excess` for every future, and the tail without hours.

    The mean of the worst tenth is the least of threshold + mean excess / tenth; without hours, by its own programme.
    """
    n_futures, n_curves = len(futures.value), len(chords.place)
    harm = futures.value.reshape(n_futures, -1).sum(axis=1)
    on_curves = futures.value[(slice(None), *chords.place.T)]
    falls = np.zeros((n_futures, len(futures.responses), n_curves))
    falls[np.arange(n_futures), futures.response] = on_curves
    rows = hstack(
        [
            csr_array((n_futures, n_hours)),
            csr_array(-falls.reshape(n_futures, -1)),
            csr_array(-np.ones((n_futures, 1))),
            -eye_array(n_futures),
        ],
        format="csr",
    )
    of_tail = 1.0 / ((1.0 - futures.level) * n_futures)
    alone: Any = linprog(
        np.concatenate([[1.0], np.full(n_futures, of_tail)]),
        A_ub=np.hstack([-np.ones((n_futures, 1)), -np.eye(n_futures)]),
        b_ub=-harm,
        bounds=[(None, None), *([(0.0, None)] * n_futures)],
    )
    return rows, -harm, futures.weight * float(alone.fun)


def _padded(rows: csr_array, n_columns: int) -> csr_array:
    """Add empty columns."""
    return hstack([rows, csr_array((rows.shape[0], n_columns))], format="csr")
