"""What a person asks for: the allocation request, checked field by field."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wardcast_models.reference.assumptions import assumption

HarmScale = Literal["cambridge", "ons", "count"]


class RequestModel(BaseModel):
    """Base of all request parts: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Shift(RequestModel):
    """A part of the day that presence is planned for."""

    name: str = Field(min_length=1, description="Name used in the assignments, for example `late`.")
    hours: float = Field(gt=0, le=24, description="Length in hours.")
    after_dark: bool = Field(default=False, description="Counts towards presence after dark.")


class Resource(RequestModel):
    """A pool of hours of one kind of team."""

    name: str = Field(min_length=1, description="Name used in the assignments.")
    agency: Literal["council", "police"] = Field(description="Who employs the team.")
    hours_per_month: float = Field(ge=0, description="Officer hours available a month, on top of the baseline.")
    type: str = Field(
        default="visible_patrol",
        description="Key of the packaged response library; decides which categories the team affects.",
    )
    effectiveness: dict[str, Annotated[float, Field(ge=0, le=5)]] = Field(
        default_factory=dict,
        description="Effect of one delivered hour relative to one police patrol hour, by analysis category; "
        "overrides the library and is then marked as the user's assumption.",
    )
    delivery_rate: float | None = Field(
        default=None, gt=0, le=1, description="Delivered over planned hours; None takes the library's figure."
    )
    shifts: tuple[str, ...] = Field(default=(), description="Shifts it can work; empty means all.")
    wards: tuple[str, ...] = Field(default=(), description="Ward codes it can work in; empty means all.")


class Objective(RequestModel):
    """What the plan tries to make as large as possible."""

    harm_scale: HarmScale = Field(default="cambridge", description="Weight of one crime of each category.")
    priority_weights: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict, description="Multiplier by CSP priority id; 1 where not given."
    )
    asb_weight: float = Field(
        default=assumption("asb_weight").value,
        ge=0,
        le=50,
        description="Weight of one ASB incident, in Cambridge-day equivalents.",
    )
    after_dark_weight: float = Field(
        default=0.0,
        ge=0,
        description="Value of one officer hour after dark, in units of the harm scale (perception of safety).",
    )
    elasticity: float = Field(
        default=assumption("elasticity").value,
        ge=0,
        le=1,
        description="Elasticity of preventable crime to presence (Draca et al. 2011).",
    )


class Limits(RequestModel):
    """What the plan has to respect."""

    ward_min_hours_per_month: float = Field(default=0.0, ge=0, description="Least hours in every ward, all resources.")
    ward_max_hours_per_month: float | None = Field(default=None, gt=0, description="Most hours in any ward.")
    ward_max_share: float | None = Field(
        default=None, gt=0, le=1, description="Most of a month's total hours that one ward may get."
    )
    asb_floor_share: float = Field(
        default=assumption("asb_floor_share").value,
        ge=0,
        le=1,
        description="Share of council hours ring-fenced for ASB where ASB is not forecast.",
    )


class Baseline(RequestModel):
    """Presence that the plan does not move."""

    officer_hours_per_month: float | None = Field(
        default=None, gt=0, description="Borough baseline; None takes the data's, else the packaged assumption."
    )
    split: Literal["sqrt_demand", "equal", "proportional"] = Field(
        default="sqrt_demand", description="How the baseline is spread over wards where the data do not say."
    )


DEFAULT_SHIFTS = (
    Shift(name="day", hours=8),
    Shift(name="late", hours=8, after_dark=True),
    Shift(name="night", hours=8, after_dark=True),
)


class PlanRequest(RequestModel):
    """A whole request. The shortest one names the months and one resource."""

    title: str = Field(default="Patrol plan", description="Title of the report.")
    horizon_months: int = Field(default=3, ge=1, le=12, description="Months planned, from the month after --until.")
    resources: tuple[Resource, ...] = Field(min_length=1, description="The teams.")
    shifts: tuple[Shift, ...] = Field(default=DEFAULT_SHIFTS, min_length=1, description="Shifts of the day.")
    objective: Objective = Field(default_factory=Objective)
    limits: Limits = Field(default_factory=Limits)
    baseline: Baseline = Field(default_factory=Baseline)
    scenario: str = Field(default="as_planned", description="Population and housing scenario of the forecast.")
    n_paths: int = Field(default=500, ge=50, le=5000, description="Sample paths of the forecast.")
    seed: int = Field(default=0, ge=0, description="Seed of the sample paths.")
