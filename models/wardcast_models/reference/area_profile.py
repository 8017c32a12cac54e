"""Published figures about an area, quoted on its reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wardcast_models.reference.tables import packaged_rows


@dataclass(frozen=True, kw_only=True)
class ProfileFigure:
    """One published figure.

    Attributes:
        key: Stable key.
        label: What it is, for people.
        value: The figure.
        unit: Its unit, in words; a `share` and a `relative change` are fractions of 1.
        period: The time it is about, or "".
        source: Where it was published.
    """

    key: str
    label: str
    value: float
    unit: str
    period: str
    source: str


@cache
def area_profile(area_code: str) -> dict[str, ProfileFigure]:
    """Return the published figures of an area by key.

    Args:
        area_code: GSS code of the area.

    Returns:
        The figures in the order of the table; empty for an area without a packaged profile.
    """
    return {
        row["key"]: ProfileFigure(
            key=row["key"],
            label=row["label"],
            value=float(row["value"]),
            unit=row["unit"],
            period=row["period"],
            source=row["source"],
        )
        for row in packaged_rows("lbbd_profile.csv")
        if row["area_code"] == area_code
    }
