"""A request laid out over wards, months, shifts and teams, each in one canonical order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array, Mask
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.resource import Resource, Shift


@dataclass(frozen=True, kw_only=True)
class Layout:
    """W wards, H months, S shifts, R resources: wards by code, shifts and resources by name.

    Attributes:
        request: The request.
        codes: Ward codes; length W.
        names: Ward names; length W.
        months: `YYYY-MM`; length H.
        shifts: Length S.
        resources: Length R.
        positions: Position of each resource in the request; length R.
        allowed: Where and when each resource can work, shape (W, H, S, R).
        capacity: Planned hours available a month, shape (H, R).
    """

    request: PlanRequest
    codes: tuple[str, ...]
    names: tuple[str, ...]
    months: tuple[str, ...]
    shifts: tuple[Shift, ...]
    resources: tuple[Resource, ...]
    positions: tuple[int, ...]
    allowed: Mask
    capacity: Array

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """W, H, S, R."""
        return len(self.codes), len(self.months), len(self.shifts), len(self.resources)

    @property
    def shift_names(self) -> tuple[str, ...]:
        """Length S."""
        return tuple(shift.name for shift in self.shifts)

    def in_months(self, months: tuple[str, ...]) -> Mask:
        """Return which months of the plan are among those named, all where none is, shape (H,)."""
        return np.array([not months or month in months for month in self.months])

    def employed_by(self, agency: str) -> Mask:
        """Return which resources an agency employs, shape (R,)."""
        return np.array([resource.agency == agency for resource in self.resources])


def lay_out(request: PlanRequest, *, codes: tuple[str, ...], names: tuple[str, ...], months: tuple[str, ...]) -> Layout:
    """Lay a request out.

    Args:
        request: The request; the wards that it names are checked already.
        codes: The area's ward codes, sorted; length W.
        names: Their names; length W.
        months: Months planned, `YYYY-MM`; length H.

    Returns:
        The layout; what the request forbids is not allowed.
    """
    positions = sorted(range(len(request.resources)), key=lambda position: request.resources[position].name)
    resources = tuple(request.resources[position] for position in positions)
    shifts = tuple(sorted(request.shifts, key=lambda shift: shift.name))
    allowed = np.stack([_where_it_works(resource, codes, months, shifts) for resource in resources], axis=3)
    for rule in request.limits.forbidden:
        wards = np.array([code == rule.ward for code in codes])
        when = np.array([not rule.months or month in rule.months for month in months])
        which = np.array([rule.shift in (None, shift.name) for shift in shifts])
        teams = np.array([rule.resource in (None, resource.name) for resource in resources])
        allowed[np.ix_(wards, when, which, teams)] = False
    return Layout(
        request=request,
        codes=codes,
        names=names,
        months=months,
        shifts=shifts,
        resources=resources,
        positions=tuple(positions),
        allowed=allowed,
        capacity=np.array([[resource.hours_in(month) for resource in resources] for month in months], dtype=np.float64),
    )


def layout_of(request: PlanRequest, demand: Demand) -> Layout:
    """Lay a request out over a demand's wards and months.

    Args:
        request: The request; its wards are already checked.
        demand: The demand.

    Returns:
        The layout.
    """
    forecast = demand.forecast
    months = tuple(forecast.months.strftime("%Y-%m"))
    return lay_out(request, codes=forecast.ward_codes, names=forecast.ward_names, months=months)


def _where_it_works(
    resource: Resource, codes: tuple[str, ...], months: tuple[str, ...], shifts: tuple[Shift, ...]
) -> Mask:
    """Return where and when a resource can work by its own lists, shape (W, H, S)."""
    wards = np.array([not resource.wards or code in resource.wards for code in codes])
    when = np.array([not resource.months or month in resource.months for month in months])
    which = np.array([not resource.shifts or shift.name in resource.shifts for shift in shifts])
    return np.asarray(wards[:, None, None] & when[None, :, None] & which[None, None, :])
