"""The two faces of fairness: what each ward and group gets for its need, and what enforcement it bears.

Hours per resident are not among them: in a town centre most of the people exposed live elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.plan import Assumption, GroupFairness
from wardcast_models.allocation.resource_effect import is_enforcement


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """What W wards and their groups get and bear.

    Attributes:
        protection: Claimed harm avoided per unit of need, shape (W,); 0 where there is no need.
        burden: Enforcement hours a month per 1,000 persons exposed, shape (W,); None where persons are unknown.
        groups: The same by the user's groups, by name; none where there are none.
        source: What persons and groups are from, as a sentence.
    """

    protection: Array
    burden: Array | None
    groups: tuple[GroupFairness, ...]
    source: str

    def assumption(self) -> Assumption:
        """Say what the figures are made of."""
        burden = "cannot be told, as persons are unknown" if self.burden is None else "counts planned hours"
        return Assumption(
            topic="Fairness",
            statement="Protection is the mean harm claimed to be avoided per unit of forecast harm, preventable or "
            f"not. Burden, enforcement hours a month per 1,000 persons exposed, {burden}. {self.source}",
            source="computed",
        )


def fairness_of(problem: Assembled, hours: Array) -> Fairness:
    """Measure both faces for every ward and group.

    Args:
        problem: The problem.
        hours: The plan's hours, shape (W, H, S, R).

    Returns:
        The measures.
    """
    instance, facts = problem.instance, problem.facts
    team = {resource.name: resource for resource in problem.request.resources}
    enforcing = np.array([is_enforcement(team[name]) for name in instance.resources])
    ward_hours = hours.sum(axis=(1, 2, 3))
    enforced = hours[..., enforcing].sum(axis=(1, 2, 3))
    avoided = instance.avoided_by_curve(hours).sum(axis=(1, 2, 3))
    need = problem.demand.need_harm.sum(axis=(1, 2))
    persons = None if facts.persons is None else facts.persons.sum(axis=1)  # persons in a month, added over months

    def group(name: str, wards: Mask) -> GroupFairness:
        burden = None if persons is None else 1000 * _ratio(enforced[wards].sum(), persons[wards].sum())
        return GroupFairness(
            group=name,
            wards=int(wards.sum()),
            hours=round(float(ward_hours[wards].sum()), 2),
            protection=float(_ratio(avoided[wards].sum(), need[wards].sum())),
            burden_hours_per_1000=None if burden is None else float(burden),
        )

    names = np.array(facts.groups, dtype=object)
    return Fairness(
        protection=_ratio(avoided, need),
        burden=None if persons is None else 1000 * _ratio(enforced, persons),
        groups=tuple(group(name, np.asarray(names == name)) for name in sorted(set(facts.groups) - {""})),
        source=facts.source,
    )


def _ratio(part: Array, whole: Array) -> Array:
    """Divide, 0 where there is nothing to divide by."""
    part = np.asarray(part, dtype=np.float64)
    return np.divide(part, whole, out=np.zeros_like(part), where=np.asarray(whole) > 0)
