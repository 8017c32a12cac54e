"""Mean monthly hours by ward of a plan, from wherever it is read."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum

_HOURS_PLACES = 6


def mean_monthly_hours(assigned: Iterable[tuple[str, float]], *, n_months: int) -> dict[str, float]:
    """Add up the hours of each ward and divide them by the months of the plan.

    Args:
        assigned: Ward code and officer hours of each assignment, of all teams, shifts and months.
        n_months: Months of the plan, those without any hours included.

    Returns:
        Officer hours a month by ward code, in the order of the codes; a ward without any hours is left out.
    """
    by_ward: dict[str, list[float]] = {}
    for ward, hours in assigned:
        by_ward.setdefault(ward, []).append(hours)
    mean = {ward: round(fsum(by_ward[ward]) / n_months, _HOURS_PLACES) for ward in sorted(by_ward)}
    return {ward: hours for ward, hours in mean.items() if hours > 0}
