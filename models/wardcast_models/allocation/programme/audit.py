"""Re-checking a solution without the solver: are the limits kept, and can any plan do better?

The check is weak duality on the exact curves. Any non-negative prices of the limits and of the dose bound what any plan
could reach: the limits' worth at these prices, plus what each curve could still gain over the price of its dose, plus
what any hour could gain over its price. A bound that meets the plan's own value proves it optimal, whoever found it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.limits.limit import Sense
from wardcast_models.allocation.programme.curves import Curves, curves_of
from wardcast_models.allocation.programme.instance import Futures, Instance
from wardcast_models.allocation.programme.programme import Solved
from wardcast_models.allocation.programme.tail import tail_mean
from wardcast_models.allocation.response import Response

HALVINGS = 60
"""Of the interval in which a curve's best dose is looked for."""

NOISE_SHARE = 1e-12
"""A bound this close to a plan's value, as a share of all preventable harm, meets it: nothing else may be at stake."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What the check found.

    Attributes:
        worst_breach_hours: Most by which any limit is broken, in the unit of its rows (officer hours for most).
        value: What the plan avoids by the exact curves, in the objective's terms.
        bound: The most that any plan could avoid by the exact curves.
    """

    worst_breach_hours: float
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Most that any plan could avoid beyond this one, as a share of what any plan could avoid."""
        return max(self.bound - self.value, 0.0) / max(abs(self.bound), 1e-12)


def audit(instance: Instance, solved: Solved) -> Audit:
    """Check a solution of a problem.

    Args:
        instance: The problem, with hours in any fractions.
        solved: Its solution by the programme.

    Returns:
        What was found.
    """
    value, bound = exact_value(instance, solved.hours), _bound(instance, solved)
    is_noise = abs(bound - value) <= NOISE_SHARE * float(instance.value.sum())
    return Audit(
        worst_breach_hours=instance.worst_breach(solved.hours), value=value, bound=value if is_noise else bound
    )


def exact_value(instance: Instance, hours: Array) -> float:
    """Return what hours avoid by the exact curves, in the terms of the objective.

    Args:
        instance: The problem.
        hours: Planned hours, shape (W, H, S, R).

    Returns:
        Weighted harm avoided plus presence terms; the worst tenth's fall takes its part where it has a weight.
    """
    if instance.futures is None:
        return instance.avoided(hours)
    futures = instance.futures
    left = harm_left(instance, futures, hours)
    fallen = tail_mean(futures.value.sum(axis=(1, 2, 3, 4)), futures.level) - tail_mean(left, futures.level)
    mean = float(instance.avoided_by_curve(hours).sum())
    return float((1 - futures.weight) * mean + futures.weight * fallen + (hours * instance.presence_value).sum())


def harm_left(instance: Instance, futures: Futures, hours: Array) -> Array:
    """Return the weighted harm that hours leave in every future, by the exact curves.

    Args:
        instance: The problem.
        futures: Its futures.
        hours: Planned hours, shape (W, H, S, R).

    Returns:
        Harm, shape (P,).
    """
    relative = instance.relative_dose(hours)
    left = np.empty(len(futures.value))
    for part, response in enumerate(futures.responses):
        drawn = futures.response == part
        left[drawn] = (futures.value[drawn] * (1.0 - response.fall(relative))).sum(axis=(1, 2, 3, 4))
    return left


def _bound(instance: Instance, solved: Solved) -> float:
    """Return the most that any plan could avoid, from prices."""
    curves = curves_of(instance)
    hour_worth = np.broadcast_to(instance.presence_value, instance.shape).reshape(-1).astype(np.float64)
    claim_worth = np.ones(instance.value.size)
    bound = 0.0
    for limit, prices in zip(instance.limits, solved.prices, strict=True):
        sign = 1.0 if limit.sense is Sense.AT_LEAST else -1.0
        bound -= sign * float(prices @ limit.bound)
        hour_worth = hour_worth + sign * (limit.hours.T @ prices)
        if limit.avoided is not None:
            claim_worth = claim_worth + sign * (limit.avoided.T @ prices)
    hour_worth = hour_worth + _dose_worth(instance, curves, solved.dose_prices)
    over = np.maximum(hour_worth, 0.0) * instance.allowed.reshape(-1)
    most = np.broadcast_to(instance.capacity[None, :, None, :], instance.shape).reshape(-1)
    bound += float((over * most).sum())
    extra = claim_worth[np.ravel_multi_index(curves.place, instance.value.shape)] - 1.0
    weights, responses, constant = _curve_weights(instance, curves, solved.future_weights, extra)
    return bound + constant + _best_over_dose(curves, weights, responses, solved.dose_prices * curves.baseline)


def _dose_worth(instance: Instance, curves: Curves, dose_prices: Array) -> Array:
    """Return what an hour is worth through the doses it gives, flattened from shape (W, H, S, R)."""
    prices = np.zeros(instance.value.shape)
    prices[curves.place] = dose_prices
    if instance.spill is not None:
        prices = prices + np.einsum("vw,whsg->vhsg", instance.spill, prices)
    return np.asarray(prices @ instance.dose_per_hour.T).reshape(-1)


def _curve_weights(
    instance: Instance, curves: Curves, future_weights: Array, extra: Array
) -> tuple[Array, tuple[Response, ...], float]:
    """Return what a full fall of each curve is worth by each response, shape (E, N), and a constant."""
    futures = instance.futures
    if futures is None:
        return (curves.value * (1.0 + extra))[None, :], (instance.response,), 0.0
    mean = curves.value * (1.0 - futures.weight + extra) / len(futures.responses)
    on_curves = futures.value[(slice(None), *curves.place)]
    weighted = futures.weight * future_weights[:, None] * on_curves
    weights = np.array(
        [mean + weighted[futures.response == part].sum(axis=0) for part in range(len(futures.responses))]
    )
    harm = futures.value.sum(axis=(1, 2, 3, 4))
    constant = futures.weight * (tail_mean(harm, futures.level) - float(future_weights @ harm))
    return weights, futures.responses, constant


def _best_over_dose(curves: Curves, weights: Array, responses: tuple[Response, ...], price: Array) -> float:
    """Return the most that all curves together gain over the price of their relative dose.

    Each curve is concave, so the dose is found by halving where its slope meets the price.
    """
    low = np.zeros(curves.size)
    high = np.minimum(curves.reach, max(response.saturation for response in responses))
    high = np.where(np.isfinite(high), high, curves.reach)

    def gained(dose: Array) -> Array:
        falls = sum(weight * response.fall(dose) for weight, response in zip(weights, responses, strict=True))
        return np.asarray(falls - price * dose)

    for _ in range(HALVINGS):
        middle = (low + high) / 2
        slope = sum(weight * response.slope(middle) for weight, response in zip(weights, responses, strict=True))
        steep = np.asarray(slope > price)
        low, high = np.where(steep, middle, low), np.where(steep, high, middle)
    return float(np.maximum(gained(low), gained(high)).sum())
