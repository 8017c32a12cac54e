"""Which month columns of a release are complete."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.findings import Finding, FindingKind

LEAST_SHARE = 0.2
"""A month below this share of its neighbours' median is left-over or unfinished. The deepest real fall, the spring
2020 lockdown, left 73 % of the months around it."""

LEAST_NEIGHBOURS = 50.0
"""Below this median count a month can be small by chance, so nothing is dropped."""

_NEIGHBOURS = 6


def complete_months(
    file: str, months: pd.DatetimeIndex, totals: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], tuple[Finding, ...]]:
    """Find month columns whose total is tiny against the months around it.

    A "24 months" release can carry a 25th column with a handful of left-over rows.

    Args:
        file: The file's name.
        months: Month starts; length T.
        totals: Crimes by month; length T.

    Returns:
        Which months to keep, length T, and a finding for each dropped.
    """
    keep = np.ones(len(months), dtype=np.bool_)
    findings: list[Finding] = []
    for position, month in enumerate(months):
        usual = usual_total(totals, position)
        if usual < LEAST_NEIGHBOURS or totals[position] >= LEAST_SHARE * usual:
            continue
        keep[position] = False
        findings.append(
            Finding(
                kind=FindingKind.MENDED,
                file=file,
                message=(
                    f"The column {month:%Y-%m} holds {int(totals[position]):,} crimes where about {usual:,.0f} are "
                    "usual: it is left over or unfinished and was not used."
                ),
                first_month=f"{month:%Y-%m}",
                last_month=f"{month:%Y-%m}",
            )
        )
    return keep, tuple(findings)


def usual_total(totals: NDArray[np.int64], position: int) -> float:
    """Return the median total of the six months nearest to one, itself left out; 0 where it stands alone.

    Args:
        totals: Records by month; length T.
        position: The month.

    Returns:
        The median.
    """
    order = np.argsort(np.abs(np.arange(len(totals)) - position), kind="stable")[1 : _NEIGHBOURS + 1]
    return float(np.median(totals[order])) if len(order) else 0.0
