"""How crime falls on the shifts of the day: by the shifts' length, or as the request says."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.plan import Assumption
from wardcast_models.allocation.request.names import EVERY_CATEGORY
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.allocation.request.resource import Shift
from wardcast_models.reference.assumptions import assumption
from wardcast_models.reference.taxonomy import taxonomy

HOURS_PER_DAY = 24.0


def length_shares(request: PlanRequest) -> Array:
    """Return each shift's share of the day, shifts sorted by name.

    Shifts that together exceed a day overlap and share it; shifts that fall short leave the rest out of reach.

    Args:
        request: The request.

    Returns:
        Shares, shape (S,).
    """
    hours = np.array([shift.hours for shift in _by_name(request)])
    return np.asarray(hours / max(HOURS_PER_DAY, float(hours.sum())))


def shift_shares(request: PlanRequest, categories: tuple[str, ...]) -> Array:
    """Return the share of each category's crime in each shift.

    Args:
        request: The request.
        categories: Analysis category ids; length C.

    Returns:
        The request's shares, those for `all` where a category has none of its own, else the shifts' length over the
        day, shape (C, S), shifts sorted by name; a row may add up to less than 1.
    """
    given = _given(request)
    by_length = length_shares(request)
    rows = []
    for category in categories:
        shares = given.get(category, given.get(EVERY_CATEGORY))
        rows.append(
            by_length if shares is None else np.array([shares.get(shift.name, 0.0) for shift in _by_name(request)])
        )
    return np.array(rows).reshape(len(categories), len(by_length))


def shift_assumption(request: PlanRequest, categories: tuple[str, ...]) -> Assumption:
    """Say how crime is spread over the shifts.

    Args:
        request: The request.
        categories: The forecast's categories.

    Returns:
        The assumption; its source is the user where all shares are the user's.
    """
    given = _given(request)
    assumed = assumption("shift_share_8_hours").source
    own = [category for category in categories if category in given]
    if not own and EVERY_CATEGORY not in given:
        return Assumption(topic="Shifts", statement=_by_length(request, "in every category"), source=assumed)
    listed = [f"{taxonomy()[category].label}: {_in_words(request, given[category])}" for category in own]
    if EVERY_CATEGORY in given:
        listed.append(
            f"{'all other categories' if own else 'all categories'}: {_in_words(request, given[EVERY_CATEGORY])}"
        )
    statement = f"The request says how crime falls on the shifts, as shares of the day: {'; '.join(listed)}."
    if EVERY_CATEGORY in given or len(own) == len(categories):
        return Assumption(topic="Shifts", statement=statement, source="user")
    statement += f" {_by_length(request, 'in the other categories')}"
    return Assumption(topic="Shifts", statement=statement, source=f"user; {assumed}")


def _given(request: PlanRequest) -> dict[str, dict[str, float]]:
    """Return the request's shares by category and shift."""
    return {entry.category: entry.shares for entry in request.shift_shares}


def _by_name(request: PlanRequest) -> list[Shift]:
    """Return the request's shifts in their canonical order."""
    return sorted(request.shifts, key=lambda shift: shift.name)


def _in_words(request: PlanRequest, shares: dict[str, float]) -> str:
    """Write one category's shares, shifts in the order of the request, with what falls outside them."""
    words = ", ".join(f"{shift.name} {shares.get(shift.name, 0.0):.0%}" for shift in request.shifts)
    outside = 1 - sum(shares.values())
    return words + (f", outside these shifts and so out of the plan's reach {outside:.0%}" if outside >= 0.005 else "")


def _by_length(request: PlanRequest, where: str) -> str:
    """Say that the shifts' length decides."""
    total = sum(shift.hours for shift in request.shifts)
    statement = f"There is no time-of-day data: each shift carries its hours over 24 of a day's crime, {where}."
    if total < HOURS_PER_DAY:
        statement += f" The shifts cover {total:g} hours; crime in the rest of the day is out of the plan's reach."
    if total > HOURS_PER_DAY:
        statement += f" The shifts add up to {total:g} hours, so they overlap and share the day."
    return statement
