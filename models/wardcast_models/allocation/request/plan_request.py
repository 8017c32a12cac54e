"""What a person asks for: the allocation request, checked field by field."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardcast_models.allocation.request.limits import Limits
from wardcast_models.allocation.request.model import Hours, MonthName, RequestModel
from wardcast_models.allocation.request.objective import Objective
from wardcast_models.allocation.request.resource import DEFAULT_SHIFTS, Resource, Shift, ShiftShares


class Baseline(RequestModel):
    """Presence that the plan does not move."""

    officer_hours_per_month: float | None = Field(
        default=None, gt=0, description="Borough baseline; None takes the data's, else the packaged assumption."
    )
    split: Literal["sqrt_demand", "equal", "proportional"] = Field(
        default="sqrt_demand", description="How the baseline is spread over wards where the data do not say."
    )


class LastPlan(RequestModel):
    """The plan that is being followed now."""

    name: str = Field(
        default="",
        description="Where it is from: in a file, the path of its `plan.json` or `assignments.csv` beside the request; "
        "over gRPC, a plan's resource name. Either fills `ward_hours_per_month`.",
    )
    ward_hours_per_month: dict[str, Hours] = Field(
        default_factory=dict, description="Mean monthly hours by ward code, all resources; 0 where a ward is absent."
    )


class PlanRequest(RequestModel):
    """A whole request. The shortest one names one resource and its hours."""

    title: str = Field(default="Patrol plan", description="Title of the report.")
    first_month: MonthName | None = Field(
        default=None, description="First month planned; None takes the month after the last month of data used."
    )
    horizon_months: int = Field(default=3, ge=1, le=12, description="Months planned.")
    resources: tuple[Resource, ...] = Field(min_length=1, max_length=60, description="The teams.")
    shifts: tuple[Shift, ...] = Field(
        default=DEFAULT_SHIFTS, min_length=1, max_length=12, description="Shifts of the day."
    )
    shift_shares: tuple[ShiftShares, ...] = Field(
        default=(),
        max_length=60,
        description="How crime falls on the shifts, where it is known; else by the shifts' length.",
    )
    objective: Objective = Field(default_factory=Objective, description="What the plan aims at.")
    limits: Limits = Field(default_factory=Limits, description="What it has to respect.")
    baseline: Baseline = Field(default_factory=Baseline, description="Presence that it does not move.")
    last_plan: LastPlan | None = Field(default=None, description="The plan that is being followed now.")
    whole_units: bool = Field(
        default=False, description="Assign whole units of `unit_hours` only (a mixed-integer programme, slower)."
    )
    scenario: str = Field(default="as_planned", description="Population and housing scenario of the forecast.")
    n_paths: int = Field(default=500, ge=50, le=5000, description="Sample paths of the forecast.")
    seed: int = Field(default=0, ge=0, description="Seed of the sample paths.")
