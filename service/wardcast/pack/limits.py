"""The limits that bind, in the order a reader needs them."""

from __future__ import annotations

from wardcast_models.allocation.plan import LimitEffect, Plan


def limits_that_matter(plan: Plan) -> tuple[LimitEffect, ...]:
    """Return the limits: what costs the plan most first, then the largest effect of one unit."""

    def weight(limit: LimitEffect) -> tuple[float, float]:
        measured = [abs(value) for value in (limit.gain_from_one_more, limit.loss_from_one_less) if value is not None]
        return limit.cost_share or 0.0, max(measured, default=abs(limit.shadow_price or 0.0))

    return tuple(sorted(plan.limits, key=weight, reverse=True))


def warned_limits(plan: Plan) -> frozenset[str]:
    """Return the names of the limits that a warning of the plan is about: it names them or their field."""
    said = " ".join(plan.warnings).casefold()
    return frozenset(
        limit.name
        for limit in plan.limits
        if limit.name.casefold() in said or (limit.field and limit.field.casefold() in said)
    )
