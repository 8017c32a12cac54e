"""Hours that the plan leaves to the partnership, and why."""

from __future__ import annotations

from dataclasses import dataclass

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.assembly import Assembled
from wardcast_models.allocation.plan import Assumption
from wardcast_models.reference.response_library import effectiveness

WORTH_SAYING_HOURS = 0.5


@dataclass(frozen=True, kw_only=True)
class SpareHours:
    """Hours of one resource that are not assigned.

    Attributes:
        resource: The resource.
        hours: Hours not assigned, over all months.
        available: Hours asked for, over all months.
        reason: Why, in words that follow `because`.
    """

    resource: str
    hours: float
    available: float
    reason: str

    def assumption(self) -> Assumption:
        """State it."""
        return Assumption(
            topic=f"Hours left unassigned: {self.resource}",
            statement=self.sentence,
            source="computed",
        )

    @property
    def sentence(self) -> str:
        """The hours and the reason."""
        return f"{self.hours:,.0f} of {self.available:,.0f} hours over the plan are not assigned: {self.reason}."


def spare_hours(problem: Assembled, hours: Array) -> tuple[SpareHours, ...]:
    """Find the hours that are left over.

    Args:
        problem: The problem.
        hours: The plan's hours, shape (W, H, S, R).

    Returns:
        One entry for each resource with hours left.
    """
    instance = problem.instance
    available = instance.capacity.sum(axis=0)
    spare = available - hours.sum(axis=(0, 1, 2))
    return tuple(
        SpareHours(
            resource=name,
            hours=round(float(spare[resource]), 2),
            available=float(available[resource]),
            reason=_reason(problem, hours, resource),
        )
        for resource, name in enumerate(instance.resources)
        if spare[resource] >= WORTH_SAYING_HOURS
    )


def why_unassigned(spares: tuple[SpareHours, ...]) -> str:
    """Join the reasons; each names its resources where there is more than one.

    Args:
        spares: The hours left over.

    Returns:
        Words that follow `because`, or nothing.
    """
    resources: dict[str, list[str]] = {}
    for spare in spares:
        resources.setdefault(spare.reason, []).append(spare.resource)
    if len(resources) < 2:
        return "".join(resources)
    return "; ".join(f"{reason} ({', '.join(names)})" for reason, names in resources.items())


def _reason(problem: Assembled, hours: Array, resource: int) -> str:
    """Say why hours of a resource are left over."""
    instance = problem.instance
    if not instance.allowed[..., resource].any():
        return "the request leaves nowhere and no time in which it can work"
    if not instance.has_effect[resource]:
        return (
            f"{_nothing_known(problem, resource)}, so beyond the limits that need them there is no ground for one ward "
            "over another: the partnership decides"
        )
    if instance.unit_hours is not None:
        left = instance.capacity[:, resource] - hours[..., resource].sum(axis=(0, 2))
        if (left < instance.unit_hours[resource]).all():
            return "in no month are there enough of them left for a whole unit"
    return "the request's limits leave no room for them"


def _nothing_known(problem: Assembled, resource: int) -> str:
    """Say why hours of a resource have no effect to be planned for."""
    team = next(team for team in problem.request.resources if team.name == problem.instance.resources[resource])
    if team.effectiveness:
        is_any = any(team.effectiveness.values())
        return f"what the request says they affect is {'not in reach of this plan' if is_any else 'nothing'}"
    if any(effectiveness(team.type).values()):
        return "what studies say they affect is not in reach of this plan"
    return "no study and no entry in the request says what they affect"
