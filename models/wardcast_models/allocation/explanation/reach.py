"""What each resource can touch: the preventable harm that its hours affect, by ward and category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array, Counts, Mask
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.demand.trend import Trend
from wardcast_models.allocation.explanation.ranks import ranks


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What one resource can touch: W wards, C categories.

    Attributes:
        harm: Preventable harm where and when it can work, as far as the resource affects it, shape (W, C).
        share: Each ward's share of it, shape (W,).
        rank: Rank of the ward by it, 1 for the most, shape (W,).
        density: Harm per hour of today's presence, over that of all wards together, shape (W,).
        trend: Expected over past crimes and incidents that it affects, shape (W,).
        year_earlier: Whether that past is the same months a year earlier, shape (W,); else the last 12 months.
    """

    harm: Array
    share: Array
    rank: Counts
    density: Array
    trend: Array
    year_earlier: Mask

    @property
    def claimed(self) -> bool:
        """Whether any effect is claimed for the resource."""
        return bool(self.harm.any())


def reach_of(problem: Assembled, trend: Trend, resource: int) -> Reach:
    """Measure what one resource can touch.

    Args:
        problem: The problem.
        trend: Expected crime against the past.
        resource: Its position among the problem's resources.

    Returns:
        Its reach.
    """
    instance, demand, groups = problem.instance, problem.demand, problem.groups
    rate = np.append(instance.dose_per_hour[resource], 0.0)[groups.group_of]  # (C,); group -1 takes the 0
    works = instance.allowed[..., resource].astype(np.float64)  # (W, H, S)
    when = np.einsum("whs,cs->wch", works, demand.shift_share)
    harm = (demand.preventable_harm * when).sum(axis=2) * rate
    by_ward = harm.sum(axis=1)
    presence = (instance.baseline * works).sum(axis=(1, 2))
    overall = by_ward.sum() / presence.sum() if presence.sum() > 0 else 0.0
    here = np.divide(by_ward, presence, out=np.zeros_like(by_ward), where=presence > 0)
    affected = (harm.sum(axis=0) > 0).astype(np.float64)
    return Reach(
        harm=harm,
        share=by_ward / (by_ward.sum() or 1.0),
        rank=ranks(by_ward),
        density=here / overall if overall > 0 else np.zeros_like(here),
        trend=trend.ratio_of(affected),
        year_earlier=trend.year_earlier,
    )
