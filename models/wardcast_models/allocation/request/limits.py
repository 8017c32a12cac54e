"""What a request's plan has to respect."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardcast_models.allocation.request.model import MonthName, RequestModel
from wardcast_models.allocation.request.resource import Agency
from wardcast_models.reference.assumptions import assumption

FairnessUnit = Literal["ward", "group"]


class RingFence(RequestModel):
    """Hours kept for a purpose: at least so many a month of some teams, in some wards and shifts."""

    name: str = Field(min_length=1, description="What the hours are kept for.")
    hours_per_month: float = Field(gt=0, description="Least planned hours a month, all wards named together.")
    resources: tuple[str, ...] = Field(default=(), description="Names of the teams that count; empty means all.")
    agency: Agency | None = Field(default=None, description="Only this agency's teams count.")
    wards: tuple[str, ...] = Field(default=(), description="Ward codes that count; empty means all.")
    group: str | None = Field(default=None, description="Only wards of this group (the data's `ward_groups`) count.")
    shifts: tuple[str, ...] = Field(default=(), description="Shifts that count; empty means all.")
    months: tuple[MonthName, ...] = Field(default=(), description="Months it holds in; empty means all.")


class LockedHours(RequestModel):
    """Hours that are settled already."""

    ward: str = Field(description="Ward code.")
    resource: str = Field(description="Name of the team.")
    hours_per_month: float = Field(ge=0, description="Planned hours a month, neither more nor less.")
    shift: str | None = Field(default=None, description="In this shift; None means all shifts together.")
    months: tuple[MonthName, ...] = Field(default=(), description="Months it holds in; empty means all.")


class Forbidden(RequestModel):
    """Where a team may not be sent."""

    ward: str = Field(description="Ward code.")
    resource: str | None = Field(default=None, description="Name of the team; None means every team.")
    shift: str | None = Field(default=None, description="In this shift; None means every shift.")
    months: tuple[MonthName, ...] = Field(default=(), description="Months it holds in; empty means all.")


class Limits(RequestModel):
    """What the plan has to respect."""

    ward_min_hours_per_month: float = Field(default=0.0, ge=0, description="Least hours in every ward, all resources.")
    ward_max_hours_per_month: float | None = Field(default=None, gt=0, description="Most hours in any ward.")
    ward_max_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Most of the hours planned in a month that one ward may get, as a share; in areas of more than 100 "
        "wards, of the hours available in the month.",
    )
    asb_floor_share: float = Field(
        default=assumption("asb_floor_share").value,
        ge=0,
        le=1,
        description="Share of council hours ring-fenced for ASB where ASB is not forecast.",
    )
    ring_fences: tuple[RingFence, ...] = Field(default=(), max_length=200, description="Hours kept for a purpose.")
    locked: tuple[LockedHours, ...] = Field(default=(), max_length=5000, description="Hours that are settled already.")
    forbidden: tuple[Forbidden, ...] = Field(default=(), max_length=5000, description="Where a team may not be sent.")
    budget_hours: float | None = Field(default=None, gt=0, description="Most planned hours over the whole plan.")
    budget_pounds: float | None = Field(
        default=None, gt=0, description="Most pounds over the whole plan; needs every resource's `cost_per_hour`."
    )
    protection_floor: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Least claimed harm avoided per unit of need in every ward or group, as a share of what the "
        "proportional split of all hours avoids per unit of need in the whole area.",
    )
    protection_by: FairnessUnit = Field(default="ward", description="Whether that holds by ward or by group.")
    burden_ceiling_hours_per_1000: float | None = Field(
        default=None,
        gt=0,
        description="Most enforcement hours a month per 1,000 persons exposed, in every ward or group.",
    )
    burden_by: FairnessUnit = Field(default="ward", description="Whether that holds by ward or by group.")
    most_change_hours_per_month: float | None = Field(
        default=None, ge=0, description="Most by which a ward's monthly hours may differ from `last_plan`'s."
    )
    warn_share: float = Field(
        default=assumption("warn_share").value,
        gt=0,
        le=1,
        description="Warn of a limit without which the plan would avoid this much more of its weighted harm.",
    )
