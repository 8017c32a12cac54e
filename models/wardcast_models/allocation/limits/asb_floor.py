"""How anti-social behaviour enters a plan: as forecast demand, or as ring-fenced council hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.layout import Layout, layout_of
from wardcast_models.allocation.plan import AsbTreatment
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import ASB, COUNCIL_ASB, asb_aim

PROXY_CATEGORIES = ("public_order", "criminal_damage")
"""Stand in for anti-social behaviour where it was never observed."""

MONTHS_OF_SHARE = 12

_SOURCES = {
    ASB: "Its source is police.uk: incidents reported to the police, each placed at a map point near where it "
    "happened. Incidents are not crimes and are not counted among crimes avoided; reports made to the council are "
    "not in it. A month without a file is unobserved: it is neither taken as zero nor filled in.",
    COUNCIL_ASB: "Its source is the council's log, because recent police counts are not in the data: reports made "
    "to the council, which are not crimes and are not counted among crimes avoided; incidents reported to the police "
    "only are not in it. A month that the log does not cover is unobserved: it is neither taken as zero nor filled in.",
}
"""Where the category that stands for anti-social behaviour comes from, and what it leaves out."""


@dataclass(frozen=True, kw_only=True)
class AsbShares:
    """How anti-social behaviour is taken to be spread over the wards.

    Attributes:
        by_ward: Share by ward code, adding up to 1.
        statement: Where the shares are from.
    """

    by_ward: Mapping[str, float]
    statement: str


@dataclass(frozen=True, kw_only=True)
class AsbFloor:
    """The ring-fence.

    Attributes:
        ward_hours: Least council hours, shape (W, H), or None where there is no floor.
        treatment: What the plan says about it.
    """

    ward_hours: Array | None
    treatment: AsbTreatment


def observed_asb_shares(panel: Panel) -> AsbShares | None:
    """Return the wards' shares of anti-social behaviour in the last months in which it was observed everywhere.

    Args:
        panel: The panel, cut at the last month of data used.

    Returns:
        The shares, or None where it was never observed in all of the area's wards.
    """
    if ASB not in panel.categories:
        return None
    counts = panel.counts[panel.area_rows, panel.categories.index(ASB)]
    months = np.nonzero(~np.isnan(counts).any(axis=0))[0][-MONTHS_OF_SHARE:]
    total = float(counts[:, months].sum())
    if not total > 0:
        return None
    first, last = panel.months[months[0]], panel.months[months[-1]]
    shares = counts[:, months].sum(axis=1) / total
    return AsbShares(
        by_ward=dict(zip(panel.area.ward_codes, shares.tolist(), strict=True)),
        statement=f"the wards' shares of incidents recorded by the police in {first:%Y-%m} to {last:%Y-%m}, the "
        "last months known",
    )


def asb_floor(demand: Demand, request: PlanRequest, shares: AsbShares | None) -> AsbFloor:
    """Decide how anti-social behaviour enters.

    Args:
        demand: The demand.
        request: The request.
        shares: Observed shares of the wards, or None to use the named proxy.

    Returns:
        The floor, or no floor where anti-social behaviour is forecast.
    """
    aim = asb_aim(demand.forecast.categories)
    if aim is not None:
        statement = f"Anti-social behaviour is forecast and is a term of its own in the objective. {_SOURCES[aim]}"
        return AsbFloor(
            ward_hours=None, treatment=AsbTreatment(mode="forecast", statement=statement, floor_hours_per_month=0.0)
        )
    shares = shares or _proxy_shares(demand)
    ward_hours = ward_floor(layout_of(request, demand), shares.by_ward)
    statement = (
        "Anti-social behaviour is not in the data within 12 months of the last month used, so it is not forecast "
        "and the plan does not aim at it. "
    )
    if ward_hours is None:
        statement += "No council hours are ring-fenced for it."
        return AsbFloor(ward_hours=None, treatment=_floor_treatment(statement, 0.0))
    floor = ward_hours.sum(axis=0)
    statement += (
        f"Instead {request.limits.asb_floor_share:.0%} of council hours ({_a_month(floor)}) are ring-fenced "
        f"and spread by {shares.statement} (assumed)."
    )
    return AsbFloor(ward_hours=ward_hours, treatment=_floor_treatment(statement, float(floor.mean())))


def ward_floor(layout: Layout, by_ward: Mapping[str, float]) -> Array | None:
    """Spread each month's ring-fenced council hours over the wards that a council team may work in then.

    Args:
        layout: The request, laid out.
        by_ward: Share of anti-social behaviour by ward code.

    Returns:
        Least council hours, shape (W, H), or None where none are ring-fenced.
    """
    council = layout.capacity * layout.employed_by("council")  # (H, R)
    hours = layout.request.limits.asb_floor_share * council.sum(axis=1)
    reached = (layout.allowed.any(axis=2) & (council > 0)).any(axis=2)  # (W, H)
    weight = np.array([by_ward.get(code, 0.0) for code in layout.codes])[:, None] * reached
    weight = np.where(weight.sum(axis=0) > 0, weight, reached.astype(np.float64))
    total = weight.sum(axis=0)
    floor = np.divide(hours * weight, total, out=np.zeros_like(weight), where=total > 0)
    return floor if floor.any() else None


def _floor_treatment(statement: str, hours: float) -> AsbTreatment:
    """Describe a floor of so many hours a month, on average over the months."""
    return AsbTreatment(mode="floor", statement=statement, floor_hours_per_month=hours)


def _a_month(hours: Array) -> str:
    """Write the hours of each month, shape (H,)."""
    least, most = f"{hours.min():,.0f}", f"{hours.max():,.0f}"
    return f"{most} a month" if least == most else f"{least} to {most} a month"


def _proxy_shares(demand: Demand) -> AsbShares:
    """Spread by forecast public order offences and criminal damage."""
    forecast = demand.forecast
    proxies = [forecast.categories.index(name) for name in PROXY_CATEGORIES if name in forecast.categories]
    counts = demand.count[:, proxies].sum(axis=(1, 2))
    total = float(counts.sum())
    shares = counts / total if total > 0 else np.full(len(counts), 1 / len(counts))
    return AsbShares(
        by_ward=dict(zip(forecast.ward_codes, shares.tolist(), strict=True)),
        statement="forecast public order offences and criminal damage, a proxy because ward-level anti-social "
        "behaviour was never observed",
    )
