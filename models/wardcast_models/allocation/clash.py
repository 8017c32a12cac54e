"""Telling which limits of a request contradict one another, and by how many hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.instance import Instance, LimitKind
from wardcast_models.allocation.programme import Shortage, least_shortage
from wardcast_models.errors import ErrorKind, Problem, WardcastError

FIELD = {
    LimitKind.WARD_MIN: "limits.ward_min_hours_per_month",
    LimitKind.WARD_MAX: "limits.ward_max_hours_per_month",
    LimitKind.WARD_MAX_SHARE: "limits.ward_max_share",
    LimitKind.ASB_FLOOR: "limits.asb_floor_share",
}
"""Field of the request behind each limit; capacities are the resources' own."""

LABEL = {
    LimitKind.CAPACITY: "the hours available",
    LimitKind.WARD_MIN: "the ward minimum",
    LimitKind.WARD_MAX: "the ward maximum",
    LimitKind.WARD_MAX_SHARE: "the largest share a ward may get",
    LimitKind.ASB_FLOOR: "the hours ring-fenced for anti-social behaviour",
}
"""What each limit is called in sentences."""


@dataclass(frozen=True, kw_only=True)
class _Side:
    """One limit's part in a clash in one month: its field, its hours in all, and in how many places."""

    kind: LimitKind
    field: str
    name: str
    hours: float
    places: int
    at_least: bool


def infeasible(instance: Instance) -> WardcastError:
    """Build the error for a request whose limits clash.

    Args:
        instance: A problem without a solution.

    Returns:
        The error, naming the clashing fields and by how many hours a month they clash; raised by the caller.
    """
    shortage = least_shortage(instance)
    month = int(np.argmax(shortage.hours))
    short = float(shortage.hours[month])
    sides = _sides(instance, shortage, month)
    wanted = [side for side in sides if side.at_least]
    given = [side for side in sides if not side.at_least]
    months = int((shortage.hours > 1e-6).sum())
    others = f" (and {months - 1} other months)" if months > 1 else ""
    limits = _and(given) or "no team that may work there"
    message = (
        f"The request cannot be met: in {instance.months[month]}{others} {_and(wanted)} need "
        f"{_hours(sum(side.hours for side in wanted))} against {_hours(sum(side.hours for side in given))} "
        f"that {limits} allow: short by {_hours(short)} a month."
    )
    teams = [side for side in sides if side.kind is LimitKind.CAPACITY]
    problems = [_mend(side, short) for side in sides if len(teams) < 2 or side not in teams]
    if len(teams) > 1:
        problems.append(_mend_teams(teams, short))
    if not given:
        wards = np.nonzero(_taking_part(shortage, wanted[0].kind)[:, month])[0]
        names = ", ".join(instance.ward_names[ward] for ward in wards)
        problems.append(
            Problem(
                where="resources[].wards",
                expected=f"a team that may work in {names}",
                found="none",
                mend="Add a ward to a team's list, or leave the list empty to allow all wards.",
            )
        )
    return WardcastError(ErrorKind.INFEASIBLE, message, problems)


def _sides(instance: Instance, shortage: Shortage, month: int) -> list[_Side]:
    """Return every limit that takes part in the clash of one month."""
    sides = []
    for limit in instance.ward_limits:
        wards = _taking_part(shortage, limit.kind)[:, month]
        if wards.any():
            hours = limit.hours[wards, month]
            sides.append(
                _Side(
                    kind=limit.kind,
                    field=FIELD[limit.kind],
                    name=f"{LABEL[limit.kind]} in {int(wards.sum())} wards ({_each(hours)})",
                    hours=float(hours.sum()),
                    places=int(wards.sum()),
                    at_least=limit.at_least,
                )
            )
    for resource in np.nonzero(_taking_part(shortage, LimitKind.CAPACITY)[month])[0]:
        hours = float(instance.capacity[month, resource])
        sides.append(
            _Side(
                kind=LimitKind.CAPACITY,
                field=f"{instance.resource_fields[resource]}.hours_per_month",
                name=f"the hours of {instance.resources[resource]} ({_hours(hours)})",
                hours=hours,
                places=1,
                at_least=False,
            )
        )
    return sides


def _mend(side: _Side, short: float) -> Problem:
    """Say what would have to change in one field, if it alone were changed."""
    change = short / side.places
    each = side.hours / side.places
    if side.at_least:
        target = max(each - change, 0.0)
        return Problem(
            where=side.field,
            expected=f"at most {_hours(target)} a ward on average ({_hours(side.hours - short)} in all)",
            found=side.name,
            mend=f"Lower it by {_hours(change)} a ward, or make room elsewhere.",
        )
    return Problem(
        where=side.field,
        expected=f"at least {_hours(side.hours + short)} a month in all",
        found=side.name,
        mend=f"Raise it by {_hours(short)} a month in all, or lower what is asked for.",
    )


def _mend_teams(teams: list[_Side], short: float) -> Problem:
    """Say once what several teams together would have to work."""
    hours = sum(team.hours for team in teams)
    return Problem(
        where=", ".join(team.field for team in teams),
        expected=f"at least {_hours(hours + short)} a month, these {len(teams)} teams together",
        found=_hours(hours),
        mend=f"Raise them by {_hours(short)} a month in all, or lower what is asked for.",
    )


def _taking_part(shortage: Shortage, kind: LimitKind) -> np.ndarray:
    """Return where a limit takes part in the clash."""
    return np.asarray(shortage.clashing[kind] > 0)


def _each(hours: np.ndarray) -> str:
    """Describe equal or differing hours."""
    if np.ptp(hours) < 0.005:
        return f"{_hours(float(hours[0]))} each, {_hours(float(hours.sum()))} in all"
    return f"{_hours(float(hours.min()))} to {_hours(float(hours.max()))}, {_hours(float(hours.sum()))} in all"


def _and(sides: list[_Side]) -> str:
    """Join the names of several limits."""
    return " and ".join(side.name for side in sides)


def _hours(hours: float) -> str:
    """Write hours with thousands separators and at most two decimals."""
    return f"{hours:,.2f}".removesuffix(".00") + " h"
