"""The result of allocation: hours, why, how sure, what it costs elsewhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from wardcast_models.allocation.plan_asb import AsbTreatment
from wardcast_models.allocation.plan_model import PlanModel, Range
from wardcast_models.allocation.request.resource import Agency


class SolutionStatus(StrEnum):
    """Outcome of a solve, read from PuLP's `sol_status`."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    """A solution was found but optimality was not proven in time."""
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NOT_SOLVED = "not_solved"

    @property
    def has_solution(self) -> bool:
        """Whether there are values to be read."""
        return self in (SolutionStatus.OPTIMAL, SolutionStatus.FEASIBLE)


class Assignment(PlanModel):
    """Hours of one resource in one ward, month and shift."""

    ward_code: str
    ward_name: str
    month: str = Field(description="`YYYY-MM`.")
    shift: str
    resource: str
    agency: Agency
    hours: float = Field(ge=0, description="Hours planned, rounded to 0.01 (whole units where asked for).")


class CategoryDemand(PlanModel):
    """One category's part in a ward's demand."""

    category: str
    label: str
    expected_count: float = Field(description="Expected count over the plan's months.")
    weighted_harm: float = Field(description="Expected harm in the request's scale and weights, all of it.")
    preventable_harm: float = Field(description="The part that visible presence can touch.")
    too_few: bool = Field(description="Too few to be read at ward level.")


class ResourceShare(PlanModel):
    """One resource's hours in one ward, and why."""

    resource: str
    hours: float = Field(description="Planned hours over the plan's months.")
    share: float = Field(description="Share of the resource's planned hours.")
    rank: int = Field(description="Rank of the ward by this resource's hours, 1 for the most.")
    reasons: tuple[str, ...] = Field(description="Sentences, most important first.")


class ResourceExplanation(PlanModel):
    """What one resource is asked to do."""

    resource: str
    agency: Agency
    label: str = Field(description="What kind of team, crew or project it is.")
    hours_available: float = Field(description="Planned hours asked for, over the plan's months.")
    hours_planned: float
    hours_delivered: float = Field(description="Of the planned hours, those expected to be delivered.")
    cost_pounds: float | None = Field(default=None, description="Cost of the planned hours, where given.")
    harm_avoided: Range = Field(description="Its part of the plan's effect, by its part of each dose.")
    reasons: tuple[str, ...] = Field(description="Sentences, most important first.")


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
    resources: tuple[ResourceShare, ...] = Field(default=(), description="Its resources, most hours first.")
    in_top_group: bool = Field(default=False, description="Among the quarter of wards with most hours.")
    top_group_share: float = Field(
        default=0.0,
        description="Share of the forecast paths in which the ward belongs in that quarter, were the path known.",
    )
    protection: float = Field(default=0.0, description="Claimed harm avoided per unit of need.")
    burden_hours_per_1000: float | None = Field(
        default=None, description="Enforcement hours a month per 1,000 persons exposed; None where persons are unknown."
    )
    group: str = Field(default="", description="The user's group of the ward, where there is one.")


class SplitComparison(PlanModel):
    """What a way of sharing out the same hours is expected to avoid."""

    name: Literal["plan", "current", "proportional", "equal", "none"]
    label: str
    harm_avoided: Range
    crimes_avoided: Range
    residual_cvar: float = Field(default=0.0, description="Mean preventable harm left in the worst tenth of futures.")
    feasible: bool = Field(description="Whether the split keeps every limit of the request.")


class LimitEffect(PlanModel):
    """A limit that binds, and what one unit more or less of it does."""

    name: str
    description: str
    limit: float
    unit: str
    field: str = Field(default="", description="Field of the request that sets it.")
    shadow_price: float | None = Field(
        description="Objective gained per unit of relaxation, normalised: positive means relaxing helps; None in a "
        "plan of whole units, which has no prices."
    )
    gain_from_one_more: float | None = Field(description="Objective with the limit relaxed by one unit, less today's.")
    loss_from_one_less: float | None = Field(description="Objective today, less that with the limit one unit tighter.")
    cost_share: float | None = Field(
        default=None,
        description="Share by which the objective would be higher without the limit; None for a resource's own hours "
        "and where that was not solved.",
    )


class WardChange(PlanModel):
    """A ward that ranks otherwise under other assumptions."""

    ward_code: str
    ward_name: str
    rank_now: int
    rank_then: int
    hours_now: float
    hours_then: float


class Sensitivity(PlanModel):
    """What the plan would be under one other assumption, solved again."""

    topic: str = Field(description="`harm scale`, `elasticity`, `baseline presence`, `delivery scenario`.")
    label: str = Field(description="The other assumption, in words.")
    hours_moved_share: float = Field(description="Share of the hours that would go to other wards.")
    harm_avoided: float = Field(description="What that plan would avoid by its own assumption.")
    harm_avoided_by_this_plan: float = Field(description="What the plan at hand would avoid by that assumption.")
    harm_unit: str
    changes: tuple[WardChange, ...] = Field(description="Wards whose rank by hours changes, largest change first.")
    statement: str = Field(description="In a sentence.")


class GroupFairness(PlanModel):
    """What a group of wards gets and bears."""

    group: str
    wards: int
    hours: float
    protection: float = Field(description="Claimed harm avoided per unit of need.")
    burden_hours_per_1000: float | None = Field(
        description="Enforcement hours a month per 1,000 persons exposed; None where persons are unknown."
    )


class Risk(PlanModel):
    """How the harm left spreads over the futures drawn."""

    cvar_weight: float = Field(description="Weight of the worst tenth in the objective.")
    level: float = Field(description="Level of the CVaR, 0.9: the mean over the worst tenth.")
    draws: int = Field(description="Simulated futures behind the figures: forecast paths times elasticities.")
    residual_mean: float = Field(description="Mean preventable weighted harm left, by the plan.")
    residual_cvar: float = Field(description="The same in the worst tenth of the futures.")
    statement: str


class Certificate(PlanModel):
    """What was re-checked after the solve, without the solver."""

    worst_breach_hours: float = Field(
        description="Most by which any limit is broken before rounding, in that limit's own unit."
    )
    optimality_gap: float = Field(
        description="Most that any plan could avoid beyond this one, as a share, on the exact curve; proven by prices."
    )
    chord_error: float = Field(description="Most by which the programme's chords fall short of the curve, as a share.")
    worst_breach_rounded_hours: float = Field(description="The same as `worst_breach_hours` after rounding.")
    statement: str


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
    resources: tuple[ResourceExplanation, ...] = Field(default=(), description="In the order of the request.")
    sensitivities: tuple[Sensitivity, ...] = Field(
        default=(), description="What changes the answer, and what does not."
    )
    fairness: tuple[GroupFairness, ...] = Field(default=(), description="By the user's groups; none where none.")
    warnings: tuple[str, ...] = Field(default=(), description="What the partnership should look at before it approves.")
    risk: Risk
    certificate: Certificate
    whole_units: bool = False
    cost_pounds: float | None = Field(default=None, description="Cost of the planned hours, where every cost is given.")
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
