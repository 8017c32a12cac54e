"""The result of allocation: hours, why, how sure, what it costs elsewhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class PlanModel(BaseModel):
    """Base of all plan parts: frozen, nothing extra."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SolutionStatus(StrEnum):
    """Outcome of a solve, read from PuLP's `sol_status`."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    """A solution was found but optimality was not proven in time."""
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NOT_SOLVED = "not_solved"


class Assignment(PlanModel):
    """Hours of one resource in one ward, month and shift."""

    ward_code: str
    ward_name: str
    month: str = Field(description="`YYYY-MM`.")
    shift: str
    resource: str
    agency: Literal["council", "police"]
    hours: float = Field(ge=0, description="Officer hours planned, rounded to 0.01.")


class Range(PlanModel):
    """A mean with a 90 % range over joint draws of forecast paths and elasticity."""

    mean: float
    q05: float
    q95: float


class CategoryDemand(PlanModel):
    """One category's part in a ward's demand."""

    category: str
    label: str
    expected_count: float = Field(description="Expected count over the plan's months.")
    weighted_harm: float = Field(description="Expected harm in the request's scale and weights, all of it.")
    preventable_harm: float = Field(description="The part that visible presence can touch.")
    too_few: bool = Field(description="Too few to be read at ward level.")


class WardExplanation(PlanModel):
    """Why a ward gets what it gets."""

    ward_code: str
    ward_name: str
    hours: float
    rank: int = Field(description="Rank by hours, 1 for the most; wards with equal hours, to the hour, share it.")
    preventable_harm: float
    preventable_harm_share: float = Field(description="Share of the area's.")
    need_harm: float = Field(description="All forecast harm of the categories that the scale weighs.")
    harm_avoided: Range
    crimes_avoided: Range
    categories: tuple[CategoryDemand, ...] = Field(description="Largest preventable harm first, at most six.")
    growth: float = Field(description="Persons in the plan's months over persons in the fitting window.")
    trend: float = Field(
        description="Expected monthly count over that of the same months a year earlier, or over the mean of the last "
        "12 observed months where those were not observed; an assumption says which."
    )
    drivers: tuple[str, ...] = Field(description="Sentences, most important first.")


class SplitComparison(PlanModel):
    """What a way of sharing out the same hours is expected to avoid."""

    name: Literal["plan", "proportional", "equal", "none"]
    label: str
    harm_avoided: Range
    crimes_avoided: Range
    feasible: bool = Field(description="Whether the split keeps every limit of the request.")


class LimitEffect(PlanModel):
    """A limit that binds, and what one unit more or less of it does."""

    name: str
    description: str
    limit: float
    unit: str
    shadow_price: float = Field(
        description="Objective gained per unit of relaxation, normalised: positive means relaxing helps."
    )
    gain_from_one_more: float | None = Field(description="Objective with the limit relaxed by one unit, less today's.")
    loss_from_one_less: float | None = Field(description="Objective today, less that with the limit one unit tighter.")


class Assumption(PlanModel):
    """Something taken as given, and where from."""

    topic: str
    statement: str
    source: str = Field(description="A citation, `user` or `assumed`.")


class FindingText(PlanModel):
    """One finding of the data reading, carried to the report."""

    kind: str
    file: str
    message: str


class AsbTreatment(PlanModel):
    """How anti-social behaviour entered the plan."""

    mode: Literal["forecast", "floor"]
    statement: str
    floor_hours_per_month: float


class Plan(PlanModel):
    """An allocation plan. Ids and times live in `Provenance`, so that equal inputs give equal plans."""

    title: str
    area_code: str
    area_name: str
    vintage: str
    synthetic: bool
    until: str = Field(description="Last month of data used, `YYYY-MM`.")
    months: tuple[str, ...] = Field(description="Months planned, `YYYY-MM`.")
    shifts: tuple[str, ...]
    harm_scale: str
    harm_unit: str = Field(description="What one unit of harm is, in words.")
    status: SolutionStatus
    objective_value: float = Field(description="Weighted harm avoided plus presence terms, in the plan's harm unit.")
    assignments: tuple[Assignment, ...]
    wards: tuple[WardExplanation, ...] = Field(description="Most hours first.")
    effect: Range = Field(description="Weighted harm avoided over the plan's months.")
    effect_crimes: Range
    zero_effect_statement: str
    comparisons: tuple[SplitComparison, ...]
    verdict: str = Field(description="In a sentence, how the plan compares with the simple splits.")
    limits: tuple[LimitEffect, ...]
    unassigned_hours: float = Field(
        default=0.0, ge=0, description="Hours asked for that stay unassigned, all resources and months together."
    )
    unassigned_reason: str = Field(default="", description="Why they do, as words that follow `because`, or empty.")
    asb: AsbTreatment
    assumptions: tuple[Assumption, ...]
    findings: tuple[FindingText, ...]
    forecast_model: str
    panel_digest: str


class Provenance(PlanModel):
    """Ids and times of the run that made a plan."""

    created_at: str = Field(description="RFC 3339, UTC.")
    wardcast_version: str
    mlflow_tracking_uri: str = ""
    mlflow_experiment: str = ""
    plan_run_id: str = ""
    forecast_run_id: str = ""
    model_version: str = Field(default="", description="`name/version` in the model registry.")
    request_digest: str = Field(default="", description="SHA-256 of the request's canonical JSON.")
