"""How anti-social behaviour enters a plan: as forecast demand, or as ring-fenced council hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wardcast_models.allocation.arrays import Array
from wardcast_models.allocation.demand.demand import Demand
from wardcast_models.allocation.layout import Layout, layout_of
from wardcast_models.allocation.limits.asb_record import AsbRecord
from wardcast_models.allocation.plan_asb import AsbTreatment, AsbWard
from wardcast_models.allocation.request.plan_request import PlanRequest
from wardcast_models.reference.taxonomy import ASB, COUNCIL_ASB, asb_aim

PROXY_CATEGORIES = ("public_order", "criminal_damage")
"""Stand in for anti-social behaviour where it was never observed."""

_PROXY_SHARES = "forecast public order offences and criminal damage"

_SOURCES = {
    ASB: "Its source is police.uk: incidents reported to the police, each placed at a map point near where it "
    "happened. Incidents are not crimes and are not counted among crimes avoided; reports made to the council are "
    "not in it.",
    COUNCIL_ASB: "Its source is the council's log, because recent police counts are not in the data: reports made "
    "to the council, which are not crimes and are not counted among crimes avoided; incidents reported to the police "
    "only are not in it.",
}
"""Where the category that stands for anti-social behaviour comes from, and what it leaves out."""


@dataclass(frozen=True, kw_only=True)
class AsbFloor:
    """The ring-fence.

    Attributes:
        ward_hours: Least council hours, shape (W, H), or None where there is no floor.
        treatment: What the plan says about it.
    """

    ward_hours: Array | None
    treatment: AsbTreatment


def asb_floor(demand: Demand, request: PlanRequest, record: AsbRecord | None) -> AsbFloor:
    """Decide how anti-social behaviour enters.

    Args:
        demand: The demand.
        request: The request.
        record: What is known of it (see `known_asb`), or None to use the named proxy.

    Returns:
        The floor, or no floor where anti-social behaviour is forecast.
    """
    unobserved = () if record is None else record.unobserved
    aim = asb_aim(demand.forecast.categories)
    if aim is not None:
        said = ["Anti-social behaviour is forecast and is a term of its own in the objective.", _SOURCES[aim]]
        if record is not None:
            said.append(record.gaps)
        return AsbFloor(ward_hours=None, treatment=_treatment("forecast", said, unobserved))
    if record is None:
        by_ward = _proxy_shares(demand)
        why, spread = "was never observed in all wards", f"{_PROXY_SHARES}, a proxy for it"
    else:
        by_ward, why, spread = record.by_ward, record.why_not_forecast, record.shares_are
    said = [f"Anti-social behaviour {why}, so it is not forecast and the plan does not aim at it."]
    ward_hours = ward_floor(layout_of(request, demand), by_ward)
    if ward_hours is None:
        said.append("No council hours are ring-fenced for it.")
        return AsbFloor(ward_hours=None, treatment=_treatment("floor", said, unobserved))
    hours = ward_hours.sum(axis=0)
    said.append(
        f"Instead {request.limits.asb_floor_share:.0%} of council hours ({_a_month(hours)}) are ring-fenced and spread "
        f"by {spread} (assumed)."
    )
    per_month, kept = float(hours.mean()), _kept(demand, ward_hours)
    treatment = _treatment("floor", said, unobserved, hours_per_month=per_month, wards=kept)
    return AsbFloor(ward_hours=ward_hours, treatment=treatment)


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


def _treatment(
    mode: Literal["forecast", "floor"],
    said: Sequence[str],
    unobserved: tuple[str, ...],
    *,
    hours_per_month: float = 0.0,
    wards: tuple[AsbWard, ...] = (),
) -> AsbTreatment:
    """Describe how it enters, with the hours ring-fenced a month, on average over the months."""
    return AsbTreatment(
        mode=mode,
        statement=" ".join(filter(None, said)),
        floor_hours_per_month=hours_per_month,
        unobserved_months=unobserved,
        wards=wards,
    )


def _kept(demand: Demand, ward_hours: Array) -> tuple[AsbWard, ...]:
    """Tell where hours (W, H) are kept."""
    forecast, by_ward = demand.forecast, ward_hours.sum(axis=1)
    return by_size(
        AsbWard(ward_code=code, ward_name=name, share=float(hours / by_ward.sum()), hours=round(float(hours), 2))
        for code, name, hours in zip(forecast.ward_codes, forecast.ward_names, by_ward, strict=True)
    )


def by_size(wards: Iterable[AsbWard]) -> tuple[AsbWard, ...]:
    """Return wards with most anti-social behaviour first; of equals by code."""
    return tuple(sorted(wards, key=lambda ward: (-ward.share, ward.ward_code)))


def _a_month(hours: Array) -> str:
    """Write the hours of each month, shape (H,)."""
    least, most = f"{hours.min():,.0f}", f"{hours.max():,.0f}"
    return f"{most} a month" if least == most else f"{least} to {most} a month"


def _proxy_shares(demand: Demand) -> Mapping[str, float]:
    """Spread by forecast public order offences and criminal damage; by ward code."""
    forecast = demand.forecast
    proxies = [forecast.categories.index(name) for name in PROXY_CATEGORIES if name in forecast.categories]
    counts = demand.count[:, proxies].sum(axis=(1, 2))
    total = float(counts.sum())
    shares = counts / total if total > 0 else np.full(len(counts), 1 / len(counts))
    return dict(zip(forecast.ward_codes, shares.tolist(), strict=True))
