"""Every limit of a request, in one fixed order."""

from __future__ import annotations

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.area_facts import AreaFacts
from wardcast_models.allocation.layout import Layout
from wardcast_models.allocation.limits.fairness import Stake, burden_limit, protection_limit
from wardcast_models.allocation.limits.limit import Limit
from wardcast_models.allocation.limits.settled import settled_limits
from wardcast_models.allocation.limits.supply import supply_limits
from wardcast_models.allocation.limits.ward import ward_limits


def limits_of_request(
    layout: Layout, facts: AreaFacts, *, floor_hours: Array | None, stake: Stake | None
) -> tuple[Limit, ...]:
    """Make every limit of a request.

    Args:
        layout: The request, laid out.
        facts: What is known of the area.
        floor_hours: Least council hours for anti-social behaviour, shape (W, H), or None.
        stake: What protection is measured by; None leaves it out, where demand is not known.

    Returns:
        The limits that any hours could break; each has at least one row.
    """
    found = (
        *supply_limits(layout),
        *ward_limits(layout, floor_hours),
        *settled_limits(layout, facts.groups),
        None if stake is None else protection_limit(layout, facts, stake),
        burden_limit(layout, facts),
    )
    return tuple(limit for limit in found if limit is not None)
