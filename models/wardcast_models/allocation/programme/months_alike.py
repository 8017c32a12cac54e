"""In which other months the same limits contradict one another."""

from __future__ import annotations

import numpy as np

from wardcast_models.allocation.programme.elastic import CLASH_HOURS, ElasticLimits, Rows


def months_alike(elastic: ElasticLimits, rows: Rows) -> tuple[str, ...]:
    """Look for a clash of one month in the others, so that nobody takes that month for the cause.

    Args:
        elastic: The limits.
        rows: Rows of an irreducible clash, one limit after the other, shape (n,).

    Returns:
        The other months, in order; none where the clash is of no month alone.
    """
    months = np.array([_month(place) for limit in elastic.limits for place in limit.places])
    told = {month for month in months[rows].tolist() if month}
    if len(told) != 1:
        return ()
    taking_part = np.zeros_like(rows)
    for of_limit in elastic.rows_of:
        taking_part[of_limit] = rows[of_limit].any()
    always = rows & (months == "")
    found = []
    for month in sorted({month for month in months[taking_part].tolist() if month} - told):
        then = always | (taking_part & (months == month))
        if elastic.shortage(then).hours > CLASH_HOURS:
            found.append(month)
    return tuple(found)


def _month(place: str) -> str:
    """Return the month of a place such as `Abbey, 2025-04` or `2025-04`; "" where it has none."""
    last = place.rsplit(", ", 1)[-1]
    return last if len(last) == len("2025-04") and last[:4].isdigit() and last[4] == "-" else ""
